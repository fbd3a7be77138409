"""Starts and stops processes that belong to a command: a worker group, Flower.

A worker group is one Celery parent with its prefork children and its housekeeper, in a process group of its
own. It ends when the command asks it to, and also when the command itself is killed (see `OWNER_ENV`).
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
from typing import IO, TYPE_CHECKING

from worker.desk.stages import STAGES
from worker.process import process_key
from worker.settings import to_environment

if TYPE_CHECKING:
    from collections.abc import Sequence

    from worker.settings import Settings

OWNER_ENV = "_COPYDESK_OWNER"
HURRY_ENV = "_COPYDESK_HURRY"
"""Set for workers of a small job: they load what every article needs and no more before they begin."""
STOP_TIMEOUT_S = 30
RESTART_PAUSE_S = 2.0


def worker_command(
    settings: Settings,
    *,
    queues: Sequence[str] = tuple(STAGES),
    name: str = "copydesk",
    keeper_after_s: float = 0,
) -> list[str]:
    """Return the command line of a Celery worker with our settings.

    `keeper_after_s` is for a command that keeps house itself: the worker's own housekeeper starts later.
    """
    return [
        *(sys.executable, "-m", "worker.parent"),
        *("--loglevel", settings.log_level),
        *("--queues", ",".join(queues)),
        *("--hostname", f"{name}-{os.getpid()}@{socket.gethostname()}"),
        *("--keeper-after-s", f"{keeper_after_s:g}"),
    ]


class Process:
    """A process that is started, looked after and stopped by a command."""

    def __init__(
        self, command: Sequence[str], settings: Settings, *, log_name: str, hurry: bool = False
    ) -> None:
        self.command = list(command)
        self.log_path = settings.desk_dir / "logs" / log_name
        self._environment = {
            **os.environ,
            **to_environment(settings),
            OWNER_ENV: process_key(os.getpid()),
            **({HURRY_ENV: "1"} if hurry else {}),
        }
        self._popen: subprocess.Popen[bytes] | None = None
        self._log: IO[bytes] | None = None
        self._started_at = 0.0

    def start(self) -> None:
        """Start it, its output going to the log."""
        self.log_path.parent.mkdir(exist_ok=True, mode=0o700)
        if self._log:
            self._log.close()
        self._log = self.log_path.open("ab")
        self._started_at = time.monotonic()
        self._popen = subprocess.Popen(  # noqa: S603 - our own modules
            self.command,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=self._log,
            start_new_session=True,
        )

    @property
    def pid(self) -> int | None:
        """The process id, when it has been started."""
        return self._popen.pid if self._popen else None

    def is_running(self) -> bool:
        """Whether it runs."""
        return self._popen is not None and self._popen.poll() is None

    def look_after(self) -> bool:
        """Start it again when it has died; return whether that was necessary."""
        if self.is_running() or time.monotonic() - self._started_at < RESTART_PAUSE_S:
            return False
        self._kill_group()  # children of a parent that was killed
        self.start()
        return True

    def stop(self, timeout_s: float = STOP_TIMEOUT_S) -> None:
        """Ask it to end in good order, and end it when it does not."""
        if self._popen is None:
            return
        if self.is_running():
            self._popen.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._popen.wait(timeout_s)
        self._kill_group()
        self._popen.wait()
        if self._log:
            self._log.close()

    def _kill_group(self) -> None:
        if self._popen is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._popen.pid, signal.SIGKILL)


def hold_workers_lock(settings: Settings) -> IO[str]:
    """Say that a worker serves this desk, for as long as the returned file is open."""
    lock = (settings.desk_dir / "run" / "workers.lock").open("a")
    fcntl.flock(lock, fcntl.LOCK_SH)
    return lock


def workers_alive(settings: Settings) -> bool:
    """Whether a worker on this machine serves this desk."""
    with (settings.desk_dir / "run" / "workers.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False
