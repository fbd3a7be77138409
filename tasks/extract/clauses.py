# ruff: noqa: RUF001 - typographic marks as they stand in news
"""Reporting clauses without a parser: the verb of saying, and the words that name who says it.

`subject_before` and `subject_after` walk from the verb over auxiliaries and adverbs to a noun phrase; they
return None rather than a phrase that does not look like somebody.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tasks.extract.cue_verbs import Cue, cue_at
from tasks.extract.grammar import word_class

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tasks.extract.lexer import Words

_AUXILIARIES = word_class("auxiliaries")
_STOPS = word_class("clause_words")
_CLOSERS = frozenset(',;:.!?…“”"«»()[]–—-*•')
_PREPOSITIONS = word_class("prepositions")
_ATTACHED = frozenset({"of", "for", "at", "from", "in", "with", "to", "on"})
PRONOUNS = word_class("subject_pronouns")
_DETERMINERS = word_class("determiners")
_LONGEST_SUBJECT = 30
_LONGEST_BRACKET = 10
_PERSON_NOUN_ENDINGS = (
    "er",
    "or",
    "ist",
    "ian",
    "man",
    "woman",
    "men",
    "women",
    "ers",
    "ors",
    "ists",
    "ians",
    "people",
    "ees",
    "ants",
    "ents",
    "ant",
    "ent",
)


@dataclass(frozen=True, slots=True)
class Verb:
    """A verb of saying: words `first` to `last` (exclusive)."""

    first: int
    last: int
    cue: Cue


@dataclass(frozen=True, slots=True)
class Subject:
    """Words `first` to `last` (exclusive) that name a source."""

    first: int
    last: int


def verbs_in(words: Words, first: int, last: int, masked: Sequence[bool]) -> list[Verb]:
    """Return the verbs of saying between two words, outside quotes, in order."""
    found: list[Verb] = []
    at = first
    while at < last:
        hit = None if masked[at] or (words.cap[at] and at != first) else cue_at(words.lower, at, last)
        if hit is None or (hit[0].form == "base" and not _base_is_finite(words, at, first)):
            at += 1
            continue
        found.append(Verb(at, at + hit[1], hit[0]))
        at += hit[1]
    return found


def _base_is_finite(words: Words, at: int, first: int) -> bool:
    """A bare form reports only behind a plural: `officials say`, `they believe`; not `to say`."""
    if at == first:
        return False
    before = words.lower[at - 1]
    if before in {"they", "we", "i", "you", "people", "also", "still", "who"}:
        return True
    return (
        before.endswith("s")
        and not before.endswith(("ss", "us", "is", "’s", "'s"))
        and before not in {"this", "was", "is", "does", "has", "as", "his", "its"}
    )


def auxiliary_start(words: Words, at: int, low: int) -> int:
    """Return the first word of `has repeatedly said` from its verb."""
    while at > low and words.lower[at - 1] in _AUXILIARIES:
        at -= 1
    return at


def subject_before(
    words: Words, verb: int, low: int, masked: Sequence[bool], mention_at: dict[int, int]
) -> Subject | None:
    """Return the noun phrase that ends right before a verb (and its auxiliaries).

    `mention_at`: first word of a mention -> word past it.
    """
    end = auxiliary_start(words, verb, low)
    if end <= low or masked[end - 1]:
        return None
    if words.text[end - 1] in {")", "]"}:
        end = _before_bracket(words, end - 1, low)
        if end <= low:
            return None
    if words.text[end - 1] == ",":
        return _before_apposition(words, end - 1, low, masked, mention_at)
    if words.lower[end - 1] in {"who", "which", "that"}:
        at = end - 2 if end - 2 >= low and words.text[end - 2] == "," else end - 1
        return _noun_phrase(words, at, low, masked, mention_at)
    return _noun_phrase(words, end, low, masked, mention_at)


def _before_bracket(words: Words, at: int, low: int) -> int:
    """Return the word past which `(R-Utah)` begins; `low` if it has no beginning near by."""
    for start in range(at - 1, max(low, at - _LONGEST_BRACKET) - 1, -1):
        if words.text[start] in {"(", "["}:
            return start
    return low


def _before_apposition(
    words: Words, comma: int, low: int, masked: Sequence[bool], mention_at: dict[int, int]
) -> Subject | None:
    """`Blinken, the US Secretary of State, said`: the noun phrase before the first comma."""
    at = comma - 1
    while (
        at > low
        and comma - at < _LONGEST_SUBJECT
        and not masked[at]
        and words.text[at] not in {",", ";", ":", "“", "”"}
    ):
        at -= 1
    if at > low and words.text[at] == "," and not masked[at - 1]:
        subject = _noun_phrase(words, at, low, masked, mention_at)
        if subject is not None and (
            subject.first in mention_at or _looks_like_somebody(words, subject, mention_at)
        ):
            return subject
    return None


def _noun_phrase(
    words: Words, end: int, low: int, masked: Sequence[bool], mention_at: dict[int, int]
) -> Subject | None:
    """Return the noun phrase that ends before word `end`; none inside `what S said`."""
    if end <= low or words.text[end - 1] in _CLOSERS:
        return None
    at = end
    stop = max(low, end - _LONGEST_SUBJECT)
    while at > stop and not masked[at - 1]:
        word = words.lower[at - 1]
        if words.text[at - 1] in _CLOSERS or (word in _STOPS and not _joins(words, at - 1, end)):
            break
        at -= 1
    if at > low and words.lower[at - 1] in {"what", "than", "whom"}:
        return None
    first = _trim(words, at, end, mention_at)
    subject = Subject(first, end)
    return subject if first < end and _looks_like_somebody(words, subject, mention_at) else None


def _joins(words: Words, at: int, end: int) -> bool:
    """`Macron and Scholz said`: an `and` between two names or nouns."""
    return words.lower[at] == "and" and at > 0 and at + 1 < end and words.cap[at - 1] == words.cap[at + 1]


def _trim(words: Words, first: int, end: int, mention_at: dict[int, int]) -> int:
    """Leave out what stands before the source: `On Sunday Blinken`, `Speaking in Kyiv the minister`."""
    lower = words.lower
    if lower[first] in PRONOUNS:
        return first
    opener = lower[first] in _PREPOSITIONS or lower[first] in _AUXILIARIES or lower[first].endswith("ly")
    if not opener and _no_clause_inside(words, first, end):
        return first
    best = end
    at = end - 1
    while at >= first:
        if at in mention_at or lower[at] in _DETERMINERS or lower[at] in PRONOUNS:
            before = lower[at - 1] if at > first else ""
            best = at
            if before not in _ATTACHED and before not in _DETERMINERS:
                break
        at -= 1
    return best


def _no_clause_inside(words: Words, first: int, end: int) -> bool:
    return not any(words.lower[i] in _AUXILIARIES for i in range(first, end))


def _looks_like_somebody(words: Words, subject: Subject, mention_at: dict[int, int]) -> bool:
    first, last = subject.first, subject.last
    lower = words.lower
    if last - first == 1:
        word = lower[first]
        if word in PRONOUNS:
            return True
        if word in _DETERMINERS or word in _AUXILIARIES or word in _PREPOSITIONS:
            return word in {"some", "many", "others", "both", "most", "all"}
        return words.cap[first] or first in mention_at or word.endswith("s")
    if any(i in mention_at for i in range(first, last)):
        return True
    return (
        lower[first] in _DETERMINERS
        or lower[last - 1].endswith("s")
        or lower[last - 1].endswith(_PERSON_NOUN_ENDINGS)
    )


def subject_after(
    words: Words, at: int, high: int, masked: Sequence[bool], mention_at: dict[int, int]
) -> Subject | None:
    """Return the noun phrase right behind a verb: `said US Secretary of State Anthony Blinken on Sunday`."""
    if at >= high or masked[at] or words.text[at] in _CLOSERS or words.lower[at] in _STOPS - {"that"}:
        return None
    if words.lower[at] in PRONOUNS:
        return Subject(at, at + 1)
    end = at
    named = False
    while end < high and not masked[end] and end - at < _LONGEST_SUBJECT:
        word = words.lower[end]
        inside = mention_at.get(end)
        if inside is not None:
            named, end = True, max(inside, end + 1)
            continue
        if words.text[end] in _CLOSERS or word in _STOPS:
            break
        if (
            word in _PREPOSITIONS and word != "of" and (named or word not in _ATTACHED)
        ) or word in _AUXILIARIES:
            break
        end += 1
    while end > at and words.lower[end - 1] in _ATTACHED:
        end -= 1
    subject = Subject(at, end)
    return (
        subject
        if end > at
        and _looks_like_somebody(words, subject, mention_at)
        and words.lower[at] not in _PREPOSITIONS
        else None
    )
