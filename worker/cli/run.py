"""`copydesk run` and `copydesk batch`: process what is named, show progress, say what was found."""

from __future__ import annotations

import contextlib
import itertools
import json
import logging
import re
import signal
import sys
import time
from collections.abc import Callable, Iterator  # noqa: TC003 - typer reads the annotations
from pathlib import Path  # noqa: TC003
from typing import TYPE_CHECKING, Annotated, Any

import typer

from worker.cli.common import examples, note, settings_for
from worker.errors import UsageError

if TYPE_CHECKING:
    from worker.intake.bulk import Progress as RunProgress
    from worker.settings import Settings

EXIT_QUARANTINED = 3
RUN_SHOWS = 3
SMALL_FILES = 100
SMALL_BYTES = 1_000_000
BYTES_A_PROCESS = 20_000
MOST_DEATHS = 5
KEEPER_AFTER_S = 10
"""The run keeps house itself: the workers' own housekeeper need not start while they do."""

Paths = Annotated[
    list[str],
    typer.Argument(help="Files, folders, globs or archives; `-` is standard input.", show_default=False),
]
Collection = Annotated[
    str, typer.Option("--collection", "-c", help="Collection that the articles belong to.")
]
Json = Annotated[bool, typer.Option("--json", help="Print the summary as one JSON object.")]
Workers = Annotated[
    int | None, typer.Option("--workers", "-w", min=1, help="Worker processes. Default: one a core.")
]


@examples(
    "copydesk run seeds/",
    "copydesk run --collection wire story.txt page.html",
    "copydesk run archive.zip --show 0 --json",
)
def run(
    paths: Paths,
    collection: Collection = "default",
    workers: Workers = None,
    show: Annotated[
        int, typer.Option("--show", min=0, help="Most articles to print a few lines on at the end.")
    ] = RUN_SHOWS,
    as_json: Json = False,
) -> None:
    """Process articles here and now: queue, workers and desk included, nothing to set up.

    The files are left where they are. Exit code 0: all published; 3: some are in quarantine; 2: usage.
    """
    settings = settings_for(concurrency=workers)
    _go(settings, paths, collection, own_workers=True, show=show, as_json=as_json)


