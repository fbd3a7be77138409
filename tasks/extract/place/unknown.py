"""Names that a model or a rule takes for places and the scan does not find: villages, and those of none."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

from tasks.extract.place.cues import LARGE_CITY, goes_on
from tasks.extract.place.gazetteer import MAX_WORDS, fold, gazetteer
from tasks.extract.place.spans import Mention, context_words, words_of

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from tasks.extract.place.gazetteer import Toponym
    from tasks.extract.place.spans import Marked
    from worker.record import Block


def with_unknown(
    text: str, blocks: list[Block], spans: Marked, found: list[Mention], rejected: list[Mention]
) -> list[Mention]:
    """Add the LOC and FAC entities that the gazetteer does not know.

    They stay unresolved, but for villages, and for what stands in a known place and begins with its name:
    `Oslo City Hall`.
    """
    named = {mention.key for mention in found}
    taken = sorted((mention.start, mention.end) for mention in [*found, *rejected])
    added: list[Mention] = []
    starts = [block.start for block in blocks]
    things = _articled(text, spans.places)
    for start, end in spans.places:
        index = bisect_right(starts, start) - 1
        if added and start < added[-1].end:  # a longer village took it in
            continue
        if index < 0 or end > blocks[index].end or _overlaps(taken, start, end):
            continue
        if text[start:end].lower() in context_words()["directions"] or _goes_on(text, end):
            continue
        if fold(text[start:end]) in things:
            continue
        if "$" in {text[start - 1 : start], text[end : end + 1]} or _is_thing(text, end):
            continue
        seat = _seat(text, start, end, named)
        if seat:
            added.append(Mention(start, seat[0], seat[1], list(seat[2]), blocks[index], "seat"))
        elif (start, end) in spans.built or text[max(0, start - len("the ")) : start].lower() == "the ":
            added.append(Mention(start, end, text[start:end], [], blocks[index], "entity"))
        else:
            following = bisect_left(taken, (end, 0))
            limit = min(blocks[index].end, taken[following][0] if following < len(taken) else len(text))
            added.append(village_or_unknown(text, start, end, blocks[index], "entity", limit=limit))
    return sorted([*found, *added], key=lambda mention: (mention.start, mention.end))


def village_or_unknown(text: str, start: int, end: int, block: Block, rule: str, *, limit: int) -> Mention:
    """Return the mention of a place that the scan did not find: a village, or a name without any place.

    A name that the scan knows and has refused is no village's, and none reaches beyond `limit`. What is
    written apart may be a town that is written together (`Dogu Beyazit`); a village's name may go on behind
    what a model has marked (`Ceamurlia de Jos`); an agency or a direction before a name is no part of it
    (`CDC Atlanta`, `Mid-Jutland`).
    """
    key, places = fold(text[start:end]), gazetteer()
    if places.find(key):
        return Mention(start, end, text[start:end], [], block, rule)
    for last in _ends(text, end, limit):
        longer = fold(text[start:last])
        if villages := places.villages(longer):
            return Mention(start, last, longer, list(villages), block, rule)
    together = key.replace(" ", "")
    if " " in key and len(together) >= LEAST_TOGETHER and (towns := places.find(together)):
        return Mention(start, end, together, list(towns), block, rule)
    first = _NO_PART.match(text, start, end)
    if first is not None and (known := places.find(fold(text[first.end() : end]))):
        return Mention(first.end(), end, fold(text[first.end() : end]), list(known), block, rule)
    return Mention(start, end, text[start:end], [], block, rule)


def _ends(text: str, end: int, limit: int) -> list[int]:
    """Return where a name may end that begins with what ends at `end`, the farthest first.

    Its last word has a capital.
    """
    more = _MORE_WORDS.match(text, end, limit)
    begins = [at + 1 for at in range(end, more.end()) if text[at] == " "] if more is not None else []
    ends = [*(begin - 1 for begin in begins[1:]), more.end()] if more is not None else []
    longer = [last for begin, last in zip(begins, ends, strict=True) if text[begin].isupper()]
    return [*reversed(longer), end]


LEAST_TOGETHER = 8
"""Letters of a town's name that may be written in two words, at least."""
_MORE_WORDS = re.compile(r"(?: [^\W\d_]{1,12}(?![^\W\d_])){1,3}")
_NO_PART = re.compile(r"(?!(?:USS|USNS|HMS|HMCS|HMAS|[NS][EW]) )[A-Z]{2,6} (?=\w*[a-z])|[Mm]id-")
"""An agency before a name; not a ship's prefix, a direction, or a line in capitals."""
_NEXT_WORD = re.compile(r" ([^\W\d_]+)")
_OWNED = re.compile(r", ([^\W\d_])[^\W\d_]*(?: [^\W\d_]+){0,2}['\u2019]s ")


def _goes_on(text: str, end: int) -> bool:
    """Tell whether an unknown name goes on (`Harrow Street Research`), or is no part of a country.

    `Paavo Hietala, Finland's minister` is apposition; a town would lie in `Finland`.
    """
    after = _NEXT_WORD.match(text, end)
    if after is not None and after[1][0].isupper():
        return goes_on(after[1])
    owner = _OWNED.match(text, end)
    return owner is not None and owner[1].isupper()


_LARGE = frozenset({"city", "county"})
_BEFORE = re.compile(r"(?:([^\W\d_]+),?\s+)?([Tt]he)\s+$")
_LONGEST_BEFORE = 24


def _articled(text: str, names: Sequence[tuple[int, int]]) -> set[str]:
    """Return the names (folded) that always have an article and never stand behind a preposition of place.

    `The Kyra Despina ran aground`: ships, papers, bands. `The Otta valley` is told by its noun.
    """
    articled: set[str] = set()
    located: set[str] = set()
    for start, end in names:
        before = _BEFORE.search(text, max(0, start - _LONGEST_BEFORE), start)
        key = fold(text[start:end])
        behind = before is not None and (before[1] or "").lower() in context_words()["unknown_prepositions"]
        (articled if before is not None and not behind else located).add(key)
    return {key for key in articled - located if key.split()[-1:] and not _has_place_noun(key)}


def _has_place_noun(key: str) -> bool:
    lists = context_words()
    return any(word in lists["places_of"] or word in lists["places_behind"] for word in key.split())


def _is_thing(text: str, end: int) -> bool:
    """Tell whether something is named after the place: `the Marburg virus`."""
    after = _NEXT_WORD.match(text, end)
    return after is not None and after[1].lower() in context_words()["things_behind"]


def _overlaps(taken: list[tuple[int, int]], start: int, end: int) -> bool:
    index = bisect_left(taken, (end, 0))
    return index > 0 and taken[index - 1][1] > start


def _seat(
    text: str, start: int, end: int, named: Collection[str]
) -> tuple[int, str, tuple[Toponym, ...]] | None:
    """Return the end, the key and the places of the name that an institution begins with and stands in.

    Only for nouns of `seated`, and names that the article has elsewhere or that a large city or county has:
    what is called after a place far away (`Wellington Hospital`) would go wrong.
    """
    words = words_of(text, start, end)
    if len(words) < 2 or words[-1].low not in context_words()["seated"]:  # noqa: PLR2004 - name and noun
        return None
    for size in range(min(MAX_WORDS, len(words) - 1), 0, -1):
        key = " ".join(word.low for word in words[:size])
        options = gazetteer().find(key)
        if key in named or any(o.kind in _LARGE and o.population >= LARGE_CITY for o in options):
            return words[size - 1].end, key, options
    return None
