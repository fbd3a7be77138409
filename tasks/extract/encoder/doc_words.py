"""The words of a doc, as the encoder counts them: spaCy's tokens without those of white space."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from spacy.attrs import IDX, IS_SPACE, LENGTH, ORTH

from tasks.extract.encoder.pieces import gap_of

if TYPE_CHECKING:
    from spacy.tokens import Doc

_ATTRIBUTES = [IS_SPACE, ORTH, IDX, LENGTH]


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
    strings = doc.vocab.strings
    for token, (space, orth, start, length) in enumerate(doc.to_array(_ATTRIBUTES).tolist()):
        if space:
            continue
        words.gaps.append(gap_of(text[end:start], first=not words.texts))
        words.texts.append(strings[orth])
        words.tokens.append(token)
        end = start + length
    return words
