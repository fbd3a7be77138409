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


def _columns(scores: Tensor, slices: dict[str, tuple[int, int]], name: str) -> Tensor:
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
    if not bool(known.any()):
        return logits.new_zeros(())
    logits, allowed = logits[known], table[states[known]]
    total = torch.logsumexp(logits, dim=-1)
    good = torch.logsumexp(logits.masked_fill(~allowed, -1e4), dim=-1)
    return (total - good).sum()


def _pairs(scores: Tensor, slices: dict[str, tuple[int, int]], names: tuple[str, str], width: int) -> Tensor:
    query, key = (_columns(scores, slices, name) for name in names)
    return torch.matmul(query, key.transpose(1, 2)) / width**0.5


def _pointer(pairs: Tensor, target: Tensor, real: Tensor) -> Tensor:
    pairs = pairs.masked_fill(~real.bool().unsqueeze(1), -1e4)
    return _sum(pairs, target)


def _relation(scores: Tensor, slices: dict[str, tuple[int, int]], batch: dict[str, Tensor]) -> Tensor:
    dependent, head = (_columns(scores, slices, f"relation_{part}") for part in ("dependent", "head"))
    arcs = batch["arc"].clamp(min=0)
    at_head = head.gather(1, arcs.unsqueeze(-1).expand(-1, -1, head.shape[-1]))
    target = batch["relation"].masked_fill(batch["arc"] == IGNORE, IGNORE)
    return _sum(dependent + at_head, target)


def _tone(scores: Tensor, slices: dict[str, tuple[int, int]], spans: Tensor) -> Tensor:
    if not len(spans):
        return scores.new_zeros(())
    columns = _columns(scores, slices, "tone")
    means = torch.stack([columns[row, start:end].mean(0) for row, start, end, _ in spans.tolist()])
    return functional.cross_entropy(means, spans[:, 3], reduction="sum", label_smoothing=0.05)


def losses(
    scores: Tensor, batch: dict[str, Tensor], slices: dict[str, tuple[int, int]], table: Tensor
) -> dict[str, Tensor]:
    """One number a head, summed over the batch's words and divided by WORDS_PER_STEP."""
    scores = scores.float()
    out = {"entities": _allowed(_columns(scores, slices, "entities"), batch["entities"], table)}
    for name in (*ATTRIBUTION_LAYERS, "upos", "xpos", "lemma"):
        out[name] = _sum(_columns(scores, slices, name), batch[name])
    start = batch["sentence_start"]
    known = start != IGNORE
    logits = _columns(scores, slices, "sentence_start").squeeze(-1)
    out["sentence_start"] = functional.binary_cross_entropy_with_logits(
        logits[known], start[known].float(), reduction="sum"
    )
    real = batch["real"]
    out["arc"] = _pointer(
        _pairs(scores, slices, ("arc_dependent", "arc_head"), ARC_WIDTH), batch["arc"], real
    )
    out["relation"] = _relation(scores, slices, batch)
    for name in ("source", "cue"):
        pairs = _pairs(scores, slices, (f"{name}_query", f"{name}_key"), LINK_WIDTH)
        out[f"{name}_link"] = _pointer(pairs, batch[f"{name}_link"], real)
    out["tone"] = _tone(scores, slices, batch["tone"])
    return {name: value / WORDS_PER_STEP for name, value in out.items()}
