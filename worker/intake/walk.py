"""The files behind what a person names: paths, folders, globs. Symbolic links that lead outside are left."""

from __future__ import annotations

import fnmatch
import glob
import itertools
import logging
import os
from pathlib import Path
from typing import TYPE_CHECKING

from worker.errors import UsageError
from worker.intake.names import text_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from worker.settings import Settings

log = logging.getLogger(__name__)
AT_ONCE = 20_000
IGNORE_FILE = ".copydeskignore"
"""Shell patterns, one a line, for names in the same folder that are left alone; `#` begins a comment."""


def is_ignored(name: str, settings: Settings, *, also: Sequence[str] = ()) -> bool:
    """Whether a file or folder of this name is left alone (hidden, temporary, as set in `ignore`)."""
    return _matches(name, [*settings.ignore, *also])


def patterns_of(folder: str) -> list[str]:
    """Return the patterns of a folder's `.copydeskignore`, none where there is none."""
    try:
        text = Path(folder, IGNORE_FILE).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return []
    lines = (line.strip() for line in text.splitlines())
    return [line.rstrip("/") for line in lines if line and not line.startswith("#")]


def _matches(name: str, patterns: Sequence[str]) -> bool:
    return any(fnmatch.fnmatchcase(name, pattern) for pattern in patterns)


def files_below(folder: Path, settings: Settings) -> Iterator[os.DirEntry[str]]:
    """Yield the regular files below a folder, in the order of their names.

    Of a folder with more than 20,000 entries so many at a time are held in memory, and their order is that
    of such runs. A symbolic link is followed only to a file inside `folder`; linked folders are never
    entered, and neither is the desk's own.
    """
    root = os.path.realpath(folder)
    desk = os.path.realpath(settings.desk_dir)
    if root == desk or root.startswith(desk + os.sep):
        return
    levels = [_entries(root, settings)]
    while levels:
        entry = next(levels[-1], None)
        if entry is None:
            levels.pop()
            continue
        try:
            if entry.is_symlink():
                target = os.path.realpath(entry.path)
                if target.startswith(root + os.sep) and os.path.isfile(target):
                    yield entry
            elif entry.is_dir():
                if entry.path != desk:
                    levels.append(_entries(entry.path, settings))
            elif entry.is_file():
                yield entry
        except OSError:
            continue  # it vanished while we looked


def _entries(folder: str, settings: Settings) -> Iterator[os.DirEntry[str]]:
    """Yield what lies in a folder and is not to be ignored."""
    own = patterns_of(folder)
    try:
        with os.scandir(folder) as entries:
            while run := list(itertools.islice(entries, AT_ONCE)):
                run.sort(key=lambda entry: entry.name)
                run.reverse()
                while run:
                    entry = run.pop()
                    if not is_ignored(entry.name, settings, also=own):
                        yield entry
    except (FileNotFoundError, NotADirectoryError):
        return  # gone again
    except OSError as error:
        log.warning("a folder cannot be read", extra={"path": text_of(folder), "error": error.strerror})


def named_files(arguments: Sequence[str], settings: Settings) -> Iterator[Path]:
    """Yield the files behind paths, folders and globs, in the order named.

    Raises UsageError when it comes to one that names nothing.
    """
    for argument in arguments:
        for path in _named_by(argument):
            if path.is_dir():
                for entry in files_below(path, settings):
                    yield Path(entry.path)
            elif path.is_file():
                yield path


def check_named(arguments: Sequence[str]) -> None:
    """Raise UsageError for the first path or glob that names nothing, or may not be looked at."""
    for argument in arguments:
        next(_named_by(argument))


def _named_by(argument: str) -> Iterator[Path]:
    """Yield the existing paths that an argument names; of very many, runs in the order of their names."""
    path = Path(argument).expanduser()
    try:
        os.stat(path)
    except (FileNotFoundError, NotADirectoryError):
        pass
    except OSError as error:
        raise UsageError(f"{argument} cannot be looked at: {error.strerror}.") from None
    else:
        yield path
        return
    matches = glob.iglob(str(path), recursive=True)
    found = False
    while run := sorted(itertools.islice(matches, AT_ONCE)):
        found = True
        yield from map(Path, run)
    if not found:
        what = "matches nothing" if glob.has_magic(argument) else "is not there"
        raise UsageError(f"{argument} {what}.")
