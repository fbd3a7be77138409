"""`copydesk.quotes`: who said what. Direct, mixed and indirect quotes, each with the rule that found it.

A sieve from high to low precision (`direct_quotes`, `indirect_quotes`), voted with what the news model finds
where it ran (`vote`); then speakers are resolved in the order of the text. A quote nobody can be found for
keeps its words, with no speaker and an abstention.
"""

from __future__ import annotations

import bisect
from typing import TYPE_CHECKING, ClassVar, Literal

from spacy.language import Language

from tasks.extract.lexer import Words, words_of
from tasks.extract.lexicon import lexicon
from tasks.extract.name.coreference import PRONOUNS
from tasks.extract.quote.direct import direct_quotes, follow_reports
from tasks.extract.quote.indirect import indirect_quotes
from tasks.extract.quote.interviews import interview_turns
from tasks.extract.quote.learned import learned_of
from tasks.extract.quote.page import Draft, Page
from tasks.extract.quote.speakers import Speakers
from tasks.extract.quote.vote import vote
from worker.record import Abstention, Quote, Span, Speaker

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spacy.tokens import Doc

    from tasks.extract.quote.learned import Learned
    from tasks.extract.quote.marks import QuoteMarks
    from worker.record import Entity, Note

NAME = "copydesk.quotes"


def find_quotes(
    text: str,
    words: Words,
    marks: QuoteMarks,
    entities: list[Entity],
    notes: list[Note],
    *,
    learned: Learned | None = None,
) -> tuple[list[Quote], list[Abstention]]:
    """Return the quotes in order, and what was not decided. Pure; linear in the words.

    `learned` is what the news model says; None: the rules decide alone.
    """
    page = Page(text, words, marks, entities)
    drafts = interview_turns(page, direct_quotes(page))
    drafts += indirect_quotes(page)
    drafts.sort(key=lambda draft: (draft.segments[0], draft.rule))
    follow_reports(page, drafts)
    left: list[tuple[int, int]] = []
    if learned is not None:
        drafts, left = vote(page, drafts, learned)
    maker = _Maker(page, notes)
    quotes = [maker.quote(number, draft) for number, draft in enumerate(_each_once(drafts), 1)]
    undecided = (quote for quote in quotes if quote.speaker is None or quote.speaker.entity is None)
    return quotes, [_abstain(quote) for quote in undecided] + [_left_out(*extent) for extent in left]


def _each_once(drafts: list[Draft]) -> list[Draft]:
    """Return the drafts, of those with the same words one: with somebody who says them, then the surest."""
    best: dict[tuple[tuple[int, int], ...], Draft] = {}
    for draft in drafts:
        other = best.setdefault(tuple(draft.segments), draft)
        if _rank(draft) > _rank(other):
            best[tuple(draft.segments)] = draft
    kept = [draft for draft in drafts if best[tuple(draft.segments)] is draft]
    for draft in kept:
        if draft.inherits is not None:
            before = best.get(tuple(draft.inherits.segments), draft.inherits)
            draft.inherits = before if before is not draft else None
    return kept


def _rank(draft: Draft) -> tuple[bool, float]:
    return draft.subject is not None or draft.inherits is not None, draft.confidence


class _Maker:
    """Makes quotes of drafts, in the order of the text."""

    def __init__(self, page: Page, notes: list[Note]) -> None:
        self.page = page
        self.speakers = Speakers(page, _genders(page.entities))
        self.notes = sorted(notes, key=lambda note: note.start)
        self.repairs = {repair.offset: repair for repair in page.marks.repairs}
        self.made: dict[int, Quote] = {}

    def quote(self, number: int, draft: Draft) -> Quote:
        """Return the quote; its id is `q` and the number."""
        page = self.page
        before = self.made.get(id(draft.inherits)) if draft.inherits is not None else None
        cue = draft.cue or (page.offsets(draft.verb.first, draft.verb.last) if draft.verb else None)
        borders = sorted(mark.offset for span in draft.spans for mark in (span.opened, span.closed) if mark)
        notes = [note for start, end in draft.segments for note in self._notes(start, end)]
        quote = Quote(
            id=f"q{number}",
            kind=_kind(page, draft),
            segments=[_span(page.text, start, end) for start, end in draft.segments],
            said=" ".join(_said(page.text, start, end, notes) for start, end in draft.segments),
            speaker=self._speaker(draft, before),
            cue=_span(page.text, *cue) if cue else None,
            addressee=_addressee(page, draft),
            continuation_of=before.id if before is not None and draft.continues else None,
            editor_notes=notes,
            repairs=[self.repairs[offset] for offset in borders if offset in self.repairs],
            component=NAME,
            rule=draft.rule,
            confidence=draft.confidence,
        )
        self.made[id(draft)] = quote
        return quote

    def _speaker(self, draft: Draft, before: Quote | None) -> Speaker | None:
        if before is not None and before.speaker is not None:
            confidence = min(before.speaker.confidence, draft.confidence)
            return before.speaker.model_copy(update={"resolved_by": draft.rule, "confidence": confidence})
        if draft.subject is None:
            return None
        return self.speakers.speaker(draft.subject, draft.paragraph, named=draft.named)

    def _notes(self, start: int, end: int) -> Iterator[Span]:
        at = bisect.bisect_left(self.notes, start, key=lambda note: note.start)
        while at < len(self.notes) and self.notes[at].start < end:
            note = self.notes[at]
            if note.end <= end:
                yield _span(self.page.text, note.start, note.end)
            at += 1


