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
_NEAR = 200
_LEAST = 3
"""Letters of a word before, and of one behind that does not often begin a sentence; shorter ones may be
abbreviations and the ends of addresses."""
_DASHES = frozenset("-\u2013\u2014")
_OF_ADDRESSES = re.compile(r"[@/\\_]|www\.")
_ENDINGS = frozenset(
    {
        *("com", "org", "net", "info", "gov", "edu", "html", "xml", "pdf", "doc", "docx", "txt", "csv"),
        *("xls", "xlsx", "jpg", "jpeg", "png", "gif", "zip", "exe"),
    }
)
_COUNTRIES = frozenset({"at", "by", "in", "it", "me", "my", "no", "to"})
"""Ends of addresses that also begin sentences."""


def space_is_lost(text: str, dot: int, limit: int, starters: AbstractSet[str]) -> bool:
    """Tell whether a sentence ends at the full stop `text[dot]`, behind which no white space stands.

    It does between a word in small letters and one with a capital (`.- No`, a dash before it, too), unless
    the two look like an address or the name of a file. Behind a word with a capital (`in Kiev.The`) it does
    before one of `starters`, words in lower case that often begin a sentence.
    """
    first = dot
    while first > 0 and dot - first < _LONGEST and text[first - 1].isalpha():
        first -= 1
    if dot - first < _LEAST or not text[dot - 1].islower() or text[first - 1 : first] == ".":
        return False
    at = dot + 1
    if text[at : at + 1] in _DASHES and text[at + 1 : at + 2] == " ":
        at += 2
    match = _WORD.match(text, at, limit)
    if match is None or not match.group()[0].isupper():
        return False
    word = match.group().lower()
    if word not in starters and (not text[first:dot].islower() or len(word) < _LEAST or word in _ENDINGS):
        return False
    if word in _COUNTRIES and not text[first:dot].islower():
        return False
    end = match.end()
    if text[end : end + 1].isdigit() or (text[end : end + 1] == "." and text[end + 1 : end + 2].isalnum()):
        return False
    return _OF_ADDRESSES.search(_run(text, first, end)) is None


def _run(text: str, first: int, last: int) -> str:
    """Return what stands between white space around `text[first:last]`, near by."""
    before, behind = text[max(0, first - _NEAR) : first], text[last : last + _NEAR]
    if before and not before[-1].isspace():
        first -= len(before.split()[-1])
    if behind and not behind[0].isspace():
        last += len(behind.split(maxsplit=1)[0])
    return text[first:last]
