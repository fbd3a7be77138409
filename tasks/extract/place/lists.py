"""Names one after the other: lists of regions (`Oregon, Washington and Idaho`), places in a region."""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from typing import TYPE_CHECKING

from tasks.extract.place.cues import LARGE_CITY
from tasks.extract.place.gazetteer import fold, gazetteer
from tasks.extract.place.spans import context_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tasks.extract.place.gazetteer import Toponym
    from tasks.extract.place.spans import Mention

LARGER_TIMES, MINOR_TIMES = 50, 5
"""How much larger a city is than one of its name that is not meant; a region than towns of its name."""
RIGHT_BEFORE = 300
"""Characters between a state and a county that need not name it again."""
LEAST = 3
"""Names of regions of one country in a row that make a list."""
CITY_FIRST = frozenset({"US"})
"""Where the names of `city_before_region` are."""
_LAST_WORD = re.compile(r"([^\W\d_]+) $")
_LONGEST_BEFORE = 12
_BETWEEN = re.compile(r",?\s+(?:and|or|&)\s+|,\s+")
_POSSESSIVES = frozenset({"'s", "\u2019s"})


def settle_lists(text: str, found: list[Mention]) -> None:
    """In lists of regions every name is a region, and none lies in the next one. Changes the mentions."""
    for run in _runs(text, found):
        codes = [_region_codes(mention) for mention in run]
        for first, last in _stretches(codes):
            for mention in run[first:last]:
                mention.as_region, mention.within = True, []
        for mention, after in itertools.pairwise(run) if len(run) >= LEAST else ():
            if _beside_city(mention, after):
                mention.within = []


def _beside_city(mention: Mention, after: Mention) -> bool:
    """Tell whether a city stands before another in a row: `Boston, New York and Chicago`.

    There is a Boston in New York, but the other one is LARGER_TIMES as large, and so is New York City.
    """
    inside = max((option.population for option in mention.within), default=0)
    cities = [option.population for option in after.options if option.kind == "city"]
    largest = max((option.population for option in mention.options), default=0)
    return bool(mention.within) and min(largest, max(cities, default=0)) >= max(inside, 1) * LARGER_TIMES


def settle_city_first(text: str, found: list[Mention]) -> None:
    """Take `New York` for the state where the article speaks of states. Changes the mentions.

    Where it is called a state once, and in paragraphs that name at least LEAST other regions of the country
    and no city there, but not behind a preposition: `two cases in Kansas, one in Ohio. New York has 28`.
    Never where the city is named as such, or a part of it.
    """
    lists = context_words()
    if any(mention.key in lists["city_signs"] for mention in found):
        return
    open_ones = [mention for mention in found if mention.key in lists["region_among_regions"]]
    called = {mention.key for mention in open_ones if mention.as_region}
    by_block: defaultdict[int, list[Mention]] = defaultdict(list)
    for mention in found if open_ones else ():
        by_block[id(mention.block)].append(mention)
    among = {block for block, beside in by_block.items() if _speaks_of_regions(beside)}
    for mention in open_ones:
        before = _LAST_WORD.search(text, max(0, mention.start - _LONGEST_BEFORE), mention.start)
        located = before is not None and before[1].lower() in lists["prepositions"] - {"and", "or"}
        is_region = mention.key in called or (id(mention.block) in among and not located)
        mention.as_region |= is_region and not mention.within and mention.rule != "metonym"


def _speaks_of_regions(beside: list[Mention]) -> bool:
    """Tell whether a block names at least LEAST regions of the country of CITY_FIRST, and no city there."""
    regions = {mention.key for mention in beside if CITY_FIRST & _region_codes(mention)}
    regions -= context_words()["city_before_region"]
    towns = any(
        CITY_FIRST & {option.country for option in mention.options}
        and not any(option.kind in {"country", "region"} for option in mention.options)
        for mention in beside
    )
    return len(regions) >= LEAST and not towns


