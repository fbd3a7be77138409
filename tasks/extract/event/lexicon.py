"""`config/extract/events.toml` in the shapes that the rules look words up in."""

from __future__ import annotations

import functools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from tasks.extract.event.forms import noun_forms, verb_forms
from worker.config_dir import load_toml

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Need = Literal["actor", "object", "thing"]
"""What a verb must have: an actor somewhere, an actor as its object, or one of some nouns as its object."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of event."""

    name: str
    plover: str | None
    intent: str | None
    """The category as long as it is only announced; None: the same."""
    people: bool
    """Only people take part for their country."""
    is_word: bool
    """An act of saying: what is said in it is a part of it."""
    symmetric: bool
    joined: bool
    acted: bool
    whom_by: frozenset[str]
    of: str


@dataclass(frozen=True, slots=True)
class VerbEntry:
    """One use of a verb. `rest` are the words behind the first: a particle, a preposition, `to`."""

    kind: Kind
    base: str
    rest: tuple[str, ...]
    need: Need
    things: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class NounEntry:
    """A noun that names an event; `before` are the words in front of it, next to it first."""

    kind: Kind
    base: str
    before: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Operators:
    """Words of one sort that say something about the event under them."""

    words: dict[str, list[tuple[str, ...]]]
    """Form -> what must stand behind it, longest first."""


@dataclass(frozen=True)
class Lexicon:
    """All of it, read once a process."""

    kinds: dict[str, Kind]
    verbs: dict[str, list[VerbEntry]]
    nouns: dict[str, list[NounEntry]]
    light: dict[str, Operators]
    operators: dict[str, Operators]
    classes: dict[str, frozenset[str]] = field(default_factory=dict)


@functools.cache
def lexicon() -> Lexicon:
    """Return the lexicon of events."""
    table = load_toml("extract/events.toml")
    irregular = table["irregular"]
    kinds: dict[str, Kind] = {}
    verbs: dict[str, list[VerbEntry]] = {}
    nouns: dict[str, list[NounEntry]] = {}
    for name, given in table["kinds"].items():
        kind = kinds[name] = _kind(name, given)
        for entry in _verb_entries(kind, given, irregular):
            for form in verb_forms(entry.base, irregular):
                verbs.setdefault(form, []).append(entry)
        for base in given.get("nouns", ()):
            for form in noun_forms(base, irregular):
                *before, last = form.split()
                nouns.setdefault(last, []).append(NounEntry(kind, base, tuple(reversed(before))))
    for (
        uses
    ) in verbs.values():  # what asks for more comes first; the order of the file decides between equals
        uses.sort(key=lambda use: (use.need != "thing", -len(use.rest), use.need != "object"))
    for names in nouns.values():
        names.sort(key=lambda use: -len(use.before))
    classes = {
        name: frozenset(words)
        for part in ("status", "circumstances")
        for name, words in table[part].items()
        if not name.endswith("_verbs")
    }
    for name in ("kin", "armed", "parts", "planned_nouns", "hypothetical_nouns", "denied_nouns"):
        classes[name] = frozenset(form for base in classes[name] for form in noun_forms(base, irregular))
    classes["against_the_unarmed"] = frozenset(
        form for base in classes["against_the_unarmed"] for form in verb_forms(base, irregular)
    )
    return Lexicon(
        kinds,
        verbs,
        nouns,
        {name: _operators(words, irregular) for name, words in table["light"].items()},
        {
            name.removesuffix("_verbs"): _operators(words, irregular)
            for name, words in table["status"].items()
            if name.endswith("_verbs")
        },
        classes,
    )


def _kind(name: str, given: Mapping[str, Any]) -> Kind:
    return Kind(
        name,
        given.get("plover"),
        given.get("intent"),
        given.get("people", False),
        given.get("voice") == "word",
        given.get("symmetric", False),
        given.get("joined", False),
        given.get("acted", False),
        frozenset(given.get("whom_by", ())),
        given.get("of", "who" if given.get("symmetric") else ""),
    )


def _verb_entries(
    kind: Kind, given: Mapping[str, Any], irregular: Mapping[str, list[str]]
) -> Iterable[VerbEntry]:
    needs: tuple[tuple[str, Need], ...] = (("verbs", "actor"), ("on_actor", "object"))
    for key, need in needs:
        for phrase in given.get(key, ()):
            base, *rest = phrase.split()
            yield VerbEntry(kind, base, tuple(rest), need)
    for base, things in given.get("with", {}).items():
        forms = frozenset(form for thing in things.split() for form in noun_forms(thing, irregular))
        yield VerbEntry(kind, base, (), "thing", forms)


def _operators(phrases: Iterable[str], irregular: Mapping[str, list[str]]) -> Operators:
    words: dict[str, list[tuple[str, ...]]] = {}
    for phrase in phrases:
        base, *rest = phrase.split()
        for form in verb_forms(base, irregular):
            words.setdefault(form, []).append(tuple(rest))
    for uses in words.values():
        uses.sort(key=len, reverse=True)
    return Operators(words)
