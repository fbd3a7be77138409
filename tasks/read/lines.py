# ruff: noqa: RUF001 - typographic marks as they stand in news
"""Plain text to units: paragraphs by blank lines, by single newlines, or out of hard-wrapped lines."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_LINE = re.compile("[^\n\x0b\x0c\x1c-\x1e]+")
_SENTENCE_END = re.compile(r"[.!?:…][\"'”’»)\]]*$")
_WIDEST_WRAP = 120
_NARROWEST_WRAP = 40
_LEAST_FORCED = 0.75


@dataclass(frozen=True, slots=True)
class Unit:
    """A line or paragraph before its kind is known; `text[start:end]` has no white space around it."""

    start: int
    end: int
    blank_before: bool = True
    blank_after: bool = True
    kind: str | None = None
    rule: str = ""


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    end: int
    chunk: int  # lines of one chunk have no blank line between them


def split(text: str, start: int = 0, end: int | None = None) -> list[Unit]:
    """Return the paragraphs of the plain text in `text[start:end]`; between them is only white space."""
    lines = _lines(text, start, len(text) if end is None else end)
    width = _wrap_width(text, lines)
    groups: list[list[_Line]] = []
    for line in lines:
        if groups and _joins(text, groups[-1][-1], line, width):
            groups[-1].append(line)
        else:
            groups.append([line])
    return [
        Unit(
            group[0].start,
            group[-1].end,
            blank_before=i == 0 or groups[i - 1][-1].chunk != group[0].chunk,
            blank_after=i == len(groups) - 1 or groups[i + 1][0].chunk != group[0].chunk,
        )
        for i, group in enumerate(groups)
    ]


def _lines(text: str, start: int, end: int) -> list[_Line]:
    lines: list[_Line] = []
    chunk = 0
    for match in _LINE.finditer(text, start, end):
        piece = match.group()
        body = piece.strip()
        if not body:
            chunk += 1
            continue
        begin = match.start() + len(piece) - len(piece.lstrip())
        if lines and text.count("\n", lines[-1].end, begin) > 1:
            chunk += 1
        lines.append(_Line(begin, begin + len(body), chunk))
    return lines


def _wrap_width(text: str, lines: Sequence[_Line]) -> int | None:
    """Return the width at which the lines were wrapped by a program, or None when they were not.

    A break is forced when the next line's first word would not have fitted any more. Where three of four
    breaks within chunks are forced at one width, the lines are hard-wrapped.
    """
    inner = [(a, b) for a, b in pairwise(lines) if a.chunk == b.chunk]
    if len(inner) < 2:  # noqa: PLR2004 - one break tells nothing
        return None
    width = max(max(a.end - a.start, b.end - b.start) for a, b in inner)
    if not _NARROWEST_WRAP <= width <= _WIDEST_WRAP:
        return None
    forced = [_ends_sentence(text, a) for a, b in inner if _is_forced(text, a, b, width)]
    ended = sum(not _is_forced(text, a, b, width) and _ends_sentence(text, a) for a, b in inner)
    in_sentence = forced.count(False)  # paragraphs of one line each all end with their sentence
    wrapped = in_sentence >= len(forced) / 2 and len(forced) >= _LEAST_FORCED * (len(inner) - ended)
    return width if wrapped and len(forced) >= 2 else None  # noqa: PLR2004 - as above


def _joins(text: str, line: _Line, following: _Line, width: int | None) -> bool:
    """Say whether the following line continues the paragraph of this one."""
    if width is None or line.chunk != following.chunk:
        return False
    return _is_forced(text, line, following, width) or not _ends_sentence(text, line)


def _is_forced(text: str, line: _Line, following: _Line, width: int) -> bool:
    space = text.find(" ", following.start, following.end)
    first_word = (space if space >= 0 else following.end) - following.start
    return line.end - line.start + 1 + first_word > width


def _ends_sentence(text: str, line: _Line) -> bool:
    return bool(_SENTENCE_END.search(text[max(line.start, line.end - 5) : line.end]))
