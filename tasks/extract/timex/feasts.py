"""Feasts and days of remembrance: on a fixed day, a weekday of a month, or counted from Easter."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from tasks.extract.timex.calendar import OutOfCalendarError, Point, make
from tasks.extract.timex.dates import relative_year, year_number
from tasks.extract.timex.forms import Form
from tasks.extract.timex.ordinals import within_month
from tasks.extract.timex.tokens import words_at
from tasks.extract.timex.words import lexicon

if TYPE_CHECKING:
    from tasks.extract.timex.forms import Parsed
    from tasks.extract.timex.tokens import Tok

_FIRST_GREGORIAN = 1583
_ALSO_SEASONS = frozenset({"christmas", "easter", "thanksgiving"})
"""Names that are as often no day: `the Christmas market`, `an Easter egg`."""


def feast(tokens: list[Tok], i: int) -> Parsed:
    """Read the name of a feast, with or without a year."""
    if not tokens[i].capital:
        return None
    for words, known in lexicon().feasts.get(tokens[i].low, ()):
        if words_at(tokens, i, words):
            j = i + len(words)
            year = year_number(tokens, j)
            if year is None and len(words) == 1 and words[0] in _ALSO_SEASONS and _describes(tokens, i, j):
                return None
            form = Form("feast", 0.85, base="open", month=known.month, day=known.day, feast=known)
            if year is not None:
                return replace(form, base="explicit", year=year), j + 1
            return relative_year(tokens, j, form)
    return None


def _describes(tokens: list[Tok], i: int, j: int) -> bool:
    """Tell whether a noun follows that the feast describes, or an article stands before."""
    after, before = tokens[j].low, tokens[i - 1].low
    links = lexicon().lists["links"] | lexicon().lists["after_day"]
    return before in {"the", "a", "an"} or (after.isalpha() and after not in links) or after in {"-", "'"}


def day_of_feast(form: Form, year: int) -> Point:
    """Return the day of a feast in a year. Raises OutOfCalendarError before the Gregorian calendar."""
    known = form.feast
    if known is None or known.day:
        return make("day", year, form.month or 1, form.day or 1)
    if known.from_easter is not None:
        first = easter(year) + timedelta(days=known.from_easter)
        return make("day", first.year, first.month, first.day)
    counted = replace(form, weekday=known.weekday, number=known.number, unit="")
    return within_month(counted, make("month", year, known.month))


def easter(year: int) -> date:
    """Return Easter Sunday of the Western churches, by the Gregorian computus.

    It is the Sunday after the 14th day of the ecclesiastical moon on or after 21 March.
    """
    if year < _FIRST_GREGORIAN:
        raise OutOfCalendarError("before the Gregorian calendar")
    golden, century = year % 19, year // 100
    solar = century - century // 4
    lunar = (8 * century + 13) // 25
    epact = (19 * golden + solar - lunar + 15) % 30
    epact -= epact == 29 or (epact == 28 and golden > 10)  # noqa: PLR2004 - no moon is that old twice
    moon = date(year, 3, 21) + timedelta(days=epact)
    return moon + timedelta(days=7 - moon.isoweekday() % 7)
