"""What the system says has changed below the inbox. Only a help to be quick: the scan is what counts.

Notices are held in memory by the library that gathers them, so they are thrown away while a long scan runs,
and another scan follows. The same happens where a name is no valid text, which that library cannot pass on.
"""

from __future__ import annotations

import logging
import os
from typing import TYPE_CHECKING, Self

from watchfiles._rust_notify import RustNotify, WatchfilesRustInternalError

from worker.desk.place import NETWORK_FILE_SYSTEMS, file_system_of

if TYPE_CHECKING:
    import threading
    from pathlib import Path

    from worker.settings import Settings

log = logging.getLogger(__name__)
DEBOUNCE_MS = 50
STEP_MS = 10


class Notices:
    """Changes below one folder; on network mounts none, and the folder is to be scanned often."""

    def __init__(self, folder: Path, settings: Settings) -> None:
        self._folder = folder
        self._settings = settings
        self._gatherer: RustNotify | None = None
        self.missed = False
        """Whether something may have changed that `wait` did not say."""
        self._polls = settings.poll == "always" or (
            settings.poll == "auto" and file_system_of(folder) in NETWORK_FILE_SYSTEMS
        )

    def __enter__(self) -> Self:
        self._open()
        return self

    def __exit__(self, *_: object) -> None:
        self._close()

    @property
    def scan_every_s(self) -> float:
        """How often the folder is to be scanned."""
        return self._settings.poll_s if self._polls else self._settings.rescan_s

    def wait(self, seconds: float, stop: threading.Event) -> set[str]:
        """Wait for changes, no longer than `seconds`; return their paths, perhaps none."""
        if self._gatherer is None:
            stop.wait(seconds)
            return set()
        try:
            changes = self._gatherer.watch(DEBOUNCE_MS, STEP_MS, int(seconds * 1000), stop)
        except (WatchfilesRustInternalError, OSError) as error:
            log.debug("the inbox is scanned instead", extra={"why": str(error)})
            self._close()
            self._open()
            self.missed = True
            return set()
        return set() if isinstance(changes, str) else {path for _, path in changes}

    def drop(self) -> None:
        """Throw away what has been gathered, before it grows; `missed` says whether there was any."""
        if self._gatherer is None:
            return
        try:
            dropped = self._gatherer.watch(1, 1, 1, None)
        except (WatchfilesRustInternalError, OSError):
            self._close()
            self._open()
            dropped = set()
            self.missed = True
        self.missed = self.missed or not isinstance(dropped, str)

    def forget(self) -> None:
        """Say that a scan begins, which finds everything that was missed before."""
        self.missed = False

    def _open(self) -> None:
        if self._polls:
            return
        try:
            folder = os.fspath(self._folder)
            self._gatherer = RustNotify([folder], False, False, 300, True, True)
        except (WatchfilesRustInternalError, OSError, UnicodeEncodeError) as error:
            log.warning("the system does not tell of changes; the inbox is polled", extra={"why": str(error)})
            self._polls = True

    def _close(self) -> None:
        if self._gatherer is not None:
            self._gatherer.close()
            self._gatherer = None
