"""Texts made worse on purpose, as machine translation and careless hands make them; gold spans move along.

Everything is decided by a seed (a string) and the text: the same seed gives the same corruption on every
machine. What happens how often stands in `Rates`; the word lists are few and short on purpose, so that no
reader of text can be tuned to them. Nothing here is shared with the code that trains models.
"""

from __future__ import annotations

import bisect
import random
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence


@dataclass(frozen=True, slots=True)
class Rates:
    """How often each thing happens to what it can happen to."""

    turned: float = 0.3
    """Closing double marks typed as opening ones; of the straight ones, those that close."""
    missing: float = 0.1
    """Double marks that are gone."""
    articles: float = 0.2
    """`the`, `a`, `an` in front of a word in small letters that are gone."""
    headline: float = 0.5
    """Short lines without a full stop in capitals (headlines, bylines)."""
    lead: float = 0.15
    """Articles whose first words (at most five) are in capitals, as in print."""
    sentence_start: float = 0.1
    """First words of sentences in small letters, unless they begin a name."""
    title: float = 0.5
    """Titles in small letters before a capital that get a capital: `president Ruto`."""
    name: float = 0.1
    """Words of names that are spelled by another romanisation."""
    space: float = 0.02
    """Spaces behind a mark (or before a bracket) that are gone."""


SLOPPY = Rates()
ARTICLE = re.compile(r"\b(?:[Tt]he|[Aa]n?) (?=[a-z])")
LINE = re.compile(r"^[^\n]+$", re.MULTILINE)
LONGEST_HEADLINE = 14
LEAD = re.compile(r"\S+(?: \S+){0,4}")
SENTENCE_START = re.compile(r"(?:(?<=[.!?] )|(?<=[.!?][”\"] )|(?<=\n)|\A)[A-Z](?=[a-z]+\b)")
TITLE = re.compile(
    r"\b(president|minister|senator|general|professor|judge|director|chairman|secretary|governor|mayor|spokesman"
    r"|spokeswoman|ambassador|bishop|captain|colonel|coach|lawyer|analyst|activist)(?= [A-Z])"
)
GAP = re.compile(r"(?<=[,.;:!?”\")]) (?=\w)|(?<=\w) (?=\()")
CLOSERS, OPENERS = "”", "“"
DOUBLE = re.compile('[“”"]')
SPELLINGS = (
    ("sky", "skiy"),
    ("ksei", "ksey"),
    ("iy", "y"),
    ("ii", "iy"),
    ("ya", "ia"),
    ("ia", "iya"),
    ("yu", "iu"),
    ("kh", "h"),
    ("ou", "u"),
    ("ee", "i"),
    ("oo", "u"),
    ("sch", "sh"),
    ("ph", "f"),
    ("q", "k"),
    ("x", "ks"),
    ("ck", "k"),
    ("tz", "ts"),
    ("w", "v"),
    ("dj", "j"),
    ("ll", "l"),
    ("ss", "s"),
    ("tt", "t"),
    ("nn", "n"),
    ("mm", "m"),
    ("th", "t"),
)
"""Letters of a name and what another romanisation writes; the first that occurs past its start counts."""


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """`text[start:end]` becomes `put`."""

    start: int
    end: int
    put: str
    kind: str = ""


@dataclass(frozen=True)
class Corrupted:
    """A changed text and how it was changed; `edits` are in order and do not overlap."""

    text: str
    edits: tuple[Edit, ...] = ()
    _starts: list[int] = field(default_factory=list, repr=False)
    _shifts: list[int] = field(default_factory=list, repr=False)

    def move(self, start: int, end: int) -> tuple[int, int] | None:
        """Return where a span of the old text is now; None when nothing is left of it.

        An edit inside a span belongs to it; one across its border does as far as it replaces characters.
        """
        moved = (self._moved(start, is_end=False), self._moved(end, is_end=True))
        return moved if moved[0] < moved[1] else None

    def _moved(self, offset: int, *, is_end: bool) -> int:
        number = bisect.bisect_left(self._starts, offset) - 1  # the last edit that starts before
        if number < 0:
            return offset
        edit, shift = self.edits[number], self._shifts[number]
        if offset >= edit.end:
            return offset + shift + len(edit.put) - (edit.end - edit.start)
        return edit.start + shift + (len(edit.put) if is_end else 0)

    @property
    def kinds(self) -> dict[str, int]:
        """How many edits of each kind."""
        return dict(sorted(Counter(edit.kind for edit in self.edits).items()))


def apply(text: str, edits: Iterable[Edit]) -> Corrupted:
    """Return the text with the edits made; of edits that overlap the one given first is made."""
    chosen: list[Edit] = []
    for edit in edits:
        at = bisect.bisect_left(chosen, edit)
        before, after = chosen[at - 1 : at], chosen[at : at + 1]
        if any(edit.start < other.end and other.start < edit.end for other in (*before, *after)):
            continue
        chosen.insert(at, edit)
    pieces: list[str] = []
    shifts: list[int] = []
    done = shift = 0
    for edit in chosen:
        pieces += [text[done : edit.start], edit.put]
        shifts.append(shift)
        done = edit.end
        shift += len(edit.put) - (edit.end - edit.start)
    return Corrupted("".join(pieces) + text[done:], tuple(chosen), [edit.start for edit in chosen], shifts)


