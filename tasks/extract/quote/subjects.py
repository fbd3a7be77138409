# ruff: noqa: RUF001, RUF002 - typographic marks as they stand in news
"""Reporting clauses without a parser: the words that name who says it.

`subject_before` and `subject_after` walk from the verb over auxiliaries and adverbs to a noun phrase; they
return None rather than a phrase that does not look like somebody.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tasks.extract.grammar import word_class
from tasks.extract.quote.reporting_verbs import auxiliary_start

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tasks.extract.lexer import Words

_AUXILIARIES = word_class("auxiliaries")
_STOPS = word_class("clause_words")
_CLOSERS = frozenset(',;:.!?…“”"«»()[]–—-*•')
_DASHES = frozenset({"-", "–", "—", "―"})
_PREPOSITIONS = word_class("prepositions")
_ATTACHED = frozenset({"of", "for", "at", "from", "in", "with", "to", "on"})
PRONOUNS = word_class("subject_pronouns")
_DETERMINERS = word_class("determiners")
_LONGEST_SUBJECT = 30
_LONGEST_BRACKET = 25
_LONGEST_NAME = 8
_POSSESSIVES = frozenset({"'s", "’s", "'", "’"})
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
class Subject:
    """Words `first` to `last` (exclusive) that name a source."""

    first: int
    last: int
    before: int = 0
    """Words of the source before these, as in `the union’s chairman, Anna Berg`."""

    @property
    def begin(self) -> int:
        """Return the first word of all that stands for the source."""
        return self.first - self.before


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
    if words.text[end - 1] in _DASHES:
        return _before_dashes(words, end - 1, low, masked, mention_at)
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


def _before_dashes(
    words: Words, dash: int, low: int, masked: Sequence[bool], mention_at: dict[int, int]
) -> Subject | None:
    """`Blinken -- who came by train, alone -- said`: who stands before the first dash."""
    at = dash
    while at > low and words.text[at - 1] in _DASHES:
        at -= 1
    while at > max(low, dash - _LONGEST_BRACKET) and words.text[at - 1] not in _DASHES:
        at -= 1
    while at > low and words.text[at - 1] in _DASHES:
        at -= 1
    if at <= low or words.text[at] not in _DASHES or masked[at - 1]:
        return None
    return _noun_phrase(words, at, low, masked, mention_at)


def _before_apposition(
    words: Words, comma: int, low: int, masked: Sequence[bool], mention_at: dict[int, int]
) -> Subject | None:
    """`Blinken, the US Secretary of State, said`; also `The union’s chairman, Anna Berg, said`: the name."""
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
            return _named_apposition(words, subject, comma, mention_at) or subject
    return None


def subject_opening(words: Words, at: int, verb: int, mention_at: dict[int, int]) -> Subject | None:
    """Return who stands before the first comma or bracket of `S (R-Ohio), a member, said`, from word `at`."""
    end = at
    while end < verb and words.text[end] not in {",", "(", "["}:
        end += 1
    subject = Subject(at, end)
    if end in {at, verb} or not _looks_like_somebody(words, subject, mention_at):
        return None
    comma = end + 1
    while comma < verb and words.text[comma] not in {",", "("}:
        comma += 1
    return _named_apposition(words, subject, comma, mention_at) or subject


def _named_apposition(
    words: Words, subject: Subject, comma: int, mention_at: dict[int, int]
) -> Subject | None:
    """Return the name between the commas, unless the subject before the first of them is a name itself."""
    for i in range(subject.first, subject.last):
        rest = range(mention_at.get(i, subject.last + 1), subject.last)
        other = any(words.text[k].islower() or words.lower[k] in _POSSESSIVES for k in rest)
        inner = i > subject.first and words.lower[i - 1] in _ATTACHED  # `a spokeswoman for the company`
        if i in mention_at and not other and not inner:
            return None
    for i in range(subject.last + 1, comma):
        if mention_at.get(i) == comma and words.cap[i]:
            return Subject(i, comma, i - subject.first)
        if words.lower[i] in _PREPOSITIONS | _STOPS | _DETERMINERS | _AUXILIARIES:
            return None
    return None


def _noun_phrase(
    words: Words, end: int, low: int, masked: Sequence[bool], mention_at: dict[int, int]
) -> Subject | None:
    """Return the noun phrase that ends before word `end`; none inside `what S said`."""
    if end <= low or words.text[end - 1] in _CLOSERS:
        return None
    named = (i for i in range(max(low, end - _LONGEST_NAME), end) if mention_at.get(i) == end)
    at = next(named, end)  # `Paul “Skip” Roth`, marks and all
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
    if words.lower[at] != "and" or at == 0 or at + 1 >= end or words.text[at - 1] in _CLOSERS:
        return False
    return words.cap[at - 1] == words.cap[at + 1]


def _trim(words: Words, first: int, end: int, mention_at: dict[int, int]) -> int:
    """Leave out what stands before the source: `On Sunday Blinken`, `Speaking in Kyiv the minister`."""
    lower = words.lower
    if lower[first] in PRONOUNS or mention_at.get(first) == end:
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
        if word in PRONOUNS or (words.cap[first] and first in mention_at):
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
    counted = words.lower[at] == "one" and at + 1 < high and words.text[at + 1].isalpha()
    if words.lower[at] in PRONOUNS and not counted:
        return Subject(at, at + 1)
    end = at
    named = False
    while end < high and not masked[end] and end - at < _LONGEST_SUBJECT:
        word = words.lower[end]
        inside = mention_at.get(end)
        if inside is not None:
            named, end = True, max(inside, end + 1)
            continue
        stops = word in _STOPS and not _joins_offices(words, end, mention_at, high)
        if words.text[end] in _CLOSERS or stops:
            break
        if (
            word in _PREPOSITIONS and word != "of" and (named or word not in _ATTACHED)
        ) or word in _AUXILIARIES:
            break
        end += 1
    while end > at and words.lower[end - 1] in _ATTACHED:
        end -= 1
    apart = not named and end + 1 < high and words.text[end] == ","
    if apart and _closes(words, mention_at.get(end + 1), high):
        return Subject(end + 1, mention_at[end + 1], end + 1 - at)
    subject = Subject(at, end)
    return (
        subject
        if end > at
        and _looks_like_somebody(words, subject, mention_at)
        and words.lower[at] not in _PREPOSITIONS
        else None
    )


def _closes(words: Words, end: int | None, high: int) -> bool:
    """Whether a mark or the end of the sentence stands behind a name."""
    return end is not None and (end >= high or words.text[end] in _CLOSERS)


def _joins_offices(words: Words, at: int, mention_at: dict[int, int], high: int) -> bool:
    """`said founder and chief executive Anna Berg`: small words only between `and` and the name."""
    if words.lower[at] != "and" or at + 1 >= high or words.cap[at + 1]:
        return False
    for i in range(at + 1, min(high, at + _LONGEST_NAME)):
        if i in mention_at:
            return words.cap[i]
        if not words.text[i].isalpha() or words.lower[i] in _STOPS or words.lower[i] in _AUXILIARIES:
            return False
    return False
