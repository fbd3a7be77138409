"""Relative dates: `yesterday`, `last week`, `next Monday`, `this spring`, `that year`, `the first half`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tasks.extract.timex.dates import month_name, relative_year, year_number
from tasks.extract.timex.feasts import feast
from tasks.extract.timex.forms import Form
from tasks.extract.timex.numerals import ordinal
from tasks.extract.timex.tokens import words_at
from tasks.extract.timex.words import lexicon

if TYPE_CHECKING:
    from tasks.extract.timex.calendar import Grain
    from tasks.extract.timex.forms import Parsed, Pick
    from tasks.extract.timex.tokens import Tok

_DAYS = {"today": 0, "yesterday": -1, "tomorrow": 1}
_PICKS: dict[str, Pick] = {
    "last": "last",
    "past": "last",
    "this": "this",
    "current": "this",
    "next": "next",
    "coming": "next",
}
_STEPS = {"last": -1, "this": 0, "next": 1}
_NARRATED = {
    "that": 0, "same": 0, "following": 1, "next": 1, "ensuing": 1, "previous": -1, "preceding": -1,
    "prior": -1,
}  # fmt: skip
_GRAINS: dict[str, Grain] = {
    unit: unit for unit in ("day", "week", "month", "quarter", "year", "decade", "century", "weekend")
}
_LAST_QUARTER, _LAST_HALF = 4, 2


def deictic_day(tokens: list[Tok], i: int) -> Parsed:
    """Read `today`, `the day before yesterday`, `the day after tomorrow`."""
    low = tokens[i].low
    if tokens[i].capital and tokens[i - 1].low.isalpha():
        return None  # `USA Today`
    if low in _DAYS:
        return Form("deictic", 0.95, base="anchor", unit="day", shift=_DAYS[low]), i + 1
    if low == "tonight":
        return Form("tonight", 0.95, type="TIME", base="anchor", unit="day", clock="TNI"), i + 1
    for words, days in (
        (("the", "day", "before", "yesterday"), -2),
        (("the", "day", "after", "tomorrow"), 2),
    ):
        if words_at(tokens, i, words):
            return Form("deictic", 0.95, base="anchor", unit="day", shift=days), i + 4
    return None


def picked(tokens: list[Tok], i: int) -> Parsed:
    """Read `last week`, `earlier this month`, `this coming Friday`, `next March`, `last night`."""
    j = i
    if tokens[j].low in {"earlier", "later"} and tokens[j + 1].low in {"this", "last", "next"}:
        j += 1
    the = tokens[j].low == "the"
    j += the
    pick = _PICKS.get(tokens[j].low)
    if pick is None or (tokens[j].low in {"past", "current", "coming"} and not the):
        return None
    if tokens[j].low == "this" and tokens[j + 1].low in {"coming", "past"}:
        pick = "next" if tokens[j + 1].low == "coming" else "last"
        j += 1
    j += 1
    j += tokens[j].low in {"calendar", "whole"}
    return _picked_noun(tokens, j, pick, the=the)


def _picked_noun(tokens: list[Tok], j: int, pick: Pick, *, the: bool) -> Parsed:  # noqa: PLR0911 - one reading after the other
    words, low = lexicon(), tokens[j].low
    grain = _GRAINS.get(words.units.get(low, "")) if not low.endswith("s") else None
    if grain is not None:
        if the and pick != "this":
            return None  # `the last week`: a duration, or told of another date
        if grain == "day" or (pick != "this" and tokens[j + 1].low == "of"):
            return None  # `last week of July`
        return Form("relative_unit", 0.95, base="anchor", grain=grain, unit=grain, shift=_STEPS[pick]), j + 1
    if the:
        return None
    if low in words.weekdays:
        form = Form("relative_weekday", 0.8, base="open", weekday=words.weekdays[low], pick=pick)
        return form, j + 1
    if low in words.dayparts and (low == "night" or pick == "this"):
        days = -1 if pick == "last" else 0
        if pick == "next":
            return None
        clock = "T" + words.dayparts[low]
        return Form(
            "relative_daypart", 0.95, type="TIME", base="anchor", unit="day", shift=days, clock=clock
        ), j + 1
    if low in words.seasons:
        return Form(
            "relative_season", 0.85, base="open", grain="season", season=words.seasons[low], pick=pick
        ), j + 1
    named = month_name(tokens, j)
    if named:
        form = Form("relative_month", 0.9, base="open", grain="month", month=named[0], pick=pick)
        return form, named[1]
    parsed = feast(tokens, j)
    return (replace(parsed[0], rule="relative_feast", pick=pick), parsed[1]) if parsed else None


def narrated(tokens: list[Tok], i: int) -> Parsed:
    """Read `that day`, `the same month`, `the next morning`, `the previous year`, `later that year`."""
    j = i + (tokens[i].low in {"later", "earlier"} and tokens[i + 1].low in {"that", "the"})
    the = tokens[j].low == "the"
    j += the
    j += tokens[j].low == "that" and tokens[j + 1].low == "same"
    low = tokens[j].low
    if low not in _NARRATED or (not the and low not in {"that", "same"}):
        return None
    if low == "same" and not the and tokens[j - 1].low != "that":
        return None
    noun = tokens[j + 1].low
    words = lexicon()
    if noun in words.dayparts and (the or low in {"that", "same"}):
        clock, days = "T" + words.dayparts[noun], _NARRATED[low]
        form = Form(
            "narrated_daypart", 0.8, type="TIME", base="narrated", unit="day", shift=days, clock=clock
        )
        return form, j + 2
    unit = words.units.get(noun, "") if not noun.endswith("s") else ""
    if unit not in _GRAINS or unit in {"quarter", "century"}:
        return None
    if low == "next" and unit != "day" and tokens[i - 1].low in {"over", "within", "for", "during", "in"}:
        return None
    return Form(
        "narrated_unit", 0.75, base="narrated", grain=_GRAINS[unit], unit=unit, shift=_NARRATED[low]
    ), j + 2


def weekday(tokens: list[Tok], i: int) -> Parsed:
    """Read a weekday that stands alone; `Mondays` is a set. Parts of names (`Good Friday`) are none."""
    words, low = lexicon(), tokens[i].low
    if low.endswith("s") and low[:-1] in words.weekdays:
        return Form("weekdays", 0.85, type="SET", value=f"XXXX-WXX-{words.weekdays[low[:-1]]}"), i + 1
    number = words.weekdays.get(low)
    if number is None or tokens[i - 1].low in words.lists["weekday_names_before"]:
        return None
    if tokens[i + 1].low in words.lists["weekday_names_after"] and tokens[i + 1].capital:
        return None
    form = Form("weekday", 0.85, base="open", weekday=number)
    j = i + 1
    if tokens[j].low in {"this", "last", "next"} and tokens[j + 1].low == "week":
        return replace(
            form, rule="weekday_of_week", confidence=0.9, unit="week", shift=_STEPS[tokens[j].low]
        ), j + 2
    if (
        tokens[j].low == "of"
        and tokens[j + 1].low in {"this", "last", "next"}
        and tokens[j + 2].low == "week"
    ):
        shift = _STEPS[tokens[j + 1].low]
        return replace(form, rule="weekday_of_week", confidence=0.9, unit="week", shift=shift), j + 3
    return (form, j) if tokens[j].low != "of" else None  # `the first Friday of July`


def season(tokens: list[Tok], i: int) -> Parsed:  # noqa: PLR0911 - one reading after the other
    """Read `spring 2022`, `the summer of 2014`, `in the autumn`; `fall` and `spring` alone need a cue."""
    j = i + (tokens[i].low == "the")
    code = lexicon().seasons.get(tokens[j].low)
    if code is None:
        return None
    of = tokens[j + 1].low == "of"
    year = year_number(tokens, j + 2 if of else j + 1)
    if year is not None:
        form = Form("season_year", 0.9, base="explicit", grain="season", season=code, year=year)
        return form, j + 3 if of else j + 2
    form = Form("season", 0.65, base="open", grain="season", season=code)
    suffixed, k = relative_year(tokens, j + 1, form)
    if k > j + 1:
        return suffixed, k
    if of or tokens[j].low == "fall" or tokens[j + 1].low == "-":
        return None
    if j > i and tokens[j].low in {"summer", "winter", "autumn"} and _stands_alone(tokens, j + 1):
        return form, j + 1
    before = tokens[i - 1].low
    if before in {"in", "since", "until", "by", "during", "before", "throughout", "early", "late", "mid"}:
        return form, j + 1
    return None


def _stands_alone(tokens: list[Tok], j: int) -> bool:
    return not tokens[j].low.isalpha() or tokens[j].low in lexicon().lists["links"]


def quarter_or_half(tokens: list[Tok], i: int) -> Parsed:  # noqa: PLR0911 - one reading after the other
    """Read `Q3 2021`, `the third quarter of last year`, `the first half of 2014`."""
    if tokens[i].text == "Q" and tokens[i + 1].glued and tokens[i + 1].num in {1, 2, 3, 4}:
        number, unit, j = tokens[i + 1].num or 0, "quarter", i + 2
    else:
        k = i + (tokens[i].low == "the")
        numbered = ordinal(tokens, k)
        if numbered is None:
            return None
        number, j = numbered
        j += tokens[j].low == "-"
        unit = tokens[j].low
        j += 1
    if unit not in {"quarter", "half"} or not 1 <= number <= (
        _LAST_QUARTER if unit == "quarter" else _LAST_HALF
    ):
        return None
    grain: Grain = "quarter" if unit == "quarter" else "half"
    form = Form(grain, 0.7, base="open", grain=grain, number=number)
    of = tokens[j].low == "of"
    year = year_number(tokens, j + 1 if of else j)
    if year is not None:
        return replace(form, base="explicit", year=year, confidence=0.9), j + 2 if of else j + 1
    suffixed, k = relative_year(tokens, j, form)
    if k > j:
        return suffixed, k
    if of and tokens[j + 1].low == "the" and tokens[j + 2].low == "year":
        return replace(form, year_base="anchor"), j + 3
    if grain == "half" or of:
        return None  # `the first half`: of a match, of a century
    return form, j


def unit_of_the_story(tokens: list[Tok], i: int) -> Parsed:
    """Read `the month`, `the year` behind `the end of`: the article's own, or the one told of."""
    if tokens[i].low != "the":
        return None
    unit = tokens[i + 1].low
    if unit not in {"week", "month", "quarter", "year", "decade", "century"} or tokens[i + 2].low == "of":
        return None
    return Form("unit_of_story", 0.75, base="either", grain=_GRAINS[unit], unit=unit), i + 2


def later_in(tokens: list[Tok], i: int) -> Parsed:
    """Read `later in the year`, `early in the week`: of the unit that the story or the article is in."""
    if tokens[i].low not in {"later", "earlier"} or tokens[i + 1].low != "in":
        return None
    parsed = unit_of_the_story(tokens, i + 2)
    if parsed is None or tokens[parsed[1]].capital:
        return None  # `later in the week 5 programme`
    return replace(parsed[0], rule="later_in_unit"), parsed[1]
