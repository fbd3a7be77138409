"""Articles by hand and the pipeline of quote marks, sentences, names and quotes over them."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING

import tasks.extract  # noqa: F401 - it registers the components
from tasks import pipeline
from worker.record import Article, Block, Coverage, Note, Translation

if TYPE_CHECKING:
    from collections.abc import Collection

    from spacy.language import Language
    from spacy.tokens import Doc

    from worker.record import Entity, Quote

COMPONENTS = ("copydesk.quote_marks", "copydesk.sentences", "copydesk.names", "copydesk.quotes")


def article(text: str, *, headings: Collection[int] = (), notes: Collection[str] = ()) -> Article:
    """Return an article whose paragraphs stand between blank lines; `headings` are numbers of paragraphs."""
    ends = [match.end() for match in re.finditer(r"\n\s*\n", text)] + [len(text)]
    bounds = [(start, end) for start, end in zip([0, *ends], ends, strict=False) if start < end]
    blocks = [
        Block(start=start, end=end, kind="heading" if number in headings else "paragraph", rule="test")
        for number, (start, end) in enumerate(bounds)
    ]
    spans = [(text.index(note), note) for note in notes]
    return Article(
        coverage=Coverage(characters_read=len(text)),
        media_type="text/plain",
        text=text,
        language="en",
        blocks=blocks,
        notes=[
            Note(
                start=start,
                end=start + len(note),
                text=note,
                component="test",
                rule="test",
                confidence=1.0,
                kind="editor",
            )
            for start, note in spans
        ],
        translation=Translation(score=0.0, verdict="unlikely", signs=[]),
    )


@functools.cache
def language() -> Language:
    """Return the pipeline, built once."""
    return pipeline.build(COMPONENTS)


def annotate(text: str, *, headings: Collection[int] = (), notes: Collection[str] = ()) -> Doc:
    """Return the annotated doc of a text."""
    doc, _ = pipeline.run(language(), article(text, headings=headings, notes=notes))
    return doc


def speaker(quote: Quote, entities: list[Entity]) -> str | None:
    """Return the name of the entity that speaks, or None."""
    wanted = quote.speaker.entity if quote.speaker else None
    return next((entity.name for entity in entities if entity.id == wanted), None)


def check_offsets(doc: Doc) -> None:
    """Check that every span is the text it claims to be."""
    text = doc.text
    for entity in doc._.entities:
        for span in [*entity.mentions, *entity.roles]:
            assert text[span.start : span.end] == span.text
    for quote in doc._.quotes:
        for span in [*quote.segments, *quote.editor_notes, *filter(None, (quote.cue, quote.speaker))]:
            assert text[span.start : span.end] == span.text
        for repair in quote.repairs:
            assert text[repair.offset : repair.offset + len(repair.found)] == repair.found
    for mark in doc._.quote_marks.marks:
        assert text[mark.offset : mark.end] == mark.glyph
