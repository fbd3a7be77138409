"""How alike two texts are, from what the desk keeps of them: sketches, and facts in their frames of words.

Pure arithmetic. A pair is judged by nothing but the two texts, so that no order of arrival can matter.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy.typing as npt

    Hashes = npt.NDArray[np.uint32]

SKETCH = 256
"""A sketch with fewer values holds every run of its text."""
KEYS = 12
"""Smallest values of a sketch by which it is found. A third of a longer text shares four with it."""
LEAST_SHARED = 5
"""Values that two sketches share at least: fewer are a name and a stock phrase."""
NEAR = 0.5
"""Share of the shorter text's runs that stand in the longer one: it is near."""
COPY_OF_SHORTER = 0.6
COPY_OF_LONGER = 0.52
"""Shares of both texts' runs that make them copies. More than half of the longer one, by the error of the
estimate: so no digest of several stories can be a copy of two of them, and tie their clusters together. What
a copy loses beyond that makes it `contained`, near and not in the cluster."""
RENAMED = 2
"""Different names in equal frames that make it another report; one alone is a spelling (Kiev, Kyiv)."""
FIGURE, NAME = 0, 1
_FULL = np.uint32(0xFFFF_FFFF)

Rule = Literal["identical_text", "copy", "contains", "contained", "figures_differ", "names_differ"]
COPIES = frozenset({"identical_text", "copy"})

Fact = tuple[int, int]
"""(hash of the frame, hash of what stands in it; its lowest bit is FIGURE or NAME)."""


@dataclass(frozen=True, eq=False)
class Text:
    """What is kept of a text: its sketch, ascending, and its facts, by frame."""

    sketch: Hashes
    frames: Hashes
    values: Hashes

    @classmethod
    def of(cls, sketch: Sequence[int], facts: Iterable[Fact]) -> Text:
        """Make it from plain numbers."""
        pairs = sorted(facts)
        return cls(
            np.array(sketch, dtype=np.uint32),
            np.array([frame for frame, _ in pairs], dtype=np.uint32),
            np.array([value for _, value in pairs], dtype=np.uint32),
        )

    @classmethod
    def unpacked(cls, sketch: bytes, facts: bytes) -> Text:
        """Read what `packed` wrote."""
        pairs = np.frombuffer(facts, dtype="<u4").reshape(2, -1)
        return cls(np.frombuffer(sketch, dtype="<u4"), pairs[0], pairs[1])

    def packed(self) -> tuple[bytes, bytes]:
        """Return sketch and facts as little-endian numbers of four bytes."""
        facts = np.stack([self.frames, self.values])
        return self.sketch.astype("<u4").tobytes(), facts.astype("<u4").tobytes()

    def found_by(self) -> list[int]:
        """Return the values by which the text is found."""
        return [int(value) for value in self.sketch[:KEYS]]


@dataclass(frozen=True)
class Likeness:
    """How alike two texts are, seen from the first: shares from 0 to 1, facts as counts.

    `ours` is the share of the first text's runs that stand in the second, `theirs` the other way round.
    """

    similarity: float
    ours: float
    theirs: float
    shared: int
    figures: int = 0
    names: int = 0

    def rule(self) -> Rule | None:
        """Return the rule that makes the two near, from the first one's side; None when they are not."""
        shorter, longer = max(self.ours, self.theirs), min(self.ours, self.theirs)
        if shorter < NEAR or self.shared < LEAST_SHARED:
            return None
        if self.figures:
            return "figures_differ"
        if self.names >= RENAMED:
            return "names_differ"
        if shorter >= COPY_OF_SHORTER and longer >= COPY_OF_LONGER:
            return "copy"
        return "contained" if self.ours > self.theirs else "contains"


def compare(one: Text, two: Text) -> Likeness:
    """Compare two texts below the value down to which both sketches know everything.

    Exact when both are whole sets; else an estimate over the values that both would hold.
    """
    limit = min(_limit(one.sketch), _limit(two.sketch))
    first = one.sketch[: int(np.searchsorted(one.sketch, limit, side="right"))]
    second = two.sketch[: int(np.searchsorted(two.sketch, limit, side="right"))]
    shared = int(np.intersect1d(first, second, assume_unique=True).size)
    if not shared:
        return Likeness(0.0, 0.0, 0.0, 0)
    figures, names = _conflicts(one, two)
    return Likeness(
        similarity=shared / (first.size + second.size - shared),
        ours=shared / first.size,
        theirs=shared / second.size,
        shared=shared,
        figures=figures,
        names=names,
    )


def _limit(sketch: Hashes) -> np.uint32:
    return _FULL if sketch.size < SKETCH else sketch[-1]


def _conflicts(one: Text, two: Text) -> tuple[int, int]:
    """Count the different pairs (figure here, figure there) in equal frames of words, and those of names."""
    _, ours, theirs = np.intersect1d(one.frames, two.frames, assume_unique=True, return_indices=True)
    here, there = one.values[ours], two.values[theirs]
    differ = here != there
    pairs = set(zip(here[differ].tolist(), there[differ].tolist(), strict=True))
    names = sum(1 for a, b in pairs if a & b & 1 == NAME)
    return len(pairs) - names, names
