# ruff: noqa: RUF001 - typographic marks as they stand in news
"""Dates as they are written in news files, to ISO 8601 with the precision that is there. Never the clock."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from worker.config_dir import load_toml

if TYPE_CHECKING:
    from collections.abc import Mapping

    from worker.record import Precision

FIRST_YEAR, LAST_YEAR = 1700, 2100
"""Years outside are refused: the field's archives hold typing errors such as 2203, and nothing before."""

LONGEST = 80
"""No date needs more characters; what is longer is not looked at."""

_ZONE = r"(?P<zone>Z|UTC|GMT|[+-]\d\d:?\d\d|[+-]\d\d(?!\d))?"
_TIME = (
    r"(?P<hour>[01]?\d|2[0-3])[:.h](?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d)(?:[.,]\d{1,9})?)?"
    r"(?:\s?(?P<half>[ap])\.?m\b\.?)?\s?" + _ZONE
)
_AFTER_DAY = rf"(?:(?:T|,?\s+(?:(?:at|um|à|-|–|—|\|)\s+)?)(?:{_TIME}))?"
_YEAR = r"(?P<year>[12]\d{3})"
_ISO = re.compile(
    rf"(?<![\d-]){_YEAR}(?:-(?P<month>\d\d)(?:-(?P<day>\d\d)(?!\d){_AFTER_DAY})?)?(?![\d-])", re.IGNORECASE
)
_COMPACT = re.compile(
    r"(?<!\d)(?P<year>[12]\d{3})(?P<month>0[1-9]|1[0-2])(?P<day>[0-2]\d|3[01])"
    r"(?:T?(?P<hour>[01]\d|2[0-3])(?P<minute>[0-5]\d)(?P<second>[0-5]\d)?(?P<zone>Z|[+-]\d{4})?)?(?!\d)"
)
_SLASHED = re.compile(
    rf"(?<!\d){_YEAR}[/.](?P<month>\d\d?)[/.](?P<day>\d\d?)(?!\d){_AFTER_DAY}", re.IGNORECASE
)
_NUMERIC = re.compile(
    rf"(?<![\d./-])(?P<first>\d\d?)(?P<sep>[./-])(?P<second_number>\d\d?)(?P=sep){_YEAR}(?!\d){_AFTER_DAY}",
    re.IGNORECASE,
)
_EAST_ASIAN = re.compile(rf"{_YEAR}年\s?(?P<month>\d\d?)月\s?(?P<day>\d\d?)日")
_NAME = r"(?P<name>[^\W\d_]{3,10})"
_DAY_MONTH = re.compile(
    rf"(?<![\d.:/-])(?P<day>\d\d?)(?:st|nd|rd|th|er|\.|º)?[\s-]+(?:(?:de|of)\s+)?{_NAME}\.?,?[\s-]+(?:(?:de|del|of)\s+)?{_YEAR}"
    rf"(?!\d){_AFTER_DAY}",
    re.IGNORECASE,
)
_MONTH_DAY = re.compile(
    rf"(?<![^\W\d_]){_NAME}\.?\s+(?P<day>\d\d?)(?:st|nd|rd|th)?,?\s+{_YEAR}(?!\d){_AFTER_DAY}", re.IGNORECASE
)
_MONTH_YEAR = re.compile(rf"(?<![^\W\d_]){_NAME}\.?,?\s+{_YEAR}(?!\d)", re.IGNORECASE)
# `Mon Dec 06 10:00:00 +0000 2021`, as Twitter and Unix `date` write it.
_UNIX = re.compile(
    rf"(?<![^\W\d_]){_NAME}\s+(?P<day>\d\d?)\s+{_TIME}\s+(?:[A-Z]{{3,4}}\s+)?{_YEAR}(?!\d)", re.IGNORECASE
)
_PATTERNS = (_ISO, _UNIX, _MONTH_DAY, _DAY_MONTH, _SLASHED, _NUMERIC, _EAST_ASIAN, _COMPACT, _MONTH_YEAR)

_MILLISECONDS_FROM = 10_000_000_000
_EARLIEST_EPOCH = 100_000_000
_TWELVE = 12


@dataclass(frozen=True, slots=True)
class Found:
    """A date: ISO 8601 as precise as it was written, and where it stood in the text looked at."""

    value: str
    precision: Precision
    start: int
    end: int


class UnclearDate(ValueError):  # noqa: N818 - it is a reason, not a failure
    """Day and month cannot be told apart (`3/4/2021`), or the date does not exist; `start`, `end`: where."""

    def __init__(self, why: str, start: int, end: int) -> None:
        super().__init__(why)
        self.start = start
        self.end = end


