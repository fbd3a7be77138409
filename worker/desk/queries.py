"""Questions to the desk that only read: articles by id, path or bytes; records; where they came from."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, or_, select

from worker.desk.relations import Index
from worker.desk.search import matching
from worker.desk.tables import arrivals, articles, quarantine, records, sources
from worker.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import Connection

    from worker.desk.engine import Desk
    from worker.desk.query_text import Query

ID_DIGITS = 64
LEAST_PREFIX = 6
AT_ONCE = 200
BYTES_AT_ONCE = 4 * 1024 * 1024


@dataclass(frozen=True)
class Found:
    """An article as it was found. `headline` is null while there is no record."""

    id: str
    collection: str
    state: str
    revision: int | None
    headline: str | None


@dataclass(frozen=True)
class Stored:
    """One revision of a record, as JSON."""

    id: str
    revision: int
    body: str


def _found(connection: Connection, condition: Any, limit: int) -> list[Found]:
    query = (
        select(
            articles.c.id, articles.c.collection, articles.c.state, articles.c.revision, records.c.headline
        )
        .outerjoin(
            records, (records.c.article_id == articles.c.id) & (records.c.revision == articles.c.revision)
        )
        .where(condition)
        .order_by(articles.c.seq)
        .limit(limit)
    )
    return [Found(*row) for row in connection.execute(query)]


def by_id(connection: Connection, prefix: str, *, limit: int = 10) -> list[Found]:
    """Return the articles whose id begins so."""
    prefix = prefix.lower()
    return _found(connection, (articles.c.id >= prefix) & (articles.c.id < prefix + "g"), limit)


def by_digest(connection: Connection, digest: str, *, limit: int = 10) -> list[Found]:
    """Return the articles with these bytes, one for each collection they came to."""
    return _found(connection, articles.c.digest == digest, limit)


def by_path(connection: Connection, paths: Sequence[str], *, limit: int = 10) -> list[Found]:
    """Return the articles of the newest source that was, or lies now, at one of these paths."""
    newest = connection.scalar(
        select(sources.c.id)
        .where(or_(sources.c.path.in_(paths), sources.c.moved_to.in_(paths)))
        .order_by(sources.c.id.desc())
        .limit(1)
    )
    if newest is None:
        return []
    members = select(arrivals.c.article_id).where(arrivals.c.source_id == newest)
    return _found(connection, articles.c.id.in_(members), limit)


def record_of(connection: Connection, id_: str, revision: int | None = None) -> Stored | None:
    """Return a record: one revision, or the current one; None when there is none."""
    query = select(records.c.article_id, records.c.revision, records.c.body).where(
        records.c.article_id == id_
    )
    if revision is None:
        query = query.join(
            articles, (articles.c.id == records.c.article_id) & (articles.c.revision == records.c.revision)
        )
    else:
        query = query.where(records.c.revision == revision)
    row = connection.execute(query).first()
    return Stored(*row) if row else None


def headlines_of(connection: Connection, ids: Sequence[str]) -> dict[str, str]:
    """Return the headlines of current records, by id; what has no record is left out."""
    current = (records.c.article_id == articles.c.id) & (records.c.revision == articles.c.revision)
    query = select(articles.c.id, records.c.headline).join(records, current).where(articles.c.id.in_(ids))
    return {row.id: row.headline for row in connection.execute(query)}


def revisions_of(connection: Connection, id_: str) -> list[int]:
    """Return the revisions there are of a record."""
    query = select(records.c.revision).where(records.c.article_id == id_).order_by(records.c.revision)
    return list(connection.scalars(query))


def arrivals_of(connection: Connection, ids: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
    """Return where and when articles arrived, in order: `source`, `member`, `position`, `at`, `moved_to`."""
    query = (
        select(
            arrivals.c.article_id,
            sources.c.path,
            arrivals.c.member,
            arrivals.c.position,
            arrivals.c.at,
            sources.c.moved_to,
        )
        .outerjoin(sources, sources.c.id == arrivals.c.source_id)
        .where(arrivals.c.article_id.in_(ids))
        .order_by(arrivals.c.id)
    )
    found: dict[str, list[dict[str, Any]]] = {id_: [] for id_ in ids}
    for row in connection.execute(query):
        found[row.article_id].append(
            {
                "source": row.path,
                "member": row.member,
                "position": row.position,
                "at": datetime.fromtimestamp(row.at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
                "moved_to": row.moved_to,
            }
        )
    return found


def joined(stored: Stored, came: list[dict[str, Any]], related: dict[str, Any]) -> str:
    """Return the record's JSON with `revision`, `arrivals` and `relations`: the form that is exported."""
    extra = json.dumps(
        {"revision": stored.revision, "arrivals": came, "relations": related}, ensure_ascii=False
    )
    return f"{stored.body[:-1]}, {extra[1:]}"


