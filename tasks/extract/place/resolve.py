"""Which place a name stands for: population, kind, co-mentioned countries, dateline, containment.

The score of a candidate is the logarithm of its population plus what its kind and the article say for it, in
the same unit: a point is a population ten times as large. Too close to call is `ambiguous`.
"""

from __future__ import annotations

import itertools
import math
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

from tasks.extract.place.cues import SMALL_TOWN
from tasks.extract.place.evidence import DEMONYM_WEIGHT, Name, gather
from tasks.extract.place.gazetteer import distance_km
from tasks.extract.place.spans import context_words

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterable

    from tasks.extract.place.evidence import Evidence
    from tasks.extract.place.gazetteer import Toponym
    from tasks.extract.place.spans import Mention

COUNTRY, CAPITAL, REGION = 3.0, 1.5, 1.0
"""What being a country, a capital, a region of a large country is worth."""
COUNTY, COUNTY_PEOPLE = 4.5, 0.5
"""The score of a US county of whose people the gazetteer knows nothing, and what ten times as many are worth.

Seventeen states have a Monroe County, and each speaks of its own.
"""
PROVINCE = 1.0
"""What counts against a little-known province: a bare name is the city's."""
CITY_FIRST = 1.0
"""What counts against the region of the same name where the city is mostly meant."""
MARGIN = 0.2
"""By how much the best candidate has to win."""
NEAR_KM = 60.0
"""Candidates of one country so close together are the same for the reader (`Gaza`, `New York`)."""
PART_KM = 20.0
"""How far from the middle of a city its boroughs and suburbs are, at most (the Bronx 15, Yonkers 25)."""
FAME = 0.5
"""What ten times as many names in all languages are worth: a city that the world speaks of has many."""
LEAD_WEIGHT, DATELINE_WEIGHT = 2.0, 2.0
KNOWN_NAMES = 10
"""Names in all languages from which a small town is known far away (Davos 27, Gander 10)."""
SPEAKS, SPOKEN_OF = 3.0, 0.02
"""Another is not meant where other names weigh so much, and hardly anything of that lies in its country."""
FOCUS_SHARE = 0.5
"""Countries with at least this share of the weight of the first are what the article is about."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What a name stands for. `place` is set unless unresolved; coordinates count only when resolved.

    `approximate`: `place` is what it lies in.
    """

    status: Literal["resolved", "approximate", "ambiguous", "unresolved"]
    place: Toponym | None
    candidates: int
    confidence: float
    rule: str
    country: str | None = None


class Judgement(NamedTuple):
    """The choice among the places of one name."""

    status: Literal["resolved", "ambiguous"]
    place: Toponym
    confidence: float
    country: str | None


def decide(found: list[Mention], demonyms: Counter[str], lead: set[int]) -> list[Decision]:
    """Return a decision for every mention, in order. `lead` holds the starts of title and first paragraph."""
    containers = _containers(found)
    # That one borough lies in a city makes no city of what else has its name: `New York` is also a state.
    senses = {found[index].key: place for index, place in containers.items() if place.kind != "city"}
    senses |= {mention.key: mention.within[0] for mention in found if len(mention.within) == 1}
    evidence = gather(_names(found, senses, lead), demonyms, _base)
    judged: dict[tuple[str, bool, int], Judgement] = {}
    decisions = []
    for index, mention in enumerate(found):
        fixed = containers.get(index) or senses.get(mention.key)
        count = len(mention.options)
        if not mention.options:
            decision = Decision("unresolved", None, 0, 0.5, mention.rule, mention.stated)
        elif fixed is not None:
            decision = Decision("resolved", fixed, count, 0.95, "containment", fixed.country)
        else:
            alike = (mention.key, mention.as_region, len(mention.within))
            if alike not in judged:
                judged[alike] = _judge(mention, evidence)
            one = judged[alike]
            decision = Decision(one.status, one.place, count, one.confidence, mention.rule, one.country)
        decisions.append(decision)
    return decisions


def _names(found: list[Mention], senses: dict[str, Toponym], lead: set[int]) -> dict[str, Name]:
    """Return the article's names; what stands in datelines, titles and first paragraphs weighs more."""
    counts: dict[str, float] = defaultdict(float)
    names: dict[str, Name] = {}
    for mention in found:
        options = [senses[mention.key]] if mention.key in senses else mention.within or mention.options
        if not options:
            continue
        weight = DATELINE_WEIGHT if mention.block.kind == "dateline" else 1.0
        counts[mention.key] += weight * (LEAD_WEIGHT if mention.block.start in lead else 1.0)
        names.setdefault(mention.key, Name(list(options), 0.0))
    for key, name in names.items():
        name.weight = 1 + math.log(counts[key])
    return names


