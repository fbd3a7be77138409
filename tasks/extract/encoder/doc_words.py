"""The words of a doc, as the encoder counts them: spaCy's tokens without those of white space."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tasks.extract.encoder.pieces import gap_of

if TYPE_CHECKING:
    from spacy.tokens import Doc


class DocWords(NamedTuple):
    """Parallel lists, one entry a word: its text, the gap before it (index into GAPS), its token's index."""

    texts: list[str]
    gaps: list[int]
    tokens: list[int]


def doc_words(doc: Doc) -> DocWords:
    """Return the words of a doc. O(characters)."""
    text = doc.text
    words = DocWords([], [], [])
    end = 0
    for token in doc:
        if token.is_space:
            continue
        start = token.idx
        words.gaps.append(gap_of(text[end:start], first=not words.texts))
        words.texts.append(token.text)
        words.tokens.append(token.i)
        end = start + len(token)
    return words
