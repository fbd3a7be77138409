"""What does carrying cost? Articles a second of the whole path against a plain loop over the same functions.

    python -m benchmarks.overhead                  real articles of 500 words, batches of 1, 8, 32 and 128
    python -m benchmarks.overhead --no-work        the path alone, and the naive way (a chord an article)

Both sides use the same number of processes, are warmed up first, and run in turn in the same run. The whole
path is timed from the start of intake (splitting, hashing, spool, ledger) until every record is in the desk.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import multiprocessing
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.corpus import article
from worker.celery import make_app
from worker.desk.engine import open_desk
from worker.desk.stages import STAGES
from worker.embedded import client, serving
from worker.group import Process, worker_command
from worker.intake.bulk import Bulk
from worker.settings import Settings, current_settings, load_settings, to_environment

if TYPE_CHECKING:
    from collections.abc import Iterator

BATCH_SIZES = (1, 8, 32, 128)
WARM_UP = 40
NAIVE_LIMIT = 1500


def lines_of(count: int, *, words: int, seed: int) -> list[bytes]:
    """Return `count` JSON articles."""
    return [json.dumps({"text": article(n, words=words, seed=seed)}).encode() for n in range(count)]


def _enrich_one(data: bytes) -> int:
    from tasks import enrich  # noqa: PLC0415 - in the process that does the work

    return len(enrich(data, settings=_loop_settings[0]).model_dump_json())


_loop_settings: list[Settings] = []


def _start_loop(settings_environment: dict[str, str]) -> None:
    os.environ.update(settings_environment)
    _loop_settings.append(load_settings())


def plain_loop(lines: list[bytes], settings: Settings) -> float:
    """Return articles a second of a pool of processes that call `enrich`, after a warm-up."""
    context = multiprocessing.get_context("spawn")
    with context.Pool(settings.concurrency, _start_loop, (to_environment(settings),)) as pool:
        pool.map(_enrich_one, lines_of(WARM_UP, words=100, seed=99), chunksize=1)
        started = time.perf_counter()
        for _ in pool.imap_unordered(_enrich_one, lines, chunksize=8):
            pass
        return len(lines) / (time.perf_counter() - started)


def _command(settings: Settings, app_name: str) -> list[str]:
    """Return the command line of a worker: ours, or Celery's own with another application."""
    if app_name == "worker":
        return worker_command(settings)
    queues = [] if app_name == "benchmarks.naive" else ["--queues", ",".join(STAGES)]
    return [
        *(sys.executable, "-m", "celery", "-A", app_name, "worker"),
        *("--loglevel", settings.log_level, "--concurrency", str(settings.concurrency)),
        *queues,
        "--without-mingle",
        "--without-gossip",
    ]


@contextlib.contextmanager
def _running(settings: Settings, app_name: str) -> Iterator[None]:
    process = Process(_command(settings, app_name), settings, log_name="worker.log")
    with serving(settings):
        process.start()
        try:
            yield
        finally:
            process.stop()


def whole_path(lines: list[bytes], root: Path, *, batch_size: int, app_name: str = "worker") -> float:
    """Return articles a second from the start of intake to the last record, after a warm-up."""
    settings = load_settings(
        desk=root / f"desk-{app_name}-{batch_size}", batch_size=batch_size, log_level="warning"
    )
    os.environ.update(to_environment(settings))
    desk = open_desk(settings, durable=True)
    warm, timed = root / "warm.jsonl", root / "timed.jsonl"
    warm.write_bytes(b"\n".join(lines_of(WARM_UP, words=100, seed=98)))
    timed.write_bytes(b"\n".join(lines))
    app = make_app(settings)
    with _running(settings, app_name):
        Bulk(desk, app, settings, on_progress=_ignore).work([warm], collection="warm")
        bulk = Bulk(desk, app, settings, on_progress=_ignore)
        started = time.perf_counter()
        progress = bulk.work([timed], collection="timed")
        seconds = time.perf_counter() - started
    failed = bulk.quarantined()
    desk.close()
    assert progress.articles == len(lines), progress
    assert not failed, failed
    return len(lines) / seconds


