"""A training run -> the folder that ships: `news.onnx`, `vocab.txt` and `model.json` with their digests."""

from __future__ import annotations

import hashlib
import json
import shutil
from dataclasses import replace
from itertools import islice
from random import Random
from typing import TYPE_CHECKING

import torch

from tasks.extract.encoder.pieces import WordPieces
from training import documents
from training.batches import EntityStates, targets_of, windows_of
from training.checkpoints import finished
from training.graph import Arithmetic, build
from training.labels import ATTRIBUTION_LAYERS, ENTITY_TAGS, SPAN_TAGS, TONES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from training.documents import Document
    from training.model import NewsModel

CALIBRATION_DOCUMENTS = 200
MAX_PIECES = 192

WEIGHTS, VOCABULARY, DESCRIPTION = "news.onnx", "vocab.txt", "model.json"


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def ranges_of(
    model: NewsModel, corpus: Iterable[Document], pieces: WordPieces
) -> dict[str, tuple[float, float]]:
    """The lowest and highest input of every linear layer over the first window of each document."""
    found: dict[str, tuple[float, float]] = {}

    def watch(name: str) -> Callable[..., None]:
        def hook(_: torch.nn.Module, inputs: tuple[torch.Tensor, ...]) -> None:
            low, high = found.get(name, (0.0, 0.0))
            found[name] = (min(low, float(inputs[0].min())), max(high, float(inputs[0].max())))

        return hook

    for name, module in model.named_modules():
        if isinstance(module, torch.nn.Linear):
            module.register_forward_pre_hook(watch(name))
    numbers: dict[str, dict[str, int]] = {name: {} for name in ("upos", "xpos", "lemma", "relation")}
    for document in corpus:
        targets = targets_of(document, EntityStates(), numbers)
        window = next(windows_of(document, targets, pieces, MAX_PIECES, Random(0)))
        rows = (window.pieces, window.features, window.words)
        with torch.no_grad():
            model(*(torch.tensor(row)[None] for row in rows))
    found["deep"] = found[next(name for name in found if name.startswith("deep.") and name.endswith(".0"))]
    return found


def export(
    state_file: Path,
    vocabulary: Path,
    folder: Path,
    version: str,
    arithmetic: Arithmetic,
    *,
    calibration: Path | None = None,
    max_pieces: int | None = None,
) -> None:
    """Write the model of `state_file` to `folder`. Temperatures come later, from `evaluate --calibrate`.

    `calibration` is a prepared file whose documents tell the ranges that static arithmetic needs;
    `max_pieces` of a window are the recipe's unless given.
    """
    model, plan = finished(state_file)
    for head, less in plan.get("outside_less", {}).items():
        model.flat[head].bias.data[SPAN_TAGS.index("O")] -= less
    limit = max_pieces or plan["max_pieces"]
    if calibration is not None:
        pieces = WordPieces(vocabulary.read_text(encoding="utf-8").split("\n")[:-1])
        corpus = islice(documents.read(calibration), CALIBRATION_DOCUMENTS)
        arithmetic = replace(arithmetic, ranges=ranges_of(model, corpus, pieces))
    folder.mkdir(parents=True, exist_ok=True)
    weights = {name: value.numpy() for name, value in model.state_dict().items()}
    graph = build(weights, model.shape, (list(model.flat), list(model.deep)), limit, arithmetic)
    (folder / WEIGHTS).write_bytes(graph.SerializeToString(deterministic=True))
    shutil.copyfile(vocabulary, folder / VOCABULARY)
    labels = {
        "entities": list(ENTITY_TAGS),
        **{layer: list(SPAN_TAGS) for layer in ATTRIBUTION_LAYERS},
        "tone": list(TONES),
        **plan["labels"],
    }
    description = {
        "name": "news",
        "version": version,
        "max_pieces": limit,
        "files": {name: _digest(folder / name) for name in (WEIGHTS, VOCABULARY)},
        "slices": {name: list(ends) for name, ends in model.slices.items()},
        "labels": labels,
        "temperatures": {},
    }
    text = json.dumps(description, ensure_ascii=False, indent=1)
    (folder / DESCRIPTION).write_text(text + "\n", encoding="utf-8")
