"""Where an article names places: a scan of the gazetteer, guarded by what stands around a name.

The capital letters on both sides, the preposition before, the noun behind and the entities found by others
decide whether `Paris`, `Jordan` or `Reading` is a place here. Nothing is resolved yet.
"""

from __future__ import annotations

import functools
import re
from bisect import bisect_right
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tasks.extract.gazetteer import Toponym, fold, gazetteer
from worker.config_dir import load_toml

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tasks.extract.gazetteer import Gazetteer
    from worker.record import Block, Entity

READ = frozenset({"title", "heading", "paragraph", "dateline"})
SMALL_CITY, LARGE_CITY = 200_000, 500_000
_WORD = re.compile(r"[^\W\d_]+")
_GAPS = frozenset({" ", "-", "'", "’", ". ", ".", "\u00a0", "‑", "\n"})
_COMMA = re.compile(r",\s{1,2}")
_LIST = re.compile(r"(?:,?\s(?:and|or)\s|,\s|;\s|\s?[/&]\s?)")
_SENTENCE_END = frozenset(".!?:\n")
_SHORT_NAME = 3
_LETTERS = 4
_PLACES = frozenset({"LOC", "FAC"})


@dataclass(frozen=True, slots=True)
class Word:
    """A run of letters; `gap` is what stands between it and the word before it in the block."""

    text: str
    low: str
    start: int
    end: int
    gap: str


@dataclass(slots=True)
class Mention:
    """A name that stands for a place. `within` are the options that lie in the region or country behind it."""

    start: int
    end: int
    key: str
    options: list[Toponym]
    block: Block
    rule: str
    within: list[Toponym] = field(default_factory=list)
    as_region: bool = False


@dataclass(frozen=True, slots=True)
class Marked:
    """Spans of entities: `places` (LOC, FAC), `names` of other kinds, and `maybe` (MISC), which block unless equal."""

    places: list[tuple[int, int]]
    names: list[tuple[int, int]]
    maybe: list[tuple[int, int]]


@functools.cache
def context_words() -> dict[str, frozenset[str]]:
    """Return the lists of config/gazetteer/context.toml."""
    return {name: frozenset(words) for name, words in load_toml("gazetteer/context.toml").items()}


@functools.cache
def state_codes() -> dict[str, str]:
    """Return `Tex.` without the full stop -> `TX`."""
    pairs = (pair.split("=") for pair in load_toml("gazetteer/names.toml")["abbreviations"]["US"])
    return {short.removesuffix("."): code for short, code in pairs}


def marked(entities: Iterable[Entity]) -> Marked:
    """Return the spans of the names of entities, sorted."""
    places, names, maybe = [], [], []
    for entity in entities:
        target = places if entity.type in _PLACES else maybe if entity.type == "MISC" else names
        target.extend((m.start, m.end) for m in entity.mentions if m.kind == "name")
    return Marked(sorted(places), sorted(names), sorted(maybe))


def words_of(text: str, start: int, end: int) -> list[Word]:
    """Return the words of text[start:end]."""
    words: list[Word] = []
    last = start
    for match in _WORD.finditer(text, start, end):
        word, (left, right) = match.group(), match.span()
        low = word.lower() if word.isascii() else fold(word)
        words.append(Word(word, low, left, right, text[last : min(left, last + _LETTERS)] if words else "\n"))
        last = right
    return words


def mentions(text: str, block: Block, spans: Marked, people: set[str]) -> list[Mention]:
    """Return the places named in one block, in order, without overlaps.

    `people` collects the names that stood behind another name (`Michael Jordan`); later they need a cue.
    """
    words = words_of(text, block.start, block.end)
    places = gazetteer()
    found: list[Mention] = []
    i = 0
    while i < len(words):
        word = words[i]
        if not word.text[0].isupper():
            i += 1
            continue
        short = _capitals(text, words, i, block, places)
        if short:
            mention, i = short
            if not _blocked(spans, mention.start, mention.end):
                found.append(mention)
            continue
        size = _longest(words, i, places)
        if not size:
            i += 1
            continue
        mention = _mention(words, i, size, block, places)
        after = _right(words, i + size)
        mention.as_region = after is not None and after.low in {"state", "province"}
        mention.within = _within(text, words, i + size, mention.options, places)
        if _accepted(text, words, i, size, mention, spans, found, people):
            found.append(mention)
        elif mention.key in context_words()["person_like"] and _left_name(words, i, context_words()):
            people.add(mention.key)
        i += size
    return found


