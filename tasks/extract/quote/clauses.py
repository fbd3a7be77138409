"""Where the clause that a rule found (`A, adding that B`) stands towards what the news model found."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tasks.extract.lexer import Words
    from tasks.extract.quote.learned import Piece
    from tasks.extract.quote.page import Draft

_CHAIN = "chained_verb"
"""Rules of a second verb of the same speaker: `A, adding that B`."""
_BETWEEN = frozenset({",", "and", "but", "then", "while", ";"})


def before_chain(words: Words, piece: Piece, draft: Draft) -> Piece | None:
    """Return a content up to the draft's verb, if it is one inside it that the same speaker goes on with."""
    if draft.verb is None or not draft.rule.startswith(_CHAIN):
        return None
    last = draft.verb.first
    while last > piece.first and words.lower[last - 1] in _BETWEEN:
        last -= 1
    return replace(piece, last=last, end=words.end[last - 1]) if piece.first < last <= piece.last else None


def same_cue(draft: Draft, cue: Piece) -> bool:
    """Whether a quote has this cue."""
    if draft.verb is not None:
        return draft.verb.first < cue.last and cue.first < draft.verb.last
    return draft.cue is not None and draft.cue[0] < cue.end and cue.start < draft.cue[1]


def inside(draft: Draft, contents: list[Piece]) -> bool:
    """Whether the clause of a quote is part of the contents, so that it is not the author who reports it."""
    if draft.verb is not None:
        return any(piece.first <= draft.verb.first < piece.last for piece in contents)
    return draft.cue is None or any(piece.start <= draft.cue[0] < piece.end for piece in contents)


def bare(draft: Draft) -> bool:
    """Whether a quote has no clause of its own."""
    return draft.subject is None and draft.verb is None
