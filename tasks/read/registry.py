"""Readers by entry point: ours and other packages' alike stand in the group `copydesk.readers`."""

from __future__ import annotations

import functools
from importlib.metadata import entry_points

from tasks.read.draft import Reader
from worker.errors import RejectArticle, SettingsError

GROUP = "copydesk.readers"


@functools.cache
def readers() -> tuple[Reader, ...]:
    """Return all installed readers, highest priority first, then by name.

    Raises SettingsError when one cannot be loaded or is no reader.
    """
    loaded: list[Reader] = []
    for entry in sorted(entry_points(group=GROUP), key=lambda entry: (entry.name, entry.value)):
        try:
            reader = entry.load()()
        except (ImportError, AttributeError, TypeError) as error:
            raise SettingsError(
                f"The reader {entry.name!r} ({entry.value}) cannot be loaded: {error}. "
                "Reinstall or remove the package that brings it."
            ) from error
        if not isinstance(reader, Reader):
            raise SettingsError(f"{entry.value} is no reader: it lacks one of name, version, media_type, ...")
        loaded.append(reader)
    if not loaded:
        raise SettingsError(
            "No readers are installed. Install copydesk with pip, so that its entry points exist."
        )
    return tuple(sorted(loaded, key=lambda reader: (-reader.priority, reader.name)))


def reader_for(data: bytes) -> Reader:
    """Return the reader for these bytes, told by the bytes alone. Raises RejectArticle `unknown_format`."""
    for reader in readers():
        if reader.matches(data):
            return reader
    raise RejectArticle("unknown_format", "No reader knows this format.")
