"""One dependency tree a sentence, out of the scores of heads: the best one with a single root.

The best head of each word makes a tree in most sentences, and then it is the best tree. Where it does not,
each word that may be the root is tried, the most promising first, and the best tree below it found by
contracting cycles (Chu and Liu 1965, Edmonds 1967), all cycles of a round at once. The search ends when no
other root can do better.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.intp]
    Matrix = NDArray[np.float64]

ROOT = -1
"""The head of a sentence's root."""

ROOTS_BY_WORDS = 240
"""A sentence of so many words has one root tried, of half as many two, of thirty words eight. In prose the
first or second is the best, and is known to be."""
MAX_ROUNDS = 16
"""Rounds of contraction, after which what is left hangs from one node. Prose needs one or two; the limits
are there so that no scores, whatever they are, take long."""


def heads_of(arcs: NDArray[np.float32]) -> Ints:
    """Return the head of each word of one sentence, ROOT for exactly one of them.

    `arcs` [words, 1 + words]: score of each head for each word; column 0 is the root, column 1 + j word j.
    A word is never its own head. Pure; O(words^2).
    """
    count = len(arcs)
    scores = np.full((count + 1, count + 1), -np.inf)
    scores[1:] = arcs
    np.fill_diagonal(scores, -np.inf)
    best = scores.argmax(axis=1)
    best[0] = 0
    if np.count_nonzero(best[1:] == 0) == 1 and not _cycles(best):
        return np.asarray(best[1:] - 1)
    return np.asarray(_below_best_root(scores)[1:] - 1)


def _below_best_root(scores: Matrix) -> Ints:
    """Return the head of every node in the best tree with one root, by branch and bound over the roots."""
    free = scores[1:, 1:].max(axis=1)
    bounds = free.sum() - free + scores[1:, 0]  # what a tree below each word can have at most
    nodes = np.arange(len(scores))
    most_roots = max(1, ROOTS_BY_WORDS // len(free))
    most, best = -np.inf, nodes
    for root in np.argsort(-bounds, kind="stable")[:most_roots] + 1:
        if bounds[root - 1] <= most:
            break
        rooted = scores.copy()
        rooted[nodes != root, 0] = -np.inf
        rooted[root, 1:] = -np.inf
        heads = _arborescence(rooted)
        total = scores[nodes[1:], heads[1:]].sum()
        if total > most:
            most, best = total, heads
    return best


def _cycles(heads: Ints) -> list[list[int]]:
    """Return the cycles of the graph in which each node points to its head; node 0 is the root."""
    seen = [-1] * len(heads)
    seen[0] = 0
    parents = heads.tolist()
    cycles = []
    for start in range(1, len(parents)):
        node = start
        while seen[node] < 0:
            seen[node] = start
            node = parents[node]
        if seen[node] == start and node:
            cycle = [node]
            while parents[cycle[-1]] != node:
                cycle.append(parents[cycle[-1]])
            cycles.append(cycle)
    return cycles


def _star(scores: Matrix) -> Ints:
    """Return the best tree in which one node hangs from node 0 and all others from that node."""
    inner = np.where(np.isfinite(scores[1:, 1:]), scores[1:, 1:], 0.0)
    centre = int((scores[1:, 0] + inner.sum(axis=0)).argmax()) + 1
    heads = np.full(len(scores), centre, dtype=np.intp)
    heads[centre] = heads[0] = 0
    return heads


def _arborescence(scores: Matrix, rounds: int = MAX_ROUNDS) -> Ints:
    """Return the head of every node in the best tree that hangs from node 0; `scores` [node, head]."""
    if not rounds:
        return _star(scores)
    heads = scores.argmax(axis=1)
    heads[0] = 0
    cycles = _cycles(heads)
    if not cycles:
        return np.asarray(heads)
    # Each cycle becomes one node, behind the nodes that are in none; node 0 stays the first.
    group = np.full(len(scores), -1, dtype=np.intp)
    for number, cycle in enumerate(cycles):
        group[cycle] = number
    single = np.flatnonzero(group < 0)
    group = np.where(group >= 0, group + len(single), -1)
    group[single] = np.arange(len(single))
    # What a node loses when it takes another head than its best: a cycle is broken where that is least.
    loss = scores.copy()
    loss[1:] -= scores[1:].max(axis=1, keepdims=True)
    order = np.argsort(group, kind="stable")
    starts = np.searchsorted(group[order], np.arange(len(single) + len(cycles)))
    loss = loss[np.ix_(order, order)]
    small = np.maximum.reduceat(np.maximum.reduceat(loss, starts, axis=0), starts, axis=1)
    np.fill_diagonal(small, -np.inf)
    small[0] = -np.inf
    contracted = _arborescence(small, rounds - 1)
    return _expanded(heads, contracted, loss, order, starts)


def _expanded(heads: Ints, contracted: Ints, loss: Matrix, order: Ints, starts: Ints) -> Ints:
    """Return the heads of all nodes, given those of the contracted graph: each cycle is broken once."""
    bounds = [*starts.tolist(), len(order)]
    heads = heads.copy()
    for node in range(1, len(contracted)):
        head = int(contracted[node])
        rows, columns = slice(bounds[node], bounds[node + 1]), slice(bounds[head], bounds[head + 1])
        part = loss[rows, columns]
        row, column = divmod(int(part.argmax()), part.shape[1])
        heads[order[rows.start + row]] = order[columns.start + column]
    return heads
