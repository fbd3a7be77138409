"""Sets: `every day`, `each Monday`, `every two weeks`, `twice a year`, `daily`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tasks.extract.timex.clock import clock
from tasks.extract.timex.dates import month_name
from tasks.extract.timex.forms import ANY_DAY, Form
from tasks.extract.timex.numerals import quantity
from tasks.extract.timex.quantities import LETTERS, amount, period
from tasks.extract.timex.words import lexicon

if TYPE_CHECKING:
    from tasks.extract.timex.forms import Parsed
    from tasks.extract.timex.tokens import Tok

_RATES = frozenset(["once", "twice", "thrice", "times"])


def recurring(tokens: list[Tok], i: int) -> Parsed:
    """Read `every day`, `each Monday`, `every two weeks`, `twice a year`, `daily`."""
    words, low = lexicon(), tokens[i].low
    if low in words.adverbs:
        name = tokens[i].capital and (tokens[i - 1].low not in {"", ".", "!", "?"} or tokens[i + 1].capital)
        return (
            None
            if name or tokens[i + 1].low == "-"
            else (Form("adverb", 0.75, type="SET", value=words.adverbs[low]), i + 1)
        )
    if low in {"every", "each"}:
        return _at_a_time(tokens, _every(tokens, i))
    i = _behind_count(tokens, i)
    if tokens[i].low in _RATES and tokens[i + 1].low in {"a", "an", "each", "every", "per"}:
        unit = words.units.get(tokens[i + 2].low)
        if unit in LETTERS and not tokens[i + 2].low.endswith("s"):
            start = Form("rate", 0.85, type="SET", value=period("1", unit))
            return start, i + 3
    return None


def per_unit(tokens: list[Tok], i: int) -> Parsed:
    """Read `per day`, and `a day` behind what is counted: `600 attacks a year`, `$5 a day`."""
    unit = lexicon().units.get(tokens[i + 1].low)
    if unit not in LETTERS or unit == "second" or tokens[i + 1].low.endswith("s"):
        return None
    if tokens[i].low == "per" and tokens[i - 1].low in lexicon().lists["speeds"]:
        return None
    if tokens[i].low != "per" and not (tokens[i].low in {"a", "an"} and _counts(tokens, i)):
        return None
    return Form("rate", 0.8, type="SET", value=period("1", unit)), i + 2


_BEHIND_UNIT = frozenset(
    [
        "later",
        "earlier",
        "ago",
        "before",
        "after",
        "and",
        "or",
        "-",
        "old",
        "from",
        "of",
        "long",
        "away",
        "early",
    ]
)
_COUNTED_WITHIN = 4


def _counts(tokens: list[Tok], i: int) -> bool:
    """Tell whether a number stands close before token i, with at most a noun phrase between."""
    if tokens[i + 2].low in _BEHIND_UNIT:
        return False
    lists = lexicon().lists
    for k in range(i - 1, max(-1, i - 1 - _COUNTED_WITHIN), -1):
        tok = tokens[k]
        if tok.low in lists["speeds"]:
            return False
        if tok.num is not None or tok.low in lexicon().numbers or tok.low in {"several", "many", "million"}:
            return tok.num is None or len(tok.text) < _YEAR_DIGITS or not _looks_like_year(tok.num)
        if not tok.low.isalpha() or tok.low in lists["amount_cues"] or tok.low in lists["year_cues"]:
            return False
    return False


_YEAR_DIGITS = 4


def _looks_like_year(number: int) -> bool:
    return 1400 <= number <= 2199  # noqa: PLR2004 - years in news


def at_clock(tokens: list[Tok], i: int, suffix: str) -> Parsed:
    """Read the recurring day behind a time of day: `4 p.m. every Monday`, `noon on Fridays`."""
    parsed = _every(tokens, i) if tokens[i].low in {"every", "each"} else None
    low = tokens[i].low
    if parsed is None and low[:-1] in lexicon().weekdays and low.endswith("s"):
        parsed = Form("weekdays", 0.85, type="SET", value=f"XXXX-WXX-{lexicon().weekdays[low[:-1]]}"), i + 1
    day = parsed and (ANY_DAY if parsed[0].value == "P1D" else parsed[0].value or "")
    if not parsed or not day or not day.startswith("XXXX-") or "T" in day:
        return None
    return replace(parsed[0], value=day + suffix), parsed[1]


def _at_a_time(tokens: list[Tok], parsed: Parsed) -> Parsed:
    """Read the time of day behind a recurring day: `every Monday at 4 p.m.`, `every day at noon`."""
    if parsed is None or parsed[0].value is None:
        return parsed
    form, j = parsed
    day = ANY_DAY if form.value == "P1D" else (form.value or "").partition("T")[0]
    if not day.startswith("XXXX-"):
        return parsed
    exact = clock(tokens, j + 1) if tokens[j].low == "at" else None
    return (replace(form, value=day + exact.suffix), exact.end) if exact else parsed


def _every(tokens: list[Tok], i: int) -> Parsed:  # noqa: PLR0911 - one reading after the other
    words, j = lexicon(), i + 1
    other = tokens[j].low == "other"
    j += other or (tokens[j].low == "single")
    low = tokens[j].low
    count = "2" if other else "1"
    if low in words.units and not low.endswith("s") and words.units[low] in LETTERS:
        return Form("every", 0.9, type="SET", value=period(count, words.units[low])), j + 1
    if low in words.weekdays:
        return Form("every", 0.9, type="SET", value=f"XXXX-WXX-{words.weekdays[low]}"), j + 1
    if low in words.dayparts:
        return Form("every", 0.9, type="SET", value=f"{ANY_DAY}T{words.dayparts[low]}"), j + 1
    if low in words.seasons:
        return Form("every", 0.85, type="SET", value=f"XXXX-{words.seasons[low]}"), j + 1
    named = month_name(tokens, j)
    if named:
        return Form("every", 0.85, type="SET", value=f"XXXX-{named[0]:02}"), named[1]
    found = amount(tokens, j)
    if found and found[0] != "X" and tokens[i].low == "every" and found[1] != "weekend":
        return Form("every", 0.9, type="SET", value=period(found[0], found[1])), found[2]
    return None


def _behind_count(tokens: list[Tok], i: int) -> int:
    """`three times a month`: the token behind the number, where `times` follows."""
    found = quantity(tokens, i)
    return found[1] if found and tokens[found[1]].low == "times" else i
