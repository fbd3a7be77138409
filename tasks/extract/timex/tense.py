"""Which way the clause of an expression looks: back, ahead, or neither. A small heuristic on words.

The nearest finite verb form in the same clause decides; of verbs before and behind, the one before wins.
Neutral are verbs of announcing with an object: a congress announced `in July` may have been announced or be
held then.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from tasks.extract.timex.tokens import ends_sentence
from tasks.extract.timex.words import lexicon

if TYPE_CHECKING:
    from tasks.extract.timex.tokens import Tok

Tense = Literal["past", "future", ""]
REACH = 40
"""Most tokens looked at on either side."""
_TO_BE = frozenset(["be", "been", "being"])
_PRESENT = frozenset(["is", "are", "stays", "stay", "remains", "remain"])
_MIN_ED = 5
_OBJECT = 2
"""Tokens between a verb and a date with its preposition, from which the verb has an object there."""
_NEUTRAL: Literal["neutral"] = "neutral"


def tense(tokens: list[Tok], first: int, end: int) -> Tense:
    """Return the tense of the clause around tokens [first, end)."""
    before = tokens[first - 1].low
    if before == "since":
        return "past"
    found = _look(tokens, range(first - 1, max(-1, first - 1 - REACH), -1), first)
    if found == _NEUTRAL:
        return ""
    found = found or _look(tokens, range(end, min(len(tokens), end + REACH)), first)
    return "future" if not found and before in {"until", "till"} else _plain(found)


def _plain(found: Tense | Literal["neutral"]) -> Tense:
    return "" if found == _NEUTRAL else found


def _look(tokens: list[Tok], indexes: range, first: int) -> Tense | Literal["neutral"]:
    lists = lexicon().lists
    for i in indexes:
        low = tokens[i].low
        if not low or low == ";" or ends_sentence(tokens, i, lists["abbreviations"]):
            return ""
        if i < first and low in lists["prospective"]:
            return "future"
        if low in lists["announcing"] and first - i > _OBJECT + 1:
            return _NEUTRAL
        found = _marker(tokens, i)
        if found:
            return found
        if low in lists["clause_words"]:
            return ""
    return ""


def _marker(tokens: list[Tok], i: int) -> Tense:
    """Return what the verb form at token i says."""
    lists, tok = lexicon().lists, tokens[i]
    if tok.low in lists["modals"] and tok.small:
        return _modal(tokens, i)
    if _looks_ahead(tokens, i):
        return "future"
    if tok.low in lists["past_auxiliaries"]:
        return "past" if tokens[i + 1].low not in lists["planned_words"] else "future"
    return "past" if _is_past(tokens, i) else ""


def _looks_ahead(tokens: list[Tok], i: int) -> bool:
    """Tell whether a future form stands at token i: `will`, `was to`, `planned for`, `is leaving`."""
    lists, low, after = lexicon().lists, tokens[i].low, tokens[i + 1].low
    if low in lists["future_words"] and (low != "wo" or after == "n"):
        return True
    if low == "ll" and tokens[i].glued:
        return True
    if low in {"is", "are"}:
        return after == "to" or after in lists["planned_words"] or after.endswith("ing")
    if low in {"was", "were"}:
        return after == "to" and tokens[i + 2].low != "have"
    return low in lists["planned_words"] and after in {"to", "for", "on", "in"}


def _is_past(tokens: list[Tok], i: int) -> bool:
    lists, tok, before = lexicon().lists, tokens[i], tokens[i - 1].low
    if before in _PRESENT or before in _TO_BE or before in lists["determiners"] or before == "to":
        return False  # a participle (`is closed until Sunday`), an adjective, a noun
    if tok.low in lists["same_past"] and tok.small:
        return _singular_subject(tokens[i - 1])
    if tok.low in lists["past_words"]:
        return True
    return (
        tok.low.endswith("ed") and len(tok.low) >= _MIN_ED and tok.low not in lists["not_past"] and tok.small
    )


def _modal(tokens: list[Tok], i: int) -> Tense:
    """`may arrive`, `could be broken` look ahead, `may have left` back; `could see` says nothing."""
    lists, k = lexicon().lists, i + 1
    while tokens[k].low in {"not", "also", "still", "even", "only", "soon"} or tokens[k].low.endswith("ly"):
        k += 1
    if tokens[k].low == "have":
        return "past"
    if tokens[i].low in {"can", "could"}:
        possible = tokens[k].low == "be" and tokens[k + 1].low not in lists["perceived"]
        return "future" if possible else ""
    return "future" if tokens[k].small else ""


def _singular_subject(before: Tok) -> bool:
    """Tell whether `hit` behind this word is a past form: in the present it would be `hits`."""
    lists = lexicon().lists
    if not before.low.isalpha() or before.low.endswith("s"):
        return False
    return before.low not in lists["before_base_form"] and before.low not in lists["determiners"]
