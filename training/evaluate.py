"""How sure the shipped model may be: calibration of every head on the development part of the corpora.

A temperature divides the logits of a head before the softmax (Guo et al. 2017). It is the one with the lowest
negative log-likelihood. The quality of spans and trees is measured by `benchmarks.quality`, on text; here are
the accuracy of single words and the expected calibration error, before and after.
"""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np

from tasks.extract.encoder import model as running
from tasks.extract.encoder.doc_words import DocWords
from tasks.extract.encoder.encoded import encode
from training import documents
from training.batches import IGNORE, EntityStates, targets_of
from training.labels import TONES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from tasks.extract.encoder.encoded import Encoded
    from training.batches import Targets
    from training.documents import Document

HEADS = ("entities", "source", "cue", "content", "sentence_start", "tone")
TEMPERATURES = np.geomspace(0.5, 4.0, 61)
BINS = 15
Sample = tuple["NDArray[np.float32]", "NDArray[np.bool_]"]
"""Logits [columns] and which columns are right."""


def _entity_rows(encoded: Encoded, states: NDArray[np.int64], table: NDArray[np.bool_]) -> Iterator[Sample]:
    for logits, state in zip(encoded.scored["entities"], states, strict=False):
        if not table[state][0] or not table[state].any() or table[state].sum() == 1:
            yield logits, table[state]


def _one(columns: int, right: int) -> NDArray[np.bool_]:
    row = np.zeros(columns, dtype=np.bool_)
    row[right] = True
    return row


def _samples(
    document: Document, encoded: Encoded, targets: Targets, table: NDArray[np.bool_]
) -> Iterator[tuple[str, Sample]]:
    for head, values in targets.arrays.items():
        if head == "entities":
            yield from (("entities", sample) for sample in _entity_rows(encoded, values, table))
        elif head == "sentence_start":
            for logit, value in zip(encoded.scored[head][:, 0], values, strict=False):
                yield head, (np.array([0.0, logit], dtype=np.float32), _one(2, int(value)))
        elif head in encoded.scored:
            for logits, value in zip(encoded.scored[head], values, strict=False):
                if value != IGNORE:
                    yield head, (logits, _one(len(logits), int(value)))
    for start, end, label in document.tone or ():
        yield "tone", (encoded.scored["tone"][start:end].mean(axis=0), _one(3, TONES.index(label)))


def _soft(logits: NDArray[np.float32], temperature: float) -> NDArray[np.float32]:
    scaled = np.exp((logits - logits.max(axis=1, keepdims=True)) / temperature)
    return scaled / scaled.sum(axis=1, keepdims=True)


def _loss(logits: NDArray[np.float32], right: NDArray[np.bool_], temperature: float) -> float:
    good = (_soft(logits, temperature) * right).sum(axis=1)
    return float(-np.log(np.maximum(good, 1e-9)).mean())


def _calibration_error(logits: NDArray[np.float32], right: NDArray[np.bool_], temperature: float) -> float:
    """Expected calibration error in per cent, over BINS bins of equal width."""
    soft = _soft(logits, temperature)
    best = soft.argmax(axis=1)
    sure, hit = soft.max(axis=1), right[np.arange(len(best)), best]
    bins = np.minimum((sure * BINS).astype(int), BINS - 1)
    error = 0.0
    for number in range(BINS):
        inside = bins == number
        if inside.any():
            error += float(inside.mean()) * abs(float(sure[inside].mean()) - float(hit[inside].mean()))
    return 100 * error


def _collect(model: running.NewsModel, corpus: Iterable[Document]) -> dict[str, list[Sample]]:
    numbers: dict[str, dict[str, int]] = {name: {} for name in ("upos", "xpos", "lemma", "relation")}
    states = EntityStates()
    found: dict[str, list[Sample]] = defaultdict(list)
    for document in corpus:
        targets = targets_of(document, states, numbers)
        words = DocWords(document.words, document.gaps, list(range(len(document.words))))
        encoded = encode(model, words, max_pieces=10**9)
        table = states.table()
        for head, sample in _samples(document, encoded, targets, table):
            found[head].append(sample)
    return found


def calibrate(folder: Path, files: list[Path], *, write: bool) -> dict[str, dict[str, float]]:
    """Temperature, accuracy and calibration error (before, after; per cent) by head; `write` keeps them.

    `folder` is one that `export` wrote, `files` are prepared development documents.
    """
    model = running.load(folder)
    found = _collect(model, (document for file in files for document in documents.read(file)))
    figures = {}
    for head, samples in found.items():
        if head not in HEADS:
            continue
        logits = np.stack([logits for logits, _ in samples])
        right = np.stack([row for _, row in samples])
        best = min(TEMPERATURES.tolist(), key=lambda value: _loss(logits, right, value))
        hit = right[np.arange(len(right)), logits.argmax(axis=1)]
        figures[head] = {
            "temperature": round(best, 3),
            "accuracy": 100 * float(hit.mean()),
            "error_before": _calibration_error(logits, right, 1.0),
            "error": _calibration_error(logits, right, best),
        }
    if write:
        path = folder / running.DESCRIPTION
        about = json.loads(path.read_text(encoding="utf-8"))
        about["temperatures"] = {head: row["temperature"] for head, row in sorted(figures.items())}
        path.write_text(json.dumps(about, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return figures
