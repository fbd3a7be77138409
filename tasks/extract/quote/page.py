# ruff: noqa: RUF001 - typographic marks as they stand in news
"""What the sieves for quotes share: an article's words with masks and mentions, and a quote in the making."""

from __future__ import annotations

import bisect
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from tasks.extract.grammar import word_class
from tasks.extract.quote.reporting_verbs import Verb, auxiliary_start, verbs_in
from tasks.extract.quote.subjects import Subject

if TYPE_CHECKING:
    from tasks.extract.lexer import Words
    from tasks.extract.quote.marks import QuoteMarks, QuoteSpan
    from worker.record import Entity


_ENDS_OFFICE = word_class("prepositions") | word_class("finite") | word_class("clause_words")
_LONGEST_OFFICE = 6
"""Words of `Band member Anna Berg` up to the name."""
_LONGEST_OPENING = 16
"""Words of `In a speech earlier in the day,` at most."""


@dataclass(frozen=True, slots=True)
class MentionAt:
    """A mention as words `first` to `last` (exclusive)."""

    first: int
    last: int
    entity: Entity
    kind: str


@dataclass(slots=True)
class Draft:
    """A quote in the making; `segments` are offsets in the text, `cue` and `subject` are words."""

    kind: Literal["direct", "mixed", "indirect"]
    segments: list[tuple[int, int]]
    paragraph: int
    rule: str
    confidence: float
    subject: Subject | None = None
    verb: Verb | None = None
    cue: tuple[int, int] | None = None
    spans: list[QuoteSpan] = field(default_factory=list)
    addressee: Subject | None = None
    named: Subject | None = None
    """The words in `subject` that name the source, where these are not all of them."""
    inherits: Draft | None = None
    continues: bool = False
    """Goes on with the speech of `inherits`, and does not only have the same speaker."""


