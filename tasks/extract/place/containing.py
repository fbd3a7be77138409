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
from tasks.extract.place.spans import context_words, leads_in

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tasks.extract.place.gazetteer import Toponym
    from tasks.extract.place.spans import Mention

CONFIDENCE = 0.6
MOST_BETWEEN = 100
"""Characters between two names, at most."""
MOST_LISTED = 8
"""Names of a list that lie in what stands behind it, at most."""
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
    keys = [fold(text[mention.start : mention.end]) for mention in found]
    for index, decision in enumerate(decisions):
        if decision.status != "unresolved" or keys[index] in said:
            continue
        area = _behind(text, found, decisions, index) or _before(text, found, decisions, index)
        if area is not None:
            said[keys[index]] = _decision(decision, area)
    alike: dict[str, Decision] = {}
    for key, decision in said.items():
        alike.setdefault(_plain(key), decision)
    return [
        (said.get(key) or alike.get(_plain(key)) or decision) if decision.status == "unresolved" else decision
        for key, decision in zip(keys, decisions, strict=True)
    ]


def _plain(key: str) -> str:
    """Return the key of `Adhamiya` for `Adhamiyah`, another spelling of the same name."""
    return key[:-1] if key.endswith("ah") else key


def _decision(unresolved: Decision, area: Toponym) -> Decision:
    if area.kind == "country":
        return replace(unresolved, country=area.country, rule="containment")
    return Decision("approximate", area, 0, CONFIDENCE, "containment", area.country)


def _behind(text: str, found: Sequence[Mention], decisions: Sequence[Decision], index: int) -> Toponym | None:
    """Return what stands behind the name, or behind a list of names that it begins: `Xa and Xb in Lima`."""
    last = index
    while last + 1 < min(len(found), index + 1 + MOST_LISTED):
        start, end = found[last].end, found[last + 1].start
        if found[last + 1].block is not found[index].block or end - start > MOST_BETWEEN:
            return None
        between, area = text[start:end], _area(decisions[last + 1])
        if area is not None:
            if _COMMA.fullmatch(between):
                return area if last == index and _contains(text, found, decisions, index) else None
            return area if _leads_in(between) else None
        if not _LIST.fullmatch(between):
            return None
        last += 1
    return None


def _contains(text: str, found: Sequence[Mention], decisions: Sequence[Decision], index: int) -> bool:
    """Tell whether the comma behind a name is no list's: `Xyz, Ontario`, `Greenlane, Auckland, New Zealand`.

    A city lies behind it only where its own region or country stands behind that.
    """
    area = _area(decisions[index + 1])
    outer = _area(decisions[index + 2]) if _is_list(text, found, index + 1) else None
    if area is None or _is_list(text, found, index - 1):
        return False
    if _is_list(text, found, index + 1):
        return outer is not None and _lies_in(area, outer)
    return area.kind != "city"


def _is_list(text: str, found: Sequence[Mention], first: int) -> bool:
    """Tell whether a name and the next one stand in a row."""
    if not 0 <= first < len(found) - 1 or found[first].block is not found[first + 1].block:
        return False
    return _LIST.fullmatch(text, found[first].end, found[first + 1].start) is not None


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
    """Tell whether what stands between two names says that the first lies in the second."""
    words = [piece for piece in _PIECE.findall(between) if piece != ","]
    return 0 < len(words) <= MOST_LINKS and leads_in(words, gazetteer().demonyms)
