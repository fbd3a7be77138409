"""The batches of each epoch, damaged and cut anew; other processes make them ahead where there are cores."""

from __future__ import annotations

import multiprocessing
from collections import deque
from dataclasses import dataclass, replace
from random import Random
from typing import TYPE_CHECKING, Any

import numpy as np

from training.augment import Rates, damage
from training.batches import EntityStates, Window, batches_of, collate, targets_of, windows_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from multiprocessing.pool import AsyncResult, Pool

    from numpy.typing import NDArray

    from tasks.extract.encoder.pieces import WordPieces
    from training.documents import Document

    Batch = dict[str, NDArray[np.int16]]

AHEAD = 3
"""Epochs that are being made while one is used."""


@dataclass(frozen=True, slots=True)
class Source:
    """What windows are made of. `times`: how often each document is seen in an epoch."""

    documents: list[tuple[Document, float]]
    states: EntityStates
    numbers: dict[str, dict[str, int]]
    pieces: WordPieces
    plan: dict[str, Any]

    def windows(self, epoch: int, shard: int, shards: int) -> Iterator[Window]:
        """Every `shards`-th document of an epoch, from `shard` on."""
        plan = self.plan
        rates = replace(Rates(), whole_text=plan["damage"])
        chance = Random((plan["seed"] * 1000 + epoch) * 1000 + shard)
        for document, times in self.documents[shard::shards]:
            for _ in range(int(times) + (chance.random() < times % 1)):
                changed = damage(document, rates, chance)
                if changed.words:
                    targets = targets_of(changed, self.states, self.numbers)
                    yield from windows_of(changed, targets, self.pieces, plan["max_pieces"], chance)

    def batches(self, epoch: int, shard: int, shards: int) -> list[Batch]:
        """The padded batches of a shard, in two bytes a number: no vocabulary here is larger."""
        chance = Random(self.plan["seed"] + epoch)
        windows = list(self.windows(epoch, shard, shards))
        return [
            {name: value.astype(np.int16) for name, value in collate(batch).items()}
            for batch in batches_of(windows, self.plan["pieces_per_batch"], chance)
        ]


_source: Source | None = None
"""In a process that makes batches: what it was forked with."""


def _take(source: Source) -> None:
    global _source  # noqa: PLW0603 - a pool hands its processes nothing else
    _source = source


def _make(epoch: int, shard: int, shards: int) -> list[Batch]:
    assert _source is not None
    return _source.batches(epoch, shard, shards)


class Feed:
    """Epochs in order. With `workers` they are made ahead; start it before torch touches a GPU."""

    def __init__(self, source: Source, workers: int, first: int, last: int) -> None:
        self._source, self._workers = source, workers
        self._epochs = iter(range(first, last))
        self._waiting: deque[list[AsyncResult[list[Batch]]]] = deque()
        self._chance = Random(source.plan["seed"] + first)
        self._pool: Pool | None = None
        if workers:
            fork = multiprocessing.get_context("fork")
            self._pool = fork.Pool(workers, initializer=_take, initargs=(source,))

    def _ask(self) -> None:
        epoch = next(self._epochs, None)
        if self._pool is not None and epoch is not None:
            shards = range(self._workers)
            self._waiting.append(
                [self._pool.apply_async(_make, (epoch, shard, self._workers)) for shard in shards]
            )

    def epoch(self) -> list[Batch]:
        """The batches of the next epoch, in random order."""
        if self._pool is None:
            return self._source.batches(next(self._epochs), 0, 1)
        while len(self._waiting) < AHEAD:
            before = len(self._waiting)
            self._ask()
            if len(self._waiting) == before:
                break
        batches = [batch for shard in self._waiting.popleft() for batch in shard.get()]
        self._chance.shuffle(batches)
        return batches

    def close(self) -> None:
        """End the processes."""
        if self._pool is not None:
            self._pool.terminate()
