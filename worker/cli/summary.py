"""The end of a run in a few lines: how many articles, what was known, what was found, what went wrong."""

from __future__ import annotations

import os
import shlex
import shutil
import sys
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from rich.text import Text
from sqlalchemy import func, select

from worker.cli.common import clean_line, said
from worker.desk.tables import FINAL_STATES, arrivals, articles, entities, places, quotes, sources, topics

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import Console
    from sqlalchemy import Connection, Select

    from worker.desk.engine import Desk
    from worker.intake.bulk import Bulk
    from worker.intake.bulk import Progress as RunProgress
    from worker.settings import Settings

MOST_NAMED = 10
MOST_IN_JSON = 100
MOST_COUNTED = 10_000
MOST_TOPICS = 5


@dataclass(frozen=True)
class Summary:
    """How a run ended. `known` of the `arrived` had been finished before it began."""

    run: str
    sources: int
    arrived: int
    known: int
    quarantined: int
    failed_sources: int
    seconds: float
    desk: str
    quarantine: list[dict[str, str]]
    sources_failed: list[dict[str, str]]


def read_summary(
    desk: Desk, bulk: Bulk, last: RunProgress, *, seconds: float, started_at: float, settings: Settings
) -> Summary:
    """Return the summary of a run that has come to its end. `started_at` is by the desk's clock."""
    quarantined = bulk.quarantined()
    failed = bulk.failed_sources()
    known = (
        select(func.count())
        .select_from(arrivals)
        .join(sources, sources.c.id == arrivals.c.source_id)
        .join(articles, articles.c.id == arrivals.c.article_id)
        .where(
            sources.c.run == bulk.run_id,
            articles.c.state.in_(FINAL_STATES),
            articles.c.finished_at < started_at,
        )
    )
    with desk.reading() as connection:
        known_count = connection.scalar(known) or 0
    return Summary(
        run=bulk.run_id,
        sources=last.sources,
        arrived=last.articles,
        known=known_count,
        quarantined=len(quarantined),
        failed_sources=len(failed),
        seconds=round(seconds, 2),
        desk=str(settings.desk_dir),
        quarantine=[
            {"id": id_, "source": path, "code": code, "detail": detail}
            for id_, path, code, detail in quarantined[:MOST_IN_JSON]
        ],
        sources_failed=[
            {"source": path, "code": code, "detail": detail} for path, code, detail in failed[:MOST_IN_JSON]
        ],
    )


def as_dict(summary: Summary) -> dict[str, Any]:
    """Return the summary as `--json` prints it."""
    return asdict(summary)


def print_summary(desk: Desk, summary: Summary, console: Console, *, shown: Sequence[str]) -> None:
    """Print the summary for people; `shown` are the articles printed above it."""
    for line in _lines(summary):
        console.print(clean_line(line), highlight=False, markup=False, soft_wrap=True)
    if not summary.arrived:
        return
    if shown and summary.arrived <= MOST_COUNTED:
        with desk.reading() as connection:
            for line in _found(connection, summary.run):
                console.print(line, highlight=False, markup=False, soft_wrap=True)
    command = _command()
    id_ = shown[0][:12] if shown else "ID"
    hints = [("Read one:", f"show {id_}"), ("Search:", "search WORDS"), ("Take all:", "export jsonl")]
    if summary.arrived == summary.quarantined:
        hints = []
    if summary.quarantined:
        hints.append(("Look into:", "quarantine list"))
    for what, how in hints:
        console.print(
            Text(f"{what:<10} {command} {how}", style="dim"), highlight=False, markup=False, soft_wrap=True
        )


def _lines(summary: Summary) -> Iterator[str]:
    if not summary.sources:
        yield "There is no file to take in (the setting `ignore` says what is left alone)."
        return
    good = summary.arrived - summary.quarantined
    files = _count(summary.sources, "file")
    yield (
        f"{good} of {_count(summary.arrived, 'article')} from {files} {'is' if good == 1 else 'are'} "
        f"in the desk ({summary.seconds:.1f} s): {summary.desk}"
    )
    if summary.known:
        all_of_them = summary.known == summary.arrived
        yield (
            "All of them were known and are not done again."
            if all_of_them
            else f"{summary.known} of them {'was' if summary.known == 1 else 'were'} known before."
        )
    for each in summary.quarantine[:MOST_NAMED]:
        yield f"  in quarantine: {each['id'][:12]} from {each['source']}: {each['code']}: {each['detail']}"
    if summary.quarantined > MOST_NAMED:
        yield f"  and {summary.quarantined - MOST_NAMED} more in quarantine"
    for each in summary.sources_failed[:MOST_NAMED]:
        yield f"  not read to its end: {each['source']}: {each['code']}: {each['detail']}"
    if summary.failed_sources > MOST_NAMED:
        yield f"  and {summary.failed_sources - MOST_NAMED} more files not read to their end"


def _found(connection: Connection, run: str) -> Iterator[str]:
    """Say what is in the records of a run, counted over all of its articles."""
    ids = (
        select(arrivals.c.article_id)
        .join(sources, sources.c.id == arrivals.c.source_id)
        .where(sources.c.run == run)
        .scalar_subquery()
    )

    def count(query: Select[Any]) -> int:
        return int(connection.scalar(query) or 0)

    people = count(
        select(func.count(entities.c.name.distinct())).where(
            entities.c.article_id.in_(ids), entities.c.type == "PERSON"
        )
    )
    said_by_somebody = count(
        select(func.count()).where(quotes.c.article_id.in_(ids), quotes.c.speaker.is_not(None))
    )
    where = count(
        select(func.count(places.c.name.distinct())).where(
            places.c.article_id.in_(ids), places.c.status == "resolved"
        )
    )
    yield (
        f"Found: {_count(said_by_somebody, 'quote')} with a speaker, {people} people by name, "
        f"{_count(where, 'place')} on the map"
    )
    most = connection.execute(
        select(topics.c.label, func.count().label("n"))
        .where(topics.c.article_id.in_(ids))
        .group_by(topics.c.label)
        .order_by(func.count().desc(), topics.c.label)
        .limit(MOST_TOPICS)
    ).all()
    if most:
        yield "Most about: " + "; ".join(f"{label} {number}" for label, number in most)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _command() -> str:
    """Return how this command is called here: with its folder when it is not on PATH, and with its desk."""
    called = sys.argv[0]
    on_path = shutil.which("copydesk")
    same = on_path is not None and os.path.realpath(on_path) == os.path.realpath(called)
    name = called if os.path.basename(called) == "copydesk" and not same else "copydesk"
    desk = said().get("desk")
    return shlex.quote(name) + (f" --desk {shlex.quote(str(desk))}" if desk else "")
