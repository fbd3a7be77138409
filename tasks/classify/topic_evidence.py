"""The words of an article that argued for a topic: terms of the word list, and words by their vectors."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

import numpy as np

from tasks.classify.topic_vectors import products

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

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
    found: dict[int, dict[str, float]] = {topic: {} for topic in topics}
    taken: dict[int, set[int]] = {topic: set() for topic in topics}
    spelled: dict[str, str] = {}
    for first, last, terms in chain.from_iterable(reading.matches) if topics else ():
        weights = [(topic, weight) for topic, weight in terms if topic in found]
        if weights:
            words, key = body.tokens[first], body.lowers[first]
            if last > first + 1:
                words = " ".join(body.text[body.starts[first] : body.ends[last - 1]].split())
                key = words.lower()
            spelled.setdefault(key, words)
            for topic, weight in weights:
                _add(found[topic], key, model.vectors.lexicon_weight * weight)
                taken[topic].update(range(first, last))
    for row, at, weight in _by_vectors(reading, model, topics) if topics else ():
        topic = topics[row]
        if at not in taken[topic]:
            spelled.setdefault(body.lowers[at], body.tokens[at])
            _add(found[topic], body.lowers[at], weight)
    return [_strongest(found[topic], spelled) for topic in topics]


def _add(found: dict[str, float], word: str, weight: float) -> None:
    found[word] = found.get(word, 0.0) + weight


def _strongest(found: dict[str, float], spelled: dict[str, str]) -> list[str]:
    best = sorted([(-weight, word) for word, weight in found.items()])[:MOST]
    return [spelled[word] for _, word in best]


def _by_vectors(
    reading: Reading, model: TopicModel, topics: Sequence[int]
) -> Iterator[tuple[int, int, float]]:
    """Return (row in `topics`, token, what it adds to the logit of the topic) of the words that add most.

    At the top level against the mean of all topics, below it towards the topic's definition.
    """
    sizes = [passage.last - passage.first for passage in reading.passages]
    added = np.stack([_says(reading, model, topic) for topic in topics])
    added /= np.repeat(reading.lengths, sizes)
    most = added >= LEAST
    if added.shape[1] > CONSIDERED:
        most &= added >= np.partition(added, -CONSIDERED, axis=1)[:, -CONSIDERED, None]
    rows, places = np.nonzero(most)
    return zip(rows.tolist(), places.tolist(), added[most].tolist(), strict=True)


def _says(reading: Reading, model: TopicModel, topic: int) -> Floats:
    """Return what each word [n] says for a topic; for a top level worked out once for all known words."""
    direction = _direction(model, topic)[None]
    if len(model.topics[topic].path) > 1:
        return np.asarray(products(direction, reading.words)[0])
    if topic not in model.says:
        model.says[topic] = products(direction, model.vectors.words)[0]
    return np.asarray(model.says[topic][reading.numbers])


def _direction(model: TopicModel, topic: int) -> Floats:
    if len(model.topics[topic].path) > 1:
        return np.asarray(model.vectors.prototypes[topic] * np.float32(model.steepness))
    head = model.vectors.head
    return np.asarray(head[model.top_of[topic]] - head.mean(axis=0))
