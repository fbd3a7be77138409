# ruff: noqa: RUF001 - typographic marks as they stand in news
"""Spellings of one name: `Oleksiy` and `Alexei`, `Zelensky` and `Zelenskyy`, `Anthony` and `Antony`."""

from __future__ import annotations

import functools
import unicodedata

from worker.config_dir import load_toml

SHORTEST = 4
"""Letters of a name from which two spellings may differ by an edit."""
_MOST_EDITS = 2
_LONGEST = 40


@functools.cache
def _variants() -> dict[str, frozenset[int]]:
    """Return given name -> the groups of one name that it stands in."""
    found: dict[str, set[int]] = {}
    for number, group in enumerate(load_toml("extract/name_variants.toml")["given"]):
        for name in group.lower().split():
            found.setdefault(name, set()).add(number)
    return {name: frozenset(groups) for name, groups in found.items()}


def fold(word: str) -> str:
    """Return a word in small letters, with one kind of apostrophe."""
    return word.lower().replace("’", "'")


@functools.lru_cache(maxsize=50_000)
def sound(surname: str) -> str:
    """Return what the spellings of a surname have in common: `zelenski` of `Zelensky`, `Zelenskyy`."""
    table = load_toml("extract/name_variants.toml")
    plain = unicodedata.normalize("NFD", fold(surname)[:_LONGEST])
    word = "".join(letter for letter in plain if not unicodedata.combining(letter) and letter != "'")
    for prefix in table["prefixes"]:
        word = word.removeprefix(prefix)
    for letters, other in table["letters"]:
        word = word.replace(letters, other)
    once = [letter for number, letter in enumerate(word) if not number or word[number - 1] != letter]
    return "".join(once) or fold(surname)


def same_given(one: str, other: str) -> bool:
    """Whether two given names, or an initial and a name, may be one person's."""
    one, other = fold(one), fold(other)
    if one == other or (min(len(one), len(other)) == 1 and one[0] == other[0]):
        return True
    if _variants().get(one, frozenset()) & _variants().get(other, frozenset()):
        return True
    longer = min(len(one), len(other)) >= SHORTEST
    return longer and one[0] == other[0] and close(one, other, _MOST_EDITS)


def close(one: str, other: str, most: int) -> bool:
    """Whether two words are at most `most` edits apart (Levenshtein); words over 40 letters never are."""
    if abs(len(one) - len(other)) > most or max(len(one), len(other)) > _LONGEST:
        return False
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        above, row[0] = row[0], i
        for j, other_letter in enumerate(other, 1):
            above, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, above + (letter != other_letter))
    return row[-1] <= most
