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

    from tasks.classify.body import Body, Span

    Integers = npt.NDArray[np.int64]

T = TypeVar("T")
_VOWELS = frozenset("aeiou")
_SKIPPED = frozenset({"-", "\u2011", "'s", "\u2019s", "'", "\u2019"})

_GROUPS = 64
"""So many groups of first words of longer terms, a bit each, tell quickly what may follow a word."""
_ANY = 2**_GROUPS - 1
_NO_TERM = -1


class Match(NamedTuple, Generic[T]):
    """A term found at tokens `first <= i < last`, with what the list says of it."""

    first: int
    last: int
    value: T


class Matches(NamedTuple):
    """Terms found in a body, in order: each stands at tokens `firsts <= i < lasts` and has a number."""

    firsts: Integers
    lasts: Integers
    numbers: Integers


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
    """Terms with values; finds them in one pass, the longest first, none overlapping.

    `values[n]` is the value of term number n.
    """

    def __init__(self, terms: Iterable[tuple[str, T]]) -> None:
        self.values: list[T] = []
        self._numbers: dict[tuple[str, ...], int] = {}
        most: dict[str, int] = {}
        seconds: dict[str, set[str]] = {}
        for term, value in terms:
            for words in expand(term):
                if words not in self._numbers:
                    self._numbers[words] = len(self.values)
                    self.values.append(value)
                head = words[0].lower()
                most[head] = max(most.get(head, 0), len(words))
                seconds.setdefault(head, set()).update(word.lower() for word in words[1:2])
        self._singles = {words[0]: number for words, number in self._numbers.items() if len(words) == 1}
        self._heads = {head: (most[head], frozenset(seconds[head])) for head in most}
        groups: dict[str, int] = {}
        followed: dict[str, int] = dict.fromkeys(_SKIPPED, _ANY)
        for number, (head, following) in enumerate(seconds.items()):
            if following:
                groups[head] = 1 << number % _GROUPS
                for second in following:
                    followed[second] = followed.get(second, 0) | groups[head]
        self._group = Column(lambda word: groups.get(word, 0), np.uint64, lower=True)
        self._follows = Column(lambda word: followed.get(word, 0), np.uint64, lower=True)
        self._single = Column(self._single_number, np.int64)

    def __contains__(self, term: str) -> bool:
        return tuple(term.split()) in self._numbers

    def find(self, tokens: Sequence[str], lowers: Sequence[str], first: int, last: int) -> list[Match[T]]:
        """Return the matches within `first <= i < last`; hyphens and genitives are skipped."""
        found: list[Match[T]] = []
        done = first
        for at, word in enumerate(lowers[first:last], first):
            if at >= done and word in self._heads:
                match = self._match(tokens, lowers, at, last)
                if match is not None:
                    found.append(Match(at, match[0], self.values[match[1]]))
                    done = match[0]
        return found

    def matches(self, body: Body, spans: Sequence[Span]) -> Matches:
        """Return what `find` finds in each of the spans, which follow one another and hold all tokens."""
        numbers = body.column(self._single)
        longer = self._longer_ones(body, spans)
        for first, last, number in longer:
            numbers[first:last] = _NO_TERM
            numbers[first] = number
        firsts = (numbers != _NO_TERM).nonzero()[0]
        lasts = firsts + 1
        if longer:
            begins, ends, _ = zip(*longer, strict=True)
            lasts[firsts.searchsorted(begins)] = ends
        return Matches(firsts, lasts, numbers.take(firsts))

    def _longer_ones(self, body: Body, spans: Sequence[Span]) -> list[tuple[int, int, int]]:
        """Return (first, last, number) of the terms of several words."""
        places = (body.column(self._group)[:-1] & body.column(self._follows)[1:]).nonzero()[0]
        if not places.size:
            return []
        ends = np.array([span.last for span in spans])
        ends = ends.take(ends.searchsorted(places, side="right"))
        found: list[tuple[int, int, int]] = []
        done = 0
        for at, end in zip(places.tolist(), ends.tolist(), strict=True):
            match = self._longer(body.tokens, body.lowers, at, end) if at >= done else None
            if match is not None:
                found.append((at, *match))
                done = match[0]
        return found

    def _single_number(self, word: str) -> int:
        number = self._singles.get(word)
        return self._singles.get(word.lower(), _NO_TERM) if number is None else number

    def starts_at(self, tokens: Sequence[str], lowers: Sequence[str], first: int, last: int) -> bool:
        """Tell whether a term stands at `first`, before `last`."""
        return lowers[first] in self._heads and self._match(tokens, lowers, first, last) is not None

    def _match(
        self, tokens: Sequence[str], lowers: Sequence[str], first: int, end: int
    ) -> tuple[int, int] | None:
        """Return where the term that begins at `first` ends, and its number."""
        match = self._longer(tokens, lowers, first, end)
        if match is not None:
            return match
        number = self._single_number(tokens[first])
        return None if number == _NO_TERM else (first + 1, number)

    def _longer(
        self, tokens: Sequence[str], lowers: Sequence[str], first: int, end: int
    ) -> tuple[int, int] | None:
        """Return the same for the longest term of several words, before `end`."""
        most, seconds = self._heads[lowers[first]]
        if most == 1:
            return None
        at = first + 1
        while at < end and lowers[at] in _SKIPPED:
            at += 1
        if at >= end or lowers[at] not in seconds:
            return None
        places = [i for i in range(first, min(end, first + 2 * most)) if lowers[i] not in _SKIPPED][:most]
        while len(places) > 1:
            for words in (tokens, lowers):
                number = self._numbers.get(tuple([words[i] for i in places]))
                if number is not None:
                    return places[-1] + 1, number
            places.pop()
        return None
