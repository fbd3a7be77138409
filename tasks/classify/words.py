"""Words and marks of a text, for the components of `classify`: one regular expression, no tokenizer.

A number keeps its points and commas, an abbreviation of letters its dots (`U.S.`); hyphens, genitives (`'s`)
and contracted forms (`do` `n't`, `we` `'ll`) stand apart, and so does every mark.
"""

from __future__ import annotations

import re

_APOSTROPHES = "'\u2019"
_CONTRACTED = frozenset(_APOSTROPHES)
_WORD = re.compile(
    rf"[^\W\d_][^\W_]+(?:[{_APOSTROPHES}][tT]\b)?"
    rf"|\d+(?:[.,:]\d+)*"
    rf"|(?:[^\W\d_]\.){{2,}}"
    rf"|[^\W_]+"
    rf"|[{_APOSTROPHES}](?:[sdmSDM]|[rv]e|ll|[RV]E|LL)\b"
    rf"|\S"
)
_NOT = len("n't")
LONGEST = 200
"""Characters of a token at most: a run without white space that no word has is cut."""


def words_of(text: str, start: int, end: int) -> list[tuple[int, str]]:
    """Return (offset, token) of everything in `text[start:end]` that is no white space, in order."""
    found: list[tuple[int, str]] = []
    for match in _WORD.finditer(text, start, end):
        word = match.group()
        if len(word) > LONGEST or word[-2:-1] in _CONTRACTED:
            found += _cut(match.start(), word)
        else:
            found.append((match.start(), word))
    return found


def _cut(at: int, word: str) -> list[tuple[int, str]]:
    """Return the pieces of a word that is none: `do` and `n't`, or a run that is too long."""
    if len(word) > LONGEST:
        return [(at + done, word[done : done + LONGEST]) for done in range(0, len(word), LONGEST)]
    if len(word) > _NOT and word[-_NOT] in "nN":
        return [(at, word[:-_NOT]), (at + len(word) - _NOT, word[-_NOT:])]
    return [(at, word)]
