"""The texts that the topic vectors learn from: events with a topic, definitions of topics, plain passages.

Formats: benchmarks/README.md. A passage is a run of sentences of one line, 12 to 45 words long.
"""

from __future__ import annotations

import gzip
import json
import random
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tasks.classify.words import words_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

EVENTS = "topics/wiki-current-events"
TAXONOMY = "topics/taxonomy.json"
PLAIN: dict[str, float] = {
    "raw/wikinews": 1,
    "raw/guardian-sdf": 1,
    "raw/horne": 1,
    "raw/ukraine-war-2022": 1,
    "quotes/polnear": 1,
    "ner/en-worldwide-newswire": 1,
    "tone/newsmtsc": 0.35,
    "ner/crossner-politics": 1,
    "ner/wikigold": 1,
    "ner/gmb": 0.12,
    "quotes/litbank": 1,
}
"""Corpora of plain passages, and the share of their texts that is taken."""
SENTENCES = frozenset({"tone/newsmtsc", "ner/gmb", "ner/crossner-politics"})
"""Corpora whose texts are single sentences: each is a passage."""
FICTION = "quotes/litbank"
"""Passages of no topic."""
_MOST_OF_A_TEXT = 40
_MOST_OF_A_NOVEL = 12
_SENTENCE = re.compile(r"(?<=[.!?][\"”'’ ])\s*(?=[\"“A-Z])|(?<=[.!?])\s+(?=[\"“A-Z])")


@dataclass(frozen=True)
class Passage:
    """A text, the top-level codes that are right for it (none: not known), and where it comes from."""

    text: str
    source: str
    codes: tuple[str, ...] = ()


def events(data: Path, part: str) -> list[Passage]:
    """Return the events of `train` or `dev`, in their order, which is that of their dates."""
    rows = _rows(data / EVENTS / f"{part}.jsonl.gz")
    return [Passage(row["text"], EVENTS, tuple(row["iptc"])) for row in rows]


def definitions(data: Path) -> dict[str, Passage]:
    """Return label and definition of every Media Topic, by code."""
    taxonomy: dict[str, Any] = json.loads((data / TAXONOMY).read_text(encoding="utf-8"))

    def top(code: str) -> str:
        broader = taxonomy[code]["broader"]
        return top(broader) if broader else code

    return {
        code: Passage(f"{topic['label']}: {topic['definition']}", TAXONOMY, (top(code),))
        for code, topic in taxonomy.items()
    }


def plain(data: Path, most: int, seed: int = 3) -> list[Passage]:
    """Return at most `most` passages of the plain corpora, at most 45 words each, in random order."""
    chance = random.Random(seed)
    found: list[Passage] = []
    for source, share in PLAIN.items():
        for row in _rows(data / source / "train.jsonl.gz"):
            if source in SENTENCES:
                passages = [row["text"]] if chance.random() < share else []
            else:
                passages = list(_passages(row["text"], chance))
            limit = _MOST_OF_A_NOVEL if source == FICTION else _MOST_OF_A_TEXT
            if len(passages) > limit:
                passages = chance.sample(passages, limit)
            found += [Passage(" ".join(p.split()), source) for p in passages if 6 <= len(p.split()) <= 120]
    chance.shuffle(found)
    return [passage for passage in found if len(passage.text.split()) <= 45][:most]


def _passages(text: str, chance: random.Random) -> Iterator[str]:
    current, wanted = "", chance.randint(12, 45)
    pieces = [s.strip() for line in text.split("\n") for s in _SENTENCE.split(line) if s.strip()]
    for piece in pieces:
        current = f"{current} {piece}".strip()
        if len(current.split()) >= wanted:
            yield current
            current, wanted = "", chance.randint(12, 45)


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def tokens_of(passages: list[Passage]) -> list[list[str]]:
    """Return the tokens of each passage as `classify` sees them, in their spelling."""
    return [[word for _, word in words_of(each.text, 0, len(each.text))] for each in passages]
