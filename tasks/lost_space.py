"""`the situation.When asked`: sentences between which the space was lost, by translation or scraping.

A quarter of the machine-translated articles that were looked at have some. Read as one sentence, what follows
is taken for part of what somebody said.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

_WORD = re.compile(r"[^\W\d_]+")
_LONGEST = 40
_LEAST = 3
"""Letters of the word before; shorter ones may be abbreviations."""
_DASHES = frozenset("-\u2013\u2014")
_IN_ADDRESSES = frozenset("./@_\\")
_ENDINGS = frozenset(
    {
        *("com", "org", "net", "info", "gov", "edu", "tv", "io"),
        *("js", "py", "html", "xml", "pdf", "doc", "txt", "csv", "xls", "jpg", "png", "gif", "zip", "exe"),
    }
)


def space_is_lost(text: str, dot: int, limit: int, starters: AbstractSet[str]) -> bool:
    """Tell whether a sentence ends at the full stop `text[dot]`, behind which no white space stands.

    It does between a word in small letters and one with a capital (`.- No`, a dash before it, too), unless
    the two look like an address or the name of a file. Behind a word with a capital (`in Kiev.The`) it does
    before one of `starters`, words in lower case that often begin a sentence.
    """
    first = dot
    while first > 0 and dot - first < _LONGEST and text[first - 1].isalpha():
        first -= 1
    if dot - first < _LEAST or not text[dot - 1].islower():
        return False
    if first > 0 and text[first - 1] in _IN_ADDRESSES:
        return False
    at = dot + 1
    if text[at : at + 1] in _DASHES and text[at + 1 : at + 2] == " ":
        at += 2
    behind = _WORD.match(text, at, limit)
    if behind is None or not behind.group()[0].isupper() or behind.group().lower() in _ENDINGS:
        return False
    if not text[first:dot].islower() and behind.group().lower() not in starters:
        return False
    after = text[behind.end() : behind.end() + 2]
    return after[:1] not in {"/", "@", "_"} and not (after[:1] == "." and after[1:].isalnum())
