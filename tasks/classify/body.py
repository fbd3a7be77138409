"""The words of an article that `classify` looks at, made once for a doc and shared by its components.

Only title, headings and paragraphs: datelines, bylines, boilerplate and editor's notes are left out.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING, Literal, NamedTuple

from tasks.classify.sentences import sentence_spans
from tasks.classify.words import words_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spacy.tokens import Doc

    from worker.record import Article

Kind = Literal["title", "heading", "paragraph"]
_CACHE = "copydesk.classify.body"


class Sentence(NamedTuple):
    """A sentence: `text[start:end]`, and its tokens `first <= i < last` in the lists of `Body`."""

    start: int
    end: int
    first: int
    last: int
    kind: Kind


class Body(NamedTuple):
    """Tokens (white space left out) in parallel lists, and the sentences over them."""

    text: str
    tokens: list[str]
    lowers: list[str]
    starts: list[int]
    ends: list[int]
    sentences: list[Sentence]

    def of_kind(self, *kinds: Kind) -> list[Sentence]:
        """Return the sentences that stand in blocks of these kinds."""
        return [sentence for sentence in self.sentences if sentence.kind in kinds]


def body_of(doc: Doc) -> Body:
    """Return the body of `doc._.article`; made at the first call, then kept."""
    body = doc.user_data.get(_CACHE)
    if not isinstance(body, Body):
        body = _make(doc._.article)
        doc.user_data[_CACHE] = body
    return body


def _make(article: Article) -> Body:
    text = article.text
    notes = sorted((note.start, note.end) for note in article.notes)
    body = Body(text, [], [], [], [], [])
    starts, tokens = body.starts, body.tokens
    for start, end, kind in _sentences(article, notes):
        first = len(tokens)
        words = words_of(text, start, end)
        if notes:
            words = [(at, word) for at, word in words if not _inside(notes, at)]
        starts += [at for at, _ in words]
        tokens += [word for _, word in words]
        body.sentences.append(Sentence(start, end, first, len(tokens), kind))
    body.lowers.extend([word.lower() for word in tokens])
    body.ends.extend([at + len(word) for at, word in zip(starts, tokens, strict=True)])
    return body


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


def _inside(spans: Sequence[tuple[int, int]], offset: int) -> bool:
    at = bisect_right(spans, (offset, 1 << 62)) - 1
    return at >= 0 and spans[at][0] <= offset < spans[at][1]
