"""What the places of an article say about one another: countries, first-level regions, neighbourhoods.

Every name spreads its weight over the places that it may stand for, the likelier ones first; a name is
judged by what the *others* say. Sums over countries, regions and cells of a grid keep the time linear.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable, Iterable, Mapping

    from tasks.extract.place.gazetteer import Toponym

CO_MENTION, SAME_REGION, NEAR = 3.5, 2.5, 1.5
"""What it is worth that everything else lies in the same country, in its region, within about a degree."""
PRIOR = 1.0
"""Weight of saying nothing: little evidence moves little."""
DEMONYM_WEIGHT = 0.5
_CELL_DEGREES = 1.0
_LEAST_SHARE = 1e-3
"""Shares up to this count in no cell."""
_NARROWEST = 0.2
"""Cosine of the latitude from which cells are not widened any more."""


@dataclass(slots=True)
class Name:
    """One name of the article with the places it may stand for; `weight` grows with its mentions."""

    options: list[Toponym]
    weight: float
    shares: list[float] = field(default_factory=list)


class Evidence:
    """The weight of an article's names by country, region and cell."""

    def __init__(self, names: Mapping[str, Name], demonyms: Counter[str]) -> None:
        self._names = names
        self._countries: defaultdict[str, float] = defaultdict(float)
        self._regions: defaultdict[tuple[str, str], float] = defaultdict(float)
        self._cells: defaultdict[tuple[int, int], float] = defaultdict(float)
        self._total = PRIOR
        for code, count in demonyms.items():
            weight = DEMONYM_WEIGHT * (1 + math.log(count))
            self._countries[code] += weight
            self._total += weight
        for name in names.values():
            self._enter(name)

    def _enter(self, name: Name) -> None:
        self._total += name.weight
        for option, share in zip(name.options, name.shares, strict=True):
            weight = name.weight * share
            if option.country:
                self._countries[option.country] += weight
            if option.country and option.admin1:
                self._regions[option.country, option.admin1] += weight
            if share > _LEAST_SHARE and is_point(option):
                self._cells[_cell(option)] += weight

    def weight_of_others(self, key: str) -> float:
        """Return the weight of all names and demonyms but this one."""
        own = self._names.get(key)
        return self._total - PRIOR - (own.weight if own else 0.0)

    def support(self, key: str, option: Toponym) -> float:
        """Return what all names but `key` say for this place, in points of its score."""
        own = self._names.get(key)
        country, region, near = 0.0, 0.0, 0.0
        cells = _around(option) if is_point(option) else ()
        for other, share in zip(own.options, own.shares, strict=True) if own else ():
            weight = own.weight * share if own else 0.0
            if other.country == option.country:
                country += weight
                region += weight if other.admin1 == option.admin1 else 0.0
            if share > _LEAST_SHARE and cells and is_point(other) and _cell(other) in cells:
                near += weight
        total = PRIOR + self.weight_of_others(key)
        points = CO_MENTION * (self._countries.get(option.country or "", 0.0) - country)
        if option.admin1:
            points += SAME_REGION * (self._regions.get((option.country or "", option.admin1), 0.0) - region)
        if cells:
            points += NEAR * (sum(self._cells.get(cell, 0.0) for cell in cells) - near)
        return max(points, 0.0) / total


def gather(names: Mapping[str, Name], demonyms: Counter[str], base: Callable[[Toponym], float]) -> Evidence:
    """Return the evidence after two rounds: names as such, then names in the light of the others."""
    for name in names.values():
        name.shares = _shares(base(option) for option in name.options)
    first = Evidence(names, demonyms)
    again = {
        key: Name(
            name.options,
            name.weight,
            _shares(base(option) + first.support(key, option) for option in name.options),
        )
        for key, name in names.items()
    }
    return Evidence(again, demonyms)


def _shares(scores: Iterable[float]) -> list[float]:
    """Return shares of one; a point of score is a factor of ten."""
    known = list(scores)
    best = max(known, default=0.0)
    weights = [10 ** (score - best) for score in known]
    total = sum(weights)
    return [weight / total for weight in weights]


def is_point(option: Toponym) -> bool:
    """Tell whether the place is small enough to be near others."""
    return option.kind == "city" and option.lat is not None


def _cell(option: Toponym) -> tuple[int, int]:
    return math.floor((option.lat or 0.0) / _CELL_DEGREES), math.floor((option.lon or 0.0) / _CELL_DEGREES)


def _reach(option: Toponym) -> int:
    """Return how many cells east and west are as far as one north."""
    return math.ceil(1 / max(_NARROWEST, math.cos(math.radians(option.lat or 0.0))) - 0.5)


def _around(option: Toponym) -> list[tuple[int, int]]:
    row, column = _cell(option)
    reach = _reach(option)
    return [(row + i, column + j) for i in (-1, 0, 1) for j in range(-reach, reach + 1)]
