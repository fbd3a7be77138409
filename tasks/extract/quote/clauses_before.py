# ruff: noqa: RUF001 - typographic marks as they stand in news
"""The clauses that report direct speech from before it, or from the end of the paragraph before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tasks.extract.cue_verbs import verb_class
from tasks.extract.quote.direct_clauses import LOOK_BACK, REACH, draft_of
from tasks.extract.quote.subjects import Subject, subject_after, subject_before

if TYPE_CHECKING:
    from tasks.extract.quote.marks import QuoteSpan
    from tasks.extract.quote.page import Draft, Page
    from tasks.extract.quote.reporting_verbs import Verb

_LONGEST_NAME = 6
_NAMING = verb_class("naming")
_WHILE = frozenset({"after", "before", "by", "then", "while"})
"""Behind these a verb in -ing has the subject of its clause: `she left before asking`."""
_NOUNS = verb_class("nouns")


def clause_before(page: Page, span: QuoteSpan) -> Draft | None:
    """`S V: “Q”`, `S V, “Q”`, `S V “Q”`, `S: “Q”`; also from the end of the paragraph before."""
    words = page.words
    low, _ = page.paragraph_words[span.paragraph]
    at = page.first_word_from(span.outer_start, low, len(words)) - 1
    if at < low:
        return _introduced(page, span)
    first = max(words.sentences[words.sentence[at]][0], at - LOOK_BACK)
    mark = words.text[at] if words.text[at] in {":", ",", "–", "—", "-"} else ""
    end = at if mark else at + 1
    verbs = page.verbs(first, end)
    if mark == "," and _in_that_clause(page, verbs, end):
        return None
    by = _noun_by(page, first, at) if mark == ":" else None
    if by is not None:
        return draft_of(span, "noun_colon", 0.8, by, None)
    for verb in reversed(verbs[-3:]):
        if verb.first in page.used or not _reaches(page, verb, mark, end):
            continue
        subject = _subject(page, verb, first)
        if subject is None and mark == ":":
            subject = subject_after(words, verb.last, end, page.masked, page.mention_end)
        if subject is not None:
            rule, sure = ("clause_before:", 0.95) if mark == ":" else ("clause_before", 0.9)
            return draft_of(span, rule, sure, subject, verb)
    if mark == ":":
        return _noun_and_colon(page, span, first, at) or _name_and_colon(page, span, first, at)
    near = verbs[-1:] if mark == "," or (verbs and verbs[-1].last == end) else []
    return _nobody(page, span, near, end)


def _reaches(page: Page, verb: Verb, mark: str, end: int) -> bool:
    """Whether nothing but somebody who is told stands between a verb and the `mark` before a quote."""
    if end - verb.last > REACH:
        return False
    if not mark:
        return verb.last == end and verb.cue.base not in _NAMING
    return mark == ":" or verb.last == end or _addressee_only(page, verb.last, end)


def _nobody(page: Page, span: QuoteSpan, verbs: list[Verb], end: int) -> Draft | None:
    """`while chanting, “Q”`: a verb of saying right before the quote, and nobody who says it."""
    for verb in verbs:
        plain = "speech" in verb.cue.kinds and verb.cue.base not in _NAMING
        if plain and verb.first not in page.used and _addressee_only(page, verb.last, end):
            return draft_of(span, "verb_before", 0.6, None, verb)
    return None


def _subject(page: Page, verb: Verb, first: int) -> Subject | None:
    """Return who says it before a quote: `S said`, `S came, saying`, `a tape of S saying`."""
    words = page.words
    if verb.cue.form != "gerund":
        own = subject_before(words, verb.first, first, page.masked, page.mention_end)
        return own or page.opening_subject(first, verb, coordinated=True)
    for at in range(verb.first - 1, max(first, verb.first - _LONGEST_NAME) - 1, -1):
        mention = page.mentions.get(at)
        if mention is not None and mention.last == verb.first and mention.entity.type == "PERSON":
            return Subject(at, mention.last)
    own = page.opening_subject(first, verb)
    if own is None and words.lower[verb.first - 1] in _WHILE:
        own = page.last_subject(first, verb.first) or page.main_subject(first, verb.first)
    return own or subject_before(words, verb.first, first, page.masked, page.mention_end)


def _in_that_clause(page: Page, verbs: list[Verb], end: int) -> bool:
    """`S said via email that, “Q” against C`: the sentence is mixed speech."""
    last = verbs[-1].last if verbs else end
    return any(page.words.lower[i] == "that" for i in range(last, end))


def _noun_by(page: Page, first: int, colon: int) -> Subject | None:
    """`in a statement by S:`: the name behind a noun of saying."""
    words = page.words
    for at in range(colon - 1, max(first, colon - REACH) - 1, -1):
        if words.lower[at] in _NOUNS and words.lower[at + 1] in {"by", "from"}:
            mention = page.mentions.get(at + 2)
            if mention is not None and mention.entity.type in {"PERSON", "ORG"}:
                return Subject(at + 2, mention.last)
    return None


def _noun_and_colon(page: Page, span: QuoteSpan, first: int, colon: int) -> Draft | None:
    """`S made the following comment:`, `in a statement by S:`."""
    subject = _noun_by(page, first, colon)
    if subject is None and any(
        page.words.lower[i] in _NOUNS for i in range(max(first, colon - REACH), colon)
    ):
        subject = page.main_subject(first, colon)
    return draft_of(span, "noun_colon", 0.8, subject, None) if subject else None


def _addressee_only(page: Page, first: int, last: int) -> bool:
    """`told reporters on Sunday,`: no other clause between verb and quote."""
    return last - first <= REACH // 2 and not any(
        page.words.text[i] in {",", ";"} for i in range(first, last)
    )


def _name_and_colon(page: Page, span: QuoteSpan, first: int, colon: int) -> Draft | None:
    mention = page.mentions.get(first)
    if mention is not None and mention.last == colon and mention.entity.type in {"PERSON", "ORG"}:
        return draft_of(span, "name_colon", 0.9, Subject(first, colon), None)
    opening = page.main_subject(first, colon)
    if opening is not None:
        return draft_of(span, "sentence_colon", 0.7, opening, None)
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
        if "only_direct" in verb.cue.kinds and last - verb.last > REACH:
            continue
        subject = subject_before(page.words, verb.first, max(first, start), page.masked, page.mention_end)
        if subject is None:  # `Added Berg:`
            subject = subject_after(page.words, verb.last, last - 1, page.masked, page.mention_end)
        if subject is not None and verb.first not in page.used:
            return draft_of(span, "paragraph_before:", 0.85, subject, verb)
    return _noun_and_colon(page, span, max(first, start), last - 1)
