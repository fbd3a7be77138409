"""How good a run is while it runs: entities, trees and contents of the development part, window by window.

Quick figures to compare runs by, not the ones that count: those come from `benchmarks.quality`, on text.
"""

from __future__ import annotations

from collections import Counter
from random import Random
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from tasks.extract.encoder.spans import Tags, find_spans
from training.batches import IGNORE, batches_of, collate, targets_of, windows_of
from training.labels import ATTRIBUTION_LAYERS, ENTITY_TAGS, SPAN_TAGS
from training.losses import columns_of, pairs_of
from training.model import ARC_WIDTH, half

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from training.documents import Document
    from training.feed import Source
    from training.model import NewsModel

EXACT = frozenset({"ner/en-worldwide-newswire", "ner/crossner-politics"})
"""Corpora whose entities are compared: others leave types open."""


class Progress:
    """The windows of development documents, cut once."""

    def __init__(self, source: Source, corpora: dict[str, Iterable[Document]]) -> None:
        self.batches: list[tuple[str, dict[str, NDArray[np.int64]]]] = []
        self.table = source.states
        chance = Random(1)
        for corpus, found in corpora.items():
            windows = []
            for document in found:
                targets = targets_of(document, source.states, source.numbers)
                windows += windows_of(document, targets, source.pieces, source.plan["max_pieces"], chance)
            self.batches += [(corpus, collate(batch)) for batch in batches_of(windows, 12_000, chance)]

    def figures(self, model: NewsModel, device: torch.device) -> dict[str, float]:
        """Per cent by corpus and measure; the model is left in the mode it was in."""
        counts: Counter[tuple[str, str]] = Counter()
        was = model.training
        model.eval()
        for corpus, arrays in self.batches:
            batch = {name: torch.from_numpy(value).to(device) for name, value in arrays.items()}
            with torch.no_grad(), half(device):
                mask = batch["mask"].bool()[:, None, None, :]
                scores = model(batch["pieces"], batch["features"], batch["words"], mask).float()
            self._count(corpus, scores, model.slices, arrays, counts)
        model.train(was)
        names = sorted({name for name, _ in counts})
        return {
            name: round(200 * counts[name, "right"] / (counts[name, "found"] + counts[name, "gold"]), 2)
            for name in names
        }

    def _count(
        self,
        corpus: str,
        scores: torch.Tensor,
        slices: dict[str, tuple[int, int]],
        arrays: dict[str, NDArray[np.int64]],
        counts: Counter[tuple[str, str]],
    ) -> None:
        def add(name: str, gold: set[Any], found: set[Any]) -> None:
            counts[name, "right"] += len(gold & found)
            counts[name, "gold"] += len(gold)
            counts[name, "found"] += len(found)

        if corpus in EXACT:
            table = self.table.table()
            tags = columns_of(scores, slices, "entities").softmax(-1).cpu().numpy()
            for row, (line, states) in enumerate(zip(tags, arrays["entities"], strict=True)):
                add(
                    f"{corpus} entities",
                    _gold(states, table),
                    _spans(line[arrays["real"][row] > 0][1:], ENTITY_TAGS),
                )
        if corpus.startswith("quotes/"):
            for layer in ATTRIBUTION_LAYERS:
                tags = columns_of(scores, slices, layer).softmax(-1).cpu().numpy()
                for row, line in enumerate(tags):
                    words = arrays["real"][row] > 0
                    gold = np.eye(len(SPAN_TAGS))[arrays[layer][row][words][1:]]
                    add(f"{corpus} {layer}", _spans(gold, SPAN_TAGS), _spans(line[words][1:], SPAN_TAGS))
        if corpus.startswith("syntax/"):
            arcs = pairs_of(scores, slices, ("arc_dependent", "arc_head"), ARC_WIDTH).argmax(-1).cpu().numpy()
            known = arrays["arc"] != IGNORE
            right = int((arcs[known] == arrays["arc"][known]).sum())
            upos = columns_of(scores, slices, "upos").argmax(-1).cpu().numpy()
            good = int((upos[known] == arrays["upos"][known]).sum())
            for name, hits in (("heads", right), ("upos", good)):
                for kind, number in (("right", hits), ("gold", known.sum()), ("found", known.sum())):
                    counts[f"{corpus} {name}", kind] += int(number)


def _gold(states: NDArray[np.int64], table: NDArray[np.bool_]) -> set[tuple[int, int, str]]:
    """The spans of known type; a window's targets have the root in front."""
    tags = [ENTITY_TAGS[int(table[state].argmax())] if state != IGNORE else "O" for state in states[1:]]
    certain = [state != IGNORE and table[state].sum() == 1 for state in states[1:]]
    hot = np.zeros((len(tags), len(ENTITY_TAGS)), dtype=np.float32)
    for place, (tag, sure) in enumerate(zip(tags, certain, strict=True)):
        hot[place, ENTITY_TAGS.index(tag if sure else "O")] = 1
    return _spans(hot, ENTITY_TAGS)


def _spans(rows: NDArray[np.float32], names: tuple[str, ...]) -> set[tuple[int, int, str]]:
    found = find_spans(rows.astype(np.float32), Tags.of(list(names)))
    return {(one.first, one.last, one.label) for one in found}
