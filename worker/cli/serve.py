"""`copydesk watch`, `worker`, `up` and `flower`: the processes that stay."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from worker.cli.common import examples, settings_for
from worker.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console

    from worker.settings import Settings

LOOK_AFTER_S = 1.0
Inbox = Annotated[
    Path | None, typer.Argument(help="Folder to watch. Default: the setting `inbox`.", show_default=False)
]
Workers = Annotated[
    int | None, typer.Option("--workers", "-w", min=1, help="Worker processes. Default: one a core.")
]
After = Annotated[
    str | None, typer.Option("--after", help="What to do with a finished file: move, keep or delete.")
]


@examples("copydesk watch", "copydesk watch /srv/news/inbox --after keep", "copydesk watch --no-own-workers")
def watch(
    inbox: Inbox = None,
    workers: Workers = None,
    after: After = None,
    own_workers: Annotated[
        bool | None,
        typer.Option(
            "--own-workers/--no-own-workers",
            help="Start workers here. Default: yes, unless broker_url names a server of yours.",
        ),
    ] = None,
) -> None:
    """Watch a folder for ever: every file dropped into it is processed once, when it is whole.

    The first folder below the inbox names the collection. Finished files go to `done/` or `failed/` beside
    the inbox, the reason beside a failed one.
    """
    settings = settings_for(inbox=inbox, concurrency=workers, after=after)
    own = settings.broker_url is None if own_workers is None else own_workers
    _stay(settings, own_workers=own, with_flower=False)


@examples("copydesk up", "copydesk up /srv/news/inbox --workers 4")
def up(inbox: Inbox = None, workers: Workers = None, after: After = None) -> None:
    """Run everything on this machine: queue, workers, watched folder and Flower. Ctrl-C stops it cleanly."""
    settings = settings_for(inbox=inbox, concurrency=workers, after=after)
    _stay(settings, own_workers=True, with_flower=True)


@examples("COPYDESK_BROKER_URL=redis://queue:6379/0 copydesk worker", "copydesk worker -Q extract -w 8")
def worker(
    workers: Workers = None,
    queues: Annotated[
        str, typer.Option("--queues", "-Q", help="Stages to serve, with commas between.")
    ] = "read,extract,classify,publish",
) -> None:
    """Run one Celery worker with our settings, in the foreground, against `broker_url`."""
    from worker.desk.stages import STAGES
    from worker.group import worker_command
    from worker.settings import to_environment

    settings = settings_for(concurrency=workers)
    chosen = [name.strip() for name in queues.split(",") if name.strip()]
    unknown = [name for name in chosen if name not in STAGES]
    if unknown or not chosen:
        raise UsageError(
            f"--queues {queues}: there is no queue {', '.join(unknown) or 'named'}. "
            f"Known: {', '.join(STAGES)}."
        )
    _require_server(settings)
    os.environ.update(to_environment(settings))
    command = worker_command(settings, queues=chosen)
    os.execv(command[0], command)  # noqa: S606 - it takes our place: signals reach Celery itself


@examples("copydesk flower", "copydesk flower --port 5556")
def flower(
    port: Annotated[int | None, typer.Option("--port", help="Port to listen on.")] = None,
    address: Annotated[str | None, typer.Option("--address", help="Address to listen on.")] = None,
) -> None:
    """Run Flower, the monitor of the workers, with our settings, in the foreground."""
    from worker.monitor.flower import flower_command, flower_environment, require_free_port

    settings = settings_for(flower_port=port, flower_address=address)
    _require_server(settings)
    require_free_port(settings)
    settings.desk_dir.mkdir(mode=0o700, parents=True, exist_ok=True)  # it keeps there what it has seen
    os.environ.update(flower_environment(settings))
    command = flower_command(settings)
    os.execv(command[0], command)  # noqa: S606


def _require_server(settings: Settings) -> None:
    """Raise UsageError when the desk's own server is meant and does not run; yours is waited for."""
    from worker.embedded import answers, broker_url

    if not settings.broker_url and not answers(settings):
        raise UsageError(
            f"No queue server answers at {broker_url(settings)}. Name yours with COPYDESK_BROKER_URL, "
            "or start everything with `copydesk up`."
        )


def _stay(settings: Settings, *, own_workers: bool, with_flower: bool) -> None:
    from rich.console import Console

    from worker.celery import make_app
    from worker.desk.engine import open_desk
    from worker.embedded import ensure_server, serving
    from worker.intake.watch import Watcher
    from worker.logs import configure_logging
    from worker.monitor.flower import require_free_port

    configure_logging(settings)
    console = Console(stderr=True)
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: stop.set())
    if with_flower:
        require_free_port(settings)
    desk = open_desk(settings, durable=True)
    with _one_watcher(settings), serving(settings), _children(settings, own_workers, with_flower) as children:
        _say(console, settings, with_flower=with_flower)
        watcher = Watcher(desk, make_app(settings), settings, settings.inbox.expanduser())
        failure: list[BaseException] = []

        def watching() -> None:
            try:
                watcher.run(stop)
            except BaseException as error:  # noqa: BLE001 - raised again in the main thread
                failure.append(error)
                stop.set()

        thread = threading.Thread(target=watching, name="watcher")
        thread.start()
        while not stop.wait(LOOK_AFTER_S):
            ensure_server(settings)
            for child in children:
                if child.look_after():
                    console.print(f"A process ended and was started again; {child.log_path} says why.")
        thread.join()
        console.print("Stopping: work in hand is finished or handed back.", highlight=False)
    desk.close()
    if failure:
        raise failure[0]


@contextlib.contextmanager
def _one_watcher(settings: Settings) -> Iterator[None]:
    """One intake an inbox: a second watcher of the same desk is refused."""
    import fcntl

    with (settings.desk_dir / "run" / "watch.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise UsageError(
                f"Another `copydesk watch` or `up` is using the desk {settings.desk_dir}."
            ) from None
        yield


@contextlib.contextmanager
def _children(settings: Settings, own_workers: bool, with_flower: bool) -> Iterator[list[Any]]:
    """The processes that belong to this command, stopped in the opposite order."""
    from worker.group import Process, worker_command
    from worker.monitor.flower import flower_command, flower_environment

    children = []
    if own_workers:
        children.append(Process(worker_command(settings), settings, log_name="worker.log"))
    if with_flower:
        os.environ.update(flower_environment(settings))
        children.append(Process(flower_command(settings), settings, log_name="flower.log"))
    for child in children:
        child.start()
    try:
        yield children
    finally:
        for child in reversed(children):
            child.stop()


def _say(console: Console, settings: Settings, *, with_flower: bool) -> None:
    inbox = settings.inbox.expanduser().absolute()
    console.print(f"Watching {inbox} (Ctrl-C stops)", highlight=False, markup=False, soft_wrap=True)
    console.print(f"Records: {settings.desk_dir}", highlight=False, markup=False, soft_wrap=True)
    if with_flower:
        console.print(
            f"Flower:  http://{settings.flower_address}:{settings.flower_port}",
            highlight=False,
            soft_wrap=True,
        )
    sys.stderr.flush()