def sloppy(
    text: str, *, names: Iterable[Sequence[object]] = (), seed: str, rates: Rates = SLOPPY
) -> Corrupted:
    """Return the text with everything that `Rates` names; `names` are (start, end, label) of its entities.

    Only PERSON, LOC and ORG of the names are spelled in another way. Quote marks are turned first, then come
    headlines, names, titles, sentence starts, articles and spaces; each draws from a generator of its own.
    """
    spans = [(int(str(start)), int(str(end)), str(label)) for start, end, label in names]
    edits = [
        *_marks(text, rates, random.Random(f"{seed}:marks")),
        *_capitals(text, rates, random.Random(f"{seed}:capitals")),
        *_names(text, spans, rates, random.Random(f"{seed}:names")),
        *_titles(text, rates, random.Random(f"{seed}:titles")),
        *_sentence_starts(text, spans, rates, random.Random(f"{seed}:starts")),
        *_deletions(text, ARTICLE, "article", rates.articles, random.Random(f"{seed}:articles")),
        *_deletions(text, GAP, "space", rates.space, random.Random(f"{seed}:spaces")),
    ]
    return apply(text, edits)


def marks(text: str, *, seed: str, turned: float, missing: float) -> Corrupted:
    """Return the text with some closing double marks turned and some double marks gone, nothing else."""
    rates = Rates(turned=turned, missing=missing)
    return apply(text, _marks(text, rates, random.Random(f"{seed}:marks")))


def _marks(text: str, rates: Rates, draw: random.Random) -> Iterator[Edit]:
    inside = False
    paragraph_end = -1
    for match in DOUBLE.finditer(text):
        offset, glyph = match.start(), match.group()
        if offset > paragraph_end:
            inside = False
            found = text.find("\n", offset)
            paragraph_end = found if found >= 0 else len(text)
        closes = glyph == CLOSERS or (glyph == '"' and inside)
        inside = not closes
        gone, turns = draw.random() < rates.missing, draw.random() < rates.turned
        if gone:
            yield Edit(offset, offset + 1, "", "mark_missing")
        elif turns and closes:
            yield Edit(offset, offset + 1, OPENERS, "mark_turned")


def _capitals(text: str, rates: Rates, draw: random.Random) -> Iterator[Edit]:
    lead = LEAD.match(text)
    if draw.random() < rates.lead and lead:
        yield from _upper(text, lead.start(), lead.end(), "lead")
    for line in LINE.finditer(text):
        short = (
            1 < len(line.group().split()) <= LONGEST_HEADLINE and line.group().rstrip()[-1] not in '.!?:,”"'
        )
        if short and draw.random() < rates.headline:
            yield from _upper(text, line.start(), line.end(), "headline")


def _upper(text: str, start: int, end: int, kind: str) -> Iterator[Edit]:
    """Word by word, so that spans inside keep their borders (ß becomes two letters)."""
    for word in re.finditer(r"\w+", text[start:end]):
        if word.group() != word.group().upper():
            yield Edit(start + word.start(), start + word.end(), word.group().upper(), kind)


def _names(
    text: str, spans: Sequence[tuple[int, int, str]], rates: Rates, draw: random.Random
) -> Iterator[Edit]:
    for start, end, label in spans:
        if label not in {"PERSON", "LOC", "ORG"}:
            continue
        for word in re.finditer(r"[A-Z][a-z]{4,}", text[start:end]):
            if draw.random() < rates.name:
                spelled = respelled(word.group())
                if spelled != word.group():
                    yield Edit(start + word.start(), start + word.end(), spelled, "name")


def respelled(word: str) -> str:
    """Return a name as another romanisation spells it; itself where no spelling applies."""
    for letters, other in SPELLINGS:
        at = word.find(letters, 1)
        if at > 0:
            return word[:at] + other + word[at + len(letters) :]
    return word


def _titles(text: str, rates: Rates, draw: random.Random) -> Iterator[Edit]:
    for match in TITLE.finditer(text):
        if draw.random() < rates.title:
            yield Edit(match.start(), match.start() + 1, match.group()[0].upper(), "title")


def _sentence_starts(
    text: str, spans: Sequence[tuple[int, int, str]], rates: Rates, draw: random.Random
) -> Iterator[Edit]:
    named = {start for start, _, _ in spans}
    for match in SENTENCE_START.finditer(text):
        if draw.random() < rates.sentence_start and match.start() not in named:
            yield Edit(match.start(), match.end(), match.group().lower(), "sentence_start")


def _deletions(
    text: str, pattern: re.Pattern[str], kind: str, rate: float, draw: random.Random
) -> Iterator[Edit]:
    for match in pattern.finditer(text):
        if draw.random() < rate:
            yield Edit(match.start(), match.end(), "", kind)
