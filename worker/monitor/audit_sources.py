"""The audit's way through all sources: their counters, and the files they came from."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from worker.desk.tables import SourceState, arrivals, sources
from worker.intake.move import NOWHERE
from worker.intake.names import path_of
from worker.monitor.audit import AuditReport, Kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import Connection

    from worker.desk.engine import Desk

AT_ONCE = 500


def check_sources(connection: Connection, report: AuditReport) -> None:
    """Hold the counters of every source against its arrivals."""
    for page in _pages(connection):
        counts: dict[int, list[int]] = {row.id: [0, 0] for row in page}
        query = (
            select(arrivals.c.source_id, arrivals.c.settled, func.count())
            .where(arrivals.c.source_id.in_(list(counts)))
            .group_by(arrivals.c.source_id, arrivals.c.settled)
        )
        for id_, settled, count in connection.execute(query):
            counts[id_][0] += count
            counts[id_][1] += 0 if settled else count
        for row in page:
            report.count("sources")
            came, pending = counts[row.id]
            _check_counters(row, came, pending, report)


def _pages(connection: Connection, *conditions: Any) -> Iterator[Sequence[Any]]:
    last = 0
    while rows := connection.execute(
        select(sources).where(sources.c.id > last, *conditions).order_by(sources.c.id).limit(AT_ONCE)
    ).all():
        yield rows
        last = rows[-1].id


def _check_counters(row: Any, came: int, pending: int, report: AuditReport) -> None:
    if row.articles != came:
        report.add(Kind.SOURCE_COUNTER, row.path, f"says {row.articles} articles, {came} arrived from it")
    if row.pending != pending:
        report.add(Kind.SOURCE_COUNTER, row.path, f"waits for {row.pending} articles, {pending} are open")
    if row.settled_at is not None and (pending or row.state == SourceState.SPLITTING):
        why = f"{pending} of its articles were open" if pending else "it was not read to its end"
        report.add(Kind.SOURCE_SETTLED_TOO_EARLY, row.path, f"was put away while {why}")
    if row.state == SourceState.SPLITTING:
        report.note(f"not read to its end yet, {row.articles} articles taken so far: {row.path}")
    if row.state == SourceState.GONE:
        report.note(f"{row.error_code or 'gone'}: {row.error_detail or 'it vanished'}: {row.path}")


def check_files(desk: Desk, report: AuditReport) -> None:
    """Look whether the files of watched sources are where they should be.

    What the articles need is in the spool. So a file that is gone is a gap only when something was still
    to be read out of it, or when it is the only copy of what could not be read.
    """
    last = 0
    while True:
        with desk.reading() as connection:
            watched = sources.c.watched.is_(True)
            page = connection.execute(
                select(sources).where(sources.c.id > last, watched).order_by(sources.c.id).limit(AT_ONCE)
            ).all()
        if not page:
            return
        for row in page:
            report.count("files")
            if (finding := _look(row)) is not None:
                # The watcher may have moved it while we looked.
                with desk.reading() as connection:
                    now = connection.execute(select(sources).where(sources.c.id == row.id)).first()
                finding = finding if now == row else _look(now)
            if finding is not None:
                lost, detail = finding
                if lost:
                    report.add(Kind.FILE_LOST, row.path, detail)
                else:
                    report.note(f"{detail}: {row.path}")
        last = page[-1].id


def _look(row: Any) -> tuple[bool, str] | None:
    """Return (is a gap, what is wrong), or None when the file is where it should be."""
    if row is None:
        return True, "its row is gone"
    # Whether something can still be lost with the file: all other articles' bytes are in the spool.
    needed = row.state in {SourceState.SPLITTING, SourceState.FAILED}
    return (
        _look_unsettled(row, needed=needed) if row.settled_at is None else _look_settled(row, needed=needed)
    )


def _look_unsettled(row: Any, *, needed: bool) -> tuple[bool, str] | None:
    if row.state == SourceState.GONE or _lies_at(row.path, row) or _lies_at(row.moved_to, row):
        return None
    if os.path.lexists(path_of(row.path)):
        return False, "changed after it was read; the watcher takes it as a new one"
    if needed:
        return True, "is not in the inbox, and not all of it was read"
    return False, "was taken out of the inbox by somebody; its articles are here"


def _look_settled(row: Any, *, needed: bool) -> tuple[bool, str] | None:
    if row.moved_to in {None, NOWHERE} or os.path.lexists(path_of(row.moved_to)):
        return None  # kept or deleted as wished, or where it was moved to
    if _lies_at(row.path, row):
        return False, f"was to be moved to {row.moved_to} and is still in the inbox"
    if needed:
        return True, f"could not be read, and is not at {row.moved_to} any more"
    return False, f"is not at {row.moved_to} any more; its articles are here"


def _lies_at(path: str | None, row: Any) -> bool:
    """Whether the file that was read lies there: same size, same time of change."""
    if path is None:
        return False
    try:
        found = os.stat(path_of(path))
    except OSError:
        return False
    return (found.st_size, found.st_mtime_ns) == (row.size, row.mtime_ns)
