"""Words of a block, spans of entities, and the word lists that the search for places uses."""

from __future__ import annotations

import functools
import re
from bisect import bisect_right
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from tasks.extract.place.gazetteer import fold
from worker.config_dir import load_toml

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from tasks.extract.place.gazetteer import Toponym
    from worker.record import Block, Entity

READ = frozenset({"title", "heading", "paragraph", "dateline"})
_WORD = re.compile(r"[^\W\d_]+")
_GAP_SEEN = 8
"""Characters kept of what stands between two words."""
PLACES = frozenset({"LOC", "FAC", "GPE"})
"""Labels of places: ours, and what other pipelines call towns and countries."""
_THINGS = frozenset({"ORG", "MISC"})


class Word(NamedTuple):
    """A run of letters; `gap` is what stands between it and the word before it in the block."""

    text: str
    low: str
    start: int
    end: int
    gap: str


@dataclass(slots=True)
class Mention:
    """A name that stands for a place. `within` are the options that lie in what stands behind a comma.

    `stated` is the country behind the comma in which the gazetteer has no place of this name.
    """

    start: int
    end: int
    key: str
    options: list[Toponym]
    block: Block
    rule: str
    within: list[Toponym] = field(default_factory=list)
    as_region: bool = False
    stated: str | None = None


@dataclass(frozen=True, slots=True)
class Marked:
    """Spans of entities: `places` (LOC, FAC), `names` of other kinds, `maybe` (MISC; blocks unless equal).

    `surnames` are last words of persons' names, `short_forms` first words of names of other things where they
    are the head: `União` of `União de Setúbal`, not `Lund` of `Lund Rovers`. `learned` are places of a
    model's: they speak for a name that nothing else decides about. `built` are the FAC of `places`.
    """

    places: list[tuple[int, int]]
    names: list[tuple[int, int]]
    maybe: list[tuple[int, int]]
    surnames: frozenset[str] = frozenset()
    short_forms: frozenset[str] = frozenset()
    learned: list[tuple[int, int]] = field(default_factory=list)
    built: frozenset[tuple[int, int]] = frozenset()


@functools.cache
def context_words() -> dict[str, frozenset[str]]:
    """Return the lists of config/gazetteer/context.toml."""
    return {name: frozenset(words) for name, words in load_toml("gazetteer/context.toml").items()}


@functools.cache
def region_codes() -> dict[str, tuple[str, str]]:
    """Return `Tex`, `NY` (no full stops) -> country and admin1 code; the two letters of US states as well."""
    table = load_toml("gazetteer/names.toml")["abbreviations"]
    codes = {code: ("US", code) for code in table["US"].values()}
    for country, pairs in table.items():
        codes |= {short: (country, code) for short, code in pairs.items()}
    return codes


def marked(entities: Iterable[Entity], learned: Iterable[tuple[int, int]] = ()) -> Marked:
    """Return the spans of the names of entities, sorted, and what a model for entities takes for places."""
    places: list[tuple[int, int]] = []
    names: list[tuple[int, int]] = []
    maybe: list[tuple[int, int]] = []
    surnames: set[str] = set()
    short_forms: set[str] = set()
    built: set[tuple[int, int]] = set()
    for entity in entities:
        words = entity.name.split()
        if len(words) > 1 and entity.type == "PERSON":
            surnames.add(fold(words[-1]))
        elif len(words) > 1 and entity.type in _THINGS and words[1].islower():
            short_forms.add(fold(words[0]))
        target = places if entity.type in PLACES else maybe if entity.type == "MISC" else names
        spans = [(m.start, m.end) for m in entity.mentions if m.kind == "name"]
        target.extend(spans)
        built.update(spans if entity.type == "FAC" else ())
    return Marked(
        sorted(places),
        sorted(names),
        sorted(maybe),
        frozenset(surnames),
        frozenset(short_forms),
        sorted(learned),
        frozenset(built),
    )


def words_of(text: str, start: int, end: int) -> list[Word]:
    """Return the words of text[start:end]."""
    words: list[Word] = []
    last = start
    for match in _WORD.finditer(text, start, end):
        word, (left, right) = match.group(), match.span()
        low = word.lower() if word.isascii() else fold(word)
        words.append(
            Word(word, low, left, right, text[last : min(left, last + _GAP_SEEN)] if words else "\n")
        )
        last = right
    return words


_BESIDE = frozenset({"suburb", "suburbs"})
"""What lies `east of` a city and belongs to it."""


def leads_in(words: Sequence[str], demonyms: Collection[str] = ()) -> bool:
    """Tell whether the words between two names say that the first lies in the second.

    `in`, `a slum in the`, `district of`, `is a small town in northern`; not `was in` (a visit), `north of`.
    """
    lists = context_words()
    behind = {"the", "a", "an", *lists["directions"], *lists["parts"]}
    at = next((i for i in range(len(words) - 1, -1, -1) if words[i] in {"in", "of"}), None)
    if at is None or any(word not in behind and word not in demonyms for word in words[at + 1 :]):
        return False
    before = words[:at]
    if words[at] == "of" and any(word in {"in", "of"} for word in before):
        return leads_in([*before, *words[at + 1 :]], demonyms)  # `in the county of`
    known = lists["linking"] | lists["parts"] | lists["directions"]
    if any(word not in known and word not in demonyms for word in before):
        return False
    if words[at] == "of":
        return bool(before) and (before[-1] in lists["parts"] or not _BESIDE.isdisjoint(before))
    is_visit = not {"is", "was"}.isdisjoint(before)
    return not is_visit or any(word in lists["parts"] or word in lists["lying"] for word in before)


def covering(spans: list[tuple[int, int]], start: int, end: int) -> tuple[int, int] | None:
    """Return the last span that begins at or before `start`, if it overlaps."""
    index = bisect_right(spans, (start, 10**12)) - 1
    if index >= 0 and spans[index][1] > start:
        return spans[index]
    if index + 1 < len(spans) and spans[index + 1][0] < end:
        return spans[index + 1]
    return None


def blocked(spans: Marked, start: int, end: int) -> bool:
    """Tell whether the span lies in a name of something else, or runs into one.

    Names that are only pieces of it (`French` and `Guiana` of `French Guiana`) do not count.
    """
    inside = (start, end)
    around = _overlapping(spans.names, start, end)
    if any(not _is_piece(span, inside) for span in around):
        return True
    around = _overlapping(spans.maybe, start, end)
    return any(span != inside and not _is_piece(span, inside) for span in around)


def _is_piece(span: tuple[int, int], whole: tuple[int, int]) -> bool:
    return span != whole and whole[0] <= span[0] and span[1] <= whole[1]


def _overlapping(spans: list[tuple[int, int]], start: int, end: int) -> list[tuple[int, int]]:
    index = bisect_right(spans, (start, 10**12)) - 1
    if index < 0 or spans[index][1] <= start:
        index += 1
    found = []
    while index < len(spans) and spans[index][0] < end:
        found.append(spans[index])
        index += 1
    return found
