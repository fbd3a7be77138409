"""A training run -> the folder that ships: `news.onnx`, `vocab.txt` and `model.json` with their digests."""

from __future__ import annotations

import hashlib
import json
import shutil
from typing import TYPE_CHECKING

import torch

from training.graph import build
from training.labels import ATTRIBUTION_LAYERS, ENTITY_TAGS, SPAN_TAGS, TONES
from training.model import NewsModel, Shape

if TYPE_CHECKING:
    from pathlib import Path

WEIGHTS, VOCABULARY, DESCRIPTION = "news.onnx", "vocab.txt", "model.json"


def load(state_file: Path) -> tuple[NewsModel, dict]:
    """The model of a run with its averaged weights, and the run's recipe."""
    state = torch.load(state_file, map_location="cpu", weights_only=True)
    model = NewsModel(Shape(layers=len(state["plan"]["layers"])), state["labels"])
    model.load_state_dict({**state["model"], **state["average"]})
    return model.eval(), {**state["plan"], "labels": state["labels"], "steps": state["steps"]}


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def export(state_file: Path, vocabulary: Path, folder: Path, version: str, *, eight_bit: bool = True) -> None:
    """Write the model of `state_file` to `folder`. Temperatures come later, from `evaluate --calibrate`."""
    model, plan = load(state_file)
    folder.mkdir(parents=True, exist_ok=True)
    weights = {name: value.numpy() for name, value in model.state_dict().items()}
    graph = build(
        weights, model.shape, list(model.flat), list(model.deep), plan["max_pieces"], eight_bit=eight_bit
    )
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
        "max_pieces": plan["max_pieces"],
        "files": {name: _digest(folder / name) for name in (WEIGHTS, VOCABULARY)},
        "slices": {name: list(ends) for name, ends in model.slices.items()},
        "labels": labels,
        "temperatures": {},
    }
    text = json.dumps(description, ensure_ascii=False, indent=1)
    (folder / DESCRIPTION).write_text(text + "\n", encoding="utf-8")
