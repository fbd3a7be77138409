"""The ledger's moves: claim, finish, hand back, bury, admit. Each is one short write transaction.

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

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import and_, bindparam, case, delete, exists, func, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from worker.desk.stages import STAGES, needs_mask, newly_ready, ready_stages
from worker.desk.tables import (
    ArticleState,
    arrivals,
    articles,
    claims,
    holds,
    parts,
    quarantine,
    sources,
)
from worker.errors import LostClaim

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from sqlalchemy import ColumnElement, Connection
    from sqlalchemy.sql.dml import Insert

    from worker.desk.stages import Stage
    from worker.process import WorkerKey
    from worker.settings import Settings

Cause = Literal["witnessed", "group", "stopped"]
Rings = dict[str, list["Ring"]]


@dataclass(frozen=True)
class Ring:
    """An article to be rung for: alone, or in a batch."""

    id: str
    alone: bool = False


@dataclass(frozen=True)
class Work:
    """One claimed article, with the parts its stage needs (`stage -> compressed body`)."""

    id: str
    collection: str
    digest: str
    parts: Mapping[str, bytes]
    fingerprints: Mapping[str, str]


@dataclass(frozen=True)
class Claim:
    """Articles that one worker process holds for one stage."""

    token: int
    stage: str
    work: list[Work]
    lease_until: float


@dataclass(frozen=True)
class Failure:
    """Why an article failed. `final` ones are quarantined at once, others are charged a strike."""

    code: str
    detail: str
    final: bool
    traceback: str | None = None

    def signature(self, stage: str) -> str:
        """Return what equal failures have in common: stage, code, and where it was raised."""
        where = self.traceback.strip().splitlines()[-1][:120] if self.traceback else ""
        return f"{stage}:{self.code}" + (f":{where}" if where else "")


@dataclass
class Outcome:
    """What a worker did with a claim, article by article."""

    made: dict[str, bytes] = field(default_factory=dict)
    failed: dict[str, Failure] = field(default_factory=dict)
    handed_back: list[str] = field(default_factory=list)
    later: list[str] = field(default_factory=list)


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
        _is_ready(stage),
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


def _is_ready(stage: Stage) -> ColumnElement[bool]:
    """Whether an article lacks the stage's bit and has those it needs."""
    both = stage.bit | needs_mask(stage)
    return articles.c.mask.op("&")(both) == needs_mask(stage)


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
        _set_final(connection, made, ArticleState.PUBLISHED, now, bit=STAGES["publish"].bit)
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
            _quarantine(connection, id_, claim_.stage, failure, now)
        else:
            _strike(connection, id_, claim_.stage, failure, now=now, settings=settings)
    _free(connection, [id_ for id_ in outcome.handed_back if id_ in held], claim_.stage, rings, now=now)
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
        _strike(connection, current, row.stage, failure, now=now, settings=settings)
    elif cause != "stopped":
        _interrupt(connection, held, now=now, settings=settings, stage=row.stage)
    _free(connection, held, row.stage, rings, now=now)
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


def _interrupt(
    connection: Connection, held: list[str], *, now: float, settings: Settings, stage: str
) -> None:
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
            _quarantine(connection, row.id, stage, Failure("group_died", detail, final=True), now)


def _drop_claim(connection: Connection, token: int) -> None:
    if not connection.execute(delete(claims).where(claims.c.token == token)).rowcount:
        raise LostClaim(f"claim {token} is gone")
    connection.execute(delete(holds).where(holds.c.token == token))


def _free(connection: Connection, ids: Sequence[str], stage: str, rings: Rings, *, now: float) -> None:
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


def _strike(
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
        _quarantine(connection, id_, stage, failure, now)
        return
    pause_s = settings.retry_after_s * 2 ** (strikes - 1)
    connection.execute(update(articles).where(articles.c.id == id_).values(due_at=now + pause_s))


def _quarantine(connection: Connection, id_: str, stage: str, failure: Failure, now: float) -> None:
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
    _set_final(connection, [id_], ArticleState.QUARANTINED, now)
    connection.execute(delete(holds).where(holds.c.article_id == id_))


def _storable(text: str) -> str:
    """Write out what no database takes as text: an error message may quote anything."""
    return text.encode("utf-8", "backslashreplace").decode().replace("\0", "\\x00")


def _set_final(
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


def admit(connection: Connection, *, now: float, settings: Settings) -> Rings:
    """Let waiting articles in until `max_in_flight` are; return whom to ring for, oldest first."""
    in_flight = connection.scalar(
        select(func.count()).select_from(articles).where(articles.c.state == ArticleState.IN_FLIGHT)
    )
    room = settings.max_in_flight - (in_flight or 0)
    if room < min(settings.batch_size, settings.max_in_flight):
        return {}
    rows = connection.execute(
        select(articles.c.seq, articles.c.id, articles.c.mask, articles.c.alone)
        .where(articles.c.state == ArticleState.WAITING)
        .order_by(articles.c.seq)
        .limit(room)
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
            rings.setdefault(stage, []).append(Ring(row.id, row.alone))
    return rings


def forgotten(
    connection: Connection, *, now: float, limit: int, settings: Settings, busy: Collection[str]
) -> Rings:
    """Return whom to ring for again: in flight, past their time, held by nobody; and give them new time.

    Stages whose queue is `busy` are left out, but for the few articles that wait for another try on their
    own: their message may well be there still.
    """
    idle = [stage for stage in STAGES.values() if stage.name not in busy]
    query = (
        select(articles.c.id, articles.c.mask, articles.c.alone)
        .where(
            articles.c.state == ArticleState.IN_FLIGHT,
            articles.c.due_at <= now,
            ~exists().where(holds.c.article_id == articles.c.id),
            or_(articles.c.alone.is_(True), *(_is_ready(stage) for stage in idle)),
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
            rings.setdefault(stage, []).append(Ring(row.id, row.alone))
    return rings


def refuse(connection: Connection, refused: Mapping[str, tuple[str, str]], *, now: float) -> None:
    """Put articles that intake must not let in straight into quarantine: id -> (code, detail)."""
    for id_, (code, detail) in refused.items():
        waiting = connection.scalar(
            select(articles.c.id).where(articles.c.id == id_, articles.c.state == ArticleState.WAITING)
        )
        if waiting:
            _quarantine(connection, id_, "intake", Failure(code, detail, final=True), now)


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


def upsert(connection: Connection, table: Any, keys: Iterable[str], values: Iterable[str]) -> Any:
    """Return INSERT ... ON CONFLICT (keys) DO UPDATE SET values, in the database's dialect."""
    statement = dialect_insert(connection, table)
    return statement.on_conflict_do_update(
        index_elements=list(keys), set_={name: statement.excluded[name] for name in values}
    )


def new_key(connection: Connection, statement: Insert) -> int:
    """Insert one row and return the number that the database gave it."""
    key = connection.execute(statement).inserted_primary_key
    assert key is not None
    return int(key[0])


def dialect_insert(connection: Connection, table: Any) -> Any:
    """Return the dialect's own INSERT, which knows ON CONFLICT."""
    if connection.dialect.name == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)
