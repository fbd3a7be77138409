# ruff: noqa: RUF001 - quote marks are the subject
"""How strings are compared, and the shape of a finding."""

from __future__ import annotations

import re
from dataclasses import dataclass

_QUOTE_MARKS = str.maketrans(dict.fromkeys("“”„‟«»〝〞", '"') | dict.fromkeys("‘’‚‛‹›", "'"))
_LEADING = re.compile(r"^(?:the|a|an|its|his|her|their|my|our)\s+", re.IGNORECASE)
_EDGES = "\"' ,.\n\t"


@dataclass(frozen=True)
class Finding:
    """One thing missing or wrong, and whose work it is."""

    component: str
    text: str
    optional: bool = False

    def __str__(self) -> str:
        return f"[{self.component}] {'(optional) ' if self.optional else ''}{self.text}"


def fold(text: str) -> str:
    """White space folded, quote marks made equal."""
    return " ".join(text.translate(_QUOTE_MARKS).split())


def bare(text: str) -> str:
    """Folded, and without quote marks, commas and full stops at either end."""
    return fold(text).strip(_EDGES)


def plain(text: str) -> str:
    """Folded, in lower case, without a leading article or possessive."""
    return _LEADING.sub("", bare(text)).casefold()


def same(one: str, other: str) -> bool:
    return plain(one) == plain(other)


def overlaps(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def occurrences(text: str, wanted: str) -> list[tuple[int, int]]:
    """Where `wanted` stands in `text`, white space folded, quote marks exact."""
    pattern = r"\s+".join(re.escape(word) for word in wanted.split())
    return [match.span() for match in re.finditer(pattern, text)]


def short(text: str, width: int = 60) -> str:
    text = fold(text)
    return text if len(text) <= width else f"{text[: width // 2]}…{text[-width // 2 :]}"
