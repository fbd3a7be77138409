from __future__ import annotations

import time

import numpy as np
import pytest

from tasks.classify.topic_vectors import product
from tasks.classify.words import LONGEST, words_of


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I don't know.", [(0, "I"), (2, "do"), (4, "n't"), (8, "know"), (12, ".")]),
        ("", []),
        ("x" * (LONGEST + 1), [(0, "x" * LONGEST), (LONGEST, "x")]),
    ],
)
def test_words_and_where_they_are(text: str, expected: list[tuple[int, str]]) -> None:
    assert words_of(text, 0, len(text)) == expected


def test_many_contractions_take_time_in_proportion() -> None:
    def seconds(times: int) -> float:
        text = "don't " * times
        began = time.process_time()
        assert len(words_of(text, 0, len(text))) == 2 * times
        return time.process_time() - began

    seconds(1000)
    assert min(seconds(80_000) for _ in range(3)) < 20 * min(seconds(10_000) for _ in range(3))


def test_a_product_has_the_same_bits_whatever_stands_beside_it() -> None:
    """BLAS sums in another order for other shapes and numbers of threads."""
    chance = np.random.default_rng(1)
    left = chance.normal(size=(300, 128)).astype(np.float32)
    right = chance.normal(size=(128, 90)).astype(np.float32)
    whole = product(left, right)
    assert np.allclose(whole, left @ right, atol=1e-4)
    assert (product(left[7:8], right) == whole[7:8]).all()
    assert (product(left, right[:, 3:5]) == whole[:, 3:5]).all()
