# ruff: noqa: RUF001 - typographic marks as they stand in news
"""Capitalised sequences: where a name may stand, before it is decided what it names."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from spacy.lang.en.stop_words import STOP_WORDS

from tasks.extract.grammar import word_class
from tasks.extract.lexicon import Known, lexicon
from tasks.extract.name.roles import KnownAt

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tasks.extract.lexer import Words
    from tasks.extract.name.roles import RolePhrase
    from worker.record import EntityType

_OPENERS = frozenset("“\"‘'«„:;([–—-•*|…")
_TITLE_CASE_SHARE = 0.6
_LONGEST_RUN = 24
"""Words; a longer run of capitals is cut, so that the rules stay linear."""


@dataclass(slots=True)
class Name:
    """One name in the text: words `first` to `last` (exclusive), and what is known about it here."""

    first: int
    last: int
    type: EntityType
    confidence: float
    rule: str
    country: str | None = None
    canonical: str | None = None
    gender: str | None = None
    role: RolePhrase | None = None
    heading: bool = False
    initial: bool = False
    sure: bool = True
    """False: to be decided by what the rest of the article says."""
    cut: tuple[int, int] | None = None
    """Offsets, where the name is a part of a word: `Oslo` of `Oslo-based`."""
    learned: bool = False
    """The news model says the same as the rule."""


@dataclass(frozen=True, slots=True)
class Run:
    """Words `first` to `last` (exclusive), capitalised throughout but for particles."""

    first: int
    last: int
    initial: bool
    """It starts a sentence, so that the first capital says nothing."""
    heading: bool
    """It stands in a heading set in title case or capitals."""


def scan_known(words: Words, blocked: Sequence[bool]) -> list[KnownAt]:
    """Return the listed names, longest first from the left, without overlap. O(words)."""
    lex = lexicon()
    found: list[KnownAt] = []
    for first, last in words.sentences:
        at = first
        while at < last:
            match = None if blocked[at] else _known_at(words, at, last, lex.known)
            if match is None and words.text[at].isupper() and not blocked[at]:
                match = _known_at(words, at, last, lex.shouted)
            if match is None:
                at += 1
            else:
                found.append(match)
                at = match.last
    return found


def _known_at(words: Words, at: int, last: int, index: dict[str, list[Known]]) -> KnownAt | None:
    for entry in index.get(words.text[at], ()):
        end = at + len(entry.words)
        if end <= last and tuple(words.text[at:end]) == entry.words:
            return KnownAt(at, end, entry)
    return None


def find_runs(words: Words, blocked: Sequence[bool]) -> list[Run]:
    """Return the capitalised sequences in order. O(words)."""
    runs: list[Run] = []
    for first, last in words.sentences:
        heading = words.paragraphs[words.paragraph[first]].heading and _title_case(words, first, last)
        at = first
        while at < last:
            if not _may_start(words, at) or blocked[at]:
                at += 1
                continue
            end = _run_end(words, at, last, blocked)
            initial = at == first or words.text[at - 1] in _OPENERS or words.text[at - 1].isdigit()
            runs.append(Run(at, end, initial, heading))
            at = end
    return runs


def _may_start(words: Words, at: int) -> bool:
    if words.cap[at]:
        return True
    text = words.text[at]
    return len(text) > 3 and text[:3] in {"al-", "el-"} and text[3:4].isupper()  # noqa: PLR2004 - al-Assad


def _run_end(words: Words, at: int, last: int, blocked: Sequence[bool]) -> int:
    lex = lexicon()
    end = at + 1
    while end < last and not blocked[end] and end - at < _LONGEST_RUN:
        text = words.text[end]
        if _may_start(words, end):
            end += 1
        elif end + 1 >= last or not _may_start(words, end + 1) or blocked[end + 1]:
            break
        elif (text in lex.particles and words.lower[end] != "y") or text == "&":
            end += 2
        else:
            break
    return end


def _title_case(words: Words, first: int, last: int) -> bool:
    """Whether a heading sets most of its words with capitals, so that a capital says nothing."""
    long = [i for i in range(first, last) if len(words.text[i]) > 3 and words.text[i].isalpha()]  # noqa: PLR2004
    return bool(long) and sum(words.cap[i] for i in long) / len(long) >= _TITLE_CASE_SHARE


@functools.cache
def function_words() -> frozenset[str]:
    """Return the closed-class words of English that are never a name when a sentence starts with them."""
    return frozenset(STOP_WORDS) | word_class("openers")
