"""The words of the TIMEX3 grammar, from config/extract/timexes.toml, in the shape that the rules want."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

from worker.config_dir import load_toml

LEXICON = "extract/timexes.toml"


T = TypeVar("T")
Phrases = dict[str, list[tuple[tuple[str, ...], T]]]


class Feast(NamedTuple):
    """A day of every year: of a month, a weekday counted within a month, or days from Western Easter."""

    month: int = 0
    day: int = 0
    weekday: int = 0
    number: int = 0
    from_easter: int | None = None


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Every table of the file; `lists` are sets, phrases stand under their first word, longest first."""

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
    adjectives: dict[str, str]
    times_of_day: dict[str, str]
    phrases: Phrases[str]
    feasts: Phrases[Feast]
    zones: dict[str, str]
    mods: Phrases[str]
    lists: dict[str, frozenset[str]]


@functools.cache
def lexicon() -> Lexicon:
    """Return the lexicon, read once a process."""
    table = load_toml(LEXICON)
    plain = {
        name: table[name] for name in Lexicon.__slots__ if name not in {"phrases", "feasts", "mods", "lists"}
    }
    feasts = {name: Feast(month=month, day=day) for name, (month, day) in table["feasts"].items()}
    for name, (month, weekday, number) in table["weekday_feasts"].items():
        feasts[name] = Feast(month=month, weekday=weekday, number=number)
    feasts |= {name: Feast(from_easter=days) for name, days in table["easter_feasts"].items()}
    return Lexicon(
        **plain,
        phrases=_by_words(table["phrases"]),
        feasts=_by_words(feasts),
        mods=_by_words(table["mods"]),
        lists={name: frozenset(words) for name, words in table["lists"].items()},
    )


def _by_words(phrases: dict[str, T]) -> Phrases[T]:
    """`new year's eve` is five tokens: `new`, `year`, `'`, `s`, `eve`."""
    split = [
        (tuple(key.replace("'", " ' ").replace(".", " . ").split()), value) for key, value in phrases.items()
    ]
    found: Phrases[T] = {}
    for words, value in sorted(split, key=lambda pair: (-len(pair[0]), pair[0])):
        found.setdefault(words[0], []).append((words, value))
    return found
