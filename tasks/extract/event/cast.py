"""Which words of an article are which entity, place and date of the record. Linear in words and mentions."""

from __future__ import annotations

import bisect
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tasks.extract.event.tree import Tree
    from worker.record import Entity, Place, Quote, Span, Timex

ACTORS = frozenset({"PERSON", "ORG", "LOC", "NORP"})
_NO_DATES = frozenset({"PRESENT_REF", "PAST_REF", "FUTURE_REF"})


@dataclass(frozen=True, slots=True)
class Cast:
    """Who and what the tokens are."""

    actors: dict[int, str]
    """Token -> id of the entity that it names or stands for."""
    types: dict[str, str]
    named: frozenset[int]
    """Tokens inside names; in those of laws, organisations and the like nothing is an event."""
    countries: dict[str, str]
    """Entity id of an adjective of nationality -> id of its country, where the record has it."""
    places: dict[int, Place]
    """Last token of a toponym -> it."""
    times: dict[int, Timex]
    """Token of an expression of time -> it."""
    quotes: list[tuple[int, int, str]]
    """(start, end, id) of the segments, by start."""

    def country_of(self, entity: str) -> str:
        """Return the country that `Russian` stands for as an actor, else the entity itself."""
        return self.countries.get(entity, entity)

    def voice(self, start: int, end: int) -> str | None:
        """Return the id of the innermost quote around a span."""
        at = bisect.bisect_right(self.quotes, start, key=lambda quote: quote[0])
        around = (quote for quote in self.quotes[max(0, at - 20) : at] if quote[1] >= end)
        return max(around, key=lambda quote: (quote[0], -quote[1]), default=(0, 0, None))[2]


def cast_of(
    tree: Tree, entities: list[Entity], places: list[Place], timexes: list[Timex], quotes: list[Quote]
) -> Cast:
    """Return the cast of an article."""
    actors: dict[int, str] = {}
    named: set[int] = set()
    for entity in entities:
        roles = [_tokens(tree, role) for role in entity.roles]
        mentions = [(mention.kind, _tokens(tree, mention)) for mention in entity.mentions]
        if entity.type in ACTORS:
            for token in (
                token for tokens in [*roles, *(where for _, where in mentions)] for token in tokens
            ):
                if entity.type in {"PERSON", "ORG"} or token not in actors:
                    actors[token] = entity.id
        if entity.type not in {"LOC", "NORP"}:
            named.update(token for kind, tokens in mentions if kind == "name" for token in tokens)
    by_token = {token: place for place in places for token in _tokens(tree, place)}
    return Cast(
        actors,
        {entity.id: entity.type for entity in entities},
        frozenset(named),
        _countries(tree, entities, actors, by_token),
        {max(_tokens(tree, place), default=-1): place for place in places},
        {
            token: timex
            for timex in timexes
            if timex.type in {"DATE", "TIME"} and timex.value and timex.value not in _NO_DATES
            for token in _tokens(tree, timex)
        },
        sorted((part.start, part.end, quote.id) for quote in quotes for part in quote.segments),
    )


def _tokens(tree: Tree, span: Span) -> range:
    first = bisect.bisect_left(tree.starts, span.start)
    return range(first, bisect.bisect_left(tree.starts, span.end))


def _countries(
    tree: Tree, entities: list[Entity], actors: dict[int, str], places: dict[int, Place]
) -> dict[str, str]:
    found: dict[str, str] = {}
    for entity in entities:
        if entity.type == "LOC" and entity.country:
            first = next(iter(_tokens(tree, entity.mentions[0])), -1)
            place = places.get(first)
            if place is not None and place.kind == "country" and actors.get(first) == entity.id:
                found.setdefault(entity.country, entity.id)
    return {
        entity.id: found[entity.country]
        for entity in entities
        if entity.type == "NORP" and entity.country in found
    }
