"""Spans out of the scores of words: the best sequence of tags that is well formed.

Tags are BILOU (`O`, `B-X`, `I-X`, `L-X`, `U-X`) or BIO (`O`, `B`, `I`, or with labels). The score of a
sequence is the sum of its tags' log-probabilities; nothing is learned about pairs of tags, they are only
allowed or not. So where the best tag of each word makes a well-formed sequence, it is the best one, and only
the stretches where it does not are searched (Viterbi). A stretch ends at words that are surely outside.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

SURELY_OUTSIDE = 0.999
"""A word at least so probably `O` is taken for it before the search."""

_NEVER = -1e9


class Found(NamedTuple):
    """A span of words (end exclusive). `probability` is that of the least certain of its words' tags.

    The tags of neighbouring words hang together, so their product would be far too low for a long span, and
    their mean too high where only one boundary is in doubt.
    """

    first: int
    last: int
    label: str
    probability: float


@dataclass(frozen=True, slots=True)
class Tags:
    """The tags of one head, in the order of its columns; `allowed[i, j]`: may j follow i?"""

    names: tuple[str, ...]
    allowed: NDArray[np.bool_]
    opens: NDArray[np.bool_]
    """Tags that may stand at the start, or where no span may go on: all but those inside a span."""
    closed: NDArray[np.bool_]
    """Tags behind which no span has to go on."""

    @classmethod
    def of(cls, names: Sequence[str]) -> Tags:
        """Return the rules for these tags, which have to contain `O`."""
        bilou = any(name[0] in "LU" for name in names)
        split = [(name[0], name[2:]) for name in names]
        opens = np.array([kind in "OBU" for kind, _ in split])
        closed = np.array([kind in "OLU" or not bilou for kind, _ in split])
        allowed = np.zeros((len(names), len(names)), dtype=np.bool_)
        for i, (kind, label) in enumerate(split):
            for j, (then, other) in enumerate(split):
                inside = kind in "BI" and then in "IL" and label == other
                allowed[i, j] = inside or bool(closed[i] and opens[j])
        return cls(tuple(names), allowed, opens, closed)

    @property
    def outside(self) -> int:
        """The column of `O`."""
        return self.names.index("O")


def probabilities(scores: Floats, temperature: float = 1.0) -> Floats:
    """Return the softmax over the last axis of logits divided by `temperature`."""
    scaled = scores / np.float32(temperature)
    scaled = np.exp(scaled - scaled.max(axis=-1, keepdims=True))
    return np.asarray(scaled / scaled.sum(axis=-1, keepdims=True), dtype=np.float32)


def find_spans(posteriors: Floats, tags: Tags, *, fresh: NDArray[np.bool_] | None = None) -> list[Found]:
    """Return the spans of the best well-formed sequence, in order. Pure; O(words).

    `posteriors` [words, tags]; no span goes on at a word that is `fresh` (the first of a paragraph, say).
    """
    if not len(posteriors):
        return []
    path = _decode(posteriors, tags, fresh)
    return _read(path, posteriors, tags)


def _decode(posteriors: Floats, tags: Tags, fresh: NDArray[np.bool_] | None) -> NDArray[np.intp]:
    outside = tags.outside
    path = posteriors.argmax(axis=1)
    sure = posteriors[:, outside] >= SURELY_OUTSIDE
    path[sure] = outside
    wrong = _violations(path, tags, fresh)
    if not wrong.any():
        return np.asarray(path)
    # Stretches of words that are not surely outside: those with a violation, or in front of one.
    edges = np.flatnonzero(np.diff(np.concatenate(([True], sure, [True])).astype(np.int8)))
    stretches = edges.reshape(-1, 2)
    faults = np.concatenate(([0], np.cumsum(wrong)))
    for first, last in stretches:
        if faults[last + 1] > faults[first]:
            part = None if fresh is None else fresh[first:last]
            path[first:last] = _viterbi(posteriors[first:last], tags, part)
    return np.asarray(path)


def _violations(path: NDArray[np.intp], tags: Tags, fresh: NDArray[np.bool_] | None) -> NDArray[np.bool_]:
    """Return [words + 1]: whether a tag may not stand behind the one before it; the last is for the end."""
    wrong = np.zeros(len(path) + 1, dtype=np.bool_)
    wrong[0] = not tags.opens[path[0]]
    wrong[1:-1] = ~tags.allowed[path[:-1], path[1:]]
    wrong[-1] = not tags.closed[path[-1]]
    if fresh is not None:
        apart = fresh[1:] & ~(tags.closed[path[:-1]] & tags.opens[path[1:]])
        wrong[1:-1] |= apart
    return wrong


def _viterbi(posteriors: Floats, tags: Tags, fresh: NDArray[np.bool_] | None) -> NDArray[np.intp]:
    """Return the best path through a stretch with `O` on both sides of it."""
    logs = np.log(np.maximum(posteriors, np.float32(1e-30)).astype(np.float64))
    barred = np.where(tags.allowed, 0.0, _NEVER)
    apart = np.where(tags.closed[:, None] & tags.opens[None, :], 0.0, _NEVER)
    columns = np.arange(logs.shape[1])
    back = np.zeros(logs.shape, dtype=np.int16)
    best = logs[0] + np.where(tags.opens, 0.0, _NEVER)
    for word in range(1, len(logs)):
        steps = best[:, None] + (apart if fresh is not None and fresh[word] else barred)
        back[word] = came = steps.argmax(axis=0)
        best = steps[came, columns] + logs[word]
    best += np.where(tags.closed, 0.0, _NEVER)
    path = np.empty(len(logs), dtype=np.intp)
    path[-1] = best.argmax()
    for word in range(len(logs) - 1, 0, -1):
        path[word - 1] = back[word, path[word]]
    return path


def _read(path: NDArray[np.intp], posteriors: Floats, tags: Tags) -> list[Found]:
    certain = posteriors[np.arange(len(path)), path]
    found: list[Found] = []
    first, label, least, past = -1, "", 1.0, -1

    def close() -> None:
        if first >= 0:
            found.append(Found(first, past, label, least))

    for word in np.flatnonzero(path != tags.outside).tolist():
        name = tags.names[path[word]]
        if name[0] in "BU" or word != past:
            close()
            first, label, least = word, name[2:], 1.0
        least = min(least, float(certain[word]))
        past = word + 1
    close()
    return found
