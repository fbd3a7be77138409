"""Decides the names that their own words leave open, by what the rest of the article says about them."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from tasks.extract.cue_verbs import speech_forms
from tasks.extract.grammar import word_class
from tasks.extract.lexicon import lexicon
from tasks.extract.name.role_bounds import POSSESSIVES
from tasks.extract.name.signs import organization_signs
from tasks.extract.name.spellings import sound
from tasks.extract.place.gazetteer import fold, gazetteer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tasks.extract.lexer import Words
    from tasks.extract.name.runs import Name
    from worker.record import EntityType

_PLACE_BEFORE = {"in": 2.0, "near": 2.0, "outside": 1.0, "from": 0.6, "at": 0.3, "to": 0.3, "across": 1.0}
_PERSON_BEHIND = frozenset({"who", "whose", "himself", "herself"})
_PERSONAL = word_class("personal")
_POPULOUS = 15_000
"""Inhabitants of a town that is a place although its name is not in our lists."""
_ENOUGH = 0.6
_GOOD = 0.7
_WEAK = 0.3
_SPEAKS = frozenset({"told", "added", "did", "does"})
_SHORTEST_PART = 4
_SHORTEST_SOUND = 5


class _Article:
    """What the rest of the article says about its open names."""

    def __init__(self, names: list[Name], words: Words) -> None:
        self.words = words
        self.surnames: set[str] = set()
        self.sure_surnames: set[str] = set()
        self.sounds: set[str] = set()
        """Surnames as all their spellings sound."""
        self.given: set[str] = set()
        self.settled: dict[str, EntityType] = {}
        self.inner: set[str] = set()
        """Names that stand inside a sentence somewhere."""
        self.organizations: dict[str, str] = {}
        """Word of an organisation's name -> the whole name."""
        for name in names:
            if name.heading:
                continue
            if name.sure:
                self.settled.setdefault(self.text(name), name.type)
            if not name.initial:
                self.inner.add(self.text(name))
        self.votes = self._count(names)

    def learn(self, names: list[Name]) -> None:
        """Take in the names whose type is decided, so that parts of them are known."""
        words = self.words
        for name in names:
            if name.heading:
                continue
            if name.type == "PERSON" and (name.sure or name.last - name.first > 1):
                self.surnames.add(words.text[name.last - 1])
                if name.last - name.first > 1:
                    self.sounds.add(sound(words.text[name.last - 1]))
                if name.sure:
                    self.sure_surnames.add(words.text[name.last - 1])
                if name.last - name.first > 1:
                    self.given.add(words.text[name.first])
            elif name.type == "ORG" and name.last - name.first > 1:
                for at in _short_forms(name, words):
                    self.organizations.setdefault(words.text[at], self.text(name))

    def speaks(self, name: Name) -> bool:
        """Whether the word behind a name makes a person of a place: `Lima did not say`."""
        behind = self.words.lower[name.last] if name.last < len(self.words) else ""
        before = self.words.lower[name.first - 1] if name.first else ""
        personal = behind in speech_forms() or behind in _SPEAKS
        town = name.rule in {"city", "capital"}
        return before not in _PLACE_BEFORE and (personal or (town and behind in _PERSONAL))

    def text(self, name: Name) -> str:
        """Return the words of a name."""
        return " ".join(self.words.text[name.first : name.last])

    def common(self, name: Name) -> bool:
        """Whether a name of one word is an everyday word."""
        return self.words.lower[name.first] in lexicon().common

    def _count(self, names: list[Name]) -> dict[str, dict[EntityType, float]]:
        found: dict[str, dict[EntityType, float]] = {}
        for name in names:
            if not name.sure and not name.heading:
                vote = found.setdefault(self.text(name), defaultdict(float))
                for kind, weight in self._signs(name):
                    vote[kind] += weight
        for text, vote in found.items():
            if vote["PERSON"] < _ENOUGH and _is_town(text):
                vote["LOC"] += _GOOD
        return found

    def _signs(self, name: Name) -> Iterator[tuple[EntityType, float]]:
        words = self.words
        before = words.lower[name.first - 1] if name.first else ""
        behind = words.lower[name.last] if name.last < len(words) else ""
        second = words.text[name.last + 1] if name.last + 1 < len(words) else ""
        if before in _PLACE_BEFORE:
            yield "LOC", _PLACE_BEFORE[before]
        if behind in speech_forms() or behind in _PERSON_BEHIND:
            yield "PERSON", 1.0
        elif behind in _PERSONAL:
            yield "PERSON", 0.2
        third = words.lower[name.last + 2] if name.last + 2 < len(words) else ""
        place = second in lexicon().known and lexicon().known[second][0].type == "LOC"
        if behind == "," and place and third not in POSSESSIVES:
            yield "LOC", 1.0
        for weight in organization_signs(words, name.first, name.last):
            yield "ORG", weight
        if before == "the":
            yield "PERSON", -1.0
            yield "LOC", -0.5
        if before in speech_forms():
            yield "PERSON", 0.5


