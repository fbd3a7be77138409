"""Where an article names places: a scan of the gazetteer over the capitalised words of a block.

Nothing is resolved yet; what stands behind a comma (`Paris, Texas`) narrows the options down.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tasks.extract.place.cues import (
    SMALL_TOWN,
    follows_name,
    is_doubtful,
    is_place,
    is_surname,
    named_by_noun,
    of_authority,
)
from tasks.extract.place.gazetteer import distance_km, gazetteer
from tasks.extract.place.signs import Here, is_metonym, names_region
from tasks.extract.place.spans import Mention, blocked, context_words, leads_in, region_codes, words_of
from tasks.extract.place.unknown import village_or_unknown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tasks.extract.place.gazetteer import Gazetteer, Toponym
    from tasks.extract.place.spans import Marked, Word
    from worker.record import Block

_GAPS = frozenset({" ", "-", "'", "\u2019", ". ", ".", "\u00a0", "\u2011", "\n"})
_COMMA = re.compile(r",\s{1,2}")
NAMESAKE = 5_000
"""Inhabitants from which a city of a country's or region's name may be meant before a comma."""
COUNTY_KM = 100.0
"""How far from the middle of a county, a province or a landscape its towns may lie."""
MOST_LINKS = 8
"""Words between a name and what it lies in, at most."""
_LETTERS = 4
"""Letters of the longest short name in capitals (`DPRK`)."""


@dataclass(slots=True)
class Seen:
    """What the search collects over the blocks of an article.

    `people` are names that stood behind another name (`Michael Jordan`): later they need a cue. `demonyms`
    counts `Russian` and the like by country: no places, but they say which country is spoken of. `rejected`
    are names that are no places; `doubtful` are places if the article names them elsewhere as well.
    """

    people: set[str] = field(default_factory=set)
    demonyms: Counter[str] = field(default_factory=Counter)
    rejected: list[Mention] = field(default_factory=list)
    doubtful: list[Mention] = field(default_factory=list)


def mentions(text: str, block: Block, spans: Marked, seen: Seen) -> list[Mention]:
    """Return the places named in one block, in order, without overlaps."""
    words = words_of(text, block.start, block.end)
    places = gazetteer()
    seen.demonyms.update(places.demonyms[word.text] for word in words if word.text in places.demonyms)
    found: list[Mention] = []
    i = 0
    while i < len(words):
        word = words[i]
        if not word.text[0].isupper():
            i += 1
            continue
        capitals = _capitals(text, words, i, block, places)
        if capitals:
            i_of, (mention, i) = i, capitals
            here = Here(text, words, i_of, i - i_of, mention, found, seen.people)
            if _stands(text, mention) and (of_authority(here, spans) or not blocked(spans, *_core(mention))):
                found.append(mention)
            continue
        size = _longest(words, i, places)
        if not size:
            i = _noun_beside(text, words, i, block, spans, found)
            continue
        mention = _mention(words, i, size, block, places)
        here = Here(text, words, i, size, mention, found, seen.people)
        mention.as_region = names_region(here)
        mention.within, short = _within(text, words, i + size, mention.options, places)
        if is_surname(here, spans):
            seen.rejected.append(mention)
        elif is_place(here, spans):
            mention.rule = "metonym" if is_metonym(here) else mention.rule
            _settle_in_area(words, i + size, mention, places)
            (seen.doubtful if is_doubtful(here, spans) else found).append(mention)
            if short:
                after_short, end, region = short
                start = words[i + size].start
                found.append(Mention(start, end, text[start:end], [region], block, "containment"))
                i = after_short
                continue
        elif mention.key in context_words()["person_like"] and follows_name(here):
            seen.people.add(mention.key)
        i += size
    return found


_MOST_UNKNOWN = 4


def _noun_beside(  # noqa: PLR0917 - as its callers have them
    text: str, words: list[Word], i: int, block: Block, spans: Marked, found: list[Mention]
) -> int:
    """Add an unknown name at word i that a noun beside it makes a place; return the next word."""
    size = _unknown(words, i)
    mention = Mention(words[i].start, words[i + size - 1].end, "", [], block, "noun")
    named = named_by_noun(Here(text, words, i, size, mention, found, set()))
    if not named or blocked(spans, mention.start, mention.end):
        return i + 1
    if i > 1 and words[i - 1].low == "of" and words[i - 2].low in context_words()["settlements"]:
        mention = village_or_unknown(text, mention.start, mention.end, block, "noun", limit=block.end)
    found.append(mention)
    while i < len(words) and words[i].start < mention.end:
        i += 1
    return i


def _unknown(words: list[Word], i: int) -> int:
    """Return how many capitalised words stand side by side from word i on."""
    size = 1
    while size < _MOST_UNKNOWN and i + size < len(words):
        word = words[i + size]
        if word.gap not in {" ", "-"} or not word.text[0].isupper():
            break
        size += 1
    return size


def _mention(words: list[Word], i: int, size: int, block: Block, places: Gazetteer) -> Mention:
    key = " ".join(word.low for word in words[i : i + size])
    return Mention(words[i].start, words[i + size - 1].end, key, list(places.find(key)), block, "gazetteer")


def _capitals(
    text: str, words: list[Word], i: int, block: Block, places: Gazetteer
) -> tuple[Mention, int] | None:
    """Read `US`, `U.S.`, `UK`; not in a line that is all capitals."""
    word = words[i]
    j, letters, end = i + 1, word.text, word.end
    if len(letters) == 1:
        while j < len(words) and words[j].gap == "." and len(words[j].text) == 1 and j - i < _LETTERS:
            letters, end, j = letters + words[j].text, words[j].end, j + 1
        if j == i + 1:
            return None
        end += text[end : end + 1] == "."
    if not letters.isupper() or len(letters) > _LETTERS:
        return None
    country = (places.capitals(".".join(letters) + ".") if j > i + 1 else None) or places.capitals(letters)
    if country is None:
        return None
    if len(word.text) > 1 and any(
        k != i
        and 0 <= k < len(words)
        and words[k].text.isupper()
        and len(words[k].text) > 1
        and words[k].low != "us"
        for k in (i - 1, i + 1)
    ):
        return None
    return Mention(word.start, end, letters, [country], block, "capitals"), j


_YEAR_BEFORE = re.compile(r"(?:\d|\bcentury)\s?$", re.IGNORECASE)
_YEAR_CHARACTERS = 9


def _stands(text: str, mention: Mention) -> bool:
    """Tell whether short capitals are no currency (`US$5`, `$US`) and no era (`300 B.C.`)."""
    if text[mention.end : mention.end + 1] == "$" or text[mention.start - 1 : mention.start] == "$":
        return False
    era = mention.key in {"BC", "AD"}
    before = text[max(0, mention.start - _YEAR_CHARACTERS) : mention.start]
    return not era or _YEAR_BEFORE.search(before) is None


def _core(mention: Mention) -> tuple[int, int]:
    """Return the span; of short capitals that are a region's a bit more, so that equal names do not block."""
    region = mention.options[0].kind == "region"
    return mention.start, mention.end + region


