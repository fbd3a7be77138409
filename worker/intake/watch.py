"""The watched folder, for ever: every file in it is picked up once, when it is whole.

Events only make it quick. What counts is the scan at the start and every `rescan_s`, which also finds what
came while nobody watched and what a network mount does not report. No list of files is held in memory: the
ledger knows what has been taken.
"""

from __future__ import annotations

import itertools
import logging
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

import watchfiles

from worker.desk.engine import NETWORK_FILE_SYSTEMS, file_system_of
from worker.errors import DeskError, RetryLater
from worker.intake.move import Mover
from worker.intake.take import Taker, look_at
from worker.intake.walk import files_below, is_ignored, patterns_of
from worker.intake.whole import WholeFiles
from worker.keeper import Keeper

if TYPE_CHECKING:
    import threading
    from collections.abc import Iterable, Iterator, Sequence

    from celery import Celery

    from worker.desk.arrive import Found
    from worker.desk.engine import Desk
    from worker.settings import Settings

log = logging.getLogger(__name__)
DEFAULT_COLLECTION = "default"
SCAN_CHUNK = 256
TICK_S = 0.2
MAX_COLLECTION_CHARACTERS = 200


class Watcher:
    """Watches one inbox: takes in, keeps house, moves what is finished."""

    def __init__(self, desk: Desk, app: Celery, settings: Settings, inbox: Path) -> None:
        self.inbox = Path(os.path.realpath(inbox))
        self.settings = settings
        self.keeper = Keeper(desk, app, settings)
        self._taker = Taker(desk, app, settings, watched=True, run=None)
        self._mover = Mover(desk, self.inbox, settings)
        self._whole = WholeFiles(settings)
        self._next_keeping = 0.0

    def run(self, stop: threading.Event) -> None:
        """Watch until `stop` is set."""
        make_folders(self.inbox)
        next_scan = 0.0
        events = self._events(stop)
        for changed in events:
            try:
                if time.monotonic() >= next_scan:
                    self._take(self._scan(), stop)
                    next_scan = time.monotonic() + self.settings.rescan_s
                else:
                    self._take(self._look(itertools.chain(changed, self._whole.waiting())), stop)
                self._keep_house()
                self._mover.settle()
            except RetryLater as error:
                log.warning("intake waits", extra={"why": str(error)})
                stop.wait(self.settings.retry_after_s)
            if stop.is_set():
                break
        self._taker.close()
        self.keeper.resign()

    def _events(self, stop: threading.Event) -> Iterator[set[str]]:
        """Yield the paths that changed, at least every `TICK_S` an empty set."""
        poll = self.settings.poll == "always" or (
            self.settings.poll == "auto" and file_system_of(self.inbox) in NETWORK_FILE_SYSTEMS
        )
        if poll:  # no events there: every poll is a scan of its own
            while not stop.is_set():
                yield {found.path for found in self._scan()}
                stop.wait(self.settings.poll_s)
            return
        changes = watchfiles.watch(
            self.inbox,
            watch_filter=None,
            debounce=50,
            step=10,
            stop_event=stop,
            rust_timeout=int(TICK_S * 1000),
            yield_on_timeout=True,
            raise_interrupt=False,
            recursive=True,
        )
        for batch in changes:
            yield {path for _, path in batch}

    def _scan(self) -> Iterator[Found]:
        for entry in files_below(self.inbox, self.settings):
            yield from self._found(Path(entry.path))

    def _look(self, paths: Iterable[str]) -> Iterator[Found]:
        """Yield what lies at paths that changed: files, and everything in folders that just appeared."""
        for name in sorted(set(paths)):
            path = Path(name)
            if not self._is_ours(path):
                continue
            if path.is_dir() and not path.is_symlink():
                for entry in files_below(path, self.settings):
                    yield from self._found(Path(entry.path))
            elif path.is_file():
                yield from self._found(path)

    def _is_ours(self, path: Path) -> bool:
        """Whether a path lies in the inbox, under no ignored name, and links to nowhere outside."""
        try:
            steps = path.relative_to(self.inbox).parts
        except ValueError:
            return False
        inside = os.path.realpath(path).startswith(f"{self.inbox}{os.sep}")
        return bool(steps) and inside and not self._is_ignored(steps)

    def _is_ignored(self, steps: Sequence[str]) -> bool:
        folder = str(self.inbox)
        for step in steps:
            if is_ignored(step, self.settings, also=patterns_of(folder)):
                return True
            folder = os.path.join(folder, step)
        return False

    def _found(self, path: Path) -> Iterator[Found]:
        try:
            yield look_at(path, collection_of(path, self.inbox))
        except OSError:
            return  # gone again

    def _take(self, found: Iterator[Found], stop: threading.Event) -> None:
        """Take what is whole, chunk by chunk; finished files move in between, however long the scan."""
        while chunk := list(itertools.islice(found, SCAN_CHUNK)):
            new = self._taker.unknown(chunk)
            whole = [each for each in new if self._whole.is_whole(each)]
            self._taker.take(whole, on_progress=self._keep_house)
            if len(chunk) == SCAN_CHUNK:
                self._mover.settle()
            if stop.is_set():
                return

    def _keep_house(self) -> None:
        if time.monotonic() >= self._next_keeping:
            busy = self.keeper.round()
            self._next_keeping = time.monotonic() + self.keeper.pause_s(busy=busy)


def collection_of(path: Path, inbox: Path) -> str:
    """Return the collection of a file: the first folder under the inbox, `default` for none."""
    steps = path.relative_to(inbox).parts
    return steps[0][:MAX_COLLECTION_CHARACTERS] if len(steps) > 1 else DEFAULT_COLLECTION


def make_folders(inbox: Path) -> None:
    """Make the inbox with `done/` and `failed/` beside it. Raises DeskError where that cannot be."""
    for folder in (inbox, inbox.parent / "done", inbox.parent / "failed"):
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise DeskError(f"{folder} cannot be made: {error.strerror}. Name another inbox.") from error
