"""The TIMEX3 grammar over the tokens of one block: which expressions stand where, unresolved.

At each token that can begin an expression every rule is tried and the longest match wins; no rule looks
further than a fixed number of tokens, so the time is linear.
"""

from __future__ import annotations

import functools
from dataclasses import replace
from typing import TYPE_CHECKING

from tasks.extract.timex import clock as clocks
from tasks.extract.timex import counted, dates, feasts, ordinals, quantities, references, relative, sets
from tasks.extract.timex.forms import Form, Match
from tasks.extract.timex.ranges import elided_range, joined_range
from tasks.extract.timex.time_ranges import short_hours
from tasks.extract.timex.tokens import words_at
from tasks.extract.timex.words import lexicon

if TYPE_CHECKING:
    from collections.abc import Callable

    from tasks.extract.timex.forms import Parsed
    from tasks.extract.timex.tokens import Tok

_DATE_RULES: tuple[Callable[[list[Tok], int], Parsed], ...] = (
    dates.with_weekday,
    dates.calendar_date,
    dates.numeric_date,
    relative.deictic_day,
    relative.picked,
    relative.narrated,
    counted.day_alone,
    feasts.feast,
    relative.weekday,
    quantities.day_before,
)
"""Expressions that may stand for a day, and so may have a time of day beside them."""
_OTHER_RULES: tuple[Callable[[list[Tok], int], Parsed], ...] = (
    dates.decade_or_century,
    dates.bare_month,
    dates.bare_year,
    relative.season,
    relative.quarter_or_half,
    relative.later_in,
    ordinals.counted_in_month,
    quantities.whole_unit,
    references.reference,
    references.at_that_time,
    references.part_of_any_day,
    sets.recurring,
    sets.per_unit,
    quantities.duration,
    quantities.bare_units,
)
_PARTS = {
    "early": "START",
    "beginning": "START",
    "start": "START",
    "outset": "START",
    "mid": "MID",
    "middle": "MID",
    "late": "END",
    "end": "END",
    "close": "END",
    "rest": "END",
    "remainder": "END",
}
_ABOUT = frozenset({"about", "around", "approximately", "roughly"})
_DIRECT_PARTS = frozenset({"early", "mid", "late"})
_KEEPS_ARTICLE = frozenset(["month", "week", "year", "day", "next", "following", "previous", "same"])


def scan(tokens: list[Tok]) -> list[Match]:
    """Return the expressions of a block in order; they do not overlap. `tokens` end in padding."""
    matches: list[Match] = []
    starts, light = _starts(), lexicon().lists["light"]
    i, count, heavy = 0, len(tokens), -1
    while i < count:
        tok = tokens[i]
        if tok.num is None and tok.low not in starts:
            i += 1
            continue
        if tok.low in light:
            heavy = _next_heavy(tokens, max(heavy, i))
            if heavy - i > _REACH:
                i += 1
                continue
        found = _at(tokens, i)
        matches.extend(found)
        i = found[-1].end if found else i + 1
    return matches


_REACH = 6
"""Tokens of an expression before the first one that has to do with time."""


def _next_heavy(tokens: list[Tok], i: int) -> int:
    """Return the first token from i on that is a number or says something about time."""
    heavy, count = _heavy(), len(tokens)
    while i < count and tokens[i].num is None and tokens[i].low not in heavy:
        i += 1
    return i


@functools.cache
def _heavy() -> frozenset[str]:
    """Every word of which an expression has at least one."""
    words = lexicon()
    tables = (words.phrases, words.feasts)
    known = {
        word for table in tables for phrases in table.values() for phrase, _ in phrases for word in phrase
    }
    return (_starts() | known | words.dayparts.keys() | {"time", "period"}) - words.lists["light"]


