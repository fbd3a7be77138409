"""`run` and `batch`: take in what was named, then follow it until every article is final.

Nothing is remembered but the ledger: the same command again finds its sources by path, size and mtime and
goes on where it was.
"""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import json
import logging
import secrets
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from sqlalchemy import func, select

from worker.desk.tables import ArticleState, SourceState, arrivals, articles, quarantine, sources
from worker.errors import RetryLater, UsageError
from worker.intake.kinds import HEAD_BYTES, container_kind
from worker.intake.names import text_of
from worker.intake.take import CHUNK_BYTES, Taker, look_at
from worker.keeper import Keeper

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from celery import Celery

    from worker.desk.engine import Desk
    from worker.settings import Settings

log = logging.getLogger(__name__)
FILES_AT_ONCE = 64
FOLLOW_PAUSE_S = 0.1
LINES_LOOKED_AT = 20
COUNTING_SHARE = 0.05
"""Most of the time that may go into counting for the progress: with a million sources it takes a while."""


@dataclass(frozen=True)
class Progress:
    """How far a run is. `articles` grows while sources are still being taken in."""

    sources: int
    articles: int
    pending: int
    failed_sources: int
    taking_in: bool
    waiting_for: str | None = None

    @property
    def done(self) -> int:
        """Articles that are final."""
        return self.articles - self.pending


class Bulk:
    """One run over files and containers. `on_progress` is called often and may raise to stop."""

    def __init__(
        self, desk: Desk, app: Celery, settings: Settings, *, on_progress: Callable[[Progress], None]
    ) -> None:
        self.desk = desk
        self.settings = settings
        self.run_id = secrets.token_hex(8)
        self.keeper = Keeper(desk, app, settings)
        self._taker = Taker(desk, app, settings, watched=False, run=self.run_id)
        self._on_progress = on_progress
        self._next_keeping = 0.0
        self._taking_in = True
        self._next_shown = 0.0
        self._counting_s = 0.0

    def work(self, paths: Iterable[Path], *, collection: str) -> Progress:
        """Take in the files, follow them to the end, and return the last progress."""
        try:
            chunk: list[Path] = []
            for path in paths:
                chunk.append(path)
                if len(chunk) >= FILES_AT_ONCE:
                    self._take(chunk, collection)
                    chunk = []
            self._take(chunk, collection)
        finally:
            self._taker.close()
        self._taking_in = False
        return self._follow()

    def _take(self, paths: list[Path], collection: str) -> None:
        found = []
        for path in paths:
            try:
                found.append(look_at(path, collection))
            except OSError as error:
                if not isinstance(error, FileNotFoundError):  # else it vanished since it was listed
                    log.warning(
                        "a file cannot be looked at",
                        extra={"path": text_of(str(path)), "error": error.strerror},
                    )
        while True:
            try:
                self._taker.take(found, on_progress=self._tick)
            except RetryLater as error:
                self._on_progress(self.progress(waiting_for=str(error)))
                time.sleep(self.settings.retry_after_s)
                self._tick()
            else:
                return

    def _follow(self) -> Progress:
        while True:
            progress = self.progress()
            self._on_progress(progress)
            if not progress.pending:
                self.keeper.deliver_the_rest()
                self.keeper.resign()
                return progress
            self._tick(show=False)
            time.sleep(max(FOLLOW_PAUSE_S, self._counting_s / COUNTING_SHARE))

    def _tick(self, *, show: bool = True) -> None:
        """Keep house when that is due; show progress now and then."""
        now = time.monotonic()
        if now >= self._next_keeping:
            try:
                busy = self.keeper.round()
            except RetryLater:
                busy = False
            self._next_keeping = time.monotonic() + self.keeper.pause_s(busy=busy)
        if show and now >= self._next_shown:
            self._on_progress(self.progress())
            self._next_shown = time.monotonic() + max(2 * FOLLOW_PAUSE_S, self._counting_s / COUNTING_SHARE)

    def progress(self, *, waiting_for: str | None = None) -> Progress:
        """Return how far this run is."""
        query = select(
            func.count(),
            func.coalesce(func.sum(sources.c.articles), 0),
            func.coalesce(func.sum(sources.c.pending), 0),
            func.coalesce(func.sum(sources.c.state.in_([SourceState.FAILED, SourceState.GONE])), 0),
        ).where(sources.c.run == self.run_id)
        started = time.monotonic()
        with self.desk.reading() as connection:
            count, total, pending, failed = connection.execute(query).one()
        self._counting_s = time.monotonic() - started
        return Progress(count, total, pending, failed, self._taking_in, waiting_for)

    def quarantined(self) -> list[tuple[str, str, str, str]]:
        """Return (article id, source path, code, detail) of this run's articles in quarantine."""
        query = (
            select(articles.c.id, sources.c.path, quarantine.c.code, quarantine.c.detail)
            .join(arrivals, arrivals.c.article_id == articles.c.id)
            .join(sources, sources.c.id == arrivals.c.source_id)
            .join(quarantine, quarantine.c.article_id == articles.c.id)
            .where(sources.c.run == self.run_id, articles.c.state == ArticleState.QUARANTINED)
            .order_by(arrivals.c.id)
        )
        with self.desk.reading() as connection:
            return [tuple(row) for row in connection.execute(query)]

    def failed_sources(self) -> list[tuple[str, str, str]]:
        """Return (path, code, detail) of this run's sources that could not be read to their end."""
        query = (
            select(sources.c.path, sources.c.error_code, sources.c.error_detail)
            .where(sources.c.run == self.run_id, sources.c.error_code.is_not(None))
            .order_by(sources.c.id)
        )
        with self.desk.reading() as connection:
            return [(path, code, detail or "") for path, code, detail in connection.execute(query)]

    def article_ids(self, limit: int) -> list[str]:
        """Return the ids of this run's published articles, in the order of arrival."""
        query = (
            select(articles.c.id)
            .join(arrivals, arrivals.c.article_id == articles.c.id)
            .join(sources, sources.c.id == arrivals.c.source_id)
            .where(sources.c.run == self.run_id, articles.c.state == ArticleState.PUBLISHED)
            .order_by(arrivals.c.id)
            .limit(limit)
        )
        with self.desk.reading() as connection:
            return list(dict.fromkeys(connection.scalars(query)))


