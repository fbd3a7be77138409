# ruff: noqa: RUF001 - typographic marks as they stand in news
"""Real paragraphs, broken at random from a seed: nothing raises, no mark is lost, every offset holds.

A broken paragraph is one of the sample articles with some of its quote marks turned, typed in another style,
dropped or doubled, spaces and commas around them gone, or words cut out. A hundred thousand of them take some
minutes (`make soak`); the short version runs always.
"""

from __future__ import annotations

import functools
import random
import re
from pathlib import Path

import pytest
from extraction import annotate, check_offsets

from tasks.extract.quote.mark_costs import DOUBLE
from tasks.read import read
from worker.settings import Settings

SEEDS = Path(__file__).parents[2] / "seeds"
GLYPHS = ["“", "”", '"', "„", "«", "»", "''", "``", "‘", "’", "'"]
MARK = re.compile("[“”\"„«»‘’']|''|``")
IN_ARTICLE = 20
"""Broken paragraphs that are read together, as one article."""


@functools.cache
def paragraphs() -> list[str]:
    found = []
    for path in sorted(SEEDS.glob("*.txt")):
        article = read(path.read_bytes(), collection="test", settings=Settings())
        pieces = (article.text[block.start : block.end].strip() for block in article.blocks)
        found += [piece for piece in pieces if piece]
    return found


def broken(text: str, draw: random.Random) -> str:
    """Return the paragraph with one to six things wrong."""
    for _ in range(draw.randint(1, 6)):
        marks = [match.span() for match in MARK.finditer(text)]
        start, end = draw.choice(marks) if marks and draw.random() < 0.8 else _anywhere(text, draw)
        text = draw.choice(BREAKS)(text, start, end, draw)
    return text


def _anywhere(text: str, draw: random.Random) -> tuple[int, int]:
    at = draw.randint(0, len(text))
    return at, at


def other_glyph(text: str, start: int, end: int, draw: random.Random) -> str:
    return text[:start] + draw.choice(GLYPHS) + text[end:]


def gone(text: str, start: int, end: int, draw: random.Random) -> str:
    return text[:start] + text[end:]


def doubled(text: str, start: int, end: int, draw: random.Random) -> str:
    return text[:end] + text[start:end] + text[end:]


def space_moved(text: str, start: int, end: int, draw: random.Random) -> str:
    before, behind = text[:start].rstrip(" "), text[end:].lstrip(" ")
    gaps = [draw.choice(["", " ", "\u00a0", "\n"]) for _ in range(2)]
    return before + gaps[0] + text[start:end] + gaps[1] + behind


def comma_gone(text: str, start: int, end: int, draw: random.Random) -> str:
    return text[:start].rstrip(",.!?:") + text[start:end] + text[end:].lstrip(",.!?:")


def cut(text: str, start: int, end: int, draw: random.Random) -> str:
    return text[:start] + text[min(len(text), end + draw.randint(1, 40)) :]


BREAKS = [other_glyph, other_glyph, gone, gone, doubled, space_moved, comma_gone, cut]


def check(seed: int) -> int:
    """Break, read and check one article; return how many paragraphs it had."""
    draw = random.Random(seed)
    text = "\n\n".join(broken(draw.choice(paragraphs()), draw) for _ in range(IN_ARTICLE))
    doc = annotate(text)
    assert doc.text == text
    check_offsets(doc)
    read_marks = {mark.offset for mark in doc._.quote_marks.marks}
    for match in DOUBLE.finditer(text):
        inches = match.start() and text[match.start() - 1].isdigit()
        assert match.start() in read_marks or inches, (seed, match.start())
    offsets = [mark.offset for mark in doc._.quote_marks.marks]
    assert offsets == sorted(set(offsets))
    known = {entity.id for entity in doc._.entities}
    numbers = {quote.id for quote in doc._.quotes}
    for quote in doc._.quotes:
        assert quote.segments
        assert all("\n\n" not in segment.text for segment in quote.segments)
        assert quote.speaker is None or quote.speaker.entity in {None, *known}
        assert quote.continuation_of is None or quote.continuation_of in numbers - {quote.id}
    return IN_ARTICLE


def test_broken_paragraphs() -> None:
    assert sum(check(seed) for seed in range(25)) == 500


@pytest.mark.soak
def test_a_hundred_thousand_broken_paragraphs() -> None:
    assert sum(check(seed) for seed in range(1000, 6000)) == 100_000
