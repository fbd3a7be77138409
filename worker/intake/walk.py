"""The files behind what a person names: paths, folders, globs. Symbolic links that lead outside are left."""

from __future__ import annotations

import fnmatch
import glob
import os
from pathlib import Path
from typing import TYPE_CHECKING

from worker.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from worker.settings import Settings


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
    """Yield the regular files below a folder in the order of their names, holding one folder in memory.

    A symbolic link is followed only to a file inside `folder`; linked folders are never entered.
    """
    root = os.path.realpath(folder)
    yield from _below(root, root, settings)


def _below(folder: str, root: str, settings: Settings) -> Iterator[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            inside = sorted(entries, key=lambda entry: entry.name)
    except (FileNotFoundError, PermissionError):
        return  # gone, or not ours to see; a later scan tells
    own = patterns_of(folder) if any(entry.name == IGNORE_FILE for entry in inside) else []
    for entry in inside:
        if is_ignored(entry.name, settings, also=own):
            continue
        try:
            if entry.is_symlink():
                target = os.path.realpath(entry.path)
                if target.startswith(root + os.sep) and os.path.isfile(target):
                    yield entry
            elif entry.is_dir():
                yield from _below(entry.path, root, settings)
            elif entry.is_file():
                yield entry
        except OSError:
            continue  # it vanished while we looked


def named_files(arguments: Sequence[str], settings: Settings) -> Iterator[Path]:
    """Yield the files behind paths, folders and globs, in the order named.

    Raises UsageError, before anything is yielded, when one of them names nothing.
    """
    yield from _files_of(resolve(arguments), settings)


def resolve(arguments: Sequence[str]) -> list[Path]:
    """Return the existing paths behind the arguments; raise UsageError for one that names nothing."""
    paths: list[Path] = []
    for argument in arguments:
        path = Path(argument).expanduser()
        if path.exists():
            paths.append(path)
            continue
        matches = sorted(glob.glob(str(path), recursive=True))
        if not matches:
            what = "matches nothing" if glob.has_magic(argument) else "is not there"
            raise UsageError(f"{argument} {what}.")
        paths.extend(Path(match) for match in matches)
    return paths


def _files_of(paths: Sequence[Path], settings: Settings) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            for entry in files_below(path, settings):
                yield Path(entry.path)
        elif path.is_file():
            yield path