def _mention(words: list[Word], i: int, size: int, block: Block, places: Gazetteer) -> Mention:
    key = " ".join(word.low for word in words[i : i + size])
    return Mention(words[i].start, words[i + size - 1].end, key, places.find(key), block, "gazetteer")


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
    country = places.capitals(letters)
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


def _longest(words: list[Word], i: int, places: Gazetteer) -> int:
    """Return how many words the longest known name at word i has, 0 for none."""
    small = context_words()["small_words"]
    most, key, best = places.longest.get(words[i].low, 0), words[i].low, 0
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
        if places.knows(key):
            best = size
    return best


def _within(text: str, words: list[Word], j: int, options: list[Toponym], places: Gazetteer) -> list[Toponym]:
    """Return the options that lie in what stands behind a comma: `Paris, Texas`, `Springfield, Ill.`, `Lviv, Ukraine`."""
    if j >= len(words) or not _COMMA.fullmatch(words[j].gap) or not words[j].text[0].isupper():
        return []
    inner = [option for option in options if option.kind in {"city", "region"}]
    word = words[j]
    code = state_codes().get(word.text) if text[word.end : word.end + 1] == "." else None
    if code is None and len(word.text) == 2 and word.text.isupper():  # noqa: PLR2004 - `TX`
        code = word.text
    if code:
        return [option for option in inner if option.country == "US" and option.admin1 == code]
    size = _longest(words, j, places)
    outer = places.find(" ".join(w.low for w in words[j : j + size])) if size else []
    return [
        option
        for option in inner
        if any(
            option.country == area.country
            and (
                area.kind == "country"
                or (area.kind == "region" and area.admin1 and area.admin1 == option.admin1)
            )
            and option.kind != area.kind
            for area in outer
        )
    ]


def _blocked(spans: Marked, start: int, end: int) -> bool:
    """Tell whether the span lies in a name of something else."""
    if _covering(spans.names, start, end):
        return True
    around = _covering(spans.maybe, start, end)
    return around is not None and around != (start, end)


def _covering(spans: list[tuple[int, int]], start: int, end: int) -> tuple[int, int] | None:
    """Return the last span that begins at or before `start`, if it overlaps."""
    index = bisect_right(spans, (start, 10**12)) - 1
    if index >= 0 and spans[index][1] > start:
        return spans[index]
    if index + 1 < len(spans) and spans[index + 1][0] < end:
        return spans[index + 1]
    return None


def _accepted(
    text: str,
    words: list[Word],
    i: int,
    size: int,
    mention: Mention,
    spans: Marked,
    found: list[Mention],
    people: set[str],
) -> bool:
    """Decide whether the name at words [i, i + size) is a place here."""
    lists = context_words()
    around = _covering(spans.places, mention.start, mention.end)
    if around is not None:
        mention.rule = "entity"
        return _is_core(text, around, (mention.start, mention.end), lists)
    if _blocked(spans, mention.start, mention.end):
        return False
    if mention.block.kind == "dateline" or mention.within:
        mention.rule = "dateline" if mention.block.kind == "dateline" else "containment"
        return True
    if _of_institution(words, i, lists):
        return False
    sure = [o for o in mention.options if o.kind in {"country", "continent", "other"} or not o.geonames_id]
    if sure and mention.key not in lists["person_like"]:
        return _country_stands(words, i, size, mention, lists)
    if not _free(words, i, size, mention, lists):
        return False
    return _cued(text, words, i, size, mention, found, people)


