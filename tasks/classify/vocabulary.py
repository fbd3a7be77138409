"""The words that this process has met, each with a number, and what is known of a word by itself.

Most words of an article have been met before: what was worked out for them then is looked up by number, for
all words of the article at once. A vocabulary that has grown large is left for a new one, so that memory
stays bounded; what is found in an article never depends on what the vocabulary holds.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

import numpy as np

from tasks.classify.words import words_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy.typing as npt

    Integers = npt.NDArray[np.int64]

Value = TypeVar("Value", bound=np.generic)

MOST_WORDS = 100_000
MOST_RUNS = 250_000
"""Words, and runs (or words of all runs together), in a vocabulary before a new one is begun: some 70 MB for
news, up to twice as much for a flood of long words."""
MOST_LEFT = 10_000
"""Runs that may be left to be cut; more are there only where work on a text was broken off."""
LONGEST_KEPT = 64
"""Characters of a run without spaces that is looked up when it comes again."""


class Column(Generic[Value]):
    """Something that is known of a word by itself, whatever stands beside it: `of(word)`, kept as `dtype`.

    Where `lower`, it is known of the word in lower case.
    """

    def __init__(self, of: Callable[[str], Any], dtype: type[Value], *, lower: bool = False) -> None:
        self.of = of
        self.dtype = dtype
        self.lower = lower


class Tokens(NamedTuple):
    """The words of a row of runs [n]: their numbers, and where they begin in the text."""

    numbers: Integers
    starts: Integers
    ends: Integers
    """How many words there are up to the end of each run."""


class _Growing(Generic[Value]):
    """A list of values as an array, which is longer than what it holds so that it seldom has to grow."""

    def __init__(self, dtype: type[Value]) -> None:
        self.array: npt.NDArray[Value] = np.empty(1 << 12, dtype)
        self.size = 0

    def add(self, values: Sequence[Any] | npt.NDArray[Value]) -> None:
        """Add values."""
        end = self.size + len(values)
        if end > self.array.size:
            longer = np.empty(max(end, 2 * self.array.size), self.array.dtype)
            longer[: self.size] = self.array[: self.size]
            self.array = longer
        self.array[self.size : end] = values
        self.size = end


class Vocabulary:
    """Runs of text without spaces between them, the words of each, and columns over the words.

    A run is what stands between two spaces; it may have other white space in it, which is no word. Numbers
    are given for good, and all is cut before it is looked up: threads may share a vocabulary. One whose work
    was broken off (by a time limit, or for want of memory) is not used again.
    """

    def __init__(self) -> None:
        self.words: list[str] = []
        self.lowers: list[str] = []
        """The words in lower case, each once."""
        self.written = Column(lambda word: word, np.object_)
        self.lower = Column(lambda word: word, np.object_, lower=True)
        self.lower_number = Column(lambda word: self._lower_numbers[word.lower()], np.int64)
        """The number of the word in lower case, in `lowers`."""
        self._numbers: dict[str, int] = {}
        self._lower_numbers: dict[str, int] = {}
        self._columns: dict[Column[Any], _Growing[Any]] = {}
        self.runs = _Runs(self._take_in)
        self._new: list[str] = []
        """Runs that have a number and are still to be cut: all of a text at once, which costs much less."""
        self._words, self._places = _Growing(np.int64), _Growing(np.int64)  # one run's after the other's
        self._first, self._size, self._length = (_Growing(np.int64) for _ in range(3))  # of each run
        self._lock = threading.RLock()
        self._is_sound = True

    @property
    def is_spent(self) -> bool:
        """Whether it is time for a new one."""
        if len(self.words) > MOST_WORDS or max(self._words.size, self._length.size) > MOST_RUNS:
            return True
        with self._lock:
            return not self._is_sound or len(self._new) > MOST_LEFT

    def tokens(self, runs: Sequence[str]) -> Tokens:
        """Return the words of runs; places are counted as if one space stood between two runs."""
        at = np.fromiter(map(self.runs.__getitem__, runs), dtype=np.int64, count=len(runs))
        with self._lock:
            if not self._is_sound:
                raise RuntimeError("Work on this vocabulary was broken off; take `vocabulary()` again.")
            if self._new:
                self._is_sound = False
                self._cut()
                self._is_sound = True
        sizes = self._size.array.take(at)
        ends: Integers = sizes.cumsum()
        steps = self._length.array.take(at) + 1
        # The words of run r are the `sizes[r]` words of the list from `first[r]` on.
        places = (self._first.array.take(at) - (ends - sizes)).repeat(sizes)
        places += np.arange(places.size)
        starts = (steps.cumsum() - steps).repeat(sizes) + self._places.array.take(places)
        return Tokens(self._words.array.take(places), starts, ends)

    def column(self, column: Column[Value]) -> npt.NDArray[Value]:
        """Return the column's value for every word, by its number; the array may be longer than the words.

        Where the column is of words in lower case, it goes by their numbers.
        """
        words = self.lowers if column.lower else self.words
        values = self._columns.get(column)
        if values is not None and values.size >= len(words):
            return values.array
        with self._lock:
            values = self._columns.get(column)
            if values is None:
                values = self._columns[column] = _Growing(column.dtype)
            if values.size < len(words):
                values.add([column.of(word) for word in words[values.size :]])
            return values.array

    def _take_in(self, run: str) -> int:
        """Return the number of a new run."""
        with self._lock:
            number = self._length.size + len(self._new)
            self._new.append(run)
            if len(run) <= LONGEST_KEPT:
                self.runs[run] = number
            return number

    def _cut(self) -> None:
        """Cut the new runs into words."""
        text = " ".join(self._new)
        found = words_of(text, 0, len(text))
        lengths = np.array([len(run) for run in self._new], dtype=np.int64)
        begins = lengths.cumsum() + np.arange(lengths.size) - lengths
        starts = np.array([at for at, _ in found], dtype=np.int64)
        runs = begins.searchsorted(starts, side="right") - 1
        sizes = np.bincount(runs, minlength=lengths.size)
        self._first.add(self._words.size + sizes.cumsum() - sizes)
        self._words.add([self._number(word) for _, word in found])
        self._places.add(starts - begins.take(runs))
        self._size.add(sizes)
        self._length.add(lengths)
        self._new.clear()

    def _number(self, word: str) -> int:
        number = self._numbers.get(word)
        if number is None:
            lower = word.lower()
            if lower not in self._lower_numbers:
                self._lower_numbers[lower] = len(self.lowers)
                self.lowers.append(lower)
            number = self._numbers[word] = len(self.words)
            self.words.append(word)
        return number


class _Runs(dict[str, int]):
    """The numbers of runs; asks `take_in` for that of a new one."""

    def __init__(self, take_in: Callable[[str], int]) -> None:
        super().__init__()
        self._take_in = take_in

    def __missing__(self, run: str) -> int:
        return self._take_in(run)


class _Current:
    """The vocabulary of this process."""

    vocabulary = Vocabulary()


def vocabulary() -> Vocabulary:
    """Return the vocabulary of this process, a new one when the last is spent."""
    if _Current.vocabulary.is_spent:
        _Current.vocabulary = Vocabulary()
    return _Current.vocabulary
