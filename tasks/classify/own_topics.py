"""Topics of a user's own, from a TOML file with a few example phrases for each; nothing is trained.

    name = "desk"                       # the codes in the record: desk:harvest
    [[topic]]
    code = "harvest"
    label = "Harvests and crops"
    examples = ["a poor wheat harvest", "farmers bring in the grain", "crops failed in the drought"]

A passage speaks for a topic when its vector is close to that of an example, or to the mean of all examples.
"""

from __future__ import annotations

import hashlib
import tomllib
from typing import TYPE_CHECKING

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from tasks.classify.topic_vectors import product
from tasks.classify.words import words_of
from worker.config_dir import load_toml
from worker.errors import SettingsError
from worker.record import Topic

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import numpy.typing as npt

    from tasks.classify.body import Body
    from tasks.classify.topic_model import Reading
    from tasks.classify.topic_vectors import TopicVectors

    Floats = npt.NDArray[np.float32]

MOST_EVIDENCE = 8
LEAST_PART = 0.05
"""Of the similarity of the best passage, that a word makes at least to be evidence."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class OwnTopic(_Strict):
    """A topic with its example phrases."""

    code: str = Field(pattern=r"^[A-Za-z0-9_.-]+$")
    label: str = Field(min_length=1)
    examples: list[str] = Field(min_length=1)


class Taxonomy(_Strict):
    """A file of topics."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_-]*$")
    topic: list[OwnTopic] = Field(min_length=1)


class OwnTopics:
    """The topics of all files, ready to be compared with passages. `digest` is over the files' bytes."""

    def __init__(self, paths: Sequence[Path], vectors: TopicVectors) -> None:
        self._topics: list[tuple[str, str]] = []
        self._examples: list[Floats] = []
        settings = load_toml("classify/topic_model.toml")["own"]
        self._steepness, self._middle = float(settings["steepness"]), float(settings["middle"])
        state = hashlib.sha256()
        for path in paths:
            data, taxonomy = _read(path)
            state.update(data + b"\0")
            for topic in taxonomy.topic:
                self._topics.append((f"{taxonomy.name}:{topic.code}", topic.label))
                self._examples.append(_vectors_of(path, topic, vectors))
        self.digest = state.hexdigest()

    def __len__(self) -> int:
        return len(self._topics)

    def topics(
        self, body: Body, reading: Reading, *, least: float, draws: int, component: str
    ) -> list[Topic]:
        """Return the topics that are probable enough, most probable first."""
        if not self._topics:
            return []
        found = []
        weights = np.array([passage.weight for passage in reading.passages], dtype=np.float32)
        weights /= weights.sum()
        for (code, label), examples in zip(self._topics, self._examples, strict=True):
            close = product(reading.units, examples.T)
            best = close.max(axis=1)
            shares = 1 / (1 + np.exp(self._steepness * (self._middle - best)))
            probability = float(1 - (1 - (weights * shares).sum()) ** min(draws, len(reading.passages)))
            if probability >= least:
                passage = int(np.argmax(weights * shares))
                example = examples[int(np.argmax(close[passage]))]
                found.append(
                    Topic(
                        code=code,
                        label=label,
                        probability=round(probability, 4),
                        evidence=_evidence(body, reading, passage, example),
                        component=component,
                        rule="examples",
                    )
                )
        return sorted(found, key=lambda topic: (-topic.probability, topic.code))


def _evidence(body: Body, reading: Reading, passage: int, example: Floats) -> list[str]:
    """Return the words of a passage that bring it close to an example, the strongest first."""
    first, last = reading.bounds[passage : passage + 2]
    parts = product(reading.vectors[first:last], example[:, None])[:, 0] / reading.lengths[passage]
    places = reading.places[first:last].tolist()
    found: dict[str, str] = {}
    for at in np.argsort(-parts, kind="stable").tolist():
        if parts[at] < LEAST_PART or len(found) == MOST_EVIDENCE:
            break
        found.setdefault(body.lowers[places[at]], body.tokens[places[at]])
    return list(found.values())


def _read(path: Path) -> tuple[bytes, Taxonomy]:
    try:
        data = path.expanduser().read_bytes()
        return data, Taxonomy.model_validate(tomllib.loads(data.decode()))
    except OSError as error:
        raise SettingsError(f"taxonomies: {path} cannot be read: {error.strerror}.") from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"taxonomies: {path} is no TOML: {error}.") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(step) for step in first["loc"])
        raise SettingsError(f"taxonomies: {path}: {place}: {first['msg']}.") from error


def _vectors_of(path: Path, topic: OwnTopic, vectors: TopicVectors) -> Floats:
    """Return the vectors [n, D] of the examples and, last, of their mean."""
    found = []
    for example in topic.examples:
        vector = vectors.of([word.lower() for _, word in words_of(example, 0, len(example))])
        if vector is None:
            raise SettingsError(f"taxonomies: {path}: no word of the example {example!r} is known.")
        found.append(vector)
    mean = np.mean(found, axis=0)
    length = float(np.linalg.norm(mean))
    return np.stack([*found, mean / length]) if length and len(found) > 1 else np.stack(found)
