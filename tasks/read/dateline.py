# ruff: noqa: RUF001 - typographic marks as they stand in news
"""The dateline at the start of the first paragraph: `KYIV, Dec. 6 (Agency) - `."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from tasks.read import dates
from tasks.read.agencies import known_agency
from tasks.read.draft import DateClaim
from tasks.read.openers import DATE_COMPONENT, Openers, lexicon
from worker.record import Abstention

_LONGEST = 110
_DASH = re.compile(r"\s*(?:—|–|--)\s*|\s+[-‒―]+\s+|(?<=\))\s*[-:]\s*|(?<=\))\s+")
_AGENCY = re.compile(r"\s*[(/]([^()/]{2,40})[)/]\s*\Z")
_DAY = re.compile(
    r"(?:\b(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?\s+)?"
    r"(?:(?<![^\W\d_])(?P<before>[^\W\d_]{3,10})\.?\s+(?P<day>\d\d?)|(?P<day2>\d\d?)\.?\s+(?P<after>[^\W\d_]{3,10})\.?)"
    r"(?:st|nd|rd|th)?(?!\d)",
    re.IGNORECASE,
)
_CITY = re.compile(r"[^\W\d_][\w.'’ -]{1,40}\Z")
_MOST_CITY_WORDS = 4
_LEAST_CAPITALS = 3


@dataclass(frozen=True, slots=True)
class _Dateline:
    end: int
    agency: str | None
    date: dates.Found | None
    day: tuple[int, int] | None  # where a day without a year stands


def find_dateline(text: str, found: Openers, *, day_first: bool | None) -> None:
    """Split the dateline off the first paragraph; take its agency, and its date when it has a year."""
    for index, unit in enumerate(found.units):
        if unit.kind not in {None, "paragraph"}:
            continue
        line = _read(text, unit.start, unit.end, day_first=day_first)
        if line is None:
            if unit.end - unit.start > _LONGEST:
                return
            continue  # a headline or a summary may stand before the first paragraph
        head = replace(unit, end=min(line.end, unit.end), kind="dateline", rule="place_and_dash")
        found.units[index] = head
        if line.end < unit.end:
            found.units.insert(index + 1, replace(unit, start=line.end, blank_before=False))
        found.agency = found.agency or line.agency
        _take_date(line, found)
        return


def _take_date(line: _Dateline, found: Openers) -> None:
    if line.date is not None and line.date.precision not in {"year", "month"}:
        found.dates.append(
            DateClaim(
                about="published",
                value=line.date.value,
                precision=line.date.precision,
                evidence="dateline",
                rule="day_month_year",
                confidence=0.9,
                start=line.date.start,
                end=line.date.end,
            )
        )
    elif line.day is not None:
        found.abstentions.append(
            Abstention(
                component=DATE_COMPONENT,
                what="published",
                why="the dateline gives day and month but no year",
                start=line.day[0],
                end=line.day[1],
            )
        )


def _read(text: str, start: int, end: int, *, day_first: bool | None) -> _Dateline | None:
    limit = min(end, start + _LONGEST)
    for dash in _DASH.finditer(text, start, limit):
        left = text[start : dash.start()]
        plain = not dash.group().strip()
        if plain and not known_agency(left.rpartition("(")[2]):
            continue
        line = _parse(text, start, dash.start(), dash.end(), day_first=day_first)
        follows = text[dash.end()] if dash.end() < end else ""
        if line is not None and not follows.islower():
            return line
    return None


def _parse(text: str, start: int, stop: int, end: int, *, day_first: bool | None) -> _Dateline | None:
    written = _AGENCY.search(text, start, stop)
    agency = (known_agency(written.group(1)) or written.group(1).strip()) if written else None
    stop = written.start() if written else stop
    date, day = _date(text, start, stop, day_first=day_first)
    place_end = date.start if date else day[0] if day else stop
    rest = text[date.end : stop] if date else text[day[1] : stop] if day else ""
    if rest.strip(" ,.:-"):
        return None
    place = text[start:place_end].strip(" ,.:-–—")
    certain = day is not None or date is not None or (agency is not None and known_agency(agency) is not None)
    if agency and not certain and not _is_place(place, needs_capitals=True):
        return None
    if not place:
        known = written is not None and known_agency(written.group(1)) is not None
        return _Dateline(end, agency, date, day) if known else None
    if agency is None and known_agency(place):
        return _Dateline(end, known_agency(place), date, day)
    if not _is_place(place, needs_capitals=not (certain or agency)):
        return None
    return _Dateline(end, agency, date, day)


def _date(
    text: str, start: int, stop: int, *, day_first: bool | None
) -> tuple[dates.Found | None, tuple[int, int] | None]:
    try:
        date = dates.find(text, day_first=day_first, start=start, end=stop)
    except dates.UnclearDate:
        return None, None
    if date is not None and date.precision not in {"year", "month"}:
        return date, None
    for match in _DAY.finditer(text, start, stop):
        if (match["before"] or match["after"]).lower() in dates.months():
            return None, match.span()
    return None, None


def _is_place(place: str, *, needs_capitals: bool) -> bool:
    """Say whether this may be a dateline's place: `KYIV`, `NEW YORK, N.Y.`, `LONDON/PARIS`, `Kyiv`."""
    city, *regions = re.split(r"\s*[,/]\s*", place)
    if city.upper() in lexicon()["not_places"] or len(regions) > 3:  # noqa: PLR2004 - city, state, country
        return False
    for piece in (city, *regions):
        if (
            not _CITY.match(piece)
            or any(c.isdigit() for c in piece)
            or not piece[0].isupper()
            or len(piece.split()) > _MOST_CITY_WORDS
        ):
            return False
    if needs_capitals:
        return city.isupper() and sum(c.isalpha() for c in city) >= _LEAST_CAPITALS
    return all(word[0].isupper() or len(word) <= 3 for word in re.split(r"[\s-]+", city) if word)  # noqa: PLR2004
