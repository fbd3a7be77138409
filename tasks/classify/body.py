"""The words of an article that `classify` looks at, made once for a doc and shared by its components.

Only title, headings and paragraphs: datelines, bylines, boilerplate and editor's notes are left out.
"""

from __future__ import annotations

from bisect import bisect_left
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Literal, NamedTuple, Protocol, TypeVar

import numpy as np

from tasks.classify.sentences import sentence_spans
from tasks.classify.vocabulary import Column, vocabulary

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt
    from spacy.tokens import Doc

    from tasks.classify.vocabulary import Vocabulary
    from worker.record import Article

    Integers = npt.NDArray[np.int64]

Value = TypeVar("Value", bound=np.generic)
Kind = Literal["title", "heading", "paragraph"]
_CACHE = "copydesk.classify.body"
_LENGTH = Column(len, np.int64)
STARTS_ALNUM = Column(lambda word: word[0].isalnum(), np.bool_, lower=True)
"""Whether a word begins with a letter or a digit; the others are marks."""


class Span(Protocol):
    """Something that covers tokens."""

    @property
    def first(self) -> int:
        """Its first token."""

    @property
    def last(self) -> int:
        """The first token behind it."""


class Sentence(NamedTuple):
    """A sentence: `text[start:end]`, and its tokens `first <= i < last` in the lists of `Body`."""

    start: int
    end: int
    first: int
    last: int
    kind: Kind


class Body(NamedTuple):
    """Tokens (white space left out) in parallel rows, and the sentences over them.

    `numbers` [n] are the tokens' words in `vocabulary`, `lower_numbers` [n] these in lower case. What is
    known of a word by itself: `column`.
    """

    text: str
    tokens: list[str]
    lowers: list[str]
    starts: Integers
    ends: Integers
    sentences: list[Sentence]
    numbers: Integers
    lower_numbers: Integers
    vocabulary: Vocabulary

    def of_kind(self, *kinds: Kind) -> list[Sentence]:
        """Return the sentences that stand in blocks of these kinds."""
        return [sentence for sentence in self.sentences if sentence.kind in kinds]

    def column(self, column: Column[Value]) -> npt.NDArray[Value]:
        """Return the column's value [n] for every token."""
        return self.vocabulary.column(column).take(self.lower_numbers if column.lower else self.numbers)

    def written(self, first: int, last: int) -> str:
        """Return the words `first <= i < last` as they stand in the text, one space for any white space."""
        if last == first + 1:
            return self.tokens[first]
        return " ".join(self.text[self.starts[first] : self.ends[last - 1]].split())

    def places(self, wanted: npt.NDArray[np.bool_], spans: Sequence[Span]) -> list[list[int]]:
        """Return for each span of tokens (in order, none overlapping) the places in it that are wanted."""
        places = wanted.nonzero()[0]
        bounds = places.searchsorted([[span.first, span.last] for span in spans]).tolist() if spans else []
        found = places.tolist()
        return [found[low:high] for low, high in bounds]

    def within(self, *kinds: Kind) -> npt.NDArray[np.bool_]:
        """Return for every token [n] whether it stands in a block of one of these kinds."""
        sizes = [sentence.last - sentence.first for sentence in self.sentences]
        return np.array([sentence.kind in kinds for sentence in self.sentences], np.bool_).repeat(sizes)


def body_of(doc: Doc) -> Body:
    """Return the body of `doc._.article`; made at the first call, then kept."""
    body = doc.user_data.get(_CACHE)
    if not isinstance(body, Body):
        body = make_body(doc._.article)
        doc.user_data[_CACHE] = body
    return body


def make_body(article: Article) -> Body:
    """Return the body of an article."""
    text = article.text
    notes = sorted((note.start, note.end) for note in article.notes)
    spans = _sentences(article, notes)
    words = vocabulary()
    runs: list[str] = []
    sizes = []
    for start, end, _ in spans:
        before = len(runs)
        runs += text[start:end].split(" ")
        sizes.append(len(runs) - before)
    found = words.tokens(runs)
    firsts = [0, *found.ends.take(np.array(sizes, np.intp).cumsum() - 1).tolist()]
    counts = [last - first for first, last in pairwise(firsts)]
    numbers, starts = found.numbers, found.starts + np.array(_shifts(spans), np.int64).repeat(counts)
    if notes:
        kept = ~_inside(notes, starts)
        numbers, starts = numbers[kept], starts[kept]
        firsts = np.append(0, np.cumsum(kept))[firsts].tolist()
    lower_numbers = words.column(words.lower_number).take(numbers)
    return Body(
        text=text,
        tokens=words.column(words.written).take(numbers).tolist(),
        lowers=words.column(words.lower).take(lower_numbers).tolist(),
        starts=starts,
        ends=starts + words.column(_LENGTH).take(numbers),
        sentences=[
            Sentence(start, end, first, last, kind)
            for (start, end, kind), (first, last) in zip(spans, pairwise(firsts), strict=True)
        ],
        numbers=numbers,
        lower_numbers=lower_numbers,
        vocabulary=words,
    )


def _shifts(spans: Sequence[tuple[int, int, Kind]]) -> list[int]:
    """Return how far behind its place in all sentences' text, a space behind each, a sentence stands."""
    before = accumulate((end - start + 1 for start, end, _ in spans), initial=0)
    return [start - done for (start, _, _), done in zip(spans, before, strict=False)]


def _sentences(article: Article, notes: Sequence[tuple[int, int]]) -> list[tuple[int, int, Kind]]:
    found: list[tuple[int, int, Kind]] = []
    for block in article.blocks:
        if block.kind == "paragraph":
            low = bisect_left(notes, (block.start, -1))
            near = notes[low : bisect_left(notes, (block.end, -1), lo=low)]
            spans = sentence_spans(article.text, block.start, block.end, unbroken=near)
            found += [(start, end, "paragraph") for start, end in spans]
        elif block.kind in {"title", "heading"}:
            piece = article.text[block.start : block.end]
            start = block.start + len(piece) - len(piece.lstrip())
            end = block.start + len(piece.rstrip())
            if start < end:
                found.append((start, end, "title" if block.kind == "title" else "heading"))
    return found


def _inside(spans: Sequence[tuple[int, int]], offsets: Integers) -> npt.NDArray[np.bool_]:
    """Return for every offset whether it lies in one of the spans, which are sorted."""
    begins = np.array([start for start, _ in spans])
    ends = np.array([end for _, end in spans])
    at = np.searchsorted(begins, offsets, side="right") - 1
    return np.asarray((at >= 0) & (offsets < ends[at]))
