# ruff: noqa: RUF001 - typographic marks as they stand in news
"""Direct speech: which quoted spans are somebody's words, and which clause reports them.

From high to low precision: clause behind, clause before, split quotes, a name and a colon, continuation
paragraphs, floating quotes. Scare quotes, titles and fragments inside a clause are nobody's speech here.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from tasks.extract.quote.clauses_before import clause_before
from tasks.extract.quote.clauses_behind import clause_behind, mixed_behind
from tasks.extract.quote.contents import LEAST, has_verb
from tasks.extract.quote.direct_clauses import REACH, according_before, draft_of
from tasks.extract.quote.titles import is_title

if TYPE_CHECKING:
    from tasks.extract.quote.marks import QuoteSpan
    from tasks.extract.quote.page import Draft, Page

_FLOATING_SENTENCES = 5
_CLAUSE_WORDS = 6
_SPEECH_WORDS = 5
_ENDS = frozenset(".!?…")


def direct_quotes(page: Page) -> list[Draft]:
    """Return the direct quotes in order, and mask their words. O(words + marks)."""
    found: list[Draft] = []
    for number, spans in sorted(page.spans.items()):
        if number not in page.paragraph_words or page.words.paragraphs[number].heading:
            continue
        for span in spans:
            if is_title(page, span):
                page.titles.add(span.outer_start)
            elif _candidate(page, span):
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
    if last - first > 1 and page.text[span.end - 1] in _ENDS and _whole_sentence(page, span):
        return True
    return last - first >= _SPEECH_WORDS or _closed_by_comma(page, span) or _introduced(page, span)


def _inside_clause(page: Page, span: QuoteSpan) -> bool:
    """Whether the span begins inside a clause that is not a reporting one: `whether the “...”`."""
    low, _ = page.paragraph_words[span.paragraph]
    before = page.first_word_from(span.outer_start, low, len(page.words)) - 1
    if (
        before < low
        or _opens_line(page, before, span)
        or page.words.text[before]
        in {
            ":",
            ",",
            ".",
            "!",
            "?",
            "…",
            "–",
            "—",
            "-",
            "―",
            "”",
            '"',
        }
    ):
        return False
    if page.words.lower[before] in {"and", "but"} and page.words.text[before - 1] == ",":
        return not page.verbs(max(low, before - _CLAUSE_WORDS), before - 1)  # `he said, but “Q”`
    return not any(verb.last == before + 1 for verb in page.verbs(max(low, before - 1), before + 1))


def _opens_line(page: Page, before: int, span: QuoteSpan) -> bool:
    """Whether a line break stands between the word before and the mark."""
    return "\n" in page.text[page.words.end[before] : span.outer_start]


def _closed_by_comma(page: Page, span: QuoteSpan) -> bool:
    tail = page.text[span.end - 1]
    return tail in ",?!" or page.text[span.outer_end : span.outer_end + 1] == ","


def _introduced(page: Page, span: QuoteSpan) -> bool:
    """Whether a colon stands before the span, or a comma with a verb of saying near by."""
    low, _ = page.paragraph_words[span.paragraph]
    at = page.first_word_from(span.outer_start, low, len(page.words)) - 1
    if at < low or page.words.text[at] not in {":", ","}:
        return False
    return page.words.text[at] == ":" or bool(page.verbs(max(low, at - _SPEECH_WORDS), at))


def _paragraph(page: Page, number: int, spans: list[QuoteSpan], found: list[Draft]) -> None:
    last_here: Draft | None = None
    for order, span in enumerate(spans):
        first, last = page.words_in(span)
        if first >= last or not page.masked[first]:
            continue
        limit = _next_speech(page, spans, order) or page.words.paragraphs[number].end
        clause = clause_behind(page, span, limit) or mixed_behind(page, span, limit)
        if clause is None and last_here is not None and _split(page, last_here, span):
            _join(last_here, span, "+split")
            continue
        draft = (
            clause
            if clause is not None and _ends_with_comma(page, span)
            else clause_before(page, span) or clause
        )
        draft = draft or according_before(page, span)
        if draft is None and last_here is not None and _floats(page, last_here, span):
            _join(last_here, span, "+goes_on")
            continue
        draft = draft or _inherited(page, span, found)
        if draft is None:
            continue
        _take_in_beginning(page, draft, span)
        found.append(draft)
        last_here = draft
        if draft.verb is not None:
            page.used[draft.verb.first] = draft.subject


def _next_speech(page: Page, spans: list[QuoteSpan], order: int) -> int | None:
    """Return where the next span that may be speech begins; nicknames and titles are passed over."""
    for span in spans[order + 1 :]:
        first, last = page.words_in(span)
        if first < last and page.masked[first]:
            return span.outer_start
    return None


def _join(draft: Draft, span: QuoteSpan, how: str) -> None:
    """Make a span one more segment of the quote before."""
    draft.segments.append((span.start, span.end))
    draft.spans.append(span)
    draft.rule += "" if draft.rule.endswith(how) else how


def _take_in_beginning(page: Page, draft: Draft, span: QuoteSpan) -> None:
    """`With many systems, “there is no single point of failure,” he said`: the sentence is mixed speech."""
    words = page.words
    first = page.words_in(span)[0]
    if draft.verb is None or not words.text[first][0].islower():
        return
    if draft.rule == "clause_before":
        _take_in_frame(page, draft, span)
        return
    if not draft.rule.startswith("quote_"):
        return
    low, _ = page.paragraph_words[span.paragraph]
    opening = page.first_word_from(span.outer_start, low, len(words))
    start = words.sentences[words.sentence[first]][0]
    if (
        low <= start < opening
        and words.text[opening - 1] == ","
        and not any(page.masked[i] for i in (start, opening - 1))
    ):
        draft.kind = "mixed"
        draft.segments[0] = (words.start[start], span.outer_end)


def _take_in_frame(page: Page, draft: Draft, span: QuoteSpan) -> None:
    """`When the deal came, S said, “we were there”`: what stands before the clause is said as well."""
    words = page.words
    if draft.subject is None or draft.verb is None or "speech" not in draft.verb.cue.kinds:
        return
    start, comma = words.sentences[words.sentence[draft.subject.first]][0], draft.subject.begin - 1
    if comma - start < LEAST or words.text[comma] != "," or words.text[draft.verb.last] != ",":
        return
    if page.masked[start] or page.masked[comma - 1] or not has_verb(page, start, comma):
        return
    draft.kind = "mixed"
    draft.segments = [page.offsets(start, comma), (span.outer_start, span.outer_end)]


def _ends_with_comma(page: Page, span: QuoteSpan) -> bool:
    return page.text[span.start : span.end].rstrip("’'").endswith(",")


def _split(page: Page, draft: Draft, span: QuoteSpan) -> bool:
    """Whether only the reporting clause of `draft` stands between its last segment and this span."""
    if draft.verb is None or draft.subject is None:
        return False
    words = page.words
    if draft.rule.startswith("clause_before") or len(draft.segments) > 1:
        return not page.text[draft.spans[-1].outer_end : span.outer_start].strip(" \u00a0\n,.")
    last = max(draft.verb.last, draft.subject.last)
    opening = page.first_word_from(span.outer_start, 0, len(words))
    if (
        not draft.rule.startswith("quote_")
        or not 0 <= opening - last <= 2 * REACH
        or page.verbs(last, opening)
    ):
        return False
    stops = sum(words.text[i] in {".", "!", "?"} for i in range(last, opening))
    return stops == 0 or (stops == 1 and words.text[opening - 1] in {".", "!", "?"})


def _floats(page: Page, draft: Draft, span: QuoteSpan) -> bool:
    """Whether a span without a clause goes on with the quote before it in the paragraph.

    Of such pairs four in five are one quote in PolNeAR (train), whoever is named between them.
    """
    words = page.words
    first, last = page.words_in(span)
    if not _whole_sentence(page, span) or last - first < _SPEECH_WORDS:
        return False
    gap = words.sentence[first] - words.sentence[max(0, page.words_in(draft.spans[-1])[1] - 1)]
    return gap <= _FLOATING_SENTENCES and not _report_between(page, draft, first)


def _report_between(page: Page, draft: Draft, first: int) -> bool:
    """Whether somebody says something else between a quote with its clause and word `first`."""
    low = page.words_in(draft.spans[-1])[1]
    low = max(low, draft.verb.last if draft.verb is not None else low)
    plain = (verb.cue for verb in page.verbs(low, first))
    return any(
        cue.form == "finite" and "speech" in cue.kinds and "only_direct" not in cue.kinds for cue in plain
    )


def _inherited(page: Page, span: QuoteSpan, found: list[Draft]) -> Draft | None:
    """Continuation paragraphs and floating quotes: the speaker of the quote before; else nobody."""
    words = page.words
    first, last = page.words_in(span)
    low, _ = page.paragraph_words[span.paragraph]
    whole = _whole_sentence(page, span)
    before = found[-1] if found else None
    opens = page.first_word_from(span.outer_start, low, len(words)) == low
    if opens and before and before.paragraph == span.paragraph - 1 and before.spans[-1].continued:
        draft = draft_of(span, "continuation_paragraph", 0.9)
        draft.inherits, draft.continues = before, True
        return draft
    if not whole or last - first < _SPEECH_WORDS:
        return None
    if before is not None and span.paragraph - before.paragraph <= 1:
        gap = words.sentence[first] - words.sentence[max(0, page.words_in(before.spans[-1])[1] - 1)]
        if gap <= _FLOATING_SENTENCES and not _report_between(page, before, first):
            draft = draft_of(span, "floating_quote", 0.65)
            draft.inherits = before
            return draft
    return draft_of(span, "no_clause", 0.5)


def _whole_sentence(page: Page, span: QuoteSpan) -> bool:
    """Whether the span is one or more sentences by itself, not a fragment of the author's sentence."""
    first, last = page.words_in(span)
    words = page.words
    bracket = words.text[first] in {"[", "("} and first + 1 < last  # `[I]f it was`
    opener = words.text[first + bracket]
    begins = opener[0].isupper() or opener[0].isdigit() or opener == "..."
    low, _ = page.paragraph_words[span.paragraph]
    opening = page.first_word_from(span.outer_start, low, len(words))
    starts = opening == low or words.text[opening - 1] in _ENDS | {":", "”", '"', "“"}
    starts = starts or _opens_line(page, opening - 1, span)
    return begins and starts and (page.text[span.end - 1] in _ENDS or last - first >= 2 * _SPEECH_WORDS)


def follow_reports(page: Page, drafts: list[Draft]) -> None:
    """Give a quote without a clause the speaker of the sentence before: `S said that C. “Q.”`.

    `drafts` are all quotes in the order of the text; a report is one of indirect or mixed speech.
    """
    words = page.words
    for before, draft in pairwise(drafts):
        if draft.rule != "no_clause" or before.kind == "direct" or before.subject is None:
            continue
        sentence = words.sentence[page.words_in(draft.spans[0])[0]]
        if words.sentence[before.subject.first] == sentence - 1 and draft.paragraph - before.paragraph <= 1:
            draft.inherits, draft.rule, draft.confidence = before, "floating_after_report", 0.6
