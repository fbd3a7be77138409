"""One tree a sentence, against all trees of short sentences."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from tasks.extract.encoder.trees import ROOT, heads_of


def is_tree(heads: list[int]) -> bool:
    """One root, and every word reaches it."""
    if heads.count(ROOT) != 1:
        return False
    for word in range(len(heads)):
        steps, at = 0, word
        while at != ROOT and steps <= len(heads):
            at, steps = heads[at], steps + 1
        if at != ROOT:
            return False
    return True


def score(arcs: np.ndarray, heads: tuple[int, ...]) -> float:
    return float(sum(arcs[word, head + 1] for word, head in enumerate(heads)))


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5])
def test_the_best_of_all_trees_is_found(count):
    chance = np.random.default_rng(count)
    trees = [heads for heads in itertools.product(range(ROOT, count), repeat=count) if is_tree(list(heads))]
    for _ in range(40):
        arcs = chance.normal(size=(count, count + 1)).astype(np.float32)
        found = tuple(heads_of(arcs).tolist())
        assert found in trees
        assert score(arcs, found) == pytest.approx(max(score(arcs, heads) for heads in trees), abs=1e-5)


CASES: list[tuple[str, list[list[float]], list[int]]] = [
    # columns: root, word 0, word 1, ...
    ("the best heads are a tree", [[0, 0, 9], [9, 0, 0]], [1, ROOT]),
    ("a word is not its own head", [[1, 9, 0], [0, 2, 9]], [ROOT, 0]),
    ("two roots: the better one stays", [[5, 0, 1], [6, 1, 0]], [1, ROOT]),
    ("no root: a cycle is broken where it costs least", [[4, 0, 9], [1, 9, 0]], [ROOT, 0]),
    ("a cycle beside a root", [[9, 0, 0, 0], [0, 1, 0, 5], [0, 3, 5, 0]], [ROOT, 2, 0]),
]


@pytest.mark.parametrize(("arcs", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_heads(arcs, expected):
    assert heads_of(np.array(arcs, dtype=np.float32)).tolist() == expected


@pytest.mark.parametrize("kind", ["noise", "even", "neighbours"])
def test_long_sentences_have_trees_too(kind):
    count = 190
    arcs = np.zeros((count, count + 1), dtype=np.float32)
    if kind == "noise":
        arcs = np.random.default_rng(3).normal(size=arcs.shape).astype(np.float32)
    elif kind == "neighbours":
        places = np.arange(count)
        arcs[:, 1:] = -np.abs(places[:, None] - places[None, :])
    assert is_tree(heads_of(arcs).tolist())
