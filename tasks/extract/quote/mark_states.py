"""Which marks open and which close: the cheapest path through the states outside and inside.

The costs are set by hand from the conventions of English, German and French setting; what is cheap is
what typesetters do, what is dear is a missing mark. Figures: `benchmarks/RESULTS.md`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

MISSING = 6.0
"""A mark is missing before this one."""
END_INSIDE = 3.0
"""The paragraph ends inside a quote although the next does not begin with a mark."""
END_CONTINUED = 0.5
"""The paragraph ends inside a quote and the next begins with a mark: the convention for long speeches."""
IGNORE = 8.0
"""The glyph is no quote mark at all."""

Meaning = Literal["open", "close", "ignore"]
_MEANINGS: tuple[Meaning, ...] = ("open", "close", "ignore")


@dataclass(frozen=True, slots=True)
class Costs:
    """What it costs to read one glyph in each way."""

    open: float
    close: float
    ignore: float = IGNORE


@dataclass(frozen=True, slots=True)
class Reading:
    """How a glyph is read, with the probability against its best other reading."""

    meaning: Meaning
    score: float


def read_marks(costs: list[Costs], *, end_inside: float) -> list[Reading]:
    """Return the readings on the cheapest path; O(n). State 0 is outside, 1 is inside."""
    size = len(costs)
    forward = [(0.0, END_INSIDE)] + [(0.0, 0.0)] * size
    forward[0] = (0.0, math.inf)
    for i, cost in enumerate(costs):
        out, inside = forward[i]
        closed = min(inside + cost.close, out + cost.close + MISSING, out + cost.ignore)
        opened = min(out + cost.open, inside + cost.open + MISSING, inside + cost.ignore)
        forward[i + 1] = (closed, opened)
    backward = [(0.0, 0.0)] * size + [(0.0, end_inside)]
    for i in range(size - 1, -1, -1):
        cost = costs[i]
        out, inside = backward[i + 1]
        backward[i] = (
            min(inside + cost.open, out + cost.close + MISSING, out + cost.ignore),
            min(out + cost.close, inside + cost.open + MISSING, inside + cost.ignore),
        )
    return [_reading(cost, forward[i], backward[i + 1]) for i, cost in enumerate(costs)]


def _reading(cost: Costs, before: tuple[float, float], after: tuple[float, float]) -> Reading:
    out, inside = before
    totals = {
        "open": min(out, inside + MISSING) + cost.open + after[1],
        "close": min(inside, out + MISSING) + cost.close + after[0],
        "ignore": cost.ignore + min(out + after[0], inside + after[1]),
    }
    best = min(_MEANINGS, key=lambda meaning: totals[meaning])
    margin = min(total for meaning, total in totals.items() if meaning != best) - totals[best]
    return Reading(best, round(1.0 / (1.0 + math.exp(-margin)), 4))
