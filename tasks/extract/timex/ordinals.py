"""Days and weeks counted within a month: `the first week of August`, `the last Friday in May 2021`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tasks.extract.timex.calendar import OutOfCalendarError, Point, coarsen, shift
from tasks.extract.timex.dates import month_name, relative_year, year_number
from tasks.extract.timex.forms import Form
from tasks.extract.timex.numerals import ordinal
from tasks.extract.timex.words import lexicon

if TYPE_CHECKING:
    from tasks.extract.timex.forms import Parsed
    from tasks.extract.timex.tokens import Tok

LAST = -1
_MOST_WEEKS, _MOST_DAYS = 5, 31
_WEEK = 7
_THURSDAY, _SATURDAY = 4, 6


def counted_in_month(tokens: list[Tok], i: int) -> Parsed:
    """Read `the first week of August`, `the last Friday in May 2021`, `the second day of June last year`."""
    words = lexicon()
    k = i + (tokens[i].low == "the")
    low = tokens[k].low
    number, j = (LAST, k + 1) if low in {"last", "final"} else (ordinal(tokens, k) or (0, k))
    noun = tokens[j].low
    unit = noun if noun in {"day", "week", "weekend"} else ""
    weekday = words.weekdays.get(noun)
    if not number or not (unit or weekday) or tokens[j + 1].low not in {"of", "in"}:
        return None
    if number > (_MOST_DAYS if unit == "day" else _MOST_WEEKS):
        return None
    named = month_name(tokens, j + 2)
    if named is None:
        return None
    form = Form("counted_in_month", 0.85, base="open", grain="month", month=named[0])
    form = replace(form, number=number, unit=unit, weekday=weekday)
    comma = tokens[named[1]].low in {",", "of"}
    year = year_number(tokens, named[1] + comma)
    if year is not None:
        return replace(form, base="explicit", year=year), named[1] + comma + 1
    return relative_year(tokens, named[1], form)


def within_month(form: Form, month: Point) -> Point:
    """Return the day, week or weekend that is meant of a month. Raises OutOfCalendarError if it has none.

    A week or weekend belongs to the month that has most of its days.
    """
    first = coarsen(month, "day")
    last = shift(coarsen(shift(month, 1), "day"), -1)
    number = form.number or 1
    if form.weekday:
        ahead = (form.weekday - first.first.isoweekday()) % _WEEK
        back = (last.first.isoweekday() - form.weekday) % _WEEK
        point = shift(last, -back) if number == LAST else shift(first, ahead + _WEEK * (number - 1))
    elif form.unit == "day":
        point = last if number == LAST else shift(first, number - 1)
    else:
        middle = _SATURDAY if form.unit == "weekend" else _THURSDAY
        point = within_month(replace(form, weekday=middle), month)
        return coarsen(point, "weekend" if form.unit == "weekend" else "week")
    if coarsen(point, "month") != month:
        raise OutOfCalendarError("the month has no such day")
    return point
