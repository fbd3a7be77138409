# ruff: noqa: RUF001 - typographic marks as they stand in news
"""Which names mean the same: people by their longest form, organisations by acronym, places by country."""

from __future__ import annotations

import bisect
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tasks.extract.lexicon import lexicon
from tasks.extract.name.spellings import SHORTEST, close, fold, same_given, sound

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tasks.extract.lexer import Words
    from tasks.extract.name.roles import RolePhrase
    from tasks.extract.name.runs import Name
    from worker.record import EntityType, Mention, Role

_NICKNAME_MARKS = frozenset('“”"«»„‘')
_MANY = 20
"""People of one surname that are compared; an article with more is matched with the first of them."""


@dataclass(slots=True)
class Cluster:
    """One entity in the making; `parts` are the words of the longest form."""

    type: EntityType
    name: str
    parts: tuple[str, ...]
    names: list[Name] = field(default_factory=list)
    mentions: list[Mention] = field(default_factory=list)
    roles: list[Role] = field(default_factory=list)
    phrases: list[RolePhrase] = field(default_factory=list)
    country: str | None = None
    gender: str | None = None

    @property
    def surname(self) -> str:
        """Return the last word of the longest form."""
        return self.parts[-1]


def cluster(names: list[Name], words: Words) -> list[Cluster]:
    """Return the entities in order of their first name. Near-linear."""
    people = _People(words)
    surnames = {id(name) for name in names if _surname_only(name, words)}
    for name in names:
        if name.type == "PERSON" and id(name) not in surnames:
            people.add(name)
    for name in names:
        if id(name) in surnames:
            people.add_single(name)
    others = _others([name for name in names if name.type != "PERSON"], words)
    found = people.clusters + others
    for entity in found:
        entity.names.sort(key=lambda name: name.first)
    return sorted(found, key=lambda entity: entity.names[0].first)


def _surname_only(name: Name, words: Words) -> bool:
    """Whether a person is called by one word, or by a surname with its particle: `van Dalen`."""
    if name.type != "PERSON":
        return False
    return all(words.lower[i] in lexicon().particles for i in range(name.first, name.last - 1))


def _written(name: Name, words: Words) -> Iterator[int]:
    """Yield the words of a name without a nickname in quote marks."""
    inside = False
    for i in range(name.first, name.last):
        if words.text[i] in _NICKNAME_MARKS and i > name.first:
            inside = not inside
        elif not inside:
            yield i


def _parts(name: Name, words: Words) -> tuple[str, ...]:
    if name.cut is not None:
        return tuple(_string(name, words).split())
    return tuple(words.text[i] for i in _written(name, words) if words.text[i] != ".")


def _string(name: Name, words: Words) -> str:
    """Return the name as written, without line breaks."""
    pieces: list[str] = []
    for i in _written(name, words):
        glue = " " if pieces and words.start[i] != words.end[i - 1] else ""
        pieces.append(glue + _inside(name, words, i))
    return "".join(pieces)


def _inside(name: Name, words: Words, at: int) -> str:
    """Return the part of a word that lies in the name."""
    if name.cut is None:
        return words.text[at]
    start, end = name.cut
    return words.text[at][max(start - words.start[at], 0) : max(end - words.start[at], 0)]


