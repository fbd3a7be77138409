"""The format of `seeds/expected/*.json`: what an editor reads out of one article, every item checkable.

Where a value may be one string or a list of them, the list holds readings of which any one is right.
`optional` marks what two careful editors may see differently: its absence is no fault, its presence is none.
Strings are compared with white space folded and quote marks made equal; a leading article or possessive
(`the`, `its`) does not count in names, roles and speakers' words.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

AnyOf = str | list[str]
Completeness = Literal["people", "direct_quotes", "places", "dates"]


def any_of(value: AnyOf | None) -> list[str]:
    """Return the readings as a list."""
    if value is None:
        return []
    return [value] if isinstance(value, str) else value


class Item(BaseModel):
    """Strict about names, so that a misspelt expectation is an error and not a silent pass."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    optional: bool = False


class Stamp(Item):
    value: AnyOf
    evidence: list[str]


class HeadlineSource(Item):
    source: Literal["title", "derived"]


class Note(Item):
    text: str
    kind: AnyOf
    inside_quote: bool = False


class Repair(Item):
    """The last `found` in `near` must have been read as `meant`."""

    near: str
    found: str
    meant: str


class Role(Item):
    title: AnyOf
    status: AnyOf = "current"


class Person(Item):
    name: str
    name_also: list[str] = []
    also_called: list[str] = []
    mentions_min: int = 1
    roles: list[Role] = []
    country: str | None = None


class Organization(Item):
    name: str


class OtherName(Item):
    name: str
    types: list[str]


class Place(Item):
    """`text`: the words it may be found under. `unresolved_ok`: it need not be in a gazetteer, but if it is
    resolved, then to this country."""

    name: str
    text: list[str] = []
    country: AnyOf | None
    lat: float | None = None
    lon: float | None = None
    kind: str | None = None
    unresolved_ok: bool = False


class Date(Item):
    """`value` null: any value, or none, will do. `at`: the surroundings in which the words stand."""

    text: AnyOf
    value: AnyOf | None
    type: str | None = None
    mod: str | None = None
    at: str | None = None


class Part(Item):
    starts: AnyOf
    ends: AnyOf


class Quote(Item):
    """Direct speech gives `starts` and `ends`, or `parts` when it is split; other speech `contains`.

    `speaker` is the full name of a person or organisation; null: somebody without a name, who is then none
    of the people named.
    """

    speaker: str | None
    speaker_text: AnyOf | None = None
    cue: AnyOf | None = None
    kind: AnyOf
    starts: AnyOf | None = None
    ends: AnyOf | None = None
    parts: list[Part] = []
    contains: str | None = None
    editor_notes: int | None = None

    def pieces(self) -> list[Part]:
        """Return the beginnings and ends of direct speech, one of each piece."""
        if self.starts is None or self.ends is None:
            return self.parts
        return [Part(starts=self.starts, ends=self.ends)]


class Topic(Item):
    code: str
    label: str


class Expectation(BaseModel):
    """The editor's reading of one article. What is absent is not checked; null is checked to be null."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    media_type: str
    language: str
    published: Stamp | None
    modified: Stamp | None = None
    title: str | None
    headline: HeadlineSource | None = None
    byline: list[str] | None = None
    agency: str | None = None
    canonical_url: str | None = None
    dateline: str | None = None
    body_starts_with: str | None = None
    body_ends_with: str | None = None
    body_has: list[str] = []
    headings: list[str] | None = None
    outside_body: list[str] = []
    text_has: list[str] = []
    notes: list[Note] = []
    repairs: list[Repair] = []
    people: list[Person] = []
    organizations: list[Organization | str] = []
    nationalities: list[str] = []
    other_names: list[OtherName] = []
    places: list[Place] = []
    focus_country: str | None = None
    dates: list[Date] = []
    quotes: list[Quote] = []
    topics: list[Topic] = []
    translation: list[str] = []
    translation_signs: list[str] = []
    abstains_for_language: bool = False
    same_story_as: str | None = None
    corrects: str | None = None
    complete: list[Completeness] = []
    must_not: list[dict[str, Any]] = []
