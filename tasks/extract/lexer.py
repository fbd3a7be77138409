# ruff: noqa: RUF001, RUF002 - typographic marks as they stand in news
"""Words and paragraphs of an article, as the rules of this room see them.

Words are our own and not spaCy's tokens: `Jean-Luc`, `O’Brien`, `Mr.` and `U.S.` are one word each, a
possessive `’s` is a word of its own, and offsets are code points of `text`. `Berg-Roth talks` is three words
where the article has both `Berg` and `Roth` by themselves. Everything is linear.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spacy.tokens import Doc

    from worker.record import Article

_WORD = re.compile(
    r"(?:[^\W\d_]\.){2,}"  # U.S., a.m.
    r"|(?:Mrs?|Ms|Dr|Prof|Gen|Sens?|Reps?|Gov|Lt|Col|Sgt|Capt|Maj|Adm|Cmdr|Rev|Hon|Messrs|Mme|Amb|Pres|St|Mt|Ft|Jr|Sr)"
    r"\.(?=\s)"
    r"|Del\.(?=\s[A-Z])"
    r"|[A-Z]\.(?=\s[A-Z])"  # initials
    r"|\d+(?:[.,:]\d+)*(?:[^\W_]|[-–](?=\w))*"  # 1,000 5th 2020-12
    r"|['’](?:s|S)\b"
    r"|[^\W_][^\W_\u0300-\u036f]*[\u0300-\u036f]*(?:[^\W_]|[\u0300-\u036f])*"
    r"(?:(?:[-‐‑]|['’`](?!(?:s|S)\b))[^\W_](?:[^\W_]|[\u0300-\u036f])*)*"
    r"|\.\.\.+|\n+|[^\s]"
)
_BLANK_LINE = re.compile(r"\n[ \t\r\f\v\u00a0]*\n\s*")
_SHORTEST_HALF = 3
_IDENTITIES = frozenset({"American", "Americans", "Canadian", "Canadians", "Australian", "Australians"})
"""Second halves of what one person may be: `Chinese-Canadian`."""
READ = frozenset({"title", "heading", "paragraph", "dateline"})
"""Kinds of blocks in which names and quotes are looked for."""

_KEY = "copydesk.words"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A block, or a piece of one between blank lines; no white space at either end."""

    start: int
    end: int
    kind: str

    @property
    def heading(self) -> bool:
        """Whether this is a title or a heading."""
        return self.kind in {"title", "heading"}


@dataclass(slots=True)
class Words:
    """Parallel lists, one entry a word. `sentence` and `paragraph` are indexes into the lists below."""

    text: list[str] = field(default_factory=list)
    start: list[int] = field(default_factory=list)
    end: list[int] = field(default_factory=list)
    lower: list[str] = field(default_factory=list)
    cap: list[bool] = field(default_factory=list)
    sentence: list[int] = field(default_factory=list)
    paragraph: list[int] = field(default_factory=list)
    sentences: list[tuple[int, int]] = field(default_factory=list)
    """(first word, past the last word) of each sentence."""
    paragraphs: list[Paragraph] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.text)


class Layout:
    """Paragraphs of an article in order."""

    def __init__(self, article: Article) -> None:
        self._article = article

    @cached_property
    def paragraphs(self) -> list[Paragraph]:
        """Return all paragraphs, those of blocks that are not read among them."""
        found = []
        text = self._article.text
        for block in self._article.blocks:
            at = block.start
            for gap in _BLANK_LINE.finditer(text, block.start, block.end):
                found.append((at, gap.start(), block.kind))
                at = gap.end()
            found.append((at, block.end, block.kind))
        return [p for p in (_trimmed(text, *piece) for piece in found) if p.start < p.end]


def _trimmed(text: str, start: int, end: int, kind: str) -> Paragraph:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Paragraph(start, end, kind)


def paragraphs_of(article: Article) -> list[Paragraph]:
    """Return the paragraphs of the article in order; blocks split at blank lines."""
    return Layout(article).paragraphs


def words_of(doc: Doc) -> Words:
    """Return the words of the blocks that are read, made once a doc; needs sentence starts."""
    made = doc.user_data.get(_KEY)
    if made is None:
        made = doc.user_data[_KEY] = split_words(
            doc.text, paragraphs_of(doc._.article), [sent.start_char for sent in doc.sents]
        )
    return made


def split_words(text: str, paragraphs: list[Paragraph], sentence_starts: list[int]) -> Words:
    """Return the words of the readable `paragraphs`; a sentence never crosses a paragraph."""
    words = Words(paragraphs=paragraphs)
    pieces = [_found(text, paragraph) for paragraph in paragraphs]
    alone = {piece for found in pieces for _, piece in found if piece[0].isupper()}
    at = 0
    for number, found in enumerate(pieces):
        first = len(words.text)
        for start, piece in _pieces(found, alone):
            opens = False
            while at < len(sentence_starts) and sentence_starts[at] <= start:
                at += 1
                opens = True
            here = len(words.text)
            if opens and here > first:
                words.sentences.append((first, here))
                first = here
            words.text.append(piece)
            words.start.append(start)
            words.end.append(start + len(piece))
            words.lower.append(piece.lower())
            words.cap.append(piece[0].isupper())
            words.sentence.append(len(words.sentences))
            words.paragraph.append(number)
        if len(words.text) > first:
            words.sentences.append((first, len(words.text)))
    return words


def _found(text: str, paragraph: Paragraph) -> list[tuple[int, str]]:
    if paragraph.kind not in READ:
        return []
    found = _WORD.finditer(text, paragraph.start, paragraph.end)
    return [(match.start(), match.group()) for match in found if match.group()[0] != "\n"]


def _pieces(found: list[tuple[int, str]], alone: set[str]) -> Iterator[tuple[int, str]]:
    """Yield the words of a paragraph, `Berg-Roth` in three where both stand alone in the article."""
    for start, piece in found:
        one, hyphen, other = piece.partition("-")
        article = len(one) < _SHORTEST_HALF and not one.isupper()  # `El-Sheikh`
        if hyphen and one in alone and other in alone and not article and other not in _IDENTITIES:
            yield start, one
            yield start + len(one), hyphen
            yield start + len(one) + 1, other
        else:
            yield start, piece


def pieces_of(text: str) -> tuple[str, ...]:
    """Return the words of a short text, split as the words of an article are."""
    return tuple(match.group() for match in _WORD.finditer(text))
