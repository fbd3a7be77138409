"""Writes records: the revision as JSON, flat tables, full text, prints, and a row for every sink."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, delete, insert, select, text, update

from worker.desk.prints import write as write_prints
from worker.desk.tables import FLAT_TABLES, articles, outbox, records

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection, Table

    from worker.desk.prints import Prints
    from worker.record import Record

Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Prepared:
    """A record ready to be written: everything that can be done outside the transaction is done."""

    id: str
    digest: str
    row: dict[str, Any]
    flat: dict[str, Rows]
    search: dict[str, str]
    prints: Prints | None = None


def prepare(record: Record, prints: Prints | None = None) -> Prepared:
    """Lay a record flat. The digest is over its JSON: equal records have equal digests.

    `prints` is what its relations to other articles are found by.
    """
    body = record.model_dump_json()
    digest = hashlib.sha256(body.encode()).hexdigest()
    return Prepared(
        id=record.id,
        digest=digest,
        row={
            "article_id": record.id,
            "digest": digest,
            "schema_version": record.schema_version,
            "collection": record.collection,
            "headline": record.headline.text,
            "published": record.published.value if record.published else None,
            "language": record.language,
            "body": body,
        },
        flat={
            "entities": _entity_rows(record),
            "quotes": _quote_rows(record),
            "timexes": _span_rows(record.id, record.timexes, "type", "value"),
            "places": _span_rows(
                record.id, record.places, "name", "country", "lat", "lon", "geonames_id", "status", text=False
            ),
            "topics": [
                {"article_id": record.id, "code": t.code, "label": t.label, "probability": t.probability}
                for t in record.about.topics
            ],
        },
        search={
            "article_id": record.id,
            "headline": record.headline.text,
            "body": record.body,
            "names": "\n".join(name for e in record.entities for name in [e.name, *e.aliases]),
        },
        prints=prints,
    )


def write(connection: Connection, prepared: Sequence[Prepared], *, sinks: Sequence[str], now: float) -> None:
    """Write the records that differ from their last revision, each as a new one."""
    known = {
        row.id: row
        for row in connection.execute(
            select(articles.c.id, articles.c.seq, articles.c.revision, records.c.digest)
            .outerjoin(
                records,
                (records.c.article_id == articles.c.id) & (records.c.revision == articles.c.revision),
            )
            .where(articles.c.id.in_([p.id for p in prepared]))
        )
    }
    changed = [p for p in prepared if known[p.id].digest != p.digest]
    if not changed:
        return
    revisions = {p.id: (known[p.id].revision or 0) + 1 for p in changed}
    connection.execute(
        insert(records), [{**p.row, "revision": revisions[p.id], "made_at": now} for p in changed]
    )
    connection.execute(
        update(articles).where(articles.c.id == bindparam("b_id")).values(revision=bindparam("b_revision")),
        [{"b_id": p.id, "b_revision": revisions[p.id]} for p in changed],
    )
    older = [p.id for p in changed if revisions[p.id] > 1]
    _write_flat(connection, changed, older=older)
    seqs = {p.id: known[p.id].seq for p in changed}
    write_prints(connection, {seqs[p.id]: p.prints for p in changed}, older=[seqs[each] for each in older])
    if connection.dialect.name == "sqlite":
        _write_search(connection, changed, seqs, revisions)
    if sinks:
        connection.execute(
            insert(outbox),
            [
                {"article_id": p.id, "revision": revisions[p.id], "sink": sink, "due_at": now}
                for p in changed
                for sink in sinks
            ],
        )


def _write_flat(connection: Connection, changed: Sequence[Prepared], *, older: Sequence[str]) -> None:
    by_name: dict[str, Table] = {table.name: table for table in FLAT_TABLES}
    for name, table in by_name.items():
        if older:
            connection.execute(delete(table).where(table.c.article_id.in_(older)))
        rows = [row for p in changed for row in p.flat[name]]
        if rows:
            connection.execute(insert(table), rows)


def _write_search(
    connection: Connection, changed: Sequence[Prepared], seqs: dict[str, int], revisions: dict[str, int]
) -> None:
    older = [{"seq": seqs[p.id]} for p in changed if revisions[p.id] > 1]
    if older:
        connection.execute(text("DELETE FROM search WHERE rowid = :seq"), older)
    connection.execute(
        text(
            "INSERT INTO search (rowid, article_id, headline, body, names) "
            "VALUES (:seq, :article_id, :headline, :body, :names)"
        ),
        [{"seq": seqs[p.id], **p.search} for p in changed],
    )


def _entity_rows(record: Record) -> Rows:
    return [
        {
            "article_id": record.id,
            "entity_id": e.id,
            "type": e.type,
            "name": e.name,
            "country": e.country,
            "role": "; ".join(role.text for role in e.roles) or None,
            "mentions": len(e.mentions),
            "salience": e.salience,
        }
        for e in record.entities
    ]


def _quote_rows(record: Record) -> Rows:
    names = {e.id: e.name for e in record.entities}
    return [
        {
            "article_id": record.id,
            "quote_id": q.id,
            "kind": q.kind,
            "speaker": names.get(q.speaker.entity or "", q.speaker.text) if q.speaker else None,
            "speaker_id": q.speaker.entity if q.speaker else None,
            "cue": q.cue.text if q.cue else None,
            "text": q.said or " ".join(segment.text for segment in q.segments),
            "start": q.segments[0].start,
            "end": q.segments[-1].end,
            "confidence": q.confidence,
        }
        for q in record.quotes
    ]


def _span_rows(id_: str, spans: Sequence[Any], *names: str, text: bool = True) -> Rows:
    columns = [*names, "start", "end", *(["text"] if text else [])]
    return [{"article_id": id_, **{name: getattr(span, name) for name in columns}} for span in spans]
