"""What becomes of an article: a strike, an interrupt, a final state, or due again. Rule 4 of the ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, case, delete, insert, or_, select, update

from worker.desk.tables import ArticleState, arrivals, articles, holds, quarantine, sources
from worker.desk.work import Failure, Ring

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from worker.desk.work import Rings
    from worker.settings import Settings


def strike(
    connection: Connection, id_: str, stage: str, failure: Failure, *, now: float, settings: Settings
) -> None:
    """Charge one strike; at the last one the article goes to quarantine, before it goes on alone."""
    strikes = connection.execute(
        update(articles)
        .where(articles.c.id == id_)
        .values(strikes=articles.c.strikes + 1, alone=True)
        .returning(articles.c.strikes)
    ).scalar_one()
    if strikes >= settings.max_strikes:
        put_in_quarantine(connection, id_, stage, failure, now)
        return
    pause_s = settings.retry_after_s * 2 ** (strikes - 1)
    connection.execute(update(articles).where(articles.c.id == id_).values(due_at=now + pause_s))


def interrupt(connection: Connection, held: list[str], *, now: float, settings: Settings, stage: str) -> None:
    """Count the death of a whole group against what it held: never a strike."""
    if not held:
        return
    lone = len(held) == 1
    rows = connection.execute(
        update(articles)
        .where(articles.c.id.in_(held))
        .values(
            group_deaths=articles.c.group_deaths + 1,
            alone=or_(articles.c.alone, articles.c.group_deaths >= 1),
            interrupts=articles.c.interrupts + (case((articles.c.alone, 1), else_=0) if lone else 0),
        )
        .returning(articles.c.id, articles.c.interrupts)
    ).all()
    for row in rows:
        if row.interrupts >= settings.max_interrupts:
            detail = f"{row.interrupts} worker groups died while this article was the only one they held"
            put_in_quarantine(connection, row.id, stage, Failure("group_died", detail, final=True), now)


def put_in_quarantine(connection: Connection, id_: str, stage: str, failure: Failure, now: float) -> None:
    """Put an article aside with the reason; nobody holds it any more."""
    strikes = connection.scalar(select(articles.c.strikes).where(articles.c.id == id_))
    connection.execute(delete(quarantine).where(quarantine.c.article_id == id_))
    connection.execute(
        insert(quarantine).values(
            article_id=id_,
            stage=stage,
            code=failure.code[:40],
            detail=_storable(failure.detail)[:2000],
            signature=_storable(failure.signature(stage))[:200],
            traceback=_storable(failure.traceback) if failure.traceback else None,
            tries=max(1, strikes or 0),
            at=now,
        )
    )
    set_final(connection, [id_], ArticleState.QUARANTINED, now)
    connection.execute(delete(holds).where(holds.c.article_id == id_))


def _storable(text: str) -> str:
    """Write out what no database takes as text: an error message may quote anything."""
    return text.encode("utf-8", "backslashreplace").decode().replace("\0", "\\x00")


def set_final(
    connection: Connection, ids: Sequence[str], state: ArticleState, now: float, *, bit: int = 0
) -> None:
    """Put articles into a final state and settle their arrivals with the sources they came from."""
    if not ids:
        return
    connection.execute(
        update(articles)
        .where(articles.c.id.in_(ids))
        .values(state=state, finished_at=now, mask=articles.c.mask.op("|")(bit))
    )
    settle(connection, ids)


def settle(connection: Connection, ids: Sequence[str]) -> None:
    """Count the open arrivals of final articles off their sources."""
    rows = connection.execute(
        update(arrivals)
        .where(arrivals.c.article_id.in_(ids), arrivals.c.settled.is_(False))
        .values(settled=True)
        .returning(arrivals.c.source_id)
    ).all()
    counts: dict[int, int] = {}
    for row in rows:
        counts[row.source_id] = counts.get(row.source_id, 0) + 1
    if counts:
        connection.execute(
            update(sources)
            .where(sources.c.id == bindparam("b_id"))
            .values(pending=sources.c.pending - bindparam("b_n")),
            [{"b_id": id_, "b_n": n} for id_, n in sorted(counts.items())],
        )


def free(connection: Connection, ids: Sequence[str], stage: str, rings: Rings, *, now: float) -> None:
    """Make articles due at once and ring for them again."""
    if not ids:
        return
    rows = connection.execute(
        update(articles)
        .where(articles.c.id.in_(ids), articles.c.state == ArticleState.IN_FLIGHT)
        .values(due_at=now)
        .returning(articles.c.id, articles.c.alone)
    ).all()
    alone = {row.id: row.alone for row in rows}
    waiting = [Ring(id_, alone[id_]) for id_ in ids if id_ in alone]
    if waiting:
        rings.setdefault(stage, []).extend(waiting)
