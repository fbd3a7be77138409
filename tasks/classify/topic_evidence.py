"""The words of an article that argued for a topic: terms of the word list, and words by their vectors."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tasks.classify.topic_vectors import products

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from tasks.classify.body import Body
    from tasks.classify.topic_model import Reading, TopicModel

MOST = 8
CONSIDERED = 24
"""Words with the highest say by their vectors; the others are not looked at."""
LEAST = 0.1
"""What a word adds to the logit, at least."""


def evidence_for(body: Body, reading: Reading, model: TopicModel, topics: Sequence[int]) -> list[list[str]]:
    """Return for each topic at most eight words or terms as they stand in the text, the strongest first."""
    if not topics:
        return []
    found: dict[int, dict[str, float]] = {topic: {} for topic in topics}
    spelled: dict[str, str] = {}
    taken: dict[int, set[int]] = {topic: set() for topic in topics}
    for matches in reading.matches:
        for match in matches:
            for term in match.value:
                for topic in model.topics[term.topic].path:
                    if topic in found:
                        words = body.text[body.starts[match.first] : body.ends[match.last - 1]]
                        weight = model.vectors.lexicon_weight * term.weight
                        _add(found[topic], spelled, " ".join(words.split()), weight)
                        taken[topic].update(range(match.first, match.last))
    added = _by_vectors(reading, model, topics)
    for topic, weights in zip(topics, added, strict=True):
        kept = min(CONSIDERED, weights.size)
        least = max(LEAST, float(np.partition(weights, -kept)[-kept]))
        for at in np.flatnonzero(weights >= least).tolist():
            if at not in taken[topic]:
                _add(found[topic], spelled, body.tokens[at], float(weights[at]))
    return [_strongest(found[topic], spelled) for topic in topics]


def _add(found: dict[str, float], spelled: dict[str, str], words: str, weight: float) -> None:
    key = words.lower()
    found[key] = found.get(key, 0.0) + weight
    spelled.setdefault(key, words)


def _strongest(found: dict[str, float], spelled: dict[str, str]) -> list[str]:
    best = sorted(found, key=lambda word: (-found[word], word))[:MOST]
    return [spelled[word] for word in best]


def _by_vectors(reading: Reading, model: TopicModel, topics: Sequence[int]) -> npt.NDArray[np.float32]:
    """Return what each word adds to the logit of each topic in its passage [topics, n].

    At the top level against the mean of all topics, below it towards the topic's definition.
    """
    directions = np.stack([_direction(model, topic) for topic in topics])
    sizes = [passage.last - passage.first for passage in reading.passages]
    return np.asarray(products(directions, reading.words) / np.repeat(reading.lengths, sizes))


def _direction(model: TopicModel, topic: int) -> npt.NDArray[np.float32]:
    if len(model.topics[topic].path) > 1:
        return np.asarray(model.vectors.prototypes[topic] * np.float32(model.steepness))
    head = model.vectors.head
    return np.asarray(head[:, model.top_of[topic]] - head.mean(axis=1))
