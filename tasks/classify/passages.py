"""An article in passages: runs of sentences of one kind, at least 30 words long where there are as many.

A topic is told passage by passage, since one article may have several.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from tasks.classify.body import Body

LEAST_WORDS = 30
LONG = 30
"""Words from which on a passage weighs no more."""
TITLE_WEIGHT = 2.0


class Passage(NamedTuple):
    """Tokens `first <= i < last` of the body, and how much the passage counts in the article."""

    first: int
    last: int
    weight: float


def passages_of(body: Body) -> list[Passage]:
    """Return the passages, in order; those at the start and the title count more. Never an empty one."""
    runs: list[tuple[int, int, str]] = []
    for sentence in body.sentences:
        if sentence.last == sentence.first:
            continue
        kind = "title" if sentence.kind == "title" else "body"
        if runs and runs[-1][2] == kind and runs[-1][1] - runs[-1][0] < LEAST_WORDS:
            runs[-1] = (runs[-1][0], sentence.last, kind)
        else:
            runs.append((sentence.first, sentence.last, kind))
    if len(runs) > 1 and runs[-1][2] == runs[-2][2] and runs[-1][1] - runs[-1][0] < LEAST_WORDS:
        first, _, kind = runs[-2]
        runs[-2:] = [(first, runs[-1][1], kind)]
    passages = []
    for place, (first, last, kind) in enumerate(runs):
        lead = TITLE_WEIGHT if kind == "title" else 1.0 + 1.0 / (1.0 + place)
        passages.append(Passage(first, last, lead * min(last - first, LONG)))
    return passages
