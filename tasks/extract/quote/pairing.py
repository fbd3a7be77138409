"""Which cue a content belongs to, and which source a cue: choices among those near by.

Each candidate gets a score, the sum of the weights of its signs (`config/extract/quote_links.toml`), as does
`none`; a softmax makes probabilities of them. The signs are order and distance, what stands in between, the
tree, quote marks, and the link that the news model would have chosen.
"""

from __future__ import annotations

import bisect
import functools
import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tasks.extract.quote.learned import NONE
from worker.config_dir import load_toml

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tasks.extract.lexer import Words
    from tasks.extract.quote.learned import Learned, Piece

Signs = dict[str, float]

FAR = 220
"""Words between a content and the farthest cue that is looked at."""
BEFORE, BEHIND = 5, 4
"""Candidates on each side."""
_GAP = 40
_SENTENCES = 5
_LEAST = 0.01
_OBJECTS = frozenset({"ccomp", "parataxis", "obj", "xcomp", "advcl", "obl", "nsubj:pass", "acl"})
_SUBJECTS = frozenset({"nsubj", "nsubj:pass", "obl", "obl:agent", "nmod"})
_OPENING = frozenset({"“", '"', "«", "„"})
_CLOSING = frozenset({"”", '"', "»"})


@dataclass(frozen=True, slots=True)
class Choice:
    """The number of what was chosen, NONE for none, and how probable that is."""

    to: int
    probability: float


@functools.cache
def weights(table: str) -> dict[str, float]:
    """Return sign -> weight, of `cue` or of `source`."""
    found: dict[str, float] = load_toml("extract/quote_links.toml")[table]
    return found


