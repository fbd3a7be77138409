"""The story level: whether two articles report the same event, by the words of their beginnings and the day.

Conservative: the further apart two articles are in time, the more alike they have to be; beyond 30 days they
are never joined directly.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

DAY_S = 86_400
WINDOW_DAYS = 10
MOST_DAYS = 30
KEYS = 8
"""Heaviest words by which an article is found, in windows of time; it looks `MOST_DAYS` to both sides."""
SHARED_KEYS = 2
ALIKE = ((3, 0.26), (10, 0.30), (MOST_DAYS, 0.36))
"""(days apart at most, cosine at least)."""
_SCALE = 1000
_KEY_BITS = 32


@dataclass(frozen=True, eq=False)
class StoryPrints:
    """Hashes of words, ascending, with their weights as parts of a vector of length 1; and when."""

    words: npt.NDArray[np.uint32]
    weights: npt.NDArray[np.uint16]
    moment: int

    @classmethod
    def of(cls, weights: Mapping[int, float], moment: int, *, most: int) -> StoryPrints:
        """Keep the heaviest words; of equals those with the smaller hash."""
        kept = sorted(weights.items(), key=lambda item: (-item[1], item[0]))[:most]
        length = sum(weight * weight for _, weight in kept) ** 0.5
        kept.sort()
        return cls(
            np.array([word for word, _ in kept], dtype=np.uint32),
            np.array([round(weight / length * _SCALE) for _, weight in kept], dtype=np.uint16),
            moment,
        )

    @classmethod
    def unpacked(cls, packed: bytes, moment: int) -> StoryPrints:
        """Read what `packed` wrote."""
        count = len(packed) // 6
        words = np.frombuffer(packed, dtype="<u4", count=count)
        return cls(words, np.frombuffer(packed, dtype="<u2", offset=4 * count), moment)

    def packed(self) -> bytes:
        """Return words, then weights, as little-endian numbers of four and two bytes."""
        return self.words.astype("<u4").tobytes() + self.weights.astype("<u2").tobytes()

    def found_by(self, *, around: bool = False) -> list[int]:
        """Return the keys that it is found by; with `around` those it looks for others with."""
        window = self.moment // (WINDOW_DAYS * DAY_S)
        order = np.lexsort((self.words, -self.weights.astype(np.int32)))[:KEYS]
        far = MOST_DAYS // WINDOW_DAYS if around else 0
        windows = range(window - far, window + far + 1)
        return [(each % (1 << 30)) << _KEY_BITS | int(word) for each in windows for word in self.words[order]]


def cosine(one: StoryPrints, two: StoryPrints) -> float:
    """Return how alike two articles' beginnings are, from 0 to 1."""
    _, ours, theirs = np.intersect1d(one.words, two.words, assume_unique=True, return_indices=True)
    product = one.weights[ours].astype(np.int64) @ two.weights[theirs].astype(np.int64)
    return float(product) / (_SCALE * _SCALE)


def same_story(one: StoryPrints, two: StoryPrints) -> bool:
    """Whether the two report the same event."""
    apart = abs(one.moment - two.moment)
    for days, least in ALIKE:
        if apart <= days * DAY_S:
            return cosine(one, two) >= least
    return False
