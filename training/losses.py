"""The losses of all heads over one batch. Every supervised word counts the same, whatever its batch."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch.nn import functional

from training.batches import IGNORE
from training.labels import ATTRIBUTION_LAYERS
from training.model import ARC_WIDTH, LINK_WIDTH

if TYPE_CHECKING:
    from torch import Tensor

WORDS_PER_STEP = 1000.0
"""Sums are divided by this, so that a loss is about a mean over a batch."""


def columns_of(scores: Tensor, slices: dict[str, tuple[int, int]], name: str) -> Tensor:
    """The columns of one head."""
    start, end = slices[name]
    return scores[..., start:end]


def _sum(logits: Tensor, target: Tensor, smoothing: float = 0.0) -> Tensor:
    return functional.cross_entropy(
        logits.reshape(-1, logits.shape[-1]),
        target.reshape(-1),
        ignore_index=IGNORE,
        reduction="sum",
        label_smoothing=smoothing,
    )


def _allowed(logits: Tensor, states: Tensor, table: Tensor) -> Tensor:
    """-log of the probability of all allowed tags, summed over words that have a state."""
    known = states != IGNORE
    allowed = table[states.clamp(min=0)]
    total = torch.logsumexp(logits, dim=-1)
    good = torch.logsumexp(logits.masked_fill(~allowed, -1e4), dim=-1)
    return ((total - good) * known).sum()


def pairs_of(
    scores: Tensor, slices: dict[str, tuple[int, int]], names: tuple[str, str], width: int
) -> Tensor:
    """Scores [batch, words, words] of every word with every other."""
    query, key = (columns_of(scores, slices, name) for name in names)
    return torch.matmul(query, key.transpose(1, 2)) / width**0.5


def _pointer(pairs: Tensor, target: Tensor, real: Tensor) -> Tensor:
    pairs = pairs.masked_fill(~real.bool().unsqueeze(1), -1e4)
    return _sum(pairs, target)


def _relation(scores: Tensor, slices: dict[str, tuple[int, int]], batch: dict[str, Tensor]) -> Tensor:
    dependent, head = (columns_of(scores, slices, f"relation_{part}") for part in ("dependent", "head"))
    arcs = batch["arc"].clamp(min=0)
    at_head = head.gather(1, arcs.unsqueeze(-1).expand(-1, -1, head.shape[-1]))
    target = batch["relation"].masked_fill(batch["arc"] == IGNORE, IGNORE)
    return _sum(dependent + at_head, target)


def _tone(scores: Tensor, slices: dict[str, tuple[int, int]], spans: Tensor) -> Tensor:
    if not len(spans):
        return scores.new_zeros(())
    columns = columns_of(scores, slices, "tone")[spans[:, 0]]
    places = torch.arange(columns.shape[1], device=columns.device)
    inside = (places >= spans[:, 1:2]) & (places < spans[:, 2:3])
    means = (columns * inside.unsqueeze(-1)).sum(1) / inside.sum(1, keepdim=True)
    return functional.cross_entropy(means, spans[:, 3], reduction="sum", label_smoothing=0.05)


def losses(
    scores: Tensor, batch: dict[str, Tensor], slices: dict[str, tuple[int, int]], table: Tensor
) -> dict[str, Tensor]:
    """One number a head, summed over the batch's words and divided by WORDS_PER_STEP."""
    scores = scores.float()
    out = {"entities": _allowed(columns_of(scores, slices, "entities"), batch["entities"], table)}
    for name in (*ATTRIBUTION_LAYERS, "upos", "xpos", "lemma"):
        out[name] = _sum(columns_of(scores, slices, name), batch[name])
    start = batch["sentence_start"]
    known = start != IGNORE
    logits = columns_of(scores, slices, "sentence_start").squeeze(-1)
    each = functional.binary_cross_entropy_with_logits(logits, start.clamp(min=0).float(), reduction="none")
    out["sentence_start"] = (each * known).sum()
    real = batch["real"]
    out["arc"] = _pointer(
        pairs_of(scores, slices, ("arc_dependent", "arc_head"), ARC_WIDTH), batch["arc"], real
    )
    out["relation"] = _relation(scores, slices, batch)
    for name in ("source", "cue"):
        pairs = pairs_of(scores, slices, (f"{name}_query", f"{name}_key"), LINK_WIDTH)
        out[f"{name}_link"] = _pointer(pairs, batch[f"{name}_link"], real)
    out["tone"] = _tone(scores, slices, batch["tone"])
    return {name: value / WORDS_PER_STEP for name, value in out.items()}
