# ruff: noqa: RUF001, RUF002 - typographic marks as they stand in news
"""The clauses that report direct speech: behind it, before it, behind a dash, in the paragraph before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tasks.extract.quote.page import Draft
from tasks.extract.quote.subjects import Subject, subject_after, subject_before

if TYPE_CHECKING:
    from tasks.extract.quote.marks import QuoteSpan
    from tasks.extract.quote.page import Page
    from tasks.extract.quote.reporting_verbs import Verb

REACH = 14
"""Words between a quote and the verb that reports it."""
_LOOK_BACK = 80
"""Words of a sentence before a quote in which its clause is looked for."""
_STOPPERS = frozenset({"!", "?", ";", ":"})


def mixed_behind(page: Page, span: QuoteSpan, limit: int) -> Draft | None:
    """`“Q” for criminal behavior, she said`: speech that goes on without marks up to the clause."""
    words = page.words
    low, high = page.paragraph_words[span.paragraph]
    at = page.first_word_from(span.outer_end, low, high)
    high = page.first_word_from(limit, at, high)
    inner = page.words_in(span)[1] - 1
    if at >= high or not words.text[at][0].islower() or words.sentence[at] != words.sentence[inner]:
        return None
    end = min(high, words.sentences[words.sentence[at]][1], at + _LOOK_BACK)
    for verb in page.verbs(at, end)[-1:]:
        if "speech" not in verb.cue.kinds or verb.cue.form != "finite" or end - verb.last > 2:  # noqa: PLR2004
            continue
        subject = subject_before(words, verb.first, at, page.masked, page.mention_end)
        if subject is not None and words.text[subject.begin - 1] == ",":
            draft = draft_of(span, "quote_rest_subject_verb", 0.85, subject, verb)
            draft.kind = "mixed"
            draft.segments = [(span.outer_start, words.end[subject.begin - 2])]
            return draft
    return None


def draft_of(
    span: QuoteSpan, rule: str, confidence: float, subject: Subject | None = None, verb: Verb | None = None
) -> Draft:
    """Return a direct quote of one span; less sure where a mark is missing."""
    sure = confidence if span.opened and span.closed else confidence - 0.15
    segments = [(span.start, span.end)]
    return Draft("direct", segments, span.paragraph, rule, round(sure, 2), subject, verb, spans=[span])


def clause_behind(page: Page, span: QuoteSpan, limit: int) -> Draft | None:
    """`“Q,” S V` and `“Q,” V S`, in the sentence in which the quote ends; before offset `limit`."""
    words = page.words
    low, high = page.paragraph_words[span.paragraph]
    at = page.first_word_from(span.outer_end, low, high)
    high = page.first_word_from(limit, at, high)
    while at < high and words.text[at] in {",", "”", "“", '"', "’", "'"}:
        at += 1
    if at >= high or words.sentence[at] != words.sentence[page.words_in(span)[1] - 1]:
        return None
    if words.text[at] in {"–", "—", "-", "―"}:
        return _dash(page, span, at + 1, high)
    end = _clause_end(page, at, high)
    verb = next(iter(page.verbs(at, end)), None)
    if verb is None or verb.cue.form == "gerund" or verb.first - at > REACH:
        return None
    if verb.first == at:
        subject = subject_after(words, verb.last, min(high, end + 3), page.masked, page.mention_end)
        return draft_of(span, "quote_verb_subject", 0.95, subject, verb) if subject else None
    subject = subject_before(words, verb.first, at, page.masked, page.mention_end)
    if subject is None or subject.begin - at > 1:
        return None
    return draft_of(span, "quote_subject_verb", 0.95, subject, verb)


def _clause_end(page: Page, at: int, high: int) -> int:
    end = at
    limit = min(high, page.words.sentences[page.words.sentence[at]][1], at + 2 * REACH)
    while end < limit and page.words.text[end] not in _STOPPERS:
        end += 1
    return end


def _dash(page: Page, span: QuoteSpan, at: int, high: int) -> Draft | None:
    """`“Q” – S`; also `“Q,” – said S` of translated news."""
    if at >= high:
        return None
    for verb in page.verbs(at, min(high, at + REACH))[:1]:
        if verb.first == at:
            subject = subject_after(page.words, verb.last, high, page.masked, page.mention_end)
        else:
            subject = subject_before(page.words, verb.first, at, page.masked, page.mention_end)
        if subject is not None:
            return draft_of(span, "quote_dash_clause", 0.9, subject, verb)
    mention = page.mentions.get(at)
    if mention is not None and mention.entity.type == "PERSON" and high - mention.last <= 1:
        return draft_of(span, "quote_dash_name", 0.85, Subject(at, mention.last), None)
    return None


def clause_before(page: Page, span: QuoteSpan) -> Draft | None:
    """`S V: “Q”`, `S V, “Q”`, `S V “Q”`, `S: “Q”`; also from the end of the paragraph before."""
    words = page.words
    low, _ = page.paragraph_words[span.paragraph]
    at = page.first_word_from(span.outer_start, low, len(words)) - 1
    if at < low:
        return _introduced(page, span)
    first = max(words.sentences[words.sentence[at]][0], at - _LOOK_BACK)
    mark = words.text[at] if words.text[at] in {":", ",", "–", "—", "-"} else ""
    end = at if mark else at + 1
    verbs = page.verbs(first, end)
    for verb in reversed(verbs[-3:]):
        if verb.first in page.used or end - verb.last > REACH:
            continue
        if not mark and verb.last != end:
            continue
        if mark == "," and verb.last != end and not _addressee_only(page, verb.last, end):
            continue
        subject = subject_before(words, verb.first, first, page.masked, page.mention_end)
        if subject is None or verb.cue.form == "gerund":
            subject = page.opening_subject(first, verb) or subject
        if subject is None and mark == ":":
            subject = subject_after(words, verb.last, end, page.masked, page.mention_end)
        if subject is not None:
            return draft_of(
                span,
                "clause_before" + (":" if mark == ":" else ""),
                0.95 if mark == ":" else 0.9,
                subject,
                verb,
            )
    if mark == ":":
        return _name_and_colon(page, span, first, at)
    return None


def _addressee_only(page: Page, first: int, last: int) -> bool:
    """`told reporters on Sunday,`: no other clause between verb and quote."""
    return last - first <= REACH // 2 and not any(
        page.words.text[i] in {",", ";"} for i in range(first, last)
    )


def _name_and_colon(page: Page, span: QuoteSpan, first: int, colon: int) -> Draft | None:
    mention = page.mentions.get(first)
    if mention is not None and mention.last == colon and mention.entity.type in {"PERSON", "ORG"}:
        return draft_of(span, "name_colon", 0.9, Subject(first, colon), None)
    for at in range(colon - 1, max(first, colon - REACH) - 1, -1):
        mention = page.mentions.get(at)
        if mention is not None and mention.entity.type == "PERSON" and mention.kind == "name":
            return draft_of(span, "sentence_colon", 0.7, Subject(at, mention.last), None)
    return None


def _introduced(page: Page, span: QuoteSpan) -> Draft | None:
    """The paragraph before ends with a colon: `The minister wrote on Facebook:`."""
    before = [n for n in (span.paragraph - 1,) if n in page.paragraph_words]
    if not before:
        return None
    first, last = page.paragraph_words[before[0]]
    if page.words.text[last - 1] != ":":
        return None
    start = page.words.sentences[page.words.sentence[last - 1]][0]
    for verb in reversed(page.verbs(start, last - 1)):
        subject = subject_before(page.words, verb.first, max(first, start), page.masked, page.mention_end)
        if subject is not None and verb.first not in page.used:
            return draft_of(span, "paragraph_before:", 0.85, subject, verb)
    return None
