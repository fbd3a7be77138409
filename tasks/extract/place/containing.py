"""Where a place lies that the gazetteer does not have, by what the text says it lies in.

`Kibera, a slum in Nairobi`, `the Nairobi slum of Kibera`, `Adhamiyah district of Baghdad`. Only by words of
`context.toml` between the two names: a verb between them tells nothing.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from tasks.extract.place.gazetteer import fold, gazetteer
from tasks.extract.place.mentions import MOST_LINKS
from tasks.extract.place.resolve import Decision
from tasks.extract.place.spans import context_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tasks.extract.place.gazetteer import Toponym
    from tasks.extract.place.spans import Mention

CONFIDENCE = 0.6
_PIECE = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*|[^\s]")
_LIST = re.compile(r",?\s(?:and|or)\s|,\s")
_COMMA = re.compile(r"(?: (?:area|county|district|municipality|subdistrict|township))?,\s")
_OWN = re.compile(r"['\u2019]s (?:([^\W\d_]+) (?:of )?)?| ([^\W\d_]+) (?:of |called )?")


def approximate(text: str, found: Sequence[Mention], decisions: Sequence[Decision]) -> list[Decision]:
    """Return the decisions, with unresolved names brought to where the text puts them.

    One that lies in a city or region is `approximate` and has its coordinates; of one in a country only the
    country is known. What is said once holds for every mention of the name.
    """
    said: dict[str, Decision] = {}
    for index, (mention, decision) in enumerate(zip(found, decisions, strict=True)):
        key = _key(text, mention)
        if decision.status == "unresolved" and not mention.options and key not in said:
            area = _behind(text, found, decisions, index) or _before(text, found, decisions, index)
            if area is not None:
                said[key] = _decision(decision, area)
    return [
        said.get(_key(text, mention), decision) if decision.status == "unresolved" else decision
        for mention, decision in zip(found, decisions, strict=True)
    ]


def _key(text: str, mention: Mention) -> str:
    return fold(text[mention.start : mention.end])


def _decision(unresolved: Decision, area: Toponym) -> Decision:
    if area.kind == "country":
        return replace(unresolved, country=area.country, rule="containment")
    return Decision("approximate", area, 0, CONFIDENCE, "containment", area.country)


def _behind(text: str, found: Sequence[Mention], decisions: Sequence[Decision], index: int) -> Toponym | None:
    """Return what stands behind the name, or behind a list of names that it begins: `Xa and Xb in Lima`."""
    last = index
    while last + 1 < len(found):
        between = text[found[last].end : found[last + 1].start]
        area = _area(decisions[last + 1])
        if found[last + 1].block is not found[index].block:
            return None
        if area is not None:
            if _COMMA.fullmatch(between):
                return area if last == index and _contains(text, found, decisions, index) else None
            return area if _leads_in(between) else None
        if not _LIST.fullmatch(between):
            return None
        last += 1
    return None


def _contains(text: str, found: Sequence[Mention], decisions: Sequence[Decision], index: int) -> bool:
    """Tell whether the comma behind a name is no list's: `Greenlane, Auckland, New Zealand`."""
    area = _area(decisions[index + 1])
    more = [at for at in (index - 1, index + 2) if 0 <= at < len(found)]
    for at in more:
        first, second = sorted((at, index if at < index else index + 1))
        if not _LIST.fullmatch(text[found[first].end : found[second].start]):
            continue
        outer = _area(decisions[at])
        if at < index or outer is None or area is None or not _lies_in(area, outer):
            return False
    return area is not None and (area.kind != "city" or _is_inside(found, decisions, index))


def _is_inside(found: Sequence[Mention], decisions: Sequence[Decision], index: int) -> bool:
    """Tell whether a city's own region or country stands behind it."""
    area, outer = _area(decisions[index + 1]), None
    if index + 2 < len(found) and found[index + 2].start - found[index + 1].end <= len(", "):
        outer = _area(decisions[index + 2])
    return area is not None and outer is not None and _lies_in(area, outer)


def _lies_in(inner: Toponym, outer: Toponym) -> bool:
    if inner.country != outer.country or outer.kind not in {"country", "region"}:
        return False
    return outer.kind == "country" or outer.admin1 == inner.admin1


def _before(text: str, found: Sequence[Mention], decisions: Sequence[Decision], index: int) -> Toponym | None:
    """Return what stands before the name as its owner: `Nairobi's Kibera`, `the Nairobi slum of Kibera`."""
    if not index or found[index - 1].block is not found[index].block:
        return None
    between = _OWN.fullmatch(text, found[index - 1].end, found[index].start)
    if between is None:
        return None
    noun = between[1] or between[2]
    return _area(decisions[index - 1]) if noun is None or noun.lower() in context_words()["parts"] else None


def _area(decision: Decision) -> Toponym | None:
    """Return a resolved place that others may lie in."""
    place = decision.place if decision.status == "resolved" else None
    return place if place is not None and place.kind not in {"continent", "other"} else None


def _leads_in(between: str) -> bool:
    """Tell whether the words between two names say that the first lies in the second."""
    pieces = _PIECE.findall(between)
    lists = context_words()
    words = [piece for piece in pieces if piece != ","]
    known = lists["parts"] | lists["directions"] | lists["linking"]
    if not 0 < len(words) <= MOST_LINKS:
        return False
    if any(word not in known and word not in gazetteer().demonyms for word in words):
        return False
    behind = list(zip(words, ["", *words], strict=False))
    return any(word == "in" or (word == "of" and before in known - {"of"}) for word, before in behind)
