"""Ranges: `from 3 to 7 December`, `December 3-7`, `between March and May 2021`, `2014-2016`.

Each end is a timex of its own with its own value, as TIMEX3 has it; the resolver gives both the interval of
the whole range.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tasks.extract.timex.dates import day_number, month_name, year_number
from tasks.extract.timex.forms import Form, Match
from tasks.extract.timex.words import lexicon

if TYPE_CHECKING:
    from collections.abc import Callable

    from tasks.extract.timex.forms import Parsed
    from tasks.extract.timex.tokens import Tok

_LINKS = frozenset({"to", "-", "until", "till", "through"})
_CENTURY = 100
_OPENING = frozenset('("[\u201c')


def _link(tokens: list[Tok], j: int, before: str) -> int | None:
    """Return the token behind the word that joins the ends of a range; `and` only after `between`."""
    low = tokens[j].low
    if low in _LINKS or (low == "and" and before == "between"):
        return j + 1
    return None


def elided_range(tokens: list[Tok], i: int) -> list[Match] | None:
    """Read a range with one end short: `3 to 7 December 2021`, `December 3-7`, `2014-16`."""
    return (
        _days_then_month(tokens, i) or _month_then_days(tokens, i) or _years(tokens, i) or _months(tokens, i)
    )


def _days_then_month(tokens: list[Tok], i: int) -> list[Match] | None:
    first = day_number(tokens, i)
    if first is None:
        return None
    k = _link(tokens, first[1], tokens[i - 1].low)
    if k is None and tokens[first[1]].low == "and":
        k, joined = first[1] + 1, False  # `3 and 7 December`: two days, no range
    else:
        joined = True
    last = day_number(tokens, k) if k else None
    if k is None or last is None:
        return None
    j = last[1] + (tokens[last[1]].low == "of")
    month = month_name(tokens, j)
    if month is None or (joined and last[0] <= first[0]):
        return None
    year, end = _year_behind(tokens, month[1])
    form = Form("range_days", 0.9, base="explicit" if year else "open", month=month[0], year=year)
    return _pair(
        (replace(form, day=first[0]), i, first[1]), (replace(form, day=last[0]), k, end), joined=joined
    )


def _month_then_days(tokens: list[Tok], i: int) -> list[Match] | None:
    month = month_name(tokens, i)
    first = day_number(tokens, month[1]) if month else None
    if month is None or first is None:
        return None
    k = _link(tokens, first[1], tokens[i - 1].low)
    joined = k is not None
    if k is None and tokens[first[1]].low == "and":
        k = first[1] + 1
    last = day_number(tokens, k) if k else None
    if k is None or last is None or (joined and last[0] <= first[0]):
        return None
    if not joined and (
        tokens[last[1]].low.isalpha() and tokens[last[1]].low not in lexicon().lists["after_day"]
    ):
        return None  # `December 3 and 7 people`
    if month_name(tokens, last[1]):
        return None  # `December 3 to 7 January`
    year, end = _year_behind(tokens, last[1])
    form = Form("range_days", 0.9, base="explicit" if year else "open", month=month[0], year=year)
    return _pair(
        (replace(form, day=first[0]), i, first[1]), (replace(form, day=last[0]), k, end), joined=joined
    )


def _year_behind(tokens: list[Tok], j: int) -> tuple[int | None, int]:
    comma = tokens[j].low == ","
    year = year_number(tokens, j + comma)
    return (year, j + comma + 1) if year else (None, j)


def _years(tokens: list[Tok], i: int) -> list[Match] | None:
    """`2014-2016`, `1939-45`, `from 2014 to 2016`; hyphens want two years in order."""
    if tokens[i + 1].low not in _LINKS and not (
        tokens[i + 1].low == "and" and tokens[i - 1].low == "between"
    ):
        return None
    first = _range_year(tokens, i)
    if first is None:
        return None
    last = _range_year(tokens, i + 2, behind_link=True)
    if tokens[i + 1].low == "-" and last is None and tokens[i + 2].glued and len(tokens[i + 2].text) == 2:  # noqa: PLR2004
        short = tokens[i + 2].num
        last = first - first % _CENTURY + short if short is not None else None
    hyphen = tokens[i + 1].low == "-"
    if (
        last is None
        or last <= first
        or last - first > _CENTURY
        or (tokens[i + 3].glued and tokens[i + 3].low == "-")
    ):
        return None
    if not hyphen and tokens[i + 1].low != "through" and tokens[i - 1].low not in {"from", "between"}:
        return None
    if tokens[i + 3].low in lexicon().lists["counted"]:
        return None
    form = Form("range_years", 0.9, base="explicit", grain="year")
    return _pair((replace(form, year=first), i, i + 1), (replace(form, year=last), i + 2, i + 3))


def _range_year(tokens: list[Tok], i: int, *, behind_link: bool = False) -> int | None:
    tok = tokens[i]
    if tok.num is None or len(tok.text) != 4 or not 1400 <= tok.num <= 2099:  # noqa: PLR2004 - years in news
        return None
    if tok.glued and not behind_link and tokens[i - 1].low not in _OPENING:
        return None
    return tok.num


def _months(tokens: list[Tok], i: int) -> list[Match] | None:
    """`March-May 2021`, `from March to May`, `June and July 2021`: the year behind holds for both."""
    first = month_name(tokens, i)
    if first is None:
        return None
    k = _link(tokens, first[1], tokens[i - 1].low)
    joined = k is not None
    if k is None and tokens[first[1]].low in {"and", "or"}:
        k = first[1] + 1
    last = month_name(tokens, k) if k else None
    if (
        k is None
        or last is None
        or (tokens[last[1]].num is not None and year_number(tokens, last[1]) is None)
    ):
        return None
    year, end = _year_behind(tokens, last[1])
    months_apart = last[0] - first[0]
    form = Form("range_months", 0.85, base="explicit" if year else "open", grain="month", year=year)
    before = year - 1 if year and months_apart <= 0 and joined else year
    return _pair(
        (replace(form, month=first[0], year=before), i, first[1]),
        (replace(form, month=last[0]), k, end),
        joined=joined,
    )


def _pair(begin: tuple[Form, int, int], end: tuple[Form, int, int], *, joined: bool = True) -> list[Match]:
    if not joined:
        return [Match(*begin), Match(*end)]
    return [Match(*begin, part="begin"), Match(*end, part="end")]


def joined_range(
    tokens: list[Tok], i: int, first: tuple[Form, int], expression: Callable[[list[Tok], int], Parsed]
) -> list[Match] | None:
    """Join two whole expressions: `from Monday to Friday`, `between March 3 and April 5, 2021`."""
    form, j = first
    if form.type not in {"DATE", "TIME"} or form.base in {"literal", "event"}:
        return None
    before = tokens[i - 1].low
    if tokens[j].low != "-" and before not in {"from", "between"} and not form.month:
        return None
    k = _link(tokens, j, before)
    second = expression(tokens, k) if k else None
    if k is None or second is None or second[0].type != form.type or second[0].base in {"literal", "event"}:
        return None
    if (
        tokens[j].low != "-"
        and before not in {"from", "between"}
        and (form.pick or not second[0].month or second[0].grain != form.grain)
    ):
        return None  # `moved the vote of July 3 to Friday`
    if form.rule == "clock" and second[0].rule.startswith("clock_"):
        form = replace(second[0], clock=form.clock)  # `from 10 a.m. to noon on Friday`
    if second[0].grain != form.grain:
        return [Match(form, i, j), Match(second[0], k, second[1])]
    if form.base == "open" and form.year is None and second[0].base == "explicit" and form.month:
        year = second[0].year
        if year is not None and (form.month, form.day or 1) > (second[0].month or 1, second[0].day or 1):
            year -= 1
        form = replace(form, base="explicit", year=year)
    return [Match(form, i, j, "begin"), Match(second[0], k, second[1], "end")]