class Page:
    """One article: words, marks and mentions by word."""

    def __init__(self, text: str, words: Words, marks: QuoteMarks, entities: list[Entity]) -> None:
        self.text = text
        self.words = words
        self.marks = marks
        self.entities = entities
        self.spans: dict[int, list[QuoteSpan]] = {}
        for span in marks.top:
            self.spans.setdefault(span.paragraph, []).append(span)
        self.word_at: dict[int, int] = {start: i for i, start in enumerate(words.start)}
        self.masked = [False] * len(words)
        """Words inside direct speech, set by the first sieve."""
        self.titles: set[int] = set()
        """Where quoted titles of works begin, set by the first sieve."""
        self.mentions: dict[int, MentionAt] = {}
        self._index_mentions()
        self.mention_end = {first: mention.last for first, mention in self.mentions.items()}
        self.used: dict[int, Subject | None] = {}
        """Verbs that already report something, and whose words."""

    def _index_mentions(self) -> None:
        ends = {end: i + 1 for i, end in enumerate(self.words.end)}
        for entity in self.entities:
            for mention in entity.mentions:
                first, last = self.word_at.get(mention.start), ends.get(mention.end)
                if first is not None and last is not None:
                    old = self.mentions.get(first)
                    if old is None or old.last < last:
                        self.mentions[first] = MentionAt(first, last, entity, mention.kind)

    @cached_property
    def paragraph_words(self) -> dict[int, tuple[int, int]]:
        """Return paragraph number -> (first word, past the last word)."""
        found: dict[int, tuple[int, int]] = {}
        for first, last in self.words.sentences:
            number = self.words.paragraph[first]
            found[number] = (found.get(number, (first, last))[0], last)
        return found

    def opens_at(self, offset: int) -> bool:
        """Whether a quote opens with a mark at `offset`."""
        return offset in self._openings

    def span_from(self, offset: int) -> int | None:
        """Return the offset past the quote that a mark at `offset` opens and another closes."""
        return self._spans_from.get(offset)

    @cached_property
    def _spans_from(self) -> dict[int, int]:
        return {s.outer_start: s.outer_end for s in self.marks.top if s.opened and s.closed}

    @cached_property
    def _openings(self) -> frozenset[int]:
        return frozenset(span.outer_start for span in self.marks.top if span.opened is not None)

    @cached_property
    def _closings(self) -> dict[int, tuple[int, int]]:
        """Offset of a closing mark -> (offset past it, offset of the opening mark)."""
        spans = (span for span in self.marks.top if span.opened and span.closed)
        return {span.closed.offset: (span.outer_end, span.outer_start) for span in spans if span.closed}

    def past_closing_mark(self, start: int, end: int) -> int:
        """Return `end`, past a full stop and the mark that closes a quote opened behind `start`."""
        for offset in (end, end + 1):
            past, opened = self._closings.get(offset, (0, -1))
            if opened >= start:
                return past
        return end

    def spans_inside(self, paragraph: int, start: int, end: int) -> list[QuoteSpan]:
        """Return the top spans of a paragraph that lie wholly between two offsets."""
        spans = self.spans.get(paragraph, [])
        at = bisect.bisect_left(spans, start, key=lambda span: span.start)
        found = []
        while at < len(spans) and spans[at].end <= end:
            found.append(spans[at])
            at += 1
        return found

    def first_word_from(self, offset: int, low: int, high: int) -> int:
        """Return the first word of [low, high) that starts at or behind `offset`; `high` if none."""
        starts = self.words.start
        while low < high:
            middle = (low + high) // 2
            if starts[middle] < offset:
                low = middle + 1
            else:
                high = middle
        return low

    def words_in(self, span: QuoteSpan) -> tuple[int, int]:
        """Return the words inside a quote span."""
        first, last = self.paragraph_words.get(span.paragraph, (0, 0))
        return self.first_word_from(span.start, first, last), self.first_word_from(span.end, first, last)

    def opening_subject(self, first: int, verb: Verb, *, coordinated: bool = False) -> Subject | None:
        """Return the subject that opens a sentence: `Clinton mocked the complaint, saying that C`.

        `coordinated`: also for `Clinton mocked the complaint but said that C`.
        """
        start = auxiliary_start(self.words, verb.first, first)
        before = self.words.text[start - 1] if start - first > 1 else ""
        if verb.cue.form != "gerund" and not (coordinated and before in {"and", "but"}):
            return None
        if before != "," and verb.cue.form == "gerund":
            return None
        return self.main_subject(first, verb.first)

    def main_subject(self, first: int, end: int) -> Subject | None:
        """Return the person or organisation that opens a sentence, also behind `On Monday,`."""
        words = self.words
        while first < end and not words.text[first][0].isalnum():
            first += 1
        found = self._opens_with(first, end)
        if found is not None:
            return found
        limit = min(end, first + _LONGEST_OPENING)
        comma = next((i for i in range(first, limit) if words.text[i] == ","), None)
        return self._opens_with(comma + 1, end) if comma is not None else None

    def last_subject(self, first: int, end: int) -> Subject | None:
        """Return whose words the last verb between two words reports that is taken already."""
        verbs = [at for at in range(first, end) if at in self.used]
        return self.used[verbs[-1]] if verbs else None

    def _opens_with(self, first: int, end: int) -> Subject | None:
        """Return `she`, `Berg`, `the Council` or `Band member Anna Berg` at a word."""
        words = self.words
        if first < end and words.lower[first] in {"he", "she", "they"}:
            return Subject(first, first + 1)
        for at in range(first, min(end, first + _LONGEST_OFFICE)):
            mention = self.mentions.get(at)
            if mention is not None and mention.last <= end and mention.entity.type in {"PERSON", "ORG"}:
                person = mention.entity.type == "PERSON"
                if words.lower[mention.last] in {"'s", "’s"} or not (person or at - first <= 1):
                    return None
                return Subject(first if at - first <= 1 else at, mention.last)
            if words.lower[at] in _ENDS_OFFICE or not words.text[at][0].isalnum():
                return None
        return None

    def verbs(self, first: int, last: int) -> list[Verb]:
        """Return the verbs of saying between two words, outside direct speech."""
        return verbs_in(self.words, first, last, self.masked)

    def offsets(self, first: int, last: int) -> tuple[int, int]:
        """Return the offsets of words `first` to `last` (exclusive)."""
        return self.words.start[first], self.words.end[last - 1]
