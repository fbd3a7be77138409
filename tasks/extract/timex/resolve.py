"""From forms to TIMEX3 values: against the article's date or the date told last, never against the clock."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from tasks.extract.timex.calendar import (
    OutOfCalendarError,
    Point,
    coarsen,
    make,
    make_season,
    shift,
    shift_by,
)
from tasks.extract.timex.counted import count_on
from tasks.extract.timex.feasts import day_of_feast
from tasks.extract.timex.forms import ANY_DAY
from tasks.extract.timex.open_dates import choose, choose_in_story, disagreement
from tasks.extract.timex.ordinals import within_month

if TYPE_CHECKING:
    from collections.abc import Callable

    from tasks.extract.timex.anchor import Anchor
    from tasks.extract.timex.forms import Form
    from tasks.extract.timex.open_dates import Choice
    from tasks.extract.timex.tense import Tense

NO_ANCHOR = "the article has no date to count from"
NO_STORY = "no date was told before"
OF_A_DAY = frozenset({"clock", "clock_daypart"})
"""Rules of times of day that name no day."""
_FINE_GRAINS = frozenset({"day", "week", "weekend"})


@dataclass(frozen=True, slots=True)
class Resolved:
    """The value, what it was resolved against, and what is to be said about it."""

    value: str | None
    anchor: str
    confidence: float
    point: Point | None = None
    conflict: str | None = None
    unresolved: str | None = None


@dataclass(frozen=True, slots=True)
class Context:
    """What the resolver may look at: the article's own date, the date told last, the tense, the day order."""

    anchor: Anchor | None
    told: Point | None
    tense: Tense
    day_first: bool | None
    historic: bool
    year: int | None = None
    """The year of any date mentioned last, also in passing."""


def resolve(form: Form, context: Context) -> Resolved:
    """Return the value of a form, or the reason why it has none."""
    try:
        if form.rule == "counted_in_month":
            return _counted_in_month(form, context)
        if form.counted:
            return _counted_from_date(form, context)
        return _resolve(form, context)
    except OutOfCalendarError as error:
        return _unresolved(form, "explicit" if form.base == "explicit" else "none", f"no such date: {error}")


def _resolve(form: Form, context: Context) -> Resolved:  # noqa: PLR0911 - one reading after the other
    if form.base == "literal":
        return Resolved(form.value, "explicit" if form.type != "DATE" else _name(context), form.confidence)
    if form.base == "event":
        return _unresolved(form, "none", form.reason)
    if form.readings:
        return _numeric(form, context)
    if form.base == "explicit":
        return _explicit(form)
    if form.base == "open":
        return _open(form, context)
    if form.base == "anchor":
        return _from_anchor(form, context)
    if form.base == "either":
        story = (
            context.told
            if context.tense != "future" and (context.anchor is None or context.historic)
            else None
        )
        return _from_told(form, replace(context, told=story)) if story else _from_anchor(form, context)
    return _from_told(form, context)


def _counted_in_month(form: Form, context: Context) -> Resolved:
    """Resolve the month, then count in it."""
    return _count_from(form, _resolve(replace(form, weekday=None), context), within_month)


def _counted_from_date(form: Form, context: Context) -> Resolved:
    """Resolve the day that is named, then count from it."""
    return _count_from(form, _resolve(replace(form, counted=None), context), count_on)


def _count_from(form: Form, start: Resolved, count: Callable[[Form, Point], Point]) -> Resolved:
    if start.point is None:
        return start
    point = count(form, start.point)
    return replace(start, value=point.value, point=point)


def _explicit(form: Form) -> Resolved:
    if form.season:
        return _done(form, make_season(form.year or 1, form.season), "explicit")
    if form.feast:
        return _done(form, day_of_feast(form, form.year or 1), "explicit")
    point = make(form.grain, form.year or 1, _month_of(form), form.day or 1, bc=form.bc)
    resolved = _done(form, point, "explicit")
    if form.weekday and point.first.isoweekday() != form.weekday:
        return replace(resolved, conflict=disagreement(form, point), confidence=0.5)
    return resolved


