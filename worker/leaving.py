"""Ends a worker that has been told to stop as soon as nothing is left in its hands.

Celery's own way to a warm end takes two to three seconds when there is nothing to do at all. The ledger needs
none of it: what a message brought is written down, handed back or buried before the message counts as done.
"""

from __future__ import annotations

import contextlib
import fcntl
import logging
import os
import signal
import subprocess
import threading
import time
from typing import IO, TYPE_CHECKING

import psutil
from celery.worker import state

if TYPE_CHECKING:
    from collections.abc import Sequence

LOOK_EVERY_S = 0.01
KEEPER_PATIENCE_S = 3
log = logging.getLogger(__name__)


def when_idle(keepers: Sequence[subprocess.Popen[bytes]], locks: Sequence[IO[str]]) -> None:
    """End this worker, its children and its housekeeper once every message in it is done; returns at once.

    `locks` are let go at the very end: a child that the pool forks meanwhile ends by itself, but would hold
    them until then.

    May be called from a signal's handler. Celery goes on stopping in its own way meanwhile, and wins when it
    is quicker.
    """
    threading.Thread(target=_wait_and_leave, args=(keepers, locks), name="leaving", daemon=True).start()


def _wait_and_leave(keepers: Sequence[subprocess.Popen[bytes]], locks: Sequence[IO[str]]) -> None:
    while state.reserved_requests or state.active_requests:
        time.sleep(LOOK_EVERY_S)
    for keeper in keepers:
        keeper.terminate()  # it gives its lease back
    for keeper in keepers:
        with contextlib.suppress(subprocess.TimeoutExpired):
            keeper.wait(KEEPER_PATIENCE_S)
    log.info("stopped: nothing in hand")
    for child in psutil.Process().children():
        with contextlib.suppress(psutil.NoSuchProcess):
            child.send_signal(signal.SIGKILL)
    for lock in locks:
        fcntl.flock(lock, fcntl.LOCK_UN)
    os._exit(0)
