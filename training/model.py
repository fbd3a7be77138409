"""The network: a BERT encoder with a feature embedding added, and one linear or two-layer head a task.

The weights of the encoder start from MiniLM-L6 (Wang et al. 2020, Apache-2.0). Each head writes its own
columns of one score matrix; SLICES in `Heads` says which. Row 0 of a window is its [CLS] piece and stands
for the root of a sentence, for `no source` and for `no cue`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn
from torch.nn import functional

from tasks.extract.encoder.pieces import FEATURES
from training.labels import ATTRIBUTION_LAYERS, ENTITY_TAGS, SPAN_TAGS, TONES

if TYPE_CHECKING:
    from pathlib import Path

ARC_WIDTH = 128
LINK_WIDTH = 64
HIDDEN = 256
LAYER_NORM_EPSILON = 1e-12


@dataclass(frozen=True, slots=True)
class Shape:
    """Sizes of the encoder; the defaults are MiniLM-L6's."""

    vocabulary: int = 30522
    width: int = 384
    layers: int = 6
    heads: int = 12
    inner: int = 1536
    positions: int = 512
    dropout: float = 0.1


class SharedDropout(nn.Module):
    """Dropout with one mask for all positions of a window (Gal and Ghahramani 2016): as good, far cheaper."""

    def __init__(self, share: float) -> None:
        super().__init__()
        self.share = share

    def forward(self, hidden: Tensor) -> Tensor:
        """Hidden [batch, positions, width]."""
        if not self.training or self.share == 0:
            return hidden
        kept = torch.rand(hidden.shape[0], 1, hidden.shape[2], device=hidden.device) >= self.share
        return hidden * (kept.to(hidden.dtype) / (1 - self.share))


class Layer(nn.Module):
    """One post-norm transformer layer, as BERT has it."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.heads = shape.heads
        self.qkv = nn.Linear(shape.width, 3 * shape.width)
        self.out = nn.Linear(shape.width, shape.width)
        self.norm = nn.LayerNorm(shape.width, eps=LAYER_NORM_EPSILON)
        self.up = nn.Linear(shape.width, shape.inner)
        self.down = nn.Linear(shape.inner, shape.width)
        self.last_norm = nn.LayerNorm(shape.width, eps=LAYER_NORM_EPSILON)
        self.dropout = SharedDropout(shape.dropout)

    def forward(self, hidden: Tensor, mask: Tensor | None) -> Tensor:
        """Hidden [batch, pieces, width], mask [batch, 1, 1, pieces] true where there is a piece."""
        batch, pieces, width = hidden.shape
        parts = (
            self.qkv(hidden).view(batch, pieces, 3, self.heads, width // self.heads).permute(2, 0, 3, 1, 4)
        )
        mixed = functional.scaled_dot_product_attention(parts[0], parts[1], parts[2], mask)
        mixed = mixed.transpose(1, 2).reshape(batch, pieces, width)
        hidden = self.norm(hidden + self.dropout(self.out(mixed)))
        return self.last_norm(hidden + self.dropout(self.down(functional.gelu(self.up(hidden)))))


class Encoder(nn.Module):
    """Pieces and features -> hidden states [batch, pieces, width]."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.pieces = nn.Embedding(shape.vocabulary, shape.width)
        self.positions = nn.Embedding(shape.positions, shape.width)
        self.features = nn.Embedding(FEATURES, shape.width)
        self.norm = nn.LayerNorm(shape.width, eps=LAYER_NORM_EPSILON)
        self.dropout = SharedDropout(shape.dropout)
        self.layers = nn.ModuleList(Layer(shape) for _ in range(shape.layers))
        nn.init.normal_(self.features.weight, std=0.02)

    def forward(self, pieces: Tensor, features: Tensor, mask: Tensor | None) -> Tensor:
        """Pieces and features [batch, pieces]."""
        positions = torch.arange(pieces.shape[1], device=pieces.device)
        hidden = self.pieces(pieces) + self.positions(positions) + self.features(features)
        hidden = self.dropout(self.norm(hidden))
        for layer in self.layers:
            hidden = layer(hidden, mask)
        return hidden


