"""Arithmetic of the word vectors: the same bits always."""

from __future__ import annotations

import os
import subprocess
import sys

import numpy as np
import pytest

from tasks.classify.topic_vectors import product, sums

SHAPES = [
    (1, 128, 18),
    (1, 128, 210),
    (2, 128, 300),
    (13, 128, 18),
    (13, 128, 210),
    (60, 128, 65),
    (1, 128, 72),
    (72, 128, 1),
    (1, 13, 210),
]
DIGEST = f"""
import hashlib
import numpy as np
from tasks.classify.topic_vectors import product
chance = np.random.default_rng(1)
found = hashlib.sha256()
for m, n, k in {SHAPES}:
    left, right = chance.random((m, n), dtype=np.float32), chance.random((k, n), dtype=np.float32)
    found.update(product(left, right.T).tobytes())
    found.update(product(left, np.ascontiguousarray(right.T)).tobytes())
print(found.hexdigest())
"""


@pytest.mark.parametrize("shape", SHAPES)
def test_product(shape: tuple[int, int, int]) -> None:
    m, n, k = shape
    chance = np.random.default_rng(1)
    left, right = chance.random((m, n), dtype=np.float32), chance.random((k, n), dtype=np.float32)
    assert np.allclose(product(left, right.T), left.astype(float) @ right.T.astype(float), rtol=1e-5)


def test_product_has_the_same_bits_on_any_number_of_threads() -> None:
    digests = {
        subprocess.run(
            [sys.executable, "-c", DIGEST],
            env={**os.environ, "OPENBLAS_NUM_THREADS": str(threads)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for threads in (1, 2, 7)
    }
    assert len(digests) == 1


def test_sums_are_of_length_1_or_0() -> None:
    vectors = np.arange(12, dtype=np.float32).reshape(4, 3)
    units, lengths = sums(vectors, [0, 1, 1, 4])
    assert np.allclose(units[0] * lengths[0], vectors[0])
    assert not units[1].any()
    assert np.allclose(units[2] * lengths[2], vectors[1:].sum(axis=0))
    assert np.allclose(np.linalg.norm(units[[0, 2]], axis=1), 1)


def test_sums_of_nothing() -> None:
    units, _ = sums(np.empty((0, 3), dtype=np.float32), [0, 0, 0])
    assert units.tolist() == [[0, 0, 0], [0, 0, 0]]
