"""What the clauses that report direct speech share; and `according to S`, on either side of a quote."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tasks.extract.quote.frames import publisher
from tasks.extract.quote.page import Draft
from tasks.extract.quote.subjects import Subject, subject_after

if TYPE_CHECKING:
    from tasks.extract.quote.marks import QuoteSpan
    from tasks.extract.quote.page import Page
    from tasks.extract.quote.reporting_verbs import Verb

REACH = 14
"""Words between a quote and the verb that reports it."""
LOOK_BACK = 80
"""Words of a sentence in which its clause is looked for."""


def draft_of(
    span: QuoteSpan, rule: str, confidence: float, subject: Subject | None = None, verb: Verb | None = None
) -> Draft:
    """Return a direct quote of one span; less sure where a mark is missing."""
    sure = confidence if span.opened and span.closed else confidence - 0.15
    segments = [(span.start, span.end)]
    return Draft("direct", segments, span.paragraph, rule, round(sure, 2), subject, verb, spans=[span])


def according(page: Page, span: QuoteSpan, at: int, high: int) -> Draft | None:
    """`“Q,” according to S` and `According to S, “Q”`; `at` is the word `according`."""
    words = page.words
    if at + 2 >= high or words.lower[at + 1] != "to":
        return None
    subject = subject_after(words, at + 2, high, page.masked, page.mention_end)
    if subject is None:
        return None
    draft = draft_of(span, "according_to", 0.9, publisher(page, subject, high) or subject)
    draft.cue = page.offsets(at, at + 2)
    return draft


def according_before(page: Page, span: QuoteSpan) -> Draft | None:
    """`According to S, “Q”`: direct speech where Q begins a sentence of its own, else mixed."""
    words = page.words
    low, high = page.paragraph_words[span.paragraph]
    comma = page.first_word_from(span.outer_start, low, high) - 1
    if comma < low or words.text[comma] not in {",", ":"}:
        return None
    first = words.sentences[words.sentence[comma]][0]
    draft = according(page, span, first, comma) if words.lower[first] == "according" else None
    if draft is not None and draft.subject is not None and draft.subject.last != comma:
        return None  # `According to S, T said that “Q”`
    if draft is not None and page.text[span.start].islower():
        draft.kind, draft.segments = "mixed", [(span.outer_start, span.outer_end)]
    return draft
