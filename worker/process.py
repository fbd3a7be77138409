"""Who a process is, so that another one can tell whether it still lives."""

from __future__ import annotations

import functools
import os
import socket
import sys
from dataclasses import dataclass

import psutil

_START_TICKS = 19  # field 22 of /proc/PID/stat, counted behind the name in brackets


@dataclass(frozen=True)
class WorkerKey:
    """A worker process and its parent. Keys of processes mean something only on their own `host`."""

    host: str
    parent: str
    child: str


@functools.cache
def host_key() -> str:
    """Return a name for the space in which process ids mean something: host and, on Linux, its namespace."""
    try:
        namespace = f":{os.stat('/proc/self/ns/pid').st_ino}"
    except OSError:
        namespace = ""
    return f"{socket.gethostname()}{namespace}"[:100]


def process_key(pid: int) -> str:
    """Return `pid:start time`, which no later process with the same pid has.

    On Linux the time is counted from the boot: setting the clock must not make living processes look dead.
    Raises psutil.NoSuchProcess.
    """
    if not sys.platform.startswith("linux"):
        return f"{pid}:{psutil.Process(pid).create_time():.2f}"
    try:
        with open(f"/proc/{pid}/stat", "rb") as file:
            fields = file.read().rpartition(b")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        raise psutil.NoSuchProcess(pid) from None
    return f"{pid}:{int(fields[_START_TICKS])}"


def is_alive(key: str) -> bool:
    """Whether the process that had this key still runs (on this host); a zombie does not."""
    try:
        process = psutil.Process(int(key.split(":", maxsplit=1)[0]))
        return process_key(process.pid) == key and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def current_worker() -> WorkerKey:
    """Return the key of this worker process, under its Celery parent."""
    return WorkerKey(host_key(), process_key(os.getppid()), process_key(os.getpid()))
