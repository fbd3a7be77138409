"""Media Topics and the terms that argue for them, as `config/classify` has them."""

from __future__ import annotations

import functools
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from tasks.classify.phrases import Phrases, expand
from worker.config_dir import load_toml

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import numpy.typing as npt

    Integers = npt.NDArray[np.int64]

_STRENGTHS = ("strong", "medium", "weak")


class TopicInfo(NamedTuple):
    """A Media Topic of `media_topics.toml`; `path` are the indices from the top level down to itself."""

    code: str
    label: str
    path: tuple[int, ...]


class Term(NamedTuple):
    """What a term argues for: a topic (index) or one of the broader ones, with a weight."""

    topic: int
    weight: float


class Said(NamedTuple):
    """What terms say in a text: each match something for a topic and for each broader one."""

    match: Integers
    topics: Integers
    weights: npt.NDArray[np.float64]


class TopicLexicon:
    """Topics and terms as configured."""

    def __init__(self, topics: list[TopicInfo], phrases: Phrases[tuple[Term, ...]]) -> None:
        self.topics = topics
        self.phrases = phrases
        terms = list(chain.from_iterable(phrases.values))
        self._sizes = np.array([len(value) for value in phrases.values], dtype=np.int64)
        self._firsts = np.cumsum(self._sizes) - self._sizes
        self._topics = np.array([term.topic for term in terms], dtype=np.int64)
        self._weights = np.array([term.weight for term in terms], dtype=np.float64)

    def said(self, numbers: Integers) -> Said:
        """Return what the terms of these numbers say."""
        sizes = self._sizes.take(numbers)
        match = np.arange(numbers.size).repeat(sizes)
        before: Integers = sizes.cumsum() - sizes
        at = (self._firsts.take(numbers) - before).repeat(sizes)
        at += np.arange(at.size)
        return Said(match, self._topics.take(at), self._weights.take(at))

    def tops(self) -> list[int]:
        """Return the indices of the topics of the top level."""
        return [number for number, topic in enumerate(self.topics) if len(topic.path) == 1]


@functools.cache
def topic_lexicon() -> TopicLexicon:
    """Return the topics and terms, read once a process."""
    topics = _topics()
    at = {topic.code: number for number, topic in enumerate(topics)}
    weights: dict[tuple[str, ...], dict[int, float]] = {}
    for words, code, weight in _weighted_terms(load_toml("classify/topic_model.toml")["strengths"]):
        known = weights.setdefault(words, {})
        known[at[code]] = max(weight, known.get(at[code], 0.0))
    terms = [
        (" ".join(words), tuple(Term(each, w) for k, w in found.items() for each in topics[k].path))
        for words, found in weights.items()
    ]
    return TopicLexicon(topics, Phrases(terms))


def _topics() -> list[TopicInfo]:
    entries = load_toml("classify/media_topics.toml")["topic"]
    at = {entry["code"]: number for number, entry in enumerate(entries)}
    paths: dict[str, tuple[int, ...]] = {}
    for entry in entries:  # a broader topic stands before its narrower ones
        broader = entry.get("broader")
        paths[entry["code"]] = (*(paths[broader] if broader else ()), at[entry["code"]])
    return [TopicInfo(entry["code"], entry["label"], paths[entry["code"]]) for entry in entries]


def _weighted_terms(strengths: Mapping[str, float]) -> Iterator[tuple[tuple[str, ...], str, float]]:
    fitted = load_toml("classify/topic_weights.toml")
    for code, by_strength in load_toml("classify/topic_terms.toml").items():
        own = fitted.get(code, {})
        for strength in _STRENGTHS:
            for term in by_strength.get(strength, []):
                weight = float(own.get(term, strengths[strength]))
                for words in expand(term):
                    yield words, code, weight
