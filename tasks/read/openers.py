# ruff: noqa: RUF001 - typographic marks as they stand in news
"""What opens an article before its first sentence: a date line, a byline, a dateline."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from tasks.read import dates
from tasks.read.agencies import known_agency
from tasks.read.draft import DateClaim
from tasks.read.names import people
from worker.config_dir import load_toml
from worker.record import Abstention

if TYPE_CHECKING:
    from tasks.read.lines import Unit

DATE_COMPONENT = "copydesk.read.dates"
_FIRST_UNITS = 3
_FIRST_LINES = 8
_LONGEST_MARK = 40
_LONGEST_BYLINE = 160
_SEPARATORS = " \t\n:|•·,;–—-"
_WEEKDAY = re.compile(
    r"\b(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b[.,]?", re.IGNORECASE
)
_ZONE_NAME = re.compile(r"\s*\(?[A-Z]{2,4}\)?(?=\s*(?:$|[|•·,;–—\n-]))")
_CREDITS = re.compile(
    r"\(?\s*(?:additional\s+)?(?:reporting|writing|compiled|edited|editing)\s+by\s", re.IGNORECASE
)
_REPORTING = re.compile(r"\breporting by ([^;()\n]{3,120})", re.IGNORECASE)


@dataclass(slots=True)
class Openers:
    """What the rules found; `units` is the list with kinds set and inline openers split off."""

    units: list[Unit]
    dates: list[DateClaim] = field(default_factory=list)
    byline: list[str] = field(default_factory=list)
    agency: str | None = None
    abstentions: list[Abstention] = field(default_factory=list)


@functools.cache
def lexicon() -> dict[str, Any]:
    """Return the word lists of config/read/openers.toml as sets."""
    return {name: frozenset(words) for name, words in load_toml("read/openers.toml").items()}


def find_leading_dates(text: str, found: Openers, *, day_first: bool | None) -> None:
    """Set aside dates at the start of the first three lines: `Published: 6 May 2021`, ` date 2021-12-06 `."""
    units: list[Unit] = []
    for index, unit in enumerate(found.units):
        if index >= _FIRST_UNITS or unit.kind not in {None, "paragraph"}:
            units.append(unit)
            continue
        end = unit.start
        while (next_end := _take_date(text, end, unit, found, day_first=day_first)) is not None:
            end = next_end
        if end == unit.start:
            units.append(unit)
            continue
        rest = _skip(text, end, unit.end)
        if rest < unit.end:
            units.append(replace(unit, end=end, kind="boilerplate", rule="leading_date", blank_after=False))
            units.append(replace(unit, start=rest, blank_before=False))
        else:
            units.append(replace(unit, kind="boilerplate", rule="leading_date"))
    found.units = units


def _skip(text: str, start: int, end: int) -> int:
    while start < end and text[start] in _SEPARATORS:
        start += 1
    return start


def _take_date(text: str, start: int, unit: Unit, found: Openers, *, day_first: bool | None) -> int | None:
    """Read one marked date at `start` of the unit; return where it ends, or None when there is none."""
    begin = _skip(text, start, unit.end)
    problem = None
    try:
        date = dates.find(text, day_first=day_first, start=begin, end=unit.end)
    except dates.UnclearDate as error:
        date, problem = None, error
    where = date or problem
    if where is None or where.start - begin > _LONGEST_MARK:
        return None
    mark = _WEEKDAY.sub("", text[begin : where.start]).strip(_SEPARATORS).lower()
    about = _about(mark, text, where.end, unit) if start == unit.start or mark else None
    if about is None or (date is not None and date.precision in {"year", "month"}):
        return None
    zone = _ZONE_NAME.match(text, where.end, unit.end) if date and "T" in date.value else None
    end = zone.end() if zone else where.end
    if date is None:
        found.abstentions.append(
            Abstention(
                component=DATE_COMPONENT, what=about, why=str(problem), start=where.start, end=where.end
            )
        )
        return end
    found.dates.append(
        DateClaim(
            about="modified" if about == "modified" else "published",
            value=date.value,
            precision=date.precision,
            evidence="leading_date",
            rule=f"marked:{mark}" if mark else "line_of_its_own",
            confidence=0.98 if mark else 0.85,
            start=date.start,
            end=date.end,
        )
    )
    return end


def _about(mark: str, text: str, end: int, unit: Unit) -> str | None:
    """Return what the date is about: by its mark, or `published` when it fills its line alone."""
    if mark in lexicon()["published"]:
        return "published"
    if mark in lexicon()["modified"]:
        return "modified"
    rest = text[end : unit.end].strip(_SEPARATORS)
    alone = not rest or (len(rest) <= 5 and rest.isupper())  # noqa: PLR2004 - a zone's name
    return "published" if not mark and alone else None


def find_bylines(text: str, found: Openers) -> None:
    """Mark `By Jane Roe and John Doe, Agency` before the first paragraph, and credits at the end."""
    credited: list[str] = []
    first_prose = next(
        (i for i, u in enumerate(found.units) if u.end - u.start > _LONGEST_BYLINE), len(found.units)
    )
    for index, unit in enumerate(found.units):
        if unit.kind not in {None, "paragraph"} or unit.end - unit.start > 2 * _LONGEST_BYLINE:
            continue
        line = text[unit.start : unit.end]
        if index < min(first_prose, _FIRST_LINES) and len(line) <= _LONGEST_BYLINE:
            names, agency = read_byline(line)
            if names or agency or _by_nobody(line):
                found.units[index] = replace(unit, kind="byline", rule="by_names")
                found.byline += [name for name in names if name not in found.byline]
                found.agency = found.agency or agency
                continue
        if _CREDITS.match(line):
            found.units[index] = replace(unit, kind="byline", rule="credits")
            for match in _REPORTING.finditer(line):
                credited += people(match.group(1))[0]
    found.byline = found.byline or list(dict.fromkeys(credited))


def _by_nobody(line: str) -> bool:
    """Say whether the line is a byline without a name: `By our correspondent in Athens`."""
    by, _, who = line.strip(" \t\n|•·").lower().partition(" ")
    who = who.strip(" .:")
    lists = lexicon()
    return by.rstrip(":") in lists["by"] and (
        who in lists["nobody"] or who.partition(" in ")[0].strip() in lists["nobody"]
    )


def read_byline(line: str) -> tuple[list[str], str | None]:
    """Return the people and the agency of a line such as `By Jane Roe and John Doe, Agency`; else nothing."""
    line = line.strip(" \t\n|•·-–—")
    for word in sorted(lexicon()["by"], key=len, reverse=True):
        if line[: len(word)].lower() == word and line[len(word) : len(word) + 1] in {" ", ":", "\t"}:
            who = line[len(word) + 1 :].strip()
            agency = known_agency(who)
            return ([], agency) if agency else people(who)
    return [], None
