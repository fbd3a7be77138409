"""What a reader is, what it is given, and what it hands back: `Reader`, `Context`, `Draft`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, Protocol, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tasks.read.learned import Learned
    from worker.record import Abstention, BlockKind, Component, DateEvidence, Precision


@dataclass(frozen=True, slots=True)
class Hint:
    """A piece of a draft's text whose kind the format itself tells, such as `<h2>` or `<p>`.

    `text[start:end]` has no white space around it. Hints are in order and do not overlap; text outside of
    them is plain text, whose paragraphs are found by its line breaks.
    """

    start: int
    end: int
    kind: BlockKind
    rule: str


@dataclass(frozen=True, slots=True)
class DateClaim:
    """One date that the file states about itself, with the evidence for it."""

    about: Literal["published", "modified"]
    value: str
    precision: Precision
    evidence: DateEvidence
    rule: str
    confidence: float
    start: int | None = None
    end: int | None = None


@dataclass(slots=True)
class Draft:
    """What a reader found in the bytes of one article; the finishing code makes an `Article` of it."""

    text: str
    hints: list[Hint] = field(default_factory=list)
    title: str | None = None
    byline: list[str] = field(default_factory=list)
    agency: str | None = None
    canonical_url: str | None = None
    dates: list[DateClaim] = field(default_factory=list)
    encoding: str | None = None
    language_hint: str | None = None
    warnings: list[str] = field(default_factory=list)
    abstentions: list[Abstention] = field(default_factory=list)
    components: list[Component] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Context:
    """What a reader may know besides the bytes: the settings of the article's collection."""

    collection: str
    json_fields: Mapping[str, Sequence[str]]
    day_first: bool | None
    max_characters: int
    learned: Learned | None = None


@runtime_checkable
class Reader(Protocol):
    """Reads one format. Found through the entry point group `copydesk.readers`.

    The reader with the highest `priority` whose `matches` says yes gets the article. `read` raises
    RejectArticle for what cannot be an article, and nothing else. One that is slow to load may have a method
    `preload()`, called before worker processes are forked.
    """

    name: str
    version: str
    media_type: str
    priority: int

    def matches(self, data: bytes) -> bool:
        """Say whether these bytes are in this reader's format, from their beginning."""
        ...

    def read(self, data: bytes, context: Context) -> Draft:
        """Return the draft of one article."""
        ...