def _is_town(text: str) -> bool:
    return any(
        place.population >= _POPULOUS or place.kind == "region" for place in gazetteer().find(fold(text))
    )


def _short_forms(name: Name, words: Words) -> Iterator[int]:
    """Yield the words that may stand for a company or club: `Nordlys` of `Nordlys Shipping`."""
    company = words.text[name.last - 1] in lexicon().companies
    if company or name.rule == "organization_noun":
        yield from _telling(words, name.first)
    if name.rule in {"organization_noun", "organization_prefix"}:
        yield from _telling(words, name.last - 1)
    if name.rule == "organization_prefix":
        yield from _telling(words, name.first)


def _telling(words: Words, at: int) -> Iterator[int]:
    """Yield the word if it is no everyday word, given name or place."""
    lex = lexicon()
    text = words.text[at]
    plain = len(text) >= _SHORTEST_PART and words.cap[at] and words.lower[at] not in lex.common
    listed = text in lex.given or text in lex.org_heads or text in lex.known
    if plain and not listed and not _is_town(text):
        yield at


def decide(names: list[Name], words: Words) -> list[Name]:
    """Return the names that stay, each with a type; long names first, then what may be a part of one."""
    article = _Article(names, words)
    long = [name for name in names if name.last - name.first > 1]
    stay = {id(name) for name in long if _stays(name, article)}
    single = [name for name in names if name.last - name.first == 1]
    article.learn([name for name in long if id(name) in stay] + [name for name in single if name.sure])
    stay |= {id(name) for name in single if _stays(name, article)}
    return [name for name in names if id(name) in stay]


def _stays(name: Name, article: _Article) -> bool:
    """Set the type of an open name; False where it is no name."""
    text = article.text(name)
    alone = name.last - name.first == 1
    if alone and name.type == "LOC" and text in article.sure_surnames and article.speaks(name):
        _set(name, "PERSON", 0.7, "surname_like_a_place")
        return True
    if name.rule == "acronym" and len(text) >= _SHORTEST_PART and text.capitalize() in article.surnames:
        _set(name, "PERSON", 0.8, "part_of_a_person")  # `ROTH:` of a transcript
        return True
    if name.sure and (not name.heading or text in article.settled or name.confidence >= _GOOD):
        return True
    if (alone and _part(name, text, article)) or _as_elsewhere(name, text, article):
        return True
    given = article.words.text[name.first] in lexicon().given
    if name.heading:
        return not alone and name.type == "PERSON" and given
    return _stays_by_context(name, article, alone=alone, given=given)


def _part(name: Name, text: str, article: _Article) -> bool:
    """Type one word that is part of a longer name of the article."""
    before = article.words.lower[name.first - 1] if name.first else ""
    if text in article.surnames or text in article.given:
        _set(name, "PERSON", 0.8, "part_of_a_person")
        return True
    if len(text) >= _SHORTEST_SOUND and sound(text) in article.sounds and not article.common(name):
        _set(name, "PERSON", 0.7, "spelling_of_a_person")
        return True
    if text in article.organizations and before not in {"in", "near", "outside", "across"}:
        _set(name, "ORG", 0.7, "part_of_an_organization")
        name.canonical = article.organizations[text]
        return True
    return False


def _as_elsewhere(name: Name, text: str, article: _Article) -> bool:
    if text not in article.settled:
        return False
    _set(name, article.settled[text], 0.7, "as_elsewhere")
    return True


def _stays_by_context(name: Name, article: _Article, *, alone: bool, given: bool) -> bool:
    text = article.text(name)
    common = article.words.lower[name.first] in lexicon().common
    first_only = name.initial and text not in article.inner
    if _by_votes(name, article.votes.get(text, {})):
        return not (first_only and common)
    if alone and given:
        _set(name, "PERSON", 0.5, "given_name_alone")
    elif alone:
        name.confidence = _WEAK
        return not first_only and not common
    return True


def _by_votes(name: Name, vote: dict[EntityType, float]) -> bool:
    best = min(vote, key=lambda kind: (-vote[kind], kind), default=None)
    if best is None or vote[best] < _ENOUGH:
        return False
    _set(name, best, 0.6, "context")
    return True


def _set(name: Name, kind: EntityType, confidence: float, rule: str) -> None:
    name.type, name.confidence, name.rule = kind, confidence, rule
