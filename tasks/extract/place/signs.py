"""What stands around a name: compounds, datelines, verbs, and names that only come from a place's.

Nothing is decided here; `cues` weighs what these tell.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tasks.extract.place.spans import context_words

if TYPE_CHECKING:
    from tasks.extract.place.spans import Mention, Word

SMALL_CITY = 200_000
"""Inhabitants from which a name of several words stands for a city without a preposition."""
_SENTENCE_END = frozenset(".!?:\n")
_QUOTES = frozenset('"\u201c\u201d')
_LINKS = frozenset({"and", "or"})
SIDES = frozenset({" ", "-", "\u00a0"})


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
        return beside(self.words, self.first + self.size)

    @property
    def headline(self) -> bool:
        """It stands in a title or heading, where capitals say little."""
        return self.mention.block.kind in {"title", "heading"}


def is_thing(here: Here, lists: dict[str, frozenset[str]]) -> bool:
    """`the Marburg virus`, `Hurricane Florence`: named after a place or a person, and no place."""
    after = here.after
    if any(option.kind == "country" for option in here.mention.options):
        return False  # `the United States flu season`
    if after is not None and after.gap == " " and after.low in lists["things_behind"]:
        return True
    if here.first == 0 or here.words[here.first].gap != " ":
        return False
    return here.words[here.first - 1].low in lists["things_before"]


def in_compound(here: Here, lists: dict[str, frozenset[str]]) -> bool:
    """`London-based`, `Canada-wide`: whatever the whole is, its first part is a place."""
    after = here.after
    return after is not None and after.gap == "-" and after.low in lists["compounds"]


def opens_article(here: Here) -> bool:
    """`DETROIT The company said`: a dateline without any mark, at the start of a paragraph."""
    after, name = here.after, here.words[here.first].text
    if here.first > 0 or after is None or after.gap != " " or here.headline:
        return False
    known = any(o.capital or o.population >= SMALL_CITY for o in here.mention.options)
    return known and name.isupper() and after.text[0].isupper() and not after.text[1:].isupper()


def opens_dateline(here: Here) -> bool:
    """`BEIJING (AP) -`, `AUSTIN, Texas`: capitals at the start of a block, with a mark behind."""
    behind = here.first + here.size
    if here.first > 0 or behind >= len(here.words):
        return False
    return any(mark in here.words[behind].gap for mark in "(,-\u2013\u2014:")


def begins_name(here: Here) -> bool:
    """`Southern District of Ohio`, `St. Mark's Hospital`: a province's name begins a longer one."""
    words, j = here.words, here.first + here.size
    if j + 1 >= len(words) or any(option.kind != "county" for option in here.mention.options):
        return False
    more = words[j + 1].gap == " " and words[j + 1].text[0].isupper()
    saint = here.mention.key.partition(" ")[0] in {"st", "saint"}
    return more and (words[j].low == "of" or (saint and words[j].text == "s"))


def names_region(here: Here) -> bool:
    """`New York state`, `Washington Governor`, `the state of Washington`: the region, not the city."""
    lists, after, words, i = context_words(), here.after, here.words, here.first
    if after is not None and (after.low in lists["makes_region"] or after.low in lists["region_offices"]):
        return True
    if i < 2 or words[i].gap != " " or words[i - 1].low != "of":  # noqa: PLR2004 - two words before
        return False
    return words[i - 2].low in lists["regions_of"]


def is_metonym(here: Here) -> bool:
    """Tell whether a country or capital acts (`Moscow said`): its government is meant.

    Only right before a verb of `metonym_verbs`, at most one auxiliary between, and behind no preposition.
    """
    lists, words, i = context_words(), here.words, here.first
    if not any(option.kind == "country" or option.capital for option in here.mention.options):
        return False
    if (
        i
        and words[i].gap == " "
        and words[i - 1].low in lists["prepositions"]
        and words[i - 1].low not in _LINKS
    ):
        return False
    verb = words[i + here.size] if i + here.size < len(words) else None
    if verb is not None and verb.gap == " " and verb.low in lists["auxiliaries"]:
        verb = words[i + here.size + 1] if i + here.size + 1 < len(words) else None
    return verb is not None and verb.gap == " " and verb.low in lists["metonym_verbs"]


def starts_sentence(words: list[Word], i: int) -> bool:
    """Say whether word i stands behind the end of a sentence, a quote mark or nothing."""
    if i <= 0:
        return True
    gap = words[i].gap
    return any(mark in _SENTENCE_END for mark in gap) or gap[:1] in _QUOTES


def beside(words: list[Word], j: int) -> Word | None:
    """Return word j when only a space or a hyphen is before it."""
    return words[j] if j < len(words) and words[j].gap in SIDES else None
