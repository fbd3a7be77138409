"""How far a run is: a progress bar on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import contextlib
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console

    from worker.intake.bulk import Progress as RunProgress

PLAIN_EVERY_S = 10


@contextlib.contextmanager
def reporting(console: Console) -> Iterator[Any]:
    """A progress bar on a terminal, a line now and then elsewhere; yields a function that takes progress."""
    if not console.is_terminal:
        yield _plain_reporter(console)
        return
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        SpinnerColumn,
        TaskProgressColumn,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    with Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TaskProgressColumn(show_speed=True),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
    ) as bar:
        task = bar.add_task("starting", total=None)

        def report(progress: RunProgress) -> None:
            total = progress.articles if progress.articles and not progress.taking_in else None
            description = progress.waiting_for or ("taking in" if progress.taking_in else "articles")
            bar.update(task, completed=progress.done, total=total, description=description)

        yield report


def _plain_reporter(console: Console) -> Any:
    started = time.monotonic()
    shown_at = [started]

    def report(progress: RunProgress) -> None:
        now = time.monotonic()
        if now - shown_at[0] < PLAIN_EVERY_S:
            return
        shown_at[0] = now
        rate = progress.done / (now - started)
        left = f", about {progress.pending / rate:.0f} s left" if rate and not progress.taking_in else ""
        more = "+" if progress.taking_in else ""
        note = f" ({progress.waiting_for})" if progress.waiting_for else ""
        console.print(f"{progress.done} of {progress.articles}{more} articles, {rate:.1f}/s{left}{note}")

    return report
