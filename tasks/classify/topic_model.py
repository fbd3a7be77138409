"""The topic model: terms argue for Media Topics, sentence by sentence; plain arithmetic over word lists.

A sentence gives topic k of the top level the share (exp(S_k) - 1) / (Z + sum over j of (exp(S_j) - 1)), where
S_k sums the weights of its terms and Z stands for all that the lists do not know. The article's share is the
mean over its sentences, the longer ones and those at the start counting more. Below the top level a topic
gets the part of its broader topic's share that its own terms made.
"""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from tasks.classify.phrases import Phrases, expand
from worker.config_dir import load_toml

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tasks.classify.body import Body, Sentence

_STRENGTHS = ("strong", "medium", "weak")
LONG_SENTENCE = 30
"""Words from which on a sentence weighs no more."""
SILENT = 0.5
"""Part of its weight that a sentence without any term keeps: it says little of the article's topics."""
_MAX_SUM = 30.0
"""Cap on the sum of a sentence's weights, far above what prose reaches."""


class TopicInfo(NamedTuple):
    """A Media Topic of `media_topics.toml`; `path` are the indices from the top level down to itself."""

    code: str
    label: str
    path: tuple[int, ...]


class Term(NamedTuple):
    """What a term argues for: a topic (index) with a weight."""

    topic: int
    weight: float


@dataclass(frozen=True, slots=True)
class TopicModel:
    """Topics and terms as configured."""

    topics: list[TopicInfo]
    phrases: Phrases[tuple[Term, ...]]
    background: float


@dataclass(slots=True)
class Shares:
    """How much of an article each topic has (index -> 0..1), how much of it counts, and the evidence."""

    weight: float = 0.0
    sentences: int = 0
    share: dict[int, float] = field(default_factory=dict)
    evidence: dict[int, dict[str, float]] = field(default_factory=dict)


@functools.cache
def topic_model() -> TopicModel:
    """Return the model, made from `config/classify` once a process."""
    settings = load_toml("classify/topic_model.toml")
    topics = _topics()
    at = {topic.code: number for number, topic in enumerate(topics)}
    weights: dict[tuple[str, ...], dict[int, float]] = {}
    for words, code, weight in _weighted_terms(settings):
        known = weights.setdefault(words, {})
        known[at[code]] = max(weight, known.get(at[code], 0.0))
    terms = [
        (" ".join(words), tuple(Term(k, w) for k, w in found.items())) for words, found in weights.items()
    ]
    return TopicModel(topics, Phrases(terms), float(settings["background"]))


def _topics() -> list[TopicInfo]:
    entries = load_toml("classify/media_topics.toml")["topic"]
    at = {entry["code"]: number for number, entry in enumerate(entries)}
    paths: dict[str, tuple[int, ...]] = {}
    for entry in entries:  # a broader topic stands before its narrower ones
        broader = entry.get("broader")
        paths[entry["code"]] = (*(paths[broader] if broader else ()), at[entry["code"]])
    return [TopicInfo(entry["code"], entry["label"], paths[entry["code"]]) for entry in entries]


def _weighted_terms(settings: dict[str, dict[str, float]]) -> Iterator[tuple[tuple[str, ...], str, float]]:
    fitted = load_toml("classify/topic_weights.toml")
    for code, by_strength in load_toml("classify/topic_terms.toml").items():
        own = fitted.get(code, {})
        for strength in _STRENGTHS:
            for term in by_strength.get(strength, []):
                weight = float(own.get(term, settings["strengths"][strength]))
                for words in expand(term):
                    yield words, code, weight


def shares_of(body: Body, model: TopicModel) -> Shares:
    """Return the shares of all topics in the article."""
    total = Shares()
    for place, sentence in enumerate(body.sentences):
        lead = 2.0 if sentence.kind == "title" else 1.0 + 1.0 / (1.0 + place)
        total.sentences += 1
        _add(total, body, sentence, model, lead * min(sentence.last - sentence.first, LONG_SENTENCE))
    return total


def _add(total: Shares, body: Body, sentence: Sentence, model: TopicModel, weight: float) -> None:
    sums: dict[int, float] = {}  # topic, and each broader one -> sum of weights
    for match in model.phrases.find(body.tokens, body.lowers, sentence.first, sentence.last):
        words = " ".join(body.text[body.starts[match.first] : body.ends[match.last - 1]].split())
        for term in match.value:
            for topic in model.topics[term.topic].path:
                sums[topic] = sums.get(topic, 0.0) + term.weight
                found = total.evidence.setdefault(topic, {})
                found[words] = found.get(words, 0.0) + term.weight
    total.weight += weight if sums else weight * SILENT
    tops = {
        topic: math.expm1(min(s, _MAX_SUM)) for topic, s in sums.items() if len(model.topics[topic].path) == 1
    }
    mass = model.background + sum(tops.values())
    for topic, s in sums.items():
        top = model.topics[topic].path[0]
        share = weight * (tops[top] / mass) * (s / sums[top])
        total.share[topic] = total.share.get(topic, 0.0) + share
