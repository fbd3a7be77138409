# ruff: noqa: RUF001 - typographic marks as they stand in news
"""What a quote glyph looks like where it stands: costs of reading it as opening, closing or neither."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from tasks.extract.cue_verbs import speech_forms
from tasks.extract.grammar import word_class
from tasks.extract.quote.mark_states import IGNORE, Costs

DOUBLE = re.compile(r"[\"“”„‟«»″＂]|``|''")
SINGLE = re.compile(r"[‘’‚‛‹›]|(?<!')'(?!')")
_WRONG_GLYPH = 2.0
_WRONG_SPACE = 3.0
_SHORT_TAIL = 8
_SENTENCE_PUNCTUATION = frozenset(".,!?…")
_LINKS = frozenset("([{—–-/")
_TRAILERS = frozenset(")]},.;:!?…—–-/")
_SUBJECTS = frozenset({"he", "she", "they", "the", "a", "an", "of", "who"})
_ELISIONS = word_class("elisions")


@dataclass(frozen=True, slots=True)
class Style:
    """How the article sets quotes, told from all of its glyphs."""

    german: bool = False
    """„ ... “"""
    inward: bool = False
    """» ... «"""

    def direction(self, glyph: str) -> str | None:
        """Return what the glyph says by itself: `open`, `close` or None."""
        if glyph in "„‚``‘‛" and glyph:
            return "open"
        if glyph == "“":
            return "close" if self.german else "open"
        if glyph in {"”", "‟", "’", "''"}:
            return "close"
        if glyph in "«‹":
            return "close" if self.inward else "open"
        if glyph in "»›":
            return "open" if self.inward else "close"
        return None


def style_of(text: str) -> Style:
    """Return the style of the whole text."""
    inward = 0
    for match in re.finditer(r"[«»]", text):
        before = text[match.start() - 1 : match.start()]
        opens = not before or before.isspace()
        inward += 1 if opens == (match.group() == "»") else -1
    return Style(german="„" in text and "”" not in text, inward=inward > 0)


def double_costs(text: str, start: int, glyph: str, bounds: tuple[int, int], style: Style) -> Costs:
    """Return the costs of the double mark at `start` in the paragraph `bounds`.

    It is one that opens or closes, unless a digit stands before it: then it may be a sign for inches.
    """
    opening, closing, _ = _by_glyph_and_space(text, start, glyph, bounds, style)
    before = text[start - 1] if start > bounds[0] else ""
    ignore = math.inf
    if before.isdigit() and glyph in {'"', "″", "”"}:
        ignore = 3.0 if glyph == "”" else 1.0
    return Costs(opening, closing, ignore)


def single_costs(text: str, start: int, glyph: str, bounds: tuple[int, int], style: Style) -> Costs | None:
    """Return the costs of the single mark at `start`, or None for what can only be an apostrophe."""
    end = start + len(glyph)
    before = text[start - 1] if start > bounds[0] else ""
    after = text[end] if end < bounds[1] else ""
    if before.isalnum() and after.isalnum():
        return None
    opening, closing, ignore = _by_glyph_and_space(text, start, glyph, bounds, style)
    if glyph in "'’":
        if before.isalpha():
            ignore = 0.2 if before in "sSxzn" else 1.5
        elif after.isdigit() or _word_behind(text, end) in _ELISIONS:
            ignore = 0.1
        elif before.isdigit():
            ignore = 0.5
        elif not before.isspace() and before not in _SENTENCE_PUNCTUATION and before:
            ignore = 2.0
    return Costs(opening, closing, ignore)


def _by_glyph_and_space(
    text: str, start: int, glyph: str, bounds: tuple[int, int], style: Style
) -> tuple[float, float, float]:
    low, high = bounds
    end = start + len(glyph)
    before = text[start - 1] if start > low else ""
    after = text[end] if end < high else ""
    opening = closing = 0.0
    direction = style.direction(glyph)
    if direction == "open":
        closing += _WRONG_GLYPH
    elif direction == "close":
        opening += _WRONG_GLYPH
    free_before = not before or before.isspace() or before in _LINKS
    free_after = not after or after.isspace() or after in _TRAILERS
    if free_before and not free_after:
        closing += _WRONG_SPACE
    elif free_after and not free_before:
        opening += _WRONG_SPACE
    by_text = _by_text(text, (start, end), bounds, tight=not free_after)
    return opening + by_text[0], closing + by_text[1], IGNORE


def _by_text(
    text: str, mark: tuple[int, int], bounds: tuple[int, int], *, tight: bool
) -> tuple[float, float]:
    """Return costs by what stands before and behind: the paragraph's ends, punctuation, a verb of saying.

    `tight`: no white space or punctuation follows the mark.
    """
    start, end = mark
    low, high = bounds
    opening = 0.0
    closing = 4.0 if start == low else 0.0
    if high - end < _SHORT_TAIL and not text[end:high].strip(" \u00a0.,;:!?)]"):
        opening += 5.0
    last = _last_character(text, start, low)
    if last == ":":
        closing += 2.0
    elif last in _SENTENCE_PUNCTUATION:
        if tight and text[start - 1] == last:
            opening += 1.0
        if _reporting_clause_behind(text, end, high):
            opening += 3.0
    return opening, closing


def _last_character(text: str, start: int, low: int) -> str:
    at = start - 1
    while at >= low and start - at < 4 and text[at].isspace():  # noqa: PLR2004 - a few spaces at most
        at -= 1
    return text[at] if at >= low else ""


def _word_behind(text: str, end: int) -> str:
    match = re.compile(r"\w{1,6}").match(text, end)
    return match.group().lower() if match else ""


def _reporting_clause_behind(text: str, end: int, high: int) -> bool:
    """Whether `Blinken said`, `said the minister` stand right behind the mark."""
    pieces = re.findall(r"[\w’'-]+|[,.]", text[end : min(high, end + 70)])
    verbs = speech_forms()
    for number, piece in enumerate(pieces[:6]):
        if piece in verbs:
            return number > 0 or piece[0].islower()
        if piece in ",." or not (piece[0].isupper() or piece in _SUBJECTS) or piece in {"I", "We", "You"}:
            return False
    return False
