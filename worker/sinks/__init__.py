"""Sinks: places outside the desk that records are delivered to. One file a sink, found by entry point.

A sink is a class with `name`, made with the settings, and one method:

    deliver(deliveries: list[Delivery], cursor: str | None) -> str | None

It gets the records in order and the cursor it returned last, and returns a new cursor. The desk keeps the
cursor in the same transaction that marks the records as delivered, so a sink that can rewind to its cursor
(a file) delivers exactly once; for others every delivery carries the idempotency key article id + revision.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Protocol

from sqlalchemy import select, update

from worker.desk import ledger
from worker.desk.tables import outbox, records, sink_cursors
from worker.errors import SettingsError

if TYPE_CHECKING:
    from worker.desk.engine import Desk
    from worker.settings import Settings

log = logging.getLogger(__name__)
GROUP = "copydesk.sinks"
AT_ONCE = 500
MAX_PAUSE_S = 600


@dataclass(frozen=True)
class Delivery:
    """One revision of one record, as JSON. `key` is the same each time it is delivered."""

    article_id: str
    revision: int
    body: str

    @property
    def key(self) -> str:
        """The idempotency key."""
        return f"{self.article_id}:{self.revision}"


class Sink(Protocol):
    """What a sink has to offer; see the module's docstring."""

    name: str

    def deliver(self, deliveries: list[Delivery], cursor: str | None) -> str | None:
        """Deliver in order; raise OSError when it cannot be done now."""


def load_sinks(settings: Settings) -> list[Sink]:
    """Return the sinks named in the settings. Raises SettingsError for one that nobody provides."""
    known = {point.name: point for point in entry_points(group=GROUP)}
    missing = [name for name in settings.sinks if name not in known]
    if missing:
        raise SettingsError(f"sinks: there is no sink {missing[0]!r}. Known: {', '.join(sorted(known))}.")
    return [known[name].load()(settings) for name in settings.sinks]


class Couriers:
    """Carries the outbox to the sinks."""

    def __init__(self, settings: Settings) -> None:
        self._sinks = load_sinks(settings)
        self._retry_after_s = max(1.0, settings.retry_after_s)

    def deliver(self, desk: Desk) -> bool:
        """Deliver what is due, up to `AT_ONCE` records a sink; return whether there may be more."""
        more = [self._deliver_to(sink, desk) for sink in self._sinks]  # every one, not the first with more
        return any(more)

    def _deliver_to(self, sink: Sink, desk: Desk) -> bool:
        with desk.writing() as connection:
            now = desk.now(connection)
            rows = connection.execute(
                select(outbox.c.article_id, outbox.c.revision, outbox.c.attempts, records.c.body)
                .join(
                    records,
                    (records.c.article_id == outbox.c.article_id) & (records.c.revision == outbox.c.revision),
                )
                .where(outbox.c.sink == sink.name, outbox.c.delivered_at.is_(None), outbox.c.due_at <= now)
                .order_by(outbox.c.due_at, outbox.c.article_id)
                .limit(AT_ONCE)
            ).all()
            if not rows:
                return False
            cursor = connection.scalar(select(sink_cursors.c.cursor).where(sink_cursors.c.sink == sink.name))
            mine = (outbox.c.sink == sink.name) & outbox.c.article_id.in_([row.article_id for row in rows])
            try:
                cursor = sink.deliver(
                    [Delivery(row.article_id, row.revision, row.body) for row in rows], cursor
                )
            except OSError as error:
                pause_s = min(self._retry_after_s * 2 ** rows[0].attempts, MAX_PAUSE_S)
                log.warning("a sink cannot be reached", extra={"sink": sink.name, "error": str(error)})
                connection.execute(
                    update(outbox)
                    .where(mine, outbox.c.delivered_at.is_(None))
                    .values(attempts=outbox.c.attempts + 1, due_at=now + pause_s, error=str(error)[:500])
                )
                return False
            for row in rows:
                connection.execute(
                    update(outbox)
                    .where(
                        outbox.c.article_id == row.article_id,
                        outbox.c.revision == row.revision,
                        outbox.c.sink == sink.name,
                    )
                    .values(delivered_at=now, attempts=row.attempts + 1, error=None)
                )
            if cursor is not None:
                connection.execute(
                    ledger.upsert(connection, sink_cursors, ["sink"], ["cursor"]),
                    {"sink": sink.name, "cursor": cursor},
                )
        return len(rows) == AT_ONCE
