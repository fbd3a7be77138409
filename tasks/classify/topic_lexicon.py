"""Media Topics and the terms that argue for them, as `config/classify` has them."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from tasks.classify.phrases import Phrases, expand
from worker.config_dir import load_toml

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tasks.classify.phrases import Match

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


@dataclass(frozen=True, slots=True)
class TopicLexicon:
    """Topics and terms as configured."""

    topics: list[TopicInfo]
    phrases: Phrases[tuple[Term, ...]]

    def sums(
        self, matches: Sequence[Match[tuple[Term, ...]]], into: dict[int, float] | None = None
    ) -> dict[int, float]:
        """Return the weights of terms summed for each topic and each broader one."""
        found = {} if into is None else into
        for match in matches:
            for topic, weight in match.value:
                found[topic] = found.get(topic, 0.0) + weight
        return found

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
