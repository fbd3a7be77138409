"""Quantities of time: durations, and dates counted from another one (`two days ago`, `a year later`)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tasks.extract.timex.forms import Form
from tasks.extract.timex.numerals import quantity
from tasks.extract.timex.tokens import words_at
from tasks.extract.timex.words import lexicon

if TYPE_CHECKING:
    from tasks.extract.timex.forms import Parsed
    from tasks.extract.timex.tokens import Tok

LETTERS = {
    "second": ("T", "S"),
    "minute": ("T", "M"),
    "hour": ("T", "H"),
    "day": ("", "D"),
    "week": ("", "W"),
    "month": ("", "M"),
    "quarter": ("", "Q"),
    "year": ("", "Y"),
    "decade": ("", "DE"),
    "century": ("", "CE"),
}
_HALF = {
    "hour": "PT30M",
    "day": "PT12H",
    "year": "P6M",
    "decade": "P5Y",
    "century": "P50Y",
    "minute": "PT30S",
    "month": "P0.5M",
}
_AGED = frozenset(["aged", "age"])


def amount(tokens: list[Tok], i: int) -> tuple[str, str, int] | None:
    """Return (number, unit, next token) of `two and a half years`, `18-month`, `several days`."""
    units = lexicon().units
    found = quantity(tokens, i)
    if found:
        text, j = found
        if words_at(tokens, j, ("and", "a", "half")) and "." not in text and text != "X":
            text, j = f"{text}.5", j + 3
        elif text != "X" and tokens[j].low in {"or", "to"}:
            second = quantity(tokens, j + 1)
            if second and second[0] != "X":
                text, j = "X", second[1]
        hyphen = tokens[j].low == "-" and tokens[j].glued
        j += hyphen
        j += tokens[j].low in {
            "more",
            "full",
            "whole",
            "consecutive",
            "long",
            "straight",
            "further",
            "additional",
        }
        j += _adjective(tokens, j)
        unit = units.get(tokens[j].low)
        if unit and unit != "weekend" and (hyphen or text == "1" or tokens[j].low.endswith(("s", "ies"))):
            if hyphen and unit == "second" and tokens[j].low == "second" and tokens[j + 1].low == "-":
                return None
            return text, unit, j + 1
    return None


_OTHER_DAYS = frozenset(["working", "business", "trading", "school", "light", "man"])
_SHORTEST_ADJECTIVE = 4


def _adjective(tokens: list[Tok], j: int) -> bool:
    """`ten brutal months`: one small word between a number and its unit; not `five working days`."""
    low, unit = tokens[j].low, tokens[j + 1].low
    if low in lexicon().units or low in _OTHER_DAYS or not unit.endswith("s") or unit not in lexicon().units:
        return False
    return tokens[j].text.islower() and len(low) >= _SHORTEST_ADJECTIVE and not low.endswith("s")


def article_amount(tokens: list[Tok], i: int) -> tuple[str, str, int] | None:
    """Return the same for `a week`, `an hour and a half`, `half a century`."""
    units = lexicon().units
    if tokens[i].low == "half" and tokens[i + 1].low in {"a", "an"}:
        unit = units.get(tokens[i + 2].low)
        return ("half", unit, i + 3) if unit in _HALF else None
    if tokens[i].low in {"a", "an"} and tokens[i + 1].low == "half" and tokens[i + 2].low in {"hour", "-"}:
        j = i + 2 + (tokens[i + 2].low == "-")
        unit = units.get(tokens[j].low)
        return ("half", unit, j + 1) if unit in _HALF else None
    if tokens[i].low in {"a", "an", "another"}:
        unit = units.get(tokens[i + 1].low)
        if unit and not tokens[i + 1].low.endswith("s") and unit not in {"second", "quarter", "weekend"}:
            if words_at(tokens, i + 2, ("and", "a", "half")):
                return "1.5", unit, i + 5
            return "1", unit, i + 2
    return None


def period(text: str, unit: str) -> str:
    """Return the TIMEX3 period of a number (as `quantity` gives it) of units: `P3D`, `PT2H`, `PXW`."""
    if text == "half":
        return _HALF[unit]
    if unit == "fortnight":
        return "PXW" if text == "X" else f"P{_trim(float(text) * 2)}W"
    time, letter = LETTERS[unit]
    return f"P{time}{text if text == 'X' else _trim(float(text))}{letter}"


def _trim(number: float) -> str:
    return f"{number:.4f}".rstrip("0").rstrip(".")


def duration(tokens: list[Tok], i: int) -> Parsed:  # noqa: C901, PLR0911 - one reading after the other
    """Read a quantity of time, and what is counted with it. `22-year-old` and scores are none."""
    j, mod = i, None
    for phrase, name in lexicon().mods.get(tokens[i].low, ()):
        if words_at(tokens, i, phrase) and tokens[i + len(phrase)].low != "the":
            j, mod = i + len(phrase), name
            break
    j += tokens[j].low == "the" and tokens[j + 1].low in _SPANS
    spanning = tokens[j].low if tokens[j].low in _SPANS else ""
    j += bool(spanning)
    found = amount(tokens, j)
    if found is None and spanning:
        unit = lexicon().units.get(tokens[j].low, "")
        several = tokens[j].low.endswith("s")
        if tokens[j - 2].low != "the" or unit in {"", "weekend"} or (unit == "day" and not several):
            return None
        if several:
            return Form("span", 0.8, type="DURATION", value=period("X", unit)), j + 1
        if (
            tokens[j - 3].low in {"over", "in", "for", "during", "within", "throughout", "of"}
            or spanning == "past"
        ):
            return Form("span", 0.8, type="DURATION", value=period("1", unit)), j + 1
        return None
    articled = found is None
    found = found or article_amount(tokens, j)
    if found is None:
        return None
    text, unit, end = found
    if _is_age(tokens, i, end) or (unit == "quarter" and not articled) or unit == "weekend":
        return None
    counted = _counted(tokens, i, found, mod)
    if counted:
        return counted
    another = tokens[i].low == "another"
    if articled and text == "1" and mod is None and not another and not _is_amount(tokens, i, end):
        return None
    value, end = _compound(tokens, text, unit, end)
    end += 2 if tokens[end].low == "-" and tokens[end + 1].low == "long" else 0
    return Form("duration", 0.9, type="DURATION", value=value, mod=mod), end


_SPANS = frozenset(
    [
        "last",
        "past",
        "next",
        "coming",
        "previous",
        "following",
        "first",
        "succeeding",
        "subsequent",
        "ensuing",
    ]
)


def _is_amount(tokens: list[Tok], i: int, end: int) -> bool:
    return tokens[i - 1].low in lexicon().lists["amount_cues"] or (
        tokens[end].low == "-" and tokens[end + 1].low == "long"
    )


def _is_age(tokens: list[Tok], i: int, end: int) -> bool:
    if tokens[i - 1].low in _AGED or tokens[end].low == "old" or words_at(tokens, end, ("of", "age")):
        return True
    return tokens[end].low == "-" and tokens[end + 1].low in {"old", "olds"}


def _compound(tokens: list[Tok], text: str, unit: str, end: int) -> tuple[str, int]:
    """Join `two years and three months`, `3 hours 20 minutes` into one value."""
    value = period(text, unit)
    order = list(LETTERS)
    j = end + (tokens[end].low in {"and", ","})
    more = quantity(tokens, j)
    if text in {"X", "half"} or not more or "." in more[0] + text or more[0] == "X":
        return value, end
    smaller = lexicon().units.get(tokens[more[1]].low)
    if smaller not in order or unit not in order or order.index(smaller) >= order.index(unit):
        return value, end
    time, letter = LETTERS[smaller]
    joint = "" if time and value[1] == "T" else time
    return f"{value}{joint}{_trim(float(more[0]))}{letter}", more[1] + 1


def _counted(tokens: list[Tok], i: int, found: tuple[str, str, int], mod: str | None) -> Parsed:  # noqa: C901 - one reading after the other
    """Read what follows the quantity: `ago`, `later`, `earlier`, `from now`, `' time`."""
    text, unit, end = found
    low, sign, base, j = tokens[end].low, 0, "anchor", end + 1
    if low == "ago":
        sign = -1
    elif words_at(tokens, end, ("from", "now")):
        sign, j = 1, end + 2
    elif low in {"later", "afterwards"}:
        sign, base = 1, "narrated"
    elif low in {"earlier", "beforehand", "previously"}:
        sign, base = -1, "narrated"
    elif tokens[i - 1].low == "in" and tokens[end].low == "'":
        k = end + 1 + (tokens[end + 1].low == "s")
        if tokens[k].low == "time":
            sign, j = 1, k + 1
    elif low in {"before", "after", "thereafter"} and _ends_phrase(tokens, end + 1):
        sign, base = (-1 if low == "before" else 1), "narrated"
    if not sign:
        return None
    if text == "X" or unit in {"second", "minute", "hour"}:
        vague = "FUTURE_REF" if sign > 0 else "PAST_REF"
        if text == "X":
            return Form("counted_vague", 0.75, value=vague, mod=mod), j
        reason = f"{unit}s cannot be counted from an anchor without a time of day"
        return Form("counted_time", 0.5, type="TIME", base="event", reason=reason, mod=mod), j
    if "." in text or text == "half":
        return Form(
            "counted_fraction", 0.5, base="event", reason="a fraction of a unit names no date", mod=mod
        ), j
    step = "week" if unit == "fortnight" else unit
    count = int(text) * (2 if unit == "fortnight" else 1) * sign
    form = Form("counted_anchor", 0.85, unit=step, shift=count, mod=mod, grain="day")
    if base == "anchor":
        return replace(form, base="anchor"), j
    return replace(form, rule="counted_narrated", base="narrated", confidence=0.75), j


def _ends_phrase(tokens: list[Tok], j: int) -> bool:
    """Tell that nothing follows which the day could be before: `the day before.`, not `before the vote`."""
    return not tokens[j].low or tokens[j].low in {
        ".",
        ",",
        ";",
        ":",
        ")",
        '"',
        "”",
        "and",
        "but",
        "in",
        "at",
        "with",
    }


_GREGORIAN = frozenset({"day", "week", "month", "year", "decade", "century"})


def whole_unit(tokens: list[Tok], i: int) -> Parsed:
    """Read `all day`, `all year`, `a full week`, `the whole month`."""
    j = i + (tokens[i].low in {"the", "a"})
    word = tokens[j].low
    unit = lexicon().units.get(tokens[j + 1].low)
    if unit not in _GREGORIAN or tokens[j + 1].low.endswith("s"):
        return None
    known = word == "all" if j == i else word in {"whole", "entire", "full"}
    if not known or _is_age(tokens, i, j + 2):
        return None
    return Form("whole_unit", 0.75, type="DURATION", value=period("1", unit)), j + 2


def day_before(tokens: list[Tok], i: int) -> Parsed:
    """Read `the day before`, `the week after`: of the date told last, or of an event."""
    j = i + (tokens[i].low == "the")
    unit = tokens[j].low
    word = tokens[j + 1].low
    if j == i or unit not in {"day", "night", "week", "month", "year"} or word not in {"before", "after"}:
        return None
    if not _ends_phrase(tokens, j + 2):
        if words_at(tokens, j + 2, ("yesterday",)) or words_at(tokens, j + 2, ("tomorrow",)):
            return None
        return Form("event", 0.6, base="event", reason="counted from an event, not from a date"), j + 2
    sign = -1 if word == "before" else 1
    clock = "TNI" if unit == "night" else ""
    step = "day" if unit == "night" else unit
    return Form(
        "counted_narrated",
        0.75,
        type="TIME" if clock else "DATE",
        base="narrated",
        unit=step,
        shift=sign,
        clock=clock,
    ), j + 2


def bare_units(tokens: list[Tok], i: int) -> Parsed:
    """Read `for days`, `weeks later`, `in months`, `decades of`."""
    unit = lexicon().units.get(tokens[i].low)
    if unit is None or not tokens[i].low.endswith("s") or unit in {"second", "quarter", "weekend"}:
        return None
    low = tokens[i + 1].low
    before = tokens[i - 1]
    if before.num is not None or before.low in lexicon().numbers or before.low == "-":
        return None
    if low in {"ago", "earlier", "later"}:
        value = "FUTURE_REF" if low == "later" else "PAST_REF"
        return Form("counted_vague", 0.75, value=value), i + 2
    if tokens[i - 1].low in lexicon().lists["unit_cues"] or (
        low == "of" and unit in {"week", "month", "year", "decade", "century", "day"}
    ):
        return Form("duration_vague", 0.7, type="DURATION", value=period("X", unit)), i + 1
    return None
