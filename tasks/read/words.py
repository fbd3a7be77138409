# ruff: noqa: RUF001 - typographic marks as they stand in news
"""Small looks at a line that several rules share: folded for comparison, counted, seen to be a sentence."""

from __future__ import annotations

import re

_SPACE = re.compile(r"\s+")
_EDGE = " \t\n.,:;!?…-–—|»«>›<*•·#=_~→►▶\"'“”‘’()[]"
_ENDS_SENTENCE = re.compile(r"[.!?…][\"'”’»)\]\s]*$")
_INITIALS_END = re.compile(r"\b(?:[A-Z]\.){2,}$")

LONG_LINE = 80
"""Characters from which a line is taken for a paragraph whatever its end."""


def fold(line: str) -> str:
    """Return the line as word lists hold it: lower case, single spaces, straight apostrophes, bare edges."""
    return _SPACE.sub(" ", line.replace("’", "'")).strip(_EDGE).lower()


def count(line: str) -> int:
    """Return the number of words between white space."""
    return len(line.split())


def ends_sentence(line: str) -> bool:
    """Say whether the line ends as a sentence does; `in the U.S.` alone does not."""
    tail = line[-12:]
    return bool(_ENDS_SENTENCE.search(tail)) and not _INITIALS_END.search(tail)


def is_prose(line: str) -> bool:
    """Say whether the line reads as (the beginning of) a paragraph and not as a headline or label."""
    return len(line) >= LONG_LINE or (ends_sentence(line) and len(line) > LONG_LINE // 2)
