"""Is a file still being written?

On Linux the kernel tells: a read lease is granted only while nobody has the file open for writing. Elsewhere,
and on file systems without leases, a file counts as whole when size and mtime have rested for `quiet_s`.
An empty file always has to rest: it may be a name that somebody is about to fill.
"""

from __future__ import annotations

import fcntl
import os
import signal
import time
from typing import TYPE_CHECKING

from worker.intake.names import path_of

if TYPE_CHECKING:
    from worker.desk.arrive import Found
    from worker.settings import Settings

MAX_TRACKED = 100_000


class WholeFiles:
    """Remembers the files that are not known to be whole yet."""

    def __init__(self, settings: Settings) -> None:
        self._quiet_s = settings.quiet_s
        self._seen: dict[str, tuple[int, int, float]] = {}  # path -> size, mtime, resting since

    def __len__(self) -> int:
        return len(self._seen)

    def is_whole(self, found: Found) -> bool:
        """Whether this file can be taken now; ask again later when not."""
        if found.size and nobody_writes(found.path):
            self._seen.pop(found.path, None)
            return True
        now = time.monotonic()
        size, mtime_ns, since = self._seen.get(found.path, (-1, -1, now))
        if (size, mtime_ns) != (found.size, found.mtime_ns):
            since = now
        if now - since >= self._quiet_s and not written_to(found.path):
            self._seen.pop(found.path, None)
            return True
        if len(self._seen) < MAX_TRACKED or found.path in self._seen:
            self._seen[found.path] = (found.size, found.mtime_ns, since)
        return False

    def waiting(self) -> list[str]:
        """Return the paths that are being watched, and forget those that are gone."""
        self._seen = {path: state for path, state in self._seen.items() if os.path.lexists(path_of(path))}
        return [path_of(path) for path in self._seen]


def nobody_writes(path: str) -> bool:
    """Whether the kernel says that nobody has the file open for writing. False when it cannot tell."""
    return _lease(path) is True


def written_to(path: str) -> bool:
    """Whether the kernel says that somebody has the file open for writing. False when it cannot tell."""
    return _lease(path) is False


def _lease(path: str) -> bool | None:
    """Try a read lease: True granted, False refused as somebody writes, None when nobody can tell."""
    if not hasattr(fcntl, "F_SETLEASE"):
        return None
    try:
        descriptor = os.open(path_of(path), os.O_RDONLY | os.O_NONBLOCK)
    except OSError:
        return None
    try:
        # Who opens the file for writing meanwhile breaks the lease, and the kernel says so by SIGIO, which
        # ends the process. SIGURG says the same and is ignored by default.
        fcntl.fcntl(descriptor, fcntl.F_SETSIG, signal.SIGURG)
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_RDLCK)
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    except BlockingIOError:
        return False
    except OSError:
        return None
    finally:
        os.close(descriptor)
    return True
