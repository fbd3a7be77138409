"""Cuts an article into windows that the encoder can read, so that no word is left out or dies on an edge.

A window ends between two paragraphs where one can be found, and the next begins there. Otherwise two windows
overlap, the later one beginning at a sentence where one can be found, and each word is read from the window
in which it stands farthest from an edge.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING, Final

import numpy as np

from tasks.extract.encoder.pieces import GAPS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

NOWHERE, SENTENCE, PARAGRAPH = 0, 1, 2
"""What may begin at a word: nothing, a sentence, a paragraph."""

OVERLAP = 16
"""Words that two windows have in common, more or less, when no paragraph ends between them."""

_SLACK = 16
"""Words by which the overlap may differ so that a window begins with a sentence."""

LINE, BLANK_LINE = GAPS.index("line"), GAPS.index("paragraph")
_STOPS: Final = frozenset({".", "!", "?", "…", "...", ".."})
_CLOSERS: Final = frozenset("\"'”’»)]")  # noqa: RUF001 - as they stand in news


@dataclass(frozen=True, slots=True)
class Windows:
    """`spans` are windows (first word, past the last word) in order; every word is in at least one.

    `home[word]` is the window in which the word stands farthest from an edge, the earlier of two. Word
    numbers in `truncated` have more pieces than a window holds: only the first pieces of them are read.
    """

    spans: list[tuple[int, int]]
    home: NDArray[np.int32]
    truncated: list[int]


def breaks_of(words: Sequence[str], gaps: Sequence[int]) -> list[int]:
    """Return for each word what may begin there, by the gap before it (see `pieces.gap_of`) and full stops.

    A line break is the end of a paragraph only behind a full stop: some texts break lines within sentences.
    """
    found = []
    stopped = False
    for word, gap in zip(words, gaps, strict=True):
        if gap == BLANK_LINE:
            found.append(PARAGRAPH)
        elif gap == LINE:
            found.append(PARAGRAPH if stopped else SENTENCE)
        elif stopped and word not in _CLOSERS:
            found.append(SENTENCE)
        else:
            found.append(NOWHERE)
        stopped = word in _STOPS or (stopped and word in _CLOSERS)
    return found


def cut(counts: Sequence[int], breaks: Sequence[int], *, max_pieces: int, overlap: int = OVERLAP) -> Windows:
    """Cut words of `counts` pieces each into windows of at most `max_pieces` with [CLS] and [SEP].

    Pure; O(words). At least a sixth of each window but the last is read for the first time, whatever the
    counts, because an overlap is at most a third of a window and no window is cut before its half.
    """
    budget = max_pieces - 2
    truncated = [word for word, count in enumerate(counts) if count > budget]
    ends = [0, *accumulate(min(count, budget) for count in counts)]
    spans = _Cutter(ends, breaks, budget, overlap).spans()
    return Windows(spans, _home(spans, len(counts)), truncated)


@dataclass(slots=True)
class _Cutter:
    """`ends[i]` is the number of pieces before word i."""

    ends: list[int]
    breaks: Sequence[int]
    budget: int
    overlap: int

    def spans(self) -> list[tuple[int, int]]:
        """Return the windows."""
        count = len(self.ends) - 1
        spans: list[tuple[int, int]] = []
        first = done = 0
        while done < count:
            if self.ends[count] - self.ends[first] <= self.budget:
                last = count
            else:
                full = self._full(first)
                last = self._paragraph(first, full, done) or self._sentence(first, full, done) or full
            spans.append((first, last))
            done = last
            between = last < count and self.breaks[last] == PARAGRAPH
            first = last if between else self._start_before(last, count)
        return spans

    def _full(self, first: int) -> int:
        """Return the word past the last that still fits into a window that begins at `first`."""
        low, high = first, min(len(self.ends) - 1, first + self.budget)
        most = self.ends[first] + self.budget
        while low < high:
            middle = (low + high + 1) // 2
            if self.ends[middle] <= most:
                low = middle
            else:
                high = middle - 1
        return low

    def _ends_late(self, first: int, last: int, done: int) -> bool:
        return last > done and 2 * (self.ends[last] - self.ends[first]) >= self.budget

    def _paragraph(self, first: int, full: int, done: int) -> int | None:
        """Return the end of a paragraph that makes this window and those to come about equally long."""
        rest = self.ends[-1] - self.ends[first]
        wanted = self.ends[first] + rest / -(-rest // self.budget)
        best = None
        for last in range(full, first, -1):
            if not self._ends_late(first, last, done):
                break
            near = best is None or abs(self.ends[last] - wanted) < abs(self.ends[best] - wanted)
            if self.breaks[last] == PARAGRAPH and near:
                best = last
        return best

    def _sentence(self, first: int, full: int, done: int) -> int | None:
        """Return the last end of a sentence in this window."""
        for last in range(full, first, -1):
            if not self._ends_late(first, last, done):
                break
            if self.breaks[last] >= SENTENCE:
                return last
        return None

    def _start_before(self, last: int, count: int) -> int:
        """Return where the window after one that ends at `last` begins: it has to hold word `last` too."""
        if last >= count:
            return last
        lowest = last
        least = max(self.ends[last] - self.budget // 3, self.ends[last + 1] - self.budget)
        while lowest > max(0, last - self.overlap - _SLACK) and self.ends[lowest - 1] >= least:
            lowest -= 1
        wanted = max(lowest, last - self.overlap)
        starts = [
            word for word in range(lowest, max(wanted, last - _SLACK) + 1) if self.breaks[word] >= SENTENCE
        ]
        return min(starts, key=lambda word: abs(word - wanted), default=wanted)


def _home(spans: list[tuple[int, int]], count: int) -> NDArray[np.int32]:
    home = np.zeros(count, dtype=np.int32)
    farthest = np.full(count, -1, dtype=np.int32)
    for number, (first, last) in enumerate(spans):
        places = np.arange(last - first, dtype=np.int32)
        left = places if first else np.full_like(places, count)  # the text's own ends are no edges
        right = places[::-1] if last < count else np.full_like(places, count)
        distance = np.minimum(left, right)
        better = distance > farthest[first:last]
        home[first:last][better] = number
        farthest[first:last][better] = distance[better]
    return home
