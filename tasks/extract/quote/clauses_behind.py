# ruff: noqa: RUF001, RUF002 - typographic marks as they stand in news
"""The clauses that report direct speech from behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tasks.extract.grammar import word_class
from tasks.extract.quote.contents import ADVERBIAL, content_start
from tasks.extract.quote.direct_clauses import LOOK_BACK, REACH, according, draft_of
from tasks.extract.quote.subjects import Subject, subject_after, subject_before, subject_opening

if TYPE_CHECKING:
    from tasks.extract.lexer import Words
    from tasks.extract.quote.marks import QuoteSpan
    from tasks.extract.quote.page import Draft, Page
    from tasks.extract.quote.reporting_verbs import Verb

_STOPPERS = frozenset({"!", "?", ";", ":"})
_PASSIVE = frozenset({"is", "are", "was", "were", "been", "be"})
_TAILS = ADVERBIAL | {".", ","}
"""Behind the verb of a clause that reports the quote before it."""
_SUBORDINATORS = word_class("subordinators")


def clause_behind(page: Page, span: QuoteSpan, limit: int) -> Draft | None:
    """`“Q,” S V`, `“Q,” V S`, `“Q” – S`, `“Q,” according to S`; before offset `limit`."""
    words = page.words
    low, high = page.paragraph_words[span.paragraph]
    at = page.first_word_from(span.outer_end, low, high)
    high = page.first_word_from(limit, at, high)
    while at < high and words.text[at] in {",", "”", "“", '"', "’", "'"}:
        at += 1
    if at >= high or words.lower[at] in _SUBORDINATORS:
        return None
    apart = words.sentence[at] - words.sentence[page.words_in(span)[1] - 1]
    if words.text[at] in {"–", "—", "-", "―"}:
        return _dash(page, span, at + 1, high) if apart <= 1 else None
    if words.lower[at] == "according":
        return according(page, span, at, high) if not apart else None
    end = _clause_end(page, at, high)
    verb = next(iter(page.verbs(at, end)), None)
    if verb is None or (apart and not (apart == 1 and _answers(page, span, verb, end))):
        return None
    if verb.cue.form == "gerund" or verb.first - at > REACH or (verb.first > at and _beside(words, verb)):
        return _behind_apposition(page, span, at, end)
    return _clause(page, span, verb, (at, min(high, end + 3))) or _behind_apposition(page, span, at, end)


def _clause(page: Page, span: QuoteSpan, verb: Verb, bounds: tuple[int, int]) -> Draft | None:
    """`S V` or `V S` between two words."""
    words = page.words
    at, high = bounds
    if "speech" not in verb.cue.kinds and words.lower[verb.first - 1] in _PASSIVE:
        return None
    if verb.first == at:
        subject = subject_after(words, verb.last, high, page.masked, page.mention_end)
        return draft_of(span, "quote_verb_subject", 0.95, subject, verb) if subject else None
    subject = subject_before(words, verb.first, at, page.masked, page.mention_end)
    if subject is None or subject.begin - at > 1:
        return None
    return draft_of(span, "quote_subject_verb", 0.95, subject, verb)


def _answers(page: Page, span: QuoteSpan, verb: Verb, end: int) -> bool:
    """`“Who is it?” S, a member of the panel, asked.`: it reports nothing but the quote before."""
    if page.text[span.end - 1] not in "!?" or verb.cue.form != "finite" or "speech" not in verb.cue.kinds:
        return False
    behind = page.words.lower[verb.last] if verb.last < len(page.words) else "."
    return behind in _TAILS and content_start(page, verb, end) is None


def _beside(words: Words, verb: Verb) -> bool:
    """Whether a comma or bracket stands before a verb, so that its subject is farther back."""
    return words.text[verb.first - 1] in {",", ")"}


def _behind_apposition(page: Page, span: QuoteSpan, at: int, end: int) -> Draft | None:
    """`“Q,” S (R-Ohio), a member of the panel that wants C, said`: the first verb behind a comma."""
    words = page.words
    for verb in page.verbs(at, end):
        if verb.cue.form != "finite" or "speech" not in verb.cue.kinds or not _beside(words, verb):
            continue
        subject = subject_opening(words, at, verb.first, page.mention_end)
        if subject is not None and not any(page.masked[i] for i in (at, verb.first - 2)):
            return draft_of(span, "quote_subject_verb", 0.9, subject, verb)
        return None
    return None


def _clause_end(page: Page, at: int, high: int) -> int:
    end = at
    limit = min(high, page.words.sentences[page.words.sentence[at]][1], at + 4 * REACH)
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


def mixed_behind(page: Page, span: QuoteSpan, limit: int) -> Draft | None:
    """`“Q” for criminal behavior, she said`: speech that goes on without marks up to the clause."""
    words = page.words
    low, high = page.paragraph_words[span.paragraph]
    at = page.first_word_from(span.outer_end, low, high)
    high = page.first_word_from(limit, at, high)
    inner = page.words_in(span)[1] - 1
    if at >= high or not words.text[at][0].islower() or words.sentence[at] != words.sentence[inner]:
        return None
    end = min(high, words.sentences[words.sentence[at]][1], at + LOOK_BACK)
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
