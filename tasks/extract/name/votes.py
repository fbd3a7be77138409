"""The rules' names and the model's put to one vote.

Every piece of text that a rule or the model takes for a name is a *spot*. Two questions are asked of it, and
both are answered by adding up evidence: whether it is a name from here to there (log-odds), and of which type
(log-likelihoods). The model gives its probabilities; a rule counts for as much as it is right
(`config/extract/name_votes.toml`); of the type, what the same words are elsewhere in the article counts half.
The best spots stay, none of them over another; a spot that is more likely no name than one goes.
"""

from __future__ import annotations

import functools
import math
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from tasks.extract.name.learned import FAMILIES, family
from worker.config_dir import load_toml

if TYPE_CHECKING:
    from tasks.extract.name.learned import Learned
    from tasks.extract.name.runs import Name
    from worker.record import EntityType

SUREST = 0.97
"""Nobody is taken for surer of a span than this, the model included."""
TOLD = 0.4
"""Probability that a type needs to be told; below it, the name is MISC."""
ELSEWHERE = 0.5
"""How much the same words elsewhere count."""
FOLLOWING = frozenset({"part_of_a_person", "as_elsewhere"})
"""Rules that follow from other names of the article."""
CONTESTED = 1.5
"""What a rule loses in log-odds where the model reads a name with other bounds."""
WIDER = 1.5
"""What it wins where the model reads only a part: the model stops too early more often."""
NO_SAY = 0.5
"""Probability that says nothing."""
_FARTHEST = 4.6
"""Log-odds of 99 %: no confidence is higher."""


TYPES: dict[str, EntityType] = {kind: kind for kind in FAMILIES}


class Where(NamedTuple):
    """Words `first` to `last` (exclusive), offsets `start` to `end`; these may lie inside a word."""

    first: int
    last: int
    start: int
    end: int


class Share(NamedTuple):
    """How often a rule is right: about the span, and about the type where the span is right."""

    span: float
    type: float
    bounds: bool = False
    """The model does not know such names: what it says of the span does not count."""


@dataclass(slots=True)
class Spot:
    """What may be a name, and what speaks for it."""

    where: Where
    text: str
    learned: float
    """The model's probability that it is a name."""
    types: dict[str, float]
    """Family of types -> sum of log-likelihoods."""
    exact: dict[str, EntityType] = field(default_factory=dict)
    """Family -> the type in it."""
    weight: float = 0.0
    """Log-odds of the surest rule that this is a name."""
    rules: dict[str, tuple[float, str, Name | None]] = field(default_factory=dict)
    """Family -> surest rule for it: how sure, its name, the name that it found."""
    bounds: bool = False
    """Its bounds are beyond dispute."""
    totals: dict[str, float] = field(default_factory=dict)
    """The types with what the same words are elsewhere in the article."""

    against: float = 0.0
    """Log-odds that speak against a name with these bounds."""

    @property
    def score(self) -> float:
        """Return the log-odds of being a name."""
        return log_odds(self.learned) + self.weight - self.against

    @property
    def best(self) -> str:
        """Return the likeliest family; MISC where none is likely enough to be told."""
        likeliest = min(self.totals, key=lambda kind: (-self.totals[kind], kind))
        return likeliest if self._share(likeliest) >= TOLD else "MISC"

    def _share(self, kind: str) -> float:
        """Return the probability of a family, if this is a name."""
        total = self.totals[kind]
        return 1 / sum(math.exp(min(other - total, 50.0)) for other in self.totals.values())

    @property
    def type(self) -> EntityType:
        """Return the best type."""
        return self.exact.get(self.best) or TYPES[self.best]

    @property
    def confidence(self) -> float:
        """Return the probability of both span and type."""
        return round(self._share(self.best) / (1 + math.exp(-min(self.score, _FARTHEST))), 3)


def log_odds(share: float) -> float:
    """Return the log-odds of a share or probability, kept from the extremes."""
    kept = min(max(share, 1 - SUREST), SUREST)
    return math.log(kept / (1 - kept))


@functools.cache
def _shares() -> dict[str, Share]:
    table = load_toml("extract/name_votes.toml")["rules"]
    return {rule: Share(**entry) for rule, entry in table.items()}


def share_of(rule: str, kind: str) -> Share:
    """Return how often a rule is right when it finds a name of this type."""
    base = rule.partition(":")[0]
    shares = _shares()
    return shares.get(f"{base} {kind}") or shares.get(base) or shares["other"]


class Poll:
    """All spots of one article."""

    def __init__(self, learned: Learned, text: str) -> None:
        self._learned = learned
        self._text = text
        self.spots: dict[tuple[int, int], Spot] = {}

    def spot(self, where: Where, read_as: tuple[int, int] | None = None) -> Spot:
        """Return the spot there, made where there is none; `read_as`: the model's own offsets for it."""
        at = (where.start, where.end)
        if at not in self.spots:
            shares = self._learned.types(*(read_as or at))
            types = {kind: math.log(share) for kind, share in shares.items()}
            text = " ".join(self._text[where.start : where.end].split())
            self.spots[at] = Spot(where, text, self._learned.span(*at), types)
            self.spots[at].against = self._contested(*at)
        return self.spots[at]

    def _contested(self, start: int, end: int) -> float:
        """Return what the model's reading of other bounds costs."""
        for span in self._learned.touching(start, end):
            if (span.start, span.end) != (start, end):
                return -WIDER if start <= span.start and span.end <= end else CONTESTED
        return 0.0

    def vote(self, where: Where, kind: EntityType, rule: str, name: Name | None = None) -> None:
        """Add a rule's vote; one that follows from other names has no say on the type before these stand."""
        spot, share, own = self.spot(where), share_of(rule, kind), family(kind)
        weight = log_odds(share.span)
        spot.weight = max(spot.weight, weight) if spot.rules else weight
        if share.bounds:
            spot.learned, spot.against, spot.bounds = NO_SAY, 0.0, True
        follows = name is not None and rule in FOLLOWING
        sure = 0.0 if follows else math.log(share.type * (len(FAMILIES) - 1) / (1 - share.type))
        spot.types[own] += sure
        earlier = spot.rules.get(own)
        if earlier is None or sure > earlier[0]:
            spot.rules[own] = (sure, rule, name or (earlier[2] if earlier else None))
            spot.exact[own] = kind

    def elect(self) -> list[Spot]:
        """Return the spots that stay, in order. O(spots log spots)."""
        same: dict[str, list[Spot]] = defaultdict(list)
        for spot in self.spots.values():
            same[spot.text].append(spot)
        for spots in same.values():
            _share_out(spots)
        order = sorted(
            (spot for spot in self.spots.values() if spot.score > 0),
            key=lambda spot: (not spot.bounds, -spot.score, spot.where.start, -spot.where.end),
        )
        taken: set[int] = set()
        stay = []
        for spot in order:
            characters = range(spot.where.start, spot.where.end)
            if taken.isdisjoint(characters):
                taken.update(characters)
                stay.append(spot)
        return sorted(stay, key=lambda spot: spot.where.start)


def _share_out(same: list[Spot]) -> None:
    """Set the totals of the types: each spot's own, and a part of the mean of the same words elsewhere."""
    others = len(same) - 1
    part = ELSEWHERE / others if others else 0.0
    sums: dict[str, float] = {kind: sum(spot.types[kind] for spot in same) for kind in FAMILIES}
    for spot in same:
        spot.totals = {kind: own + part * (sums[kind] - own) for kind, own in spot.types.items()}
