# ruff: noqa: RUF001, RUF002 - typographic marks as they stand in news
"""Binds the offices that the article states to the people it states them of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tasks.extract.lexicon import lexicon
from tasks.extract.name.role_bounds import POSSESSIVES
from worker.record import Role

if TYPE_CHECKING:
    from tasks.extract.lexer import Words
    from tasks.extract.name.clusters import Cluster
    from tasks.extract.name.coreference import Found
    from tasks.extract.name.roles import RolePhrase
    from tasks.extract.name.runs import Name

COMPONENT = "copydesk.names"
_COPULA = frozenset({"is", "was", "became", "becomes", "as", "remains"})
_MOST_ROLES = 50
_OWNER = 6
"""Words in which an office has to begin behind the comma: `the mission’s chief scientist`."""
_DETERMINERS = frozenset({"the", "a", "an", "his", "her", "its", "their", "our", "new", "current"})


class RoleBinder:
    """Finds the offices beside a name and adds them to the person."""

    def __init__(self, text: str, words: Words, names: list[Name], phrases: list[RolePhrase]) -> None:
        self.text = text
        self.words = words
        self.by_word = {name.first: name for name in names}
        self.by_reach: dict[int, RolePhrase] = {}
        self.by_first: dict[int, RolePhrase] = {}
        for phrase in phrases:
            self.by_reach[phrase.last] = phrase
            self.by_reach.setdefault(phrase.reach, phrase)
            self.by_first[phrase.first] = self.by_first[phrase.start] = phrase

    def attach(self, people: list[Cluster]) -> None:
        """Add to each person the offices stated before the name, behind it in apposition, or by `is`."""
        for person in people:
            for name in person.names:
                for phrase, rule, confidence in self.stated(name):
                    self.bind(person, phrase, rule, confidence)

    def attach_by_pronoun(self, people: list[Cluster], pronouns: list[Found]) -> None:
        """Add the offices that `He is ...` states, once it is known who is meant."""
        for pronoun in pronouns:
            if self.words.lower[pronoun.first] in {"he", "she"}:
                for phrase, rule, confidence in self.behind(pronoun.last):
                    if rule == "copula":
                        self.bind(people[pronoun.person], phrase, rule, confidence)

    def bind(self, person: Cluster, phrase: RolePhrase, rule: str, confidence: float) -> None:
        """Add an office to a person, once."""
        owner = _owner(self.words, phrase, self.by_word)
        role = _role(self.text, self.words, phrase, owner, rule=rule, confidence=confidence)
        person.phrases.append(phrase)
        person.gender = person.gender or phrase.gender
        known = len(person.roles) >= _MOST_ROLES
        if not known and all(other.title.lower() != role.title.lower() for other in person.roles):
            person.roles.append(role)

    def stated(self, name: Name) -> list[tuple[RolePhrase, str, float]]:
        """Return the offices stated of a name: (phrase, rule, confidence)."""
        words = self.words
        found: list[tuple[RolePhrase, str, float]] = []
        first, last = words.sentences[words.sentence[name.first]]
        before = name.first
        while before > first and words.lower[before - 1].rstrip(".") in lexicon().honorifics:
            before -= 1
        phrase = name.role or self.by_reach.get(before)
        if phrase is not None:
            found.append((phrase, "office_before_name", 0.95))
            before = phrase.first
        if before > first and words.text[before - 1] == ",":
            phrase = self.by_reach.get(before - 1)
            behind = words.text[name.last] if name.last < last else "."
            if phrase is not None and behind in {",", ".", ")"} and _after_article(words, phrase):
                found.append((phrase, "name_in_apposition", 0.85))
        return found + self.behind(name.last)

    def behind(self, at: int) -> list[tuple[RolePhrase, str, float]]:
        """Return the office that stands behind word `at` in apposition or behind `is`."""
        words = self.words
        last = words.sentences[words.sentence[at - 1]][1]
        if (
            at + 2 < last
            and words.text[at] == ","
            and words.text[at + 1].isdigit()
            and words.text[at + 2] == ","
        ):
            at += 2
        if at + 1 >= last or not (words.text[at] in {",", "("} or words.lower[at] in _COPULA):
            return []
        rule = "office_in_apposition" if words.text[at] in {",", "("} else "copula"
        phrase = self._first_office(at + 1, last)
        if phrase is None or _begins_name(words, phrase, last):
            return []
        return [(phrase, rule, 0.9 if rule != "copula" else 0.7)]

    def _first_office(self, at: int, last: int) -> RolePhrase | None:
        """Return the office behind `the`, `Finland’s`, `the mission’s`."""
        words = self.words
        plain = True
        for inside in range(at, min(last, at + _OWNER)):
            phrase = self.by_first.get(inside)
            if phrase is not None:
                return phrase if plain or words.lower[inside - 1] in POSSESSIVES else None
            if words.text[inside] in {",", ".", ";", "(", ")"}:
                return None
            plain = plain and words.lower[inside] in _DETERMINERS
        return None


def _after_article(words: Words, phrase: RolePhrase) -> bool:
    before = words.lower[phrase.first - 1] if phrase.first > 0 else ""
    return before in _DETERMINERS | POSSESSIVES or phrase.known is not None


def _begins_name(words: Words, phrase: RolePhrase, last: int) -> bool:
    """`Blinken, US President Joe Biden and ...`: the office is the next person's."""
    return phrase.last < last and words.cap[phrase.last] and phrase.reach == phrase.last


def _role(
    text: str, words: Words, phrase: RolePhrase, owner: Name | None, *, rule: str, confidence: float
) -> Role:
    start, end = words.start[phrase.first], words.end[phrase.end - 1]
    country, organization = phrase.country, phrase.organization
    if owner is not None and phrase.known is None:
        if owner.type == "ORG":
            organization = " ".join(words.text[owner.first : owner.last])
        country = country or owner.country
    title = " ".join(text[words.start[phrase.start] : end].split())
    return Role(
        start=start,
        end=end,
        text=text[start:end],
        title=title,
        organization=organization,
        country=country,
        status=phrase.status,
        component=COMPONENT,
        rule=rule,
        confidence=confidence,
    )


def _owner(words: Words, phrase: RolePhrase, by_word: dict[int, Name]) -> Name | None:
    at = phrase.last
    if at + 1 >= len(words) or words.lower[at] not in {"of", "at", "for"}:
        return None
    return by_word.get(at + 1) or (by_word.get(at + 2) if words.lower[at + 1] == "the" else None)
