"""Whether a name of the gazetteer is a place where it stands.

The entities found by others, capital letters on both sides, the preposition before, the noun behind and how
well known the place is decide whether `Paris`, `Jordan` or `Reading` is one.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tasks.extract.place.gazetteer import fold
from tasks.extract.place.signs import (
    SIDES,
    SMALL_CITY,
    begins_name,
    beside,
    in_compound,
    is_thing,
    opens_article,
    opens_dateline,
    starts_sentence,
)
from tasks.extract.place.spans import blocked, context_words, covering

if TYPE_CHECKING:
    from tasks.extract.place.signs import Here
    from tasks.extract.place.spans import Marked, Mention, Word

LARGE_CITY = 500_000
"""Inhabitants from which any name stands for a city without a preposition; see SMALL_CITY."""
SMALL_TOWN = 15_000
"""Inhabitants below which a town is meant only where something in the article speaks for it."""
_LIST = re.compile(r"(?:,?\s(?:and|or)\s|,\s|;\s|\s?[/&]\s?)")
_SHORT_NAME = 3
_LONG_NOUN = 6


def is_place(here: Here, spans: Marked) -> bool:  # noqa: C901, PLR0911 - one reading after the other
    """Decide whether the name is a place here; writes the rule that decided into the mention."""
    lists, mention = context_words(), here.mention
    around = covering(spans.places, mention.start, mention.end)
    if mention.key in lists["never"] and not mention.within:
        return False
    if is_thing(here, lists) or begins_name(here):
        return False
    if around is not None and _is_entity(here.text, around, mention, lists):
        mention.rule = "entity"
        return True
    if in_compound(here, lists) or opens_article(here):
        mention.rule = "compound" if in_compound(here, lists) else "dateline"
        return mention.key not in lists["words"]
    if of_authority(here, spans):
        mention.rule = "authority"
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
    return _free(here, lists) and (_cued(here, lists) or _is_learned(here, spans))


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


def _is_learned(here: Here, spans: Marked) -> bool:
    around = covering(spans.learned, here.mention.start, here.mention.end)
    if around is None or not _is_core(
        here.text, around, (here.mention.start, here.mention.end), context_words()
    ):
        return False
    here.mention.rule = "learned"
    return True


def _is_located(here: Here) -> bool:
    """Tell whether a dateline, a containment or a preposition leaves no doubt; countries need none."""
    mention = here.mention
    if mention.within or mention.block.kind == "dateline" or opens_dateline(here) or opens_article(here):
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


def _is_entity(
    text: str, around: tuple[int, int], mention: Mention, lists: dict[str, frozenset[str]]
) -> bool:
    """Tell whether the entity is this name, or only a part of it: `Asia` of `Asia-Pacific`."""
    name = mention.start, mention.end
    piece = around != name and name[0] <= around[0] and around[1] <= name[1]
    return piece or _is_core(text, around, name, lists)


def _is_core(
    text: str, outer: tuple[int, int], inner: tuple[int, int], lists: dict[str, frozenset[str]]
) -> bool:
    """Tell whether an entity is this name with at most a direction, an article, or `region` around it."""
    if inner[0] < outer[0] or inner[1] > outer[1]:
        return False
    left, right = text[outer[0] : inner[0]], text[inner[1] : outer[1]]
    if left.rstrip().endswith(",") or right.startswith(","):
        return True  # `Washington, D.C.` marked as one
    if right.strip() and not left.strip() and right.replace(" ", "").isalpha() and right.islower():
        return True  # `Antwerp museum`
    before, behind = fold(left).split(), fold(right).split()
    if before[-1:] == ["of"] and all(word in lists["itself"] or word == "the" for word in before[:-1]):
        return not behind  # `the City of Montreal`
    directed = all(word in lists["directions"] or word in {"the", "of"} for word in before)
    if not behind and len(before) == 1 and left[:1].islower():
        return True  # `free Syria`
    return directed and all(word in lists["region_nouns"] or word == "s" for word in behind)


def of_authority(here: Here, spans: Marked) -> bool:
    """`Kentucky State Police`, `Laurel County Sheriff's Office`: the place whose authority it is.

    Only where the name begins with the place, and for countries, regions and cities that are no small ones.
    """
    lists, words, mention = context_words(), here.words, here.mention
    k = here.first + here.size
    k += k < len(words) and words[k].gap == " " and words[k].low in lists["authority_levels"]
    if k >= len(words) or words[k].gap != " " or not words[k].text[0].isupper():
        return False
    if words[k].low not in lists["authorities"]:
        return False
    whole = covering(spans.names, mention.start, mention.end)
    known = any(o.kind != "city" or o.capital or o.population >= SMALL_CITY for o in mention.options)
    return known and (whole is None or whole[0] >= mention.start - len("the "))


def _of_institution(here: Here, lists: dict[str, frozenset[str]]) -> bool:
    """`University of Stockholm`, `Bank of England`."""
    words, k = here.words, here.first - 1
    k -= k >= 0 and words[k].low == "the" and words[here.first].gap == " "
    if k <= 0 or words[k].low != "of" or words[k].gap != " ":
        return False
    return words[k - 1].low in lists["institution_of"]


def _left_name(words: list[Word], i: int, lists: dict[str, frozenset[str]]) -> bool:
    if i <= 0 or words[i].gap not in SIDES:
        return False
    before = words[i - 1]
    return before.text[0].isupper() and before.low not in lists["allowed_before"]


def _country_stands(here: Here, lists: dict[str, frozenset[str]]) -> bool:
    after = here.after
    if after is not None and after.text[0].isupper() and after.low in lists["country_not_before"]:
        return False
    if here.headline:
        return True
    kinds = {option.kind for option in here.mention.options}
    if (
        "other" in kinds
        and not kinds & {"country", "continent"}
        and after is not None
        and after.text[0].isupper()
    ):
        return False  # `Atlantic Council`
    return not _left_name(here.words, here.first, lists) or starts_sentence(here.words, here.first - 1)


def _free(here: Here, lists: dict[str, frozenset[str]]) -> bool:
    """Tell whether no capitals and no noun beside the name make it a part of a longer one."""
    words, after = here.words, here.after
    beyond = beside(words, here.first + here.size + 1) if after is not None else None
    if after is not None and after.low in lists["not_before"]:
        return False
    if beyond is not None and beyond.low in lists["not_before"] and len(beyond.low) >= _LONG_NOUN:
        return False
    if here.headline:
        return True
    if after is not None and after.text[0].isupper() and after.low not in lists["allowed_after"]:
        return False
    name = words[here.first].text
    shouted = name.isupper() and len(name) > 1 and not opens_dateline(here)
    return not shouted and not _left_name(words, here.first, lists)


def _cued(here: Here, lists: dict[str, frozenset[str]]) -> bool:
    """Tell whether the name is known well enough to stand alone, or has a cue before it."""
    words, i, mention = here.words, here.first, here.mention
    before = words[i - 1].low if i and words[i].gap in {" ", "\u00a0", "\n"} else ""
    if before == "the" and i > 1 and words[i - 1].gap == " ":
        before = words[i - 2].low
    if mention.key in lists["words"] or len(mention.key) <= _SHORT_NAME:
        mention.rule = "strong_cue"
        return before in lists["strong_prepositions"] and not starts_sentence(words, i)
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
