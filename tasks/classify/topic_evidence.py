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
CONSIDERED = 24
"""Places in a text whose words have the highest say by their vectors; the others are not looked at."""
LEAST = 0.1
"""What a word adds to the logit, at least."""


def evidence_for(body: Body, reading: Reading, model: TopicModel, topics: Sequence[int]) -> list[list[str]]:
    """Return for each topic at most eight words or terms as they stand in the text.

    Terms of the word list, the strongest first; where there are fewer than eight, words by their vectors too.
    """
    if not topics:
        return []
    spelled: dict[str, str] = {}
    terms: list[dict[str, float]] = [{} for _ in topics]
    in_terms: set[tuple[int, int]] = set()
    for row, first, last, weight in _terms(reading, model, topics):
        if last == first + 1:
            key, words = body.lowers[first], body.tokens[first]
            in_terms.add((row, first))
        else:
            words = " ".join(body.text[body.starts[first] : body.ends[last - 1]].split())
            key = words.lower()
            in_terms.update([(row, at) for at in range(first, last)])
        if key not in spelled:
            spelled[key] = words
        terms[row][key] = terms[row].get(key, 0.0) + weight
    best = [_strongest(each) for each in terms]
    short = [row for row, keys in enumerate(best) if len(keys) < MOST]
    others: list[dict[str, float]] = [{} for _ in topics]
    for place, at, weight in _words(reading, model, [topics[row] for row in short]) if short else ():
        row, key = short[place], body.lowers[at]
        if (row, at) not in in_terms and key not in terms[row]:
            if key not in spelled:
                spelled[key] = body.tokens[at]
            others[row][key] = others[row].get(key, 0.0) + weight
    for row in short:
        best[row] += _strongest(others[row])[: MOST - len(best[row])]
    return [[spelled[key] for key in keys] for keys in best]


def _strongest(found: dict[str, float]) -> list[str]:
    return [key for _, key in sorted([(-weight, key) for key, weight in found.items()])[:MOST]]


def _terms(
    reading: Reading, model: TopicModel, topics: Sequence[int]
) -> Iterator[tuple[int, int, int, float]]:
    """Yield (place of the topic, first, last, what it adds) of terms of the word list, in their order."""
    row_of = np.full(len(model.topics), -1)
    row_of[topics] = range(len(topics))
    matches, said = reading.matches, reading.said
    rows = row_of.take(said.topics)
    wanted = (rows >= 0).nonzero()[0]
    match = said.match.take(wanted)
    return zip(
        rows.take(wanted).tolist(),
        matches.firsts.take(match).tolist(),
        matches.lasts.take(match).tolist(),
        (said.weights.take(wanted) * model.vectors.lexicon_weight).tolist(),
        strict=True,
    )


def _words(reading: Reading, model: TopicModel, topics: Sequence[int]) -> Iterator[tuple[int, int, float]]:
    """Yield (place of the topic, token, what it adds) of the words whose vectors add most to each topic."""
    added = product(model.directions.take(topics, axis=0), reading.vectors.T)
    bounds = np.array(reading.bounds)
    added /= reading.lengths.repeat(bounds[1:] - bounds[:-1])
    rows, at = _most(added).nonzero()
    return zip(rows.tolist(), reading.places.take(at).tolist(), added[rows, at].tolist(), strict=True)


def _most(added: Floats) -> npt.NDArray[np.bool_]:
    """Return which words [topics, n] add most to each topic, and enough."""
    least = np.full(len(added), LEAST, dtype=np.float32)
    if added.shape[1] > CONSIDERED:
        np.maximum(least, np.partition(added, -CONSIDERED, axis=1)[:, -CONSIDERED], out=least)
    return np.asarray(added >= least[:, None])
