"""Dates counted from a date that is named (`two days after July 4`), and days of a month that is not."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tasks.extract.timex.calendar import coarsen, shift_by
from tasks.extract.timex.forms import Form
from tasks.extract.timex.numerals import ordinal
from tasks.extract.timex.quantities import amount, article_amount
from tasks.extract.timex.words import lexicon

if TYPE_CHECKING:
    from collections.abc import Callable

    from tasks.extract.timex.calendar import Point
    from tasks.extract.timex.forms import Parsed
    from tasks.extract.timex.tokens import Tok

    Rule = Callable[[list[Tok], int], Parsed]

_SIGNS = {"before": -1, "after": 1, "from": 1, "following": 1}
_STEPS = frozenset({"day", "week", "month", "year", "fortnight"})
_DAY_CUES = frozenset({"on", "until", "till", "by", "since", "before", "after", "from"})
_OF_A_WEEK = frozenset({"of", "beginning", "commencing", "starting", "ending"})
_MAX_DAY = 31
_FORTNIGHT = 14


def counted_from(tokens: list[Tok], i: int, day: Rule) -> Parsed:
    """Read `two days after July 4`, `a week before Christmas`, `the day after Thanksgiving`."""
    j = i + (tokens[i].low == "the")
    found = ("1", "day", j + 1) if j > i and tokens[j].low == "day" else None
    found = found or amount(tokens, i) or article_amount(tokens, i)
    if found is None or not found[0].isdigit() or found[1] not in _STEPS:
        return None
    sign = _SIGNS.get(tokens[found[2]].low)
    parsed = day(tokens, found[2] + 1) if sign else None
    if sign is None or parsed is None or parsed[0].rule == "day_alone":
        return None
    form, end = parsed
    return replace(form, rule="counted_from_date", counted=(found[1], sign * int(found[0])), mod=None), end


def week_of(tokens: list[Tok], i: int, day: Rule) -> Parsed:
    """Read `the week of December 6`, `the week beginning 6 December`."""
    j = i + (tokens[i].low == "the")
    if tokens[j].low != "week" or tokens[j + 1].low not in _OF_A_WEEK:
        return None
    parsed = day(tokens, j + 2)
    return (replace(parsed[0], rule="week_of_day", counted=("week_of", 0)), parsed[1]) if parsed else None


def day_alone(tokens: list[Tok], i: int) -> Parsed:
    """Read `the 21st` behind `on` or another preposition, and `Wednesday the 27th`: the month is not said."""
    weekday = lexicon().weekdays.get(tokens[i].low)
    k = i + bool(weekday)
    k += bool(weekday) and tokens[k].low == ","
    if tokens[k].low != "the" or (not weekday and tokens[i - 1].low not in _DAY_CUES):
        return None
    numbered = ordinal(tokens, k + 1)
    if numbered is None or tokens[k + 1].num is None or not 1 <= numbered[0] <= _MAX_DAY:
        return None
    after = tokens[numbered[1]].low
    if not weekday and after.isalnum() and after not in lexicon().lists["links"]:
        return None  # `on the 5th floor`
    if after in {"-", "of"}:
        return None
    return Form("day_alone", 0.7, base="open", day=numbered[0], weekday=weekday), numbered[1]


def count_on(form: Form, point: Point) -> Point:
    """Return the day or stretch that is meant, from the day that is named."""
    unit, count = form.counted or ("day", 0)
    if unit == "week_of":
        return coarsen(point, "week")
    if unit == "fortnight":
        return shift_by(point, "day", count * _FORTNIGHT)
    return shift_by(point, unit, count)
