"""Is every article accounted for? Compares arrivals, sources, files, spool, parts, records and outbox.

    arrived = published + duplicate (same bytes) + quarantined + dropped + in flight

The left side counts arrivals, the right side articles and their states, so that a row lost on either side
breaks it. Then every table is held against its neighbours, and what does not fit is named. Work in flight
is no gap: what may have moved on while the audit ran is looked at again before it is named.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from worker.desk.tables import ArticleState, SourceState, arrivals, articles, sources

if TYPE_CHECKING:
    from sqlalchemy import Connection, Table

    from worker.desk.engine import Desk
    from worker.settings import Settings
    from worker.spool import Spool

NAMED = 20


class Kind(enum.StrEnum):
    """What a gap is. The value is stable: programs may rely on it."""

    IDENTITY = "identity"
    DATABASE = "database_damaged"
    ARTICLE_WITHOUT_ARRIVAL = "article_without_arrival"
    ARRIVAL_WITHOUT_ARTICLE = "arrival_without_article"
    ARRIVAL_WITHOUT_SOURCE = "arrival_without_source"
    ARRIVAL_NOT_SETTLED = "arrival_not_settled"
    SOURCE_COUNTER = "source_counter"
    SOURCE_SETTLED_TOO_EARLY = "source_settled_too_early"
    FILE_LOST = "file_lost"
    PART_MISSING = "part_missing"
    STATE_WRONG = "state_wrong"
    RECORD_MISSING = "record_missing"
    RECORD_DAMAGED = "record_damaged"
    FLAT_ROWS = "flat_rows"
    SEARCH_ROW = "search_row"
    OUTBOX_ROW = "outbox_row"
    QUARANTINE_ROW = "quarantine_row"
    SPOOL_MISSING = "spool_missing"
    SPOOL_DAMAGED = "spool_damaged"
    HOLD_WITHOUT_CLAIM = "hold_without_claim"
    ORPHAN = "orphan"


@dataclass(frozen=True)
class Finding:
    """One thing that does not fit: `what` names it (an article id, a source's path, ...)."""

    kind: Kind
    what: str
    detail: str


@dataclass
class AuditReport:
    """What the audit found. Of each kind of gap at most `most_named` are kept, all are counted."""

    most_named: int | None = NAMED
    arrived: int = 0
    published: int = 0
    duplicates: int = 0
    quarantined: int = 0
    dropped: int = 0
    in_flight: int = 0
    sources: dict[str, int] = field(default_factory=dict)
    checked: dict[str, int] = field(default_factory=dict)
    counts: dict[Kind, int] = field(default_factory=dict)
    gaps: list[Finding] = field(default_factory=list)
    note_count: int = 0
    notes: list[str] = field(default_factory=list)

    @property
    def accounted(self) -> int:
        """The right side of the identity."""
        return self.published + self.duplicates + self.quarantined + self.dropped + self.in_flight

    @property
    def gap_count(self) -> int:
        """All gaps, named or not."""
        return sum(self.counts.values())

    def add(self, kind: Kind, what: str, detail: str) -> None:
        """Count a gap, and name it if there is room."""
        self.counts[kind] = self.counts.get(kind, 0) + 1
        if self.most_named is None or self.counts[kind] <= self.most_named:
            self.gaps.append(Finding(kind, what, detail))

    def note(self, text: str) -> None:
        """Keep something worth knowing that is no gap."""
        self.note_count += 1
        if self.most_named is None or len(self.notes) < self.most_named:
            self.notes.append(text)

    def count(self, what: str, number: int = 1) -> None:
        """Count what was looked at."""
        self.checked[what] = self.checked.get(what, 0) + number


def audit(
    desk: Desk,
    spool: Spool,
    settings: Settings,
    deep: bool = False,  # noqa: FBT001, FBT002 - `audit(desk, spool, settings, deep=True)`
    *,
    files: bool = True,
    most_named: int | None = NAMED,
) -> AuditReport:
    """Hold everything against everything; changes nothing.

    `deep` also hashes the spool, rebuilds what records are laid out to, and lets the database check itself.
    `files=False` leaves out the source files (they lie on another machine, say). `most_named` is how many
    gaps of each kind are named, None for all. Memory is bounded but for the gaps that are named.
    """
    from worker.monitor.audit_articles import check_articles  # noqa: PLC0415 - they import this module
    from worker.monitor.audit_orphans import check_orphans  # noqa: PLC0415
    from worker.monitor.audit_sources import check_files, check_sources  # noqa: PLC0415

    report = AuditReport(most_named=most_named)
    with desk.reading() as connection:
        if not desk.is_sqlite:  # on SQLite a read transaction is one view by itself
            connection.execution_options(isolation_level="REPEATABLE READ")
        _count(connection, report)
        check_articles(connection, spool, settings, report, deep=deep)
        check_sources(connection, report)
        check_orphans(connection, report)
        if deep and desk.is_sqlite:
            _check_database(connection, report)
    if files:
        check_files(desk, report)
    return report


def _count(connection: Connection, report: AuditReport) -> None:
    """Fill in the identity."""
    states = _by_state(connection, articles)
    report.arrived = connection.scalar(select(func.count()).select_from(arrivals)) or 0
    different = connection.scalar(select(func.count(arrivals.c.article_id.distinct()))) or 0
    report.duplicates = report.arrived - different
    report.published = states.pop(ArticleState.PUBLISHED, 0)
    report.quarantined = states.pop(ArticleState.QUARANTINED, 0)
    report.dropped = states.pop(ArticleState.DROPPED, 0)
    report.in_flight = states.pop(ArticleState.WAITING, 0) + states.pop(ArticleState.IN_FLIGHT, 0)
    for state, count in states.items():
        report.add(Kind.STATE_WRONG, state, f"{count} articles are in a state that does not exist")
    if report.arrived != report.accounted:
        report.add(
            Kind.IDENTITY,
            "arrivals",
            f"{report.arrived} arrived, {report.accounted} are accounted for",
        )
    found = _by_state(connection, sources)
    report.sources = {state.value: found.get(state.value, 0) for state in SourceState}


def _by_state(connection: Connection, table: Table) -> dict[str, int]:
    rows = connection.execute(select(table.c.state, func.count()).group_by(table.c.state))
    return {row[0]: row[1] for row in rows}


def _check_database(connection: Connection, report: AuditReport) -> None:
    """Let SQLite check its pages and indexes, and FTS5 its index."""
    rows: list[Any] = list(connection.exec_driver_sql("PRAGMA integrity_check(20)").scalars())
    for row in rows:
        if row != "ok":
            report.add(Kind.DATABASE, "desk.db", str(row))
