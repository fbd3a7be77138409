"""Parts of one small article, built by hand, as `read`, `extract` and `classify` would leave them."""

from __future__ import annotations

from tasks.publish import Identity, join
from worker.record import (
    Article,
    Block,
    Classification,
    Component,
    Coverage,
    Entity,
    Event,
    Extraction,
    Keyword,
    Mention,
    Note,
    Quote,
    Record,
    Repair,
    SentenceTone,
    Span,
    Speaker,
    Timex,
    Topic,
    Translation,
)

TEXT = (
    "Harbour shut\n\n"
    "The harbour of Narvik was shut on Monday.\n\n"
    "“It is a disaster (for the town. - Ed.) and a shame,” Signe Aasland said.\n\n"
    "“Whose fault is it?”\n"
)
IDENTITY = Identity(id="a" * 64, digest="b" * 64, collection="default")
FINGERPRINTS = {"read": "1", "extract": "2", "classify": "3", "publish": "4"}
COVERAGE = Coverage(characters_read=len(TEXT))


def where(words: str) -> dict[str, object]:
    """Return start, end and text of the first place of `words`."""
    start = TEXT.index(words)
    return {"start": start, "end": start + len(words), "text": words}


def _blocks() -> list[Block]:
    edges = [0, *(TEXT.index(words) for words in ("The harbour", "“It is", "“Whose")), len(TEXT)]
    kinds = ["title", "paragraph", "paragraph", "heading"]
    return [
        Block(start=start, end=end, kind=kind, rule="test")
        for start, end, kind in zip(edges, edges[1:], kinds, strict=False)
    ]


def article() -> Article:
    """Return the part of `read`."""
    return Article(
        media_type="text/plain",
        title="Harbour shut",
        text=TEXT,
        language="en",
        blocks=_blocks(),
        notes=[
            Note(
                **where("(for the town. - Ed.)"),
                kind="editor",
                component="copydesk.notes",
                rule="t",
                confidence=1,
            )
        ],
        translation=Translation(score=0.0, verdict="unlikely", signs=[]),
        coverage=COVERAGE,
        components=[Component(name="copydesk.read", version="1")],
        warnings=["a warning"],
    )


def extraction() -> Extraction:
    """Return the part of `extract`."""
    mark = {"component": "test.maker", "rule": "t", "confidence": 1.0}
    quote = "“It is a disaster (for the town. - Ed.) and a shame,”"
    return Extraction(
        entities=[
            Entity(
                id="e1",
                type="PERSON",
                name="Signe Aasland",
                mentions=[Mention(**where("Signe Aasland"), kind="name", rule="t")],
                **mark,
            )
        ],
        quotes=[
            Quote(
                id="q1",
                kind="direct",
                segments=[Span(**where(quote))],
                speaker=Speaker(**where("Signe Aasland"), entity="e1", resolved_by="t", confidence=1.0),
                cue=Span(**where("said")),
                repairs=[Repair(offset=TEXT.index("“It"), found="“", meant="“", score=1.0)],
                **mark,
            )
        ],
        timexes=[Timex(**where("Monday"), type="DATE", **mark)],
        events=[
            Event(
                **where("shut on"),
                id="v1",
                kind="closure",
                who=["e1"],
                status="past",
                reported_by="q1",
                **mark,
            )
        ],
        coverage=COVERAGE,
        components=[Component(name="test.maker", version="1")],
    )


def _tone(words: str, score: float, evidence: str) -> SentenceTone:
    place = where(words)
    return SentenceTone(start=place["start"], end=place["end"], score=score, evidence=[evidence])


def classification() -> Classification:
    """Return the part of `classify`."""
    return Classification(
        topics=[
            Topic(
                code="medtop:04000000",
                label="economy",
                probability=0.5,
                evidence=["harbour"],
                component="copydesk.topics",
                rule="t",
            )
        ],
        sentence_tones=[
            _tone("Harbour shut", -0.5, "shut"),
            _tone("The harbour of Narvik was shut on Monday.", -0.5, "shut"),
            _tone(
                "“It is a disaster (for the town. - Ed.) and a shame,” Signe Aasland said.", -0.9, "disaster"
            ),
            _tone("“Whose fault is it?”", -0.3, "fault"),
        ],
        keywords=[Keyword(text="Narvik", score=1.0)],
        summary=[Span(**where("The harbour of Narvik was shut on Monday."))],
        shingles=[1, 2, 3],
        coverage=COVERAGE,
        components=[
            Component(name="copydesk.tone", version="1"),
            Component(name="copydesk.read", version="1"),
        ],
    )


def record() -> Record:
    """Return the record of the article."""
    return join(article(), extraction(), classification(), identity=IDENTITY, fingerprints=FINGERPRINTS)
