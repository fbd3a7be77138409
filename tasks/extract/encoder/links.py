"""Who said a reported content, and in which words it is said: links from contents to sources and cues."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from tasks.extract.encoder.spans import probabilities

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tasks.extract.encoder.encoded import Encoded
    from tasks.extract.encoder.spans import Found


class Link(NamedTuple):
    """The number of the span that a content belongs to, None for none of them, and how probable that is."""

    to: int | None
    probability: float


def links_of(encoded: Encoded, kind: str, contents: Sequence[Found], others: Sequence[Found]) -> list[Link]:
    """Return for each content its `kind` (`source`, `cue`) among `others`, which stand in order. Pure.

    The score of a pair is the product of the query at the first word of the content and the key at the first
    word of the other span; the root's key stands for none. Only spans in the window of the content's first
    word are compared, and none that begins inside the content. O(contents x spans in a window).
    """
    starts = [other.first for other in others]
    found = []
    for content in contents:
        rows = encoded.paired[encoded.home[content.first]]
        near = range(bisect_left(starts, rows.first), bisect_left(starts, rows.last))
        near_by = [number for number in near if not content.first <= starts[number] < content.last]
        query = rows.of(f"{kind}_query", content.first, content.first + 1)[0]
        places = [0, *(1 + starts[number] - rows.first for number in near_by)]
        keys = rows.heads[f"{kind}_key"][places].astype(np.float32)
        scores = np.einsum("jk,k->j", keys, query) / np.float32(np.sqrt(len(query)))
        chances = probabilities(scores, encoded.model.temperature(f"{kind}_link"))
        best = int(chances.argmax())
        found.append(Link(near_by[best - 1] if best else None, float(chances[best])))
    return found
