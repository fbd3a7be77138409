"""A training document: words with gaps, and whatever one corpus annotates of them.

What a corpus does not annotate is None, which is not the same as an empty list: None teaches nothing, an
empty list teaches that there is nothing.
"""

from __future__ import annotations

import gzip
import json
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

Span = tuple[int, int, str]
"""First word, last word + 1, label."""


@dataclass(slots=True)
class Attribution:
    """Word spans (first, last + 1) of one report: its content may be split."""

    source: list[tuple[int, int]]
    cue: list[tuple[int, int]]
    content: list[tuple[int, int]]


@dataclass(slots=True)
class Word:
    """What Universal Dependencies says of one word. `head` is the index of a word, or -1 for the root."""

    upos: str
    xpos: str
    lemma: str
    head: int
    relation: str


@dataclass(slots=True)
class Document:
    """`gaps` are indexes into GAPS; `sentence_starts` are word indexes; `tone` labels word spans."""

    id: str
    corpus: str
    words: list[str]
    gaps: list[int]
    entities: list[Span] | None = None
    attributions: list[Attribution] | None = None
    syntax: list[Word] | None = None
    sentence_starts: list[int] | None = None
    tone: list[Span] | None = None
    extra: dict[str, str] = field(default_factory=dict)


def write(path: Path, documents: Iterable[Document]) -> int:
    """Write gzipped JSON Lines; how many documents were written."""
    count = 0
    with gzip.open(path, "wt", encoding="utf-8", compresslevel=3) as file:
        for document in documents:
            file.write(json.dumps(asdict(document), ensure_ascii=False) + "\n")
            count += 1
    return count


def _pairs(spans: list[list[int]]) -> list[tuple[int, int]]:
    return [(start, end) for start, end in spans]


def _document(row: dict) -> Document:
    if row["entities"] is not None:
        row["entities"] = [(start, end, label) for start, end, label in row["entities"]]
    if row["tone"] is not None:
        row["tone"] = [(start, end, label) for start, end, label in row["tone"]]
    if row["attributions"] is not None:
        row["attributions"] = [
            Attribution(*(_pairs(part[name]) for name in ("source", "cue", "content")))
            for part in row["attributions"]
        ]
    if row["syntax"] is not None:
        row["syntax"] = [Word(**word) for word in row["syntax"]]
    return Document(**row)


def read(path: Path) -> Iterator[Document]:
    """The documents of one prepared file."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            yield _document(json.loads(line))
