"""Dates that lack their year, and bare weekdays: which of the candidates near the anchor is meant."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tasks.extract.timex.calendar import (
    OutOfCalendarError,
    Point,
    coarsen,
    make,
    make_season,
    shift,
    weekday_name,
)
from tasks.extract.timex.feasts import day_of_feast

if TYPE_CHECKING:
    from tasks.extract.timex.forms import Form
    from tasks.extract.timex.tense import Tense

AGAINST_TENSE_DAYS = 120
"""How much nearer a day has to be that is close to the anchor, but on the other side than the tense says."""
NEVER_DAYS = 800
"""The same for what is not close: then the tense decides."""
CLOSE_DAYS = 14
_AGREEING_WITHIN_DAYS = 400
_NAMES = ("", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True, slots=True)
class Choice:
    """The point chosen; `doubt` is taken off the confidence."""

    point: Point
    doubt: float = 0.0
    conflict: str | None = None


def choose(form: Form, base: Point, tense: Tense) -> Choice:
    """Return the candidate meant. `base` is the anchor; raises OutOfCalendarError when there is none."""
    if form.weekday and not form.month and not form.day:
        return _weekday(form, base, tense)
    candidates = _candidates(form, base)
    if not candidates:
        raise OutOfCalendarError("no year near the article's has this day")
    if form.pick:
        return _picked(form, base, candidates)
    best = min(candidates, key=lambda point: (_distance(point, base, tense), point.first))
    if not form.weekday or best.first.isoweekday() == form.weekday:
        far = abs((best.first - base.first).days)
        return Choice(best, 0.0 if far < AGAINST_TENSE_DAYS or tense else 0.15)
    agreeing = [
        point
        for point in candidates
        if point.first.isoweekday() == form.weekday
        and abs((point.first - base.first).days) <= _AGREEING_WITHIN_DAYS
        and not (tense == "past" and point.first > base.first)
        and not (tense == "future" and point.first < base.first)
    ]
    if agreeing:
        return Choice(min(agreeing, key=lambda point: (_distance(point, base, tense), point.first)), 0.2)
    return Choice(best, 0.4, disagreement(form, best))


def choose_in_story(form: Form, told: Point) -> Choice:
    """Return the candidate meant in a story that was last at `told`: in its year, else rather later."""
    if told.grain in {"year", "season"}:
        inside = [point for point in _candidates(form, told) if point.first.year == told.first.year]
        if inside:
            return _checked(form, inside[0])
    candidates = _candidates(form, told)
    if not candidates:
        raise OutOfCalendarError("no year near the date told before has this day")

    def cost(point: Point) -> tuple[int, str]:
        days = (point.first - told.first).days
        return (days if point.after > told.first else -days + BACKWARD_DAYS, point.value)

    return _checked(form, min(candidates, key=cost))


BACKWARD_DAYS = 150
"""Stories move on: how much nearer a date has to be that goes back in them."""


def _checked(form: Form, point: Point) -> Choice:
    if form.weekday and point.first.isoweekday() != form.weekday:
        return Choice(point, 0.3, disagreement(form, point))
    return Choice(point)


def disagreement(form: Form, point: Point) -> str:
    """Return what to say when the date is not the weekday that the text says."""
    said = _NAMES[form.weekday or 0]
    return f"{point.value} is a {weekday_name(point.first)}, the text says {said}"


def _candidates(form: Form, base: Point) -> list[Point]:
    points: list[Point] = []
    if form.day and not form.month and not form.feast:
        return _in_months_around(form.day, base)
    for year in range(base.first.year - 1, base.first.year + 2):
        try:
            if form.grain == "season":
                points.append(make_season(year, form.season))
            elif form.feast:
                points.append(day_of_feast(form, year))
            elif form.grain in {"quarter", "half"}:
                months = 3 if form.grain == "quarter" else 6
                points.append(make(form.grain, year, ((form.number or 1) - 1) * months + 1))
            else:
                points.append(make(form.grain, year, form.month or 1, form.day or 1))
        except OutOfCalendarError:
            continue  # 29 February, or the rim of the calendar
    return points


def _in_months_around(day: int, base: Point) -> list[Point]:
    """`the 21st`: of the month of the base, the one before and the one after."""
    points = []
    for count in (-1, 0, 1):
        month = shift(coarsen(base, "month"), count).first
        with contextlib.suppress(OutOfCalendarError):
            points.append(make("day", month.year, month.month, day))
    return points


def _distance(point: Point, base: Point, tense: Tense) -> int:
    """Days between the anchor and the nearest end of the candidate, more when it lies against the tense."""
    if point.first <= base.first < point.after:
        return 0
    before = base.first >= point.after
    days = (base.first - point.after).days + 1 if before else (point.first - base.first).days
    against = (tense == "past" and not before) or (tense == "future" and before)
    if not against:
        return days
    return days + (AGAINST_TENSE_DAYS if days <= CLOSE_DAYS and point.grain == "day" else NEVER_DAYS)


def _picked(form: Form, base: Point, candidates: list[Point]) -> Choice:
    """`last March`, `next summer`, `this May`."""
    earlier = [point for point in candidates if point.after <= base.first]
    later = [point for point in candidates if point.first > base.first]
    if form.pick == "last" and earlier:
        return Choice(max(earlier, key=lambda point: point.first))
    if form.pick == "next" and later:
        return Choice(min(later, key=lambda point: point.first))
    if form.pick == "this":
        year = base.first.year - (form.season == "WI" and base.first.month < 3)  # noqa: PLR2004 - March
        return Choice(next(point for point in candidates if point.first.year == year))
    raise OutOfCalendarError("none on that side")


def _weekday(form: Form, base: Point, tense: Tense) -> Choice:
    """Past or no tense: the last one, today included; future: the next one, today included but in doubt."""
    ahead = ((form.weekday or 1) - base.first.isoweekday()) % 7
    if form.pick == "last":
        return Choice(shift(base, ahead - 7))
    if form.pick == "next":
        return Choice(shift(base, ahead or 7), 0.1)
    if form.pick == "this":
        monday = 1 - base.first.isoweekday()
        return Choice(shift(base, monday + (form.weekday or 1) - 1), 0.1)
    if tense == "future":
        return Choice(shift(base, ahead), 0.0 if ahead else 0.2)
    back = ahead - 7 if ahead else 0
    return Choice(shift(base, back), 0.0 if tense else 0.2)
