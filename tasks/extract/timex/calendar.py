"""Points of the calendar at a granularity, their TIMEX3 values and ISO intervals, and how they shift.

Values: TIMEX3 1.2.1 with ISO 8601 weeks: `2021`, `2021-12`, `2021-12-06`, `2021-W49`, `2021-W49-WE`,
`2021-Q4`, `2021-H1`, `2022-SP`, decade `199`, century `19` (the 20th), `BC0490`.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

Grain = Literal["day", "weekend", "week", "month", "quarter", "half", "season", "year", "decade", "century"]
SEASONS = ("SP", "SU", "FA", "WI")
SEASON_FIRST_MONTH = {"SP": 3, "SU": 6, "FA": 9, "WI": 12}
"""Meteorological seasons of the northern hemisphere; winter of a year begins in its December."""
MAX_YEAR = 9998
_VALUES = {
    "day": "{year:04}-{month:02}-{day:02}",
    "month": "{year:04}-{month:02}",
    "quarter": "{year:04}-Q{quarter}",
    "half": "{year:04}-H{half}",
    "season": "{year:04}-{season}",
    "year": "{year:04}",
    "decade": "{decade:03}",
    "century": "{century:02}",
}
MONTHS_OF = {"month": 1, "quarter": 3, "half": 6, "year": 12, "decade": 120, "century": 1200}


class OutOfCalendarError(ValueError):
    """The arithmetic left the years 1 to 9998."""


@dataclass(frozen=True, slots=True)
class Point:
    """A stretch of the calendar: its first day and how long it is. `season` only for that granularity."""

    grain: Grain
    first: date
    season: str = ""
    bc: bool = False

    @property
    def value(self) -> str:
        """The TIMEX3 value, as precise as the granularity."""
        day, era = self.first, "BC" if self.bc else ""
        if self.grain in {"week", "weekend"}:
            year, week, _ = day.isocalendar()
            return f"{year:04}-W{week:02}" + ("-WE" if self.grain == "weekend" else "")
        return era + _VALUES[self.grain].format(
            year=day.year,
            month=day.month,
            day=day.day,
            quarter=(day.month + 2) // 3,
            half=(day.month + 5) // 6,
            season=self.season,
            decade=day.year // 10,
            century=day.year // 100,
        )

    @property
    def interval(self) -> tuple[str, str] | None:
        """First day, and the first day after. None before Christ and for seasons (which hemisphere?)."""
        if self.bc or self.grain == "season":
            return None
        return self.first.isoformat(), self.after.isoformat()

    @property
    def after(self) -> date:
        """The first day that no longer belongs to it."""
        if self.grain == "weekend":
            return _plus_days(self.first, 2)
        if self.grain == "season":
            return _plus_months(self.first, 3)
        return shift(self, 1).first


def make(
    grain: Grain, year: int, month: int = 1, day: int = 1, *, season: str = "", bc: bool = False
) -> Point:
    """Return a point; raises OutOfCalendarError when there is no such day."""
    try:
        first = date(year, month, day)
    except ValueError as error:
        raise OutOfCalendarError(str(error)) from None
    if year > MAX_YEAR:
        raise OutOfCalendarError(f"year {year}")
    return coarsen(Point("day", first, bc=bc), grain) if not season else make_season(year, season)


def make_season(year: int, season: str) -> Point:
    """Return the season of a year."""
    if not 1 <= year <= MAX_YEAR:
        raise OutOfCalendarError(f"year {year}")
    return Point("season", date(year, SEASON_FIRST_MONTH[season], 1), season=season)


def coarsen(point: Point, grain: Grain) -> Point:
    """Return the stretch of this granularity in which the point begins."""
    day = point.first
    if grain == "week":
        day = _plus_days(day, -day.weekday())
    elif grain == "weekend":
        day = _plus_days(day, 5 - day.weekday())
    elif grain == "season":
        month = (day.month // 3) * 3 or 12
        year = day.year - (1 if day.month < SEASON_FIRST_MONTH["SP"] else 0)
        return make_season(year, next(s for s, m in SEASON_FIRST_MONTH.items() if m == month))
    elif grain != "day":
        months = MONTHS_OF[grain]
        index = (day.year * 12 + day.month - 1) // months * months
        year = max(index // 12, 1)
        day = date(year, index % 12 + 1, 1)
    return replace(point, grain=grain, first=day, season="")


def shift(point: Point, count: int) -> Point:
    """Return the point `count` steps of its own granularity later (earlier when negative)."""
    if point.bc:
        count = -count
    if point.grain == "day":
        return replace(point, first=_plus_days(point.first, count))
    if point.grain in {"week", "weekend"}:
        return replace(point, first=_plus_days(point.first, 7 * count))
    if point.grain == "season":
        return make_season(point.first.year + count, point.season)
    return replace(point, first=_plus_months(point.first, count * MONTHS_OF[point.grain]))


def shift_by(point: Point, unit: str, count: int) -> Point:
    """Return the point `count` units later: a day stays a day (`two weeks later`: the 14th day after)."""
    if point.grain == "day":
        if unit == "day":
            return shift(point, count)
        if unit == "week":
            return shift(point, 7 * count)
    if unit not in MONTHS_OF:
        return shift(coarsen(point, "week" if unit == "week" else "day"), count)
    grain: Grain = "month" if unit == "month" else "quarter" if unit == "quarter" else "year"
    steps = count if unit in {"month", "quarter", "year"} else count * MONTHS_OF[unit] // 12
    return shift(coarsen(point, grain), steps)


def weekday_name(day: date) -> str:
    """Return the English name of the day's weekday, whatever the locale."""
    return ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")[day.weekday()]


def _plus_days(day: date, count: int) -> date:
    try:
        moved = day + timedelta(days=count)
    except OverflowError:
        raise OutOfCalendarError("the year is out of range") from None
    if moved.year > MAX_YEAR:
        raise OutOfCalendarError("the year is out of range")
    return moved


def _plus_months(day: date, count: int) -> date:
    index = day.year * 12 + day.month - 1 + count
    year, month = index // 12, index % 12 + 1
    if not 1 <= year <= MAX_YEAR + 1:
        raise OutOfCalendarError("the year is out of range")
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
