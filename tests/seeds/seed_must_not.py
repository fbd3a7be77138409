"""What a record must not say. Every entry of `must_not` is an object with one key, a name in `CHECKS`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from seed_quotes import words
from seed_text import Finding, bare, fold, occurrences, overlaps, plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from seed_expectation import Expectation

    from worker.record import Record, Timex


def must_not(record: Record, expected: Expectation) -> Iterator[Finding]:
    """Return the forbidden things that the record says."""
    for entry in expected.must_not:
        for name, value in entry.items():
            component, check = CHECKS[name]
            for text in check(record, value):
                yield Finding(component, f"must not: {name} {value!r}: {text}")


def _quote_speaker(record: Record, name: str) -> Iterator[str]:
    ids = {e.id for e in record.entities if plain(name) in {plain(e.name), *map(plain, e.aliases)}}
    for quote in record.quotes:
        if quote.speaker and (quote.speaker.entity in ids or plain(quote.speaker.text) == plain(name)):
            yield words([quote])[:60]


def _direct_quote(record: Record, text: str) -> Iterator[str]:
    for quote in record.quotes:
        if quote.kind == "direct" and any(bare(s.text) == bare(text) for s in quote.segments):
            yield f"{quote.id}, rule {quote.rule}"


def _place(record: Record, name: str) -> Iterator[str]:
    for place in record.places:
        if plain(name) in {plain(place.name), plain(place.text)}:
            yield f"{place.text!r} at {place.start}, {place.status}"


def _place_country(record: Record, value: dict[str, str]) -> Iterator[str]:
    for place in record.places:
        if (
            plain(value["name"]) in {plain(place.name), plain(place.text)}
            and place.country == value["country"]
        ):
            yield f"{place.text!r} at {place.start}"


def _person(record: Record, name: str) -> Iterator[str]:
    for entity in record.entities:
        if entity.type == "PERSON" and plain(name) in {plain(entity.name), *map(plain, entity.aliases)}:
            yield f"{entity.name!r}, rule {entity.rule}"


def _role_of(record: Record, value: dict[str, str]) -> Iterator[str]:
    for entity in record.entities:
        if plain(entity.name) == plain(value["name"]):
            yield from (r.text for r in entity.roles if plain(value["title"]) in plain(r.text))


def _dated(record: Record) -> list[Timex]:
    return [t for t in record.timexes if t.type in {"DATE", "TIME"} and re.match(r"\d{4}", t.value or "")]


def _date(record: Record, value: str) -> Iterator[str]:
    yield from (repr(t.text) for t in _dated(record) if (t.value or "").startswith(value))


def _date_year_other_than(record: Record, years: int | list[int]) -> Iterator[str]:
    allowed = {str(year) for year in (years if isinstance(years, list) else [years])}
    yield from (f"{t.text!r} = {t.value}" for t in _dated(record) if (t.value or "")[:4] not in allowed)


def _date_year_below(record: Record, year: int) -> Iterator[str]:
    yield from (f"{t.text!r} = {t.value}" for t in _dated(record) if int((t.value or "")[:4]) < year)


def _any_full_date(record: Record, _value: bool) -> Iterator[str]:  # noqa: FBT001 - the table gives values
    yield from (f"{t.text!r} = {t.value}" for t in _dated(record))


def _timex_at(record: Record, around: str) -> Iterator[str]:
    for span in occurrences(record.text, around):
        yield from (repr(t.text) for t in record.timexes if overlaps(span, (t.start, t.end)))


def _event_with_date(record: Record, value: dict[str, str]) -> Iterator[str]:
    ids = {e.id for e in record.entities if plain(e.name) == plain(value["who"])}
    for event in record.events:
        if event.kind == value["kind"] and event.when and ids & {*event.who, *event.whom}:
            yield f"{event.text!r} on {event.when.text!r}"


def _event_on(record: Record, value: str) -> Iterator[str]:
    days = [(t.start, t.end) for t in record.timexes if t.value == value]
    for event in record.events:
        if event.when and any(overlaps(day, (event.when.start, event.when.end)) for day in days):
            yield f"{event.text!r} on {event.when.text!r}"


def _in_body(record: Record, text: str) -> Iterator[str]:
    if fold(text) in fold(record.body):
        yield "it is"


def _text_contains(record: Record, text: str) -> Iterator[str]:
    if text in record.text:
        yield f"at {record.text.index(text)}"


def _published(record: Record, value: str) -> Iterator[str]:
    if record.published and record.published.value.startswith(value):
        yield f"{record.published.value}, evidence {record.published.evidence}"


def _title(record: Record, text: str) -> Iterator[str]:
    if record.title is not None and fold(record.title) == fold(text):
        yield "it is"


CHECKS: dict[str, tuple[str, Callable[[Record, Any], Iterator[str]]]] = {
    "quote_speaker": ("quotes", _quote_speaker),
    "direct_quote": ("quotes", _direct_quote),
    "place": ("places", _place),
    "place_country": ("places", _place_country),
    "person": ("names", _person),
    "role_of": ("names.roles", _role_of),
    "date": ("timexes", _date),
    "date_year_other_than": ("timexes", _date_year_other_than),
    "date_year_below": ("timexes", _date_year_below),
    "any_full_date": ("timexes", _any_full_date),
    "timex_at": ("timexes", _timex_at),
    "event_with_date": ("events", _event_with_date),
    "event_on": ("events", _event_on),
    "in_body": ("read.blocks", _in_body),
    "text_contains": ("read.decode", _text_contains),
    "published": ("read.dates", _published),
    "title": ("read", _title),
}