def _kind(page: Page, draft: Draft) -> Literal["direct", "mixed", "indirect"]:
    if draft.kind == "indirect" and any(page.spans_inside(draft.paragraph, *s) for s in draft.segments):
        return "mixed"
    return draft.kind


def _addressee(page: Page, draft: Draft) -> str | None:
    if draft.addressee is None:
        return None
    for at in range(draft.addressee.first, draft.addressee.last):
        mention = page.mentions.get(at)
        if mention is not None and mention.entity.type in {"PERSON", "ORG", "LOC"}:
            return mention.entity.id
    return None


def _span(text: str, start: int, end: int) -> Span:
    return Span(start=start, end=end, text=text[start:end])


def _said(text: str, start: int, end: int, notes: list[Span]) -> str:
    """Return the words between two offsets without the notes in them."""
    pieces = []
    for note in notes:
        if start <= note.start < end:
            pieces.append(text[start : note.start])
            start = note.end
    return " ".join(" ".join([*pieces, text[start:end]]).split())


def _genders(entities: list[Entity]) -> dict[str, str]:
    """Return what pronouns and given names say about the people of the article."""
    found: dict[str, str] = {}
    lex = lexicon()
    for entity in entities:
        if entity.type != "PERSON":
            continue
        for mention in entity.mentions:
            if mention.kind == "pronoun":
                found.setdefault(entity.id, PRONOUNS[mention.text.lower()])
        given = entity.name.split()[0]
        if given in lex.male or given in lex.female:
            found.setdefault(entity.id, "male" if given in lex.male else "female")
    return found


def _abstain(quote: Quote) -> Abstention:
    start, end = quote.segments[0].start, quote.segments[-1].end
    if quote.speaker is None:
        return Abstention(
            component=NAME, what="speaker", why="no clause says whose words these are", start=start, end=end
        )
    return Abstention(
        component=NAME,
        what="speaker's entity",
        why="the words that name the speaker stand for nobody with a name",
        start=quote.speaker.start,
        end=quote.speaker.end,
    )


def _left_out(start: int, end: int) -> Abstention:
    return Abstention(
        component=NAME,
        what="whether this is reported speech",
        why="the news model alone takes it for that, and is not sure",
        start=start,
        end=end,
    )


class QuotesComponent:
    """Fills `doc._.quotes`; a quote without a speaker is named among the abstentions."""

    version: ClassVar[str] = "6"
    languages: ClassVar[tuple[str, ...]] = ("en",)

    def __call__(self, doc: Doc) -> Doc:
        """Find the quotes of the article."""
        article = doc._.article
        words = words_of(doc)
        doc._.quotes, undecided = find_quotes(
            doc.text,
            words,
            doc._.quote_marks,
            doc._.entities or [],
            article.notes,
            learned=learned_of(doc, words),
        )
        doc._.abstentions += undecided
        return doc


@Language.factory(
    NAME.replace(".", "_"),
    assigns=["doc._.quotes"],
    requires=["doc._.article", "doc._.quote_marks", "token.is_sent_start", "doc._.entities"],
)
def make_quotes(nlp: Language, name: str) -> QuotesComponent:  # noqa: ARG001 - spaCy's signature
    """Return the component."""
    return QuotesComponent()
