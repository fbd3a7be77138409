"""The words of an article that argued for a topic: terms of the word list, and words by their vectors."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from tasks.classify.body import Body
    from tasks.classify.topic_model import Reading, TopicModel

MOST = 8
CONSIDERED = 32
LEAST = 0.1
"""What a word adds to the logit, at least."""


def evidence_for(body: Body, reading: Reading, model: TopicModel, topic: int) -> list[str]:
    """Return at most eight words or terms as they stand in the text, the strongest first."""
    found: dict[str, float] = {}
    spelled: dict[str, str] = {}
    taken: set[int] = set()
    for matches in reading.matches:
        for match in matches:
            weight = sum([t.weight for t in match.value if topic in model.topics[t.topic].path])
            if weight:
                words = body.text[body.starts[match.first] : body.ends[match.last - 1]]
                _add(found, spelled, words, model.vectors.lexicon_weight * weight)
                taken.update(range(match.first, match.last))
    added = _by_vectors(reading, model, topic)
    for at in np.argsort(-added, kind="stable")[:CONSIDERED].tolist():
        if at not in taken and added[at] >= LEAST:
            _add(found, spelled, body.text[body.starts[at] : body.ends[at]], float(added[at]))
    best = sorted(found, key=lambda word: (-found[word], word))[:MOST]
    return [spelled[word] for word in best]


def _add(found: dict[str, float], spelled: dict[str, str], words: str, weight: float) -> None:
    key = " ".join(words.lower().split())
    found[key] = found.get(key, 0.0) + weight
    spelled.setdefault(key, " ".join(words.split()))


def _by_vectors(reading: Reading, model: TopicModel, topic: int) -> np.ndarray:
    """Return what each word [n] adds to the logit of the topic in its passage, against all topics' mean."""
    if len(model.topics[topic].path) == 1:
        head = model.vectors.head
        direction = head[:, model.tops.index(topic)] - head.mean(axis=1)
    else:
        direction = model.vectors.prototypes[topic] * model.steepness
    sizes = [passage.last - passage.first for passage in reading.passages]
    return np.asarray((reading.words @ direction) / np.repeat(reading.lengths, sizes))
