"""Who is let onto the queues, rung for again, refused, given another chance, or given up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, exists, func, or_, select, update

from worker.desk.fate import put_in_quarantine
from worker.desk.stages import STAGES, needs_mask, ready_stages
from worker.desk.tables import ArticleState, articles, holds, quarantine
from worker.desk.work import Failure, Ring

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from sqlalchemy import ColumnElement, Connection

    from worker.desk.stages import Stage
    from worker.desk.work import Rings
    from worker.settings import Settings


def is_ready(stage: Stage) -> ColumnElement[bool]:
    """Whether an article lacks the stage's bit and has those it needs."""
    both = stage.bit | needs_mask(stage)
    return articles.c.mask.op("&")(both) == needs_mask(stage)


def admit(connection: Connection, *, now: float, settings: Settings) -> Rings:
    """Let waiting articles in until `max_in_flight` are; return whom to ring for, oldest first."""
    in_flight = connection.scalar(
        select(func.count()).select_from(articles).where(articles.c.state == ArticleState.IN_FLIGHT)
    )
    room = settings.max_in_flight - (in_flight or 0)
    if room < min(settings.batch_size, settings.max_in_flight):
        return {}
    rows = connection.execute(
        select(articles).where(articles.c.state == ArticleState.WAITING).order_by(articles.c.seq).limit(room)
    ).all()
    rings: Rings = {}
    for start in range(0, len(rows), 1000):
        connection.execute(
            update(articles)
            .where(articles.c.seq.in_([row.seq for row in rows[start : start + 1000]]))
            .values(state=ArticleState.IN_FLIGHT, due_at=now + settings.ring_again_s)
        )
    for row in rows:
        for stage in ready_stages(row.mask):
            rings.setdefault(stage, []).append(Ring(row.id, row.alone, row.collection))
    return rings


def forgotten(
    connection: Connection,
    *,
    now: float,
    limit: int,
    settings: Settings,
    busy: Collection[str],
    bell_is_new: bool = False,
) -> Rings:
    """Return whom to ring for again: in flight, past their time, held by nobody; and give them new time.

    Stages whose queue is `busy` are left out, but for the few articles that wait for another try on their
    own: their message may well be there still. `bell_is_new` says that the server behind the queues has
    just come up, empty: then nothing that was rung for is on its way, and only pauses are waited for.
    """
    idle = [stage for stage in STAGES.values() if stage.name not in busy]
    query = (
        select(articles.c.id, articles.c.mask, articles.c.alone, articles.c.collection)
        .where(
            articles.c.state == ArticleState.IN_FLIGHT,
            or_(articles.c.due_at <= now, articles.c.strikes == 0)
            if bell_is_new
            else articles.c.due_at <= now,
            ~exists().where(holds.c.article_id == articles.c.id),
            or_(articles.c.alone.is_(True), *(is_ready(stage) for stage in idle)),
        )
        .order_by(articles.c.due_at, articles.c.seq)
        .limit(limit)
    )
    rows = connection.execute(query).all()
    rings: Rings = {}
    if rows:
        connection.execute(
            update(articles)
            .where(articles.c.id.in_([row.id for row in rows]))
            .values(due_at=now + settings.ring_again_s)
        )
    for row in rows:
        for stage in ready_stages(row.mask):
            if stage in busy and not row.alone:
                continue
            rings.setdefault(stage, []).append(Ring(row.id, row.alone, row.collection))
    return rings


def refuse(connection: Connection, refused: Mapping[str, tuple[str, str]], *, now: float) -> None:
    """Put articles that intake must not let in straight into quarantine: id -> (code, detail)."""
    for id_, (code, detail) in refused.items():
        waiting = connection.scalar(
            select(articles.c.id).where(articles.c.id == id_, articles.c.state == ArticleState.WAITING)
        )
        if waiting:
            put_in_quarantine(connection, id_, "intake", Failure(code, detail, final=True), now)


def replay(connection: Connection, ids: Sequence[str], *, now: float) -> int:
    """Give quarantined or dropped articles another chance from the first stage; return how many.

    Nobody holds them (rule 1): a worker that still works on what was writes nothing of it.
    """
    connection.execute(delete(quarantine).where(quarantine.c.article_id.in_(ids)))
    return connection.execute(
        update(articles)
        .where(
            articles.c.id.in_(ids),
            articles.c.state.in_([ArticleState.QUARANTINED, ArticleState.DROPPED]),
        )
        .values(
            state=ArticleState.WAITING,
            mask=0,
            strikes=0,
            interrupts=0,
            group_deaths=0,
            alone=True,
            due_at=now,
            finished_at=None,
        )
    ).rowcount


def drop(connection: Connection, ids: Sequence[str], *, now: float) -> int:
    """Give up quarantined articles for good (their bytes stay in the spool); return how many."""
    dropped = connection.execute(
        update(articles)
        .where(articles.c.id.in_(ids), articles.c.state == ArticleState.QUARANTINED)
        .values(state=ArticleState.DROPPED, finished_at=now)
    ).rowcount
    connection.execute(delete(quarantine).where(quarantine.c.article_id.in_(ids)))
    return dropped
