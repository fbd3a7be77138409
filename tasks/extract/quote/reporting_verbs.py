# ruff: noqa: RUF001 - typographic marks as they stand in news
"""Where the verbs of saying stand in a text, and the auxiliaries before them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tasks.extract.cue_verbs import Cue, cue_at
from tasks.extract.grammar import word_class

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tasks.extract.lexer import Words

_AUXILIARIES = word_class("auxiliaries")
_ADVERBS = frozenset({"also", "always", "frequently", "now", "often", "sometimes", "still", "usually"})
_BEFORE_NOUN = word_class("determiners") - word_class("subject_pronouns") - {"that", "this"}
_BEFORE_NOUN |= {"of", "'s", "’s"}
_NAMES_TOO = frozenset({"May", "Will"})


@dataclass(frozen=True, slots=True)
class Verb:
    """A verb of saying: words `first` to `last` (exclusive)."""

    first: int
    last: int
    cue: Cue


def verbs_in(words: Words, first: int, last: int, masked: Sequence[bool]) -> list[Verb]:
    """Return the verbs of saying between two words, outside quotes, in order."""
    found: list[Verb] = []
    at = first
    while at < last:
        hit = None if masked[at] or (words.cap[at] and at != first) else cue_at(words.lower, at, last)
        bare = hit is not None and hit[0].form == "base"
        if hit is None or (bare and not _base_is_finite(words, at, first)) or _is_noun(words, at, first):
            at += 1
            continue
        found.append(Verb(at, at + hit[1], hit[0]))
        at += hit[1]
    return found


def _is_noun(words: Words, at: int, first: int) -> bool:
    """Whether a form in -s is a plural noun: `the states`, `of claims`."""
    return at > first and words.lower[at].endswith("s") and words.lower[at - 1] in _BEFORE_NOUN


def _base_is_finite(words: Words, at: int, first: int) -> bool:
    """A bare form reports only behind a plural: `officials say`, `they believe`; not `to say`."""
    while at > first and words.lower[at - 1] in _ADVERBS:  # `officials often say`
        at -= 1
    if at == first:
        return False
    before = words.lower[at - 1]
    if before in {"they", "we", "i", "you", "people", "who"}:
        return True
    return (
        before.endswith("s")
        and not before.endswith(("ss", "us", "is", "’s", "'s"))
        and before not in {"this", "was", "is", "does", "has", "as", "his", "its"}
    )


def auxiliary_start(words: Words, at: int, low: int) -> int:
    """Return the first word of `has repeatedly said` from its verb."""
    while at > low and words.lower[at - 1] in _AUXILIARIES and words.text[at - 1] not in _NAMES_TOO:
        at -= 1
    return at
