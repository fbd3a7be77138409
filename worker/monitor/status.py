"""Where everything is: one reading of the desk's counters, cheap enough to be taken every second."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from worker.desk.stages import STAGES
from worker.desk.tables import ArticleState, articles, claims, leases, outbox, quarantine, sources

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from worker.desk.engine import Desk

WINDOWS_S = (60, 300)
LOOK_BACK = 100_000
"""Articles looked at for the throughput, counted back from the newest published one."""


@dataclass(frozen=True)
class Held:
    """The claims of one stage."""

    claims: int
    articles: int
    oldest_s: float
    overdue: int


@dataclass(frozen=True)
class Waiting:
    """Records that wait for a sink; `error` is the last one of the sink, if it failed."""

    records: int
    oldest_s: float
    error: str | None


@dataclass(frozen=True)
class Status:
    """Counts of articles and sources, and times in seconds by the desk's clock."""

    articles: dict[str, int]
    missing: dict[str, int]
    held: dict[str, Held]
    oldest_waiting_s: float | None
    finished: dict[int, int]
    sources: dict[str, int]
    unsettled: int
    quarantine: dict[str, int]
    outbox: dict[str, Waiting]
    keeper: str | None

    @property
    def total(self) -> int:
        """All articles."""
        return sum(self.articles.values())


def read_status(desk: Desk) -> Status:
    """Read all of it in one view of the desk."""
    with desk.reading() as connection:
        now = desk.now(connection)
        return Status(
            articles=_states(connection),
            missing=_missing(connection),
            held=_held(connection, now),
            oldest_waiting_s=_oldest(connection, now),
            finished={window: _finished(connection, now - window) for window in WINDOWS_S},
            sources=_counts(connection, select(sources.c.state, func.count()).group_by(sources.c.state)),
            unsettled=connection.scalar(
                select(func.count())
                .select_from(sources)
                .where(sources.c.watched.is_(True), sources.c.settled_at.is_(None))
            )
            or 0,
            quarantine=_counts(
                connection, select(quarantine.c.code, func.count()).group_by(quarantine.c.code)
            ),
            outbox=_outbox(connection, now),
            keeper=connection.scalar(
                select(leases.c.holder).where(leases.c.name == "keeper", leases.c.until >= now)
            ),
        )


def _counts(connection: Connection, query: object) -> dict[str, int]:
    rows = connection.execute(query).all()  # type: ignore[call-overload]
    return {str(name): int(count) for name, count in sorted(rows)}


def _states(connection: Connection) -> dict[str, int]:
    found = _counts(connection, select(articles.c.state, func.count()).group_by(articles.c.state))
    return {state.value: found.get(state.value, 0) for state in ArticleState}


def _missing(connection: Connection) -> dict[str, int]:
    """Of the articles in flight, how many lack each stage. Those that wait lack most of them."""
    rows = connection.execute(
        select(articles.c.mask, func.count())
        .where(articles.c.state == ArticleState.IN_FLIGHT)
        .group_by(articles.c.mask)
    ).all()
    return {
        stage.name: sum(count for mask, count in rows if not mask & stage.bit) for stage in STAGES.values()
    }


def _held(connection: Connection, now: float) -> dict[str, Held]:
    found: dict[str, Held] = {}
    for stage in STAGES:
        row = connection.execute(
            select(
                func.count().label("claims"),
                func.sum(claims.c.held).label("articles"),
                func.min(claims.c.started_at).label("oldest"),
            ).where(claims.c.stage == stage)
        ).one()
        overdue = connection.scalar(
            select(func.count())
            .select_from(claims)
            .where(claims.c.stage == stage, claims.c.lease_until < now)
        )
        oldest_s = now - row.oldest if row.oldest is not None else 0.0
        found[stage] = Held(row.claims, int(row.articles or 0), oldest_s, overdue or 0)
    return found


def _oldest(connection: Connection, now: float) -> float | None:
    """Return the age of the article that came first of those not yet final."""
    ages = []
    for state in (ArticleState.WAITING, ArticleState.IN_FLIGHT):
        first = connection.scalar(
            select(articles.c.created_at).where(articles.c.state == state).order_by(articles.c.seq).limit(1)
        )
        if first is not None:
            ages.append(now - first)
    return max(ages, default=None)


def _finished(connection: Connection, since: float) -> int:
    """Count the articles published since; looks back only so far, by the index."""
    published = articles.c.state == ArticleState.PUBLISHED
    newest = connection.scalar(select(func.max(articles.c.seq)).where(published)) or 0
    return (
        connection.scalar(
            select(func.count())
            .select_from(articles)
            .where(published, articles.c.seq > newest - LOOK_BACK, articles.c.finished_at >= since)
        )
        or 0
    )


def _outbox(connection: Connection, now: float) -> dict[str, Waiting]:
    undelivered = outbox.c.delivered_at.is_(None)
    rows = connection.execute(
        select(outbox.c.sink, func.count(), func.min(outbox.c.due_at), func.max(outbox.c.error))
        .where(undelivered)
        .group_by(outbox.c.sink)
        .order_by(outbox.c.sink)
    ).all()
    return {sink: Waiting(count, max(0.0, now - oldest), error) for sink, count, oldest, error in rows}
