"""What the news model says about who said what, as words of the page: sources, cues, contents and links.

Reads `doc.spans` as `copydesk.attribution` (or somebody else's component) leaves them, and the dependency
tree where there is one. Without these groups there is nothing learned, and the rules are alone.
"""

from __future__ import annotations

import bisect
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from spacy.attrs import IDX

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spacy.tokens import Doc, SpanGroup

    from tasks.extract.encoder.encoded import Encoded
    from tasks.extract.lexer import Words

_HEADS = ("cue", "content")
_TAGS = ("O", "B", "I")
_DIGITS = 3
NONE = -1
"""No cue, no source, no head."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A tagged span: words `first` to `last` (exclusive) of the page, offsets, and the tagger's probability.

    A content also has the number of the cue and the source that it was linked to, with probabilities.
    """

    first: int
    last: int
    start: int
    end: int
    probability: float = 1.0
    cue: int = NONE
    cue_probability: float = 0.0
    source: int = NONE
    source_probability: float = 0.0


@dataclass(slots=True)
class Learned:
    """All pieces in order, and head and relation of each word of the page (empty without a tree).

    `end` is the offset up to which the model read the text.
    """

    end: int

    sources: list[Piece] = field(default_factory=list)
    cues: list[Piece] = field(default_factory=list)
    contents: list[Piece] = field(default_factory=list)
    inside: dict[str, list[float]] = field(default_factory=dict)
    """`cue`, `content` -> how probable it is, by the news model, that each word of the page stands in one."""
    heads: list[int] = field(default_factory=list)
    relations: list[str] = field(default_factory=list)


def learned_of(doc: Doc, words: Words) -> Learned | None:
    """Return what was learned about a doc; None where `doc.spans` has no contents. O(tokens)."""
    if "content" not in doc.spans:
        return None
    sources, sources_kept = _pieces(doc, "source", words)
    cues, cues_kept = _pieces(doc, "cue", words)
    contents, _ = _pieces(doc, "content", words, cues_kept, sources_kept)
    end = doc._.coverage.characters_read if doc._.coverage else len(doc.text)
    learned = Learned(end, sources, cues, contents, _inside(doc, words))
    if doc.has_annotation("DEP"):
        learned.heads, learned.relations = _tree(doc, words)
    return learned


def _inside(doc: Doc, words: Words) -> dict[str, list[float]]:
    """Return the probabilities of each word of the page; nothing where the spans are not the news model's."""
    encoded: Encoded | None = doc._.encoded
    if encoded is None or not set(_HEADS) <= set(encoded.scored) or not len(encoded.tokens):
        return {}
    starts = doc.to_array([IDX])[encoded.tokens].tolist()
    places = [max(0, bisect.bisect_right(starts, start) - 1) for start in words.start]
    found = {}
    for head in _HEADS:
        outside = encoded.model.labels.get(head, _TAGS).index("O")
        table = 1.0 - encoded.probabilities(head)[:, outside].astype(float)
        found[head] = table[places].round(_DIGITS).tolist()
    return found


def _pieces(
    doc: Doc,
    key: str,
    words: Words,
    cues: Sequence[int] = (),
    sources: Sequence[int] = (),
) -> tuple[list[Piece], list[int]]:
    """Return the pieces of a group that have words on the page, and old number -> new number or NONE."""
    group: SpanGroup = doc.spans.get(key, ())
    attrs = group.attrs if group else {}
    found: list[Piece] = []
    numbers: list[int] = []
    for number, span in enumerate(group):
        start, end = span.start_char, span.end_char
        first = bisect.bisect_right(words.end, start)
        last = bisect.bisect_left(words.start, end)
        if first >= last:
            numbers.append(NONE)
            continue
        numbers.append(len(found))
        found.append(
            Piece(
                first,
                last,
                start,
                end,
                _at(attrs, "probability", number, 1.0),
                _renumbered(cues, int(_at(attrs, "cue", number, NONE))),
                _at(attrs, "cue_probability", number, 0.0),
                _renumbered(sources, int(_at(attrs, "source", number, NONE))),
                _at(attrs, "source_probability", number, 0.0),
            )
        )
    return found, numbers


def _at(attrs: dict[str, Sequence[float]], name: str, number: int, default: float) -> float:
    values = attrs.get(name)
    return values[number] if values else default


def _renumbered(numbers: Sequence[int], old: int) -> int:
    return numbers[old] if 0 <= old < len(numbers) else NONE


def _tree(doc: Doc, words: Words) -> tuple[list[int], list[str]]:
    """Return head (a word, NONE for none) and relation of each word: those of its first token.

    Where a word has several tokens, the one counts whose head lies outside the word.
    """
    of_token = [NONE] * len(doc)
    heads, relations = [NONE] * len(words), [""] * len(words)
    word = 0
    for token in doc:
        while word < len(words) and words.end[word] <= token.idx:
            word += 1
        if word < len(words) and words.start[word] < token.idx + len(token) and not token.is_space:
            of_token[token.i] = word
    for token in doc:
        own, head = of_token[token.i], of_token[token.head.i]
        if own != NONE and head not in {own, NONE} and heads[own] == NONE:
            heads[own], relations[own] = head, token.dep_
        elif own != NONE and not relations[own] and token.head.i == token.i:
            relations[own] = token.dep_
    return heads, relations
