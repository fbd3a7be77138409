"""People with their roles, organisations, nationalities."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seed_expectation import Organization, any_of
from seed_text import Finding, plain, same

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seed_expectation import Expectation, Person

    from worker.record import Entity, Record


def names(record: Record, expected: Expectation) -> Iterator[Finding]:
    """Return what is wrong with the entities."""
    for person in expected.people:
        entity = find(record, [person.name, *person.name_also], "PERSON")
        if entity is None:
            kinds = [f"{e.type} {e.name!r}" for e in record.entities if plain(person.name) in plain(e.name)]
            kinds += [f"PERSON {e.name!r}" for e in record.entities if e.type == "PERSON"]
            yield Finding("names", f"no person {person.name!r}, only {kinds}", person.optional)
        else:
            yield from _person(entity, person)
    for item in expected.organizations:
        wanted = item if isinstance(item, Organization) else Organization(name=item)
        if find(record, [wanted.name], "ORG") is None:
            has = [f"{e.type} {e.name!r}" for e in record.entities if _near(e, wanted.name)]
            yield Finding("names", f"no organisation {wanted.name!r}, near it {has}", wanted.optional)
    for name in expected.nationalities:
        if find(record, [name], "NORP") is None:
            yield Finding("names", f"no nationality {name!r}")
    for other in expected.other_names:
        if not any(find(record, [other.name], kind) for kind in other.types):
            has = [f"{e.type} {e.name!r}" for e in record.entities if _near(e, other.name)]
            yield Finding(
                "names", f"no {'/'.join(other.types)} {other.name!r}, near it {has}", other.optional
            )
    if "people" in expected.complete:
        yield from _too_many(record, expected)


def find(record: Record, names: list[str], kind: str | None = None) -> Entity | None:
    """Return the entity of one of these names; organisations and others also by an alias or a mention."""
    for entity in record.entities:
        if kind and entity.type != kind:
            continue
        known = [entity.name]
        if kind != "PERSON":
            known += entity.aliases + [m.text for m in entity.mentions if m.kind == "name"]
        if any(same(one, other) for one in known for other in names):
            return entity
    return None


def _person(entity: Entity, person: Person) -> Iterator[Finding]:
    mentions = {plain(mention.text) for mention in entity.mentions}
    for called in person.also_called:
        if plain(called) not in mentions:
            yield Finding("names", f"{called!r} is not among {person.name}'s mentions {sorted(mentions)}")
    if len(entity.mentions) < person.mentions_min:
        count = len(entity.mentions)
        yield Finding("names", f"{person.name} has {count} mentions, should have {person.mentions_min}")
    if person.country and entity.country != person.country:
        yield Finding("names", f"{person.name}'s country is {entity.country}, should be {person.country}")
    for role in person.roles:
        titles = {plain(title) for title in any_of(role.title)}
        found = [r for r in entity.roles if {plain(r.text), plain(r.title)} & titles]
        if not found:
            has = [(r.text, r.title) for r in entity.roles]
            yield Finding(
                "names.roles", f"{person.name} is not {any_of(role.title)[0]!r}: {has}", role.optional
            )
        elif not any(r.status in any_of(role.status) for r in found):
            yield Finding(
                "names.roles", f"{person.name}, {found[0].title}: {found[0].status}, not {role.status}"
            )


def _too_many(record: Record, expected: Expectation) -> Iterator[Finding]:
    allowed = {plain(name) for person in expected.people for name in [person.name, *person.name_also]}
    allowed |= {plain(name) for name in expected.byline or []}
    for entity in record.entities:
        if entity.type == "PERSON" and plain(entity.name) not in allowed:
            yield Finding("names", f"no such person in the article: {entity.name!r}")


def _near(entity: Entity, name: str) -> bool:
    one, other = plain(entity.name), plain(name)
    return one in other or other in one