def _longest(words: list[Word], i: int, places: Gazetteer) -> int:
    """Return how many words the longest known name at word i has, 0 for none."""
    small = context_words()["small_words"]
    most, key, best = places.longest(words[i].low), words[i].low, 0
    for size in range(1, most + 1):
        if size > 1:
            if i + size > len(words):
                break
            word = words[i + size - 1]
            if word.gap not in _GAPS or (not word.text[0].isupper() and word.low not in small):
                break
            if word.gap.startswith(".") and words[i + size - 2].low not in {"st", "ste", "ft", "mt"}:
                break
            key += " " + word.low
        if places.find(key):
            best = size
    return best


def _within(
    text: str, words: list[Word], j: int, options: list[Toponym], places: Gazetteer
) -> tuple[list[Toponym], tuple[int, int, Toponym] | None]:
    """Return the options that lie in what stands behind a comma, and a shortened region with its end.

    `Paris, Texas`, `Springfield, Ill.`, `Lviv, Ukraine`.
    """
    if j >= len(words) or not _COMMA.fullmatch(words[j].gap) or not words[j].text[0].isupper():
        return [], None
    inner = [option for option in options if option.kind in {"city", "region", "county"}]
    kinds = {option.kind for option in options}
    if kinds & {"country", "region"}:  # `Oklahoma, Pennsylvania` is a list, `Delaware, Ohio` is not
        inner = [option for option in inner if option.kind != "city" or option.population >= NAMESAKE]
    short = _shortened(text, words, j)
    if short:
        country, admin1, k = short
        inside = [o for o in inner if o.country == country and o.admin1 == admin1]
        end = words[k - 1].end
        dotted = k - j > 1 or not words[j].text.isupper()
        end += dotted and text[end : end + 1] == "."
        region = places.region(country, admin1)
        return inside, (k, end, region) if inside and region else None
    size = _longest(words, j, places)
    outer = places.find(" ".join(w.low for w in words[j : j + size])) if size else ()
    if "country" in kinds:  # `China, Japan` is a list: the town of that name lies in neither
        outer = tuple(area for area in outer if area.kind == "region")
    return [option for option in inner if any(_lies_in(option, area) for area in outer)], None


