"""The parent of a worker group: loads what its children share, forks them, and leaves when asked.

    python -m worker.parent --hostname NAME@HOST --queues read,extract

is `celery -A worker worker` with our settings, without Celery's command line (0.2 s) and with a collector
that sleeps while nothing can be garbage yet (0.7 s of 4.9 s until the first article).
"""

from __future__ import annotations

import argparse
import gc
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one Celery worker, in the foreground, until it is told to stop."""
    gc.disable()  # `tasks.flow` wakes it before the children are forked
    chosen = _parser().parse_args(arguments)
    # What Celery starts again on SIGHUP: a module, whose folder must not come to be searched for modules.
    sys.argv[:] = ["-m", "worker.parent", *sys.argv[1:]]

    from worker import witness  # noqa: PLC0415 - the collector first
    from worker.celery import app  # noqa: PLC0415

    witness.keeper_after_s = chosen.keeper_after_s
    worker = app.Worker(
        hostname=chosen.hostname,
        queues=chosen.queues,
        loglevel=chosen.loglevel,
        without_mingle=True,  # 1.4 s to the first task with them, 0.3 s without
        without_gossip=True,
        quiet=True,
    )
    worker.start()
    sys.exit(worker.exitcode)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m worker.parent", description=__doc__)
    parser.add_argument("--hostname", required=True, help="the worker's name, NAME@HOST")
    parser.add_argument("--queues", required=True, help="stages to serve, with commas between")
    parser.add_argument("--loglevel", default="info", help="least severe messages that are logged")
    parser.add_argument(
        "--keeper-after-s",
        type=float,
        default=0.0,
        help="when to start the housekeeper: a command that keeps house itself spares its start",
    )
    return parser


if __name__ == "__main__":
    main()
