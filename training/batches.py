"""Documents -> windows with targets -> padded batches.

Windows are cut anew in every epoch, at a random place, so that no word always stands at an edge. Syntax
documents are cut only between sentences. -100 marks a word that a head learns nothing from.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tasks.extract.encoder.lemmas import script_of
from tasks.extract.encoder.pieces import MARK_FEATURE, features_of
from training.labels import ATTRIBUTION_LAYERS, ENTITY_TAGS, OUTSIDE, PARTIAL, TONES, possible

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from random import Random

    from tasks.extract.encoder.pieces import WordPieces
    from training.documents import Document, Span

IGNORE = -100
FLAT_TARGETS = (
    *ATTRIBUTION_LAYERS,
    "upos",
    "xpos",
    "lemma",
    "sentence_start",
    "arc",
    "relation",
    "source_link",
    "cue_link",
)


MARKED_AT_LEAST = 30
"""Entities of a type in all corpora of a run, below which no unmarked word may be of that type."""


class EntityStates:
    """Every set of allowed tags that occurs, numbered; `table()` is a boolean matrix [states, tags].

    A type that no corpus marks is ruled out for unmarked words: nothing would say which are not of it.
    """

    def __init__(self) -> None:
        self._numbers: dict[tuple[str, frozenset[str]], int] = {}
        self._marked: Counter[str] = Counter()

    def learn(self, corpus: Iterable[Document]) -> None:
        """Number all that the documents, whole or damaged, can ask for; the numbers then stay as they are."""
        for document in corpus:
            if document.entities is not None:
                _entity_states(document, self)
                found = (labels for *_, labels in _marked(document))
                self._marked.update(label for labels in found if len(labels) == 1 for label in labels)
        for labels in {labels for _, labels in self._numbers}:
            for place in "BILUO":
                self.number(place, labels)

    def number(self, place: str, labels: frozenset[str]) -> int:
        """The state of a word that stands at `place` (B, I, L, U or O) of something of these labels."""
        return self._numbers.setdefault((place, labels), len(self._numbers))

    def table(self) -> np.ndarray:
        """Which tags each state allows."""
        table = np.zeros((max(len(self._numbers), 1), len(ENTITY_TAGS)), dtype=np.bool_)
        for (place, labels), number in self._numbers.items():
            for column, tag in enumerate(ENTITY_TAGS):
                kind, _, label = tag.partition("-")
                if kind == "O":
                    table[number, column] = "O" in labels
                elif label in labels:
                    unmarked = place == "O" and self._marked[label] >= MARKED_AT_LEAST
                    table[number, column] = unmarked or place == kind
        return table


@dataclass(slots=True)
class Targets:
    """One array a head over the words of a document (or window)."""

    arrays: dict[str, np.ndarray]
    tone: list[Span]


def _bio(length: int, spans: Sequence[tuple[int, int]]) -> np.ndarray:
    tags = np.zeros(length, dtype=np.int64)
    for start, end in spans:
        tags[start] = 1
        tags[start + 1 : end] = 2
    return tags


def _marked(document: Document) -> Iterator[tuple[int, int, frozenset[str]]]:
    """First word, past the last, and possible types of each entity that may be learned from."""
    partial = PARTIAL.get(document.corpus)
    for start, end, label in document.entities or ():
        if partial is None or label in partial:
            yield start, end, possible(document.corpus, label, document.words[start:end])


def _entity_states(document: Document, states: EntityStates) -> np.ndarray:
    corpus = document.corpus
    assert document.entities is not None
    outside = states.number("O", OUTSIDE.get(corpus, frozenset({"O"})))
    row = np.full(len(document.words), outside, dtype=np.int64)
    for start, end, labels in _marked(document):
        for index in range(start, end):
            last = index == end - 1
            place = ("U" if last else "B") if index == start else "L" if last else "I"
            row[index] = states.number(place, labels)
    return row


def targets_of(document: Document, states: EntityStates, numbers: dict[str, dict[str, int]]) -> Targets:
    """What the heads should say of every word of `document`."""
    length = len(document.words)
    arrays: dict[str, np.ndarray] = {}
    if document.entities is not None:
        arrays["entities"] = _entity_states(document, states)
    if document.attributions is not None:
        reports = document.attributions
        layers = {
            "source": [span for report in reports for span in report.source],
            "cue": [span for report in reports for span in report.cue],
            "content": [span for report in reports for span in report.content],
        }
        for name, spans in layers.items():
            longest_last = sorted(set(spans), key=lambda span: (span[1] - span[0], span))
            arrays[name] = _bio(length, longest_last)
        source = np.full(length, IGNORE, dtype=np.int64)
        cue = source.copy()
        for report in reports:
            for start, _ in report.content:
                source[start] = report.source[0][0] if report.source else -1
                cue[start] = report.cue[0][0] if report.cue else -1
        arrays["source_link"], arrays["cue_link"] = source, cue
    if document.syntax is not None:
        syntax = document.syntax
        known = {name: numbers[name].get for name in ("upos", "xpos", "lemma", "relation")}
        arrays["upos"] = np.array([known["upos"](word.upos, IGNORE) for word in syntax])
        arrays["xpos"] = np.array([known["xpos"](word.xpos, IGNORE) for word in syntax])
        arrays["relation"] = np.array([known["relation"](word.relation, IGNORE) for word in syntax])
        arrays["arc"] = np.array([word.head for word in syntax], dtype=np.int64)
        scripts = (script_of(form, word.lemma) for form, word in zip(document.words, syntax, strict=True))
        arrays["lemma"] = np.array([known["lemma"](script, IGNORE) for script in scripts])
    if document.sentence_starts is not None:
        arrays["sentence_start"] = np.zeros(length, dtype=np.int64)
        arrays["sentence_start"][document.sentence_starts] = 1
    return Targets(arrays, document.tone or [])


@dataclass(slots=True)
class Window:
    """One window: pieces and features with [CLS] and [SEP], where each word begins, and its targets."""

    pieces: list[int]
    features: list[int]
    words: list[int]
    targets: Targets


def _cut(targets: Targets, first: int, last: int) -> Targets:
    arrays = {}
    for name, row in targets.arrays.items():
        part = row[first:last]
        if name in {"arc", "source_link", "cue_link"}:
            inside = (part >= first) & (part < last)
            part = np.where(inside, part - first + 1, np.where(part == -1, 0, IGNORE))
        arrays[name] = part
    tone = [(s - first, e - first, label) for s, e, label in targets.tone if first <= s and e <= last]
    return Targets(arrays, tone)


def windows_of(
    document: Document, targets: Targets, pieces: WordPieces, limit: int, chance: Random
) -> Iterator[Window]:
    """Cut a document into windows of at most `limit` pieces, the first of a random length."""
    split = [pieces.split(word)[: limit - 2] for word in document.words]
    breaks = document.sentence_starts
    room = limit - 2
    first = 0
    budget = room if breaks is not None or len(split) * 1.3 < room else chance.randint(room // 4, room)
    while first < len(split):
        last, used = first, 0
        while last < len(split) and used + len(split[last]) <= budget:
            used += len(split[last])
            last += 1
        if last == first:  # the random first budget was smaller than one word
            last = first + 1
        if breaks is not None and last < len(split):
            inside = [start for start in breaks if first < start <= last]
            last = inside[-1] if inside else last
        yield _window(document, targets, pieces, split, (first, last))
        first, budget = last, room


def _window(
    document: Document,
    targets: Targets,
    pieces: WordPieces,
    split: list[tuple[int, ...]],
    ends: tuple[int, int],
) -> Window:
    first, last = ends
    ids, features, words = [pieces.cls], [MARK_FEATURE], [0]
    for index in range(first, last):
        words.append(len(ids))
        ids.extend(split[index])
        features.extend(features_of(document.words[index], document.gaps[index], len(split[index])))
    ids.append(pieces.sep)
    features.append(MARK_FEATURE)
    return Window(ids, features, words, _cut(targets, first, last))


def batches_of(windows: list[Window], pieces_per_batch: int, chance: Random) -> Iterator[list[Window]]:
    """Batches of windows of like length, at most `pieces_per_batch` with padding, in random order."""
    chance.shuffle(windows)
    block = 2048
    ready: list[list[Window]] = []
    for start in range(0, len(windows), block):
        batch: list[Window] = []
        longest = 0
        for window in sorted(windows[start : start + block], key=lambda window: len(window.pieces)):
            longest = max(longest, len(window.pieces))
            if batch and longest * (len(batch) + 1) > pieces_per_batch:
                ready.append(batch)
                batch, longest = [], len(window.pieces)
            batch.append(window)
        if batch:
            ready.append(batch)
    chance.shuffle(ready)
    yield from ready


def collate(batch: list[Window]) -> dict[str, np.ndarray]:
    """Padded arrays; targets have one row for the root in front, ignored."""
    count = len(batch)
    longest = max(len(window.pieces) for window in batch)
    most = max(len(window.words) for window in batch)
    tensors = {name: np.zeros((count, longest), dtype=np.int64) for name in ("pieces", "features", "mask")}
    tensors["words"] = np.zeros((count, most), dtype=np.int64)
    for name in ("entities", *FLAT_TARGETS):
        tensors[name] = np.full((count, most), IGNORE, dtype=np.int64)
    tensors["real"] = np.zeros((count, most), dtype=np.int64)
    spans: list[tuple[int, int, int, int]] = []
    for row, window in enumerate(batch):
        tensors["pieces"][row, : len(window.pieces)] = window.pieces
        tensors["features"][row, : len(window.features)] = window.features
        tensors["mask"][row, : len(window.pieces)] = 1
        tensors["words"][row, : len(window.words)] = window.words
        tensors["real"][row, : len(window.words)] = 1
        for name, values in window.targets.arrays.items():
            tensors[name][row, 1 : len(values) + 1] = values
        spans.extend((row, s + 1, e + 1, TONES.index(label)) for s, e, label in window.targets.tone)
    tensors["tone"] = np.array(spans, dtype=np.int64).reshape(-1, 4)
    return tensors
