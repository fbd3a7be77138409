"""How fast and in how much memory are a million articles registered while no worker runs?

    python -m benchmarks.waiting                       1,000,000 articles out of one JSON Lines file
    python -m benchmarks.waiting --articles 100000 --json
    python -m benchmarks.waiting --articles 100000 --files      the same as single files in a watched inbox

The real intake at work: the splitting child, spool, ledger and queue, with every fsync. What it left behind
is counted in the desk and in the spool. Fails when the intake process takes more than 200 MB, or when an
article is missing.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil
from sqlalchemy import func, select

from worker.celery import make_app
from worker.desk.engine import open_desk
from worker.desk.tables import ArticleState, SourceState, arrivals, articles, sources
from worker.embedded import serving
from worker.intake.take import Taker, look_at
from worker.intake.watch import Watcher
from worker.settings import MB, Settings, load_settings

if TYPE_CHECKING:
    from worker.desk.engine import Desk

MEMORY_GOAL_MB = 200
RSS_UNIT = 1024 if sys.platform != "darwin" else 1
PER_FOLDER = 100_000


def tiny_article(number: int) -> bytes:
    """Return article `number`: one line, every one different."""
    text = f"On day {number} the council of Lisbon said that {number % 97} bridges would be repaired."
    return json.dumps({"title": f"Bridges, part {number}", "text": text}).encode()


def write_lines(path: Path, count: int) -> None:
    """Write all articles into one JSON Lines file."""
    with path.open("wb") as file:
        for number in range(count):
            file.write(tiny_article(number) + b"\n")


def write_files(inbox: Path, count: int) -> None:
    """Write every article into a file of its own."""
    for number in range(count):
        folder = inbox / f"wire{number // PER_FOLDER}"
        if number % PER_FOLDER == 0:
            folder.mkdir(parents=True)
        (folder / f"{number:08d}.json").write_bytes(tiny_article(number))


def peak_mb() -> float:
    """Return the highest resident memory of this process so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * RSS_UNIT / MB


def take_lines(desk: Desk, settings: Settings, path: Path) -> float:
    """Take in one container to its end; return the most memory of the process that splits it, in MB."""
    taker = Taker(desk, make_app(settings), settings, watched=False, run="waiting")
    splitter: list[psutil.Process] = []
    most = [0.0]

    def look() -> None:  # its ru_maxrss would be ours, from before it became another program
        for child in splitter or psutil.Process().children():
            if "worker.intake.split" in child.cmdline():
                splitter[:] = [child]
                most[0] = max(most[0], child.memory_info().rss / MB)

    try:
        taker.take([look_at(path, "default")], on_progress=look)
    finally:
        taker.close()
    return most[0]


def take_files(desk: Desk, settings: Settings, inbox: Path, count: int) -> float:
    """Watch until every file is in the ledger; return the seconds of a scan that finds nothing new."""
    stop = threading.Event()
    watcher = Watcher(desk, make_app(settings), settings, inbox)
    thread = threading.Thread(target=watcher.run, args=(stop,))
    thread.start()
    while thread.is_alive() and _counts(desk)["articles"] < count:
        time.sleep(1)
    stop.set()
    thread.join()
    started = time.monotonic()
    for _ in watcher.unknown():
        raise AssertionError("a file was left")
    return time.monotonic() - started


def _counts(desk: Desk) -> dict[str, int]:
    with desk.reading() as connection:
        return {
            "articles": connection.scalar(select(func.count()).select_from(articles)) or 0,
            "arrivals": connection.scalar(select(func.count()).select_from(arrivals)) or 0,
            "in_flight": connection.scalar(
                select(func.count()).where(articles.c.state == ArticleState.IN_FLIGHT)
            )
            or 0,
            "split": connection.scalar(select(func.count()).where(sources.c.state == SourceState.SPLIT)) or 0,
        }


def measure(folder: Path, count: int, *, as_files: bool) -> dict[str, Any]:
    """Register `count` articles in a new desk below `folder` and return what it took."""
    inbox = folder / "inbox"
    inbox.mkdir()
    path = inbox / "articles.jsonl"
    if as_files:
        write_files(inbox, count)
    else:
        write_lines(path, count)
    settings = load_settings(desk=folder / "desk", rescan_s=3600)
    desk = open_desk(settings, durable=True)
    rescan_s = None
    child_mb = 0.0
    with serving(settings):
        before_mb = peak_mb()
        started = time.monotonic()
        if as_files:
            rescan_s = take_files(desk, settings, inbox, count)
        else:
            child_mb = take_lines(desk, settings, path)
        seconds = time.monotonic() - started - (rescan_s or 0)
    result = {
        **_counts(desk),
        "seconds": round(seconds, 1),
        "articles_per_s": round(count / seconds),
        "memory_before_mb": round(before_mb),
        "memory_mb": round(peak_mb()),
        "splitter_memory_mb": round(child_mb),
        "database_mb": round((settings.desk_dir / "desk.db").stat().st_size / MB),
        "max_in_flight": settings.max_in_flight,
    }
    if rescan_s is not None:
        result["rescan_s"] = round(rescan_s, 1)
    desk.close()
    result["spooled"] = sum(len(files) for _, _, files in os.walk(settings.desk_dir / "spool"))
    return result


def faults(result: dict[str, Any], count: int, *, as_files: bool) -> list[str]:
    """Return what is wrong with a result, in words."""
    wrong = [
        f"{result[name]} {name} of {count}"
        for name in ("articles", "arrivals", "spooled")
        if result[name] != count
    ]
    if result["split"] != (count if as_files else 1):
        wrong.append(f"{result['split']} sources read to their end")
    if result["in_flight"] > result["max_in_flight"]:
        wrong.append(f"{result['in_flight']} articles on the queues")
    if result["memory_mb"] > MEMORY_GOAL_MB:
        wrong.append(f"{result['memory_mb']} MB of memory, more than {MEMORY_GOAL_MB}")
    return wrong


def main() -> None:
    """Measure, print, and fail when the goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--articles", type=int, default=1_000_000)
    parser.add_argument("--files", action="store_true", help="single files in an inbox instead of one file")
    parser.add_argument(
        "--data", type=Path, help="work below this folder instead of the system's temporary one"
    )
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="copydesk-waiting-", dir=options.data))
    try:
        result = measure(folder, options.articles, as_files=options.files)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    wrong = faults(result, options.articles, as_files=options.files)
    if options.json:
        print(json.dumps({**result, "faults": wrong}))
    else:
        for name, value in result.items():
            print(f"{name:20} {value:>12,}")
    if wrong:
        sys.exit("FAILED: " + "; ".join(wrong))


if __name__ == "__main__":
    main()
