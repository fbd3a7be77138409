# ruff: noqa: RUF001 - typographic marks as they stand in news
"""Segments of a quote out of the pieces that the news model finds, cut and joined by marks and paragraphs."""

from __future__ import annotations

import bisect
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tasks.extract.quote.learned import Piece
    from tasks.extract.quote.marks import QuoteSpan
    from tasks.extract.quote.page import Page

MARKS = frozenset("“”\"«»„‘’'`")
_LOOSE_WORDS = 1
"""Words of a content that may stand outside the marks of direct speech: a full stop."""


class Segments:
    """Reads pieces of one page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.words = page.words
        self.spans = page.marks.top
        self._starts = [span.outer_start for span in self.spans]

    def words_of(self, segments: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
        """Return the words (first, last exclusive) of offsets."""
        words = self.words
        return [(bisect.bisect_right(words.end, s), bisect.bisect_left(words.start, e)) for s, e in segments]

    def of_pieces(self, pieces: Sequence[Piece]) -> list[tuple[int, int]]:
        """Return the offsets of pieces, joined over white space and marks and cut at paragraphs."""
        found = [offsets for piece in pieces for offsets in self._paragraphs(piece)]
        return self.joined(sorted(found))

    def joined(self, segments: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
        """Return segments in order, those in one that only white space and marks stand between."""
        text = self.page.text
        found: list[tuple[int, int]] = []
        for start, end in segments:
            between = text[found[-1][1] : start] if found else "."
            gap = all(c.isspace() or c in MARKS for c in between)
            if gap and self._paragraph(found[-1][0]) == self._paragraph(start):
                found[-1] = (found[-1][0], max(end, found[-1][1]))
            else:
                found.append((start, end))
        return found

    def _paragraph(self, offset: int) -> int:
        return self.words.paragraph[bisect.bisect_right(self.words.end, offset)]

    def _paragraphs(self, piece: Piece) -> list[tuple[int, int]]:
        """Return the offsets of a piece, one for each paragraph."""
        words = self.words
        found = []
        first = piece.first
        while first < piece.last:
            last = first
            while last < piece.last and words.paragraph[last] == words.paragraph[first]:
                last += 1
            if words.paragraphs[words.paragraph[first]].kind == "dateline":
                first = last
                continue
            start = piece.start if first == piece.first else words.start[first]
            end = piece.end if last == piece.last else words.end[last - 1]
            found.append((start, end))
            first = last
        return found

    def words_outside(self, pieces: Sequence[Piece], segments: Sequence[tuple[int, int]]) -> int:
        """Count the words of pieces that lie in none of the segments; marks and punctuation aside."""
        inside = {word for first, last in self.words_of(segments) for word in range(first, last)}
        return sum(
            word not in inside and self.words.text[word][0].isalnum()
            for piece in pieces
            for word in range(piece.first, piece.last)
        )

    def read(
        self, pieces: Sequence[Piece]
    ) -> tuple[list[tuple[int, int]], list[QuoteSpan], Literal["direct", "mixed", "indirect"]]:
        """Return segments, the quoted spans in them, and the kind of speech."""
        segments = self.of_pieces(pieces)
        spans = [span for start, end in segments for span in self._touching(start, end)]
        if not spans:
            return segments, [], "indirect"
        quoted = [(span.start, span.end) for span in spans]
        size = sum(piece.last - piece.first for piece in pieces)
        covered = sum(last - first for first, last in self.words_of(quoted))
        if self.words_outside(pieces, quoted) <= _LOOSE_WORDS and covered <= size + _LOOSE_WORDS:
            return quoted, spans, "direct"
        return segments, [], "mixed"

    def _touching(self, start: int, end: int) -> list[QuoteSpan]:
        at = max(0, bisect.bisect_right(self._starts, start) - 1)
        found = []
        while at < len(self.spans) and self.spans[at].outer_start < end:
            if self.spans[at].end > start:
                found.append(self.spans[at])
            at += 1
        return found