def current_records(desk: Desk, query: Query | None = None, *, since: float | None = None) -> Iterator[str]:
    """Yield current records that match, in order of arrival, as `joined` writes them.

    Reads in short transactions, a few megabytes at a time: memory is bounded and nobody is held up. A
    record that is revised meanwhile comes as it is when it is read. `since`: made then or later.
    """
    last = 0
    index: Index | None = None
    while True:
        with desk.reading() as connection:
            size = func.octet_length(records.c.body).label("size")
            keys = matching(connection, query, articles.c.seq, articles.c.id, size)
            if since is not None:
                keys = keys.where(records.c.made_at >= since)
            page = keys.where(articles.c.seq > last).order_by(articles.c.seq).limit(AT_ONCE)
            rows = connection.execute(page).all()
        if not rows:
            return
        last = rows[-1].seq
        for ids in _by_size(rows):
            with desk.reading() as connection:
                index = index or Index(connection)
                index.use(connection)
                bodies = _bodies(connection, ids, index)
            yield from bodies


def _by_size(rows: Sequence[Any]) -> Iterator[list[str]]:
    """Group ids so that the records of a group are small together, or one alone."""
    ids: list[str] = []
    total = 0
    for row in rows:
        if ids and total + row.size > BYTES_AT_ONCE:
            yield ids
            ids, total = [], 0
        ids.append(row.id)
        total += row.size
    yield ids


def _bodies(connection: Connection, ids: Sequence[str], index: Index) -> list[str]:
    columns = (articles.c.id, articles.c.revision, records.c.body)
    statement = matching(connection, None, *columns).where(articles.c.id.in_(ids)).order_by(articles.c.seq)
    rows = connection.execute(statement).all()
    came = arrivals_of(connection, ids)
    related = index.relations(ids)
    return [joined(Stored(*row), came[row.id], related[row.id]) for row in rows]


# --- quarantine ---------------------------------------------------------------------------------------


def quarantine_groups(connection: Connection) -> Iterator[dict[str, Any]]:
    """Yield what is in quarantine by signature, most first: `articles`, `signature`, `code`, `stage`, ..."""
    query = (
        select(
            quarantine.c.signature,
            func.count().label("articles"),
            func.min(quarantine.c.article_id).label("example"),
        )
        .group_by(quarantine.c.signature)
        .order_by(func.count().desc(), quarantine.c.signature)
    )
    for group in connection.execute(query).all():
        one = connection.execute(select(quarantine).where(quarantine.c.article_id == group.example)).one()
        yield {
            "articles": group.articles,
            "signature": group.signature,
            "stage": one.stage,
            "code": one.code,
            "example": group.example,
            "detail": one.detail,
        }


def quarantine_rows(connection: Connection) -> Iterator[dict[str, Any]]:
    """Yield all that is in quarantine, by the time it went there."""
    columns = [
        quarantine.c.article_id.label("id"),
        *(quarantine.c[name] for name in ("stage", "code", "detail", "signature", "tries", "at")),
    ]
    query = select(*columns).order_by(quarantine.c.at, quarantine.c.article_id)
    for row in connection.execute(query, execution_options={"yield_per": AT_ONCE}):
        yield dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public way


def quarantined_ids(connection: Connection, signature: str | None) -> list[str]:
    """Return some of the articles in quarantine: all, or those with a signature."""
    query = select(quarantine.c.article_id).order_by(quarantine.c.article_id).limit(AT_ONCE)
    if signature is not None:
        query = query.where(quarantine.c.signature == signature)
    return list(connection.scalars(query))


def quarantined(connection: Connection, id_: str) -> Any:
    """Return the row of an article in quarantine, with `collection`, `digest`, `size`; or None."""
    query = (
        select(quarantine, articles.c.collection, articles.c.digest, articles.c.size)
        .join(articles, articles.c.id == quarantine.c.article_id)
        .where(quarantine.c.article_id == id_)
    )
    return connection.execute(query).first()


def check_prefix(text: str) -> str:
    """Return the beginning of an id, in lower case. Raises UsageError when it can be none."""
    prefix = text.lower()
    if not looks_like_id(prefix):
        raise UsageError(f"{text}: an article is named by at least {LEAST_PREFIX} hex digits of its id.")
    return prefix


def looks_like_id(text: str) -> bool:
    """Whether a text can be the beginning of an id."""
    return LEAST_PREFIX <= len(text) <= ID_DIGITS and set(text.lower()) <= set("0123456789abcdef")
