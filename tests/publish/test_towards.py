"""The tone towards entities, from what the news model says of their mentions."""

from __future__ import annotations

import pytest
from publish_parts import FINGERPRINTS, IDENTITY, article, classification, extraction

from tasks.publish import join
from worker.record import MentionTone


def towards(*shares: tuple[float, float, float]):
    part = extraction()
    mentions = [mention for entity in part.entities if entity.id == "e1" for mention in entity.mentions]
    places = [(mention.start, mention.end) for mention in mentions]
    part.mention_tones = [
        MentionTone(start=start, end=end, negative=bad, neutral=so_so, positive=good)
        for (start, end), (bad, so_so, good) in zip(places, shares, strict=False)
    ]
    made = join(article(), part, classification(), identity=IDENTITY, fingerprints=FINGERPRINTS)
    return made.about.tone.towards


@pytest.mark.parametrize(
    ("shares", "label"),
    [
        ((0.7, 0.2, 0.1), "negative"),
        ((0.1, 0.8, 0.1), "neutral"),
        ((0.1, 0.2, 0.7), "positive"),
        ((0.4, 0.4, 0.2), "neutral"),
    ],
)
def test_the_most_probable_is_told(shares: tuple[float, float, float], label: str) -> None:
    found = towards(shares)
    assert found["e1"].label == label
    assert found["e1"].mentions == 1
    assert found["e1"].negative + found["e1"].neutral + found["e1"].positive == pytest.approx(1)


def test_what_no_model_has_read_has_no_tone() -> None:
    assert towards() == {}
