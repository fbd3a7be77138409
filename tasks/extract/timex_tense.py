"""Which way the clause of an expression looks: back, ahead, or neither. A small heuristic on words.

The nearest finite verb form in the same clause decides; of verbs before and behind, the one before wins.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from tasks.extract.timex_lexicon import lexicon
from tasks.extract.timex_tokens import ends_sentence

if TYPE_CHECKING:
    from tasks.extract.timex_tokens import Tok

Tense = Literal["past", "future", ""]
REACH = 25
"""Most tokens looked at on either side."""
_TO_BE = frozenset(["be", "been", "being"])
_MIN_ED = 5


def tense(tokens: list[Tok], first: int, end: int) -> Tense:
    """Return the tense of the clause around tokens [first, end)."""
    if tokens[first - 1].low == "since":
        return "past"
    return _look(tokens, range(first - 1, max(-1, first - 1 - REACH), -1)) or _look(
        tokens, range(end, min(len(tokens), end + REACH))
    )


def _look(tokens: list[Tok], indexes: range) -> Tense:
    lists = lexicon().lists
    for i in indexes:
        low = tokens[i].low
        if not low or low == ";" or ends_sentence(tokens, i, lists["abbreviations"]):
            return ""
        found = _marker(tokens, i)
        if found:
            return found
        if low in lists["clause_words"]:
            return ""
    return ""


def _marker(tokens: list[Tok], i: int) -> Tense:  # noqa: PLR0911 - one reading after the other
    """Return what the verb form at token i says."""
    lists, tok = lexicon().lists, tokens[i]
    low = tok.low
    if low in lists["future_words"] and (low != "wo" or tokens[i + 1].low == "n"):
        return "future"
    if low == "ll" and tok.glued:
        return "future"
    if low in {"is", "are"} and (tokens[i + 1].low == "to" or tokens[i + 1].low in lists["planned_words"]):
        return "future"
    if low in lists["planned_words"] and tokens[i + 1].low in {"to", "for", "on", "in"}:
        return "future"
    if low in {"is", "are"} and tokens[i + 1].low.endswith("ing"):
        return "future"
    if low in lists["past_auxiliaries"]:
        return "past" if tokens[i + 1].low not in lists["planned_words"] else "future"
    before = tokens[i - 1].low
    if before in _TO_BE or before in lexicon().lists["determiners"] or before == "to":
        return ""
    if low in lists["past_words"]:
        return "past"
    if low.endswith("ed") and len(low) >= _MIN_ED and low not in lists["not_past"] and tok.small:
        return "past"
    return ""