def _settle_in_area(words: list[Word], j: int, mention: Mention, places: Gazetteer) -> None:
    """Narrow the options down to the area named behind `in`: `Vienna, a town in northern Virginia`.

    Small towns that lie in none of the regions or counties of that name are not meant.
    """
    outer = () if mention.within else _area_behind(words, j, places)
    if not outer:
        return
    inner = [option for option in mention.options if option.kind in {"city", "county"}]
    mention.within = [option for option in inner if any(_lies_in(option, area) for area in outer)]
    small = all(option.kind == "city" and option.population < SMALL_TOWN for option in mention.options)
    elsewhere = all(area.kind in {"region", "county"} and area.admin1 for area in outer)
    if small and elsewhere and not mention.within:
        villages = places.villages(mention.key)
        mention.options = [village for village in villages if any(_lies_in(village, area) for area in outer)]


def _area_behind(words: list[Word], j: int, places: Gazetteer) -> Sequence[Toponym]:
    """Return what the area behind `in` or `of` may be, which the words in between say a place lies in."""
    k = j
    while k < len(words) and words[k].gap in {" ", "-", ", "} and _links(words[k]) and k - j < MOST_LINKS:
        k += 1
    if k >= len(words) or words[k].gap != " " or not words[k].text[0].isupper():
        return []
    if not leads_in([word.low for word in words[j:k]]):
        return []
    size = _longest(words, k, places)
    return places.find(" ".join(word.low for word in words[k : k + size])) if size else ()


def _links(word: Word) -> bool:
    """Tell whether a word may stand between a place and what it lies in."""
    lists = context_words()
    return word.low in lists["linking"] or word.low in lists["parts"] or word.low in lists["directions"]


def _lies_in(inner: Toponym, area: Toponym) -> bool:
    if inner.country != area.country or inner.kind == area.kind:
        return False
    if area.kind == "region" and area.admin1:
        return area.admin1 == inner.admin1
    if area.kind in {"region", "county"}:
        return area.admin1 in {"", inner.admin1} and distance_km(inner, area) <= COUNTY_KM
    return area.kind == "country"


def _shortened(text: str, words: list[Word], j: int) -> tuple[str, str, int] | None:
    """Return country, admin1 code and the next word of `Tex.`, `TX`, `N.Y.`, `W.Va.` at word j."""
    letters, k = words[j].text, j + 1
    while k < len(words) and words[k].gap == "." and len(words[k].text) <= 2 and k - j < _LETTERS:  # noqa: PLR2004
        letters, k = letters + words[k].text, k + 1
    found = region_codes().get(letters)
    if found is None or not (letters.isupper() or text[words[k - 1].end : words[k - 1].end + 1] == "."):
        return None
    return *found, k
