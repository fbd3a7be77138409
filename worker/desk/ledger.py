"""The ledger's moves: claim, finish, hand back, bury; and by their names those of `admission`.

Each is one short write transaction.

The rules (proven under 60 random kills of a worker group, 0 lost, 0 doubled, 0 innocents):

1. A claim's token is the fence: finishing deletes the claim in the same transaction that writes the
   result; a token that is gone writes nothing (LostClaim), and neither does one for an article that it
   does not hold any more (quarantined by the stage beside it).
2. A stage claims only what is in flight, lacks its bit, has what it needs, and is held by nobody.
3. Whoever completes the set of bits that another stage needs, rings for it.
4. A death witnessed by the worker's parent charges one strike to the article being worked on and sends
   the others, uncharged, into the lane of one. The death of a whole group, or one between two articles,
   charges nobody a strike; an article that was alone in it gets an interrupt, one that was there twice
   goes on alone.
5. Burying is idempotent, and what was held becomes due at once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from sqlalchemy import and_, case, delete, exists, insert, select, update

from worker.desk.admission import admit, drop, forgotten, is_ready, refuse, replay
from worker.desk.fate import free, interrupt, put_in_quarantine, set_final, settle, strike
from worker.desk.sql import dialect_insert, new_key, upsert
from worker.desk.stages import STAGES, newly_ready
from worker.desk.tables import ArticleState, articles, claims, holds, parts
from worker.desk.work import Claim, Failure, Outcome, Ring, Rings, Work
from worker.errors import LostClaim

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from worker.process import WorkerKey
    from worker.settings import Settings

__all__ = [
    "Claim",
    "Failure",
    "Outcome",
    "Ring",
    "Rings",
    "Work",
    "admit",
    "bury",
    "claim",
    "dialect_insert",
    "drop",
    "finish",
    "forgotten",
    "held_by",
    "new_key",
    "refuse",
    "renew",
    "replay",
    "settle",
    "upsert",
]
Cause = Literal["witnessed", "group", "stopped"]


def claim(
    connection: Connection,
    stage_name: str,
    ids: Sequence[str],
    *,
    task_id: str,
    worker: WorkerKey,
    now: float,
    lease_s: float,
) -> Claim | None:
    """Take the articles among `ids` that are ready for the stage; None when none is."""
    stage = STAGES[stage_name]
    held = exists().where(holds.c.article_id == articles.c.id, holds.c.stage == stage_name)
    ready = and_(
        articles.c.id.in_(ids),
        articles.c.state == ArticleState.IN_FLIGHT,
        is_ready(stage),
        ~held,
    )
    if len(ids) > 1:
        ready = and_(ready, articles.c.alone.is_(False))
    rows = connection.execute(
        select(articles.c.id, articles.c.collection, articles.c.digest).where(ready).order_by(articles.c.seq)
    ).all()
    if not rows:
        return None
    token = new_key(
        connection,
        insert(claims).values(
            stage=stage_name,
            task_id=task_id,
            host=worker.host,
            parent=worker.parent,
            child=worker.child,
            held=len(rows),
            lease_until=now + lease_s,
            started_at=now,
        ),
    )
    chosen = [row.id for row in rows]
    connection.execute(
        insert(holds), [{"article_id": id_, "stage": stage_name, "token": token} for id_ in chosen]
    )
    bodies, prints = _load_parts(connection, chosen, stage.needs)
    work = [
        Work(row.id, row.collection, row.digest, bodies.get(row.id, {}), prints.get(row.id, {}))
        for row in rows
    ]
    return Claim(token=token, stage=stage_name, work=work, lease_until=now + lease_s)


def _load_parts(
    connection: Connection, ids: Sequence[str], stages: Sequence[str]
) -> tuple[dict[str, dict[str, bytes]], dict[str, dict[str, str]]]:
    bodies: dict[str, dict[str, bytes]] = {}
    prints: dict[str, dict[str, str]] = {}
    if stages:
        query = select(parts.c.article_id, parts.c.stage, parts.c.fingerprint, parts.c.body).where(
            parts.c.article_id.in_(ids), parts.c.stage.in_(stages)
        )
        for row in connection.execute(query):
            bodies.setdefault(row.article_id, {})[row.stage] = row.body
            prints.setdefault(row.article_id, {})[row.stage] = row.fingerprint
    return bodies, prints


def renew(connection: Connection, token: int, *, now: float, lease_s: float) -> None:
    """Extend a claim's lease. Raises LostClaim when somebody buried it."""
    changed = connection.execute(
        update(claims).where(claims.c.token == token).values(lease_until=now + lease_s)
    ).rowcount
    if not changed:
        raise LostClaim(f"claim {token} is gone")


