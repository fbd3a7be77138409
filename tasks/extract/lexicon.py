"""The word lists of `config/extract/` in the shapes that the rules for names look them up in."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tasks.extract.lexer import pieces_of
from worker.config_dir import load_lines, load_toml

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from worker.record import EntityType


@dataclass(frozen=True, slots=True)
class Known:
    """A name from a list: its words, what it names, and the country it belongs to (ISO 3166-1 alpha-2)."""

    words: tuple[str, ...]
    type: EntityType
    rule: str
    country: str | None = None
    canonical: str | None = None


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All lists, read once a process."""

    known: dict[str, list[Known]]
    """First word -> names that begin with it, longest first."""
    shouted: dict[str, list[Known]]
    """The same in capitals, for headings and datelines."""
    org_heads: frozenset[str]
    org_alone: frozenset[str]
    org_lower_heads: frozenset[str]
    org_prefixes: frozenset[str]
    org_of_prefixes: frozenset[str]
    org_nouns: frozenset[str]
    org_weak_nouns: frozenset[str]
    org_no_company: frozenset[str]
    org_short: frozenset[str]
    org_called: dict[str, list[str]]
    """Name or acronym -> the nouns that it alone is called: `EU`, `bloc`."""
    acronyms: dict[str, str]
    """Acronym -> the whole name, or an empty string."""
    companies: frozenset[str]
    not_org: frozenset[str]
    loc_heads: frozenset[str]
    loc_prefixes: frozenset[str]
    loc_lower_heads: frozenset[str]
    fac_heads: frozenset[str]
    law_heads: frozenset[str]
    law_lower_heads: frozenset[str]
    event_heads: frozenset[str]
    event_prefixes: frozenset[str]
    male: frozenset[str]
    female: frozenset[str]
    given: frozenset[str]
    honorifics: dict[str, str]
    """Lower-case honorific -> `male`, `female` or `neutral`."""
    suffixes: frozenset[str]
    particles: frozenset[str]
    common: frozenset[str]
    months: frozenset[str]


def _plurals(demonym: str) -> tuple[str, ...]:
    if demonym.endswith(("ese", "ish", "ch", "s", "sh", "men", "man", "ic", "c", "tch")):
        return (demonym,)
    if demonym.endswith("y"):
        return (demonym, demonym[:-1] + "ies")
    return (demonym, demonym + "s")


def _countries() -> Iterator[Known]:
    table = load_toml("extract/countries.toml")
    for section in ("countries", "parts"):
        for code, entry in table[section].items():
            yield from _country(code, entry, section)
    for demonym in table["groups"]["demonyms"]:
        for form in _plurals(demonym):
            yield Known(pieces_of(form), "NORP", "people", canonical=demonym)


def _country(code: str, entry: dict[str, Any], section: str) -> Iterator[Known]:
    first = entry["names"][0]
    for name in entry["names"]:
        yield Known(pieces_of(name), "LOC", "country", code, first if section == "countries" else name)
    for demonym in entry["demonyms"]:
        for form in _plurals(demonym):
            yield Known(pieces_of(form), "NORP", "demonym", code, demonym)
    capital = entry.get("capital")
    for city in [capital, *entry.get("also", [])] if capital else []:
        yield Known(pieces_of(city), "LOC", "capital", code, capital)


def _simple(names: Iterable[str], kind: EntityType, rule: str, country: str | None = None) -> Iterator[Known]:
    for name in names:
        yield Known(pieces_of(name), kind, rule, country, name)


def _all_known() -> Iterator[Known]:
    places = load_toml("extract/places.toml")
    organizations = load_toml("extract/organizations.toml")
    other = load_toml("extract/other_names.toml")
    yield from _countries()
    yield from _simple(places["regions"], "LOC", "region")
    yield from _simple(places["us_states"], "LOC", "us_state", "US")
    yield from _simple(places["cities"], "LOC", "city")
    yield from _simple(organizations["known"], "ORG", "known_organization")
    yield from _simple(organizations["acronyms"], "ORG", "acronym")
    yield from _simple(filter(None, organizations["acronyms"].values()), "ORG", "known_organization")
    yield from _simple(other["events"], "EVENT", "known_event")
    yield from _simple(other["product"], "PRODUCT", "known_product")
    yield from _simple([*other["misc"], *other["languages"]], "MISC", "known_name")


def _index(entries: Iterable[Known]) -> dict[str, list[Known]]:
    found: dict[str, dict[tuple[str, ...], Known]] = {}
    for entry in entries:
        found.setdefault(entry.words[0], {}).setdefault(entry.words, entry)
    return {
        word: sorted(by_words.values(), key=lambda entry: -len(entry.words))
        for word, by_words in found.items()
    }


def _shouted(entries: Iterable[Known]) -> Iterator[Known]:
    for entry in entries:
        upper = tuple(word.upper() for word in entry.words)
        if upper != entry.words and len("".join(upper)) > 3:  # noqa: PLR2004 - `MALI`, not `US`
            yield Known(
                upper, entry.type, entry.rule, entry.country, entry.canonical or " ".join(entry.words)
            )


@functools.cache
def lexicon() -> Lexicon:
    """Return the word lists."""
    places = load_toml("extract/places.toml")
    organizations = load_toml("extract/organizations.toml")
    other = load_toml("extract/other_names.toml")
    honorifics = load_toml("extract/honorifics.toml")
    names = load_toml("extract/first_names.toml")
    male, female, either = (frozenset(names[key].split()) for key in ("male", "female", "any"))
    entries = list(_all_known())
    return Lexicon(
        known=_index(entries),
        shouted=_index(_shouted(entries)),
        org_heads=frozenset(organizations["heads"]),
        org_alone=frozenset(organizations["alone"]),
        org_lower_heads=frozenset(organizations["lower_heads"]),
        org_prefixes=frozenset(organizations["prefixes"]),
        org_of_prefixes=frozenset(organizations["of_prefixes"]),
        org_nouns=frozenset(organizations["nouns"]),
        org_weak_nouns=frozenset(organizations["weak_nouns"]),
        org_no_company=frozenset(organizations["no_company"]),
        org_short=frozenset(organizations["short"]),
        org_called=organizations["called"],
        acronyms=organizations["acronyms"],
        companies=frozenset(organizations["companies"]),
        not_org=frozenset(organizations["not_organizations"]["words"]),
        loc_heads=frozenset(places["heads"]),
        loc_prefixes=frozenset(places["prefixes"]),
        loc_lower_heads=frozenset(places["lower_heads"]),
        fac_heads=frozenset(places["facility_heads"]),
        law_heads=frozenset(other["law"]),
        law_lower_heads=frozenset(other["lower_law"]),
        event_heads=frozenset(other["event"]),
        event_prefixes=frozenset(other["event_prefixes"]),
        male=male - female,
        female=female - male,
        given=male | female | either,
        honorifics={
            word.lower(): gender for gender in ("male", "female", "neutral") for word in honorifics[gender]
        },
        suffixes=frozenset(honorifics["suffixes"]),
        particles=frozenset(honorifics["particles"]),
        common=frozenset(word for line in load_lines("extract/common_words.txt") for word in line.split()),
        months=frozenset(other["months"]),
    )
