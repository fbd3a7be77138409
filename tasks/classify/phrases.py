"""Word lists with phrases: how they are written in `config/classify`, and how they are found in a text.

How a term is written: words between spaces. `plunge~` stands for the regular forms of a word (`plunge`,
`plunges`, `plunged`, `plunging`); `fall~|fell|fallen` for alternatives. A term with a capital letter is found
only as written; one without in any case.
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

import numpy as np

from tasks.classify.vocabulary import Column

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy.typing as npt

    from tasks.classify.body import Body

    Flags = npt.NDArray[np.bool_]

T = TypeVar("T")
_VOWELS = frozenset("aeiou")
_SKIPPED = frozenset({"-", "\u2011", "'s", "\u2019s", "'", "\u2019"})

_ALONE, _FIRST, _SECOND = 1, 2, 4
"""What a word may be in a term, as bits."""


class Match(NamedTuple, Generic[T]):
    """A term found at tokens `first <= i < last`, with what the list says of it."""

    first: int
    last: int
    value: T


def forms(word: str) -> list[str]:
    """Return the regular forms of an English noun or verb, some of which may not be words.

    >>> forms("plan")
    ['plan', 'plans', 'planned', 'planning', 'planed', 'planing']
    """
    if word.endswith("y") and word[-2:-1] not in _VOWELS:
        return [word, word[:-1] + "ies", word[:-1] + "ied", word + "ing"]
    if word.endswith("e"):
        return [word, word + "s", word + "d", word[:-1] + "ing"]
    plural = "es" if word.endswith(("s", "x", "z", "ch", "sh")) else "s"
    doubled = []
    if len(word) > 2 and word[-1] not in "aeiouwxy" and word[-2] in _VOWELS and word[-3] not in _VOWELS:  # noqa: PLR2004
        doubled = [word + word[-1] + "ed", word + word[-1] + "ing"]
    return [word, word + plural, *doubled, word + "ed", word + "ing"]


def expand(term: str) -> list[tuple[str, ...]]:
    """Return every sequence of words that `term` stands for."""
    choices = []
    for written in term.split():
        word = written.removesuffix("'").removesuffix("'s")
        if word in _SKIPPED:
            continue
        words: list[str] = []
        for choice in word.split("|"):
            words += forms(choice[:-1]) if choice.endswith("~") else [choice]
        choices.append(words)
    return list(product(*choices))


class Phrases(Generic[T]):
    """Terms with values; finds them in one pass, the longest first, none overlapping."""

    def __init__(self, terms: Iterable[tuple[str, T]]) -> None:
        self._values: dict[tuple[str, ...], T] = {}
        self._heads: dict[str, tuple[int, frozenset[str]]] = {}
        seconds: dict[str, set[str]] = {}
        for term, value in terms:
            for words in expand(term):
                self._values.setdefault(words, value)
                head = words[0].lower()
                most, _ = self._heads.get(head, (0, None))
                seconds.setdefault(head, set()).update(word.lower() for word in words[1:2])
                self._heads[head] = max(most, len(words)), frozenset()
        self._singles = {words[0]: value for words, value in self._values.items() if len(words) == 1}
        self._heads = {head: (most, frozenset(seconds[head])) for head, (most, _) in self._heads.items()}

        self._seconds = frozenset[str]().union(*seconds.values())
        self._roles = Column(self._role, np.uint8)

    def __contains__(self, term: str) -> bool:
        return tuple(term.split()) in self._values

    def find(
        self,
        tokens: Sequence[str],
        lowers: Sequence[str],
        first: int,
        last: int,
        heads: Sequence[int] | None = None,
    ) -> list[Match[T]]:
        """Return the matches within `first <= i < last`; hyphens and genitives are skipped.

        `heads` are the places there that `may_start`, where the caller knows them.
        """
        if heads is None:
            heads = [at for at, word in enumerate(lowers[first:last], first) if word in self._heads]
        found: list[Match[T]] = []
        done = first
        for at in heads:
            if at >= done:
                match = self._match(tokens, lowers, at, last)
                if match is not None:
                    found.append(match)
                    done = match.last
        return found

    def may_start(self, body: Body) -> Flags:
        """Return for every token of a body whether a term may start there: no other token starts one."""
        roles = body.column(self._roles)
        may: Flags = (roles & _ALONE) != 0
        may[:-1] |= (roles[:-1] & _FIRST != 0) & (roles[1:] & _SECOND != 0)
        return may

    def _role(self, word: str) -> int:
        """Return whether a word is a term, the first of several words, the second (or is skipped)."""
        lower = word.lower()
        return (
            (_ALONE if word in self._singles or lower in self._singles else 0)
            | (_FIRST if lower in self._heads and self._heads[lower][0] > 1 else 0)
            | (_SECOND if lower in self._seconds or lower in _SKIPPED else 0)
        )

    def starts_at(self, tokens: Sequence[str], lowers: Sequence[str], first: int, last: int) -> bool:
        """Tell whether a term stands at `first`, before `last`."""
        return lowers[first] in self._heads and self._match(tokens, lowers, first, last) is not None

    def _match(self, tokens: Sequence[str], lowers: Sequence[str], first: int, end: int) -> Match[T] | None:
        most, seconds = self._heads[lowers[first]]
        if most > 1:
            at = first + 1
            while at < end and lowers[at] in _SKIPPED:
                at += 1
            if at < end and lowers[at] in seconds:
                match = self._longest(tokens, lowers, first, min(end, first + 2 * most), most)
                if match is not None:
                    return match
        value = self._singles.get(tokens[first])
        if value is None:
            value = self._singles.get(lowers[first])
        return None if value is None else Match(first, first + 1, value)

    def _longest(
        self, tokens: Sequence[str], lowers: Sequence[str], first: int, last: int, most: int
    ) -> Match[T] | None:
        places = [i for i in range(first, last) if lowers[i] not in _SKIPPED][:most]
        while len(places) > 1:
            for words in (tokens, lowers):
                value = self._values.get(tuple([words[i] for i in places]))
                if value is not None:
                    return Match(places[0], places[-1] + 1, value)
            places.pop()
        return None
