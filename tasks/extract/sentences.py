# ruff: noqa: RUF001 - typographic marks as they stand in news
"""`copydesk.sentences`: sentence starts from punctuation, repaired quote marks and blocks.

A sentence never ends before a closing mark and never crosses a block; a small letter behind `. ` starts
one where the word before is no abbreviation, and so does a capital right behind the full stop (machine
translation leaves such starts behind).
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from spacy.attrs import SENT_START
from spacy.language import Language

from tasks.extract.cue_verbs import speech_forms
from tasks.extract.grammar import word_class
from tasks.extract.lexer import Paragraph, paragraphs_of
from tasks.lost_space import space_is_lost
from worker.config_dir import load_lines

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spacy.tokens import Doc

    from tasks.extract.quote.marks import QuoteMarks

NAME = "copydesk.sentences"
_STOP = re.compile(r"[.!?…]+")
_WORD_BEFORE = re.compile(r"[\w.’'-]{1,20}$")
_STARTERS = word_class("sentence_starters")
_DASHES = frozenset("–—―-")
_LETTERS = 2
_LONGEST_NOTE = 1000


@functools.cache
def _abbreviations() -> dict[str, str]:
    pairs = (line.split() for line in load_lines("extract/abbreviations.txt"))
    return {pair[1]: pair[0] for pair in pairs if len(pair) == _LETTERS}


def sentence_starts(
    text: str,
    paragraphs: list[Paragraph],
    marks: QuoteMarks,
    notes: Sequence[tuple[int, int]] = (),
) -> list[int]:
    """Return the offsets at which sentences start, in order; none inside `notes`. Pure, O(len(text))."""
    inside = _inside(notes)
    closing = {mark.offset: mark.end for mark in marks.marks if mark.meant == "close"}
    opening = {mark.offset: mark.end for mark in marks.marks if mark.meant == "open"}
    starts = []
    for paragraph in paragraphs:
        starts.append(paragraph.start)
        at = paragraph.start
        for match in _STOP.finditer(text, paragraph.start, paragraph.end):
            if match.start() < at or match.start() in inside:
                continue
            end, closed = _past_closers(text, match.end(), paragraph.end, closing)
            start = _past_space(text, end, paragraph.end)
            if start >= paragraph.end:
                break
            apart = start > end or start in opening or closed
            if not apart and match.group() == ".":
                apart = space_is_lost(text, end - 1, paragraph.end, _STARTERS)
            if not apart:
                continue
            if _splits(text, match, start, paragraph, closed=closed, opening=opening):
                starts.append(start)
                at = start
    return starts


def _past_space(text: str, at: int, limit: int) -> int:
    while at < limit and text[at].isspace():
        at += 1
    return at


def _inside(notes: Sequence[tuple[int, int]]) -> frozenset[int]:
    return frozenset(
        offset for start, end in notes if end - start <= _LONGEST_NOTE for offset in range(start, end)
    )


def _past_closers(text: str, end: int, limit: int, closing: dict[int, int]) -> tuple[int, bool]:
    """Return the offset past closing marks and brackets behind a full stop, and whether there was a mark."""
    closed = False
    while end < limit:
        here = end
        while here < limit and here - end < 3 and text[here] in " \u00a0":  # noqa: PLR2004 - `Russia. “`
            here += 1
        if here in closing:
            end, closed = closing[here], True
        elif text[end] in ")]":
            end += 1
        else:
            break
    return end, closed


def _splits(
    text: str, stop: re.Match[str], start: int, paragraph: Paragraph, *, closed: bool, opening: dict[int, int]
) -> bool:
    first = opening.get(start, start)
    while first < paragraph.end and (text[first] in "([‘'\"" or text[first].isspace()):
        first += 1
    letter = text[first] if first < paragraph.end else ""
    if closed:
        if letter in _DASHES:
            return False
        return not letter.islower() and not _reporting_clause(text, start, paragraph.end, stop.group())
    before = _WORD_BEFORE.search(text, max(paragraph.start, stop.start() - 20), stop.start())
    word = before.group() if before else ""
    if letter.islower():
        return stop.group() == "." and _ends_plainly(word)
    if stop.group() != ".":
        return True
    return _full_stop_ends(word, text, first, paragraph.end)


def _ends_plainly(word: str) -> bool:
    lower = word.lower()
    return len(word) >= _LETTERS and word.islower() and "." not in word and lower not in _abbreviations()


def _full_stop_ends(word: str, text: str, first: int, limit: int) -> bool:
    kind = _abbreviations().get(word.lower())
    follows = re.compile(r"\w+").match(text, first, limit)
    behind = follows.group() if follows else ""
    if kind == "title":
        return word.islower() and word.lower() in {"no", "art", "fig", "v"}
    if kind == "unit":
        return not behind[:1].isdigit() and (word.islower() or behind.lower() in _STARTERS)
    if kind == "maybe" or re.fullmatch(r"(?:\w\.)+\w", word):
        return behind.lower() in _STARTERS
    if len(word) == 1 and word.isupper():
        return behind.lower() in _STARTERS or word == "I"
    return True


def _reporting_clause(text: str, start: int, limit: int, stop: str) -> bool:
    """Whether a short `Blinken asked.` behind a closed quote belongs to it."""
    verbs = speech_forms()
    pieces = re.findall(r"[\w’'-]+|[^\w\s]", text[start : min(limit, start + 80)])
    for number, piece in enumerate(pieces[:7]):
        if piece in verbs:
            behind = pieces[number + 1] if number + 1 < len(pieces) else "."
            return number > 0 and (behind in ".," or "?" in stop or "!" in stop) and behind != "that"
        if not piece[0].isupper() and piece not in {"of", "the", "also"}:
            return False
    return False


def _flags(doc: Doc, starts: list[int]) -> Any:
    """Return 1 for each token that is the first at or behind a start, -1 for the others; the first is one."""
    flags = np.full(len(doc), -1, dtype=np.int64).astype(np.uint64)
    at = 0
    for token in doc:
        if token.is_space and token.i:
            continue
        if at < len(starts) and starts[at] <= token.idx:
            flags[token.i] = 1
            while at < len(starts) and starts[at] <= token.idx:
                at += 1
    flags[:1] = 1
    return flags


class SentencesComponent:
    """Sets `token.is_sent_start` of every token."""

    version: ClassVar[str] = "2"
    languages: ClassVar[tuple[str, ...]] = ("en",)

    def __call__(self, doc: Doc) -> Doc:
        """Set the sentence starts; the first token at or behind a start carries it."""
        article = doc._.article
        notes = [(note.start, note.end) for note in article.notes]
        starts = sentence_starts(doc.text, paragraphs_of(article), doc._.quote_marks, notes)
        # One array: setting the attribute token by token looks through the whole doc each time.
        return doc.from_array([SENT_START], _flags(doc, starts))


@Language.factory(
    NAME.replace(".", "_"), assigns=["token.is_sent_start"], requires=["doc._.article", "doc._.quote_marks"]
)
def make_sentences(nlp: Language, name: str) -> SentencesComponent:  # noqa: ARG001 - spaCy's signature
    """Return the component."""
    return SentencesComponent()
