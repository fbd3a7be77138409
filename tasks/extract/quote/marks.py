# ruff: noqa: RUF001 - typographic marks as they stand in news
"""`copydesk.quote_marks`: the quote marks of the text as they are meant, whatever was typed.

For each paragraph the cheapest reading of its glyphs is chosen (`mark_states`). The text is not edited:
a mark that means another one than its glyph says is a `Repair` beside it. Linear in the text.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, Literal

from spacy.language import Language

from tasks.extract.lexer import Paragraph, paragraphs_of
from tasks.extract.quote.mark_costs import DOUBLE, SINGLE, Style, double_costs, single_costs, style_of
from tasks.extract.quote.mark_guesses import guess_end, guess_start, reporting_clause
from tasks.extract.quote.mark_states import END_CONTINUED, END_INSIDE, Costs, read_marks
from worker.record import Abstention, Repair

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spacy.tokens import Doc

NAME = "copydesk.quote_marks"
SURE = 0.6
_OPENERS = "“\"„«‘'”``"


@dataclass(frozen=True, slots=True)
class QuoteMark:
    """One glyph, read. `score` is the probability against its best other reading."""

    offset: int
    glyph: str
    meant: Literal["open", "close"]
    score: float
    single: bool = False

    @property
    def end(self) -> int:
        """Offset past the glyph."""
        return self.offset + len(self.glyph)


@dataclass(frozen=True, slots=True)
class QuoteSpan:
    """What stands between two marks: `start`, `end` without them, white space trimmed.

    `opened` or `closed` is None where the mark is missing; then the border is a guess. `continued` says
    that there is no closing mark because the next paragraph goes on.
    """

    start: int
    end: int
    outer_start: int
    outer_end: int
    opened: QuoteMark | None
    closed: QuoteMark | None
    paragraph: int
    continued: bool = False
    nested: bool = False


@dataclass(slots=True)
class QuoteMarks:
    """All marks in order of offset, the spans between them, and the repairs."""

    marks: list[QuoteMark] = field(default_factory=list)
    spans: list[QuoteSpan] = field(default_factory=list)
    repairs: list[Repair] = field(default_factory=list)

    @property
    def top(self) -> list[QuoteSpan]:
        """Spans that stand in no other span, in order."""
        return [span for span in self.spans if not span.nested]


def find_quote_marks(text: str, paragraphs: list[Paragraph]) -> QuoteMarks:
    """Return the marks of `text`; a span never leaves its paragraph. Pure, O(len(text))."""
    found = QuoteMarks()
    style = style_of(text)
    for number, paragraph in enumerate(paragraphs):
        following = paragraphs[number + 1] if number + 1 < len(paragraphs) else None
        goes_on = following is not None and not following.heading and text[following.start] in _OPENERS
        spans: list[QuoteSpan] = []
        for single in (False, True):
            marks = list(_read(text, paragraph, style, single=single, goes_on=goes_on))
            found.marks += marks
            spans += _spans(text, paragraph, number, marks, goes_on=goes_on)
        found.spans += _nest(spans)
    found.marks.sort(key=lambda mark: mark.offset)
    found.repairs = [repair for mark in found.marks if (repair := _repair(mark, style))]
    return found


def _read(
    text: str, paragraph: Paragraph, style: Style, *, single: bool, goes_on: bool
) -> Iterator[QuoteMark]:
    bounds = (paragraph.start, paragraph.end)
    places: list[tuple[int, str]] = []
    costs: list[Costs] = []
    for match in (SINGLE if single else DOUBLE).finditer(text, *bounds):
        glyph = match.group()
        cost = (single_costs if single else double_costs)(text, match.start(), glyph, bounds, style)
        if cost is not None:
            places.append((match.start(), glyph))
            costs.append(cost)
    end_inside = END_CONTINUED if goes_on and not single else END_INSIDE
    for (offset, glyph), reading in zip(places, read_marks(costs, end_inside=end_inside), strict=True):
        if reading.meaning != "ignore":
            yield QuoteMark(offset, glyph, reading.meaning, reading.score, single)


def _spans(
    text: str, paragraph: Paragraph, number: int, marks: list[QuoteMark], *, goes_on: bool
) -> Iterator[QuoteSpan]:
    opened: QuoteMark | None = None
    free_from = paragraph.start
    for mark in marks:
        if mark.meant == "open":
            if opened is not None and not opened.single:
                end = guess_end(text, opened.end, mark.offset)
                yield _span(text, (opened.end, end), opened, None, paragraph=number)
                free_from = end
            opened = mark
            continue
        if opened is not None:
            yield _span(text, (opened.end, mark.offset), opened, mark, paragraph=number)
        elif not mark.single:
            start = guess_start(text, free_from, mark.offset)
            yield _span(text, (start, mark.offset), None, mark, paragraph=number)
        opened, free_from = None, mark.end
    if opened is not None and not opened.single:
        clause = reporting_clause(text, opened.end, paragraph.end)
        continued = goes_on and clause is None
        end = paragraph.end if continued else guess_end(text, opened.end, paragraph.end)
        yield _span(text, (opened.end, end), opened, None, paragraph=number, continued=continued)


def _span(
    text: str,
    border: tuple[int, int],
    opened: QuoteMark | None,
    closed: QuoteMark | None,
    *,
    paragraph: int,
    continued: bool = False,
) -> QuoteSpan:
    start, end = border
    outer = (opened.offset if opened else start, closed.end if closed else end)
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return QuoteSpan(start, end, *outer, opened, closed, paragraph, continued)


def _nest(spans: list[QuoteSpan]) -> list[QuoteSpan]:
    """Return the spans in order; one inside another is marked as nested, one across another dropped."""
    spans = sorted((s for s in spans if s.start < s.end), key=lambda s: (s.outer_start, -s.outer_end))
    kept: list[QuoteSpan] = []
    top_end = -1
    for span in spans:
        if span.outer_start >= top_end:
            kept.append(span)
            top_end = span.outer_end
        elif span.outer_end <= top_end:
            fields = (span.start, span.end, span.outer_start, span.outer_end)
            kept.append(
                QuoteSpan(*fields, span.opened, span.closed, span.paragraph, span.continued, nested=True)
            )
    return kept


def _repair(mark: QuoteMark, style: Style) -> Repair | None:
    said = style.direction(mark.glyph)
    if said is None or said == mark.meant or (mark.single and mark.glyph == "’" and mark.score < SURE):
        return None
    pairs = {"single": ("‘", "’"), "double": ("“", "”"), "angle": ("«", "»")}
    family = "angle" if mark.glyph in "«»‹›" else "single" if mark.single else "double"
    meant = pairs[family][0 if mark.meant == "open" else 1]
    if family == "angle" and style.inward:
        meant = pairs[family][1 if mark.meant == "open" else 0]
    if family == "double" and style.german:
        meant = "„" if mark.meant == "open" else "“"
    return Repair(offset=mark.offset, found=mark.glyph, meant=meant, score=mark.score)


class QuoteMarksComponent:
    """Fills `doc._.quote_marks`; abstains from nothing, but names every mark it is unsure of."""

    version: ClassVar[str] = "1"
    languages: ClassVar[tuple[str, ...]] = ("en",)

    def __call__(self, doc: Doc) -> Doc:
        """Read the marks of the article."""
        doc._.quote_marks = find_quote_marks(doc.text, paragraphs_of(doc._.article))
        doc._.abstentions += [
            Abstention(
                component=NAME,
                what=f"whether {mark.glyph} opens or closes",
                why="the signs around it contradict each other",
                start=mark.offset,
                end=mark.end,
            )
            for mark in doc._.quote_marks.marks
            if mark.score < SURE and not mark.single
        ]
        return doc


@Language.factory(NAME.replace(".", "_"), assigns=["doc._.quote_marks"], requires=["doc._.article"])
def make_quote_marks(nlp: Language, name: str) -> QuoteMarksComponent:  # noqa: ARG001 - spaCy's signature
    """Return the component."""
    return QuoteMarksComponent()
