"""Flower with our settings. Secrets travel in the environment, never on the command line."""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
import time
from typing import TYPE_CHECKING

from worker.errors import UsageError
from worker.group import OWNER_ENV
from worker.process import process_key
from worker.settings import to_environment

if TYPE_CHECKING:
    from worker.settings import Settings

TASKS_SHOWN = 10_000
LOOK_S = 1.0
TASK_COLUMNS = "name,state,args,runtime,result,exception,received,worker,uuid"
"""Stage, state, how many articles of which source, what became of them. The page sorts by `received`."""


def flower_command(settings: Settings) -> list[str]:
    """Return the command line of Flower."""
    return [
        *(sys.executable, "-m", "worker.monitor.flower"),
        f"--address={settings.flower_address}",
        f"--port={settings.flower_port}",
        "--persistent=True",
        f"--db={settings.desk_dir / 'flower'}",
        f"--max_tasks={TASKS_SHOWN}",
        f"--tasks_columns={TASK_COLUMNS}",
        "--natural_time=False",
    ]


def flower_environment(settings: Settings) -> dict[str, str]:
    """Return the environment of Flower: our settings, and its password."""
    environment = to_environment(settings)
    if settings.flower_basic_auth:
        environment["FLOWER_BASIC_AUTH"] = settings.flower_basic_auth.get_secret_value()
    return environment


def require_free_port(settings: Settings) -> None:
    """Raise UsageError when something listens already where Flower would."""
    address, port = settings.flower_address, settings.flower_port
    try:
        family, *_, where = socket.getaddrinfo(address, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, socket.SOCK_STREAM) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind(where)
    except OSError as error:
        raise UsageError(
            f"Flower cannot listen at {address}:{port}: {error.strerror}. "
            "Name another place with COPYDESK_FLOWER_PORT or COPYDESK_FLOWER_ADDRESS."
        ) from None


def main() -> None:
    """Be `celery -A worker flower`, and end with the command that started this process, if one did."""
    from celery.__main__ import main as celery  # noqa: PLC0415 - slow to import

    if os.environ.get(OWNER_ENV) == process_key(os.getppid()):
        threading.Thread(target=_end_with_parent, args=(os.getppid(),), daemon=True).start()
    sys.argv = ["celery", "-A", "worker", "flower", *sys.argv[1:]]
    celery()


def _end_with_parent(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(LOOK_S)
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    main()
