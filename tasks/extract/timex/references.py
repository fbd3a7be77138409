"""Times without a date of their own: `now`, `recently`, `the former mayor`, `at that time`, `at night`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tasks.extract.timex.forms import ANY_DAY, Form
from tasks.extract.timex.tokens import words_at
from tasks.extract.timex.words import lexicon

if TYPE_CHECKING:
    from tasks.extract.timex.forms import Parsed
    from tasks.extract.timex.tokens import Tok

_AT_A_TIME = frozenset(["at", "by", "around", "until", "since", "during", "before", "after", "from", "about"])
_THROUGH = frozenset(["during", "throughout", "in", "over", "of", "for", "from"])


def reference(tokens: list[Tok], i: int) -> Parsed:
    """Read what points at past, present or future without a date: `now`, `recently`, `in the past`."""
    words = lexicon()
    for phrase, value in words.phrases.get(tokens[i].low, ()):
        if words_at(tokens, i, phrase):
            j = i + len(phrase)
            if phrase[-1] in {"past", "future"} and (
                tokens[j].low.isalnum() and tokens[j].low not in words.lists["links"]
            ):
                return None  # `the past decade`, `the future king`
            return Form("reference", 0.8, value=value), j
    low, after = tokens[i].low, tokens[i + 1]
    if low in words.references and not (tokens[i].capital and tokens[i - 1].low.isalpha()):
        return Form("reference", 0.8, value=words.references[low]), i + 1
    if low == "recent" and after.low in words.units and after.low.endswith("s"):
        return Form("reference", 0.8, value="PAST_REF"), i + 2
    return _adjective(tokens, i)


def _adjective(tokens: list[Tok], i: int) -> Parsed:
    """Read `former`, `current`, `recent`, `future` before what they describe."""
    words, low = lexicon(), tokens[i].low
    value = words.adjectives.get(low)
    if value is None or not tokens[i + 1].low.isalpha() or tokens[i + 1].low in words.lists["links"]:
        return None
    if tokens[i].capital and (tokens[i + 1].capital or tokens[i - 1].capital):
        return None  # `Future Forum`, `The Current Affair`; and headlines in capitals
    return Form("reference_adjective", 0.7, value=value), i + 1


def at_that_time(tokens: list[Tok], i: int) -> Parsed:
    """Read `that time`, `this period`, `the time` behind `at`: the time that the story has come to."""
    low, noun, before = tokens[i].low, tokens[i + 1].low, tokens[i - 1].low
    if noun == "period":
        known = low in {"this", "that"} and before in _THROUGH
    elif noun == "time":
        known = low in {"this", "that"} and before in _AT_A_TIME
        known = known or (low == "the" and before == "at" and _ends_here(tokens, i + 2))
    else:
        return None
    return (Form("time_of_story", 0.5, base="narrated", unit="time"), i + 2) if known else None


def _ends_here(tokens: list[Tok], j: int) -> bool:
    """Tell that no clause says which time it was: `at the time of the vote`, `at the time he left`."""
    low = tokens[j].low
    return not low.isalpha() or low in {"and", "but", "was", "were", "had", "as", "because", "in"}


def part_of_any_day(tokens: list[Tok], i: int) -> Parsed:
    """Read `night` behind `at`, `the morning` behind `in`, `daytime`: of the day told, or of any day."""
    words, low, before = lexicon(), tokens[i].low, tokens[i - 1].low
    if low in words.times_of_day and not tokens[i].capital:
        return Form("part_of_any_day", 0.7, type="TIME", value=f"{ANY_DAY}T{words.times_of_day[low]}"), i + 1
    if low == "night" and before == "at":
        return Form("part_of_any_day", 0.7, type="TIME", value=f"{ANY_DAY}TNI"), i + 1
    code = words.dayparts.get(tokens[i + 1].low)
    if code is None or low != "the" or tokens[i + 2].low in {"of", "before", "after", "and", "or"}:
        return None
    if before not in {"in", "during", "into", "by", "through", "throughout"}:
        return None
    if before not in {"in", "during"} and code != "NI":
        return None
    return Form("clock_daypart", 0.65, type="TIME", base="narrated", clock=f"T{code}", unit=""), i + 2
