"""The network: a BERT encoder with a feature embedding added, and one linear or two-layer head a task.

The weights of the encoder start from MiniLM-L6 (Wang et al. 2020, Apache-2.0), those of a teacher from
MPNet (Song et al. 2020, Apache-2.0); `checkpoints` reads both. Each head writes its own columns of one score
matrix; `slices` says which. Row 0 of a window is its [CLS] piece and stands for the root of a sentence, for
`no source` and for `no cue`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from tasks.extract.encoder.pieces import FEATURES
from training.labels import ATTRIBUTION_LAYERS, ENTITY_TAGS, SPAN_TAGS, TONES

ARC_WIDTH = 128
LINK_WIDTH = 64
FARTHEST = 128
"""Pieces farther apart than this are equally far to a teacher's attention."""


@dataclass(frozen=True, slots=True)
class Shape:
    """Sizes of the encoder; the defaults are MiniLM-L6's.

    `inner`: of a layer's second half; `between`: of the layer in a head that has two; `buckets`: of relative
    distance, 0 for none.
    """

    vocabulary: int = 30522
    width: int = 384
    layers: int = 6
    heads: int = 12
    inner: int = 1536
    between: int = 256
    positions: int = 512
    dropout: float = 0.1
    buckets: int = 0
    epsilon: float = 1e-12


SHAPES = {
    "minilm": Shape(),
    "mpnet": Shape(width=768, layers=12, inner=3072, buckets=32, epsilon=1e-5),
}


def shape_of(plan: dict[str, Any]) -> Shape:
    """The shape that a recipe asks for."""
    known = SHAPES[plan.get("architecture", "minilm")]
    own = {name: plan[name] for name in ("inner", "between", "dropout") if name in plan}
    return replace(known, layers=len(plan["layers"]), **own)


def half(device: torch.device) -> torch.autocast:
    """Half precision where the processor has instructions for it: elsewhere it takes forty times as long."""
    fast = device.type != "cpu" or torch.cpu._is_avx512_bf16_supported()  # noqa: SLF001 - no public twin
    return torch.autocast(device.type, dtype=torch.bfloat16, enabled=fast)


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


def _stepped(values: Tensor, scale: Tensor, low: float, high: float) -> Tensor:
    """`values` rounded to whole steps of `scale`; gradients pass as if they were not (Bengio et al. 2013)."""
    steps = torch.clamp(torch.round(values / scale), low, high) * scale
    return values + (steps - values).detach()


class Linear(nn.Linear):
    """A linear layer that can round its weights and inputs as the exported graph will (`graph.py`)."""

    bits = 0
    """Of a weight; 0 as long as nothing is rounded."""

    def forward(self, input: Tensor) -> Tensor:  # noqa: A002 - torch's name
        """Input [batch, rows, features]; one scale a window for it, one a column for the weights."""
        if not self.bits:
            return super().forward(input)
        most = 2 ** (self.bits - 1) - 1
        weight = self.weight.float()
        scale = weight.detach().abs().amax(1, keepdim=True).clamp(min=1e-8) / most
        rows = input.float()
        ends = rows.detach()
        low, high = (
            ends.amin((1, 2), keepdim=True).clamp(max=0),
            ends.amax((1, 2), keepdim=True).clamp(min=0),
        )
        step = ((high - low) / 255).clamp(min=1e-8)
        zero = torch.round(-low / step)
        rounded = _stepped(rows + zero * step, step, 0, 255) - zero * step
        return functional.linear(rounded, _stepped(weight, scale, -most, most), self.bias)


class Layer(nn.Module):
    """One post-norm transformer layer, as BERT has it."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.heads = shape.heads
        self.qkv = Linear(shape.width, 3 * shape.width)
        self.out = Linear(shape.width, shape.width)
        self.norm = nn.LayerNorm(shape.width, eps=shape.epsilon)
        self.up = Linear(shape.width, shape.inner)
        self.down = Linear(shape.inner, shape.width)
        self.last_norm = nn.LayerNorm(shape.width, eps=shape.epsilon)
        self.dropout = SharedDropout(shape.dropout)

    def forward(self, hidden: Tensor, mask: Tensor | None) -> Tensor:
        """Hidden [batch, pieces, width]; mask: what is added to the attention, or where there is a piece."""
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
        self.shape = shape
        self.pieces = nn.Embedding(shape.vocabulary, shape.width)
        self.positions = nn.Embedding(shape.positions, shape.width)
        self.features = nn.Embedding(FEATURES, shape.width)
        self.norm = nn.LayerNorm(shape.width, eps=shape.epsilon)
        self.dropout = SharedDropout(shape.dropout)
        self.distances = nn.Embedding(shape.buckets, shape.heads) if shape.buckets else None
        self.layers = nn.ModuleList(Layer(shape) for _ in range(shape.layers))
        nn.init.normal_(self.features.weight, std=0.02)

    def forward(self, pieces: Tensor, features: Tensor, mask: Tensor | None) -> Tensor:
        """Pieces and features [batch, pieces]."""
        positions = torch.arange(pieces.shape[1], device=pieces.device)
        hidden = self.pieces(pieces) + self.positions(positions) + self.features(features)
        hidden = self.dropout(self.norm(hidden))
        if self.distances is not None:
            near = self.distances(buckets(pieces.shape[1], self.distances.num_embeddings, pieces.device))
            near = near.permute(2, 0, 1).unsqueeze(0)  # [1, heads, pieces, pieces]
            mask = near if mask is None else near.masked_fill(~mask, -1e4)
            mask = mask.to(hidden.dtype if not torch.is_autocast_enabled() else torch.bfloat16)
        for layer in self.layers:
            hidden = layer(hidden, mask)
        return hidden


def buckets(pieces: int, count: int, device: torch.device) -> Tensor:
    """Which of `count` buckets the distance of two pieces falls into, [pieces, pieces], as in T5 and MPNet.

    Half of the buckets are for pieces behind, half of either for the nearest distances one by one, the rest
    for ranges that grow (Raffel et al. 2020, section 2.1).
    """
    places = torch.arange(pieces, device=device)
    distance = places[None, :] - places[:, None]
    half = count // 2
    exact = half // 2
    size = distance.abs()
    far = torch.log(size.clamp(min=1) / exact) / math.log(FARTHEST / exact) * (half - exact)
    far = (exact + far.long()).clamp(max=half - 1)
    return half * (distance > 0) + torch.where(size < exact, size, far)


def _two_layers(shape: Shape, out: int) -> nn.Module:
    first, last = Linear(shape.width, shape.between), nn.Linear(shape.between, out)
    return nn.Sequential(first, nn.GELU(), SharedDropout(shape.dropout), last)


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
        self.deep = nn.ModuleDict({name: _two_layers(shape, size) for name, size in deep.items()})
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

    def round_weights(self, bits: int) -> None:
        """From now on train with weights of `bits` bits, rounded as in the exported graph."""
        for module in self.modules():
            if isinstance(module, Linear):
                module.bits = bits