def _month_of(form: Form) -> int:
    if form.grain == "quarter":
        return (form.number or 1) * 3 - 2
    if form.grain == "half":
        return (form.number or 1) * 6 - 5
    return form.month or 1


def _numeric(form: Form, context: Context) -> Resolved:
    """Choose between day-month and month-day: by the order seen elsewhere, the setting, or nearness."""
    points = []
    for year, month, day in form.readings:
        try:
            points.append(make("day", year, month, day))
        except OutOfCalendarError:
            continue
    if not points:
        return _unresolved(form, "explicit", "no such date")
    if form.weekday and len(points) > 1:
        agreeing = [p for p in points if p.first.isoweekday() == form.weekday]
        points = agreeing if len(agreeing) == 1 else points
    if len(points) == 1:
        only = points[0].first
        return _explicit(replace(form, readings=(), year=only.year, month=only.month, day=only.day))
    if context.day_first is not None:
        return _done(form, points[0 if context.day_first else 1], "explicit")
    if context.anchor is not None and context.anchor.point.grain == "day":
        near = sorted(points, key=lambda p: (abs((p.first - context.anchor.point.first).days), p.value))  # type: ignore[union-attr]
        days = [abs((p.first - context.anchor.point.first).days) for p in near]
        if days[0] <= _NEAR_DAYS < _FAR_DAYS <= days[1]:
            return replace(_done(form, near[0], context.anchor.name), confidence=0.7)
    return _unresolved(form, "none", "day or month first cannot be told")


_NEAR_DAYS, _FAR_DAYS = 8, 40
"""A numeric date within a week of the article, whose other reading is over a month off, is the near one."""


def _open(form: Form, context: Context) -> Resolved:  # noqa: PLR0911 - one reading after the other
    """Resolve what lacks its year, or a weekday."""
    if form.year_base:
        base = context.anchor.point if form.year_base == "anchor" and context.anchor else context.told
        if base is None or (form.year_base == "anchor" and context.anchor is None):
            return _unresolved(form, "none", NO_ANCHOR if form.year_base == "anchor" else NO_STORY)
        name = (
            context.anchor.name if form.year_base == "anchor" and context.anchor else f"narrated:{base.value}"
        )
        named = form.year_base == "narrated" and not form.year_shift and context.year
        year = named or base.first.year + form.year_shift
        return replace(_explicit(replace(form, base="explicit", year=year)), anchor=name)
    told = context.told if context.told and not context.told.bc else None
    if context.anchor is None:
        if told is None or (form.weekday and not form.month and not form.day) or form.pick:
            return _unresolved(form, "none", NO_ANCHOR)
        return _in_story(form, told)
    if form.weekday and not form.month and form.unit == "week":
        week = shift(coarsen(context.anchor.point, "week"), form.shift)
        if context.anchor.point.grain != "day":
            return _unresolved(form, context.anchor.name, "the article's date gives no day")
        return _done(form, shift(coarsen(week, "day"), form.weekday - 1), context.anchor.name)
    if context.anchor.point.grain == "year" or (form.weekday and context.anchor.point.grain != "day"):
        why = f"the article's date gives only the {context.anchor.point.grain}"
        return _unresolved(form, context.anchor.name, why)
    chosen = _chosen(form, context.anchor.point, context.anchor.name, context.tense)
    if (
        told
        and not form.pick
        and not (form.weekday and not form.month and not form.day)
        and _belongs_to_story(form, chosen, context)
    ):
        return _in_story(form, told)
    return chosen


def _belongs_to_story(form: Form, chosen: Resolved, context: Context) -> bool:
    """`In 1986 ... On April 26`: told of an earlier year, and not within a month of the article."""
    if context.anchor is None or context.told is None or chosen.point is None or context.tense == "future":
        return False
    if form.weekday and not chosen.conflict:
        return False
    away = abs((chosen.point.first - context.anchor.point.first).days)
    past = context.told.first.year < context.anchor.point.first.year
    return past and context.historic and away > _MONTH_DAYS


_MONTH_DAYS = 31


