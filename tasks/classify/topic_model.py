"""How much of an article each Media Topic has: word vectors and word lists, passage by passage.

A passage gives the top level the shares softmax((head + lexicon_weight * S) / temperature), where S sums the
weights of the terms of `topic_terms.toml` in it; the last share is that of no topic. The word list alone
gives the shares (exp(S_k) - 1) / (background + sum over j of (exp(S_j) - 1)). Below the top level a topic
gets the part of its broader topic's share that its own terms made, or that the passage's vector, close to the
vector of the topic's definition, speaks for. The article's share is the mean over its passages.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass, field
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
    Doubles = npt.NDArray[np.float64]
    Integers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class TopicModel:
    """Vectors, word list, and what brings the two together."""

    vectors: TopicVectors
    lexicon: TopicLexicon
    tops: list[int]
    top_of: Integers
    """Column of the top level, for each topic."""
    is_top: npt.NDArray[np.bool_]
    below: list[slice]
    """Topics below each top level: they follow it in `media_topics.toml`."""
    steepness: float
    middle: float
    least_share: float
    says: dict[int, Floats] = field(default_factory=dict)
    """What each known word says for a top level, worked out when it is first asked for."""

    @property
    def topics(self) -> list[TopicInfo]:
        """The topics; a topic's number is its place."""
        return self.lexicon.topics


class Reading(NamedTuple):
    """What the model makes of a body: passages [m], shares [topics] of the whole article.

    `places` [n] are the tokens that have a vector, `vectors` [n, D] these, `numbers` [n] their rows in the
    model's words; those of passage p are `bounds[p] <= i < bounds[p + 1]`.
    """

    passages: list[Passage]
    places: Integers
    numbers: Integers
    vectors: Floats
    bounds: list[int]
    units: Floats
    lengths: Floats
    matches: Matches
    said: Said
    shares: Floats


class Terms(NamedTuple):
    """What terms say, in parallel rows: each something for a topic, in a passage."""

    passages: Integers
    topics: Integers
    weights: Doubles


@functools.cache
def topic_model() -> TopicModel:
    """Return the model, made once a process."""
    vectors, lexicon = topic_vectors(), topic_lexicon()
    settings = load_toml("classify/topic_model.toml")
    tops = lexicon.tops()
    if [lexicon.topics[top].code for top in tops] != vectors.codes or [
        topic.code for topic in lexicon.topics
    ] != vectors.narrower:
        raise ValueError("config/classify/media_topics.toml and tasks/models/topics name different topics")
    column = {top: number for number, top in enumerate(tops)}
    return TopicModel(
        vectors=vectors,
        lexicon=lexicon,
        tops=tops,
        top_of=np.array([column[topic.path[0]] for topic in lexicon.topics]),
        is_top=np.array([len(topic.path) == 1 for topic in lexicon.topics]),
        below=[slice(top + 1, end) for top, end in pairwise([*tops, len(lexicon.topics)])],
        steepness=float(settings["narrower"]["steepness"]),
        middle=float(settings["narrower"]["middle"]),
        least_share=float(settings["least_share"]),
    )


def read(body: Body, model: TopicModel) -> Reading | None:
    """Return what the model makes of a body, or None when it has no words."""
    passages = passages_of(body)
    if not passages:
        return None
    numbers = body.column(model.vectors.number)
    places = (numbers != model.vectors.unknown).nonzero()[0]
    numbers = numbers.take(places)
    firsts = [passage.first for passage in passages]
    bounds = [*np.searchsorted(places, firsts).tolist(), len(places)]
    vectors = model.vectors.words.take(numbers, axis=0)
    units, lengths = sums(vectors, bounds)
    matches = model.lexicon.phrases.matches(body, passages)
    said = model.lexicon.said(matches.numbers)
    in_passage = np.searchsorted(firsts, matches.firsts, side="right") - 1
    terms = Terms(in_passage.take(said.match), said.topics, said.weights)
    of_tops = sums_of_tops(terms, len(passages), model)
    tops = shares_of_tops(units, of_tops, model)
    weights = np.array([passage.weight for passage in passages], dtype=np.float32)
    weights /= weights.sum()
    tops[tops < model.least_share] = 0
    tops *= weights[:, None]
    shares = _shares(units, terms, tops, model)
    return Reading(passages, places, numbers, vectors, bounds, units, lengths, matches, said, shares)


def sums_of_tops(terms: Terms, passages: int, model: TopicModel) -> Doubles:
    """Return the sums [m, 18] of the terms' weights for the top levels in each passage."""
    top, columns = model.is_top.take(terms.topics).nonzero()[0], len(model.vectors.bias)
    cells = terms.passages.take(top) * columns + model.top_of.take(terms.topics.take(top))
    return _summed(cells, terms.weights.take(top), (passages, columns))


def _summed(cells: Integers, weights: Doubles, shape: tuple[int, int]) -> Doubles:
    """Return the sums [m, n] of the weights in each cell; they are numbered row by row."""
    found = np.bincount(cells, weights, shape[0] * shape[1]).reshape(shape)
    return found.astype(np.float64, copy=False)  # whole numbers where nothing falls into any


def shares_of_tops(units: Floats, of_terms: Doubles, model: TopicModel) -> Floats:
    """Return the shares [m, 18] of the top levels in passages; the last column is no topic.

    `of_terms` [m, 18] are the sums of the terms' weights. A top level that no labelled text taught has what
    the word list alone gives it, where that is more.
    """
    vectors = model.vectors
    logits = product(units, vectors.head.T)
    logits += vectors.bias
    sums_ = np.minimum(of_terms, vectors.most_sum, dtype=np.float32)
    logits += vectors.lexicon_weight * sums_
    logits /= vectors.temperature
    logits -= logits.max(axis=1, keepdims=True)
    shares: Floats = np.exp(logits, out=logits)
    shares /= shares.sum(axis=1, keepdims=True)
    masses = np.expm1(sums_, out=sums_)
    masses /= vectors.background + masses.sum(axis=1, keepdims=True)
    return np.maximum(shares, masses, out=shares, where=vectors.untaught)


def _shares(units: Floats, terms: Terms, tops: Floats, model: TopicModel) -> Floats:
    """Return the shares [topics] of the whole article; a topic never has more than its broader one.

    `tops` [m, 18] are the shares of the top levels in each passage, times the passage's own in the article.
    """
    shares = np.zeros(len(model.topics), dtype=np.float32)
    wholes = tops.sum(axis=0)
    columns = model.top_of.take(terms.topics)
    for column in (wholes[:-1] >= model.least_share).nonzero()[0].tolist():
        top, below = model.tops[column], model.below[column]
        part = product(units, model.vectors.prototypes[below].T)
        part -= model.middle
        part *= -model.steepness
        np.exp(part, out=part)
        part += 1
        np.reciprocal(part, out=part)
        own = (columns == column).nonzero()[0]
        size = 1 + below.stop - below.start
        cells = terms.passages.take(own) * size + terms.topics.take(own) - top
        said = _summed(cells, terms.weights.take(own), (len(units), size))
        # Whatever speaks for a topic speaks for its top level too: that has the largest sum.
        said /= np.maximum(said[:, :1], 1e-9)
        np.maximum(part, said[:, 1:], out=part)
        shares[below] = product(tops[None, :, column], part)[0]
        shares[top] = wholes[column]
    for topic in (shares >= model.least_share).nonzero()[0].tolist():
        for broader in model.topics[topic].path[:-1]:
            shares[broader] = max(shares[broader], shares[topic])
    return shares
