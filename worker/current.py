"""The article a worker process is working on, where its parent can read it after the process has died.

One small file a claim, in the desk's `run/current/`. It is written before every article, so it has to cost
next to nothing: no database, no fsync. That is safe because only the parent asks, and only while it lives
itself: a death it witnesses is the only death that charges an article.
"""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from worker.settings import Settings

_WIDTH = 64


def _path(settings: Settings, token: int) -> Path:
    return settings.desk_dir / "run" / "current" / str(token)


class Marker:
    """Writes the id of the article in work."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def set(self, article_id: str) -> None:
        """Say that work on this article begins."""
        os.pwrite(self._descriptor, article_id.encode().ljust(_WIDTH), 0)


@contextlib.contextmanager
def marking(settings: Settings, token: int) -> Iterator[Marker]:
    """A marker for one claim, gone when the claim ends in good order."""
    path = _path(settings, token)
    path.parent.mkdir(exist_ok=True, mode=0o700)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
    try:
        yield Marker(descriptor)
    finally:
        os.close(descriptor)
        path.unlink(missing_ok=True)


def read_marker(settings: Settings, token: int) -> str | None:
    """Return the article that the dead holder of this claim was working on, and forget it."""
    path = _path(settings, token)
    try:
        marked = path.read_bytes().decode().strip()
    except FileNotFoundError:
        return None
    path.unlink(missing_ok=True)
    return marked or None
