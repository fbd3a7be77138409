"""The audit's way through all articles: parts, records, what is laid flat, quarantine, outbox, spool."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select, text

from worker.desk.publishing import prepare
from worker.desk.stages import STAGES
from worker.desk.tables import (
    FINAL_STATES,
    FLAT_TABLES,
    ArticleState,
    arrivals,
    articles,
    outbox,
    parts,
    quarantine,
    records,
)
from worker.monitor.audit import AuditReport, Kind
from worker.record import Record

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import ColumnElement, Connection, Select, Table

    from worker.settings import Settings
    from worker.spool import Spool

AT_ONCE = 500
HASH_BLOCK = 1024 * 1024
ALL_BITS = sum(stage.bit for stage in STAGES.values())
_LISTS = {
    "entities": ("entities",),
    "quotes": ("quotes",),
    "timexes": ("timexes",),
    "places": ("places",),
    "topics": ("about", "topics"),
}


@dataclass(frozen=True)
class _Neighbours:
    """What the other tables say of one page of articles."""

    arrived: dict[str, int]
    unsettled: dict[str, int]
    parts: set[tuple[str, str]]
    revisions: dict[str, int]
    records: dict[str, Any]
    flat: dict[str, Counter[str]]
    search: dict[int, str]
    quarantine: set[str]
    outbox: set[tuple[str, int, str]]


def check_articles(
    connection: Connection, spool: Spool, settings: Settings, report: AuditReport, *, deep: bool
) -> None:
    """Hold every article against its neighbours, page by page."""
    sinks_since = {sink: _first_delivery(connection, sink) for sink in settings.sinks}
    for page in _pages(connection):
        near = _neighbours(connection, page)
        for row in page:
            report.count("articles")
            _check_state(row, near, report)
            _check_parts(row, near, report)
            if row.revision is not None:
                report.count("records")
                _check_record(connection, row, near, report, deep=deep)
                _check_outbox(row, near, report, sinks_since)
            _check_bytes(row, spool, report, deep=deep)


def _pages(connection: Connection) -> Iterator[Sequence[Any]]:
    last = 0
    while rows := connection.execute(
        select(articles).where(articles.c.seq > last).order_by(articles.c.seq).limit(AT_ONCE)
    ).all():
        yield rows
        last = rows[-1].seq


def _neighbours(connection: Connection, page: Sequence[Any]) -> _Neighbours:
    ids = [row.id for row in page]
    seqs = [row.seq for row in page if row.revision is not None]
    came = connection.execute(
        select(arrivals.c.article_id, arrivals.c.settled, func.count())
        .where(arrivals.c.article_id.in_(ids))
        .group_by(arrivals.c.article_id, arrivals.c.settled)
    ).all()
    arrived: Counter[str] = Counter()
    unsettled: Counter[str] = Counter()
    for id_, settled, count in came:
        arrived[id_] += count
        unsettled[id_] += 0 if settled else count
    current = (
        select(records.c.article_id, records.c.digest, records.c.made_at)
        .join(articles, (articles.c.id == records.c.article_id) & (articles.c.revision == records.c.revision))
        .where(records.c.article_id.in_(ids))
    )
    return _Neighbours(
        arrived=arrived,
        unsettled=unsettled,
        parts=_keys(connection, select(parts.c.article_id, parts.c.stage), parts.c.article_id.in_(ids)),
        revisions=_count_by_article(connection, records, ids),
        records={row.article_id: row for row in connection.execute(current)},
        flat={table.name: _count_by_article(connection, table, ids) for table in FLAT_TABLES},
        search=_search_rows(connection, seqs),
        quarantine=set(
            connection.scalars(select(quarantine.c.article_id).where(quarantine.c.article_id.in_(ids)))
        ),
        outbox=_keys(
            connection,
            select(outbox.c.article_id, outbox.c.revision, outbox.c.sink),
            outbox.c.article_id.in_(ids),
        ),
    )


def _keys(connection: Connection, query: Select[Any], condition: ColumnElement[bool]) -> set[Any]:
    return {tuple(row) for row in connection.execute(query.where(condition))}


def _count_by_article(connection: Connection, table: Table, ids: Sequence[str]) -> Counter[str]:
    query = (
        select(table.c.article_id, func.count())
        .where(table.c.article_id.in_(ids))
        .group_by(table.c.article_id)
    )
    return Counter({row[0]: row[1] for row in connection.execute(query)})


def _search_rows(connection: Connection, seqs: Sequence[int]) -> dict[int, str]:
    if connection.dialect.name != "sqlite" or not seqs:
        return {}
    numbers = ",".join(str(int(seq)) for seq in seqs)
    rows = connection.execute(text(f"SELECT rowid, article_id FROM search WHERE rowid IN ({numbers})"))  # noqa: S608
    return {row[0]: row[1] for row in rows}


def _check_state(row: Any, near: _Neighbours, report: AuditReport) -> None:
    if not near.arrived[row.id]:
        report.add(Kind.ARTICLE_WITHOUT_ARRIVAL, row.id, "no source says that this article came")
    final = row.state in FINAL_STATES
    if final and near.unsettled[row.id]:
        report.add(
            Kind.ARRIVAL_NOT_SETTLED,
            row.id,
            f"is {row.state}, but {near.unsettled[row.id]} of its sources still wait for it",
        )
    if final and row.finished_at is None:
        report.add(Kind.STATE_WRONG, row.id, f"is {row.state} and has no time at which it became so")
    if row.state == ArticleState.PUBLISHED:
        if row.mask != ALL_BITS:
            lacking = [stage.name for stage in STAGES.values() if not row.mask & stage.bit]
            report.add(Kind.STATE_WRONG, row.id, f"is published without {', '.join(lacking)}")
        if row.revision is None:
            report.add(Kind.RECORD_MISSING, row.id, "is published and has no record")
    elif row.mask & STAGES["publish"].bit:
        report.add(Kind.STATE_WRONG, row.id, f"went through publish and is {row.state}")
    quarantined = row.state == ArticleState.QUARANTINED
    if quarantined != (row.id in near.quarantine):
        detail = (
            "is quarantined, and nothing says why" if quarantined else f"is {row.state}, and in quarantine"
        )
        report.add(Kind.QUARANTINE_ROW, row.id, detail)


def _check_parts(row: Any, near: _Neighbours, report: AuditReport) -> None:
    for stage in STAGES.values():
        if stage.name != "publish" and row.mask & stage.bit and (row.id, stage.name) not in near.parts:
            report.add(Kind.PART_MISSING, row.id, f"went through {stage.name}, but its part is not there")


def _check_record(
    connection: Connection, row: Any, near: _Neighbours, report: AuditReport, *, deep: bool
) -> None:
    found = near.records.get(row.id)
    if found is None:
        report.add(Kind.RECORD_MISSING, row.id, f"revision {row.revision} is not there")
        return
    if near.revisions[row.id] != row.revision:
        there = near.revisions[row.id]
        report.add(Kind.RECORD_MISSING, row.id, f"has {there} revisions and should have {row.revision}")
    body = _body(connection, row)  # one at a time: some are large
    if hashlib.sha256(body.encode()).hexdigest() != found.digest:
        report.add(
            Kind.RECORD_DAMAGED, row.id, f"revision {row.revision}: the JSON does not match its digest"
        )
        return
    record = json.loads(body)
    wrong = [name for name in ("id", "digest", "collection") if record.get(name) != getattr(row, name)]
    if wrong:
        report.add(
            Kind.RECORD_DAMAGED, row.id, f"revision {row.revision}: another {', '.join(wrong)} in the record"
        )
    for name, path in _LISTS.items():
        expected = _length(record, path)
        if near.flat[name][row.id] != expected:
            report.add(
                Kind.FLAT_ROWS,
                row.id,
                f"{near.flat[name][row.id]} rows in `{name}`, {expected} in the record",
            )
    if connection.dialect.name == "sqlite" and near.search.get(row.seq) != row.id:
        report.add(Kind.SEARCH_ROW, row.id, "is not in the full text")
    elif deep:
        _check_layout(connection, row, body, report)


def _body(connection: Connection, row: Any) -> str:
    query = select(records.c.body).where(records.c.article_id == row.id, records.c.revision == row.revision)
    return str(connection.scalar(query))


def _length(record: dict[str, Any], path: tuple[str, ...]) -> int:
    value: Any = record
    for step in path:
        value = value.get(step, {})
    return len(value)


def _check_layout(connection: Connection, row: Any, body: str, report: AuditReport) -> None:
    """Lay the record out again and compare it with what the tables hold."""
    prepared = prepare(Record.model_validate_json(body))
    for table in FLAT_TABLES:
        columns = [column for column in table.c if column.name != "row"]
        query = select(*columns).where(table.c.article_id == row.id).order_by(table.c.row)
        held = [dict(found._mapping) for found in connection.execute(query)]  # noqa: SLF001 - SQLAlchemy's public way
        if held != prepared.flat[table.name]:
            report.add(Kind.FLAT_ROWS, row.id, f"`{table.name}` says something else than the record")
    if connection.dialect.name == "sqlite":
        search = text("SELECT article_id, headline, body, names FROM search WHERE rowid = :seq")
        in_search = connection.execute(search, {"seq": row.seq}).one()._mapping  # noqa: SLF001
        if dict(in_search) != prepared.search:
            report.add(Kind.SEARCH_ROW, row.id, "the full text says something else than the record")


def _first_delivery(connection: Connection, sink: str) -> float | None:
    """Return when the first record was made that this sink was told of: older ones it need not know."""
    first: float | None = connection.scalar(
        select(func.min(records.c.made_at))
        .join(
            outbox,
            (outbox.c.article_id == records.c.article_id) & (outbox.c.revision == records.c.revision),
        )
        .where(outbox.c.sink == sink)
    )
    return first


def _check_outbox(
    row: Any, near: _Neighbours, report: AuditReport, sinks_since: dict[str, float | None]
) -> None:
    found = near.records.get(row.id)
    for sink, since in sinks_since.items():
        known = since is not None and found is not None and found.made_at >= since
        if known and (row.id, row.revision, sink) not in near.outbox:
            report.add(
                Kind.OUTBOX_ROW, row.id, f"revision {row.revision} was never meant for the sink {sink}"
            )


def _check_bytes(row: Any, spool: Spool, report: AuditReport, *, deep: bool) -> None:
    path = spool.path_of(row.digest)
    try:
        size = spool.fs.info(path)["size"]
    except FileNotFoundError:
        report.add(Kind.SPOOL_MISSING, row.id, f"its bytes are not in the spool: {path}")
        return
    if size != row.size:
        report.add(Kind.SPOOL_DAMAGED, row.id, f"{size} bytes in the spool, {row.size} arrived: {path}")
    elif deep:
        hashed = hashlib.sha256()
        with spool.fs.open(path, "rb") as file:
            while block := file.read(HASH_BLOCK):
                hashed.update(block)
        if hashed.hexdigest() != row.digest:
            report.add(
                Kind.SPOOL_DAMAGED, row.id, f"the bytes in the spool are not those that arrived: {path}"
            )