class _People:
    def __init__(self, words: Words) -> None:
        self.words = words
        self.clusters: list[Cluster] = []
        self.by_surname: dict[str, list[Cluster]] = {}
        self.by_given: dict[str, list[Cluster]] = {}
        self.full: dict[int, list[int]] = {}
        self.last_single: dict[int, int] = {}

    def add(self, name: Name) -> None:
        parts = _parts(name, self.words)
        entity = self._same(parts, name.gender)
        if entity is None:
            entity = Cluster("PERSON", _string(name, self.words), parts)
            self.clusters.append(entity)
            self.by_surname.setdefault(sound(parts[-1]), []).append(entity)
            self.by_given.setdefault(fold(parts[0]), []).append(entity)
        elif len(parts) > len(entity.parts):
            entity.parts, entity.name = parts, _string(name, self.words)
        self._attach(entity, name)
        self.full.setdefault(id(entity), []).append(name.first)

    def add_single(self, name: Name) -> None:
        surname = _parts(name, self.words)[-1]
        part = sound(surname)
        alike = self.by_surname.get(part, [])[:_MANY]
        same = [entity for entity in alike if fold(entity.surname) == fold(surname)]
        known = same or alike or self.by_given.get(fold(surname), [])[:_MANY]
        fitting = [e for e in known if not (name.gender and e.gender and e.gender != name.gender)]
        if len(fitting) > 1:
            entity = max(fitting, key=lambda e: self._last_before(e, name.first))
        elif fitting:
            entity = fitting[0]
        else:
            entity = Cluster("PERSON", _string(name, self.words), (surname,))
            self.clusters.append(entity)
            self.by_surname.setdefault(part, []).append(entity)
        self._attach(entity, name)
        self.last_single[id(entity)] = name.first

    def _last_before(self, entity: Cluster, at: int) -> int:
        """Return where the person was named last before word `at`, or -1."""
        full = self.full.get(id(entity), [])
        number = bisect.bisect_left(full, at)
        return max(full[number - 1] if number else -1, self.last_single.get(id(entity), -1))

    def _attach(self, entity: Cluster, name: Name) -> None:
        entity.names.append(name)
        entity.gender = entity.gender or name.gender

    def _same(self, parts: tuple[str, ...], gender: str | None) -> Cluster | None:
        for entity in self.by_surname.get(sound(parts[-1]), ())[:_MANY]:
            if gender and entity.gender and gender != entity.gender:
                continue
            if same_given(parts[0], entity.parts[0]):
                return entity
        for entity in self.by_given.get(fold(parts[0]), ())[:_MANY]:
            if len(parts[-1]) > SHORTEST and close(fold(parts[-1]), fold(entity.surname), 1):
                return entity
        return None


def _others(names: list[Name], words: Words) -> list[Cluster]:
    return _Others(names, words).clusters


class _Others:
    """Organisations by their name, their acronym, and without their country; all else by name."""

    def __init__(self, names: list[Name], words: Words) -> None:
        self.words = words
        self.found: dict[tuple[str, str], Cluster] = {}
        self.initials: dict[str, Cluster] = {}
        texts = [self._text(name) for name in names]
        self.whole = _without_country(
            {text for text, name in zip(texts, names, strict=True) if name.type == "ORG"}
        )
        for name, text in zip(names, texts, strict=True):
            self._add(name, text)
        self.clusters = list({id(entity): entity for entity in self.found.values()}.values())

    def _text(self, name: Name) -> str:
        short = name.rule == "part_of_an_organization" and name.canonical
        return short or _string(name, self.words)

    def _add(self, name: Name, text: str) -> None:
        keys = self._keys(name, text)
        entity = next((self.found[key] for key in keys if key in self.found), None)
        short = text.replace(".", "")
        acronym = " " not in text and sum(letter.isupper() for letter in short) > 1
        if entity is None and acronym and name.type in {"ORG", "MISC"}:
            entity = self.initials.get(short)
        if entity is None:
            parts = _parts(name, self.words)
            entity = Cluster(name.type, text, parts, country=name.country)
            if name.type == "ORG" and len(parts) > 1:
                for letters in _initials(parts):
                    self.initials.setdefault(letters, entity)
        for key in keys:
            self.found.setdefault(key, entity)
        entity.country = entity.country or name.country
        entity.names.append(name)

    def _keys(self, name: Name, text: str) -> list[tuple[str, str]]:
        """Return under what a name is known: itself, an acronym's whole name, `US State Department`."""
        own = (name.canonical or text).lower()
        if name.type != "ORG":
            return [(name.type, own)]
        more = (lexicon().acronyms.get(text, "").lower(), self.whole.get(own))
        return [("ORG", key) for key in (own, *more) if key]


def _initials(parts: tuple[str, ...]) -> set[str]:
    """Return `BHC` of `Baltic Harbour Council`, `MD` and `MoD` of `Ministry of Defence`."""
    return {
        "".join(part[0] for part in parts if part[0].isupper()),
        "".join(part[0] for part in parts if part[0].isalpha()),
    }


def _without_country(texts: set[str]) -> dict[str, str]:
    """Return `state department` -> `us state department`, where the article has one such name."""
    known = lexicon().known
    found: dict[str, set[str]] = {}
    for text in texts:
        first, _, rest = text.partition(" ")
        country = any(len(entry.words) == 1 and entry.country for entry in known.get(first, ()))
        if country and " " in rest:
            found.setdefault(rest.lower(), set()).add(text.lower())
    plain = {text.lower() for text in texts}
    return {rest: next(iter(whole)) for rest, whole in found.items() if len(whole) == 1 and rest in plain}