@dataclass(slots=True)
class Pairing:
    """The pieces of a page, indexed for the look at what stands between two of them."""

    words: Words
    learned: Learned
    covered: list[int] = field(init=False)
    """[words + 1] words before each word that are in no piece and no punctuation."""
    starts: dict[str, list[int]] = field(init=False)

    def __post_init__(self) -> None:
        """Index the pieces. O(words)."""
        self.starts = {
            "cue": [piece.first for piece in self.learned.cues],
            "source": [piece.first for piece in self.learned.sources],
            "content": [piece.first for piece in self.learned.contents],
        }
        inside = [False] * len(self.words)
        for pieces in (self.learned.cues, self.learned.sources, self.learned.contents):
            for piece in pieces:
                for word in range(piece.first, piece.last):
                    inside[word] = True
        self.covered = [0]
        for word, text in enumerate(self.words.text):
            self.covered.append(self.covered[-1] + (not inside[word] and text[0].isalnum()))

    def _near(self, kind: str, first: int, last: int) -> list[int]:
        """Return the numbers of the pieces near words `first` to `last`, none that begins inside."""
        starts = self.starts[kind]
        low, high = bisect.bisect_left(starts, first), bisect.bisect_left(starts, last)
        before = [n for n in range(max(0, low - BEFORE), low) if first - starts[n] < FAR]
        behind = [n for n in range(high, min(len(starts), high + BEHIND)) if starts[n] - last < FAR]
        return before + behind

    def _count(self, kind: str, first: int, last: int) -> int:
        starts = self.starts[kind]
        return bisect.bisect_left(starts, last) - bisect.bisect_left(starts, first)

    def _between(self, piece: Piece, other: Piece) -> tuple[str, int, int]:
        """Return side and sentence of `other` as seen from `piece`, and the words between them."""
        words = self.words
        before = other.first < piece.first
        first, last = (other.last, piece.first) if before else (piece.last, other.first)
        own = range(words.sentence[piece.first], words.sentence[piece.last - 1] + 1)
        same = words.sentence[other.first] in own
        return ("b" if before else "a") + ("s" if same else "x"), first, last

    def _place(self, piece: Piece, other: Piece, kind: str) -> Signs:
        """Return the signs that every pair has: side, what stands between, distance."""
        words = self.words
        side, first, last = self._between(piece, other)
        gap = self.covered[max(first, min(last, first + _GAP))] - self.covered[first] if last > first else 0
        signs: Signs = {side: 1.0, f"{side}_gap": math.log1p(gap)}
        signs[f"{side}_{kind}{min(2, self._count(kind, first, last))}"] = 1.0
        signs[f"{side}_content{min(2, self._count('content', first, last))}"] = 1.0
        edge = piece.first if side[0] == "b" else piece.last - 1
        apart = abs(words.sentence[other.first] - words.sentence[edge])
        if side[1] == "x":
            signs[f"{side}_sentences"] = min(apart, _SENTENCES)
        if words.paragraph[other.first] != words.paragraph[piece.first]:
            signs["paragraph"] = 1.0
        return signs

    def _hangs(self, piece: Piece, on: Piece, relations: frozenset[str]) -> bool:
        """Whether a word of `piece` hangs from a word of `on` by one of the relations."""
        heads, names = self.learned.heads, self.learned.relations
        if not heads:
            return False
        return any(
            on.first <= heads[word] < on.last and names[word] in relations
            for word in range(piece.first, min(piece.last, piece.first + FAR))
        )

    def cue_signs(self, content: Piece, number: int) -> Signs:
        """Return the signs that a content belongs to a cue."""
        cue = self.learned.cues[number]
        side, *_ = self._between(content, cue)
        signs = self._place(content, cue, "cue")
        linked = content.cue_probability if content.cue == number else _LEAST
        signs["link"] = math.log(max(_LEAST, linked))
        signs["linked"] = float(content.cue == number)
        signs["object"] = float(self._hangs(content, cue, _OBJECTS))
        signs["head"] = float(self._hangs(cue, content, _OBJECTS | {"root"}))
        texts = self.words.text
        if texts[content.first] in _OPENING:
            signs[f"{side}_opens"] = 1.0
        if content.last - content.first > 1 and texts[content.last - 1] in _CLOSING:
            signs[f"{side}_comma"] = float(texts[content.last - 2] in {",", "?", "!"})
        return signs

    def no_cue_signs(self, content: Piece) -> Signs:
        """Return the signs that a content belongs to no cue at all."""
        length = math.log(content.last - content.first)
        unlinked = math.log(max(_LEAST, content.cue_probability)) if content.cue == NONE else math.log(_LEAST)
        return {"none": 1.0, "none_sure": content.probability, "none_length": length, "none_link": unlinked}

    def near_cues(self, content: Piece) -> list[int]:
        """Return the numbers of the cues that a content may belong to, those before it first."""
        return self._near("cue", content.first, content.last)

    def near_sources(self, cue: Piece) -> list[int]:
        """Return the numbers of the sources that a cue may have, those before it first."""
        return self._near("source", cue.first, cue.last)

    def cue_of(self, content: Piece) -> Choice:
        """Return the cue that a content belongs to."""
        near = self.near_cues(content)
        signs = [self.cue_signs(content, number) for number in near]
        return choose([*near, NONE], [*signs, self.no_cue_signs(content)], weights("cue"))

    def source_signs(self, cue: Piece, contents: Sequence[Piece], number: int) -> Signs:
        """Return the signs that a source belongs to a cue (and its contents)."""
        source = self.learned.sources[number]
        signs = self._place(cue, source, "source")
        side, first, last = self._between(cue, source)
        signs[f"{side}_cue{min(2, self._count('cue', first, last))}"] = 1.0
        linked = [piece.source_probability for piece in contents if piece.source == number]
        signs["link"] = math.log(max(_LEAST, max(linked, default=0.0)))
        signs["linked"] = len(linked) / max(1, len(contents))
        signs["subject"] = float(self._hangs(source, cue, _SUBJECTS))
        signs["inside"] = float(any(p.first <= source.first < p.last for p in contents))
        return signs

    def no_source_signs(self, cue: Piece, contents: Sequence[Piece]) -> Signs:
        """Return the signs that a cue has no source."""
        unlinked = [piece.source_probability for piece in contents if piece.source == NONE]
        link = math.log(max(_LEAST, max(unlinked, default=0.0)))
        return {"none": 1.0, "none_link": link, "none_sure": cue.probability}

    def source_of(self, cue: Piece, contents: Sequence[Piece]) -> Choice:
        """Return the source of a cue with these contents."""
        near = self.near_sources(cue)
        signs = [self.source_signs(cue, contents, number) for number in near]
        return choose([*near, NONE], [*signs, self.no_source_signs(cue, contents)], weights("source"))


def choose(numbers: Sequence[int], signs: Sequence[Signs], weight: dict[str, float]) -> Choice:
    """Return the number with the highest score, the first of several, and its probability."""
    scores = [sum(weight.get(name, 0.0) * value for name, value in own.items()) for own in signs]
    top = max(scores)
    best = scores.index(top)
    return Choice(numbers[best], 1.0 / sum(math.exp(score - top) for score in scores))