def _containers(found: list[Mention]) -> dict[int, Toponym]:
    """Return what stands behind the comma of a contained name: the state in `Athens, Georgia`."""
    chosen: dict[int, Toponym] = {}
    for index, (mention, after) in enumerate(itertools.pairwise(found)):
        if len(mention.within) != 1 or after.start - mention.end > 3:  # noqa: PLR2004 - a comma and blanks
            continue
        inner = mention.within[0]
        outer = [
            option
            for option in after.options
            if option.country == inner.country
            and option.kind in {"country", "region"}
            and (option.kind == "country" or option.admin1 == inner.admin1)
        ]
        whole = [option for option in after.options if _is_part(inner, option)]
        if any(option.kind == "country" for option in after.options):
            whole = []
        if len(whole or outer) == 1:
            chosen[index + 1] = (whole or outer)[0]
    return chosen


def _is_part(inner: Toponym, city: Toponym) -> bool:
    """Tell whether a place is a city's borough or suburb: `Queens, New York`, not `Albany, New York`."""
    same = inner.country == city.country and inner.admin1 == city.admin1
    smaller = inner.kind == city.kind == "city" and inner.population < city.population
    return same and smaller and distance_km(inner, city) <= PART_KM


def _base(option: Toponym) -> float:
    score = math.log10(option.population + 10)
    if option.kind in {"country", "continent", "other"}:
        return max(score, 6.0) + COUNTRY
    if option.kind == "county" and option.geonames_id is None:
        return COUNTY + COUNTY_PEOPLE * max(0.0, score - COUNTY)
    if option.kind == "county":
        return score - PROVINCE
    if option.kind == "region" and option.population and not option.admin1:
        return score + REGION  # an island or a landscape
    if option.kind == "region":
        return max(score, 5.5) + REGION
    return score + FAME * math.log10(option.names + 1) + (CAPITAL if option.capital else 0.0)


def _judge(mention: Mention, evidence: Evidence) -> Judgement:
    """Choose among the places of a name. Those alike in name, `as_region` and `within` are judged alike."""
    options = _preferred(mention)
    scored = sorted(
        (
            (_base(option) + evidence.support(mention.key, option) - _less(mention, option), -index)
            for index, option in enumerate(options)
        ),
        reverse=True,
    )
    best = options[-scored[0][1]]
    if _is_far_fetched(best, evidence, mention.key):
        return Judgement("ambiguous", best, 0.4, None)
    if len(scored) == 1:
        return Judgement("resolved", best, _only_confidence(best), best.country)
    margin = scored[0][0] - scored[1][0]
    rivals = [options[-index] for score, index in scored[1:] if scored[0][0] - score < MARGIN]
    if margin >= MARGIN or all(_same_area(best, rival) for rival in rivals):
        return Judgement("resolved", best, round(min(0.95, 0.6 + 0.15 * margin), 2), best.country)
    shared = {best.country, *(rival.country for rival in rivals)}
    return Judgement("ambiguous", best, 0.4, best.country if len(shared) == 1 else None)


def _is_far_fetched(option: Toponym, evidence: Evidence, key: str) -> bool:
    """Tell whether the likeliest place is a small town in a country that the article does not speak of.

    Not one that the world has names for (Davos), or that a list of our own has (Srebrenica).
    """
    small = option.kind == "city" and not option.capital and option.population < SMALL_TOWN
    small = small and option.geonames_id is not None and option.names < KNOWN_NAMES
    return small and evidence.weight_of_others(key) >= SPEAKS and evidence.support(key, option) < SPOKEN_OF


def _less(mention: Mention, option: Toponym) -> float:
    """Return what counts against the region where the city is mostly meant: `Washington`, `New York`."""
    city_first = mention.key in context_words()["city_before_region"] and not mention.as_region
    return CITY_FIRST if city_first and option.kind == "region" else 0.0


def _preferred(mention: Mention) -> list[Toponym]:
    """Leave the cities out where a region is named: `New York state`, `Nyanza Province`."""
    options = mention.within or mention.options
    if not mention.as_region:
        return options
    return [option for option in options if option.kind in {"region", "county"}] or options


def _only_confidence(place: Toponym) -> float:
    if place.kind in {"country", "continent"}:
        return 0.97
    return 0.9 if place.capital or place.kind != "city" else 0.8


def _same_area(one: Toponym, other: Toponym) -> bool:
    """Tell whether two candidates are a city and its region, or stand next to each other."""
    if one.country != other.country:
        return False
    if {one.kind, other.kind} in ({"city", "region"}, {"city", "county"}):
        return not one.admin1 or one.admin1 == other.admin1 or not other.admin1
    return distance_km(one, other) <= NEAR_KM


def focus(
    decided: Iterable[tuple[Mention, Decision]], demonyms: Counter[str], lead: set[int]
) -> frozenset[str]:
    """Return the countries that the article is mainly about: by mentions, title and lead twice."""
    weights: dict[str, float] = defaultdict(float)
    for code, count in demonyms.items():
        weights[code] = DEMONYM_WEIGHT * count
    for mention, decision in decided:
        if decision.country and decision.status == "resolved":
            weights[decision.country] += LEAD_WEIGHT if mention.block.start in lead else 1.0
    if not weights:
        return frozenset()
    most = max(weights.values())
    return frozenset(code for code, weight in weights.items() if weight >= FOCUS_SHARE * most)
