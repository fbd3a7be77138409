"""The record, and the part that each stage leaves behind for one article.

All offsets count Unicode code points in `text`, end exclusive: `record.text[a.start:a.end]` is the
annotated string, always. `text` is the decoded text with newlines normalised; nothing is cut out of it.
Field names follow ninjs/NewsML-G2, TIMEX3, IPTC Media Topics, PLOVER and GeoNames where these have one.
Nothing in here depends on the clock, on the host or on other articles, so that the same bytes under the
same fingerprints give the same record.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

SCHEMA_VERSION = "1.0"
"""Major.minor. Within a major version fields are only added."""

Confidence = Annotated[float, Field(ge=0.0, le=1.0)]
Offset = Annotated[int, Field(ge=0)]


class Model(BaseModel):
    """Strict about names: an unknown field is an error, not a silent loss."""

    model_config = ConfigDict(extra="forbid")


class Span(Model):
    """A piece of `text`; `text[start:end]` of the article is this span's `text`."""

    start: Offset
    end: Offset
    text: str


class Annotation(Span):
    """A span that says where it comes from. Component versions stand in `provenance.components`."""

    component: str = Field(description="Name of the component that made this, e.g. `copydesk.quotes`.")
    rule: str = Field(description="The rule that fired or the model head that decided.")
    confidence: Confidence


# --- read ---------------------------------------------------------------------------------------------

BlockKind = Literal["title", "heading", "paragraph", "dateline", "byline", "boilerplate", "related"]
DateEvidence = Literal["leading_date", "dateline", "json_ld", "meta", "time_tag", "url", "feed", "field"]
Precision = Literal["year", "month", "day", "minute", "second"]


class Block(Model):
    """A piece of the text. The blocks of an article partition `text`: they touch and cover all of it.

    White space between two blocks belongs to the earlier one.
    """

    start: Offset
    end: Offset
    kind: BlockKind
    rule: str = Field(description="Why this kind, e.g. `leading_date`, `lexicon:See also`, `short_line`.")


class Note(Annotation):
    """An editor's note: `(... - Ed.)`, `(sic)`, `[...]`. A span, often inside a quote; never cut out."""

    kind: Literal["editor", "sic", "insertion"]


class Stamp(Model):
    """A date about the article as a whole, never guessed and never the file's own time."""

    value: str = Field(description="ISO 8601, as precise as the evidence: `2021-12-06`, `2021-12`, ...")
    precision: Precision
    evidence: DateEvidence
    start: Offset | None = Field(default=None, description="Where it stands, when it stands in `text`.")
    end: Offset | None = None
    component: str
    rule: str
    confidence: Confidence


class Headline(Model):
    """What to show above the article. `derived` means that the publisher gave none."""

    text: str
    source: Literal["title", "derived"]
    start: Offset | None = None
    end: Offset | None = None


class Sign(Model):
    """One sign that the text was machine-translated, with the place where it shows."""

    kind: str
    start: Offset
    end: Offset


class Translation(Model):
    """Whether the text looks machine-translated."""

    score: Confidence
    verdict: Literal["unlikely", "possible", "likely"]
    signs: list[Sign]


class Abstention(Model):
    """Something a component saw and did not decide, or a stage did not do, with the reason."""

    component: str
    what: str
    why: str
    start: Offset | None = None
    end: Offset | None = None


class Coverage(Model):
    """How many characters of `text` a stage read, and how many it skipped and why."""

    characters_read: int
    characters_skipped: int = 0
    why_skipped: str | None = None


class Component(Model):
    """A component as it ran: name, version, and the digest of its model if it has one."""

    name: str
    version: str
    model: str | None = None


class Part(Model):
    """What every part has: how much was read, what was not decided, which components ran."""

    coverage: Coverage
    abstentions: list[Abstention] = []
    components: list[Component] = []


