"""The words of an article that argued for a topic: terms of the word list, and words by their vectors."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tasks.classify.topic_vectors import product

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy.typing as npt

    from tasks.classify.body import Body
    from tasks.classify.topic_model import Reading, TopicModel

    Floats = npt.NDArray[np.float32]

MOST = 8
ENOUGH = 4
"""Terms of the word list from which on no words by their vectors are added, which say less to a reader."""
CONSIDERED = 24
"""Places in a text whose words have the highest say by their vectors; the others are not looked at."""
LEAST = 0.1
"""What a word adds to the logit, at least."""


def evidence_for(body: Body, reading: Reading, model: TopicModel, topics: Sequence[int]) -> list[list[str]]:
    """Return for each topic at most eight words or terms as they stand in the text.

    Terms of the word list, the strongest first; where there are fewer than four, words by their vectors up to
    four.
    """
    if not topics:
        return []
    found = _terms(reading, model, topics)
    spelled: dict[str, str] = {}
    strengths: list[dict[str, float]] = [{} for _ in topics]
    before = -1
    for row, first, last, strength in found:
        if first != before:  # a term speaks for several topics, one after the other
            written = body.written(first, last)
            before, key = first, written.lower()
            spelled.setdefault(key, written)
        strengths[row][key] = strengths[row].get(key, 0.0) + strength
    best = [_strongest(each) for each in strengths]
    for row in [row for row, keys in enumerate(best) if len(keys) < ENOUGH]:
        own = {at for place, first, last, _ in found if place == row for at in range(first, last)}
        others: dict[str, float] = {}
        for at, strength in _words(reading, model, topics[row]):
            key = body.lowers[at]
            if at not in own and key not in strengths[row]:
                spelled.setdefault(key, body.tokens[at])
                others[key] = others.get(key, 0.0) + strength
        best[row] += _strongest(others)[: ENOUGH - len(best[row])]
    return [[spelled[key] for key in keys] for keys in best]


def _strongest(found: dict[str, float]) -> list[str]:
    return [key for _, key in sorted([(-weight, key) for key, weight in found.items()])[:MOST]]


def _terms(reading: Reading, model: TopicModel, topics: Sequence[int]) -> list[tuple[int, int, int, float]]:
    """Return (place of the topic, first, last, what it adds) of terms of the word list, in their order."""
    place_of = np.full(len(model.topics), -1)
    place_of[topics] = np.arange(len(topics))
    matches, said = reading.matches, reading.said
    places = place_of.take(said.topics)
    wanted = (places >= 0).nonzero()[0]
    match = said.match.take(wanted)
    return list(
        zip(
            places.take(wanted).tolist(),
            matches.firsts.take(match).tolist(),
            matches.lasts.take(match).tolist(),
            (said.weights.take(wanted) * model.vectors.lexicon_weight).tolist(),
            strict=True,
        )
    )


def _words(reading: Reading, model: TopicModel, topic: int) -> Iterator[tuple[int, float]]:
    """Yield (token, what it adds) of the words whose vectors add most to a topic."""
    added = product(reading.vectors, model.directions[topic, :, None])[:, 0]
    bounds = np.array(reading.bounds)
    added /= reading.lengths.repeat(bounds[1:] - bounds[:-1])
    least = np.float32(LEAST)
    if added.size > CONSIDERED:
        least = max(least, np.partition(added, -CONSIDERED)[-CONSIDERED])
    at = (added >= least).nonzero()[0]
    return zip(reading.places.take(at).tolist(), added.take(at).tolist(), strict=True)
