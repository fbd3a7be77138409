"""`copydesk.quotes`: who said what. Direct, mixed and indirect quotes, each with the rule that found it.

A sieve from high to low precision (`direct_quotes`, `indirect_quotes`), after which speakers are resolved in
the order of the text. A quote nobody can be found for keeps its words, with no speaker and an abstention.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from spacy.language import Language

from tasks.extract.coreference import PRONOUNS
from tasks.extract.direct_quotes import direct_quotes
from tasks.extract.indirect_quotes import indirect_quotes
from tasks.extract.lexer import Words, words_of
from tasks.extract.lexicon import lexicon
from tasks.extract.reporting import Draft, Page
from tasks.extract.speakers import Speakers
from worker.record import Abstention, Quote, Span, Speaker

if TYPE_CHECKING:
    from spacy.tokens import Doc

    from tasks.extract.quote_marks import QuoteMarks
    from worker.record import Entity, Note

NAME = "copydesk.quotes"


def find_quotes(
    text: str, words: Words, marks: QuoteMarks, entities: list[Entity], notes: list[Note]
) -> tuple[list[Quote], list[Abstention]]:
    """Return the quotes in order, and what was not decided. Pure; linear in the words."""
    page = Page(text, words, marks, entities)
    drafts = direct_quotes(page)
    drafts += indirect_quotes(page)
    drafts.sort(key=lambda draft: (draft.segments[0], draft.rule))
    speakers = Speakers(page, _genders(entities))
    quotes: list[Quote] = []
    abstentions: list[Abstention] = []
    made: dict[int, Quote] = {}
    for number, draft in enumerate(drafts, 1):
        quote = _quote(page, f"q{number}", draft, speakers, made, notes)
        made[id(draft)] = quote
        quotes.append(quote)
        if quote.speaker is None or quote.speaker.entity is None:
            abstentions.append(_abstain(quote))
    return quotes, abstentions


def _quote(
    page: Page, number: str, draft: Draft, speakers: Speakers, made: dict[int, Quote], notes: list[Note]
) -> Quote:
    text = page.text
    segments = [_span(text, start, end) for start, end in draft.segments]
    speaker: Speaker | None = None
    if draft.subject is not None:
        speaker = speakers.speaker(draft.subject, draft.paragraph)
    before = made.get(id(draft.inherits)) if draft.inherits is not None else None
    if before is not None and before.speaker is not None:
        speaker = before.speaker.model_copy(
            update={"resolved_by": draft.rule, "confidence": min(before.speaker.confidence, draft.confidence)}
        )
    cue = draft.cue or (page.offsets(draft.verb.first, draft.verb.last) if draft.verb else None)
    borders = {mark.offset for span in draft.spans for mark in (span.opened, span.closed) if mark}
    inside = [n for n in notes for s in segments if s.start <= n.start and n.end <= s.end]
    return Quote(
        id=number,
        kind=_kind(page, draft),
        segments=segments,
        speaker=speaker,
        cue=_span(text, *cue) if cue else None,
        addressee=_addressee(page, draft),
        continuation_of=before.id if before is not None and draft.continues else None,
        editor_notes=[_span(text, note.start, note.end) for note in inside],
        repairs=[repair for repair in page.marks.repairs if repair.offset in borders] if borders else [],
        component=NAME,
        rule=draft.rule,
        confidence=draft.confidence,
    )


def _kind(page: Page, draft: Draft) -> str:  # type: ignore[return]
    if draft.kind == "direct":
        return "direct"
    start, end = draft.segments[0]
    spans = page.spans.get(draft.paragraph, [])
    return "mixed" if any(start <= span.start and span.end <= end for span in spans) else "indirect"


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


class QuotesComponent:
    """Fills `doc._.quotes`; a quote without a speaker is named among the abstentions."""

    version: ClassVar[str] = "1"
    languages: ClassVar[tuple[str, ...]] = ("en",)

    def __call__(self, doc: Doc) -> Doc:
        """Find the quotes of the article."""
        article = doc._.article
        doc._.quotes, undecided = find_quotes(
            doc.text, words_of(doc), doc._.quote_marks, doc._.entities or [], article.notes
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
