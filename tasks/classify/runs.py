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

MAX_WORDS = 8
"""Words of a name at most."""
MAX_RUN = 3
"""Words of another run at most: the last ones."""
MIN_LETTERS = 3
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
    """Return the runs of headings and paragraphs, in order."""
    sentences = body.of_kind("heading", "paragraph")
    inside = body.within(sentences)
    capital = body.column(_CAPITAL) & inside
    for sentence in sentences:
        _judge_first_word(body, sentence, capital)
    places = body.places(capital, sentences)
    is_capital = capital.tolist()
    runs = [
        run
        for sentence, found in zip(sentences, places, strict=True)
        if found
        for run in _names(body, found, sentence.last, is_capital)
    ]
    runs += _others(body.column(_CONTENT) & inside & ~capital, [sentence.first for sentence in sentences])
    runs.sort()
    return runs


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


def _names(body: Body, places: Sequence[int], end: int, capital: Sequence[bool]) -> list[Run]:
    """Return the names of one sentence; `places` are its words with capitals."""
    runs = []
    last = 0
    for at in places:
        if at >= last:
            last = _name_end(body, at, end, capital)
            if last > at + 1 or body.lowers[at] not in stop_words() or _is_acronym(body.tokens[at]):
                runs.append(Run(at, last, name=True))
    return runs


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


def _others(content: Flags, firsts: Sequence[int]) -> list[Run]:
    """Return the runs of content words; no run goes on into the sentence that begins at one of `firsts`."""
    new = content.copy()
    new[1:] &= ~content[:-1]
    starts = np.array(firsts, dtype=np.intp)
    new[starts[starts < new.size]] = content[starts[starts < new.size]]
    begins = np.flatnonzero(new)
    # A run ends where the next one begins, less the other words between.
    ends = begins + np.add.reduceat(content, begins, dtype=np.intp) if begins.size else begins
    begins = np.maximum(begins, ends - MAX_RUN)
    return [Run(first, last, name=False) for first, last in zip(begins.tolist(), ends.tolist(), strict=True)]


def _is_acronym(token: str) -> bool:
    return len(token) > 1 and token.isupper()


def _is_content(lower: str) -> bool:
    letters = MIN_LETTERS if lower[:MIN_LETTERS].isalpha() and len(lower) >= MIN_LETTERS else 0
    known = lower in stop_words() or lower in _LINKS or lower in _NO_NAMES
    return letters == MIN_LETTERS and not known and not lower.endswith("ly")


_CAPITAL = Column(lambda word: word[0].isupper() and word.lower() not in _NO_NAMES, np.bool_)
_CONTENT = Column(lambda word: _is_content(word.lower()), np.bool_)
