"""A few lines on each article, for the end of a run: what happened to it and what was found in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text
from sqlalchemy import select

from worker.cli.common import clean_line
from worker.desk.tables import articles, records
from worker.record import Record

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from rich.console import Console

    from worker.desk.engine import Desk
    from worker.record import Entity, Quote

MOST_QUOTES = 4
MOST_NAMES = 8
QUOTE_CHARACTERS = 90
YEAR_DIGITS = 4  # `199`, the 1990s, is no date to list


def print_brief(desk: Desk, ids: Sequence[str], console: Console) -> None:
    """Print the articles one after the other, in the order given."""
    for id_ in ids:
        with desk.reading() as connection:
            body = connection.scalar(
                select(records.c.body)
                .join(
                    articles,
                    (articles.c.id == records.c.article_id) & (articles.c.revision == records.c.revision),
                )
                .where(articles.c.id == id_)
            )
        if body:
            record = Record.model_validate_json(body)
            console.print(Text(clean_line(record.headline.text), style="bold"), soft_wrap=True)
            for label, value in _lines(record):
                console.print(Text.assemble((f"  {label:<7} ", "dim"), clean_line(value)), soft_wrap=True)
            console.print()


def _lines(record: Record) -> Iterator[tuple[str, str]]:
    yield "id", record.id[:12]
    when = (
        f"{record.published.value} ({record.published.evidence.replace('_', ' ')})"
        if record.published
        else "no date in the article"
    )
    yield "date", f"{when}; language {record.language or 'unknown'}"
    names = {entity.id: entity for entity in record.entities}
    spoken = [quote for quote in record.quotes if quote.speaker]
    for quote in spoken[:MOST_QUOTES]:
        yield "said", f"{_speaker(quote, names)}: {_shorten(quote)}"
    if len(spoken) > MOST_QUOTES:
        yield "", f"and {len(spoken) - MOST_QUOTES} more"
    for label, types in (("people", {"PERSON"}), ("orgs", {"ORG"})):
        found = [e.name for e in sorted(record.entities, key=lambda e: -e.salience) if e.type in types]
        if found:
            yield label, _some(found)
    places = list(dict.fromkeys(place.name for place in record.places if place.status == "resolved"))
    if places:
        yield "places", _some(places)
    dates = list(
        dict.fromkeys(
            timex.value
            for timex in record.timexes
            if timex.value
            and timex.type == "DATE"
            and timex.value[:YEAR_DIGITS].isdigit()
            and len(timex.value) >= YEAR_DIGITS
        )
    )
    if dates:
        yield "dates", _some(dates)
    if record.about.topics:
        yield "topics", ", ".join(topic.label for topic in record.about.topics[:3])
    if record.translation.verdict != "unlikely":
        yield "signs", f"machine translation is {record.translation.verdict}"
    for warning in record.warnings[:2]:
        yield "note", warning


def _speaker(quote: Quote, names: Mapping[str, Entity]) -> str:
    assert quote.speaker is not None
    entity = names.get(quote.speaker.entity or "")
    return entity.name if entity else quote.speaker.text


def _shorten(quote: Quote) -> str:
    words = " … ".join(" ".join(segment.text.split()) for segment in quote.segments)
    short = words if len(words) <= QUOTE_CHARACTERS else words[: QUOTE_CHARACTERS - 1].rsplit(" ", 1)[0] + "…"
    return f"“{short}”" if quote.kind == "direct" else f"{short} ({quote.kind})"


def _some(values: list[str]) -> str:
    more = len(values) - MOST_NAMES
    return ", ".join(values[:MOST_NAMES]) + (f" and {more} more" if more > 0 else "")
