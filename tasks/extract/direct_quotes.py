"""Direct speech: which quoted spans are somebody's words, and which clause reports them.

From high to low precision: clause behind, clause before, split quotes, a name and a colon, continuation
paragraphs, floating quotes. Scare quotes, titles and fragments inside a clause are nobody's speech here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tasks.extract.clauses import Subject, Verb, subject_after, subject_before
from tasks.extract.reporting import Draft

if TYPE_CHECKING:
    from tasks.extract.quote_marks import QuoteSpan
    from tasks.extract.reporting import Page

_FLOATING_SENTENCES = 5
_SPEECH_WORDS = 5
_REACH = 14
_ENDS = frozenset(".!?…")
_STOPPERS = frozenset({".", "!", "?", ";", ":"})


def direct_quotes(page: Page) -> list[Draft]:
    """Return the direct quotes in order, and mask their words. O(words + marks)."""
    found: list[Draft] = []
    for number, spans in sorted(page.spans.items()):
        if number not in page.paragraph_words or page.words.paragraphs[number].heading:
            continue
        for span in spans:
            if _candidate(page, span):
                for i in range(*page.words_in(span)):
                    page.masked[i] = True
    for number, spans in sorted(page.spans.items()):
        if number in page.paragraph_words and not page.words.paragraphs[number].heading:
            _paragraph(page, number, spans, found)
    return found


def _candidate(page: Page, span: QuoteSpan) -> bool:
    """Whether a span may be speech by its own looks; what is left out stays part of its clause."""
    first, last = page.words_in(span)
    if last <= first or _inside_clause(page, span):
        return False
    return last - first >= _SPEECH_WORDS or _closed_by_comma(page, span) or _before(page, span) == ":"


def _inside_clause(page: Page, span: QuoteSpan) -> bool:
    """Whether the span begins inside a clause that is not a reporting one: `whether the “...”`."""
    low, _ = page.paragraph_words[span.paragraph]
    before = page.first_word_from(span.outer_start, low, len(page.words)) - 1
    if before < low or page.words.text[before] in {":", ",", ".", "!", "?", "…", "–", "—", "-", "”", '"'}:
        return False
    return not any(verb.last == before + 1 for verb in page.verbs(max(low, before - 1), before + 1))


def _closed_by_comma(page: Page, span: QuoteSpan) -> bool:
    tail = page.text[span.end - 1]
    return tail in ",?!" or page.text[span.outer_end : span.outer_end + 1] == ","


def _before(page: Page, span: QuoteSpan) -> str:
    low, _ = page.paragraph_words[span.paragraph]
    at = page.first_word_from(span.outer_start, low, len(page.words)) - 1
    return page.words.text[at] if at >= low else ""


def _paragraph(page: Page, number: int, spans: list[QuoteSpan], found: list[Draft]) -> None:
    last_here: Draft | None = None
    for order, span in enumerate(spans):
        first, last = page.words_in(span)
        if first >= last or not page.masked[first]:
            continue
        limit = spans[order + 1].outer_start if order + 1 < len(spans) else page.words.paragraphs[number].end
        clause = _clause_behind(page, span, limit)
        if clause is None and last_here is not None and _split(page, last_here, span):
            last_here.segments.append((span.start, span.end))
            last_here.spans.append(span)
            last_here.rule += "+split" if not last_here.rule.endswith("+split") else ""
            continue
        draft = (
            clause if clause is not None and _ends_with_comma(page, span) else _clause_before(page, span) or clause
        ) or _inherited(page, span, found)
        if draft is None:
            continue
        found.append(draft)
        last_here = draft
        if draft.verb is not None:
            page.used.add(draft.verb.first)


def _ends_with_comma(page: Page, span: QuoteSpan) -> bool:
    return page.text[span.end - 1] == ","


def _draft(
    span: QuoteSpan, rule: str, confidence: float, subject: Subject | None, verb: Verb | None
) -> Draft:
    confidence = confidence if span.opened and span.closed else confidence - 0.15
    return Draft(
        "direct",
        [(span.start, span.end)],
        span.paragraph,
        rule,
        round(confidence, 2),
        subject,
        verb,
        spans=[span],
    )


def _clause_behind(page: Page, span: QuoteSpan, limit: int) -> Draft | None:
    """`“Q,” S V` and `“Q,” V S`, in the sentence in which the quote ends."""
    words = page.words
    low, high = page.paragraph_words[span.paragraph]
    at = page.first_word_from(span.outer_end, low, high)
    high = page.first_word_from(limit, at, high)
    while at < high and words.text[at] in {",", "”", "“", '"', "’", "'"}:
        at += 1
    if at >= high:
        return None
    inner = page.words_in(span)[1] - 1
    if words.sentence[at] != words.sentence[inner]:
        return None
    if words.text[at] in {"–", "—", "-"}:
        return _dash(page, span, at + 1, high)
    end = at
    while end < high and end - at < 2 * _REACH and words.text[end] not in _STOPPERS:
        end += 1
    for verb in page.verbs(at, end)[:1]:
        if verb.cue.form == "gerund" or verb.first - at > _REACH:
            break
        if verb.first == at:
            subject = subject_after(words, verb.last, min(high, end + 3), page.masked, page.mention_end)
            rule = "quote_verb_subject"
        else:
            subject = subject_before(words, verb.first, at, page.masked, page.mention_end)
            rule = "quote_subject_verb"
            if subject is not None and subject.first - at > 1:
                subject = None
        if subject is not None:
            return _draft(span, rule, 0.95, subject, verb)
    return None


def _dash(page: Page, span: QuoteSpan, at: int, high: int) -> Draft | None:
    """`“Q” – S`; also `“Q,” – said S` of translated news."""
    if at >= high:
        return None
    for verb in page.verbs(at, min(high, at + _REACH))[:1]:
        if verb.first == at:
            subject = subject_after(page.words, verb.last, high, page.masked, page.mention_end)
        else:
            subject = subject_before(page.words, verb.first, at, page.masked, page.mention_end)
        if subject is not None:
            return _draft(span, "quote_dash_clause", 0.9, subject, verb)
    mention = page.mentions.get(at)
    if mention is not None and mention.entity.type == "PERSON" and high - mention.last <= 1:
        return _draft(span, "quote_dash_name", 0.85, Subject(at, mention.last), None)
    return None


def _split(page: Page, draft: Draft, span: QuoteSpan) -> bool:
    """Whether only the reporting clause of `draft` stands between its last segment and this span."""
    if draft.verb is None or draft.subject is None:
        return False
    words = page.words
    start = page.word_at.get(span.start)
    if start is None:
        return False
    if draft.rule.startswith("clause_before"):
        between = page.text[draft.spans[-1].outer_end : span.outer_start]
        return not between.strip(" \u00a0\n,.")
    last = max(draft.verb.last, draft.subject.last)
    if draft.verb.first < (page.word_at.get(draft.spans[0].start) or 0):
        return False
    if len(draft.segments) > 1:
        between = page.text[draft.spans[-1].outer_end : span.outer_start]
        return not between.strip(" \u00a0\n,.")
    opening = page.first_word_from(span.outer_start, last, start)
    if opening - last > _REACH:
        return False
    stops = sum(words.text[i] in {".", "!", "?"} for i in range(last, opening))
    return stops == 0 or (stops == 1 and words.text[opening - 1] in {".", "!", "?"})


def _clause_before(page: Page, span: QuoteSpan) -> Draft | None:
    """`S V: “Q”`, `S V, “Q”`, `S V “Q”`, `S: “Q”`; also from the end of the paragraph before."""
    words = page.words
    low, _ = page.paragraph_words[span.paragraph]
    at = page.first_word_from(span.outer_start, low, len(words)) - 1
    if at < low:
        return _introduced(page, span)
    first = words.sentences[words.sentence[at]][0]
    mark = words.text[at] if words.text[at] in {":", ",", "–", "—", "-"} else ""
    end = at if mark else at + 1
    verbs = page.verbs(first, end)
    for verb in reversed(verbs[-3:]):
        if verb.first in page.used or end - verb.last > _REACH:
            continue
        if not mark and verb.last != end:
            continue
        if mark == "," and verb.last != end and not _addressee_only(page, verb.last, end):
            continue
        subject = subject_before(words, verb.first, first, page.masked, page.mention_end)
        if subject is None and verb is verbs[-1] and len(verbs) > 1 and verb.cue.form == "gerund":
            continue
        if subject is None and mark == ":":
            subject = subject_after(words, verb.last, end, page.masked, page.mention_end)
        if subject is not None:
            return _draft(span, "clause_before" + (":" if mark == ":" else ""), 0.95 if mark == ":" else 0.9, subject, verb)
    if mark == ":":
        return _name_and_colon(page, span, first, at)
    return None


def _addressee_only(page: Page, first: int, last: int) -> bool:
    """`told reporters on Sunday,`: no other clause between verb and quote."""
    return last - first <= _REACH // 2 and not any(page.words.text[i] in {",", ";"} for i in range(first, last))


def _name_and_colon(page: Page, span: QuoteSpan, first: int, colon: int) -> Draft | None:
    mention = page.mentions.get(first)
    if mention is not None and mention.last == colon and mention.entity.type in {"PERSON", "ORG"}:
        return _draft(span, "name_colon", 0.9, Subject(first, colon), None)
    for at in range(colon - 1, max(first, colon - _REACH) - 1, -1):
        mention = page.mentions.get(at)
        if mention is not None and mention.entity.type == "PERSON" and mention.kind == "name":
            return _draft(span, "sentence_colon", 0.7, Subject(at, mention.last), None)
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
            return _draft(span, "paragraph_before:", 0.85, subject, verb)
    return None


def _inherited(page: Page, span: QuoteSpan, found: list[Draft]) -> Draft | None:
    """Continuation paragraphs and floating quotes: the speaker of the quote before; else nobody."""
    words = page.words
    first, last = page.words_in(span)
    low, _ = page.paragraph_words[span.paragraph]
    whole = _whole_sentence(page, span)
    before = found[-1] if found else None
    if before is not None and before.paragraph == span.paragraph - 1 and before.spans[-1].continued:
        if page.first_word_from(span.outer_start, low, len(words)) == low:
            draft = _draft(span, "continuation_paragraph", 0.9, None, None)
            draft.inherits, draft.continues = before, True
            return draft
    if not whole or last - first < _SPEECH_WORDS:
        return None
    if before is not None and span.paragraph - before.paragraph <= 1:
        gap = words.sentence[first] - words.sentence[max(0, page.words_in(before.spans[-1])[1] - 1)]
        if gap <= _FLOATING_SENTENCES:
            draft = _draft(span, "floating_quote", 0.65, None, None)
            draft.inherits = before
            return draft
    return _draft(span, "no_clause", 0.5, None, None)


def _whole_sentence(page: Page, span: QuoteSpan) -> bool:
    """Whether the span is one or more sentences by itself, not a fragment of the author's sentence."""
    first, last = page.words_in(span)
    words = page.words
    begins = words.text[first][0].isupper() or words.text[first][0].isdigit() or words.text[first] == "..."
    low, _ = page.paragraph_words[span.paragraph]
    opening = page.first_word_from(span.outer_start, low, len(words))
    starts = opening == low or words.text[opening - 1] in _ENDS | {":", "”", '"', "“"}
    return begins and starts and (page.text[span.end - 1] in _ENDS or last - first >= 2 * _SPEECH_WORDS)
