"""`copydesk status` and `copydesk audit`: where everything is, and whether anything is missing."""

from __future__ import annotations

import sys
import time
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from worker.cli.common import (
    FAILED,
    clean_line,
    console,
    examples,
    existing_desk,
    print_json,
    print_table,
    settings_for,
    span_of_time,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import RenderableType

    from worker.monitor.audit import AuditReport
    from worker.monitor.status import Status
    from worker.settings import Settings


@examples("copydesk status", "copydesk status --watch --interval 5", "copydesk status --json | jq .articles")
def status(
    watch: Annotated[bool, typer.Option("--watch", help="Refresh until interrupted.")] = False,
    interval: Annotated[float, typer.Option("--interval", min=0.2, help="Seconds between refreshes.")] = 2.0,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object; with --watch one a line.")
    ] = False,
) -> None:
    """Show where everything is: articles by state, what each stage lacks, queues, claims, throughput."""
    from worker.monitor.status import read_status

    settings = settings_for()
    with existing_desk(settings) as desk:

        def readings() -> Iterator[tuple[Status, dict[str, int] | None]]:
            while True:
                yield read_status(desk), _queues(settings)
                if not watch:
                    return
                time.sleep(interval)

        if as_json:
            for found, queues in readings():
                print_json(_as_dict(found, queues, settings))
                sys.stdout.flush()  # a pipe would keep it
        elif watch and console().is_terminal:
            from rich.live import Live

            with Live(console=console(), auto_refresh=False, screen=True) as live:
                for found, queues in readings():
                    live.update(_table(found, queues, settings), refresh=True)
        else:
            for found, queues in readings():
                print_table(_table(found, queues, settings))


def _queues(settings: Settings) -> dict[str, int] | None:
    """Return how many messages wait for each stage, or None when no server answers."""
    from worker.embedded import answers

    if not answers(settings):
        return None
    from worker.bell import queue_lengths
    from worker.celery import app  # its settings are ours: `settings_for` has put them into the environment

    return queue_lengths(app)


def _as_dict(found: Status, queues: dict[str, int] | None, settings: Settings) -> dict[str, Any]:
    return {
        "desk": str(settings.desk_dir),
        **asdict(found),
        "finished": {f"last_{window}_s": count for window, count in found.finished.items()},
        "queues": queues,
    }


def _table(found: Status, queues: dict[str, int] | None, settings: Settings) -> RenderableType:
    from rich import box
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

    stages = Table(box=box.SIMPLE_HEAD)
    for heading in ("stage", "to do", "messages", "claims", "held", "oldest claim"):
        stages.add_column(heading, justify="left" if heading == "stage" else "right")
    for stage, held in found.held.items():
        stages.add_row(
            stage,
            str(found.missing[stage]),
            "-" if queues is None else str(queues.get(stage, 0)),
            str(held.claims),
            str(held.articles),
            (span_of_time(held.oldest_s) + (f", {held.overdue} overdue" if held.overdue else ""))
            if held.claims
            else "",
        )
    lines = [Text(line) for line in _lines(found, settings, server=queues is not None)]
    return Group(*lines, stages)


def _lines(found: Status, settings: Settings, *, server: bool) -> Iterator[str]:
    yield f"desk        {clean_line(str(settings.desk_dir))}"
    states = ", ".join(
        f"{count} {state.replace('_', ' ')}" for state, count in found.articles.items() if count
    )
    yield f"articles    {found.total}" + (f": {states}" if states else "")
    rates = ", ".join(
        f"{count / window:.1f}/s in the last {span_of_time(window)}"
        for window, count in found.finished.items()
    )
    yield f"published   {rates}"
    if found.oldest_waiting_s is not None:
        yield f"oldest      came {span_of_time(found.oldest_waiting_s)} ago and is not final"
    sources = ", ".join(f"{count} {state}" for state, count in found.sources.items())
    yield f"sources     {sources or 'none'}" + (
        f"; {found.unsettled} in the inbox" if found.unsettled else ""
    )
    if found.quarantine:
        codes = ", ".join(f"{count} {code}" for code, count in found.quarantine.items())
        yield f"quarantine  {clean_line(codes)}"
    for sink, waiting in found.outbox.items():
        error = f": {waiting.error}" if waiting.error else ""
        yield clean_line(f"sink        {waiting.records} wait for {sink}{error}")
    keeper = f"kept by {found.keeper}" if found.keeper else "nobody keeps house"
    yield clean_line(f"queue       {'the server answers' if server else 'no server runs'}; {keeper}")


@examples("copydesk audit", "copydesk audit --deep --all", "copydesk audit --json | jq .gaps")
def audit(
    deep: Annotated[
        bool, typer.Option("--deep", help="Also hash the spool, lay records out again, check the database.")
    ] = False,
    every: Annotated[bool, typer.Option("--all", help="Name every gap, not the first 20 of a kind.")] = False,
    files: Annotated[
        bool, typer.Option("--files/--no-files", help="Look for the files of watched sources.")
    ] = True,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Check that every article is accounted for, and that ledger, spool, parts, records and files agree.

    arrived = published + duplicate (same bytes) + quarantined + dropped + in flight. Every gap is named;
    exit code 1 if there is one. Work in flight is none. Nothing is changed.
    """
    from worker.monitor.audit import NAMED
    from worker.monitor.audit import audit as run_audit
    from worker.spool import Spool

    settings = settings_for()
    with existing_desk(settings) as desk:
        report = run_audit(
            desk, Spool(settings), settings, deep, files=files, most_named=None if every else NAMED
        )
    if as_json:
        print_json(_report_as_dict(report))
    else:
        _print_report(report)
    if report.gap_count:
        raise typer.Exit(FAILED)


def _report_as_dict(report: AuditReport) -> dict[str, Any]:
    return {
        "ok": not report.gap_count,
        "arrived": report.arrived,
        "accounted": report.accounted,
        "published": report.published,
        "duplicates": report.duplicates,
        "quarantined": report.quarantined,
        "dropped": report.dropped,
        "in_flight": report.in_flight,
        "sources": report.sources,
        "checked": report.checked,
        "gap_count": report.gap_count,
        "gap_counts": {kind.value: count for kind, count in report.counts.items()},
        "gaps": [asdict(gap) for gap in report.gaps],
        "note_count": report.note_count,
        "notes": report.notes,
    }


def _print_report(report: AuditReport) -> None:
    from rich.text import Text

    out = console()
    equal = "=" if report.arrived == report.accounted else "≠"
    out.print(
        f"{report.arrived} arrived {equal} {report.published} published + {report.duplicates} duplicate "
        f"+ {report.quarantined} quarantined + {report.dropped} dropped + {report.in_flight} in flight"
    )
    checked = ", ".join(f"{count} {what}" for what, count in report.checked.items())
    out.print(f"checked: {checked or 'nothing to check'}", style="dim")
    for note in report.notes:
        out.print(Text(f"note: {clean_line(note)}", style="dim"))
    if report.note_count > len(report.notes):
        out.print(f"note: {report.note_count - len(report.notes)} more", style="dim")
    for gap in report.gaps:
        line = Text.assemble((f"{gap.kind}  ", "bold red"), clean_line(f"{gap.what}: {gap.detail}"))
        out.print(line)
    if report.gap_count > len(report.gaps):
        out.print(f"{report.gap_count - len(report.gaps)} more; --all names every one", style="dim")
    out.print(
        f"{report.gap_count} gaps" if report.gap_count else "No gap.",
        style="bold red" if report.gap_count else "green",
    )