def _two_layers(width: int, out: int, dropout: float) -> nn.Module:
    return nn.Sequential(nn.Linear(width, HIDDEN), nn.GELU(), SharedDropout(dropout), nn.Linear(HIDDEN, out))


class NewsModel(nn.Module):
    """The encoder and all heads. `labels` gives the label lists of upos, xpos, lemma and relation."""

    def __init__(self, shape: Shape, labels: dict[str, list[str]]) -> None:
        super().__init__()
        self.shape = shape
        self.encoder = Encoder(shape)
        self.dropout = SharedDropout(shape.dropout)
        flat = {
            "entities": len(ENTITY_TAGS),
            **dict.fromkeys(ATTRIBUTION_LAYERS, len(SPAN_TAGS)),
            "upos": len(labels["upos"]),
            "xpos": len(labels["xpos"]),
            "lemma": len(labels["lemma"]),
            "sentence_start": 1,
            "tone": len(TONES),
        }
        relations = len(labels["relation"])
        deep = {
            "arc_dependent": ARC_WIDTH,
            "arc_head": ARC_WIDTH,
            "relation_dependent": relations,
            "relation_head": relations,
            "source_query": LINK_WIDTH,
            "source_key": LINK_WIDTH,
            "cue_query": LINK_WIDTH,
            "cue_key": LINK_WIDTH,
        }
        self.flat = nn.ModuleDict({name: nn.Linear(shape.width, size) for name, size in flat.items()})
        self.deep = nn.ModuleDict(
            {name: _two_layers(shape.width, size, shape.dropout) for name, size in deep.items()}
        )
        self.slices: dict[str, tuple[int, int]] = {}
        start = 0
        for name, size in (*flat.items(), *deep.items()):
            self.slices[name] = (start, start + size)
            start += size

    def forward(self, pieces: Tensor, features: Tensor, words: Tensor, mask: Tensor | None = None) -> Tensor:
        """Scores [batch, words, columns]; `words` [batch, words] are positions in `pieces`."""
        hidden = self.encoder(pieces, features, mask)
        index = words.unsqueeze(-1).expand(-1, -1, hidden.shape[-1])
        rows = self.dropout(hidden.gather(1, index))
        return torch.cat([head(rows) for head in (*self.flat.values(), *self.deep.values())], dim=-1)


def load_bert(encoder: Encoder, weights: dict[str, Tensor], layers: list[int]) -> None:
    """Copy a BERT checkpoint's weights into `encoder`, taking its layers `layers` in that order."""
    own: dict[str, Tensor] = {
        "pieces.weight": weights["embeddings.word_embeddings.weight"],
        "positions.weight": weights["embeddings.position_embeddings.weight"]
        + weights["embeddings.token_type_embeddings.weight"][0],
        "features.weight": encoder.features.weight.data,
        "norm.weight": weights["embeddings.LayerNorm.weight"],
        "norm.bias": weights["embeddings.LayerNorm.bias"],
    }
    names = {
        "out": "attention.output.dense",
        "norm": "attention.output.LayerNorm",
        "up": "intermediate.dense",
        "down": "output.dense",
        "last_norm": "output.LayerNorm",
    }
    for index, source in enumerate(layers):
        for kind in ("weight", "bias"):
            start = f"encoder.layer.{source}."
            own[f"layers.{index}.qkv.{kind}"] = torch.cat(
                [weights[f"{start}attention.self.{part}.{kind}"] for part in ("query", "key", "value")]
            )
            for short, long in names.items():
                own[f"layers.{index}.{short}.{kind}"] = weights[f"{start}{long}.{kind}"]
    encoder.load_state_dict(own)


def read_checkpoint(path: Path) -> dict[str, Tensor]:
    """The tensors of a safetensors file."""
    from safetensors.torch import load_file

    return load_file(path)
