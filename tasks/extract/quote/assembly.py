"""Attributions out of learned pieces: one cue each, with its contents and its source.

The tagger finds contents, cues and sources well, its links less well; so who belongs to whom is chosen here
(`pairing`), by the place of the pieces as much as by the links.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tasks.extract.quote.learned import NONE
from tasks.extract.quote.pairing import Pairing, weights

if TYPE_CHECKING:
    from tasks.extract.lexer import Words
    from tasks.extract.quote.learned import Learned, Piece

_JOINS = frozenset({"and", "but", "or"})
_NEVER = 0.01


@dataclass(slots=True)
class Attribution:
    """A cue with the contents it reports, in order, and its source; `link` is the least sure of the links."""

    cue: Piece
    contents: list[Piece]
    link: float
    source: Piece | None = None
    source_link: float = 0.0

    @property
    def sure(self) -> float:
        """The probability that somebody says this, calibrated on the signs below."""
        weight = weights("sure")
        score = weight["none"] + sum(weight[name] * value for name, value in self.signs().items())
        return 1.0 / (1.0 + math.exp(-score))

    def signs(self) -> dict[str, float]:
        """Return the signs that content, cue and link are right: logits of probabilities, and the length."""
        length = sum(content.last - content.first for content in self.contents)
        return {
            "tagged": _logit(self.tagged),
            "cue": _logit(self.cue.probability),
            "link": _logit(self.link),
            "length": math.log(length),
            "source": float(self.source is not None),
        }

    @property
    def tagged(self) -> float:
        """How sure the tagger is of the least certain content."""
        return min(content.probability for content in self.contents)


def assemble(words: Words, learned: Learned) -> tuple[list[Attribution], list[Piece]]:
    """Return the attributions in the order of their contents, and contents without a cue. O(words)."""
    pairing = Pairing(words, learned)
    found: dict[int, Attribution] = {}
    loose: list[Piece] = []
    for content in learned.contents:
        choice = pairing.cue_of(content)
        if choice.to == NONE or _apart(words, content, learned.cues[choice.to]):
            loose.append(content)
            continue
        known = found.get(choice.to)
        if known is None:
            found[choice.to] = Attribution(learned.cues[choice.to], [content], choice.probability)
        else:
            known.contents.append(content)
            known.link = min(known.link, choice.probability)
    for attribution in found.values():
        attribution.contents = [trimmed(words, piece, attribution.cue) for piece in attribution.contents]
        source = pairing.source_of(attribution.cue, attribution.contents)
        attribution.source_link = source.probability
        attribution.source = learned.sources[source.to] if source.to != NONE else None
    return list(found.values()), loose


def trimmed(words: Words, content: Piece, cue: Piece) -> Piece:
    """Return a content without the words of its own cue at either end, and without an `and` at its end."""
    first, last = content.first, content.last
    if cue.first <= first < cue.last < last:
        first = cue.last
    if first < cue.first < last <= cue.last:
        last = cue.first
    while last - first > 1 and words.lower[last - 1] in _JOINS:
        last -= 1
    start = content.start if first == content.first else words.start[first]
    end = content.end if last == content.last else words.end[last - 1]
    return replace(content, first=first, last=last, start=start, end=end)


def _apart(words: Words, content: Piece, cue: Piece) -> bool:
    """Whether one of two stands in a heading that the other is not in."""
    one, other = words.paragraph[content.first], words.paragraph[cue.first]
    return one != other and (words.paragraphs[one].heading or words.paragraphs[other].heading)


def _logit(probability: float) -> float:
    probability = min(max(probability, _NEVER), 1 - _NEVER)
    return math.log(probability / (1 - probability))
