"""Finds records by full text and facets (`worker.desk.query_text` reads them).

Words, phrases and facets all have to match. Case and accents do not matter. Nothing that is typed reaches
SQL or FTS5 as syntax: every word is quoted, every value is bound.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import (
    Column,
    Select,
    Text,
    and_,
    column,
    func,
    literal,
    literal_column,
    or_,
    select,
    table,
    true,
)
from sqlalchemy import text as sql

from worker.desk.query_text import Query, Term, has_words
from worker.desk.tables import articles, entities, places, quotes, records, topics
from worker.errors import UsageError

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Connection

_OPEN, _CLOSE = "\x01", "\x02"
_SNIPPET_TOKENS = 32
_BEGINNING = 200
_BEHIND_ALL = "~"  # sorts behind every character of an ISO date
_COUNTRY_LETTERS = 2

_search = table("search", column("rowid"), column("headline"), column("body"), column("rank"))

Sort = Literal["rank", "date"]


@dataclass(frozen=True)
class Marked:
    """Text with (start, end) of the hits in it."""

    text: str
    hits: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class Hit:
    """One record found; `score` is BM25, larger is better, and null without full text."""

    id: str
    revision: int
    collection: str
    published: str | None
    language: str | None
    headline: Marked
    snippet: Marked
    score: float | None


def find(connection: Connection, query: Query, *, limit: int, sort: Sort) -> list[Hit]:
    """Return the best or the newest records that match, at most `limit`."""
    _prepare(connection)
    full_text = bool(query.terms)
    newest_first = (records.c.published.is_(None), records.c.published.desc(), articles.c.seq.desc())
    order = (_search.c.rank, *newest_first) if full_text and sort == "rank" else newest_first
    statement = matching(
        connection,
        query,
        articles.c.id,
        articles.c.revision,
        records.c.collection,
        records.c.published,
        records.c.language,
        records.c.headline.label("plain_headline"),
        *_shown(connection, full_text=full_text),
    )
    rows = connection.execute(statement.order_by(*order).limit(limit)).all()
    return [
        Hit(
            id=row.id,
            revision=row.revision,
            collection=row.collection,
            published=row.published,
            language=row.language,
            headline=_marked(row.headline or row.plain_headline),
            snippet=_marked(row.snippet or "") if full_text else Marked(_beginning(row.snippet or "")),
            score=-row.score if row.score is not None else None,
        )
        for row in rows
    ]


def _shown(connection: Connection, *, full_text: bool) -> tuple[ColumnElement[Any], ...]:
    if full_text:
        name: ColumnElement[Any] = literal_column("search")
        return (
            func.highlight(name, 1, _OPEN, _CLOSE).label("headline"),
            func.snippet(name, 2, _OPEN, _CLOSE, "\u2026", _SNIPPET_TOKENS).label("snippet"),
            _search.c.rank.label("score"),
        )
    beginning: ColumnElement[Any] = literal(None)
    if connection.dialect.name == "sqlite":
        beginning = (
            select(func.substr(_search.c.body, 1, _BEGINNING))
            .where(_search.c.rowid == articles.c.seq)
            .scalar_subquery()
        )
    return literal(None).label("headline"), beginning.label("snippet"), literal(None).label("score")


def _beginning(text: str) -> str:
    """Cut behind a word what was cut behind so many characters."""
    return text if len(text) < _BEGINNING else text.rsplit(None, 1)[0] + "\u2026"


def matching(connection: Connection, query: Query | None, *columns: ColumnElement[Any]) -> Select[Any]:
    """Return SELECT `columns` of the current records that match; everything matches no query.

    Tables in it: `articles`, `records`, and `search` when the query has words.
    """
    _prepare(connection)
    current = and_(records.c.article_id == articles.c.id, records.c.revision == articles.c.revision)
    statement = select(*columns)
    if query is not None and query.terms:
        statement = _with_full_text(connection, statement, query.terms, current)
    else:
        statement = statement.select_from(articles.join(records, current))
    for name, value in query.facets if query is not None else ():
        statement = statement.where(_facet(connection, name, value))
    return statement


def _with_full_text(
    connection: Connection, statement: Select[Any], terms: tuple[Term, ...], current: ColumnElement[bool]
) -> Select[Any]:
    """Join the full text. The only place that knows which database's it is."""
    if connection.dialect.name != "sqlite":
        raise UsageError(
            "Full text is searched in SQLite desks only; facets (person:, date:, ...) work everywhere."
        )
    joined = _search.join(articles, articles.c.seq == _search.c.rowid).join(records, current)
    return statement.select_from(joined).where(
        sql("search MATCH :match").bindparams(match=fts_expression(terms))
    )