@functools.cache
def _starts() -> frozenset[str]:
    """Every word that can begin an expression; other tokens are passed over."""
    words = lexicon()
    tables = (
        words.months, words.weekdays, words.weekdays_short, words.seasons, words.units, words.numbers,
        words.ordinals, words.adverbs, words.references, words.adjectives, words.times_of_day, _PARTS,
    )  # fmt: skip
    starts = {word for table in tables for word in table}
    starts |= {f"{day}s" for day in words.weekdays}
    starts |= words.phrases.keys() | words.feasts.keys() | words.mods.keys()
    starts |= words.lists["starts"]
    return frozenset(starts)


def _at(tokens: list[Tok], i: int) -> list[Match]:
    """Return what begins at token i: nothing, one expression, or the two ends of a range."""
    elided = elided_range(tokens, i) or short_hours(tokens, i, _day_behind)
    if elided:
        return elided
    first = expression(tokens, i)
    if first is None:
        return []
    return joined_range(tokens, i, first, expression) or [Match(first[0], i, first[1])]


def expression(tokens: list[Tok], i: int) -> Parsed:
    """Return the longest expression that begins at token i."""
    best: Parsed = _part(tokens, i)
    for rule in _DATE_RULES:
        parsed = rule(tokens, i)
        if parsed and (best is None or parsed[1] > best[1]):
            best = parsed
    if best is not None:
        best = _with_clock(tokens, best)
    for rule in (*_OTHER_RULES, _clock_first, _daypart_of, _from_date, _week_of):
        parsed = rule(tokens, i)
        if parsed and (best is None or parsed[1] > best[1]):
            best = parsed
    return best


def _part(tokens: list[Tok], i: int) -> Parsed:
    """Read `early January`, `mid-1990s`, `the end of November`, `late on Monday`, `the start of the year`."""
    j = i + (tokens[i].low == "the")
    word = tokens[j].low
    mod = _PARTS.get(word)
    if mod is None:
        return None
    k = j + 1
    if word in _DIRECT_PARTS:
        k += tokens[k].low == "-" and tokens[k].glued
        k += tokens[k].low in {"in", "on"} and word != "mid"
        k += tokens[k].low == "the" and tokens[k + 1].low not in _KEEPS_ARTICLE
    elif tokens[k].low == "of":
        k += 1
        k += tokens[k].low == "the" and tokens[k + 1].low not in _story_units()
    elif tokens[k].low != "-":
        return None
    inner = _part_of(tokens, k)
    if inner is None:
        return None
    form, end = inner
    rule = "part_of_" + form.rule
    return _with_clock(tokens, (replace(form, mod=mod, rule=rule, confidence=min(form.confidence, 0.9)), end))


@functools.cache
def _story_units() -> frozenset[str]:
    return frozenset({"week", "month", "quarter", "year", "decade", "century"})


def _part_of(tokens: list[Tok], k: int) -> Parsed:
    """Return what a part may be of: a month, year, decade, century, season, weekday, week."""
    best: Parsed = None
    for rule in (
        dates.calendar_date,
        dates.decade_or_century,
        _month_of_part,
        _year_of_part,
        relative.picked,
        relative.narrated,
        relative.weekday,
        relative.deictic_day,
        _season_of_part,
        relative.unit_of_the_story,
    ):
        parsed = rule(tokens, k)
        if parsed and (best is None or parsed[1] > best[1]):
            best = parsed
    if best and (best[0].type != "DATE" or best[0].mod):
        return None
    return best


def _month_of_part(tokens: list[Tok], k: int) -> Parsed:
    named = dates.month_name(tokens, k)
    return (Form("month", 0.85, base="open", grain="month", month=named[0]), named[1]) if named else None


def _year_of_part(tokens: list[Tok], k: int) -> Parsed:
    year = dates.year_number(tokens, k)
    return (Form("year", 0.9, base="explicit", grain="year", year=year), k + 1) if year else None


def _season_of_part(tokens: list[Tok], k: int) -> Parsed:
    parsed = relative.season(tokens, k)
    if parsed or tokens[k].low == "fall" or tokens[k].low not in lexicon().seasons:
        return parsed
    return Form("season", 0.65, base="open", grain="season", season=lexicon().seasons[tokens[k].low]), k + 1


