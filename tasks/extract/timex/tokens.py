"""Tokens for the TIMEX3 grammar: words, runs of digits, single marks.

Finer than spaCy's, so that a date reads alike whatever tokenizer runs (`5p.m.`, `3-7`, `1990s`, `12/6/2021`).
"""

from __future__ import annotations

import re
from typing import NamedTuple

_TOKEN = re.compile(r"[^\W\d_]+|[0-9]+|\S")
_APOSTROPHES = dict.fromkeys("\u2019\u2018`\u00b4", "'")
_DASHES = dict.fromkeys("\u2013\u2014\u2011\u2010\u2212", "-")
_CLOSING = frozenset("\"')\u201d\u2019\u201c")
MAX_DIGITS = 6
"""A longer run of digits is a code, not a number of the calendar."""
PADDING = 16
"""Empty tokens behind the last one, so that rules may look ahead (and, at -1, behind) without asking."""


class Tok(NamedTuple):
    """`low` is lower case with plain apostrophes and dashes; `num` is set for up to six digits.

    `glued` means that no white space stands before. Offsets are those of the article's text.
    """

    text: str
    low: str
    start: int
    end: int
    num: int | None
    glued: bool

    @property
    def capital(self) -> bool:
        """It begins with a capital letter."""
        return self.text[:1].isupper()

    @property
    def small(self) -> bool:
        """It begins with a small letter."""
        return self.text[:1].islower()


_NOTHING = Tok(text="", low="", start=-1, end=-1, num=None, glued=False)


def lex(text: str, start: int, end: int) -> list[Tok]:
    """Return the tokens of text[start:end], and PADDING empty ones behind them."""
    tokens: list[Tok] = []
    last = -1
    for match in _TOKEN.finditer(text, start, end):
        word = match.group()
        left, right = match.span()
        num: int | None = None
        low = word
        if word[0] in "0123456789":
            if len(word) <= MAX_DIGITS:
                num = int(word)
        else:
            low = _APOSTROPHES.get(word) or _DASHES.get(word) or word.lower()
        tokens.append(Tok(word, low, left, right, num, left == last))
        last = right
    tokens.extend([_NOTHING] * PADDING)
    return tokens


def words_at(tokens: list[Tok], i: int, words: tuple[str, ...]) -> bool:
    """Tell whether exactly these words (lower case) stand at token i."""
    if tokens[i].low != words[0]:
        return False
    for k in range(1, len(words)):  # noqa: SIM110 - a generator takes twice the time here
        if tokens[i + k].low != words[k]:
            return False
    return True


def ends_sentence(tokens: list[Tok], i: int, abbreviations: frozenset[str]) -> bool:
    """Tell whether token i is a mark that ends a sentence."""
    low = tokens[i].low
    if low in {"!", "?"}:
        return True
    if low != ".":
        return False
    before, after = tokens[i - 1], tokens[i + 1]
    if after.glued and after.low not in _CLOSING:
        return False
    if before.low in abbreviations or (len(before.low) == 1 and before.low.isalpha()):
        return not after.low
    return not after.low or not after.small