@functools.cache
def months() -> Mapping[str, int]:
    """Return month names (lower case) of all known languages -> number."""
    table: dict[str, int] = {}
    for names_by_number in load_toml("read/months.toml").values():
        for number, names in names_by_number.items():
            for name in names:
                if table.setdefault(name, int(number)) != int(number):
                    raise ValueError(f"config/read/months.toml: {name!r} stands for two months")
    return table


def find(text: str, *, day_first: bool | None = None, start: int = 0, end: int | None = None) -> Found | None:
    """Return the leftmost date with a year in `text[start:end]`, the most precise one at its place.

    Raises UnclearDate when the date there could be two days, or none that exists.
    """
    end = len(text) if end is None else end
    end = min(end, start + LONGEST)
    best: tuple[int, int, re.Match[str]] | None = None
    for pattern in _PATTERNS:
        match = _first_match(pattern, text, start, end)
        if match and (best is None or (match.start(), -match.end()) < best[:2]):
            best = (match.start(), -match.end(), match)
    return _build(best[2], day_first) if best else None


def parse(text: str, *, day_first: bool | None = None) -> Found | None:
    """Return the date that a field's value holds (other words around it are allowed), or None.

    Raises UnclearDate as `find` does.
    """
    return find(text.strip()[:LONGEST], day_first=day_first)


def from_epoch(seconds: float) -> Found | None:
    """Return the UTC time of a Unix time stamp in seconds or milliseconds, None when it is none."""
    if seconds >= _MILLISECONDS_FROM:
        seconds /= 1000
    if not _EARLIEST_EPOCH <= seconds < _MILLISECONDS_FROM:
        return None
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=int(seconds))
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        return None
    return Found(moment.strftime("%Y-%m-%dT%H:%M:%SZ"), "second", 0, 0)


def _first_match(pattern: re.Pattern[str], text: str, start: int, end: int) -> re.Match[str] | None:
    for match in pattern.finditer(text, start, end):
        name = match.groupdict().get("name")
        if name is None or name.lower() in months():
            return match
    return None


def _build(match: re.Match[str], day_first: bool | None) -> Found:  # noqa: FBT001 - a setting passed on
    groups = match.groupdict()
    year = int(groups["year"])
    if not FIRST_YEAR <= year <= LAST_YEAR:
        why = f"the year {year} is outside {FIRST_YEAR} to {LAST_YEAR}"
        raise UnclearDate(why, match.start(), match.end())
    month: int | None
    day: int | None
    if groups.get("first"):
        month, day = _month_and_day(match, day_first)
    else:
        month = months()[groups["name"].lower()] if groups.get("name") else _number(groups.get("month"))
        day = _number(groups.get("day"))
    try:
        date(year, month or 1, day or 1)
    except ValueError:
        why = f"{match.group()!r} is no day of the calendar"
        raise UnclearDate(why, match.start(), match.end()) from None
    value, precision = _compose(year, month, day, groups)
    return Found(value, precision, match.start(), match.end())


def _number(digits: str | None) -> int | None:
    return int(digits) if digits else None


def _month_and_day(match: re.Match[str], day_first: bool | None) -> tuple[int, int]:  # noqa: FBT001
    first, second = int(match["first"]), int(match["second_number"])
    if first == second or (first > _TWELVE) != (second > _TWELVE):
        return (second, first) if first > _TWELVE else (first, second)
    if day_first is None and match["sep"] == ".":
        day_first = True  # dotted dates put the day first wherever they are in use
    if day_first is None:
        why = f"{match.group()!r} may put the day or the month first; set day_first"
        raise UnclearDate(why, match.start(), match.end())
    return (second, first) if day_first else (first, second)


def _compose(
    year: int, month: int | None, day: int | None, groups: Mapping[str, str | None]
) -> tuple[str, Precision]:
    if month is None:
        return f"{year:04}", "year"
    if day is None:
        return f"{year:04}-{month:02}", "month"
    value = f"{year:04}-{month:02}-{day:02}"
    hour, minute, second = (_number(groups.get(name)) for name in ("hour", "minute", "second"))
    if hour is None or minute is None:
        return value, "day"
    half = (groups.get("half") or "").lower()
    if half and 1 <= hour <= _TWELVE:
        hour = hour % _TWELVE + (_TWELVE if half == "p" else 0)
    zone = _zone(groups.get("zone"))
    if second is None:
        return f"{value}T{hour:02}:{minute:02}{zone}", "minute"
    return f"{value}T{hour:02}:{minute:02}:{second:02}{zone}", "second"


def _zone(written: str | None) -> str:
    if not written:
        return ""
    if written.upper() in {"Z", "UTC", "GMT"}:
        return "Z"
    digits = written[1:].replace(":", "").ljust(4, "0")
    return f"{written[0]}{digits[:2]}:{digits[2:]}"
