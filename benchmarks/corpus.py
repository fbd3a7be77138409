"""Articles made by rule, so that a benchmark can count with a manifest of its own.

The text is the project's: sentences from lists below, chosen by a seeded generator. Every article differs.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_PEOPLE = ("Mara Velde", "Tomas Okafor", "Irina Sandu", "Joaquin Prado", "Ayesha Karim", "Henrik Lund")
_ROLES = ("Finance Minister", "Mayor", "chief scientist", "union leader", "spokeswoman", "Defense Minister")
_PLACES = ("Lisbon", "Nairobi", "Jakarta", "Warsaw", "Lima", "Toronto", "Athens", "Seoul", "Ukraine", "Kenya")
_BODIES = ("the city council", "the World Bank", "the Red Cross", "the ministry", "the port authority")
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
_TEMPLATES = (
    "{role} {person} said on {day} that {body} would spend {n} million euros on repairs in {place}.",
    "“We have waited {n} days for an answer, and the people of {place} deserve one,” {person} said.",
    "According to {body}, prices in {place} rose by {n} percent last year.",
    "{person}, the {role} of {place}, told reporters that talks would continue until {day}.",
    "Police in {place} detained {n} people after a protest outside the parliament.",
    "“This is not the end,” {person} added. “It is a beginning, and we will be back on {day}.”",
    "The report, published on 3 March 2021, lists {n} schools that {body} wants to close.",
    "Heavy rain flooded {n} streets in {place}, and trains to the north were cancelled.",
    "It was the first meeting between {person} and {body} since the election in 2019.",
    "Officials in {place} denied that the agreement had been signed in secret.",
)


def article(number: int, *, words: int = 500, seed: int = 0) -> str:
    """Return article `number`: a date line, then paragraphs of about `words` words in all."""
    chance = random.Random(f"{seed}/{number}")
    paragraphs: list[str] = []
    count = 0
    while count < words:
        sentences = [_sentence(chance) for _ in range(chance.randint(2, 4))]
        paragraphs.append(" ".join(sentences))
        count += len(paragraphs[-1].split())
    day = chance.randint(1, 28)
    return f" date 2021-11-{day:02d} Report {number}. " + "\n\n".join(paragraphs) + "\n"


def _sentence(chance: random.Random) -> str:
    return chance.choice(_TEMPLATES).format(
        person=chance.choice(_PEOPLE),
        role=chance.choice(_ROLES),
        place=chance.choice(_PLACES),
        body=chance.choice(_BODIES),
        day=chance.choice(_DAYS),
        n=chance.randint(2, 900),
    )


def articles(count: int, *, words: int = 500, seed: int = 0) -> Iterator[str]:
    """Yield `count` different articles."""
    for number in range(count):
        yield article(number, words=words, seed=seed)