@examples(
    "copydesk batch /archive/2021 --collection archive",
    "copydesk batch 'wire/*.jsonl.gz' export.csv",
    "zcat dump.jsonl.gz | copydesk batch -",
)
def batch(
    paths: Paths,
    collection: Collection = "default",
    workers: Workers = None,
    own_workers: Annotated[
        bool | None,
        typer.Option(
            "--own-workers/--no-own-workers",
            help="Start workers for this batch. Default: yes, unless broker_url names a server of yours.",
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Push archives through in bulk: JSON Lines, CSV, zip and tar are split as streams.

    Interrupt it anywhere; the same command goes on where it was. What is in the desk already is not done
    again. Exit code 0: all published; 3: some are in quarantine or could not be read; 2: usage.
    """
    settings = settings_for(concurrency=workers)
    own = settings.broker_url is None if own_workers is None else own_workers
    _go(settings, paths, collection, own_workers=own, show=0, as_json=as_json)


def _go(
    settings: Settings, arguments: list[str], collection: str, *, own_workers: bool, show: int, as_json: bool
) -> None:
    """Start server and workers, follow the articles, print the summary; only then stop what was started.

    What is slow to import waits until the workers are on their way: they take longest.
    """
    from worker.desk.place import make_desk_dir, refuse_network_file_system
    from worker.embedded import serving
    from worker.intake.walk import check_named

    started = time.monotonic()
    named = [argument for argument in arguments if argument != "-"]
    _refuse_addresses(named)
    check_named(named)  # a wrong path is said before anything is started
    make_desk_dir(settings)
    if settings.database_url is None:
        refuse_network_file_system(settings.desk_dir)
    with (
        _signals_as_interrupt(),
        serving(settings),
        _workers(
            settings, wanted=own_workers, size=None if "-" in arguments else _small_size(named, settings)
        ) as look_after,
    ):
        code = _follow(
            settings,
            named,
            collection,
            with_stdin="-" in arguments,
            look_after=look_after,
            started=started,
            show=show,
            as_json=as_json,
        )
        sys.stdout.flush()
    if code:
        raise typer.Exit(code)


def _follow(
    settings: Settings,
    named: list[str],
    collection: str,
    *,
    with_stdin: bool,
    look_after: Callable[[], None],
    started: float,
    show: int,
    as_json: bool,
) -> int:
    """Take the files in, follow their articles to the end, print what became of them; return the code."""
    from rich.console import Console

    from worker.celery import make_app
    from worker.cli.brief import print_brief
    from worker.cli.reporting import reporting
    from worker.cli.summary import as_dict, print_summary, read_summary
    from worker.desk.engine import open_desk
    from worker.intake.bulk import Bulk, keep_stdin
    from worker.intake.walk import named_files

    with contextlib.closing(open_desk(settings, durable=True)) as desk:
        with desk.reading() as connection:
            started_at = desk.now(connection)
        with reporting(Console(stderr=True)) as report:

            def on_progress(progress: RunProgress) -> None:
                look_after()
                report(progress)

            bulk = Bulk(desk, make_app(settings), settings, on_progress=on_progress)
            try:
                paths = [keep_stdin(sys.stdin.buffer, settings)] if with_stdin else []
                last = bulk.work(_chain(paths, named_files(named, settings)), collection=collection)
            except KeyboardInterrupt:
                note("Interrupted. Nothing is lost: the same command goes on from here.")
                raise
        seconds = time.monotonic() - started
        summary = read_summary(desk, bulk, last, seconds=seconds, started_at=started_at, settings=settings)
        if as_json:
            print(json.dumps(as_dict(summary)))
        else:
            out = Console()
            ids = bulk.article_ids(show)
            print_brief(desk, ids, out)
            print_summary(desk, summary, out, shown=ids)
    return EXIT_QUARANTINED if summary.quarantined or summary.failed_sources else 0


def _refuse_addresses(named: list[str]) -> None:
    for argument in named:
        if re.match(r"(?i)(https?|ftp|feed)://", argument):
            raise UsageError(
                f"{argument} is a web address, and this version fetches none. "
                "Save the page to a file and name that."
            )


def _small_size(named: list[str], settings: Settings) -> int | None:
    """Return how many processes can work on this at once, where it is a matter of seconds; else None.

    In such a job the workers' start counts for more than the memory that they would share.
    """
    from worker.intake.walk import named_files

    walk = logging.getLogger("worker.intake.walk")
    walk.disabled = True  # a folder that cannot be read is told when the files are taken in
    try:
        files = list(itertools.islice(named_files(named, settings), SMALL_FILES + 1))
    finally:
        walk.disabled = False
    if len(files) > SMALL_FILES:
        return None
    try:
        size = sum(path.stat().st_size for path in files)
    except OSError:  # gone since it was listed
        return None
    return None if size > SMALL_BYTES else max(1, len(files), size // BYTES_A_PROCESS)


@contextlib.contextmanager
def _signals_as_interrupt() -> Iterator[None]:
    """Let SIGTERM and a closed terminal end a run as Ctrl-C does: workers and server stop with it."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    before = {number: signal.signal(number, interrupt) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _chain(first: list[Path], rest: Iterator[Path]) -> Iterator[Path]:
    yield from first
    yield from rest


@contextlib.contextmanager
def _workers(settings: Settings, *, wanted: bool, size: int | None) -> Iterator[Any]:
    """Workers for as long as the run lasts, unless some serve this desk already; yields a look-after.

    `size` is that of a small job: its workers load little, and are no more than it can use.
    """
    from worker.group import Process, worker_command, workers_alive

    if not wanted:
        yield lambda: None
        return
    command = worker_command(settings, keeper_after_s=KEEPER_AFTER_S)
    if size is not None:
        settings = settings.model_copy(update={"concurrency": min(settings.concurrency, size)})
    process = Process(command, settings, log_name="worker.log", hurry=size is not None)
    next_look = [0.0]
    deaths = [0]

    def look_after() -> None:
        if time.monotonic() < next_look[0]:
            return
        next_look[0] = time.monotonic() + 1
        if process.pid is None:
            if not workers_alive(settings):
                process.start()
        elif process.look_after():
            deaths[0] += 1
            if deaths[0] > MOST_DEATHS:
                raise UsageError(f"The workers do not stay alive; {process.log_path} says why.")

    look_after()
    try:
        yield look_after
    finally:
        try:
            process.stop()
        except KeyboardInterrupt:  # asked twice: at once, then; the ledger knows what they held
            process.stop(timeout_s=0)
            raise
