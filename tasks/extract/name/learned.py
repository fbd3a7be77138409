"""What the news model says of names: the spans of `copydesk.entities` on our words, and how sure it is.

Nothing here decides. `span` and `types` answer for any piece of the text, so that a rule's find can be held
against the model even where the model itself read the words otherwise.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING, get_args

import numpy as np
from spacy.attrs import IDX, LENGTH

from worker.record import EntityType

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray
    from spacy.tokens import Doc

    from tasks.extract.encoder.encoded import Encoded
    from tasks.extract.lexer import Words

GROUP = "entities"
"""The key of `doc.spans` under which `copydesk.entities` leaves its spans."""
HEAD = "entities"
NO_NAMES = frozenset({"DATE", "MONEY"})
"""Types of the model that are no names: dates stand among the timexes, sums of money have no name."""
NAMES = frozenset(get_args(EntityType)) - NO_NAMES
OTHERS = frozenset({"MISC", "EVENT", "LAW", "PRODUCT", "WEAPON"})
"""Types that corpora draw the line between in ways of their own: they count as one, MISC is the widest."""
FAMILIES: tuple[EntityType, ...] = ("FAC", "LOC", "MISC", "NORP", "ORG", "PERSON")
"""The types that the vote is about; MISC stands for all of OTHERS."""
_SAID = 0.85
_ELSE = 0.1
_SILENT = 0.2
"""Probabilities of a span that a pipeline says, says otherwise and does not say, where it gives none."""
_LEAST = 0.01
"""No type is taken for less probable than this."""


@dataclass(frozen=True, slots=True)
class LearnedSpan:
    """A span of the model: words `first` to `last` (exclusive), offsets `start` to `end`.

    The offsets lie inside a word where the model reads a part of it: `Oslo` of `Oslo-based`.
    """

    first: int
    last: int
    start: int
    end: int
    type: EntityType
    probability: float


class Learned:
    """The model's reading of one article."""

    def __init__(self, doc: Doc, words: Words) -> None:
        self.spans = list(_spans(doc, words))
        self._starts = [span.start for span in self.spans]
        self._sums = [(s.start_char, s.end_char) for s in doc.spans[GROUP] if s.label_ in NO_NAMES]
        encoded: Encoded | None = doc._.encoded
        posteriors = None
        if encoded is not None and HEAD in encoded.scored and _own(doc):
            posteriors = _Posteriors(doc, encoded)
        self._posteriors = posteriors

    def span(self, start: int, end: int) -> float:
        """Return how probable it is, by the model alone, that `text[start:end]` is a name of any type."""
        if self._posteriors is not None and (words := self._posteriors.words(start, end)):
            return self._posteriors.span(*words)
        near = self.touching(start, end)
        exact = next((span for span in near if (span.start, span.end) == (start, end)), None)
        if exact is not None:
            return exact.probability
        return _ELSE if near else _SILENT

    def types(self, start: int, end: int) -> dict[str, float]:
        """Return how probable each of FAMILIES is, by the model alone, if it is a name."""
        if self._posteriors is not None and (words := self._posteriors.words(start, end)):
            return self._posteriors.types(*words)
        said = next((s.type for s in self.touching(start, end) if (s.start, s.end) == (start, end)), None)
        if said is None:
            return dict.fromkeys(map(str, FAMILIES), 1 / len(FAMILIES))
        rest = (1 - _SAID) / (len(FAMILIES) - 1)
        return dict.fromkeys(map(str, FAMILIES), rest) | {family(said): _SAID}

    def in_sum(self, start: int, end: int) -> bool:
        """Whether the model reads a sum of money or a date around it: `Swiss` of `3 Swiss francs`."""
        at = bisect_right(self._sums, (start, end))
        return any(first <= start and end <= last for first, last in self._sums[max(at - 1, 0) : at + 1])

    def touching(self, start: int, end: int) -> list[LearnedSpan]:
        """Return the model's spans that share a character with this one; they do not overlap each other."""
        found = []
        for at in range(max(bisect_right(self._starts, start) - 1, 0), len(self.spans)):
            span = self.spans[at]
            if span.start >= end:
                break
            if span.end > start:
                found.append(span)
        return found


def learned_of(doc: Doc, words: Words) -> Learned | None:
    """Return the model's reading, or None where no component for entities ran."""
    return Learned(doc, words) if GROUP in doc.spans else None


def family(kind: str) -> str:
    """Return the type, MISC for those that count as one."""
    return "MISC" if kind in OTHERS else kind


def _own(doc: Doc) -> bool:
    """Whether the spans are those of the news model, and not of another pipeline."""
    return None not in doc.spans[GROUP].attrs["probability"]


def _spans(doc: Doc, words: Words) -> Iterator[LearnedSpan]:
    """Yield the spans of names that lie in one paragraph of our words, in order."""
    group = doc.spans[GROUP]
    for span, probability in zip(group, group.attrs["probability"], strict=True):
        start, end = span.start_char, span.end_char
        if span.label_ not in NAMES:
            continue
        first, last = bisect_right(words.end, start), bisect_left(words.start, end)
        if first >= last or words.paragraph[first] != words.paragraph[last - 1]:
            continue
        known = _SAID if probability is None else float(probability)
        yield LearnedSpan(first, last, start, end, span.label_, known)


class _Posteriors:
    """The calibrated probabilities of the tags of each word that the encoder read."""

    def __init__(self, doc: Doc, encoded: Encoded) -> None:
        offsets: NDArray[np.uint64] = doc.to_array([IDX, LENGTH])[encoded.tokens].astype(np.int64)
        self._starts: list[int] = offsets[:, 0].tolist()
        self._end = int(offsets[-1].sum()) if len(offsets) else 0
        table = encoded.probabilities(HEAD)
        tags = [(tag[0], tag[2:]) for tag in encoded.model.labels[HEAD]]
        names = [(place, family(kind)) if kind in NAMES else ("O", "") for place, kind in tags]
        self._places = {p: _sum(table, [place == p for place, _ in names]) for p in "BILU"}
        kinds = [_sum(table, [kind == wanted for _, kind in names]) for wanted in FAMILIES]
        self._logs = np.log(np.maximum(np.stack(kinds, axis=1), np.float32(1e-6)))

    def words(self, start: int, end: int) -> tuple[int, int] | None:
        """Return the encoder's words (first, last) of a span of text; None where it did not read."""
        first, last = bisect_right(self._starts, start) - 1, bisect_left(self._starts, end)
        return (first, last) if 0 <= first < last and end <= self._end else None

    def span(self, first: int, last: int) -> float:
        """Return the probability of the least certain of the tags that make a span of any type."""
        places = self._places
        if last - first == 1:
            return float(places["U"][first])
        inner = places["I"][first + 1 : last - 1].tolist()
        least: float = min([float(places["B"][first]), float(places["L"][last - 1]), *inner])
        return least

    def types(self, first: int, last: int) -> dict[str, float]:
        """Return the probability of each family: the geometric mean over the words."""
        logs = self._logs[first:last].mean(axis=0)
        shares = np.exp(logs - logs.max())
        kept = np.maximum(shares / shares.sum(), _LEAST)
        return dict(zip(FAMILIES, (kept / kept.sum()).tolist(), strict=True))


def _sum(table: NDArray[np.float32], columns: list[bool]) -> NDArray[np.float32]:
    return np.asarray(table[:, np.array(columns)].sum(axis=1), dtype=np.float32)