def fts_expression(terms: tuple[Term, ...]) -> str:
    """Return the FTS5 expression: every term quoted, so that none of it is syntax."""
    return " AND ".join(
        f'"{t.text.replace(chr(34), chr(34) * 2)}"' + ("*" if t.prefix else "") for t in terms
    )


def _facet(connection: Connection, name: str, value: str) -> ColumnElement[bool]:
    if name == "date":
        begin, dots, end = value.partition("..")
        return and_(
            records.c.published >= begin,
            records.c.published < (end if dots else begin) + _BEHIND_ALL if end or not dots else true(),
        )
    if name == "lang":
        return records.c.language == value.lower()
    if name == "collection":
        return records.c.collection == value
    if name == "topic":
        code = value.lower().removeprefix("medtop:")
        known = _distinct(topics.c.code)
        label = select(topics.c.label).where(topics.c.code == known).limit(1).scalar_subquery()
        match = or_(
            topics.c.code == f"medtop:{code}",
            topics.c.code.in_(select(known).where(_has_words(connection, label, value))),
        )
        return articles.c.id.in_(select(topics.c.article_id).where(match))
    if name == "place":
        known = _distinct(places.c.name)
        match = places.c.name.in_(select(known).where(_has_words(connection, known, value)))
        if len(value) == _COUNTRY_LETTERS:
            match = or_(match, places.c.country == value.upper())
        return articles.c.id.in_(select(places.c.article_id).where(match))
    if name == "said-by":
        found = select(quotes.c.article_id).where(
            quotes.c.article_id == articles.c.id, _has_words(connection, quotes.c.speaker, value)
        )
    else:
        type_ = {"person": "PERSON", "org": "ORG"}[name]
        found = select(entities.c.article_id).where(
            entities.c.article_id == articles.c.id,
            entities.c.type == type_,
            _has_words(connection, entities.c.name, value),
        )
    return and_(_mentions(connection, value), found.exists())


def _distinct(indexed: Column[Any]) -> ColumnElement[Any]:
    """Return the distinct values of an indexed column, found by steps through the index, not row by row."""
    values = select(func.min(indexed).label("value")).cte(recursive=True)
    next_one = select(func.min(indexed)).where(indexed > values.c.value).scalar_subquery()
    return values.union_all(select(next_one).where(values.c.value.is_not(None))).c.value


def _mentions(connection: Connection, value: str) -> ColumnElement[bool]:
    """Whether the full text has the words at all: the index narrows what is then looked at closely."""
    if connection.dialect.name != "sqlite":
        return true()
    expression = fts_expression((Term(value),))
    narrowed = select(_search.c.rowid).where(literal_column("search").op("MATCH")(literal(expression)))
    return articles.c.seq.in_(narrowed)


def _has_words(connection: Connection, where: Any, value: str) -> ColumnElement[bool]:
    if connection.dialect.name == "sqlite":
        return func.copydesk_has_words(where, value, type_=Text).op("=")(literal(1))
    contains: ColumnElement[bool] = where.icontains(value, autoescape=True)
    return contains


def _prepare(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        raw = connection.connection.dbapi_connection
        raw.create_function("copydesk_has_words", 2, has_words, deterministic=True)  # type: ignore[union-attr]


def _marked(text: str) -> Marked:
    """Take the marks out of what FTS5 returned. Marks that the article itself has may show as hits."""
    plain: list[str] = []
    hits: list[tuple[int, int]] = []
    length, open_at = 0, -1
    for piece in re.split("([\x01\x02])", text):
        if piece == _OPEN:
            open_at = length
        elif piece == _CLOSE:
            if open_at >= 0:
                hits.append((open_at, length))
            open_at = -1
        else:
            plain.append(piece)
            length += len(piece)
    return Marked("".join(plain), tuple(hits))
