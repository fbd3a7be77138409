"""Whether a name of the gazetteer is a place where it stands.

The entities found by others, capital letters on both sides, the preposition before, the noun behind and how
well known the place is decide whether `Paris`, `Jordan` or `Reading` is one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tasks.extract.place.gazetteer import fold
from tasks.extract.place.spans import blocked, context_words, covering

if TYPE_CHECKING:
    from tasks.extract.place.spans import Marked, Mention, Word

SMALL_CITY, LARGE_CITY = 200_000, 500_000
"""Inhabitants from which a name of several words, and any name, stands for a city without a preposition."""
_LIST = re.compile(r"(?:,?\s(?:and|or)\s|,\s|;\s|\s?[/&]\s?)")
_SENTENCE_END = frozenset(".!?:\n")
_QUOTES = frozenset('"\u201c\u201d')
_SHORT_NAME = 3
_LONG_NOUN = 6
_SIDES = frozenset({" ", "-", "\u00a0"})


@dataclass(frozen=True, slots=True)
class Here:
    """A name at words [first, first + size), what was found before it in the block, and who is a person."""

    text: str
    words: list[Word]
    first: int
    size: int
    mention: Mention
    found: list[Mention]
    people: set[str]

    @property
    def after(self) -> Word | None:
        """The word right behind the name, on the same side of any punctuation."""
        return _beside(self.words, self.first + self.size)

    @property
    def headline(self) -> bool:
        """It stands in a title or heading, where capitals say little."""
        return self.mention.block.kind in {"title", "heading"}


def is_place(here: Here, spans: Marked) -> bool:  # noqa: PLR0911 - one reading after the other
    """Decide whether the name is a place here; writes the rule that decided into the mention."""
    lists, mention = context_words(), here.mention
    around = covering(spans.places, mention.start, mention.end)
    if mention.key in lists["never"] and not mention.within:
        return False
    if _is_thing(here, lists):
        return False
    if around is not None and _covers_piece(around, mention):
        mention.rule = "entity"
        return True
    if around is not None and _is_core(here.text, around, (mention.start, mention.end), lists):
        mention.rule = "entity"
        return True
    if _in_compound(here, lists) or _opens_article(here):
        mention.rule = "compound" if _in_compound(here, lists) else "dateline"
        return mention.key not in lists["words"]
    if around is not None or blocked(spans, mention.start, mention.end):
        return False
    if mention.block.kind == "dateline" or mention.within:
        mention.rule = "dateline" if mention.block.kind == "dateline" else "containment"
        return True
    if _of_institution(here, lists):
        return False
    if mention.key not in lists["person_like"] and any(_is_large(option.kind) for option in mention.options):
        return _country_stands(here, lists)
    if mention.key not in lists["person_like"] and any(not option.geonames_id for option in mention.options):
        return _country_stands(here, lists)
    return _free(here, lists) and _cued(here, lists)


def follows_name(here: Here) -> bool:
    """Tell whether a capitalised word stands right before that may make this name a part of a longer one."""
    return _left_name(here.words, here.first, context_words())


def is_surname(here: Here, spans: Marked) -> bool:
    """Tell whether the name is that of a person named in full: `Nelson Lima conceded. Lima said`."""
    return here.mention.key in spans.surnames and not _is_located(here)


def is_doubtful(here: Here, spans: Marked) -> bool:
    """Tell whether it may be short for a longer name of something else, or the first word of one.

    `União de Setúbal ... the União president`, `Zanzibar Biologics`: no place, unless the article names the
    place elsewhere.
    """
    lists, mention = context_words(), here.mention
    if _is_located(here):
        return False
    if mention.key in spans.short_forms and not _well_known(here, lists):
        return True
    after = here.after
    if here.headline or after is None or after.gap != " " or not after.text[0].isupper():
        return False
    return goes_on(after.text)


def _is_thing(here: Here, lists: dict[str, frozenset[str]]) -> bool:
    """`the Marburg virus`, `Hurricane Florence`: named after a place or a person, and no place."""
    after = here.after
    if any(option.kind == "country" for option in here.mention.options):
        return False  # `the United States flu season`
    if after is not None and after.gap == " " and after.low in lists["things_behind"]:
        return True
    if here.first == 0 or here.words[here.first].gap != " ":
        return False
    return here.words[here.first - 1].low in lists["things_before"]


def _in_compound(here: Here, lists: dict[str, frozenset[str]]) -> bool:
    """`London-based`, `Canada-wide`: whatever the whole is, its first part is a place."""
    after = here.after
    return after is not None and after.gap == "-" and after.low in lists["compounds"]


def _opens_article(here: Here) -> bool:
    """`DETROIT The company said`: a dateline without any mark, at the start of a paragraph."""
    after, name = here.after, here.words[here.first].text
    if here.first > 0 or after is None or after.gap != " " or here.headline:
        return False
    known = any(o.capital or o.population >= SMALL_CITY for o in here.mention.options)
    return known and name.isupper() and after.text[0].isupper() and not after.text[1:].isupper()


def _is_located(here: Here) -> bool:
    """Tell whether a dateline, a containment or a preposition leaves no doubt; countries need none."""
    mention = here.mention
    if mention.within or mention.block.kind == "dateline" or _opens_dateline(here) or _opens_article(here):
        return True
    if any(option.kind == "country" for option in mention.options):
        return True
    return here.first > 0 and here.words[here.first - 1].low in context_words()["strong_prepositions"]


def goes_on(word: str) -> bool:
    """Tell whether a capitalised word goes on with the name before it: no title, `Region`, `On` or `MP`."""
    lists, low = context_words(), fold(word)
    if word.isupper():
        return False
    return not any(low in lists[name] for name in ("allowed_after", "region_nouns", "allowed_before"))


def named_by_noun(here: Here) -> bool:
    """Tell whether a noun beside an unknown name makes it a place: `the island of X`, `the X valley`."""
    words, i, lists = here.words, here.first, context_words()
    if i > 1 and words[i].gap == words[i - 1].gap == " " and words[i - 1].low == "of":
        return words[i - 2].low in lists["places_of"]
    after = here.after
    if after is None or after.gap != " " or after.low not in lists["places_behind"] or i == 0:
        return False
    return words[i].gap == " " and words[i - 1].low in {"the", *lists["strong_prepositions"]}


def _is_large(kind: str) -> bool:
    return kind in {"country", "continent", "other"}


def _covers_piece(around: tuple[int, int], mention: Mention) -> bool:
    """Tell whether the entity is only a part of the name: `Asia` of `Asia-Pacific`."""
    return around != (mention.start, mention.end) and mention.start <= around[0] and around[1] <= mention.end


def _is_core(
    text: str, outer: tuple[int, int], inner: tuple[int, int], lists: dict[str, frozenset[str]]
) -> bool:
    """Tell whether an entity is this name with at most a direction, an article, or `region` around it."""
    if inner[0] < outer[0] or inner[1] > outer[1]:
        return False
    left, right = text[outer[0] : inner[0]], text[inner[1] : outer[1]]
    if left.rstrip().endswith(",") or right.startswith(","):
        return True  # `Washington, D.C.` marked as one
    before, behind = fold(left).split(), fold(right).split()
    directed = all(word in lists["directions"] or word in {"the", "of"} for word in before)
    return directed and all(word in lists["region_nouns"] or word == "s" for word in behind)


def _of_institution(here: Here, lists: dict[str, frozenset[str]]) -> bool:
    """`University of Stockholm`, `Bank of England`."""
    words, k = here.words, here.first - 1
    k -= k >= 0 and words[k].low == "the" and words[here.first].gap == " "
    if k <= 0 or words[k].low != "of" or words[k].gap != " ":
        return False
    return words[k - 1].low in lists["institution_of"]


def _left_name(words: list[Word], i: int, lists: dict[str, frozenset[str]]) -> bool:
    if i <= 0 or words[i].gap not in _SIDES:
        return False
    before = words[i - 1]
    return before.text[0].isupper() and before.low not in lists["allowed_before"]


def _beside(words: list[Word], j: int) -> Word | None:
    return words[j] if j < len(words) and words[j].gap in _SIDES else None


def _starts_sentence(words: list[Word], i: int) -> bool:
    if i <= 0:
        return True
    gap = words[i].gap
    return any(mark in _SENTENCE_END for mark in gap) or gap[:1] in _QUOTES


def _country_stands(here: Here, lists: dict[str, frozenset[str]]) -> bool:
    after = here.after
    if after is not None and after.text[0].isupper() and after.low in lists["country_not_before"]:
        return False
    if here.headline:
        return True
    return not _left_name(here.words, here.first, lists) or _starts_sentence(here.words, here.first - 1)


def _free(here: Here, lists: dict[str, frozenset[str]]) -> bool:
    """Tell whether no capitals and no noun beside the name make it a part of a longer one."""
    words, after = here.words, here.after
    beyond = _beside(words, here.first + here.size + 1) if after is not None else None
    if after is not None and after.low in lists["not_before"]:
        return False
    if beyond is not None and beyond.low in lists["not_before"] and len(beyond.low) >= _LONG_NOUN:
        return False
    if here.headline:
        return True
    if after is not None and after.text[0].isupper() and after.low not in lists["allowed_after"]:
        return False
    name = words[here.first].text
    shouted = name.isupper() and len(name) > 1 and not _opens_dateline(here)
    return not shouted and not _left_name(words, here.first, lists)


def _opens_dateline(here: Here) -> bool:
    """`BEIJING (AP) -`, `AUSTIN, Texas`: capitals at the start of a block, with a mark behind."""
    behind = here.first + here.size
    if here.first > 0 or behind >= len(here.words):
        return False
    return any(mark in here.words[behind].gap for mark in "(,-\u2013\u2014:")


def _cued(here: Here, lists: dict[str, frozenset[str]]) -> bool:
    """Tell whether the name is known well enough to stand alone, or has a cue before it."""
    words, i, mention = here.words, here.first, here.mention
    before = words[i - 1].low if i and words[i].gap in {" ", "\u00a0", "\n"} else ""
    if before == "the" and i > 1 and words[i - 1].gap == " ":
        before = words[i - 2].low
    if mention.key in lists["words"] or len(mention.key) <= _SHORT_NAME:
        mention.rule = "strong_cue"
        return before in lists["strong_prepositions"] and not _starts_sentence(words, i)
    if mention.key not in here.people and _well_known(here, lists):
        return True
    mention.rule = "cue"
    listed = bool(here.found) and _LIST.fullmatch(here.text, here.found[-1].end, mention.start) is not None
    return listed or before in lists["prepositions"]


def _well_known(here: Here, lists: dict[str, frozenset[str]]) -> bool:
    options = here.mention.options
    largest = max(options, key=lambda option: option.population)
    if largest.capital or largest.population >= LARGE_CITY or any(o.kind == "country" for o in options):
        return True
    if here.mention.key in lists["person_like"]:
        return False
    return any(o.kind == "region" for o in options) or (largest.population >= SMALL_CITY and here.size > 1)
