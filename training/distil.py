"""What a student learns from its teachers: their probabilities, of every head and every word.

A teacher speaks on all texts, also where a corpus is silent and where nothing is annotated at all (Hinton et
al. 2015; unlabelled text as in Turc et al. 2019). With several teachers their probabilities are averaged.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch.nn import functional

from training.labels import ATTRIBUTION_LAYERS, SPAN_TAGS
from training.losses import WORDS_PER_STEP, columns_of, pairs_of
from training.model import ARC_WIDTH, LINK_WIDTH

if TYPE_CHECKING:
    from collections.abc import Sequence

    from torch import Tensor

    Slices = dict[str, tuple[int, int]]

BEGIN = SPAN_TAGS.index("B")
WORD_HEADS = ("entities", *ATTRIBUTION_LAYERS, "upos", "xpos", "lemma")


def _apart(logits: Tensor, taught: Tensor, weights: Tensor) -> Tensor:
    """Cross entropy to the probabilities `taught`, less their own entropy, summed with a weight a word."""
    gap = taught * (torch.log(taught.clamp(min=1e-9)) - functional.log_softmax(logits, dim=-1))
    return (gap.sum(-1) * weights).sum()


class Taught:
    """What teachers say of one batch. `scores`: one [batch, words, columns] each, all of the same slices."""

    def __init__(self, scores: Sequence[Tensor], slices: Slices, real: Tensor) -> None:
        self.slices = slices
        self.real = real.bool()
        self.words = self.real.clone()
        self.words[:, 0] = False
        self._scores = [one.float() for one in scores]

    def _mean(self, each: list[Tensor]) -> Tensor:
        return torch.stack(each).mean(0)

    def head(self, name: str) -> Tensor:
        """Probabilities [batch, words, labels]."""
        return self._mean([columns_of(one, self.slices, name).softmax(-1) for one in self._scores])

    def starts(self) -> Tensor:
        """Probability [batch, words] that a sentence starts."""
        return self._mean([columns_of(one, self.slices, "sentence_start").sigmoid() for one in self._scores])

    def pointer(self, names: tuple[str, str], width: int) -> Tensor:
        """Probabilities [batch, words, words] of what a word points at."""
        return self._mean([self._pointed(one, names, width).softmax(-1) for one in self._scores])

    def _pointed(self, scores: Tensor, names: tuple[str, str], width: int) -> Tensor:
        return mask_unreal(pairs_of(scores, self.slices, names, width), self.real)

    def relation(self, arcs: Tensor) -> Tensor:
        """Probabilities [batch, words, relations] with the heads `arcs` [batch, words]."""
        return self._mean([relations_at(one, self.slices, arcs).softmax(-1) for one in self._scores])


def mask_unreal(pairs: Tensor, real: Tensor) -> Tensor:
    """Pairs [batch, words, words] without those that point at padding."""
    return pairs.masked_fill(~real.unsqueeze(1), -1e4)


def relations_at(scores: Tensor, slices: Slices, arcs: Tensor) -> Tensor:
    """Logits of the relation of every word to the head that `arcs` gives it."""
    dependent, head = (columns_of(scores, slices, f"relation_{part}") for part in ("dependent", "head"))
    return dependent + head.gather(1, arcs.unsqueeze(-1).expand(-1, -1, head.shape[-1]))


def losses(scores: Tensor, slices: Slices, taught: Taught) -> dict[str, Tensor]:
    """One number a head, scaled as those of `training.losses` are."""
    scores = scores.float()
    words = taught.words.float()
    heads = {name: taught.head(name) for name in WORD_HEADS}
    out = {name: _apart(columns_of(scores, slices, name), heads[name], words) for name in WORD_HEADS}
    starts = columns_of(scores, slices, "sentence_start").squeeze(-1)
    each = functional.binary_cross_entropy_with_logits(starts, taught.starts().squeeze(-1), reduction="none")
    out["sentence_start"] = (each * words).sum()
    arcs = taught.pointer(("arc_dependent", "arc_head"), ARC_WIDTH)
    own = mask_unreal(pairs_of(scores, slices, ("arc_dependent", "arc_head"), ARC_WIDTH), taught.real)
    out["arc"] = _apart(own, arcs, words)
    best = arcs.argmax(-1)
    out["relation"] = _apart(relations_at(scores, slices, best), taught.relation(best), words)
    begins = heads["content"][..., BEGIN] * words  # a link is taught where a content begins
    for name in ("source", "cue"):
        between = (f"{name}_query", f"{name}_key")
        own = mask_unreal(pairs_of(scores, slices, between, LINK_WIDTH), taught.real)
        out[f"{name}_link"] = _apart(own, taught.pointer(between, LINK_WIDTH), begins)
    named = (1 - heads["entities"][..., 0]) * words  # tone is towards somebody
    out["tone"] = _apart(columns_of(scores, slices, "tone"), taught.head("tone"), named)
    return {name: value / WORDS_PER_STEP for name, value in out.items()}
