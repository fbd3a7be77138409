"""The worker's parent buries its dead: children that crashed or were killed for running over the limit.

Runs in the Celery parent, which forks: the desk is opened and closed inside every handler, never kept.
"""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Any

from billiard.exceptions import TimeLimitExceeded, WorkerLostError
from celery import signals
from sqlalchemy import select

from worker import bell, leaving, stopping
from worker.current import read_marker
from worker.desk import ledger
from worker.desk.engine import Desk, open_desk
from worker.desk.tables import claims
from worker.errors import CopydeskError
from worker.group import OWNER_ENV, hold_workers_lock
from worker.process import host_key, is_alive, process_key
from worker.settings import current_settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from celery import Celery

    from worker.settings import Settings

WITNESS_PATIENCE_S = 15
KEEPER_CHECK_S = 5
log = logging.getLogger(__name__)
_keeper: list[subprocess.Popen[bytes]] = []
_held: list[IO[str]] = []
keeper_after_s = 0.0
"""When to start the housekeeper, for a worker whose command keeps house itself."""


@contextmanager
def _short_desk() -> Iterator[Desk]:
    desk = open_desk(current_settings(), pooled=False)
    try:
        yield desk
    finally:
        desk.close()


def _app() -> Celery:
    from worker.celery import app  # noqa: PLC0415 - this module is imported by it

    return app


@signals.task_failure.connect
def on_lost_child(task_id: str = "", exception: BaseException | None = None, **_: Any) -> None:
    """A child died or ran over the hard limit while the group lives: charge its current article."""
    if not isinstance(exception, (WorkerLostError, TimeLimitExceeded)):
        return
    code = "time_limit" if isinstance(exception, TimeLimitExceeded) else "crashed"
    failure = ledger.Failure(code, f"the process working on it died: {exception}", final=False)
    settings = current_settings()
    try:
        with _short_desk() as desk, desk.writing() as connection:
            tokens = list(connection.scalars(select(claims.c.token).where(claims.c.task_id == task_id)))
            rings: ledger.Rings = {}
            for token in tokens:
                current = read_marker(settings, token)
                found = ledger.bury(
                    connection,
                    token,
                    "witnessed",
                    now=desk.now(connection),
                    settings=settings,
                    current=current,
                    failure=failure,
                )
                merge(rings, found)
    except CopydeskError as error:  # the reconciler buries it when the lease ends
        log.error("a dead child could not be buried now", extra={"task": task_id, "error": str(error)})  # noqa: TRY400
        return
    log.warning("a worker process died", extra={"task": task_id, "code": code, "error": str(exception)})
    bell.ring(_app(), rings, batch_size=settings.batch_size, label="")


@signals.worker_init.connect
def on_init(**_: Any) -> None:
    """Say that a worker serves this desk, and bury what an earlier one left behind."""
    settings = current_settings()
    with _short_desk() as desk:
        Graveyard().bury(desk, settings=settings)  # what is due is rung for by the housekeeper
    _held.append(hold_workers_lock(settings))


@signals.worker_ready.connect
def on_ready(sender: Any = None, **_: Any) -> None:
    """Start the housekeeper beside this worker, and again when it dies; of several, a lease lets one work."""
    if keeper_after_s:
        sender.timer.call_after(keeper_after_s, _tend_keeper)
    else:
        _tend_keeper()
    sender.timer.call_repeatedly(keeper_after_s + KEEPER_CHECK_S, _tend_keeper)


def _tend_keeper() -> None:
    if stopping.asked() or any(keeper.poll() is None for keeper in _keeper):
        return
    command = [sys.executable, "-m", "worker.keeper", "--parent", str(os.getpid())]
    _keeper[:] = [subprocess.Popen(command)]  # noqa: S603 - our own module


@signals.worker_shutting_down.connect
def on_shutting_down(**_: Any) -> None:
    """Ask the children to hand back what they have not begun; one that belongs to a command leaves then."""
    stopping.ask()
    if OWNER_ENV in os.environ:
        leaving.when_idle(_keeper, _held)


@signals.worker_shutdown.connect
def on_shutdown(**_: Any) -> None:
    """Hand back what killed children still held, charging nobody; end the housekeeper."""
    for keeper in _keeper:
        keeper.terminate()
    settings = current_settings()
    try:
        with _short_desk() as desk:
            rings = bury_own(desk, process_key(os.getpid()), settings=settings)
    except CopydeskError as error:
        log.warning("claims are left to the reconciler", extra={"error": str(error)})
        return
    bell.ring(_app(), rings, batch_size=settings.batch_size, label="")


def bury_own(desk: Desk, parent: str, *, settings: Settings) -> ledger.Rings:
    """Bury every claim of a parent that stops in good order: nobody is charged."""
    rings: ledger.Rings = {}
    with desk.writing() as connection:
        query = select(claims.c.token).where(claims.c.host == host_key(), claims.c.parent == parent)
        for token in list(connection.scalars(query)):
            found = ledger.bury(connection, token, "stopped", now=desk.now(connection), settings=settings)
            merge(rings, found)
    return rings


class Graveyard:
    """Buries the claims of workers that are gone: lease ended, or processes gone (on this host).

    Whoever asks did not see them die, so nobody is charged a strike. A child whose parent lives is left to
    the parent for a while: its witness is worth more.
    """

    def __init__(self) -> None:
        self._orphans: dict[int, float] = {}  # token -> since when its child is seen dead

    def bury(self, desk: Desk, *, settings: Settings) -> ledger.Rings:
        """Bury all that are dead now; return whom to ring for."""
        with desk.reading() as connection:
            now = desk.now(connection)
            rows = connection.execute(select(claims)).all()
        self._orphans = {row.token: self._orphans.get(row.token, now) for row in rows if _is_orphan(row)}
        dead = [
            row.token
            for row in rows
            if row.lease_until < now
            or (row.host == host_key() and not is_alive(row.parent))
            or self._orphans.get(row.token, now) < now - WITNESS_PATIENCE_S
        ]
        rings: ledger.Rings = {}
        for token in dead:
            with desk.writing() as connection:
                now = desk.now(connection)
                merge(rings, ledger.bury(connection, token, "group", now=now, settings=settings))
            read_marker(settings, token)  # forget it
        if dead:
            log.warning("buried claims of dead workers", extra={"claims": len(dead)})
        return rings


def _is_orphan(row: Any) -> bool:
    return row.host == host_key() and not is_alive(row.child)


def merge(rings: ledger.Rings, more: ledger.Rings) -> None:
    """Add `more` to `rings`; who is to be rung for already is not rung for twice."""
    for stage, waiting in more.items():
        known = {each.id for each in rings.setdefault(stage, [])}
        rings[stage] += [each for each in waiting if each.id not in known]
