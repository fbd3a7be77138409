from __future__ import annotations

import time

import pytest

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