def finish(
    connection: Connection,
    claim_: Claim,
    outcome: Outcome,
    *,
    fingerprint: str,
    now: float,
    settings: Settings,
) -> Rings:
    """Write what was made, charge what failed, free what was handed back; return whom to ring for.

    `publish` writes its records itself, in the same transaction, and passes empty bodies. Raises LostClaim,
    having written nothing, when the token is gone.
    """
    held = set(held_by(connection, claim_.token))
    _drop_claim(connection, claim_.token)
    rings: Rings = {}
    made = [id_ for id_ in outcome.made if id_ in held]
    if claim_.stage == "publish":
        set_final(connection, made, ArticleState.PUBLISHED, now, bit=STAGES["publish"].bit)
    elif made:
        connection.execute(
            upsert(connection, parts, ["article_id", "stage"], ["fingerprint", "body", "made_at"]),
            [
                {
                    "article_id": id_,
                    "stage": claim_.stage,
                    "fingerprint": fingerprint,
                    "body": outcome.made[id_],
                    "made_at": now,
                }
                for id_ in made
            ],
        )
        rows = connection.execute(
            update(articles)
            .where(articles.c.id.in_(made))
            .values(
                mask=articles.c.mask.op("|")(STAGES[claim_.stage].bit),
                # One that waits for another try of the other stage keeps its time.
                due_at=case((articles.c.alone, articles.c.due_at), else_=now + settings.ring_again_s),
            )
            .returning(articles.c.id, articles.c.mask, articles.c.alone)
        ).all()
        masks = {row.id: row for row in rows}
        for id_ in made:  # in the order of arrival, not of the index
            for stage in newly_ready(masks[id_].mask, claim_.stage):
                rings.setdefault(stage, []).append(Ring(id_, masks[id_].alone))
    for id_, failure in outcome.failed.items():
        if id_ not in held:
            continue
        if failure.final:
            put_in_quarantine(connection, id_, claim_.stage, failure, now)
        else:
            strike(connection, id_, claim_.stage, failure, now=now, settings=settings)
    free(connection, [id_ for id_ in outcome.handed_back if id_ in held], claim_.stage, rings, now=now)
    if outcome.later:  # uncharged; whoever reconciles rings for them when the pause is over
        connection.execute(
            update(articles)
            .where(articles.c.id.in_(held.intersection(outcome.later)))
            .values(due_at=now + settings.retry_after_s)
        )
    return rings


def bury(
    connection: Connection,
    token: int,
    cause: Cause,
    *,
    now: float,
    settings: Settings,
    current: str | None = None,
    failure: Failure | None = None,
) -> Rings:
    """End the claim of a worker that will not end it itself, and charge by rule 4.

    `current` is the article the dead process was working on, `failure` how it died (both only when the
    death was witnessed). Nothing happens when the claim is gone already. Returns whom to ring for.
    """
    rings: Rings = {}
    row = connection.execute(select(claims.c.stage).where(claims.c.token == token)).first()
    if row is None:
        return rings
    held = held_by(connection, token)
    _drop_claim(connection, token)
    if cause == "witnessed" and current in held and failure is not None:
        held.remove(current)
        if held:
            connection.execute(update(articles).where(articles.c.id.in_(held)).values(alone=True))
        strike(connection, current, row.stage, failure, now=now, settings=settings)
    elif cause != "stopped":
        interrupt(connection, held, now=now, settings=settings, stage=row.stage)
    free(connection, held, row.stage, rings, now=now)
    return rings


def held_by(connection: Connection, token: int) -> list[str]:
    """Return the articles that a claim holds, in the order of their arrival."""
    query = (
        select(holds.c.article_id)
        .join(articles, articles.c.id == holds.c.article_id)
        .where(holds.c.token == token)
        .order_by(articles.c.seq)
    )
    return list(connection.scalars(query))


def _drop_claim(connection: Connection, token: int) -> None:
    if not connection.execute(delete(claims).where(claims.c.token == token)).rowcount:
        raise LostClaim(f"claim {token} is gone")
    connection.execute(delete(holds).where(holds.c.token == token))
