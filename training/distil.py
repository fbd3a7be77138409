"""What a student learns from its teachers: their probabilities, of every head and every word.

A teacher speaks on all texts, also where a corpus is silent and where nothing is annotated at all (Hinton et
al. 2015; unlabelled text as in Turc et al. 2019). A teacher speaks about the heads that it was trained for;
where several do, their probabilities are averaged.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch.nn import functional

from training.labels import ATTRIBUTION_LAYERS, SPAN_TAGS
from training.losses import WORDS_PER_STEP, columns_of, pairs_of
from training.model import ARC_WIDTH, LINK_WIDTH

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from torch import Tensor

    Slices = dict[str, tuple[int, int]]

BEGIN = SPAN_TAGS.index("B")
WORD_HEADS = ("entities", *ATTRIBUTION_LAYERS, "upos", "xpos", "lemma")
POINTERS = {
    "arc": (("arc_dependent", "arc_head"), ARC_WIDTH),
    "source_link": (("source_query", "source_key"), LINK_WIDTH),
    "cue_link": (("cue_query", "cue_key"), LINK_WIDTH),
}
HEADS = frozenset({*WORD_HEADS, *POINTERS, "relation", "sentence_start", "tone"})
"""All heads that a teacher may speak about. `relation` goes with `arc`, links with `content`."""


def _apart(logits: Tensor, taught: Tensor, weights: Tensor) -> Tensor:
    """Cross entropy to the probabilities `taught`, less their own entropy, summed with a weight a word."""
    gap = taught * (torch.log(taught.clamp(min=1e-9)) - functional.log_softmax(logits, dim=-1))
    return (gap.sum(-1) * weights).sum()


class Taught:
    """What teachers say of one batch.

    `said`: for each teacher its scores [batch, words, columns], all of the same slices, and the heads that it
    speaks about.
    """

    def __init__(self, said: Sequence[tuple[Tensor, frozenset[str]]], slices: Slices, real: Tensor) -> None:
        self.slices = slices
        self.real = real.bool()
        self.words = self.real.clone()
        self.words[:, 0] = False
        self.heads = frozenset().union(*(heads for _, heads in said))
        self._said = [(scores.float(), heads) for scores, heads in said]

    def _mean(self, head: str, probabilities: Callable[[Tensor], Tensor]) -> Tensor:
        return torch.stack([probabilities(scores) for scores, heads in self._said if head in heads]).mean(0)

    def head(self, name: str) -> Tensor:
        """Probabilities [batch, words, labels]."""
        return self._mean(name, lambda scores: columns_of(scores, self.slices, name).softmax(-1))

    def starts(self) -> Tensor:
        """Probability [batch, words] that a sentence starts."""
        name = "sentence_start"
        return self._mean(name, lambda scores: columns_of(scores, self.slices, name).sigmoid()).squeeze(-1)

    def pointer(self, head: str) -> Tensor:
        """Probabilities [batch, words, words] of what a word points at."""
        return self._mean(head, lambda scores: pointed(scores, self.slices, head, self.real).softmax(-1))

    def relation(self, arcs: Tensor) -> Tensor:
        """Probabilities [batch, words, relations] with the heads `arcs` [batch, words]."""
        return self._mean("relation", lambda scores: relations_at(scores, self.slices, arcs).softmax(-1))


def pointed(scores: Tensor, slices: Slices, head: str, real: Tensor) -> Tensor:
    """Logits [batch, words, words] of what a word points at; nothing points at padding."""
    names, width = POINTERS[head]
    return pairs_of(scores, slices, names, width).masked_fill(~real.unsqueeze(1), -1e4)


def relations_at(scores: Tensor, slices: Slices, arcs: Tensor) -> Tensor:
    """Logits of the relation of every word to the head that `arcs` gives it."""
    dependent, head = (columns_of(scores, slices, f"relation_{part}") for part in ("dependent", "head"))
    return dependent + head.gather(1, arcs.unsqueeze(-1).expand(-1, -1, head.shape[-1]))


def losses(scores: Tensor, slices: Slices, taught: Taught) -> dict[str, Tensor]:
    """One number for each head that a teacher speaks about, scaled as those of `training.losses` are."""
    scores = scores.float()
    words = taught.words.float()
    heads = {name: taught.head(name) for name in WORD_HEADS if name in taught.heads}
    out = {name: _apart(columns_of(scores, slices, name), said, words) for name, said in heads.items()}
    if "sentence_start" in taught.heads:
        starts = columns_of(scores, slices, "sentence_start").squeeze(-1)
        each = functional.binary_cross_entropy_with_logits(starts, taught.starts(), reduction="none")
        out["sentence_start"] = (each * words).sum()
    if "arc" in taught.heads:
        arcs = taught.pointer("arc")
        out["arc"] = _apart(pointed(scores, slices, "arc", taught.real), arcs, words)
        best = arcs.argmax(-1)
        out["relation"] = _apart(relations_at(scores, slices, best), taught.relation(best), words)
    for name in taught.heads & {"source_link", "cue_link"}:
        begins = heads["content"][..., BEGIN] * words  # a link is taught where a content begins
        out[name] = _apart(pointed(scores, slices, name, taught.real), taught.pointer(name), begins)
    if "tone" in taught.heads:
        named = (1 - heads["entities"][..., 0]) * words  # tone is towards somebody
        out["tone"] = _apart(columns_of(scores, slices, "tone"), taught.head("tone"), named)
    return {name: value / WORDS_PER_STEP for name, value in out.items()}