class Article(Part):
    """The part of `read`: the decoded text, blocks over it, and what the file says about itself."""

    media_type: str
    encoding: str | None = Field(default=None, description="How the bytes were decoded.")
    canonical_url: str | None = None
    title: str | None = Field(default=None, description="The publisher's own, or null.")
    byline: list[str] = []
    agency: str | None = None
    text: str
    language: str | None = Field(default=None, description="ISO 639-1, or null when it cannot be told.")
    language_confidence: Confidence | None = None
    blocks: list[Block]
    notes: list[Note] = []
    published: Stamp | None = None
    modified: Stamp | None = None
    translation: Translation
    warnings: list[str] = []

    def body_spans(self) -> list[tuple[int, int]]:
        """Return (start, end) of the blocks that are the article's own words: headings, paragraphs."""
        return [(b.start, b.end) for b in self.blocks if b.kind in {"heading", "paragraph"}]


# --- extract ------------------------------------------------------------------------------------------

EntityType = Literal[
    "PERSON", "ORG", "LOC", "FAC", "NORP", "DATE", "MONEY", "PRODUCT", "EVENT", "LAW", "WEAPON", "MISC"
]


class Mention(Span):
    """One mention of an entity."""

    kind: Literal["name", "role", "nominal", "pronoun"]
    rule: str


class Role(Annotation):
    """An office or function as stated in this article: `US Secretary of State`."""

    title: str
    organization: str | None = None
    country: str | None = Field(default=None, description="ISO 3166-1 alpha-2.")
    status: Literal["current", "former", "acting", "deputy"] = "current"


class Entity(Model):
    """Somebody or something with a name, and every place where the article mentions it."""

    id: str = Field(description="`e1`, `e2`, ...: unique within the record, in order of appearance.")
    type: EntityType
    name: str
    aliases: list[str] = []
    country: str | None = Field(default=None, description="ISO 3166-1 alpha-2.")
    roles: list[Role] = []
    mentions: list[Mention]
    salience: Confidence = 0.0
    wikidata: str | None = None
    component: str
    rule: str
    confidence: Confidence


class Repair(Model):
    """A quote mark read as another one than was typed. The text is not edited."""

    offset: Offset
    found: str
    meant: str
    score: Confidence


class Speaker(Model):
    """Who speaks: the words that name the speaker here, and the entity these words stand for."""

    start: Offset
    end: Offset
    text: str
    entity: str | None = Field(description="Entity id, or null when the words resolve to nobody.")
    resolved_by: str
    confidence: Confidence


class Quote(Model):
    """One utterance. A quote split around its cue is one quote with several segments."""

    id: str
    kind: Literal["direct", "mixed", "indirect"]
    segments: list[Span]
    said: str = ""
    speaker: Speaker | None = None
    cue: Span | None = None
    addressee: str | None = Field(default=None, description="Entity id.")
    continuation_of: str | None = Field(default=None, description="Quote id.")
    editor_notes: list[Span] = []
    repairs: list[Repair] = []
    component: str
    rule: str
    confidence: Confidence


class Interval(Model):
    """From (inclusive) and until (exclusive), ISO 8601."""

    begin: str
    end: str


class Timex(Annotation):
    """A TIMEX3 expression. `value` is null when it could not be resolved; `unresolved` says why."""

    type: Literal["DATE", "TIME", "DURATION", "SET"]
    value: str | None = None
    mod: str | None = None
    interval: Interval | None = None
    anchor: str | None = Field(default=None, description="What it was resolved against.")
    conflict: str | None = Field(default=None, description="E.g. a weekday that the date does not have.")
    unresolved: str | None = None


class Place(Annotation):
    """A toponym. `status` is `resolved` only with coordinates or a country; it never hides others."""

    name: str
    kind: Literal["country", "city", "region", "continent", "other"] | None = None
    geonames_id: int | None = None
    country: str | None = Field(default=None, description="ISO 3166-1 alpha-2.")
    lat: float | None = None
    lon: float | None = None
    within: str | None = None
    focus: bool = False
    status: Literal["resolved", "approximate", "ambiguous", "unresolved"]
    candidates: int = 0


class Event(Annotation):
    """Who did what to whom, where and when, and whether it happened."""

    id: str
    kind: str
    plover: str | None = None
    who: list[str] = Field(default=[], description="Entity ids.")
    whom: list[str] = []
    where: Span | None = None
    when: Span | None = None
    status: Literal["past", "planned", "hypothetical", "denied"]
    reported_by: str | None = Field(default=None, description="Quote id; null is the author's voice.")


