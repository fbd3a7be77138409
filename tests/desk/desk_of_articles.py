"""A desk for tests of the ledger: articles by letter, a clock by hand, one move a method."""

from __future__ import annotations

import atexit
import functools
import shutil
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import select

from worker.desk import arrive, ledger
from worker.desk.engine import Desk, database_url, open_desk
from worker.desk.place import make_desk_dir
from worker.desk.tables import SourceState, articles, claims, holds, quarantine, sources
from worker.identity import article_id, digest_of
from worker.process import WorkerKey
from worker.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Sequence

WORKER = WorkerKey("here", "1:0", "2:0")
ERROR = ledger.Failure("error", "ValueError: no", final=False)
FINAL = ledger.Failure("empty", "There is no text.", final=True)
CRASH = ledger.Failure("crashed", "signal 6", final=False)


def id_of(name: str) -> str:
    return article_id("default", name.encode())


def rung(rings: ledger.Rings, names: str = "abcdefgh") -> dict[str, list[str]]:
    """`{"read": ["a", "b!"]}`: whom to ring for, an exclamation mark for who goes alone."""
    known = {id_of(name): name for name in names}
    return {
        stage: [known[ring.id] + ("!" if ring.alone else "") for ring in waiting]
        for stage, waiting in rings.items()
    }


@functools.cache
def empty_desk() -> Path:
    """An empty desk to copy: making the tables is slow."""
    folder = Path(tempfile.mkdtemp(prefix="empty-desk-"))
    atexit.register(shutil.rmtree, folder)
    open_desk(Settings(desk=folder)).close()
    return folder / "desk.db"


@dataclass
class LedgerForTest:
    settings: Settings
    desk: Desk
    now: float = 1000.0
    sources: list[int] = field(default_factory=list)

    @classmethod
    def make(cls, folder: Path, **options: object) -> LedgerForTest:
        settings = Settings(desk=folder / "desk", retry_after_s=2, ring_again_s=30, **options)
        make_desk_dir(settings)
        shutil.copy(empty_desk(), settings.desk_dir / "desk.db")
        return cls(settings, Desk(database_url(settings), durable=False))

    def drop_in(self, names: Sequence[str], *, path: str | None = None) -> int:
        """A new source with these articles."""
        members = [
            arrive.Member(id_of(name), digest_of(name.encode()), 1, position, None)
            for position, name in enumerate(names)
        ]
        with self.desk.writing() as connection:
            found = arrive.Found(path or f"/inbox/{len(self.sources)}", "default", 1, len(self.sources))
            source = arrive.open_source(connection, found, watched=False, run=None, now=self.now)
            arrive.register(connection, source.id, "default", members, now=self.now)
            arrive.close_source(connection, source.id, SourceState.SPLIT)
        self.sources.append(source.id)
        return source.id

    def admit(self):
        with self.desk.writing() as connection:
            return ledger.admit(connection, now=self.now, settings=self.settings)

    def claim(self, stage: str, names: Sequence[str], *, task_id: str = "t") -> ledger.Claim | None:
        with self.desk.writing() as connection:
            return ledger.claim(
                connection,
                stage,
                [id_of(name) for name in names],
                task_id=task_id,
                worker=WORKER,
                now=self.now,
                lease_s=self.settings.lease_s,
            )

    def finish(self, claim, *, made="", failed=None, handed_back="", later=""):
        outcome = ledger.Outcome(
            made={id_of(name): f"{claim.stage} {name}".encode() for name in made},
            failed={id_of(name): failure for name, failure in (failed or {}).items()},
            handed_back=[id_of(name) for name in handed_back],
            later=[id_of(name) for name in later],
        )
        with self.desk.writing() as connection:
            return ledger.finish(
                connection, claim, outcome, fingerprint="f" * 16, now=self.now, settings=self.settings
            )

    def bury(self, claim, cause, *, current=None, failure=CRASH):
        with self.desk.writing() as connection:
            return ledger.bury(
                connection,
                claim.token,
                cause,
                now=self.now,
                settings=self.settings,
                current=id_of(current) if current else None,
                failure=failure if cause == "witnessed" else None,
            )

    def forgotten(self, *, busy=(), limit=100, bell_is_new=False):
        with self.desk.writing() as connection:
            return ledger.forgotten(
                connection,
                now=self.now,
                limit=limit,
                settings=self.settings,
                busy=set(busy),
                bell_is_new=bell_is_new,
            )

    def replay(self, names):
        with self.desk.writing() as connection:
            return ledger.replay(connection, [id_of(name) for name in names], now=self.now)

    def drop(self, names):
        with self.desk.writing() as connection:
            return ledger.drop(connection, [id_of(name) for name in names], now=self.now)

    def run(self, stage: str, names: str) -> ledger.Rings:
        """Claim and finish in one go."""
        return self.finish(self.claim(stage, names), made=names)

    def article(self, name: str):
        with self.desk.reading() as connection:
            return connection.execute(select(articles).where(articles.c.id == id_of(name))).one()

    def rows(self, table):
        with self.desk.reading() as connection:
            return connection.execute(select(table)).all()

    def held(self) -> set[tuple[str, str]]:
        return {(row.article_id, row.stage) for row in self.rows(holds)}

    def claims(self) -> set[int]:
        return {row.token for row in self.rows(claims)}

    def reason(self, name: str):
        with self.desk.reading() as connection:
            return connection.execute(
                select(quarantine).where(quarantine.c.article_id == id_of(name))
            ).one_or_none()

    def source(self, id_: int):
        with self.desk.reading() as connection:
            return connection.execute(select(sources).where(sources.c.id == id_)).one()
