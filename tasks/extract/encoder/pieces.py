"""From words to what the encoder reads: word pieces and a feature of letter case and gap for each.

The vocabulary and the rules of splitting are those of BERT uncased (Devlin et al. 2019, released with
https://github.com/google-research/bert): decompose, drop accents, lower-case, split at punctuation, then
the longest piece first. Because that forgets capitals and line breaks, every piece also carries a feature:
the shape of its word's letters and the gap before the word.
"""

from __future__ import annotations

import functools
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

UNKNOWN, CLS, SEP = "[UNK]", "[CLS]", "[SEP]"
MAX_WORD_CHARACTERS = 100
"""Longer words are one unknown piece, as in BERT's own tokenizer."""

SHAPES = ("lower", "title", "upper", "single_capital", "mixed", "digit", "other")
GAPS = ("inside", "none", "space", "line", "paragraph")
"""What stands before a piece: the rest of its word, nothing, spaces, a line break, a blank line."""

FEATURES = len(SHAPES) * len(GAPS)
MARK_FEATURE = SHAPES.index("other") * len(GAPS)
"""The feature of [CLS] and [SEP]."""

CACHED_WORDS = 50_000
LINE_BREAKS = frozenset("\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029")
_ASCII_SYMBOLS = frozenset("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")


@functools.lru_cache(CACHED_WORDS)
def shape_of(word: str) -> int:
    """Index into SHAPES of a word's letters; a digit anywhere makes it `digit`."""
    if word.islower():
        return 5 if any(map(str.isdigit, word)) else 0
    if any(map(str.isdigit, word)):
        return 5
    letters = [letter for letter in word if letter.isalpha()]
    if not letters:
        return 6
    capitals = sum(map(str.isupper, letters))
    if capitals == 0:
        return 0
    if capitals == len(letters):
        return 3 if capitals == 1 else 2
    return 1 if capitals == 1 and letters[0].isupper() else 4


def gap_of(before: str, *, first: bool = False) -> int:
    """Index into GAPS of the white space `before` a word; the first word of a text begins a paragraph."""
    if first:
        return 4
    if not before:
        return 1
    if before == " ":
        return 2
    breaks = sum(character in LINE_BREAKS for character in before)
    return 2 + min(breaks, 2)


def _is_symbol(character: str) -> bool:
    return character in _ASCII_SYMBOLS or unicodedata.category(character).startswith("P")


def _is_ideograph(character: str) -> bool:
    return "\u3400" <= character <= "\u9fff" or "\uf900" <= character <= "\ufaff" or character >= "\U00020000"


def _plain_parts(word: str) -> list[str]:
    """Split one word into lower-case runs of letters and single symbols, without accents and controls."""
    parts: list[str] = []
    run = ""
    for character in unicodedata.normalize("NFD", word.lower()):
        category = unicodedata.category(character)
        if category == "Mn" or category in {"Cc", "Cf"} or character.isspace():
            continue
        if _is_symbol(character) or _is_ideograph(character):
            if run:
                parts.append(run)
            parts.append(character)
            run = ""
        else:
            run += character
    if run:
        parts.append(run)
    return parts


class WordPieces:
    """Splits words by a vocabulary. `vocabulary` is the list of pieces in the order of their ids."""

    def __init__(self, vocabulary: Iterable[str]) -> None:
        self._ids = {piece: index for index, piece in enumerate(vocabulary)}
        self._cache: dict[str, tuple[int, ...]] = {}
        self.unknown, self.cls, self.sep = (self._ids[mark] for mark in (UNKNOWN, CLS, SEP))

    def __len__(self) -> int:
        return len(self._ids)

    def split(self, word: str) -> tuple[int, ...]:
        """The ids of a word's pieces, at least one."""
        known = self._cache.get(word)
        if known is None:
            known = self._split(word)
            if len(self._cache) >= CACHED_WORDS:
                self._cache.clear()
            self._cache[word] = known
        return known

    def _split(self, word: str) -> tuple[int, ...]:
        if len(word) > MAX_WORD_CHARACTERS:
            return (self.unknown,)
        ids: list[int] = []
        for part in _plain_parts(word):
            ids.extend(self._longest_first(part))
        return tuple(ids) or (self.unknown,)

    def _longest_first(self, part: str) -> Sequence[int]:
        ids: list[int] = []
        start = 0
        while start < len(part):
            prefix = "##" if start else ""
            for end in range(len(part), start, -1):
                piece = self._ids.get(prefix + part[start:end])
                if piece is not None:
                    ids.append(piece)
                    start = end
                    break
            else:
                return (self.unknown,)
        return ids


def features_of(word: str, gap: int, count: int) -> list[int]:
    """The features of a word's `count` pieces: its shape, and the gap on the first piece."""
    base = shape_of(word) * len(GAPS)
    return [base + gap] + [base] * (count - 1)