def _ignore(_progress: Any) -> None:
    return None


def naive_way(lines: list[bytes], root: Path) -> float:
    """Return articles a second of one chord an article with the text in the message."""
    settings = load_settings(desk=root / "desk-naive", log_level="warning")
    os.environ.update(to_environment(settings))
    open_desk(settings).close()
    with _running(settings, "benchmarks.naive"):
        current_settings.cache_clear()
        from benchmarks.naive import app, start  # noqa: PLC0415 - reads the settings when imported

        connection = client(settings)
        texts = [line.decode() for line in lines[:NAIVE_LIMIT]]
        _naive_round(app, start, connection, texts[:WARM_UP], "warm")
        started = time.perf_counter()
        _naive_round(app, start, connection, texts, "timed")
        return len(texts) / (time.perf_counter() - started)


def _naive_round(app: Any, start: Any, connection: Any, texts: list[str], key: str) -> None:
    with app.producer_or_acquire() as producer:
        for text in texts:
            start.apply_async((text, key), producer=producer)
    deadline = time.monotonic() + 300
    while int(connection.get(key) or 0) < len(texts):
        if time.monotonic() > deadline:
            raise SystemExit("the naive way did not end within 300 s")
        time.sleep(0.02)


def measure_real(arguments: argparse.Namespace, root: Path) -> dict[str, Any]:
    """Measure loop and path in turn, on real articles."""
    lines = lines_of(arguments.articles, words=arguments.words, seed=1)
    settings = load_settings(desk=root / "loop")
    figures: dict[str, Any] = {
        "articles": len(lines),
        "words": arguments.words,
        "processes": settings.concurrency,
        "batches": {},
    }
    for size in arguments.batches:
        loop = plain_loop(lines, settings)
        path = whole_path(lines, root, batch_size=size)
        figures["batches"][str(size)] = {
            "loop_per_s": round(loop, 1),
            "path_per_s": round(path, 1),
            "ratio": round(path / loop, 3),
        }
        if not arguments.json:
            print(
                f"batch of {size:>3}: loop {loop:7.1f}/s  path {path:7.1f}/s  ratio {path / loop:.3f}",
                flush=True,
            )
    return figures


def measure_no_work(arguments: argparse.Namespace, root: Path) -> dict[str, Any]:
    """Measure the path without work in it, and the naive way."""
    lines = lines_of(arguments.articles, words=arguments.words, seed=1)
    figures: dict[str, Any] = {"articles": len(lines), "words": arguments.words, "batches": {}}
    for size in arguments.batches:
        rate = whole_path(lines, root, batch_size=size, app_name="benchmarks.idle")
        figures["batches"][str(size)] = {"path_per_s": round(rate, 1)}
        if not arguments.json:
            print(f"no work, batch of {size:>3}: {rate:7.1f}/s", flush=True)
    figures["naive_per_s"] = round(naive_way(lines, root), 1)
    if not arguments.json:
        print(f"no work, a chord an article: {figures['naive_per_s']:7.1f}/s", flush=True)
    return figures


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.overhead", description=__doc__.split("\n")[0])
    parser.add_argument("--articles", type=int, help="default: 600, or 5000 with --no-work")
    parser.add_argument("--words", type=int, default=500, help="words an article")
    parser.add_argument("--batches", type=int, nargs="+", default=BATCH_SIZES)
    parser.add_argument("--no-work", action="store_true")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    arguments.articles = arguments.articles or (5000 if arguments.no_work else 600)
    with tempfile.TemporaryDirectory(prefix="overhead-") as scratch:
        measure = measure_no_work if arguments.no_work else measure_real
        figures = measure(arguments, Path(scratch))
    if arguments.json:
        print(json.dumps(figures))
    return 0


if __name__ == "__main__":
    sys.exit(main())
