"""How long a command takes that starts from nothing: `copydesk run` on one article, and the others beside it.

    python -m benchmarks.start

Every run has a new desk, so server, workers, tables and models are all started, made and loaded. The seconds
of all processes on a core are told beside those on the clock: on a shared machine they are the steadier ones.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from benchmarks.corpus import article
from worker.settings import ENV_PREFIX

if TYPE_CHECKING:
    from collections.abc import Sequence

COMMANDS = (
    ("--help",),
    ("schema",),
    ("settings",),
    ("status",),
    ("search", "minister"),
    ("export", "jsonl"),
    ("audit",),
    ("doctor", "--quick"),
    ("doctor",),
)


class Took(NamedTuple):
    """Seconds on the clock, and seconds on a core of the command and all that it waited for."""

    wall_s: float
    cpu_s: float


def call(arguments: Sequence[str], desk: Path) -> Took:
    """Return what one command took. Raises SystemExit when it fails."""
    command = [sys.executable, "-m", "copydesk", "--desk", str(desk), *arguments]
    environment = {name: value for name, value in os.environ.items() if not name.startswith(ENV_PREFIX)}
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, env=environment)
    _, status, usage = os.wait4(process.pid, 0)
    wall_s = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"copydesk {' '.join(arguments)} ended with {process.returncode}")
    return Took(wall_s, usage.ru_utime + usage.ru_stime)


def middle(times: Sequence[Took]) -> Took:
    """Return the medians."""
    return Took(*(round(statistics.median(column), 2) for column in zip(*times, strict=True)))


def measure(root: Path, paths: Sequence[Path], times: int) -> dict[str, Took]:
    """Return the medians: of runs over a made article and over each of `paths`, then of other commands."""
    one = root / "article.txt"
    one.write_text(article(1, words=500, seed=7))
    figures = {}
    for path in (one, *paths):
        desks = [root / f"desk-{path.name}-{number}" for number in range(times)]
        figures[f"run {path.name}"] = middle([call(["run", str(path)], desk) for desk in desks])
    desk = root / f"desk-{one.name}-0"
    for command in COMMANDS:
        figures[" ".join(command)] = middle([call(command, desk) for _ in range(times)])
    return figures


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.start", description=__doc__.split("\n")[0])
    parser.add_argument("paths", nargs="*", type=Path, help="more to run over, e.g. seeds/")
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="start-") as scratch:
        figures = measure(Path(scratch), arguments.paths, arguments.times)
    if arguments.json:
        print(json.dumps({name: took._asdict() for name, took in figures.items()}))
    else:
        print(f"{'copydesk':<24}{'clock, s':>10}{'cores, s':>10}")
        for name, took in figures.items():
            print(f"{name:<24}{took.wall_s:>10.2f}{took.cpu_s:>10.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
