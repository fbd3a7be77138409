"""The tone towards each entity: the mean over its mentions that the news model has read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from worker.record import ToneTowards

if TYPE_CHECKING:
    from worker.record import Extraction, MentionTone

COMPONENT = "copydesk.target_tone"
RULE = "model:tone"
_DIGITS = 4


def tone_towards(extraction: Extraction) -> dict[str, ToneTowards]:
    """Return the tone towards each entity with a mention that was read, by entity id."""
    known = {(tone.start, tone.end): tone for tone in extraction.mention_tones}
    found = {}
    for entity in extraction.entities:
        places = {(mention.start, mention.end) for mention in entity.mentions}
        tones = [known[place] for place in sorted(places & known.keys())]
        if tones:
            found[entity.id] = _mean(tones)
    return found


def _mean(tones: list[MentionTone]) -> ToneTowards:
    negative = round(sum(tone.negative for tone in tones) / len(tones), _DIGITS)
    positive = round(sum(tone.positive for tone in tones) / len(tones), _DIGITS)
    neutral = round(max(0.0, 1 - negative - positive), _DIGITS)
    label = "neutral" if neutral >= max(negative, positive) else None
    return ToneTowards(
        label=label or ("negative" if negative >= positive else "positive"),
        negative=negative,
        neutral=neutral,
        positive=positive,
        mentions=len(tones),
        component=COMPONENT,
        rule=RULE,
    )
