"""Weights to start from: MiniLM-L6 and MPNet as sentence-transformers published them, and finished runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch

from training.model import NewsModel, shape_of

if TYPE_CHECKING:
    from pathlib import Path

    from torch import Tensor

    from training.model import Encoder, Shape

MPNET_SPECIALS = 4
"""MPNet's own marks stand before the vocabulary that it shares with BERT, in BERT's order."""

BERT_MARKS = {0: 1, 101: 0, 102: 2}
"""[PAD], [CLS], [SEP] of BERT's vocabulary -> <pad>, <s>, </s> of MPNet's."""

BERT_NAMES = {
    "query": "attention.self.query",
    "key": "attention.self.key",
    "value": "attention.self.value",
    "out": "attention.output.dense",
    "norm": "attention.output.LayerNorm",
    "up": "intermediate.dense",
    "down": "output.dense",
    "last_norm": "output.LayerNorm",
}
MPNET_NAMES = {
    **BERT_NAMES,
    "query": "attention.attn.q",
    "key": "attention.attn.k",
    "value": "attention.attn.v",
    "out": "attention.attn.o",
    "norm": "attention.LayerNorm",
}


def read_checkpoint(path: Path) -> dict[str, Tensor]:
    """The tensors of a safetensors file."""
    from safetensors.torch import load_file

    return {name: value.float() for name, value in load_file(path).items() if value.is_floating_point()}


def start_from(encoder: Encoder, weights: dict[str, Tensor], layers: list[int]) -> None:
    """Copy a checkpoint's weights into `encoder`, taking its layers `layers` in that order.

    Where the encoder's layers are narrower inside, see `narrowed`.
    """
    table, positions = (weights[f"embeddings.{name}_embeddings.weight"] for name in ("word", "position"))
    own: dict[str, Tensor] = {
        "features.weight": encoder.features.weight.data,
        "norm.weight": weights["embeddings.LayerNorm.weight"],
        "norm.bias": weights["embeddings.LayerNorm.bias"],
    }
    if encoder.distances is None:
        names = BERT_NAMES
        positions = positions + weights["embeddings.token_type_embeddings.weight"][0]
    else:
        names = MPNET_NAMES
        own["distances.weight"] = weights["encoder.relative_attention_bias.weight"]
        marks = {number: table[mark].clone() for number, mark in BERT_MARKS.items()}
        table = table[MPNET_SPECIALS : MPNET_SPECIALS + encoder.pieces.num_embeddings].clone()
        for number, row in marks.items():
            table[number] = row
        positions = positions[2:]  # the first two stand for padding
    own["pieces.weight"], own["positions.weight"] = table, positions
    for index, source in enumerate(layers):
        for kind in ("weight", "bias"):
            start = f"encoder.layer.{source}."
            own[f"layers.{index}.qkv.{kind}"] = torch.cat(
                [weights[f"{start}{names[part]}.{kind}"] for part in ("query", "key", "value")]
            )
            for short in ("out", "norm", "up", "down", "last_norm"):
                own[f"layers.{index}.{short}.{kind}"] = weights[f"{start}{names[short]}.{kind}"]
    encoder.load_state_dict(narrowed(own, encoder.shape))


def finished(state_file: Path) -> tuple[NewsModel, dict[str, Any]]:
    """The model of a run with its averaged weights, and the run's recipe with its `labels` and `steps`."""
    state = torch.load(state_file, map_location="cpu", weights_only=True)
    model = NewsModel(shape_of(state["plan"]), state["labels"])
    model.load_state_dict({**state["model"], **state["average"]})
    return model.eval(), {**state["plan"], "labels": state["labels"], "steps": state["steps"]}


def between(first: dict[str, Tensor], second: dict[str, Tensor], share: float) -> dict[str, Tensor]:
    """Weights `share` of the way from one run to another that started from it (Wortsman et al. 2022).

    A run that learns something new forgets a little; on the way there lie models that have most of both.
    """
    return {
        name: value.lerp(second[name], share) if value.is_floating_point() else second[name]
        for name, value in first.items()
    }


def keep_layers(weights: dict[str, Tensor], layers: list[int]) -> dict[str, Tensor]:
    """The weights of a model of which only `layers` of the encoder are kept, renumbered."""
    kept = {}
    for name, value in weights.items():
        parts = name.split(".")
        if name.startswith("encoder.layers."):
            if int(parts[2]) not in layers:
                continue
            parts[2] = str(layers.index(int(parts[2])))
        kept[".".join(parts)] = value
    return kept


def narrowed(weights: dict[str, Tensor], shape: Shape) -> dict[str, Tensor]:
    """The weights of a model of which every two-layer part keeps as many inner units as `shape` has.

    Kept are those with the largest product of the lengths of their weights in and out (as in Li et al. 2017).
    """
    out = dict(weights)
    for name, value in weights.items():
        first, last, size = _inner(name, shape)
        if not last or value.shape[0] <= size:
            continue
        after = weights[f"{last}.weight"]
        lengths = value.norm(dim=1) * after.norm(dim=0)
        kept = lengths.topk(size).indices.sort().values
        out |= {
            name: value[kept],
            f"{first}.bias": weights[f"{first}.bias"][kept],
            f"{last}.weight": after[:, kept],
        }
    return out


def _inner(name: str, shape: Shape) -> tuple[str, str, int]:
    """Names of the first and second layer of the two-layer part of a weight, and how many units it keeps."""
    first = name.removesuffix(".weight")
    if name.endswith(".up.weight"):
        return first, f"{first.removesuffix('.up')}.down", shape.inner
    if name.startswith("deep.") and name.endswith(".0.weight"):
        return first, f"{first.removesuffix('.0')}.3", shape.between
    return first, "", 0