def _is_core(
    text: str, outer: tuple[int, int], inner: tuple[int, int], lists: dict[str, frozenset[str]]
) -> bool:
    """Tell whether an entity is this name with at most a direction, an article, or `region` around it."""
    if inner[0] < outer[0] or inner[1] > outer[1]:
        return False
    before = fold(text[outer[0] : inner[0]]).split()
    behind = fold(text[inner[1] : outer[1]]).split()
    return all(word in lists["directions"] or word in {"the", "of"} for word in before) and all(
        word in lists["region_nouns"] or word == "s" for word in behind
    )


def _of_institution(words: list[Word], i: int, lists: dict[str, frozenset[str]]) -> bool:
    """`University of Stockholm`, `Bank of England`."""
    k = i - 1
    k -= k >= 0 and words[k].low == "the" and words[i].gap == " "
    return (
        k > 0 and words[k].low == "of" and words[k - 1].low in lists["institution_of"] and words[k].gap == " "
    )


def _left_name(words: list[Word], i: int, lists: dict[str, frozenset[str]]) -> bool:
    """Tell whether a capitalised word stands right before that may make this name a part of a longer one."""
    if i == 0 or words[i].gap not in {" ", "-", "\u00a0"}:
        return False
    before = words[i - 1]
    return before.text[0].isupper() and before.low not in lists["allowed_before"]


def _right(words: list[Word], j: int) -> Word | None:
    return words[j] if j < len(words) and words[j].gap in {" ", "-", "\u00a0"} else None


def _starts_sentence(words: list[Word], i: int) -> bool:
    return (
        i == 0 or any(mark in _SENTENCE_END for mark in words[i].gap) or words[i].gap[:1] in {'"', "“", "”"}
    )


def _country_stands(
    words: list[Word], i: int, size: int, mention: Mention, lists: dict[str, frozenset[str]]
) -> bool:
    after = _right(words, i + size)
    if after is not None and after.text[0].isupper() and after.low in lists["country_not_before"]:
        return False
    if mention.block.kind in {"title", "heading"}:
        return True
    return not (_left_name(words, i, lists) and not _starts_sentence(words, i - 1))


def _free(words: list[Word], i: int, size: int, mention: Mention, lists: dict[str, frozenset[str]]) -> bool:
    """Tell whether no capitals and no noun beside the name make it a part of a longer one."""
    after = _right(words, i + size)
    beyond = _right(words, i + size + 1) if after is not None else None
    if after is not None and after.low in lists["not_before"]:
        return False
    if beyond is not None and beyond.low in lists["not_before"] and len(beyond.low) > _LETTERS + 1:
        return False
    if mention.block.kind in {"title", "heading"}:
        return True
    if after is not None and after.text[0].isupper() and after.low not in lists["allowed_after"]:
        return False
    shouted = words[i].text.isupper() and len(words[i].text) > 1
    return not shouted and not _left_name(words, i, lists)


def _cued(
    text: str, words: list[Word], i: int, size: int, mention: Mention, found: list[Mention], people: set[str]
) -> bool:
    """Tell whether the name is known well enough to stand alone, or has a cue before it."""
    lists = context_words()
    listed = bool(found) and _LIST.fullmatch(text, found[-1].end, mention.start) is not None
    before = words[i - 1].low if i and words[i].gap in {" ", "\u00a0", "\n"} else ""
    if before == "the" and i > 1 and words[i - 1].gap == " ":
        before = words[i - 2].low
    if mention.key in lists["words"] or len(mention.key) <= _SHORT_NAME:
        mention.rule = "strong_cue"
        return before in lists["strong_prepositions"] and not _starts_sentence(words, i)
    largest = max(mention.options, key=lambda option: option.population)
    country = any(option.kind == "country" for option in mention.options)
    known = country or largest.capital or largest.population >= LARGE_CITY
    if mention.key not in lists["person_like"]:
        known = known or any(option.kind == "region" for option in mention.options)
        known = known or (largest.population >= SMALL_CITY and size > 1)
    if known and mention.key not in people:
        return True
    mention.rule = "cue"
    return listed or before in lists["prepositions"]
