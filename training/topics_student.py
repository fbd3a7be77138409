"""Static word vectors that say of a text what the sentence encoder says of it, and the head over them.

`distil` starts from the encoder's vector of every word alone, reduced by the principal axes of passages and
weighted by 1e-3 / (1e-3 + frequency) (SIF, Arora et al. 2017), and then moves the vectors so that the sum
over a passage points where the encoder's vector of the passage points. `fit_head` is a softmax over 17 top
levels and `none`, with targets that may be spread over several topics.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch
from torch.nn import functional

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    Floats = npt.NDArray[np.float32]

SMOOTHING = 1e-3
EPOCHS = 4
BATCH = 256
LEARNING_RATE = 2e-3
WORD_DROPOUT = 0.15


def axes(vectors: Floats, dimensions: int) -> tuple[Floats, Floats]:
    """Return mean [D] and the first principal axes [D, dimensions] of vectors [n, D]."""
    mean = vectors.mean(axis=0)
    _, found = np.linalg.eigh(np.cov((vectors - mean).T))
    return mean, found[:, ::-1][:, :dimensions].astype(np.float32)


def reduced(vectors: Floats, mean: Floats, to: Floats) -> Floats:
    """Return vectors on the axes, each of length 1."""
    turned = (vectors - mean) @ to
    return np.asarray(turned / np.linalg.norm(turned, axis=1, keepdims=True), dtype=np.float32)


def distil(
    words: Floats, counts: Sequence[int], passages: Sequence[Sequence[int]], targets: Floats, to: Floats
) -> Floats:
    """Return the word vectors [V, dimensions].

    `words` [V, D] are the encoder's vectors of single words, `passages` numbers of words, `targets`
    [n, dimensions] what their sums should point to.
    """
    torch.manual_seed(1)
    chance = np.random.default_rng(1)
    share = np.maximum(counts, 1) / sum(counts)
    start = ((words - words.mean(axis=0)) @ to) * (SMOOTHING / (SMOOTHING + share))[:, None]
    table = torch.nn.EmbeddingBag.from_pretrained(
        torch.tensor(start, dtype=torch.float32), freeze=False, mode="sum"
    )
    wanted = torch.tensor(targets)
    optimizer = torch.optim.Adam(table.parameters(), lr=LEARNING_RATE)
    for epoch in range(EPOCHS):
        order, losses = chance.permutation(len(passages)), []
        for at in range(0, len(order), BATCH):
            chosen = order[at : at + BATCH]
            sums = table(*_bags([_dropped(passages[i], chance) for i in chosen]))
            loss = 1 - functional.cosine_similarity(sums, wanted[chosen]).mean()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        print(f"epoch {epoch + 1}: cosine to the encoder {1 - np.mean(losses):.3f}", flush=True)
    return table.weight.detach().numpy()


def _dropped(passage: Sequence[int], chance: np.random.Generator) -> list[int]:
    kept = [word for word in passage if chance.random() > WORD_DROPOUT]
    return kept or list(passage)


def _bags(passages: Sequence[Sequence[int]]) -> tuple[torch.Tensor, torch.Tensor]:
    offsets = np.cumsum([0, *(len(passage) for passage in passages[:-1])])
    return torch.tensor([word for passage in passages for word in passage]), torch.tensor(offsets)


def quantized(vectors: Floats) -> tuple[npt.NDArray[np.int8], Floats]:
    """Return vectors as whole numbers from -127 to 127 and what each row is multiplied with."""
    scales = np.maximum(np.abs(vectors).max(axis=1), 1e-9).astype(np.float32) / np.float32(127)
    return np.rint(vectors / scales[:, None]).astype(np.int8), scales


def sums(vectors: Floats, passages: Sequence[Sequence[int]]) -> Floats:
    """Return the vectors of passages, of length 1 (0 where no word is known)."""
    found = np.stack([vectors[list(p)].sum(axis=0) if p else np.zeros(vectors.shape[1]) for p in passages])
    return np.asarray(found / np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-9), np.float32)


def fit_head(
    inputs: Floats, targets: Floats, weights: Floats, *, accepted: Floats, penalty: float = 0.01
) -> tuple[Floats, Floats]:
    """Return weights [dimensions, classes] and bias [classes] of the softmax.

    `accepted` [n, classes] is 1 where any of several topics is right: then the loss is that of their sum.
    Other rows (all 0 in `accepted`) have the cross entropy against `targets`.
    """
    x, y, a, w = (torch.tensor(each, dtype=torch.float32) for each in (inputs, targets, accepted, weights))
    matrix = torch.zeros(inputs.shape[1], targets.shape[1], requires_grad=True)
    bias = torch.zeros(targets.shape[1], requires_grad=True)
    optimizer = torch.optim.LBFGS([matrix, bias], max_iter=300, line_search_fn="strong_wolfe")
    one_of = a.sum(dim=1) > 0

    def closure() -> torch.Tensor:
        optimizer.zero_grad()
        logits = functional.log_softmax(x @ matrix + bias, dim=1)
        of_sum = -torch.logsumexp(logits + torch.log(a.clamp_min(1e-12)), dim=1)
        of_target = -(y * logits).sum(dim=1)
        loss = (w * torch.where(one_of, of_sum, of_target)).sum() + penalty * (matrix**2).sum()
        loss.backward()
        return loss

    optimizer.step(closure)
    return matrix.detach().numpy(), bias.detach().numpy()
