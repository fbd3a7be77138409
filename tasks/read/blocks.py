# ruff: noqa: RUF001 - typographic marks as they stand in news
"""The blocks of an article: title, headings, paragraphs, dateline, byline, boilerplate, related.

They partition the text: the first begins at 0, each ends where the next begins, the last ends with the text.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, cast

from tasks.read import boilerplate, lines, openers
from tasks.read.dateline import find_dateline
from tasks.read.lines import Unit
from tasks.read.notes import is_editors_line
from tasks.read.openers import Openers
from tasks.read.words import count, ends_sentence, is_prose
from worker.record import Block

if TYPE_CHECKING:
    from tasks.read.draft import Draft
    from worker.record import BlockKind

COMPONENT = "copydesk.read.blocks"
VERSION = "1.0"

_LONGEST_TITLE_WORDS = 25
_LONGEST_TITLE = 200
_FEWEST_TITLE_LETTERS = 10
_LONGEST_HEADING_WORDS = 12
_LONGEST_HEADING = 100
_LOOK_AHEAD = 4
_OPENING_QUOTES = "“«„\"'‘»"
_CLOSING_QUOTES = "”»“\"'’«"
_NO_HEADING_ENDS = ".!?…:;,-–—/|"
_BULLETS = "-–—•*·▪‣◦"
_NO_HEADING_STARTS = _BULLETS + "([{<"


def find_blocks(draft: Draft, *, day_first: bool | None) -> tuple[list[Block], Openers]:
    """Return the blocks over the draft's text, and what the openers say (dates, byline, agency)."""
    text = draft.text
    units = _units(draft)
    found = Openers(units)
    openers.find_leading_dates(text, found, day_first=day_first)
    found.units = _mark_notes(text, found.units)
    if draft.title is None:
        found.units = _mark_title(text, found.units)
    openers.find_bylines(text, found)
    found.units = boilerplate.mark(text, found.units)
    find_dateline(text, found, day_first=day_first)
    found.units = _mark_headings(text, found.units)
    return _partition(text, found.units), found


def _units(draft: Draft) -> list[Unit]:
    """Return what the format marks as blocks, and the paragraphs of the plain text around it."""
    units: list[Unit] = []
    end = 0
    for hint in draft.hints:
        units += lines.split(draft.text, end, hint.start)
        units.append(Unit(hint.start, hint.end, kind=hint.kind, rule=hint.rule))
        end = hint.end
    return units + lines.split(draft.text, end)


def _partition(text: str, units: list[Unit]) -> list[Block]:
    starts = [0, *(unit.start for unit in units[1:]), len(text)]
    return [
        Block(
            start=starts[i],
            end=starts[i + 1],
            kind=cast("BlockKind", unit.kind or "paragraph"),
            rule=unit.rule or "text",
        )
        for i, unit in enumerate(units)
    ]


def _mark_notes(text: str, units: list[Unit]) -> list[Unit]:
    """Set aside lines that are an editor's note as a whole: `[Editor's note: ...]`. They are no body."""
    return [
        replace(unit, kind="boilerplate", rule="editor_note")
        if unit.kind in {None, "paragraph"} and is_editors_line(text[unit.start : unit.end])
        else unit
        for unit in units
    ]


def _mark_title(text: str, units: list[Unit]) -> list[Unit]:
    """Mark the first line as title when it is clearly a headline: short, no full stop, then a paragraph."""
    for index, unit in enumerate(units):
        if unit.kind == "boilerplate" and unit.rule in {"leading_date", "editor_note"}:
            continue
        if unit.kind is None and _is_title(text, units, index):
            return [*units[:index], replace(unit, kind="title", rule="first_line"), *units[index + 1 :]]
        break
    return units


def _is_title(text: str, units: list[Unit], index: int) -> bool:
    unit = units[index]
    line = text[unit.start : unit.end]
    spaced = any(u.blank_after for u in units[:-1])
    if count(line) > _LONGEST_TITLE_WORDS or len(line) > _LONGEST_TITLE or (spaced and not unit.blank_after):
        return False
    if line.count("\n") > 1 or line[0].islower() or line[0] in _BULLETS or not unit.blank_before:
        return False
    if sum(c.isalpha() for c in line) < _FEWEST_TITLE_LETTERS or line[-1] in _BULLETS:
        return False
    if line.endswith((":", ";", ",")) or (
        ends_sentence(line) and not line.rstrip("”\"'’»").endswith(("?", "!"))
    ):
        return False
    if openers.read_byline(line) != ([], None) or boilerplate.is_boilerplate(line):
        return False
    following = [text[u.start : u.end] for u in units[index + 1 : index + 1 + _LOOK_AHEAD]]
    return any(is_prose(other) and len(other) > len(line) for other in following)


def _mark_headings(text: str, units: list[Unit]) -> list[Unit]:
    spaced = any(u.blank_after for u in units[:-1])
    return [
        replace(unit, kind="heading", rule=rule)
        if _may_be_heading(unit) and (rule := _heading_rule(text, units, index, spaced=spaced))
        else unit
        for index, unit in enumerate(units)
    ]


def _may_be_heading(unit: Unit) -> bool:
    return unit.kind is None or (unit.kind == "paragraph" and unit.rule == "p")


def _heading_rule(text: str, units: list[Unit], index: int, *, spaced: bool) -> str | None:
    """Return why this unit is a heading, or None: a short line of its own with a paragraph below it."""
    unit = units[index]
    if index + 1 == len(units) or (spaced and not (unit.blank_before and unit.blank_after)):
        return None
    line = text[unit.start : unit.end]
    if count(line) > _LONGEST_HEADING_WORDS or len(line) > _LONGEST_HEADING or "\n" in line:
        return None
    following = units[index + 1]
    below = text[following.start : following.end]
    if following.kind not in {None, "paragraph"} or not is_prose(below) or len(below) <= len(line):
        return None
    if line[0] in _OPENING_QUOTES and line[-1] in _CLOSING_QUOTES and len(line) > 2:  # noqa: PLR2004 - marks
        inner = line[1:-1]
        whole = not any(mark in inner for mark in '“”«»"')
        return "quoted_line" if whole and inner.rstrip()[-1:] not in _NO_HEADING_ENDS else None
    if (
        line[-1] in _NO_HEADING_ENDS
        or line[0].islower()
        or line[0] in _NO_HEADING_STARTS
        or ends_sentence(line)
    ):
        return None
    return "short_line" if any(c.isalpha() for c in line) else None
