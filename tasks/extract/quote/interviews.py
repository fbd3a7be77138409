# ruff: noqa: RUF001 - typographic marks as they stand in news
"""Interviews set as a dialogue: every paragraph opens with who speaks and a colon, without quote marks."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from tasks.extract.quote.page import Draft
from tasks.extract.quote.subjects import Subject

if TYPE_CHECKING:
    from tasks.extract.quote.page import Page

_LONGEST_LABEL = 5
_FEWEST_TURNS = 3
_LEAST_LABELLED = 0.5
"""Share of labelled paragraphs below which the others are the author's."""
_OPENING = frozenset("“\"«„‘'")


def interview_turns(page: Page, quotes: list[Draft]) -> list[Draft]:
    """Return the turns of an interview with the quotes found so far; the words of the turns are masked.

    It is an interview where at least three paragraphs have labels, somebody speaks twice, and a label names a
    person or is `Q`. Where most paragraphs have labels, those without one go on with the turn before. Quotes
    inside a turn stay where a clause says whose they are. O(words).
    """
    labels = _labels(page)
    if not _is_interview(page, labels):
        return quotes
    turns: dict[int, Draft] = {}
    last: Draft | None = None
    opening, closing = min(labels), max(labels)
    inside = [number for number in page.paragraph_words if opening <= number <= closing]
    dense = len(labels) / len(inside) >= _LEAST_LABELLED
    for number in inside:
        first, end = page.paragraph_words[number]
        label = labels.get(number)
        answers_on = dense and last is not None and page.words.paragraphs[number].kind == "paragraph"
        if label is None and not answers_on:
            continue
        start = first if label is None else label.last + 1
        if start >= end or page.words.text[start] in _OPENING:
            continue
        segment = (page.words.start[start], page.words.paragraphs[number].end)
        turn = Draft("direct", [segment], number, "interview_turn", 0.9, subject=label)
        if label is None:
            turn.inherits, turn.continues = last, True
        turns[number] = last = turn
    kept = [quote for quote in quotes if quote.paragraph not in turns or _reported(quote)]
    for number in turns:
        for i in range(*page.paragraph_words[number]):
            page.masked[i] = True
    return kept + list(turns.values())


def _labels(page: Page) -> dict[int, Subject]:
    """Return paragraph -> the words before its colon, where they may name a speaker."""
    found = {}
    words = page.words
    for number, (opening, end) in page.paragraph_words.items():
        mark = words.text[opening] in _OPENING and opening + 2 < end and words.text[opening + 2] == ":"
        first = opening + mark  # `“SMITH: Well, look.` of a transcript
        limit = min(end, first + _LONGEST_LABEL + 1)
        colon = next((i for i in range(first, limit) if words.text[i] == ":"), None)
        if words.paragraphs[number].kind != "paragraph" or colon is None or colon == first:
            continue
        mention = page.mentions.get(first)
        named = mention is not None and mention.last == colon
        if named or all(words.cap[i] or words.text[i] == "." for i in range(first, colon)):
            found[number] = Subject(first, colon)
    return found


def _is_interview(page: Page, labels: dict[int, Subject]) -> bool:
    names = Counter(" ".join(page.words.lower[s.first : s.last]) for s in labels.values())
    if len(labels) < _FEWEST_TURNS or not 1 < len(names) < len(labels):
        return False
    mentions = (page.mentions.get(label.first) for label in labels.values())
    surnames = {entity.name.lower().split()[-1] for entity in page.entities if entity.type == "PERSON"}
    named = bool(surnames & names.keys()) or any(
        m is not None and m.entity.type == "PERSON" for m in mentions
    )
    return named or "q" in names


def _reported(quote: Draft) -> bool:
    return quote.subject is not None and quote.verb is not None
