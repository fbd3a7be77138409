"""Words and marks of a text, for the components of `classify`: one regular expression, no tokenizer.

A number keeps its points and commas, an abbreviation of letters its dots (`U.S.`); hyphens, genitives (`'s`)
and contracted forms (`do` `n't`, `we` `'ll`) stand apart, and so does every mark.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_APOSTROPHE = "['\u2019]"
_WORD = re.compile(
    rf"\d+(?:[.,:]\d+)*"
    rf"|(?:[^\W\d_]\.){{2,}}"
    rf"|[^\W\d_]+?(?=n{_APOSTROPHE}t\b)"
    rf"|n{_APOSTROPHE}t\b"
    rf"|[^\W_]+"
    rf"|{_APOSTROPHE}(?:s|re|ve|ll|d|m)\b"
    rf"|\S",
    re.IGNORECASE,
)
LONGEST = 200
"""Characters of a token at most: a run without white space that no word has is cut."""


def words_of(text: str, start: int, end: int) -> Iterable[tuple[int, str]]:
    """Return (offset, token) of everything in `text[start:end]` that is no white space, in order."""
    for match in _WORD.finditer(text, start, end):
        word = match.group()
        if len(word) <= LONGEST:
            yield match.start(), word
        else:
            for at in range(0, len(word), LONGEST):
                yield match.start() + at, word[at : at + LONGEST]
