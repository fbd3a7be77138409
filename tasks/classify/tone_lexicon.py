"""The word list of `config/classify/tone_terms.toml`, ready to be looked up."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from tasks.classify.phrases import Phrases, expand, forms
from worker.config_dir import load_toml

if TYPE_CHECKING:
    from collections.abc import Iterable


class Entry(NamedTuple):
    """A term's score, and 1 or -1 when it says that something rises or falls."""

    score: float
    direction: int = 0


@dataclass(frozen=True, slots=True)
class ToneLexicon:
    """Scores, and what turns them round; factors are multiplied with a score."""

    phrases: Phrases[Entry]
    quantities: dict[str, int]
    strength: float
    negators: frozenset[str]
    negation_reach: int
    not_good: float
    not_bad: float
    reverses_good: Phrases[bool]
    reverses_bad: Phrases[bool]
    reversal_reach: int
    prepositions: frozenset[str]
    reverse_good: float
    reverse_bad: float
    intensity: dict[str, float]
    half: float

    def quantity(self, word: str) -> int:
        """Return 1 when more of it is good, -1 when more of it is bad, else 0."""
        return self.quantities.get(word, 0)


@functools.cache
def tone_lexicon() -> ToneLexicon:
    """Return the list, read once a process."""
    tables = load_toml("classify/tone_terms.toml")
    negation, reversal, direction = tables["negation"], tables["reversal"], tables["direction"]
    quantities = _words(direction["good"], 1) | _words(direction["bad"], -1)
    return ToneLexicon(
        phrases=Phrases(_entries(tables)),
        quantities=quantities,
        strength=float(direction["strength"]),
        negators=frozenset(negation["words"]),
        negation_reach=int(negation["reach"]),
        not_good=float(negation["of_good"]),
        not_bad=float(negation["of_bad"]),
        reverses_good=Phrases((term, True) for term in reversal["of_good"]),
        reverses_bad=Phrases((term, True) for term in reversal["of_bad"]),
        reversal_reach=int(reversal["reach"]),
        prepositions=frozenset(reversal["prepositions"]),
        reverse_good=float(reversal["factor_good"]),
        reverse_bad=float(reversal["factor_bad"]),
        intensity={word: float(factor) for word, factor in tables["intensity"]["words"].items()},
        half=float(tables["scale"]["half"]),
    )


def _words(terms: Iterable[str], value: int) -> dict[str, int]:
    return {words[-1]: value for term in terms for words in expand(term) if len(words) == 1}


def _entries(tables: dict[str, Any]) -> list[tuple[str, Entry]]:
    """Return the terms, those of direction first: `Phrases` keeps the first value of a term."""
    direction = tables["direction"]
    alone = {form: float(score) for word, score in direction["alone"].items() for form in forms(word)}
    entries = [
        (" ".join(words), Entry(alone.get(words[-1], 0.0), sign))
        for name, sign in (("up", 1), ("down", -1))
        for term in direction[name]
        for words in expand(term)
    ]
    entries += [(term, Entry(float(score))) for score, terms in tables["scores"].items() for term in terms]
    return entries
