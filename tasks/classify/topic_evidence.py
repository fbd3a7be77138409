"""The words of an article that argued for a topic: terms of the word list, and words by their vectors."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

import numpy as np

from tasks.classify.topic_vectors import products

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from tasks.classify.body import Body
    from tasks.classify.topic_model import Reading, TopicModel

    Floats = npt.NDArray[np.float32]

MOST = 8
CONSIDERED = 24
"""Words with the highest say by their vectors; the others are not looked at."""
LEAST = 0.1
"""What a word adds to the logit, at least."""


def evidence_for(body: Body, reading: Reading, model: TopicModel, topics: Sequence[int]) -> list[list[str]]:
    """Return for each topic at most eight words or terms as they stand in the text, the strongest first."""
    if not topics:
        return []
    found: list[dict[str, float]] = [{} for _ in topics]
    spelled: dict[str, str] = {}
    added = _by_vectors(reading, model, topics)
    most = _most(added)
    row_of = {topic: row for row, topic in enumerate(topics)}
    for first, last, terms in chain.from_iterable(reading.matches):
        key = None
        for topic, weight in terms:
            row = row_of.get(topic)
            if row is None:
                continue
            if key is None:
                key, words = _key(body, first, last)
                spelled.setdefault(key, words)
            found[row][key] = found[row].get(key, 0.0) + model.vectors.lexicon_weight * weight
            most[row, first:last] = False
    rows, places = np.nonzero(most)
    for row, at, weight in zip(rows.tolist(), places.tolist(), added[rows, places].tolist(), strict=True):
        key = body.lowers[at]
        spelled.setdefault(key, body.tokens[at])
        found[row][key] = found[row].get(key, 0.0) + weight
    return [_strongest(each, spelled) for each in found]


def _key(body: Body, first: int, last: int) -> tuple[str, str]:
    """Return a term as it is counted and as it stands in the text."""
    if last == first + 1:
        return body.lowers[first], body.tokens[first]
    words = " ".join(body.text[body.starts[first] : body.ends[last - 1]].split())
    return words.lower(), words


def _strongest(found: dict[str, float], spelled: dict[str, str]) -> list[str]:
    best = sorted([(-weight, word) for word, weight in found.items()])[:MOST]
    return [spelled[word] for _, word in best]


def _by_vectors(reading: Reading, model: TopicModel, topics: Sequence[int]) -> Floats:
    """Return what each word [topics, n] adds to the logit of a topic by its vector.

    At the top level against the mean of all topics, below it towards the topic's definition.
    """
    sizes = [passage.last - passage.first for passage in reading.passages]
    added = np.empty((len(topics), len(reading.numbers)), dtype=np.float32)
    below = [row for row, topic in enumerate(topics) if len(model.topics[topic].path) > 1]
    if below:
        directions = model.vectors.prototypes[[topics[row] for row in below]] * np.float32(model.steepness)
        added[below] = products(directions, model.vectors.words.take(reading.numbers, axis=0))
    for row, topic in enumerate(topics):
        if row not in below:
            _says(model, topic).take(reading.numbers, out=added[row])
    added /= np.repeat(reading.lengths, sizes)
    return added


def _most(added: Floats) -> npt.NDArray[np.bool_]:
    """Return which words [topics, n] add most to each topic, and enough."""
    least = np.full(len(added), LEAST, dtype=np.float32)
    if added.shape[1] > CONSIDERED:
        np.maximum(least, np.partition(added, -CONSIDERED, axis=1)[:, -CONSIDERED], out=least)
    return np.asarray(added >= least[:, None])


def _says(model: TopicModel, topic: int) -> Floats:
    """Return what each known word says for a top level; worked out once."""
    if topic not in model.says:
        head = model.vectors.head
        direction = head[model.top_of[topic]] - head.mean(axis=0)
        model.says[topic] = products(direction[None], model.vectors.words)[0]
    return model.says[topic]
