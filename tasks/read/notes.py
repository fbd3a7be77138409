# ruff: noqa: RUF001, RUF002 - typographic marks as they stand in news
"""Notes that others than speaker or author put into the text: `(countries. – Ed.)`, `[sic]`, `[...]`."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Literal

from worker.config_dir import load_toml
from worker.record import Note

if TYPE_CHECKING:
    from collections.abc import Iterator

COMPONENT = "copydesk.read.notes"
VERSION = "1.0"

LONGEST = 300
"""Most characters within the brackets of a note."""

_LONGEST_INSERTION = 120
# No bracket within a bracket, so that every character is looked at once.
_BRACKETS = re.compile(rf"\(([^()\[\]]{{1,{LONGEST}}})\)|\[([^()\[\]]{{1,{LONGEST}}})\](?![(\[])")
_LAST_PART = re.compile(r"[-–—―,:;]\s*([^-–—―,:;]{1,40})\Z")
_NO_WORDS = re.compile(r"[\d\W_]*\Z")


@functools.cache
def _lexicon() -> dict[str, tuple[str, ...]]:
    return {name: tuple(words) for name, words in load_toml("read/notes.toml").items()}


def find_notes(text: str) -> list[Note]:
    """Return the notes in the text, in order. A note may run over a line break, not over a blank line."""
    return list(_notes(text))


def is_editors_line(line: str) -> bool:
    """Say whether the whole line is one editor's note in brackets."""
    if line[:1] not in {"(", "["} or len(line) > LONGEST + 2:
        return False
    return any(n.kind == "editor" and n.end - n.start == len(line) for n in _notes(line))


def _notes(text: str) -> Iterator[Note]:
    for match in _BRACKETS.finditer(text):
        round_inner, square_inner = match.groups()
        inner = (round_inner or square_inner).strip()
        if "\n\n" in inner or not inner:
            continue
        found = _kind(inner, square=square_inner is not None)
        if found is None:
            continue
        kind, rule, confidence = found
        yield Note(
            start=match.start(),
            end=match.end(),
            text=match.group(),
            kind=kind,
            component=COMPONENT,
            rule=rule,
            confidence=confidence,
        )


def _kind(inner: str, *, square: bool) -> tuple[Literal["editor", "sic", "insertion"], str, float] | None:
    words = _lexicon()
    lower = " ".join(inner.replace("’", "'").lower().split())
    if lower in words["sic"]:
        return "sic", "sic", 0.99
    by_editor = _editors_rule(lower)
    if by_editor:
        return "editor", by_editor, 0.96
    if (
        not square
        or len(inner) > _LONGEST_INSERTION
        or (_NO_WORDS.match(inner) and lower not in words["omission"])
    ):
        return None  # `[12]` refers to a footnote
    return "insertion", "omission" if lower in words["omission"] else "square_brackets", 0.9


def _editors_rule(lower: str) -> str | None:
    words = _lexicon()
    if _bare(lower).startswith(tuple(_bare(mark) for mark in words["editor_starts"])):
        return "begins_with_mark"
    last = _LAST_PART.search(lower)
    return "ends_with_mark" if last and _bare(last.group(1)) in words["editor_ends"] else None


def _bare(mark: str) -> str:
    return " ".join(mark.replace(".", " ").split())
