# ruff: noqa: RUF001 - typographic marks as they stand in news
"""Counting what is right. Pure functions over offsets; nothing here knows a corpus or a component.

Figures are micro figures: right, predicted and gold things are summed over all texts and types before
precision and recall are taken; in per cent. A gold thing pays for one prediction at most, and the other way
round.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Sequence

QUOTE_MARKS = frozenset("\"'`´“”„‟‘’‚‛«»‹›″")
"""Marks that the comparison of extents does not see."""

HALF = 0.5

Extent = frozenset[int]
"""Offsets of the characters that count; of one span or of several together."""


@dataclass(slots=True)
class Counts:
    """How many were right, of how many predicted and how many in the gold."""

    right: int = 0
    predicted: int = 0
    gold: int = 0

    def __iadd__(self, other: Counts) -> Self:
        """Add the counts of another text."""
        self.right += other.right
        self.predicted += other.predicted
        self.gold += other.gold
        return self

    @property
    def precision(self) -> float:
        """Right of the predicted, per cent; 0 where nothing was predicted."""
        return 100 * self.right / self.predicted if self.predicted else 0.0

    @property
    def recall(self) -> float:
        """Right of the gold, per cent; 0 where the gold is empty."""
        return 100 * self.right / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of both, per cent."""
        total = self.predicted + self.gold
        return 200 * self.right / total if total else 0.0

    def figures(self) -> dict[str, float]:
        """Return precision, recall and F1 in per cent, and both sizes."""
        return {
            "precision": self.precision,
            "recall": self.recall,
            "f1": self.f1,
            "predicted": self.predicted,
            "gold": self.gold,
        }


def exact(gold: Iterable[Hashable], predicted: Iterable[Hashable]) -> Counts:
    """Count equal things; equal ones on one side need as many on the other."""
    wanted, found = Counter(gold), Counter(predicted)
    return Counts((wanted & found).total(), found.total(), wanted.total())


def extent(text: str, spans: Iterable[Sequence[int]]) -> Extent:
    """Return the characters of the spans without white space and quote marks, wherever these stand.

    So two readings are equal when they hold the same words: with or without the marks around a quote, with
    one span or two over a paragraph break. Other punctuation counts.
    """
    return frozenset(
        offset
        for start, end in spans
        for offset in range(start, end)
        if not text[offset].isspace() and text[offset] not in QUOTE_MARKS
    )


def overlap(one: Extent, other: Extent) -> float:
    """Characters in both, of the characters in either (Jaccard); 0 for two empty extents."""
    union = len(one | other)
    return len(one & other) / union if union else 0.0


def pairs(
    gold: Sequence[Extent], predicted: Sequence[Extent], *, at_least: float = HALF
) -> list[tuple[int, int, float]]:
    """Return (gold, predicted, overlap) one to one: the best overlap first, then the order in the text.

    Only pairs of at least `at_least` count.
    """
    holders: defaultdict[int, list[int]] = defaultdict(list)
    for number, chars in enumerate(predicted):
        for offset in chars:
            holders[offset].append(number)
    scored = []
    for number, chars in enumerate(gold):
        touched = sorted({other for offset in chars for other in holders.get(offset, ())})
        scored += [(overlap(chars, predicted[other]), number, other) for other in touched]
    taken_gold: set[int] = set()
    taken: set[int] = set()
    chosen = []
    for score, number, other in sorted(scored, key=lambda s: (-s[0], s[1], s[2])):
        if score >= at_least and number not in taken_gold and other not in taken:
            taken_gold.add(number)
            taken.add(other)
            chosen.append((number, other, score))
    return sorted(chosen)


def touching(gold: Sequence[Extent], predicted: Sequence[Extent]) -> Counts:
    """Count things that share any character, one to one, the best pairs first."""
    return Counts(len(pairs(gold, predicted, at_least=0.0)), len(predicted), len(gold))


def alpha(labels: Counter[tuple[Hashable, Hashable]]) -> float:
    """Return Krippendorff's alpha of two who give each thing one of several labels, per cent.

    `labels` counts the things by both labels. 100: always the same; 0: no more often than by chance, or no
    things.
    Krippendorff (2011), Computing Krippendorff's Alpha-Reliability, nominal data.
    """
    things = labels.total()
    if not things:
        return 0.0
    given: Counter[Hashable] = Counter()
    for both, times in labels.items():
        for label in both:
            given[label] += times
    differ = sum(times for (one, other), times in labels.items() if one != other) / things
    alike = sum(times * (times - 1) for times in given.values()) / (2 * things * (2 * things - 1))
    return 100 * (1 - differ / (1 - alike)) if alike < 1 else 100.0


def overlapping(gold: Sequence[Extent], predicted: Sequence[Extent]) -> Counts:
    """Count things that share at least half of their union, one to one."""
    return Counts(len(pairs(gold, predicted)), len(predicted), len(gold))


def characters(gold: Iterable[Extent], predicted: Iterable[Extent]) -> Counts:
    """Count characters: in some gold thing, in some predicted thing, in both."""
    wanted: Extent = frozenset().union(*gold)
    found: Extent = frozenset().union(*predicted)
    return Counts(len(wanted & found), len(found), len(wanted))


def covered(tokens: Iterable[Sequence[int]], chars: Extent) -> set[int]:
    """Return the starts of the tokens (start, end) of which some character is in `chars`."""
    return {start for start, end in tokens if any(offset in chars for offset in range(start, end))}
