# ruff: noqa: RUF001 - typographic marks as they stand in news
"""Lines that a page or a wire puts around an article, told by the phrases in config/read/boilerplate.toml."""

from __future__ import annotations

import functools
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from tasks.read.words import count, ends_sentence, fold
from worker.config_dir import load_toml

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tasks.read.lines import Unit

_LONGEST_START = 40
_LONGEST_CONTAINS = 60
_LONGEST_RELATED = 40
_LONGEST_LINK = 25
_LONGEST_LINK_SENTENCE = 12
_MOST_CHARACTERS = 600  # a longer unit is a paragraph, whatever is in it
_MARKER_ENDS = re.compile(r"\s*[:»>→►▶|–—-]")


@functools.cache
def _lexicon() -> tuple[re.Pattern[str], frozenset[str], re.Pattern[str], re.Pattern[str]]:
    words = load_toml("read/boilerplate.toml")
    return (
        _any_of(words["related"], start=True, word_end=True),
        frozenset(fold(line) for line in words["lines"]),
        _any_of(words["starts"], start=True, word_end=False),
        _any_of(words["contains"], start=False, word_end=False),
    )


def _any_of(phrases: Sequence[str], *, start: bool, word_end: bool) -> re.Pattern[str]:
    longest_first = sorted(phrases, key=lambda phrase: (-len(phrase), phrase))
    pattern = "|".join(re.escape(phrase) for phrase in longest_first)
    return re.compile(f"{'^' if start else ''}(?:{pattern}){chr(92) + 'b' if word_end else ''}")


def mark(text: str, units: list[Unit]) -> list[Unit]:
    """Return the units with boilerplate and pointers to other articles marked, each with the phrase."""
    marked: list[Unit] = []
    longer = (i for i in range(len(units) - 1, -1, -1) if _is_long(text, units[i]))
    last_long = next(longer, -1)
    index = 0
    while index < len(units):
        unit = units[index]
        index += 1
        if unit.kind not in {None, "paragraph", "heading"}:
            marked.append(unit)
            continue
        line = text[unit.start : unit.end]
        marker = _related_marker(line)
        if marker is None:
            rule = _boilerplate_rule(line)
            marked.append(replace(unit, kind="boilerplate", rule=rule) if rule else unit)
            continue
        rule = f"lexicon:{marker}"
        bare = fold(line) == marker.lower()
        marked.append(replace(unit, kind="boilerplate" if bare else "related", rule=rule))
        if bare:
            links = _links_below(text, units, index, sentences_too=index > last_long)
            marked += [replace(link, kind="related", rule=rule) for link in units[index : index + links]]
            index += links
    return marked


def _is_long(text: str, unit: Unit) -> bool:
    return count(text[unit.start : unit.end]) > _LONGEST_LINK_SENTENCE


def _related_marker(line: str) -> str | None:
    """Return the marker as written (`See also`) when the line points to other articles, else None."""
    if len(line) > _MOST_CHARACTERS or count(line) > _LONGEST_RELATED:
        return None
    markers, _lines, _starts, _contains = _lexicon()
    stripped = line.lstrip(" \t\n»>›•*·►▶→#-–—|[(")
    match = markers.match(stripped.replace("’", "'").lower())
    if match is None:
        return None
    written, rest = stripped[: match.end()], stripped[match.end() :]
    if not rest.strip(" .…]):»>→►▶"):
        return written
    return written if _MARKER_ENDS.match(rest) and rest.lstrip()[:1] != "-" else None


def is_boilerplate(line: str) -> bool:
    """Say whether the line is boilerplate or points to other articles."""
    return _boilerplate_rule(line) is not None or _related_marker(line) is not None


def _boilerplate_rule(line: str) -> str | None:
    words = count(line)
    if len(line) > _MOST_CHARACTERS or words > _LONGEST_CONTAINS:
        return None
    _related, lines, starts, contains = _lexicon()
    folded = fold(line)
    if not folded:
        return "no_words"
    if folded in lines:
        return f"lexicon:{folded}"
    raw = " ".join(line.replace("’", "'").lower().split())
    match = starts.match(raw) or starts.match(folded)
    if match and words <= _LONGEST_START:
        return f"lexicon:{match.group()}"
    match = contains.search(raw)
    return f"lexicon:{match.group()}" if match else None


def _links_below(text: str, units: list[Unit], index: int, *, sentences_too: bool) -> int:
    """Return how many of the units from `index` on are the links that a bare marker announces.

    Short lines without a full stop; and where nothing longer follows to the end, short sentences too.
    """
    links = 0
    for i in range(index, len(units)):
        line = text[units[i].start : units[i].end]
        is_sentence = ends_sentence(line.rstrip("?!"))
        if count(line) > _LONGEST_LINK or len(line) > _MOST_CHARACTERS or (is_sentence and not sentences_too):
            break
        links += 1
    return links
