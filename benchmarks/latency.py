"""From a file dropped into the watched folder of an idle desk to an answer from the search.

    python -m benchmarks.latency

A real `copydesk watch` with its own workers. Half of the files are renamed into the inbox, half are written
there; the clock starts at the rename or at the end of writing, and stops when a full-text query finds the
article's own word.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import text

from benchmarks.corpus import article
from worker.desk.engine import open_desk
from worker.settings import load_settings, to_environment

if TYPE_CHECKING:
    from worker.desk.engine import Desk

POLL_S = 0.005
LIMIT_S = 60
WARM_UP = 3


def find(desk: Desk, word: str) -> bool:
    """Whether a full-text query finds the word."""
    with desk.reading() as connection:
        query = text("SELECT 1 FROM search WHERE search MATCH :word LIMIT 1")
        return connection.execute(query, {"word": word}).first() is not None


def drop(inbox: Path, number: int, *, rename: bool) -> tuple[str, float]:
    """Put one article into the inbox; return its word and the moment when it lay there."""
    word = f"zq{number:06d}word"
    body = article(number, words=500, seed=7) + f"\nThe code word was {word}.\n"
    target = inbox / f"article-{number}.txt"
    if rename:
        scratch = inbox.parent / f"scratch-{number}"
        scratch.write_text(body)
        scratch.rename(target)
    else:
        target.write_text(body)
    return word, time.perf_counter()


def wait_for(desk: Desk, word: str, since: float) -> float:
    """Return the seconds until the word is found."""
    while time.perf_counter() - since < LIMIT_S:
        if find(desk, word):
            return time.perf_counter() - since
        time.sleep(POLL_S)
    raise SystemExit(f"{word} was not found within {LIMIT_S} s")


def measure(root: Path, count: int) -> list[float]:
    """Return the seconds that each of `count` files took."""
    inbox = root / "inbox"
    inbox.mkdir()
    settings = load_settings(desk=root / "desk", inbox=inbox, log_level="warning")
    desk = open_desk(settings)
    command = [sys.executable, "-m", "copydesk", "watch"]
    with (root / "watch.log").open("wb") as log:
        watcher = subprocess.Popen(
            command, env={**os.environ, **to_environment(settings)}, stdout=log, stderr=log
        )
    try:
        for number in range(WARM_UP):
            wait_for(desk, *drop(inbox, number, rename=True))
        seconds = []
        for number in range(WARM_UP, WARM_UP + count):
            time.sleep(0.5)  # idle again: the file before has been moved to done/
            seconds.append(wait_for(desk, *drop(inbox, number, rename=number % 2 == 0)))
    finally:
        watcher.send_signal(signal.SIGINT)
        watcher.wait(60)
    desk.close()
    return seconds


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.latency", description=__doc__.split("\n")[0])
    parser.add_argument("--files", type=int, default=20)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="latency-") as scratch:
        seconds = measure(Path(scratch), arguments.files)
    figures = {
        "files": len(seconds),
        "median_s": round(statistics.median(seconds), 3),
        "min_s": round(min(seconds), 3),
        "max_s": round(max(seconds), 3),
    }
    if arguments.json:
        print(json.dumps(figures))
    else:
        print("dropped -> searchable: " + "  ".join(f"{name} {value}" for name, value in figures.items()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