class MentionTone(Model):
    """How probable it is that a mention is spoken of badly, neutrally, well; the three sum to 1."""

    start: Offset
    end: Offset
    negative: Confidence
    neutral: Confidence
    positive: Confidence


class Extraction(Part):
    """The part of `extract`."""

    entities: list[Entity] = []
    quotes: list[Quote] = []
    timexes: list[Timex] = []
    places: list[Place] = []
    events: list[Event] = []
    mention_tones: list[MentionTone] = Field(
        default=[], description="Of mentions in `entities`, where the news model has read them."
    )


# --- classify -----------------------------------------------------------------------------------------


class Topic(Model):
    """An IPTC Media Topic."""

    code: str = Field(description="`medtop:11000000`")
    label: str
    probability: Confidence
    evidence: list[str] = Field(description="The terms that argued for it.")
    component: str
    rule: str


class Tone(Model):
    """A score from -1 (negative) to 1 (positive) over the sentences of one voice."""

    score: Annotated[float, Field(ge=-1.0, le=1.0)]
    sentences: int
    evidence: list[str] = []


class SentenceTone(Model):
    """Tone of one sentence of the body; `publish` joins it with speakers."""

    start: Offset
    end: Offset
    score: Annotated[float, Field(ge=-1.0, le=1.0)]
    evidence: list[str] = []


class Keyword(Model):
    """A phrase of the article, in its own spelling."""

    text: str
    score: float


class Classification(Part):
    """The part of `classify`."""

    topics: list[Topic] = []
    sentence_tones: list[SentenceTone] = []
    keywords: list[Keyword] = []
    summary: list[Span] = Field(default=[], description="Whole sentences of the body, in their order.")
    shingles: list[int] = Field(default=[], description="MinHash signature for finding near-duplicates.")


# --- publish ------------------------------------------------------------------------------------------


class ToneTowards(Model):
    """How an entity is spoken of: the news model's probabilities, the mean over the mentions it has read."""

    label: Literal["negative", "neutral", "positive"] = Field(description="The most probable of the three.")
    negative: Confidence
    neutral: Confidence
    positive: Confidence
    mentions: int
    component: str
    rule: str


class ToneByVoice(Model):
    """Tone of the author's own sentences, of each speaker's words, and towards each entity."""

    author: Tone | None = None
    speakers: dict[str, Tone] = Field(default={}, description="By entity id.")
    towards: dict[str, ToneTowards] = Field(default={}, description="By entity id.")


class About(Model):
    """What the article is about."""

    topics: list[Topic]
    tone: ToneByVoice
    keywords: list[Keyword]
    summary: list[Span]


class Provenance(Model):
    """What made this record."""

    fingerprints: dict[str, str] = Field(description="Stage -> fingerprint of code, model and settings.")
    components: list[Component]


class Record(Model):
    """The enriched article as published."""

    schema_version: str = SCHEMA_VERSION
    id: str = Field(description="SHA-256 of collection, NUL, raw bytes.")
    digest: str = Field(description="SHA-256 of the raw bytes alone.")
    collection: str
    media_type: str
    canonical_url: str | None
    title: str | None
    headline: Headline
    byline: list[str]
    agency: str | None
    text: str
    language: str | None
    language_confidence: Confidence | None
    blocks: list[Block]
    notes: list[Note]
    published: Stamp | None
    modified: Stamp | None
    entities: list[Entity]
    quotes: list[Quote]
    timexes: list[Timex]
    places: list[Place]
    events: list[Event]
    about: About
    translation: Translation
    coverage: dict[str, Coverage]
    abstentions: list[Abstention]
    warnings: list[str]
    provenance: Provenance

    @property
    def body(self) -> str:
        """Headings and paragraphs, a blank line between them: what search, summary and tone read."""
        pieces = (
            self.text[b.start : b.end].strip() for b in self.blocks if b.kind in {"heading", "paragraph"}
        )
        return "\n\n".join(piece for piece in pieces if piece)
