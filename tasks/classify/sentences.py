"""Sentence boundaries on plain text, for the parts of `classify` and for a derived headline.

Rules, in the order in which they are asked of a mark: it has to be followed by white space (behind closing
quotes and brackets), unless that was lost (`tasks.lost_space`); it does not end a sentence behind an
abbreviation or an initial, inside an editor's note, or when a dash follows; `?`, `!`, `...` and a closed
quote do not when the next word is in lower case.
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING

from tasks.lost_space import space_is_lost
from worker.config_dir import load_lines

if TYPE_CHECKING:
    from collections.abc import Sequence

_NARROW_MARKS = ".!?…"
_WIDE_MARKS = "。！？"  # noqa: RUF001 - the full-width marks of Chinese and Japanese
_CLOSERS = re.escape("\"'”’»)]")  # noqa: RUF001 - quote marks as typed
# One set of first characters: the search then skips from one to the next. The groups: closing quotes and
# brackets, and the white space behind them; none where neither white space nor the end follows.
_MARK = re.compile(
    rf"[{_NARROW_MARKS}{_WIDE_MARKS}\n]"
    rf"(?:(?<=[{_NARROW_MARKS}])[{_NARROW_MARKS}]{{0,5}}+(?:([{_CLOSERS}]*+)(?=(\s+)|\Z))?"
    rf"|(?<=[{_WIDE_MARKS}])|(?<=\n)[ \t]*\n)"
)
_BROKEN_CLOSERS = '"“”'
_DASHES = "–—-"  # noqa: RUF001 - dashes as typed
_MAX_WORD = 24
_MAX_INITIAL = 1
_TIMES = frozenset({"a.m", "p.m"})
_BEHIND_TIMES = frozenset(
    {
        *("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday", "Eastern", "Central"),
        *("Pacific", "GMT", "UTC", "EST", "EDT", "PST", "PDT", "CET", "CEST", "BST", "IST", "ET", "PT"),
    }
)
_STARTERS = frozenset(
    {
        *("The", "A", "An", "This", "That", "These", "Those", "There", "It", "He", "She", "They", "We", "I"),
        *("His", "Her", "Its", "Their", "Our", "My", "No", "Not", "Some", "Many", "Most", "All", "Both"),
        *("In", "On", "At", "But", "And", "When", "While", "After", "Before", "For", "As", "If", "With"),
        *("From", "By", "To"),
    }
)
_LOWER_STARTERS = frozenset(word.lower() for word in _STARTERS)


@functools.cache
def _abbreviations() -> frozenset[str]:
    return frozenset(load_lines("classify/abbreviations.txt"))


def sentence_spans(
    text: str, start: int, end: int, *, unbroken: Sequence[tuple[int, int]] = ()
) -> list[tuple[int, int]]:
    """Return (start, end) of each sentence of `text[start:end]`, without white space around it.

    `unbroken` are spans in order (editor's notes) inside which no sentence ends. Linear in the length.
    """
    spans: list[tuple[int, int]] = []
    here = start
    notes = iter(unbroken)
    note = next(notes, None)
    for mark in _MARK.finditer(text, start, end):
        if mark.start() < here:
            continue
        while note is not None and note[1] <= mark.start():
            note = next(notes, None)
        if note is not None and note[0] <= mark.start() < note[1]:
            continue
        stop = _end_of_sentence(text, mark, end)
        if stop is not None:
            _append(spans, text, here, stop)
            here = stop
    _append(spans, text, here, end)
    return spans


def _append(spans: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end:
        spans.append((start, end))


def _end_of_sentence(text: str, found: re.Match[str], end: int) -> int | None:
    """Return where the sentence ends whose mark was found, or None when it goes on."""
    begin, stop = found.span()
    closers, spaces = found.groups()
    if closers is None:  # no white space behind the mark; wide marks and empty lines need none
        if text[begin] not in _NARROW_MARKS:
            return stop
        lost = text[begin:stop] == "." and space_is_lost(text, begin, end, _LOWER_STARTERS)
        return stop if lost and not _is_abbreviation(text, begin, stop) else None
    after = stop + len(spaces or "")
    if after == end:
        return stop
    # `... in the past. “` at the end of a paragraph: a closing mark that was typed as an opening one.
    if text[after] in _BROKEN_CLOSERS and _at_paragraph_end(text, after + 1, end):
        return after + 1
    mark = text[begin : stop - len(closers)]
    return None if _goes_on(text, mark, begin, after, closed=bool(closers)) else stop


def _goes_on(text: str, mark: str, begin: int, after: int, *, closed: bool) -> bool:
    """Tell whether the sentence goes on with what stands at `after`, behind a mark and white space."""
    following = text[after]
    if following in _DASHES:
        return True
    if following.islower() and (closed or mark[0] != "." or mark.startswith("..")):
        return True
    return mark == "." and not closed and _is_abbreviation(text, begin, after)


def _at_paragraph_end(text: str, at: int, end: int) -> bool:
    while at < end and text[at] in " \t":
        at += 1
    return at >= end or text[at] == "\n"


def _is_abbreviation(text: str, dot: int, after: int) -> bool:
    """Tell whether the full stop at `dot` belongs to the word before it; `after` is the next word's start."""
    first = dot
    while first > 0 and dot - first < _MAX_WORD and (text[first - 1].isalnum() or text[first - 1] == "."):
        first -= 1
    word = text[first:dot]
    if not word or word.isdigit():
        return False
    following = _word_at(text, after)
    if word in _TIMES:
        return not following[:1].isupper() or following in _BEHIND_TIMES
    if "." in word or (len(word) == _MAX_INITIAL and word.isupper()):  # U.S., a.m., John F.
        return following not in _STARTERS
    return word in _abbreviations()


def _word_at(text: str, at: int) -> str:
    stop = at
    while stop < len(text) and stop - at < _MAX_WORD and text[stop].isalpha():
        stop += 1
    return text[at:stop]
