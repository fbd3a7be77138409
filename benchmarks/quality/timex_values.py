"""What other people's notations of a time mean, as TIMEX3 values and as intervals, for comparison with ours.

`accepted` reads the resolutions of a corpus line: TIMEX3 (`value`), the resolutions of Recognizers-Text
(`timex`, `value`, `start`, `end`; several readings), duckling (`value` with `grain`, or `start` and `end`)
and ctparse (`notation`).
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from worker.record import Timex

_RANGE = re.compile(r"\(([^,()]*),([^,()]*),([^,()]*)\)")
_CTPARSE = re.compile(r"(\d{4}-\d\d-\d\d|X-X-X) (\d\d:\d\d|X:X) \(X/(\w+)\)")
_CTPARSE_DURATION = re.compile(r"Duration\[\]\{(\d+) (\w+)\}")
_PARTS = {"morning": "TMO", "afternoon": "TAF", "evening": "TEV", "night": "TNI", "noon": "T12"}
_UNITS = {"day": "P{}D", "night": "P{}D", "week": "P{}W", "month": "P{}M", "hour": "PT{}H", "minute": "PT{}M"}
_DAY = len("2021-12-06")


@dataclass(slots=True)
class Accepted:
    """Values and intervals of which any one is right."""

    values: set[str] = field(default_factory=set)
    intervals: set[tuple[str, str]] = field(default_factory=set)

    def __bool__(self) -> bool:
        """Whether the corpus gives anything to compare with."""
        return bool(self.values or self.intervals)

    def add(self, value: str | None, reference: str | None = None) -> None:
        """Accept a value; a mere time also on the day of reference."""
        if not value:
            return
        found = _RANGE.fullmatch(value)
        if found:
            self.between(found.group(1), found.group(2), reference)
            return
        value = canonical(value)
        self.values.add(value)
        if reference and value.startswith("T"):
            self.values.add(reference[:_DAY] + value)

    def between(self, begin: str | None, end: str | None, reference: str | None = None) -> None:
        """Accept an interval; the day, month or year that its end names may belong to it or not."""
        if not begin or not end:
            return
        begin, end = canonical(begin), canonical(end)
        self.intervals |= {(begin, later) for later in ends(end)}
        if reference and begin.startswith("T") and end.startswith("T"):
            day = reference[:_DAY]
            self.intervals |= {(day + begin, day + later) for later in ends(end)}

    def allows(self, timex: Timex) -> bool:
        """Say whether a timex of ours has one of the values or intervals."""
        if timex.value is not None and canonical(timex.value) in self.values:
            return True
        if timex.interval is None:
            return False
        return (canonical(timex.interval.begin), canonical(timex.interval.end)) in self.intervals


def canonical(value: str) -> str:
    """Return a value without what says nothing: seconds and minutes of zero, midnight, an unknown day."""
    value = value.strip().replace(" ", "T").removeprefix("XXXX-XX-XX") or value
    if re.fullmatch(r"\d\d:\d\d(:\d\d)?", value):
        value = f"T{value}"
    value = re.sub(r"(?<=\d\d:\d\d):00(\.0+)?\Z", "", value)
    value = re.sub(r"(T\d\d):00\Z", r"\1", value)
    return re.sub(r"(?<=\d\d-\d\d)T00\Z", "", value)


def ends(value: str) -> set[str]:
    """Return the end of an interval as named, past the day it names, past the month or year it begins."""
    try:
        day = dt.date.fromisoformat(value)
    except ValueError:
        return {value}
    found = {day, day + dt.timedelta(days=1)}
    if day.day == 1:
        found.add((day + dt.timedelta(days=31)).replace(day=1))
    if (day.month, day.day) == (1, 1) and day.year < dt.MAXYEAR:
        found.add(day.replace(year=day.year + 1))
    return {one.isoformat() for one in found}


def accepted(resolution: Any, reference: str | None) -> Accepted:
    """Return what a resolution of a corpus accepts; nothing where it gives none."""
    found = Accepted()
    if isinstance(resolution, list):
        for reading in resolution:
            _recognizers(reading, reference, found)
    elif isinstance(resolution, dict):
        if "Timex" in resolution:
            _parser(resolution, reference, found)
        elif "grain" in resolution:
            _duckling(resolution, found)
        elif "notation" in resolution:
            _ctparse(resolution["notation"], found)
        else:
            found.add(resolution.get("value"), reference)
    return found


def _recognizers(reading: dict[str, str], reference: str | None, found: Accepted) -> None:
    found.add(reading.get("timex"), reference)
    if reading.get("type") in {"date", "datetime", "time"}:
        found.add(reading.get("value"), reference)
    found.between(reading.get("start"), reading.get("end"), reference)


def _parser(resolution: dict[str, Any], reference: str | None, found: Accepted) -> None:
    found.add(resolution["Timex"], reference)
    for name in ("FutureResolution", "PastResolution"):
        values: dict[str, str] = resolution.get(name) or {}
        for key in ("date", "dateTime", "time"):
            found.add(values.get(key), reference)
        starts = [value for key, value in sorted(values.items()) if key.startswith("start")]
        ends = [value for key, value in sorted(values.items()) if key.startswith("end")]
        for begin, end in zip(starts, ends, strict=False):
            found.between(begin, end, reference)


def _duckling(resolution: dict[str, str], found: Accepted) -> None:
    value, grain = resolution.get("value"), resolution["grain"]
    found.between(resolution.get("start"), resolution.get("end"))
    if value is None:
        return
    found.add(value)
    if grain == "week":
        year, week, _ = dt.date.fromisoformat(value[:_DAY]).isocalendar()
        found.add(f"{year}-W{week:02}")
    elif grain == "quarter":
        found.add(f"{value[:4]}-Q{(int(value[5:7]) + 2) // 3}")


def _ctparse(notation: str, found: Accepted) -> None:
    duration = _CTPARSE_DURATION.fullmatch(notation)
    if duration:
        unit = _UNITS.get(duration.group(2).removesuffix("s"))
        found.add(unit.format(duration.group(1)) if unit else None)
        return
    points = [_point(*match.groups()) for match in _CTPARSE.finditer(notation)]
    if notation.startswith("Interval") and len(points) > 1:
        found.between(points[0], points[1])
    elif points:
        found.add(points[0])


def _point(day: str, time: str, part: str) -> str:
    day = "" if day.startswith("X") else day
    return day + (f"T{time}" if time[0] != "X" else _PARTS.get(part, ""))


_FUNCTION_WORDS = re.compile(
    r"(?:(?:from|between|before|after|since|until|till|by|for|in|at|on|within|during|starting)\s+)*(?:the\s+)?",
    re.IGNORECASE,
)


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Return an extent without leading prepositions and article.

    Prepositions are no part of a time expression in TIMEX3; an article is, but these corpora have it in
    some groups and not in others.
    """
    found = _FUNCTION_WORDS.match(text, start, end)
    return (found.end() if found and found.end() < end else start), end


_TO = re.compile(r"\s*(?:to|-|\u2013|until|till|through)\s*(?:the\s+)?", re.IGNORECASE)
_AND = re.compile(r"\s*and\s*(?:the\s+)?", re.IGNORECASE)


def _is_range(text: str, start: int, end: int, following: int) -> bool:
    """Say whether the words between make a range of two expressions, resolved or not."""
    gap = text[end:following]
    between = text[:start].lower().rstrip().endswith(("between", "between the"))
    return bool(_TO.fullmatch(gap)) or (between and bool(_AND.fullmatch(gap)))


def joined_ranges(text: str, timexes: Iterable[Timex], longest_gap: int = 12) -> list[tuple[int, int, Timex]]:
    """Return (start, end, timex), the two ends of a range as one.

    They share their interval, or `to` stands between them.
    """
    found: list[tuple[int, int, Timex]] = []
    for timex in timexes:
        if found:
            start, end, before = found[-1]
            near = timex.start - end <= longest_gap and "\n" not in text[end : timex.start]
            joined = timex.interval is not None and timex.interval == before.interval
            if near and (joined or _is_range(text, start, end, timex.start)):
                found[-1] = (start, timex.end, timex)
                continue
        found.append((timex.start, timex.end, timex))
    return found
