"""Dates with their values, places with their countries and coordinates."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

from seed_expectation import any_of
from seed_text import Finding, fold, occurrences, plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seed_expectation import Date, Expectation
    from seed_expectation import Place as WantedPlace

    from worker.record import Place, Record, Timex

NEAR_KM = 30
"""Coordinates of one town differ that much between gazetteers."""


def dates(record: Record, expected: Expectation) -> Iterator[Finding]:
    """Return what is wrong with the temporal expressions."""
    for wanted in expected.dates:
        if wanted.value is None:
            continue
        found = [t for t in record.timexes if _says(t, wanted, record.text)]
        name = any_of(wanted.text)[0]
        if not found:
            yield Finding("timexes", f"not found: {name!r} = {wanted.value}", wanted.optional)
        elif not (right := [t for t in found if t.value in any_of(wanted.value)]):
            has = [(t.text, t.value, t.unresolved or t.rule) for t in found]
            yield Finding("timexes", f"{name!r} is {has}, should be {wanted.value}", wanted.optional)
        elif wanted.type and right[0].type != wanted.type:
            yield Finding(
                "timexes", f"{name!r} is a {right[0].type}, should be {wanted.type}", wanted.optional
            )
        elif wanted.mod and right[0].mod != wanted.mod:
            yield Finding(
                "timexes", f"{name!r} has mod {right[0].mod}, should be {wanted.mod}", wanted.optional
            )
    for timex in record.timexes:
        if timex.conflict:
            yield Finding("timexes", f"conflict seen in {timex.text!r}: {timex.conflict}")
    if "dates" in expected.complete:
        yield from _too_many_dates(record, expected)


def places(record: Record, expected: Expectation) -> Iterator[Finding]:
    """Return what is wrong with the places."""
    for wanted in expected.places:
        known = {plain(text) for text in [wanted.name, *wanted.text]}
        found = [p for p in record.places if {plain(p.name), plain(p.text)} & known]
        if not found:
            yield Finding("places", f"not found: {wanted.name}", wanted.optional)
        for fault in dict.fromkeys(fault for place in found for fault in _place_faults(place, wanted)):
            yield Finding("places", f"{wanted.name}: {fault}", wanted.optional)
    if expected.focus_country:
        focus = {place.country for place in record.places if place.focus}
        if expected.focus_country not in focus:
            yield Finding("places", f"focus is {sorted(map(str, focus))}, should be {expected.focus_country}")
    if "places" in expected.complete:
        allowed = {plain(text) for place in expected.places for text in [place.name, *place.text]}
        for name in dict.fromkeys(
            p.text for p in record.places if not {plain(p.name), plain(p.text)} & allowed
        ):
            yield Finding("places", f"no such place in the article: {name!r}")


def _says(timex: Timex, wanted: Date, text: str) -> bool:
    if wanted.at is not None:
        around = occurrences(text, wanted.at)
        if not any(start <= timex.start and timex.end <= end for start, end in around):
            return False
    return any(_same_words(timex.text, one) for one in any_of(wanted.text))


def _same_words(one: str, other: str) -> bool:
    """Whether one is part of the other, in whole words: extents are not what is judged here."""
    small, large = sorted((fold(one).casefold(), fold(other).casefold()), key=len)
    return re.search(rf"(?<!\w){re.escape(small)}(?!\w)", large) is not None


def _too_many_dates(record: Record, expected: Expectation) -> Iterator[Finding]:
    allowed = {value for date in expected.dates for value in any_of(date.value)}
    if expected.published:
        allowed |= {value[:10] for value in any_of(expected.published.value)}
    free = [date for date in expected.dates if date.value is None]
    for timex in record.timexes:
        if timex.type not in {"DATE", "TIME"} or not re.match(r"\d{3}", timex.value or ""):
            continue
        if timex.value not in allowed and not any(_says(timex, date, record.text) for date in free):
            yield Finding(
                "timexes", f"no such date in the article: {timex.text!r} = {timex.value} ({timex.rule})"
            )


def _place_faults(place: Place, wanted: WantedPlace) -> Iterator[str]:
    if place.status != "resolved":
        if not wanted.unresolved_ok and wanted.country is not None:
            yield f"{place.status}, should be in {wanted.country}"
        return
    if wanted.country is not None and place.country not in any_of(wanted.country):
        yield f"resolved to {place.country} ({place.name}), should be {wanted.country}"
    elif wanted.lat is not None and wanted.lon is not None:
        if place.lat is None or place.lon is None:
            yield "without coordinates"
        elif (distance := _km(place.lat, place.lon, wanted.lat, wanted.lon)) > NEAR_KM:
            yield f"{distance:.0f} km off"
    if wanted.kind and place.kind != wanted.kind:
        yield f"kind is {place.kind}, should be {wanted.kind}"


def _km(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    lat, lon, other_lat, other_lon = map(math.radians, (lat, lon, other_lat, other_lon))
    chord = (
        math.sin((lat - other_lat) / 2) ** 2
        + math.cos(lat) * math.cos(other_lat) * math.sin((lon - other_lon) / 2) ** 2
    )
    return 2 * 6371 * math.asin(math.sqrt(chord))
