# ruff: noqa: RUF002 - typographic marks as they stand in news
"""Organisations without their name: `the union`, `the Basque club`. Only where one alone can be meant.

What an organisation may be called is the last word of its name (`Dockers’ Union`: `the union`), the noun
beside the name (`the shipyard Nordlys`), and, for companies, `the company` and `the firm`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tasks.extract.lexicon import lexicon
from tasks.extract.name.coreference import Found
from tasks.extract.name.role_bounds import may_be_noun
from tasks.extract.name.roles import is_head
from tasks.extract.name.signs import noun_before, noun_behind

if TYPE_CHECKING:
    from tasks.extract.lexer import Words
    from tasks.extract.name.clusters import Cluster
    from tasks.extract.name.runs import Name

_COMPANY = frozenset({"company", "firm"})
_MOST = 10_000
_OF = frozenset({"of", "for", "on"})


@dataclass(frozen=True, slots=True)
class _Called:
    """An organisation that a noun may stand for: its number, its first word in the text, its country."""

    number: int
    first: int
    country: str | None
    beside: bool
    """The noun stands beside the name, and is not the end of it."""


def organization_mentions(words: Words, clusters: list[Cluster]) -> list[Found]:
    """Return the mentions by a noun; `person` is the number of the organisation in `clusters`. O(words)."""
    called: dict[str, list[_Called]] = {}
    for number, entity in enumerate(clusters):
        if entity.type == "ORG" and len(called) < _MOST:
            first = entity.names[0].first
            beside = {noun for name in entity.names for noun in _beside(words, name)}
            for noun in sorted(beside | {noun for name in entity.names for noun in _ends(words, name)}):
                entry = _Called(number, first, entity.country, noun in beside)
                called.setdefault(noun, []).append(entry)
    found: list[Found] = []
    for low, high in words.sentences:
        for at in range(low, high - 1):
            head = _definite(words, at, high)
            if head is None or words.lower[head] not in called:
                continue
            earlier = [entry for entry in called[words.lower[head]][:2] if entry.first < at]
            if len(earlier) == 1 and _fits(words, at, head, earlier[0]):
                found.append(Found(at, head + 1, earlier[0].number, "nominal", "only_one_of_this_kind"))
    return found


def _fits(words: Words, at: int, head: int, entry: _Called) -> bool:
    """Whether `Turkish` in `the Turkish army` does not speak against the organisation."""
    if head - at == 1:
        return True
    country = next((k.country for k in lexicon().known.get(words.text[at + 1], ()) if k.type == "NORP"), None)
    return entry.country == country if entry.country or not entry.beside else True


def _beside(words: Words, name: Name) -> set[str]:
    beside = {noun_before(words, name.first), noun_behind(words, name.last)}
    nouns = {noun for noun in beside if noun is not None}
    company = words.text[name.last - 1] in lexicon().companies
    company = company or any(noun not in lexicon().org_no_company for noun in nouns)
    return nouns | (_COMPANY if company else frozenset())


def _ends(words: Words, name: Name) -> set[str]:
    """Return the head word of a name, and what else it is called: `ministry` of `Ministry of Defence`."""
    text = words.text
    called = set(lexicon().org_called.get(" ".join(text[name.first : name.last]), ()))
    if name.last - name.first == 1:
        return called
    of = next((i for i in range(name.first + 1, name.last) if words.lower[i] in _OF), name.last)
    return called | ({text[of - 1].lower()} if text[of - 1] in lexicon().org_short else set())


def _definite(words: Words, at: int, high: int) -> int | None:
    """Return the noun of `the union`, `the Basque club` that ends its phrase, or None."""
    if words.lower[at] != "the":
        return None
    head = at + 2 if words.cap[at + 1] and at + 2 < high else at + 1
    if head - at > 1 and not any(k.type == "NORP" for k in lexicon().known.get(words.text[at + 1], ())):
        return None
    behind = head + 1
    if words.cap[head] or (behind < high and (words.cap[behind] or is_head(words.lower[behind]))):
        return None
    compound = behind + 1 < high and may_be_noun(words, behind) and is_head(words.lower[behind + 1])
    return None if compound else head
