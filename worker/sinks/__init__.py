"""Sinks: places outside the desk that records are delivered to. One file a sink, found by entry point.

A sink is a class with `name`, made with the settings, and one method:

    deliver(deliveries: list[Delivery], cursor: str | None) -> str | None

It gets the records in order and the cursor it returned last, and returns a new cursor. The desk keeps the
cursor in the same transaction that marks the records as delivered, so a sink that can rewind to its cursor
(a file) delivers exactly once: such a one also has `position() -> str`, its cursor before the first delivery.
For others every delivery carries the idempotency key article id + revision. Whatever a sink raises, the same
records come again after a pause, which doubles each time.
"""

from __future__ import annotations

import fcntl
import logging
import time
from dataclasses import dataclass
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Any, Protocol

from sqlalchemy import bindparam, exists, select, update

from worker.desk import ledger
from worker.desk.tables import outbox, records, sink_cursors
from worker.errors import RetryLater, SettingsError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection
    from sqlalchemy.sql.dml import Update

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
        """Deliver in order; raise when it cannot be done now."""


def load_sinks(settings: Settings) -> list[Sink]:
    """Return the sinks named in the settings. Raises SettingsError for one that nobody provides."""
    known = {point.name: point for point in entry_points(group=GROUP)}
    missing = [name for name in settings.sinks if name not in known]
    if missing:
        raise SettingsError(f"sinks: there is no sink {missing[0]!r}. Known: {', '.join(sorted(known))}.")
    return [known[name].load()(settings) for name in settings.sinks]


class Couriers:
    """Carries the outbox to the sinks; one process at a time delivers to a sink (a file lock says which)."""

    def __init__(self, settings: Settings) -> None:
        self._sinks = load_sinks(settings)
        self._retry_after_s = max(1.0, settings.retry_after_s)
        self._locks = settings.desk_dir / "run"
        self._rests: dict[str, float] = {}  # sink -> until when, after it could not be reached

    def deliver(self, desk: Desk) -> bool:
        """Deliver what is due, up to `AT_ONCE` records a sink; return whether there may be more."""
        more = [self._deliver_to(sink, desk) for sink in self._sinks]  # every one, not the first with more
        return any(more)

    def _deliver_to(self, sink: Sink, desk: Desk) -> bool:
        """Read, deliver, mark. No transaction is open meanwhile: a slow sink must not lock the desk."""
        if time.monotonic() < self._rests.get(sink.name, 0):
            return False
        with (self._locks / f"sink-{sink.name}.lock").open("a") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
            with desk.reading() as connection:
                due, cursor = _due(connection, sink.name, now=desk.now(connection))
            if not due:
                return False
            try:
                if cursor is None and hasattr(sink, "position"):
                    cursor = sink.position()
                    with desk.writing() as connection:
                        _keep_cursor(connection, sink.name, cursor)
                cursor = sink.deliver(
                    [Delivery(row.article_id, row.revision, row.body) for row in due], cursor
                )
            except RetryLater:  # the desk, not the sink
                raise
            except Exception as error:  # noqa: BLE001 - somebody else's code; whatever it is, it waits
                self._put_off(sink.name, due, error, desk)
                return False
            self._rests.pop(sink.name, None)
            with desk.writing() as connection:
                _mark_delivered(connection, sink.name, due, cursor, now=desk.now(connection))
        return len(due) == AT_ONCE

    def _put_off(self, name: str, due: Sequence[Any], error: Exception, desk: Desk) -> None:
        pause_s = min(self._retry_after_s * 2 ** min(due[0].attempts, 20), MAX_PAUSE_S)
        self._rests[name] = time.monotonic() + pause_s
        what = f"{type(error).__name__}: {error}"[:500]
        log.warning("a sink cannot be reached", extra={"sink": name, "error": what, "pause_s": pause_s})
        with desk.writing() as connection:
            connection.execute(
                _one_row(name).values(attempts=outbox.c.attempts + 1, due_at=bindparam("b_due"), error=what),
                _keys(due, b_due=desk.now(connection) + pause_s),
            )


def _due(connection: Connection, name: str, *, now: float) -> tuple[Sequence[Any], str | None]:
    """Return what is due for a sink, oldest first, and the sink's cursor. Revisions never overtake."""
    older = outbox.alias("older")
    overtakes = exists().where(
        older.c.sink == name,
        older.c.article_id == outbox.c.article_id,
        older.c.revision < outbox.c.revision,
        older.c.delivered_at.is_(None),
        older.c.due_at > now,
    )
    rows = connection.execute(
        select(outbox.c.article_id, outbox.c.revision, outbox.c.attempts, records.c.body)
        .join(
            records,
            (records.c.article_id == outbox.c.article_id) & (records.c.revision == outbox.c.revision),
        )
        .where(outbox.c.sink == name, outbox.c.delivered_at.is_(None), outbox.c.due_at <= now, ~overtakes)
        .order_by(outbox.c.due_at, outbox.c.article_id, outbox.c.revision)
        .limit(AT_ONCE)
    ).all()
    return rows, connection.scalar(select(sink_cursors.c.cursor).where(sink_cursors.c.sink == name))


def _mark_delivered(
    connection: Connection, name: str, due: Sequence[Any], cursor: str | None, *, now: float
) -> None:
    connection.execute(
        _one_row(name).values(delivered_at=now, attempts=outbox.c.attempts + 1, error=None), _keys(due)
    )
    if cursor is not None:
        _keep_cursor(connection, name, cursor)


def _keep_cursor(connection: Connection, name: str, cursor: str) -> None:
    connection.execute(
        ledger.upsert(connection, sink_cursors, ["sink"], ["cursor"]), {"sink": name, "cursor": cursor}
    )


def _one_row(name: str) -> Update:
    return update(outbox).where(
        outbox.c.article_id == bindparam("b_article"),
        outbox.c.revision == bindparam("b_revision"),
        outbox.c.sink == name,
    )


def _keys(due: Sequence[Any], **more: Any) -> list[dict[str, Any]]:
    return [{"b_article": row.article_id, "b_revision": row.revision, **more} for row in due]
