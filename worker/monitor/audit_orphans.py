"""The audit's look for rows that belong to nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import exists, select, text

from worker.desk.tables import (
    FLAT_TABLES,
    arrivals,
    articles,
    claims,
    holds,
    outbox,
    parts,
    quarantine,
    records,
    sources,
)
from worker.monitor.audit import AuditReport, Kind

if TYPE_CHECKING:
    from sqlalchemy import Connection, Select

_SEARCH_ORPHANS = text(
    "SELECT d.id FROM search_docsize AS d WHERE NOT EXISTS "
    "(SELECT 1 FROM articles AS a WHERE a.seq = d.id AND a.revision IS NOT NULL)"
)


def check_orphans(connection: Connection, report: AuditReport) -> None:
    """Name every row whose article, source, record or claim is not there."""
    _name(
        connection,
        report,
        select(arrivals.c.article_id, arrivals.c.source_id).where(~_article_of(arrivals)),
        Kind.ARRIVAL_WITHOUT_ARTICLE,
        lambda row: (row.article_id, f"arrived with source {row.source_id}, and is not among the articles"),
    )
    _name(
        connection,
        report,
        select(arrivals.c.article_id, arrivals.c.source_id).where(
            ~exists().where(sources.c.id == arrivals.c.source_id)
        ),
        Kind.ARRIVAL_WITHOUT_SOURCE,
        lambda row: (row.article_id, f"arrived with source {row.source_id}, which is not there"),
    )
    _name(
        connection,
        report,
        select(holds.c.article_id, holds.c.stage, holds.c.token).where(
            ~exists().where(claims.c.token == holds.c.token)
        ),
        Kind.HOLD_WITHOUT_CLAIM,
        lambda row: (row.article_id, f"is held for {row.stage} by claim {row.token}, which is gone"),
    )
    _name(
        connection,
        report,
        select(outbox.c.article_id, outbox.c.revision, outbox.c.sink).where(
            ~exists().where(
                records.c.article_id == outbox.c.article_id, records.c.revision == outbox.c.revision
            )
        ),
        Kind.ORPHAN,
        lambda row: (row.article_id, f"revision {row.revision} is to go to {row.sink}, and is not there"),
    )
    for table in (parts, records, quarantine, holds, *FLAT_TABLES):
        _name(
            connection,
            report,
            select(table.c.article_id).where(~_article_of(table)).distinct(),
            Kind.ORPHAN,
            lambda row, name=table.name: (row.article_id, f"is in `{name}`, and not among the articles"),
        )
    if connection.dialect.name == "sqlite":
        for seq in connection.scalars(_SEARCH_ORPHANS):
            report.add(Kind.ORPHAN, f"article number {seq}", "is in the full text, and has no record")


def _article_of(table: Any) -> Any:
    return exists().where(articles.c.id == table.c.article_id)


def _name(connection: Connection, report: AuditReport, query: Select[Any], kind: Kind, say: Any) -> None:
    for row in connection.execute(query, execution_options={"yield_per": 500}):
        report.add(kind, *say(row))