def keep_stdin(stream: BinaryIO, settings: Settings) -> Path:
    """Copy standard input into the desk, named by its content: the same input goes on where it was.

    Raises UsageError when it cannot be kept: it cannot be asked for a second time.
    """
    folder = settings.desk_dir / "stdin"
    folder.mkdir(exist_ok=True, mode=0o700)
    scratch = folder / f".{secrets.token_hex(8)}"
    digest = hashlib.sha256()
    try:
        with scratch.open("wb") as file:
            while block := stream.read(CHUNK_BYTES):
                digest.update(block)
                file.write(block)
        path = folder / f"{digest.hexdigest()[:32]}{_ending(scratch)}"
        if not path.exists():  # else the same input again: keep the old file, with its mtime
            scratch.rename(path)
    except OSError as error:
        raise UsageError(f"Standard input cannot be kept in {folder}: {error.strerror}.") from error
    finally:
        with contextlib.suppress(OSError):
            scratch.unlink(missing_ok=True)
    return path


def _ending(path: Path) -> str:
    """Return the ending that says what it holds: JSON Lines, a JSON array, an archive, one text."""
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
        if container_kind("stdin", head):
            return ""
        first = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
        if first == b"[":
            return ".json"
        if first != b"{":
            return ".txt"
        file.seek(0)
        return ".jsonl" if _has_object_line(file) else ".json"


def _has_object_line(file: BinaryIO) -> bool:
    """Whether one of the first lines is a JSON object, and not the first line of a long one."""
    for line in itertools.islice(iter(lambda: file.readline(CHUNK_BYTES), b""), LINES_LOOKED_AT):
        with contextlib.suppress(ValueError, RecursionError):
            if isinstance(json.loads(line), dict):
                return True
    return False