def settle_counties(found: list[Mention]) -> None:
    """Narrow a county down to the state spoken of right before it: `in Iowa, ... Dallas County`.

    Seventeen states have a Monroe County, and a writer who names one has said which is meant. Changes the
    mentions.
    """
    said: Mention | None = None
    for mention in found:
        if any(option.kind == "region" and option.admin1 for option in mention.options):
            said = mention
            continue
        if said is None or mention.within or mention.start - said.end > RIGHT_BEFORE:
            continue
        if _is_county(mention):
            codes = {(o.country, o.admin1) for o in said.options if o.kind == "region"}
            mention.within = [o for o in mention.options if (o.country, o.admin1) in codes]


def _is_county(mention: Mention) -> bool:
    return bool(mention.options) and all(option.kind == "county" for option in mention.options)


def state_containers(text: str, found: list[Mention]) -> None:
    """Set the country of places that the gazetteer does not have in what stands behind their comma.

    `ZIERIKZEE, Netherlands` has no other options; `Lisbon, Missouri` may lie in another state, and is not
    resolved to that; a village of that name there may be meant. A known name counts as another place in a
    country only in datelines (`SYRACUSE, Italy`): elsewhere the comma may be that of a list. Changes the
    mentions.
    """
    stated: dict[str, tuple[str, str]] = {}
    listed = {id(mention) for run in _runs(text, found) if len(run) >= LEAST for mention in run}
    for mention, after in itertools.pairwise(found):
        area = _container(after)
        if (
            area is None
            or mention.within
            or (after.within and area not in after.within)
            or text[mention.end : after.start] != ", "
        ):
            continue
        if text[after.end : after.end + 2] in _POSSESSIVES:
            continue
        elsewhere = all(
            option.country != area.country and option.kind != "country" for option in mention.options
        )
        abroad = elsewhere and (not mention.options or mention.block.kind == "dateline")
        if abroad or (_is_no_list(mention, after, area, listed) and _in_another_region(mention, after)):
            stated[fold(text[mention.start : mention.end])] = area.country or "", area.admin1
    for mention in found:
        key = fold(text[mention.start : mention.end])
        if key in stated and not mention.within:
            country, admin1 = stated[key]
            there = [v for v in gazetteer().villages(key) if v.country == country]
            mention.options = [village for village in there if admin1 in {"", village.admin1}]
            mention.stated = country


def _is_no_list(mention: Mention, after: Mention, area: Toponym, listed: set[int]) -> bool:
    """Tell whether a comma contains: `Lisbon, Missouri, USA`; `Munich, Ontario, Canada` may be a list."""
    if id(mention) not in listed:
        return True
    return area in after.within and all(option.population < LARGE_CITY for option in mention.options)


def _in_another_region(mention: Mention, after: Mention) -> bool:
    """Tell whether all places of a name are towns or counties in other regions than stands behind it."""
    regions = [option.population for option in after.options if option.kind == "region" and option.admin1]
    others = [option.population for option in after.options if option.kind != "region"]
    known = len(regions) == 1 and all(people * MINOR_TIMES < regions[0] for people in others)
    return (
        known
        and bool(mention.options)
        and all(option.kind in {"city", "county"} for option in mention.options)
    )


def _container(mention: Mention) -> Toponym | None:
    """Return the one country or region that a name stands for; towns of that name do not count."""
    areas = [option for option in mention.options if option.kind in {"country", "region"}]
    return areas[0] if len(areas) == 1 and areas[0].country else None


def _region_codes(mention: Mention) -> frozenset[str | None]:
    return frozenset(o.country for o in mention.options if o.kind == "region" and o.admin1)


def _stretches(codes: list[frozenset[str | None]]) -> Iterator[tuple[int, int]]:
    """Yield (first, last) of at least LEAST names side by side that are regions of one country."""
    first = 0
    while first < len(codes):
        shared, last = codes[first], first
        while last < len(codes) and shared & codes[last]:
            shared &= codes[last]
            last += 1
        if last - first >= LEAST:
            yield first, last
        first = max(last, first + 1)


def _runs(text: str, found: list[Mention]) -> Iterator[list[Mention]]:
    """Yield the names that only commas, `and` or `or` stand between."""
    run: list[Mention] = []
    for mention in found:
        if run and not _BETWEEN.fullmatch(text, run[-1].end, mention.start):
            yield run
            run = []
        run.append(mention)
    if run:
        yield run
