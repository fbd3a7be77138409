"""Forms of English words out of base forms: `deploy` -> deploys, deployed, deploying; `party` -> parties."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_VOWELS = "aeiou"
_HISSING = ("s", "sh", "ch", "x", "z")
_DOUBLED = re.compile(r"[^aeiou]*(?:qu)?[aeiou][bdgklmnprt]")
"""One syllable, one vowel, one consonant: `ban`, `stop`."""


def verb_forms(base: str, irregular: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """Return the base and its other forms."""
    if base in irregular:
        return (base, *irregular[base])
    stem = base + base[-1] if _DOUBLED.fullmatch(base) else base
    past = base + "d" if base.endswith("e") else stem + "ed"
    if _ends_in_y(base):
        past = base[:-1] + "ied"
    gerund = base[:-1] if base.endswith("e") and not base.endswith(("ee", "oe", "ye")) else stem
    return (base, _with_s(base), past, gerund + "ing")


def noun_forms(base: str, irregular: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """Return singular and plural; of several words, the last one changes."""
    first, space, last = base.rpartition(" ")
    plurals = irregular[last] if last in irregular and last.endswith(("man", "child")) else [_with_s(last)]
    return (base, *(f"{first}{space}{plural}" for plural in plurals))


def _with_s(base: str) -> str:
    if _ends_in_y(base):
        return base[:-1] + "ies"
    return base + "es" if base.endswith(_HISSING) else base + "s"


def _ends_in_y(base: str) -> bool:
    return len(base) > 1 and base.endswith("y") and base[-2] not in _VOWELS
