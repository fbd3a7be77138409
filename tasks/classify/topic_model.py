"""How much of an article each Media Topic has: word vectors and word lists, passage by passage.

A passage gives the top level the shares softmax((head + lexicon_weight * S) / temperature), where S sums the
weights of the terms of `topic_terms.toml` in it; the last share is that of no topic. The word list alone
gives the shares (exp(S_k) - 1) / (background + sum over j of (exp(S_j) - 1)). Below the top level a topic
gets the part of its broader topic's share that its own terms made, or that the passage's vector, close to the
vector of the topic's definition, speaks for. The article's share is the mean over its passages.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from tasks.classify.passages import Passage, passages_of
from tasks.classify.topic_lexicon import TopicInfo, TopicLexicon, topic_lexicon
from tasks.classify.topic_vectors import TopicVectors, product, sums, topic_vectors
from worker.config_dir import load_toml

if TYPE_CHECKING:
    import numpy.typing as npt

    from tasks.classify.body import Body
    from tasks.classify.phrases import Matches
    from tasks.classify.topic_lexicon import Said

    Floats = npt.NDArray[np.float32]
    Integers = npt.NDArray[np.int64]
_TINY = np.float32(1e-9)


@dataclass(frozen=True)
class TopicModel:
    """Vectors, word list, and what brings the two together."""

    vectors: TopicVectors
    lexicon: TopicLexicon
    tops: Integers
    """Indices of the topics of the top level."""
    below: list[slice]
    """Topics below each top level: they follow it in `media_topics.toml`, at once."""
    steepness: float
    middle: float
    least_share: float
    directions: Floats
    """Where vectors [topics, D] speak for a topic: at the top level against the mean of all topics, below it
    towards the topic's definition."""

    @property
    def topics(self) -> list[TopicInfo]:
        """The topics; a topic's number is its place."""
        return self.lexicon.topics


class Reading(NamedTuple):
    """What the model makes of a body: passages [m], shares [topics] of the whole article.

    `places` [n] are the tokens that have a vector, `vectors` [n, D] these; those of passage p are
    `bounds[p] <= i < bounds[p + 1]`.
    """

    passages: list[Passage]
    places: Integers
    vectors: Floats
    bounds: list[int]
    units: Floats
    lengths: Floats
    matches: Matches
    said: Said
    shares: Floats


@functools.cache
def topic_model() -> TopicModel:
    """Return the model, made once a process."""
    vectors, lexicon = topic_vectors(), topic_lexicon()
    settings = load_toml("classify/topic_model.toml")
    tops = np.array(lexicon.tops())
    if [lexicon.topics[top].code for top in tops] != vectors.codes or [
        topic.code for topic in lexicon.topics
    ] != vectors.narrower:
        raise ValueError("config/classify/media_topics.toml and tasks/models/topics name different topics")
    steepness = float(settings["narrower"]["steepness"])
    directions = vectors.prototypes * np.float32(steepness)
    directions[tops] = (vectors.head - vectors.head.mean(axis=0))[:-1]
    return TopicModel(
        vectors=vectors,
        lexicon=lexicon,
        tops=tops,
        below=[slice(top + 1, end) for top, end in pairwise([*tops.tolist(), len(lexicon.topics)])],
        steepness=steepness,
        middle=float(settings["narrower"]["middle"]),
        least_share=float(settings["least_share"]),
        directions=directions,
    )


def read(body: Body, model: TopicModel) -> Reading | None:
    """Return what the model makes of a body, or None when it has no words."""
    passages = passages_of(body)
    if not passages:
        return None
    numbers = body.column(model.vectors.number)
    places = (numbers != model.vectors.unknown).nonzero()[0]
    firsts = [passage.first for passage in passages]
    bounds = [*places.searchsorted(firsts).tolist(), len(places)]
    vectors = model.vectors.words.take(numbers.take(places), axis=0)
    units, lengths = sums(vectors, bounds)
    matches = model.lexicon.phrases.matches(body, passages)
    said = model.lexicon.said(matches.numbers)
    in_passage = np.array(firsts).searchsorted(matches.firsts, side="right") - 1
    # Whatever speaks for a topic speaks for its top level too: that has the largest sum.
    of_terms = summed(in_passage.take(said.match), said, (len(passages), len(model.topics)))
    tops = shares_of_tops(units, of_terms.take(model.tops, axis=1), model)
    weights = np.array([passage.weight for passage in passages], dtype=np.float32)
    weights /= weights.sum()
    tops[tops < model.least_share] = 0
    tops *= weights[:, None]
    shares = _shares(units, of_terms, tops, model)
    return Reading(passages, places, vectors, bounds, units, lengths, matches, said, shares)


def summed(passages: Integers, said: Said, shape: tuple[int, int]) -> Floats:
    """Return the sums [m, topics] of what terms say, each in one of the `passages`."""
    cells = passages * shape[1] + said.topics
    found = np.bincount(cells, said.weights, shape[0] * shape[1]).reshape(shape)
    return found.astype(np.float32)


def shares_of_tops(units: Floats, of_terms: Floats, model: TopicModel) -> Floats:
    """Return the shares [m, 18] of the top levels in passages; the last column is no topic.

    `of_terms` [m, 17] are the sums of what terms say for them. A top level that no labelled text taught has
    what the word list alone gives it, where that is more.
    """
    vectors = model.vectors
    logits = product(units, vectors.head.T)
    logits += vectors.bias
    sums_ = np.minimum(of_terms, vectors.most_sum)
    logits[:, :-1] += vectors.lexicon_weight * sums_
    logits /= vectors.temperature
    logits -= np.maximum.reduce(logits, axis=1, keepdims=True)
    shares: Floats = np.exp(logits, out=logits)
    shares /= np.add.reduce(shares, axis=1, keepdims=True)
    masses = np.expm1(sums_, out=sums_)
    masses /= vectors.background + np.add.reduce(masses, axis=1, keepdims=True)
    masses *= vectors.untaught
    np.maximum(shares[:, :-1], masses, out=shares[:, :-1])
    return shares


def _shares(units: Floats, of_terms: Floats, tops: Floats, model: TopicModel) -> Floats:
    """Return the shares [topics] of the whole article; a topic never has more than its broader one.

    `of_terms` [m, topics] are the sums of what terms say; `tops` [m, 18] the shares of the top levels in each
    passage, times the passage's own in the article.
    """
    shares = np.zeros(len(model.topics), dtype=np.float32)
    wholes = np.add.reduce(tops, axis=0)
    for column in (wholes[:-1] >= model.least_share).nonzero()[0].tolist():
        below = model.below[column]
        part = product(units, model.directions[below].T)
        np.subtract(model.steepness * model.middle, part, out=part)
        np.exp(part, out=part)
        part += 1
        np.reciprocal(part, out=part)
        own = of_terms[:, below.start - 1 : below.stop]
        np.maximum(part, own[:, 1:] / np.maximum(own[:, :1], _TINY), out=part)
        shares[below] = product(tops[None, :, column], part)[0]
        shares[below.start - 1] = wholes[column]
    for topic in (shares >= model.least_share).nonzero()[0].tolist():
        for broader in model.topics[topic].path[:-1]:
            shares[broader] = max(shares[broader], shares[topic])
    return shares
