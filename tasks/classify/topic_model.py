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
from tasks.classify.topic_vectors import TopicVectors, product, products, sums, topic_vectors
from worker.config_dir import load_toml

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from tasks.classify.body import Body
    from tasks.classify.phrases import Match
    from tasks.classify.topic_lexicon import Term

    Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class TopicModel:
    """Vectors, word list, and what brings the two together."""

    vectors: TopicVectors
    lexicon: TopicLexicon
    tops: list[int]
    top_of: list[int]
    """Column of the top level, for each topic."""
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

    `numbers` [n] are the rows of the model's words that the tokens have.
    """

    passages: list[Passage]
    numbers: npt.NDArray[np.int64]
    units: Floats
    lengths: Floats
    matches: list[list[Match[tuple[Term, ...]]]]
    shares: Floats


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
        top_of=[column[topic.path[0]] for topic in lexicon.topics],
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
    # Every token lies in a passage: a passage ends where the next one begins.
    units, lengths = sums(model.vectors.words, numbers, [passage.first for passage in passages])
    phrases = model.lexicon.phrases
    matches = [
        phrases.find(body.tokens, body.lowers, passage.first, passage.last, heads)
        for passage, heads in zip(passages, body.places(phrases.may_start(body), passages), strict=True)
    ]
    by_topic = [model.lexicon.sums(found) for found in matches]
    tops = shares_of_tops(units, by_topic, model)
    weights = np.array([passage.weight for passage in passages], dtype=np.float32)
    weights /= weights.sum()
    shares = _shares(units, by_topic, np.where(tops < model.least_share, 0, tops) * weights[:, None], model)
    return Reading(passages, numbers, units, lengths, matches, shares)


def shares_of_tops(units: Floats, by_topic: Sequence[dict[int, float]], model: TopicModel) -> Floats:
    """Return the shares [m, 18] of the top levels in passages; the last column is no topic.

    A top level that no labelled text taught has what the word list alone gives it, where that is more.
    """
    vectors = model.vectors
    logits = products(units, vectors.head) + vectors.bias
    sums_ = np.zeros_like(logits)
    for row, found in enumerate(by_topic):
        for topic, weight in found.items():
            column = model.top_of[topic]
            if model.tops[column] == topic:
                sums_[row, column] = min(weight, vectors.most_sum)
    logits += vectors.lexicon_weight * sums_
    logits /= vectors.temperature
    logits -= logits.max(axis=1, keepdims=True)
    shares: Floats = np.exp(logits, out=logits)
    shares /= shares.sum(axis=1, keepdims=True)
    masses = np.expm1(sums_, out=sums_)
    masses /= vectors.background + masses.sum(axis=1, keepdims=True)
    untaught = vectors.untaught
    shares[:, untaught] = np.maximum(shares[:, untaught], masses[:, untaught])
    return shares


def _shares(units: Floats, by_topic: Sequence[dict[int, float]], tops: Floats, model: TopicModel) -> Floats:
    """Return the shares [topics] of the whole article; a topic never has more than its broader one.

    `tops` [m, 18] are the shares of the top levels in each passage, times the passage's own in the article.
    """
    shares = np.zeros(len(model.topics), dtype=np.float32)
    by_top = np.ascontiguousarray(tops.T)
    wholes = by_top.sum(axis=1)
    for column in np.flatnonzero(wholes[:-1] >= model.least_share).tolist():
        top, below = model.tops[column], model.below[column]
        rows = np.flatnonzero(by_top[column])  # the other passages have nothing to share out
        close = products(units[rows], model.vectors.prototypes[below])
        part = 1 / (1 + np.exp(model.steepness * (model.middle - close)))
        for row, found in zip(part, [by_topic[at] for at in rows.tolist()], strict=True):
            if top in found:  # as it is wherever one of its narrower topics is
                for topic, weight in found.items():
                    if model.top_of[topic] == column and topic != top:
                        at = topic - top - 1
                        row[at] = max(row[at], weight / found[top])
        shares[below] = product(by_top[column, rows][None], part)[0]
        shares[top] = wholes[column]
    for topic in np.flatnonzero(shares >= model.least_share).tolist():
        for broader in model.topics[topic].path[:-1]:
            shares[broader] = max(shares[broader], shares[topic])
    return shares
