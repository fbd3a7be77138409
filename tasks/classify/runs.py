"""Runs of words that may be key phrases: names, and words between stop words and punctuation."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from tasks.classify.stop_words import stop_words
from tasks.classify.vocabulary import Column

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from tasks.classify.body import Body, Sentence

    Flags = npt.NDArray[np.bool_]
    Spans = npt.NDArray[np.intp]

MAX_WORDS = 8
"""Words of a name at most."""
MAX_RUN = 3
"""Words of another run at most: the last ones."""
MIN_LETTERS = 3
_BITS = 21
"""Three numbers of words that fit into one of 64 bits."""
_WORDS = (1 << _BITS * np.arange(MAX_RUN + 1)) - 1
"""The bits of the last words, by how many they are."""
_LINKS = frozenset(
    {"of", "the", "for", "de", "da", "do", "del", "la", "al", "el", "von", "van", "der", "bin"}
)
_NO_NAMES = frozenset(
    {
        *("i", "mr", "mrs", "ms", "dr", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"),
        *("sunday", "january", "february", "march", "april", "may", "june", "july", "august", "september"),
        *("october", "november", "december"),
    }
)


class Run(NamedTuple):
    """Tokens `first <= i < last` of a body."""

    first: int
    last: int
    name: bool


def runs_of(body: Body) -> list[Run]:
    """Return the runs of headings and paragraphs that are names or come more than once, in order."""
    sentences = body.of_kind("heading", "paragraph")
    inside = body.within("heading", "paragraph")
    capital = body.column(_CAPITAL) & inside
    for sentence in sentences:
        _judge_first_word(body, sentence, capital)
    is_capital = capital.tolist()
    names = [
        name
        for sentence, places in zip(sentences, body.places(capital, sentences), strict=True)
        if places
        for name in _names(body, places, sentence.last, is_capital)
    ]
    others = _others(body.column(_CONTENT) & inside & ~capital, [sentence.first for sentence in sentences])
    # [n, 2], names first
    spans = np.concatenate([np.array(names, dtype=np.intp).reshape(-1, 2), others])
    kept = _come_twice(body, spans)
    kept[: len(names)] = True
    order = kept.nonzero()[0]
    order = order.take(spans[:, 0].take(order).argsort())
    is_name = (order < len(names)).tolist()
    return [
        Run(first, last, name)
        for (first, last), name in zip(spans.take(order, axis=0).tolist(), is_name, strict=True)
    ]


def _come_twice(body: Body, spans: Spans) -> Flags:
    """Return for each run whether its last three words, packed into one number, are also another run's."""
    numbers = body.lower_numbers + 1
    if not len(spans) or numbers.max() >= 1 << _BITS:
        return np.ones(len(spans), dtype=np.bool_)
    first, last = spans.T
    packed = numbers.copy()  # every word with the two before it
    packed[1:] |= numbers[:-1] << _BITS
    packed[2:] |= numbers[:-2] << 2 * _BITS
    packed = packed.take(last - 1)
    packed &= _WORDS.take(np.minimum(last - first, MAX_RUN))
    order = packed.argsort()
    packed = packed.take(order)
    same = packed[1:] == packed[:-1]
    twice = np.zeros(len(spans), dtype=np.bool_)
    twice[order[1:]] = same
    twice[order[:-1]] |= same
    return twice


def _judge_first_word(body: Body, sentence: Sentence, capital: Flags) -> None:
    """The first word of a sentence has a capital anyway.

    It counts when it is no stop word and has another capital or is followed by one.
    """
    tokens, first = body.tokens, sentence.first
    while first < sentence.last and not tokens[first][0].isalnum():
        first += 1
    if first < sentence.last and capital[first] and not tokens[first][1:].isupper():
        followed = first + 1 < sentence.last and capital[first + 1]
        more = followed or not tokens[first][1:].islower()
        capital[first] = more and body.lowers[first] not in stop_words()


def _names(body: Body, places: Sequence[int], end: int, capital: Sequence[bool]) -> list[tuple[int, int]]:
    """Return (first, last) of the names of one sentence; `places` are its words with capitals."""
    names = []
    last = 0
    for at in places:
        if at >= last:
            last = _name_end(body, at, end, capital)
            if last > at + 1 or body.lowers[at] not in stop_words() or _is_acronym(body.tokens[at]):
                names.append((at, last))
    return names


def _name_end(body: Body, at: int, end: int, capital: Sequence[bool]) -> int:
    """Return where the name that starts at `at` ends."""
    last = at + 1
    while last < min(end, at + MAX_WORDS):
        if capital[last]:
            last += 1
        elif last + 1 < min(end, at + MAX_WORDS) and capital[last + 1] and body.lowers[last] in _LINKS:
            last += 2
        else:
            break
    return last


def _others(content: Flags, firsts: Sequence[int]) -> Spans:
    """Return (first, last) [n, 2] of the runs of content words; a new run begins at each of `firsts`."""
    new = content.copy()
    new[1:] &= ~content[:-1]
    starts = np.array(firsts, dtype=np.intp)
    starts = starts[starts < new.size]
    new[starts] = content.take(starts)
    begins = new.nonzero()[0]
    # A run ends where the next one begins, less the other words between.
    ends = begins + np.add.reduceat(content, begins, dtype=np.intp) if begins.size else begins
    spans = np.empty((begins.size, 2), dtype=np.intp)
    np.maximum(begins, ends - MAX_RUN, out=spans[:, 0])
    spans[:, 1] = ends
    return spans


def _is_acronym(token: str) -> bool:
    return len(token) > 1 and token.isupper()


def _is_content(lower: str) -> bool:
    letters = MIN_LETTERS if lower[:MIN_LETTERS].isalpha() and len(lower) >= MIN_LETTERS else 0
    known = lower in stop_words() or lower in _LINKS or lower in _NO_NAMES
    return letters == MIN_LETTERS and not known and not lower.endswith("ly")


_CAPITAL = Column(lambda word: word[0].isupper() and word.lower() not in _NO_NAMES, np.bool_)
_CONTENT = Column(_is_content, np.bool_, lower=True)
