"""The watched folder, for ever: every file in it is picked up once, when it is whole.

Events only make it quick. What counts is the scan at the start and every `rescan_s`, which also finds what
came while nobody watched and what a network mount does not report. No list of files is held in memory: the
ledger knows what has been taken.
"""

from __future__ import annotations

import contextlib
import itertools
import logging
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from worker.desk import arrive
from worker.desk.tables import SourceState, sources
from worker.errors import DeskError, RetryLater
from worker.intake.move import Mover
from worker.intake.names import label_of, path_of
from worker.intake.notices import Notices
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
        self._desk_folder = os.path.realpath(settings.desk_dir) + os.sep
        self.keeper = Keeper(desk, app, settings)
        self._desk = desk
        self._taker = Taker(desk, app, settings, watched=True, run=None)
        self._mover = Mover(desk, self.inbox, settings)
        self._whole = WholeFiles(settings)
        self._next_keeping = 0.0

    def run(self, stop: threading.Event) -> None:
        """Watch until `stop` is set."""
        make_folders(self.inbox)
        try:
            with Notices(self.inbox, self.settings) as notices:
                next_scan = 0.0
                while not stop.is_set():
                    try:
                        if notices.missed or time.monotonic() >= next_scan:
                            notices.forget()
                            self._take(self._scan(), stop, notices)
                            self._close_lost()
                            next_scan = time.monotonic() + notices.scan_every_s
                        else:
                            changed = notices.wait(TICK_S, stop)
                            self._take(self._look([*changed, *self._whole.waiting()]), stop, notices)
                        self._keep_house()
                        self._mover.settle()
                    except RetryLater as error:
                        log.warning("intake waits", extra={"why": str(error)})
                        next_scan = 0.0  # what was to be taken is found again
                        stop.wait(self.settings.retry_after_s)
            with contextlib.suppress(RetryLater):  # the lease runs out by itself
                self.keeper.resign()
        finally:
            self._taker.close()

    def unknown(self) -> Iterator[Found]:
        """Yield the files of the inbox that have not been taken in as they are now."""
        found = self._scan()
        while chunk := list(itertools.islice(found, SCAN_CHUNK)):
            yield from self._taker.unknown(chunk)

    def _close_lost(self) -> None:
        """Close the sources that can never be read to their end, as their file is gone or another one."""
        last = 0
        while rows := self._half_read(after=last):
            last = rows[-1].id
            lost = [row for row in rows if self._is_lost(row)]
            if lost:
                with self._desk.writing() as connection:
                    for row in lost:
                        arrive.close_source(
                            connection,
                            row.id,
                            SourceState.GONE,
                            error_code="vanished",
                            error_detail="the file went away, or another came in its place, before it was "
                            f"read to its end; {row.articles} articles had been taken out of it",
                        )

    def _half_read(self, *, after: int) -> Sequence[Any]:
        query = (
            select(sources)
            .where(
                sources.c.watched.is_(True),
                sources.c.settled_at.is_(None),
                sources.c.state == SourceState.SPLITTING,
                sources.c.id > after,
            )
            .order_by(sources.c.id)
            .limit(SCAN_CHUNK)
        )
        with self._desk.reading() as connection:
            return connection.execute(query).all()

    def _is_lost(self, row: Any) -> bool:
        path = Path(path_of(row.path))
        if not path.is_relative_to(self.inbox):
            return False
        try:
            found = look_at(path, row.collection)
        except (FileNotFoundError, NotADirectoryError):
            return True
        except OSError:
            return False
        return (found.size, found.mtime_ns) != (row.size, row.mtime_ns)

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
        real = os.path.realpath(path)
        inside = real.startswith(f"{self.inbox}{os.sep}") and not real.startswith(self._desk_folder)
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

    def _take(self, found: Iterator[Found], stop: threading.Event, notices: Notices) -> None:
        """Take what is whole, chunk by chunk; finished files move in between, however long the scan."""
        while chunk := list(itertools.islice(found, SCAN_CHUNK)):
            new = self._taker.unknown(chunk)
            whole = [each for each in new if self._whole.is_whole(each)]
            self._taker.take(whole, on_progress=self._keep_house)
            if len(chunk) == SCAN_CHUNK:
                self._mover.settle()
                notices.drop()
            if stop.is_set():
                return

    def _keep_house(self) -> None:
        if time.monotonic() >= self._next_keeping:
            busy = self.keeper.round()
            self._next_keeping = time.monotonic() + self.keeper.pause_s(busy=busy)


def collection_of(path: Path, inbox: Path) -> str:
    """Return the collection of a file: the first folder under the inbox, `default` for none."""
    steps = path.relative_to(inbox).parts
    return label_of(steps[0])[:MAX_COLLECTION_CHARACTERS] if len(steps) > 1 else DEFAULT_COLLECTION


def make_folders(inbox: Path) -> None:
    """Make the inbox with `done/` and `failed/` beside it. Raises DeskError where that cannot be."""
    for folder in (inbox, inbox.parent / "done", inbox.parent / "failed"):
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise DeskError(f"{folder} cannot be made: {error.strerror}. Name another inbox.") from error
