"""What is left of a rule's find that the news model has read and does not see."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tasks.extract.quote.page import Draft

SILENCE = 0.5
"""What is left of a rule's confidence in indirect speech.

Of such quotes one in seven was right (PolNeAR train); of those that both see nine in ten.
"""
PLAIN_SILENCE = 0.6
"""The same where the verb can hardly mean anything else."""
UNDECIDED = (0.2, 0.85)
"""Mean probability of a content's words between which the model is no witness against a rule.

Of such quotes every second was right (PolNeAR dev), and in news of other kinds than the model was taught with
most are: there it often stays undecided. Above, the words are part of what somebody else says.
"""
_PLAIN = frozenset({"say", "tell", "announce", "report"})


def confidence(draft: Draft, inside: Sequence[float]) -> float:
    """Return how sure a quote of the rules is; `inside`: how probably each of its words is reported, or [].

    Direct speech stands between marks, and what is announced by `this` the model cannot see.
    """
    if draft.kind == "direct" or draft.rule == "announced_this":
        return draft.confidence
    if inside and UNDECIDED[0] <= sum(inside) / len(inside) <= UNDECIDED[1]:
        return draft.confidence
    plain = draft.verb is not None and draft.verb.cue.base in _PLAIN
    return round((PLAIN_SILENCE if plain else SILENCE) * draft.confidence, 2)
