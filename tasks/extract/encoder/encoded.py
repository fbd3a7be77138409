"""What the encoder says of an article: one pass over its windows, kept in the shape the heads need.

What is said of a word alone is taken from the window in which it stands farthest from an edge. What is said
of pairs of words (heads of a tree, who said a thing) is comparable only within a window, and is kept by
window, in half precision: it is most of the memory.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from tasks.extract.encoder import windows
from tasks.extract.encoder.pieces import MARK_FEATURE, features_of
from tasks.extract.encoder.spans import probabilities

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from tasks.extract.encoder.doc_words import DocWords
    from tasks.extract.encoder.model import NewsModel

    Floats = NDArray[np.float32]

SCORED: tuple[str, ...] = ("entities", "source", "cue", "content", "inner", "sentence_start", "tone")
"""Heads of which every column is kept for each word."""
NAMED: tuple[str, ...] = ("upos", "xpos", "lemma")
"""Heads of which the best column is kept for each word."""
PAIRED: tuple[str, ...] = (
    "arc_dependent",
    "arc_head",
    "relation_dependent",
    "relation_head",
    "source_query",
    "source_key",
    "cue_query",
    "cue_key",
)
"""Heads that are kept by window."""


class Rows(NamedTuple):
    """The rows of one window for some paired heads; row 0 is the root, row 1 + i word `first` + i."""

    first: int
    last: int
    heads: dict[str, NDArray[np.float16]]

    def of(self, head: str, first: int, last: int) -> Floats:
        """Return the rows of words `first` to `last` (exclusive)."""
        rows = self.heads[head][1 + first - self.first : 1 + last - self.first]
        return np.asarray(rows, dtype=np.float32)

    def root(self, head: str) -> Floats:
        """Return the row of the root."""
        return np.asarray(self.heads[head][0], dtype=np.float32)


@dataclass(frozen=True, slots=True)
class Encoded:
    """The scores of the words that were read, by head; a head that the model does not have is absent.

    `tokens[word]` is the word's token in the doc; `fresh[word]` says that a paragraph begins there. `scored`
    [words, columns] are logits, `named` [words] numbers of labels, `paired` the rows of each window. Of the
    words `truncated` only the first pieces were read, of the words from `words` on nothing.
    """

    model: NewsModel
    words: int
    tokens: NDArray[np.int64]
    fresh: NDArray[np.bool_]
    scored: dict[str, Floats]
    named: dict[str, NDArray[np.int16]]
    paired: list[Rows]
    home: NDArray[np.int32]
    truncated: list[int]

    def probabilities(self, head: str) -> Floats:
        """Return the calibrated probability of each column of a head for each word."""
        return probabilities(self.scored[head], self.model.temperature(head))

    def sentence_starts(self) -> Floats:
        """Return for each word the probability that a sentence starts there."""
        logits = self.scored["sentence_start"][:, 0] / np.float32(self.model.temperature("sentence_start"))
        return np.asarray(1.0 / (1.0 + np.exp(-np.clip(logits, -30, 30))), dtype=np.float32)

    def tone(self, first: int, last: int) -> tuple[float, ...]:
        """Return the probabilities of a negative, neutral and positive tone towards words first to last."""
        mean = self.scored["tone"][first:last].mean(axis=0)
        return tuple(probabilities(mean, self.model.temperature("tone")).tolist())

    def window_of(self, first: int, last: int) -> Rows | None:
        """Return a window that holds all the words `first` to `last` (exclusive), if there is one."""
        for word in ((first + last - 1) // 2, first, last - 1):
            rows = self.paired[int(self.home[word])]
            if rows.first <= first and last <= rows.last:
                return rows
        return None


def readable(counts: Sequence[int], limit: int) -> int:
    """Return how many words may be read so that they have at most `limit` pieces."""
    total = 0
    for word, count in enumerate(counts):
        total += count
        if total > limit:
            return word
    return len(counts)


def encode(model: NewsModel, words: DocWords, *, max_pieces: int) -> Encoded:
    """Run the model over an article's words; those past `max_pieces` are left. O(words).

    Each window is a run of its own, so the result does not depend on what else is read.
    """
    split = [model.pieces.split(word) for word in words.texts]
    counts = [len(ids) for ids in split]
    count = readable(counts, max_pieces)
    texts, gaps = words.texts[:count], words.gaps[:count]
    cut = windows.cut(counts[:count], windows.breaks_of(texts, gaps), max_pieces=model.max_pieces)
    has = model.slices
    scored = {
        head: np.zeros((count, has[head][1] - has[head][0]), dtype=np.float32)
        for head in SCORED
        if head in has
    }
    named = {head: np.zeros(count, dtype=np.int16) for head in NAMED if head in has}
    paired = []
    homes = np.searchsorted(cut.home, np.arange(len(cut.spans) + 1)).tolist()
    room = model.max_pieces - 2
    for number, (first, last) in enumerate(cut.spans):
        ids = [piece[:room] for piece in split[first:last]]
        scores = _run(model, ids, texts[first:last], gaps[first:last])
        start, end = homes[number], homes[number + 1]
        own = scores[1 + start - first : 1 + end - first]
        for head, rows in scored.items():
            rows[start:end] = own[:, slice(*has[head])]
        for head, numbers in named.items():
            numbers[start:end] = own[:, slice(*has[head])].argmax(axis=1)
        kept = {head: scores[:, slice(*has[head])].astype(np.float16) for head in PAIRED if head in has}
        paired.append(Rows(first, last, kept))
    return Encoded(
        model=model,
        words=count,
        tokens=np.array(words.tokens[:count], dtype=np.int64),
        fresh=np.array(gaps, dtype=np.int64) == windows.BLANK_LINE,
        scored=scored,
        named=named,
        paired=paired,
        home=cut.home,
        truncated=cut.truncated,
    )


def _run(model: NewsModel, ids: list[tuple[int, ...]], words: Sequence[str], gaps: Sequence[int]) -> Floats:
    pieces = [model.pieces.cls, *(piece for word in ids for piece in word), model.pieces.sep]
    features = [MARK_FEATURE]
    for word, gap, own in zip(words, gaps, ids, strict=True):
        features += features_of(word, gap, len(own))
    features.append(MARK_FEATURE)
    starts = [0, *accumulate((len(own) for own in ids[:-1]), initial=1)]
    return model.scores(
        np.array(pieces, dtype=np.int64), np.array(features, dtype=np.int64), np.array(starts, dtype=np.int64)
    )
