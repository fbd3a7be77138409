"""Keeps house: buries the dead, admits what waits, rings for the forgotten, delivers to the sinks.

This is what makes Redis disposable. It runs in every long process (watcher, batch, beside every worker); a
lease in the desk lets one of them work at a time, and another takes over when that one is gone.
"""

from __future__ import annotations

import argparse
import logging
import os
import signal
import sys
import threading
import time
from typing import TYPE_CHECKING

from sqlalchemy import or_, select

from worker import bell
from worker.desk import ledger
from worker.desk.engine import open_desk
from worker.desk.tables import leases
from worker.errors import CopydeskError, RetryLater
from worker.group import OWNER_ENV
from worker.process import host_key, is_alive, process_key
from worker.settings import current_settings
from worker.sinks import Couriers
from worker.witness import Graveyard, merge

if TYPE_CHECKING:
    from celery import Celery
    from sqlalchemy import Connection

    from worker.desk.engine import Desk
    from worker.settings import Settings

log = logging.getLogger(__name__)
LEASE_S = 15
BUSY_PAUSE_S = 0.1
FORGOTTEN_AT_ONCE = 2000


class Keeper:
    """One housekeeper. `round` is cheap when there is nothing to do, and safe to call from anywhere."""

    def __init__(self, desk: Desk, app: Celery, settings: Settings) -> None:
        self.desk = desk
        self.app = app
        self.settings = settings
        self._holder = f"{host_key()}/{process_key(os.getpid())}/{id(self)}"
        self._graveyard = Graveyard()
        self._couriers = Couriers(settings)
        self._next_full = 0.0
        self._more_to_deliver = False
        self._server: str | None = None  # the queue's server when it was last asked

    def round(self) -> bool:
        """Do what is due; return whether more is waiting right behind it.

        Raises RetryLater when the desk cannot be written now.
        """
        full = time.monotonic() >= self._next_full
        with self.desk.writing() as connection:
            if not self._elected(connection):
                return False
            rings = ledger.admit(connection, now=self.desk.now(connection), settings=self.settings)
        admitted = bool(rings)
        if full:
            self._next_full = time.monotonic() + self.settings.reconcile_s
            merge(rings, self._graveyard.bury(self.desk, settings=self.settings))
            merge(rings, self._forgotten())
        bell.ring(self.app, rings, batch_size=self.settings.batch_size, label="")
        if full or self._more_to_deliver:
            self._more_to_deliver = self._couriers.deliver(self.desk)
        return admitted or self._more_to_deliver

    def pause_s(self, *, busy: bool) -> float:
        """Return how long to wait before the next round."""
        return min(BUSY_PAUSE_S, self.settings.reconcile_s) if busy else self.settings.reconcile_s

    def deliver_the_rest(self) -> None:
        """Deliver everything that is due now, for whoever is about to end."""
        while self._couriers.deliver(self.desk):
            pass

    def resign(self) -> None:
        """Give the lease back, so that another one takes over at once."""
        with self.desk.writing() as connection:
            connection.execute(leases.delete().where(leases.c.holder == self._holder))

    def _elected(self, connection: Connection) -> bool:
        now = self.desk.now(connection)
        claim = ledger.dialect_insert(connection, leases).values(
            name="keeper", holder=self._holder, until=now + LEASE_S
        )
        free = or_(
            leases.c.holder == self._holder,
            leases.c.until < now,
            leases.c.holder.in_(self._dead_holders(connection)),
        )
        claim = claim.on_conflict_do_update(
            index_elements=["name"],
            set_={"holder": claim.excluded.holder, "until": claim.excluded.until},
            where=free,
        )
        connection.execute(claim)
        return connection.scalar(select(leases.c.holder).where(leases.c.name == "keeper")) == self._holder

    def _dead_holders(self, connection: Connection) -> list[str]:
        holder = connection.scalar(select(leases.c.holder).where(leases.c.name == "keeper"))
        if holder and holder != self._holder:
            host, key, _ = holder.rsplit("/", 2)
            if host == host_key() and not is_alive(key):
                return [holder]
        return []

    def _forgotten(self) -> ledger.Rings:
        """Ring again only for stages whose queue is empty, so that a long queue breeds no messages."""
        lengths = bell.queue_lengths(self.app)
        if lengths is None:
            return {}
        busy = {stage for stage, length in lengths.items() if length}
        server = bell.server_identity(self.app)
        bell_is_new = server is not None and server != self._server and not busy
        with self.desk.writing() as connection:
            rings = ledger.forgotten(
                connection,
                now=self.desk.now(connection),
                limit=FORGOTTEN_AT_ONCE,
                settings=self.settings,
                busy=busy,
                bell_is_new=bell_is_new,
            )
        self._server = server or self._server
        return rings


def main() -> None:
    """Keep house until told to stop, or until the worker beside which this was started is gone."""
    parser = argparse.ArgumentParser(prog="python -m worker.keeper", description=__doc__)
    parser.add_argument("--parent", type=int, required=True, help="process id of the worker to live with")
    parent = parser.parse_args().parent

    from worker.celery import app  # noqa: PLC0415 - reads the settings when imported
    from worker.logs import configure_logging  # noqa: PLC0415

    settings = current_settings()
    configure_logging(settings)
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the worker's to answer
    desk = open_desk(settings)
    keeper = Keeper(desk, app, settings)
    owner = os.environ.get(OWNER_ENV)
    while not stop.is_set() and os.getppid() == parent:  # another parent: the worker is gone
        if owner and not is_alive(owner):
            log.warning("the command that started this worker is gone; the worker stops")
            os.kill(parent, signal.SIGTERM)
            break
        busy = False
        try:
            busy = keeper.round()
        except RetryLater as error:
            log.warning("the desk cannot be written now", extra={"error": str(error)})
        stop.wait(keeper.pause_s(busy=busy))
    keeper.resign()
    desk.close()


if __name__ == "__main__":
    try:
        main()
    except CopydeskError as error:
        sys.exit(f"copydesk: {error}")
