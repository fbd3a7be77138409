"""Mentions without a name: `the US Secretary of State`, `he`. Only where the article leaves no doubt."""

from __future__ import annotations

import bisect
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tasks.extract.cue_verbs import cue_at
from tasks.extract.name.roles import same_office

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tasks.extract.lexer import Words
    from tasks.extract.name.clusters import Cluster
    from tasks.extract.name.roles import RolePhrase

PRONOUNS = {
    "he": "male", "him": "male", "his": "male", "himself": "male",
    "she": "female", "her": "female", "hers": "female", "herself": "female",
}  # fmt: skip
_MARKS = frozenset('“”"«»„')
_NEAR_START = 4
_LONGEST_SENTENCE = 400
"""Words; pronouns of longer sentences are left alone, so that the time stays linear."""
_MANY = 5_000
_MANY_HOLDERS = 50
"""People of one office, beyond which nobody is meant by it alone."""


@dataclass(frozen=True, slots=True)
class Found:
    """Words `first` to `last` (exclusive) mean person number `person`."""

    first: int
    last: int
    person: int
    kind: str
    rule: str


def role_mentions(
    words: Words, phrases: Sequence[RolePhrase], people: list[Cluster], taken: set[int]
) -> list[Found]:
    """Return the role phrases that mean somebody whose office the article states. `taken`: words in names."""
    offices = [(p.office, p.country, number) for number, person in enumerate(people) for p in person.phrases]
    found: list[Found] = []
    cache: dict[tuple[str, str | None], list[int]] = {}
    for phrase in phrases[:_MANY]:
        if any(i in taken for i in range(phrase.known.last if phrase.known else phrase.start, phrase.last)):
            continue
        article = phrase.first > 0 and words.lower[phrase.first - 1] == "the"
        if not (article or phrase.known is not None):
            continue
        key = (phrase.office, phrase.country)
        if key not in cache:
            cache[key] = sorted(
                {number for office, country, number in offices if _fits(key, office, country)}
            )
        person = _one_of(cache[key], people, phrase.first)
        if person is not None:
            first = phrase.first - 1 if article else phrase.first
            found.append(Found(first, phrase.last, person, "role", "office_stated_here"))
    return found


def _fits(wanted: tuple[str, str | None], office: str, country: str | None) -> bool:
    """Whether an office is the wanted one and no country speaks against it."""
    return same_office(wanted[0], office) and (not wanted[1] or not country or country == wanted[1])


def _one_of(numbers: list[int], people: list[Cluster], before: int) -> int | None:
    """Return the only person of that office, or the only one who was named before."""
    if len(numbers) == 1:
        return numbers[0]
    if len(numbers) > _MANY_HOLDERS:
        return None
    earlier = [number for number in numbers if people[number].names[0].first < before]
    return earlier[0] if len(earlier) == 1 else None


def pronoun_mentions(
    words: Words, people: list[Cluster], named: list[Found], quoted: Sequence[bool]
) -> list[Found]:
    """Return the pronouns outside quotes that can mean only one person. `named`: other mentions, in order.

    A pronoun outside quotes is no follower of a mention inside: `“The minister lied,” he said`.
    """
    pronouns = _Pronouns(words, people, [mention for mention in named if not quoted[mention.first]], quoted)
    found: list[Found] = []
    for number, (first, last) in enumerate(words.sentences):
        if last - first > _LONGEST_SENTENCE:
            continue
        for at in range(first, last):
            if words.lower[at] in PRONOUNS and not quoted[at]:
                mention = pronouns.resolve(at, number)
                if mention is not None:
                    found.append(mention)
    return found


def _unquoted_before(words: Words, quoted: Sequence[bool]) -> list[int]:
    """Return for each sentence the last one before it that does not lie inside a quote, or -1."""
    found: list[int] = []
    last = -1
    for number, (first, end) in enumerate(words.sentences):
        found.append(last)
        opening = first + 1 if end - first > 1 and words.text[first] in _MARKS else first
        closing = end - 1 if end - first > 1 and words.text[end - 1] in _MARKS else end
        if not (quoted[opening] and quoted[closing - 1]):
            last = number
    return found


class _Pronouns:
    def __init__(
        self, words: Words, people: list[Cluster], named: list[Found], quoted: Sequence[bool]
    ) -> None:
        self.words = words
        self.before = _unquoted_before(words, quoted)
        self.gender = [person.gender for person in people]
        self.by_sentence: dict[int, list[Found]] = {}
        for mention in named:
            self.by_sentence.setdefault(words.sentence[mention.first], []).append(mention)

    def resolve(self, at: int, number: int) -> Found | None:
        """Return the mention that the pronoun at word `at` of sentence `number` is, if there is no doubt."""
        wanted = PRONOUNS[self.words.lower[at]]
        here = [m for m in self._fitting(number, wanted) if m.last <= at]
        person, rule = self._in_sentence(at, here) if here else self._before(at, number, wanted)
        if person is None:
            return None
        self.gender[person] = self.gender[person] or wanted
        mention = Found(at, at + 1, person, "pronoun", rule)
        bisect.insort(self.by_sentence.setdefault(number, []), mention, key=lambda m: m.first)
        return mention

    def _fitting(self, number: int, wanted: str) -> list[Found]:
        mentions = self.by_sentence.get(number, [])
        return [mention for mention in mentions if self.gender[mention.person] in {None, wanted}]

    def _in_sentence(self, at: int, here: list[Found]) -> tuple[int | None, str]:
        if len({mention.person for mention in here}) == 1:
            return here[0].person, "only_person_in_sentence"
        return _subject_of_cue(self.words, at, here), "subject_of_cue"

    def _before(self, at: int, number: int, wanted: str) -> tuple[int | None, str]:
        """Look into the sentence before, in the same paragraph or at the end of the one before."""
        words = self.words
        number = self.before[number]
        before = self._fitting(number, wanted) if number >= 0 else []
        if not before or words.paragraph[at] - words.paragraph[before[0].first] > 1:
            return None, ""
        if len({mention.person for mention in before}) == 1:
            return before[0].person, "only_person_in_sentence_before"
        near_start = before[0].first - words.sentences[number][0] <= _NEAR_START
        if near_start and words.lower[at] in {"he", "she"}:
            return before[0].person, "subject_of_sentence_before"
        return None, ""


def _subject_of_cue(words: Words, at: int, here: list[Found]) -> int | None:
    """`Blinken said that he ...`: the subject of the verb of saying right before the pronoun."""
    verb = at - 2 if words.lower[at - 1] == "that" else at - 1
    if verb < 1 or cue_at(words.lower, verb, verb + 1) is None:
        return None
    for mention in reversed(here):
        if mention.last in {verb, verb - 1}:
            return mention.person
    return None