def _in_story(form: Form, told: Point) -> Resolved:
    return _said(form, choose_in_story(form, told), f"narrated:{told.value}", penalty=0.25)


def _chosen(form: Form, base: Point, name: str, tense: Tense) -> Resolved:
    return _said(form, choose(form, base, tense), name, penalty=0.0)


def _said(form: Form, choice: Choice, name: str, *, penalty: float) -> Resolved:
    resolved = _done(form, choice.point, name)
    if choice.conflict:
        return replace(resolved, conflict=choice.conflict, confidence=0.4)
    return replace(resolved, confidence=round(max(0.3, form.confidence - penalty - choice.doubt), 2))


def _from_anchor(form: Form, context: Context) -> Resolved:
    if context.anchor is None:
        return _unresolved(form, "none", NO_ANCHOR)
    point = context.anchor.point
    counted = form.rule.startswith("counted")
    needed = form.unit if counted else form.grain
    if point.grain == "year" and needed not in {"year", "decade", "century"}:
        return _unresolved(form, context.anchor.name, "the article's date gives only the year")
    if point.grain == "month" and needed in _FINE_GRAINS:
        return _unresolved(form, context.anchor.name, "the article's date gives only the month")
    if not counted:
        point = shift(coarsen(point, form.grain), form.shift)
    elif form.unit == "day":
        point = shift(point, form.shift)
    else:
        point = _counted(point, form)
    return _done(form, point, context.anchor.name)


def _counted(point: Point, form: Form) -> Point:
    """`two weeks ago` is a week, `three months ago` a month: no finer than the unit."""
    if form.unit == "week":
        return shift(coarsen(point, "week"), form.shift)
    return shift_by(point, form.unit, form.shift)


def _from_told(form: Form, context: Context) -> Resolved:  # noqa: PLR0911 - one reading after the other
    told = context.told
    if form.rule in OF_A_DAY:
        return _clock(form, told)
    if told is None:
        return _unresolved(form, "none", NO_STORY)
    name = f"narrated:{told.value}"
    if form.unit == "time":
        return _done(form, told, name)
    unit = form.unit
    if unit in {"day", "week"} and told.grain not in {"day", "week", "weekend"}:
        return _unresolved(form, name, f"the date told before gives no {unit}")
    if unit == "month" and told.grain in {"year", "decade", "century", "season"}:
        return _unresolved(form, name, "the date told before gives no month")
    if unit == "year" and told.grain in {"decade", "century"}:
        return _unresolved(form, name, "the date told before gives no year")
    if unit == "day" and told.grain != "day":
        return _unresolved(form, name, "the date told before gives no day")
    if form.rule == "counted_narrated" and unit not in {"century", "decade"}:
        point = shift_by(told, unit, form.shift)
    elif unit in {"century", "decade"} and form.rule == "counted_narrated":
        point = shift(coarsen(told, "year"), form.shift * (10 if unit == "decade" else 100))
    else:
        point = shift(coarsen(told, form.grain), form.shift)
    return _done(form, point, name)


def _clock(form: Form, told: Point | None) -> Resolved:
    """A time of day: of the day told last, if one was told in the paragraph; else its day stays open."""
    if told is not None and told.grain == "day" and not told.bc:
        return Resolved(told.value + form.clock, f"narrated:{told.value}", 0.6, told)
    return Resolved(f"{ANY_DAY}{form.clock}", "none", form.confidence)


def _done(form: Form, point: Point, anchor: str) -> Resolved:
    value = point.value
    if form.clock:
        if form.clock.startswith("T24") and point.grain == "day":
            value = point.value + "T24:00" + form.clock[6:]
        else:
            value += form.clock
    return Resolved(value, anchor, form.confidence, point)


def _unresolved(form: Form, anchor: str, why: str) -> Resolved:
    return Resolved(None, anchor, min(form.confidence, 0.5), unresolved=why)


def _name(context: Context) -> str:
    return context.anchor.name if context.anchor else "none"


def day_of(value: str) -> date | None:
    """Return the day that an ISO value begins with, or None when it is coarser or no date."""
    try:
        return date.fromisoformat(value[:10])
    except ValueError:
        return None
