"""A desk, an inbox, and what tests of the intake do with them. Database, spool and queue are real."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from worker.celery import make_app
from worker.desk import ledger
from worker.desk.engine import open_desk
from worker.desk.stages import STAGES
from worker.desk.tables import ArticleState, arrivals, articles, quarantine, sources
from worker.intake.take import Taker, look_at
from worker.intake.watch import Watcher, collection_of, make_folders
from worker.process import current_worker
from worker.spool import Spool

if TYPE_CHECKING:
    from worker.settings import Settings

BAD = b"this one is bad"


class House:
    """One desk with its inbox."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.desk = open_desk(settings, durable=True)
        self.app = make_app(settings)
        self.inbox = Path(settings.inbox)
        make_folders(self.inbox)
        self.done = self.inbox.parent / "done"
        self.failed = self.inbox.parent / "failed"

    def close(self) -> None:
        self.desk.close()

    def watcher(self) -> Watcher:
        return Watcher(self.desk, self.app, self.settings, self.inbox)

    def take(self, *paths: Path, watched: bool = True) -> None:
        """Take in files as the watcher does, or as `batch` does."""
        taker = Taker(self.desk, self.app, self.settings, watched=watched, run=None)
        try:
            found = [look_at(p, collection_of(p, self.inbox) if watched else "default") for p in paths]
            taker.take(found, on_progress=lambda: None)
        finally:
            taker.close()

    def process(self) -> int:
        """Carry every article to its end, with empty results; who says so goes to quarantine."""
        done = 0
        spool = Spool(self.settings)
        in_flight = (
            select(articles.c.id, articles.c.alone)
            .where(articles.c.state == ArticleState.IN_FLIGHT)
            .limit(500)
        )
        while True:
            with self.desk.writing() as connection:
                now = self.desk.now(connection)
                ledger.admit(connection, now=now, settings=self.settings)
                rows = connection.execute(in_flight).all()
                if not rows:
                    return done
                batches = [
                    [row.id for row in rows if not row.alone],
                    *([row.id] for row in rows if row.alone),
                ]
                for stage in STAGES:
                    for batch in batches:
                        done += self._work(connection, stage, batch, spool, now)

    def _work(self, connection: Any, stage: str, ids: list[str], spool: Spool, now: float) -> int:
        claim = ledger.claim(
            connection, stage, ids, task_id="t", worker=current_worker(), now=now, lease_s=60
        )
        if claim is None:
            return 0
        bad = ledger.Failure("bad", "it said so", final=True)
        outcome = ledger.Outcome()
        for work in claim.work:
            if stage == "read" and BAD in spool.get(work.digest):
                outcome.failed[work.id] = bad
            else:
                outcome.made[work.id] = b""
        ledger.finish(connection, claim, outcome, fingerprint="f", now=now, settings=self.settings)
        return len(outcome.failed) + (len(outcome.made) if stage == "publish" else 0)

    def rows(self, table: Any, *columns: str) -> list[Any]:
        with self.desk.reading() as connection:
            chosen = [table.c[name] for name in columns] or [table]
            return connection.execute(select(*chosen).order_by(next(iter(table.c)))).all()

    def sources(self) -> list[tuple[str, str, int, str | None]]:
        """Return (name, state, articles, error code) of every source, in the order of arrival."""
        return [(Path(row.path).name, row.state, row.articles, row.error_code) for row in self.rows(sources)]

    def members(self) -> list[tuple[int, str | None]]:
        return [(row.position, row.member) for row in self.rows(arrivals)]

    def bytes(self) -> list[bytes]:
        """Return what arrived, in order, out of the spool."""
        spool = Spool(self.settings)
        with self.desk.reading() as connection:
            query = (
                select(articles.c.digest)
                .join(arrivals, arrivals.c.article_id == articles.c.id)
                .order_by(arrivals.c.id)
            )
            return [spool.get(digest) for digest in connection.scalars(query)]

    def quarantined(self) -> list[tuple[str, str]]:
        return [(row.code, row.detail) for row in self.rows(quarantine)]

    def states(self) -> list[str]:
        return [row.state for row in self.rows(articles)]


def names(folder: Path) -> list[str]:
    """Return all files below a folder, relative to it."""
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if not path.is_dir())
