"""Sets: `every day`, `each Monday`, `every two weeks`, `twice a year`, `daily`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tasks.extract.timex.dates import month_name
from tasks.extract.timex.forms import Form
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
        name = tokens[i].capital and (i > 0 or tokens[i + 1].capital)
        return (
            None
            if name or tokens[i + 1].low == "-"
            else (Form("adverb", 0.75, type="SET", value=words.adverbs[low]), i + 1)
        )
    if low in {"every", "each"}:
        return _every(tokens, i)
    i = _behind_count(tokens, i)
    if tokens[i].low in _RATES and tokens[i + 1].low in {"a", "an", "each", "every", "per"}:
        unit = words.units.get(tokens[i + 2].low)
        if unit in LETTERS and not tokens[i + 2].low.endswith("s"):
            start = Form("rate", 0.85, type="SET", value=period("1", unit))
            return start, i + 3
    return None


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
        return Form("every", 0.9, type="SET", value=f"XXXX-XX-XXT{words.dayparts[low]}"), j + 1
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
