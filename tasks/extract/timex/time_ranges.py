"""Ranges of times of day: `from 5 to 7 p.m.`, `10:00-11:30 GMT`, and the interval of two times."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from tasks.extract.timex import clock as clocks
from tasks.extract.timex.forms import ANY_DAY, Form, Match

if TYPE_CHECKING:
    from collections.abc import Callable

    from tasks.extract.timex.forms import Parsed
    from tasks.extract.timex.tokens import Tok

_LINKS = frozenset({"to", "-", "until", "till"})
_NOON, _SIXTY = 12, 60
_CLOCK = re.compile(r"T(\d\d):(\d\d)(.*)", re.ASCII)


def short_hours(
    tokens: list[Tok], i: int, day_behind: Callable[[list[Tok], int], Parsed]
) -> list[Match] | None:
    """Read a range whose first time does not say which half of the day: `from 5 to 7 p.m.`."""
    hour, minute, j = tokens[i].num or 0, 0, i + 1
    if not 1 <= hour <= _NOON or len(tokens[i].text) > 2:  # noqa: PLR2004
        return None
    if tokens[i].glued and tokens[i - 1].low not in {"(", "["}:
        return None
    if tokens[j].low in {":", "."} and tokens[j + 1].num is not None and len(tokens[j + 1].text) == 2:  # noqa: PLR2004
        minute, j = tokens[j + 1].num or 0, j + 2
    before, link = tokens[i - 1].low, tokens[j].low
    linked = link == "-" or (link in _LINKS and before == "from") or (link == "and" and before == "between")
    last = clocks.clock(tokens, j + 1, joined=True) if linked and minute < _SIXTY else None
    end = _CLOCK.fullmatch(last.suffix) if last and last.sure else None
    if last is None or end is None or (tokens[j + 1].num or _SIXTY) > _NOON:
        return None
    close, zone = int(end[1]) * _SIXTY + int(end[2]), end[3]
    opened = hour % _NOON * _SIXTY + minute + (_NOON * _SIXTY if close >= _NOON * _SIXTY else 0)
    if opened >= close:
        opened -= _NOON * _SIXTY
    if opened < 0:
        return None
    form, stop = Form("clock", 0.85, type="TIME", base="narrated"), last.end
    day = day_behind(tokens, stop + (tokens[stop].low == "on"))
    if day:
        form, stop = replace(day[0], type="TIME", rule=f"clock_{day[0].rule}"), day[1]
    begin = replace(form, clock=f"T{opened // _SIXTY:02}:{opened % _SIXTY:02}{zone}")
    return [Match(begin, i, j, "begin"), Match(replace(form, clock=last.suffix), j + 1, stop, "end")]


def times_between(begin: str | None, end: str | None) -> tuple[str, str] | None:
    """Return the interval between two TIMEX3 times; `T16:00` where no day is known."""
    if begin is None or end is None:
        return None
    (day, _, opened), (other, _, closed) = begin.partition("T"), end.partition("T")
    if not opened[:1].isdigit() or not closed[:1].isdigit():
        return None
    if day != other and ANY_DAY not in {day, other}:
        return (begin, end) if day < other else None
    day = other if day == ANY_DAY else day
    day = "" if day == ANY_DAY else day
    return (f"{day}T{opened}", f"{day}T{closed}") if opened < closed else None
