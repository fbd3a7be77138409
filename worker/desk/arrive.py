"""How sources and their articles come into the ledger. Every function runs inside one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, update

from worker.desk import ledger
from worker.desk.tables import (
    FINAL_STATES,
    ArticleState,
    SourceState,
    arrivals,
    articles,
    quarantine,
    sources,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection


@dataclass(frozen=True)
class Found:
    """A source as it lies before us, before anybody has looked into it."""

    path: str
    collection: str
    size: int
    mtime_ns: int


@dataclass(frozen=True)
class Member:
    """One article taken out of a source; its bytes are in the spool already."""

    id: str
    digest: str
    size: int
    position: int
    member: str | None


@dataclass(frozen=True)
class Source:
    """A source as the ledger knows it. `taken` says how many articles have been taken out of it."""

    id: int
    state: str
    taken: int
    is_new: bool


@dataclass(frozen=True)
class WholeFile:
    """A file that is one article; or the reason why it gives none."""

    found: Found
    member: Member | None
    state: SourceState = SourceState.SPLIT
    error_code: str | None = None
    error_detail: str | None = None


def open_source(
    connection: Connection, found: Found, *, watched: bool, run: str | None, now: float
) -> Source:
    """Return the ledger's source for this path, size and mtime; a new one when there is none.

    A watched source that was settled and moved away is history: the same name in the inbox is a new one.
    So is, for the watcher, what `run` or `batch` took: nobody would ever move it.
    """
    query = (
        select(sources.c.id, sources.c.state, sources.c.articles, sources.c.moved_to, sources.c.watched)
        .where(
            sources.c.path == found.path,
            sources.c.collection == found.collection,
            sources.c.size == found.size,
            sources.c.mtime_ns == found.mtime_ns,
        )
        .order_by(sources.c.id.desc())
        .limit(1)
    )
    row = connection.execute(query).first()
    if row is not None and _still_counts(row, watched=watched) and row.state != SourceState.GONE:
        connection.execute(update(sources).where(sources.c.id == row.id).values(run=run))
        return Source(row.id, row.state, row.articles, is_new=False)
    id_ = ledger.new_key(
        connection,
        insert(sources).values(
            path=found.path,
            collection=found.collection,
            size=found.size,
            mtime_ns=found.mtime_ns,
            watched=watched,
            run=run,
            state=SourceState.SPLITTING,
            created_at=now,
        ),
    )
    return Source(id_, SourceState.SPLITTING, 0, is_new=True)


def register(
    connection: Connection, source_id: int, collection: str, members: Sequence[Member], *, now: float
) -> None:
    """Write down articles and their arrivals. Bytes that are known already are one more arrival."""
    if not members:
        return
    _add_articles(connection, collection, members, now=now)
    final = _final_among(connection, [m.id for m in members])
    # A restart may offer the last members again; their place in the source is taken, and counts once.
    placed = connection.execute(
        ledger.dialect_insert(connection, arrivals)
        .on_conflict_do_nothing(index_elements=["source_id", "position"])
        .returning(arrivals.c.settled),
        [
            {
                "article_id": m.id,
                "source_id": source_id,
                "member": m.member,
                "position": m.position,
                "settled": m.id in final,
                "at": now,
            }
            for m in members
        ],
    ).all()
    pending = sum(not row.settled for row in placed)
    connection.execute(
        update(sources)
        .where(sources.c.id == source_id)
        .values(articles=sources.c.articles + len(placed), pending=sources.c.pending + pending)
    )


def register_files(
    connection: Connection, files: Sequence[WholeFile], *, watched: bool, run: str | None, now: float
) -> None:
    """Write down files that are one article each, and new to the ledger: a few statements for all of them."""
    ids = {file.member.id for file in files if file.member}
    by_collection: dict[str, list[Member]] = {}
    for file in files:
        if file.member:
            by_collection.setdefault(file.found.collection, []).append(file.member)
    for collection, members in by_collection.items():
        _add_articles(connection, collection, members, now=now)
    final = _final_among(connection, list(ids))
    rows = [
        {
            "path": file.found.path,
            "collection": file.found.collection,
            "size": file.found.size,
            "mtime_ns": file.found.mtime_ns,
            "digest": file.member.digest if file.member else None,
            "watched": watched,
            "run": run,
            "state": file.state,
            "articles": 1 if file.member else 0,
            "pending": 1 if file.member and file.member.id not in final else 0,
            "error_code": file.error_code,
            "error_detail": file.error_detail,
            "created_at": now,
        }
        for file in files
    ]
    if not rows:
        return
    keys = connection.scalars(
        insert(sources).returning(sources.c.id, sort_by_parameter_order=True), rows
    ).all()
    arrived = [
        {
            "article_id": file.member.id,
            "source_id": key,
            "member": file.member.member,
            "position": file.member.position,
            "settled": file.member.id in final,
            "at": now,
        }
        for key, file in zip(keys, files, strict=True)
        if file.member
    ]
    if arrived:
        connection.execute(insert(arrivals), arrived)


def _add_articles(connection: Connection, collection: str, members: Sequence[Member], *, now: float) -> None:
    """Add the articles that are not known yet, to wait their turn."""
    new = {
        m.id: {
            "id": m.id,
            "collection": collection,
            "digest": m.digest,
            "size": m.size,
            "state": ArticleState.WAITING,
            "due_at": now,
            "created_at": now,
        }
        for m in members
    }
    connection.execute(
        ledger.dialect_insert(connection, articles).on_conflict_do_nothing(index_elements=["id"]),
        list(new.values()),
    )


def _final_among(connection: Connection, ids: Sequence[str]) -> set[str]:
    return set(
        connection.scalars(
            select(articles.c.id).where(articles.c.id.in_(ids), articles.c.state.in_(FINAL_STATES))
        )
    )


def refusable(
    connection: Connection, refused: Sequence[str], welcome: Sequence[str], *, now: float
) -> list[str]:
    """Return which of the `refused` articles may be refused, before both kinds are registered.

    What is refused is a way of coming, not the bytes: who also comes, or came before, in a way that is
    welcome, is none. One that was refused before and is welcome now is let in after all.
    """
    if welcome:
        turned_away = select(quarantine.c.article_id).where(
            quarantine.c.article_id.in_(welcome), quarantine.c.stage == "intake"
        )
        if ids := list(connection.scalars(turned_away)):
            ledger.replay(connection, ids, now=now)
    if not refused:
        return []
    known = set(connection.scalars(select(articles.c.id).where(articles.c.id.in_(refused)))) | set(welcome)
    return [id_ for id_ in refused if id_ not in known]


def close_source(
    connection: Connection,
    source_id: int,
    state: SourceState,
    *,
    digest: str | None = None,
    error_code: str | None = None,
    error_detail: str | None = None,
) -> None:
    """Say that nothing more will be taken out of this source, and why."""
    connection.execute(
        update(sources)
        .where(sources.c.id == source_id)
        .values(state=state, digest=digest, error_code=error_code, error_detail=error_detail)
    )


def seen_before(connection: Connection, found: Sequence[Found]) -> set[str]:
    """Return the paths among these under which anything has ever come."""
    paths = [each.path for each in found]
    return set(connection.scalars(select(sources.c.path).where(sources.c.path.in_(paths))))


def known_sources(connection: Connection, found: Sequence[Found], *, watched: bool) -> dict[str, int]:
    """Return path -> source id of those files that have been taken out of completely as they are now."""
    rows = connection.execute(
        select(sources).where(
            sources.c.path.in_([each.path for each in found]),
            sources.c.state.in_([SourceState.SPLIT, SourceState.FAILED]),
        )
    ).all()
    as_it_is = {(each.path, each.collection, each.size, each.mtime_ns) for each in found}
    return {
        row.path: row.id
        for row in rows
        if (row.path, row.collection, row.size, row.mtime_ns) in as_it_is
        and _still_counts(row, watched=watched)
    }


def _still_counts(row: Any, *, watched: bool) -> bool:
    return not watched or (row.watched and not row.moved_to)


def touch_sources(connection: Connection, ids: Sequence[int], *, run: str | None) -> None:
    """Note that a new run asked for sources that are known already."""
    if ids and run:
        connection.execute(update(sources).where(sources.c.id.in_(ids)).values(run=run))
