"""The words of the TIMEX3 grammar, from config/extract/timexes.toml, in the shape that the rules want."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any

from worker.config_dir import load_toml

LEXICON = "extract/timexes.toml"


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Every table of the file; `lists` are sets, phrases are tuples of words, longest first."""

    months: dict[str, int]
    weekdays: dict[str, int]
    weekdays_short: dict[str, int]
    seasons: dict[str, str]
    dayparts: dict[str, str]
    units: dict[str, str]
    numbers: dict[str, int]
    ordinals: dict[str, int]
    adverbs: dict[str, str]
    references: dict[str, str]
    phrases: tuple[tuple[tuple[str, ...], str], ...]
    feasts: tuple[tuple[tuple[str, ...], tuple[int, int]], ...]
    zones: dict[str, str]
    mods: tuple[tuple[tuple[str, ...], str], ...]
    lists: dict[str, frozenset[str]]


@functools.cache
def lexicon() -> Lexicon:
    """Return the lexicon, read once a process."""
    table = load_toml(LEXICON)
    plain = {
        name: table[name] for name in Lexicon.__slots__ if name not in {"phrases", "feasts", "mods", "lists"}
    }
    feasts = {name: (month, day) for name, (month, day) in table["feasts"].items()}
    return Lexicon(
        **plain,
        phrases=_by_words(table["phrases"]),
        feasts=_by_words(feasts),
        mods=_by_words(table["mods"]),
        lists={name: frozenset(words) for name, words in table["lists"].items()},
    )


def _by_words(phrases: dict[str, Any]) -> tuple[tuple[tuple[str, ...], Any], ...]:
    """`new year's eve` is five tokens: `new`, `year`, `'`, `s`, `eve`."""
    split = [(tuple(key.replace("'", " ' ").split()), value) for key, value in phrases.items()]
    return tuple(sorted(split, key=lambda pair: (-len(pair[0]), pair[0])))
