"""Mentions without a name: `the US Secretary of State`, `he`. Only where the article leaves no doubt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tasks.extract.cue_verbs import cue_at
from tasks.extract.roles import same_office

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tasks.extract.lexer import Words
    from tasks.extract.name_table import Cluster
    from tasks.extract.roles import RolePhrase

PRONOUNS = {
    "he": "male", "him": "male", "his": "male", "himself": "male",
    "she": "female", "her": "female", "hers": "female", "herself": "female",
}  # fmt: skip
_NEAR_START = 6


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
    """Return the role phrases that stand for a person whose office the article states. `taken`: words in names."""
    offices = [(p.office, p.country, number) for number, person in enumerate(people) for p in person.phrases]
    found: list[Found] = []
    cache: dict[tuple[str, str | None], list[int]] = {}
    for phrase in phrases:
        own = range(phrase.known.last if phrase.known else phrase.start, phrase.last)
        if any(i in taken for i in own):
            continue
        first = phrase.first
        article = first > 0 and words.lower[first - 1] == "the"
        if not (article or phrase.known is not None):
            continue
        key = (phrase.office, phrase.country)
        if key not in cache:
            cache[key] = sorted({
                number for office, country, number in offices
                if same_office(phrase.office, office) and (not phrase.country or not country or country == phrase.country)
            })  # fmt: skip
        person = _one_of(cache[key], people, phrase.first)
        if person is not None:
            found.append(Found(first - 1 if article else first, phrase.last, person, "role", "office_stated_here"))
    return found


def _one_of(numbers: list[int], people: list[Cluster], before: int) -> int | None:
    """Return the only person of that office, or the only one who was named before."""
    if len(numbers) == 1:
        return numbers[0]
    earlier = [number for number in numbers if people[number].names[0].first < before]
    return earlier[0] if len(earlier) == 1 else None


def pronoun_mentions(
    words: Words, people: list[Cluster], named: list[Found], quoted: Sequence[bool]
) -> list[Found]:
    """Return the pronouns outside quotes that can mean only one person. `named`: all other mentions, in order."""
    by_sentence: dict[int, list[Found]] = {}
    for mention in named:
        by_sentence.setdefault(words.sentence[mention.first], []).append(mention)
    gender = [person.gender for person in people]
    found: list[Found] = []
    for number, (first, last) in enumerate(words.sentences):
        for at in range(first, last):
            wanted = PRONOUNS.get(words.lower[at])
            if wanted is None or quoted[at]:
                continue
            person, rule = _antecedent(words, at, number, wanted, gender, by_sentence)
            if person is None:
                continue
            gender[person] = gender[person] or wanted
            mention = Found(at, at + 1, person, "pronoun", rule)
            found.append(mention)
            here = by_sentence.setdefault(number, [])
            here.append(mention)
            here.sort(key=lambda m: m.first)
    return found


def _antecedent(
    words: Words,
    at: int,
    number: int,
    wanted: str,
    gender: list[str | None],
    by_sentence: dict[int, list[Found]],
) -> tuple[int | None, str]:
    def fitting(mentions: list[Found]) -> list[Found]:
        return [m for m in mentions if gender[m.person] in {None, wanted}]

    here = fitting([m for m in by_sentence.get(number, []) if m.last <= at])
    if here:
        if len({m.person for m in here}) == 1:
            return here[0].person, "only_person_in_sentence"
        subject = _subject_of_cue(words, at, here)
        return (subject, "subject_of_cue") if subject is not None else (None, "")
    if number == 0:
        return None, ""
    start = words.sentences[number][0]
    gap = words.paragraph[start] - words.paragraph[words.sentences[number - 1][0]]
    if gap > 1:
        return None, ""
    before = fitting(by_sentence.get(number - 1, []))
    if len({m.person for m in before}) == 1:
        return before[0].person, "only_person_in_sentence_before"
    first = words.sentences[number - 1][0]
    if before and before[0].first - first <= _NEAR_START and words.lower[at] in {"he", "she"}:
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