def _with_clock(tokens: list[Tok], parsed: tuple[Form, int]) -> tuple[Form, int]:
    """Extend a day by the time of day behind it: `Tuesday at 10 a.m.`, `December 7, 10:00 GMT`."""
    form, j = parsed
    if form.rule in {"tonight", "relative_daypart"} and tokens[j].low == "at":
        exact = clocks.of_daypart(tokens, j + 1, clocks.Clock(form.clock, j, sure=True))
        return (replace(form, clock=exact.suffix), exact.end) if exact else parsed
    if form.rule == "iso" and tokens[j].low == "t" and tokens[j].glued:
        exact = clocks.clock(tokens, j + 1)
        return (replace(form, type="TIME", clock=exact.suffix), exact.end) if exact else parsed
    if form.clock or form.grain != "day" or form.type != "DATE" or form.base in {"literal", "event"}:
        return parsed
    part = clocks.daypart(tokens, j)
    if part:
        j = part.end + (tokens[part.end].low == "at")
        exact = clocks.of_daypart(tokens, j, part) if j > part.end else None
        found = exact or part
        return replace(form, type="TIME", clock=found.suffix), found.end
    k = j + (tokens[j].low == ",")
    k += tokens[k].low in {"at", "around", "by"}
    k += tokens[k].low in {"around", "about"} and k > j
    clock = clocks.clock(tokens, k)
    if clock and (clock.sure or k > j or ":" in clock.suffix):
        return replace(form, type="TIME", clock=clock.suffix), clock.end
    return parsed


def _clock_first(tokens: list[Tok], i: int) -> Parsed:
    """Read a time of day, and the day behind it if there is one: `10 a.m. on Tuesday`."""
    about = tokens[i].low in _ABOUT
    clock = clocks.clock(tokens, i + about)
    if clock is None:
        return None
    mod = "APPROX" if about else None
    k = clock.end + (tokens[clock.end].low == ",")
    k += tokens[k].low == "on"
    day = _day_behind(tokens, k)
    if day:
        return replace(day[0], type="TIME", clock=clock.suffix, rule=f"clock_{day[0].rule}", mod=mod), day[1]
    often = sets.at_clock(tokens, k, clock.suffix)
    if often:
        return often
    if clock.sure or clocks.cued(tokens, i + about):
        confidence = 0.85 if clock.sure else 0.7
        return Form("clock", confidence, type="TIME", base="narrated", clock=clock.suffix, mod=mod), clock.end
    return None


def _day_behind(tokens: list[Tok], k: int) -> Parsed:
    best: Parsed = None
    for rule in _DATE_RULES:
        parsed = rule(tokens, k)
        if (
            not parsed
            or parsed[0].grain != "day"
            or parsed[0].clock
            or parsed[0].base in {"literal", "event"}
        ):
            continue
        if best is None or parsed[1] > best[1]:
            best = parsed
    return best if best and best[0].type == "DATE" else None


def _from_date(tokens: list[Tok], i: int) -> Parsed:
    return counted.counted_from(tokens, i, _any_day)


def _week_of(tokens: list[Tok], i: int) -> Parsed:
    return counted.week_of(tokens, i, _any_day)


def _any_day(tokens: list[Tok], k: int) -> Parsed:
    parsed = _day_behind(tokens, k)
    return parsed if parsed and not parsed[0].counted else None


def _daypart_of(tokens: list[Tok], i: int) -> Parsed:
    """Read `the morning of December 7`, `the early morning hours of Monday`."""
    j = i + (tokens[i].low == "the")
    early = tokens[j].low in {"early", "late"}
    j += early
    part = clocks.daypart(tokens, j) or clocks.small_hours(tokens, j, early=early)
    if part and tokens[part.end].low == "hours":
        part = replace(part, end=part.end + 1)
    if (
        part is None
        or tokens[part.end].low not in {"of", "on"}
        or words_at(tokens, part.end + 1, ("the", "day"))
    ):
        return None
    day = _day_behind(tokens, part.end + 1)
    if day is None:
        return None
    return replace(day[0], type="TIME", clock=part.suffix, rule=f"daypart_{day[0].rule}"), day[1]
