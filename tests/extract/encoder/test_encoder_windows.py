"""Windows: nothing left out, nothing too long, as few cuts through sentences as can be."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.extract.encoder.windows import NOWHERE, PARAGRAPH, SENTENCE, breaks_of, cut

NONE, SPACE, LINE, BLANK = 1, 2, 3, 4  # gaps

BREAKS: list[tuple[list[tuple[str, int]], list[int]]] = [
    ([("One", BLANK), (".", NONE), ("Two", SPACE)], [PARAGRAPH, NOWHERE, SENTENCE]),
    ([("One", BLANK), (".", NONE), ("Two", BLANK)], [PARAGRAPH, NOWHERE, PARAGRAPH]),
    # a line break is the end of a paragraph behind a full stop, and may stand inside a sentence
    ([("One", BLANK), (".", NONE), ("Two", LINE)], [PARAGRAPH, NOWHERE, PARAGRAPH]),
    ([("One", BLANK), ("two", LINE)], [PARAGRAPH, SENTENCE]),
    # closing marks belong to the sentence before them
    ([("No", BLANK), (".", NONE), ("”", NONE), (")", NONE), ("Two", SPACE)], [2, 0, 0, 0, SENTENCE]),
    ([("Why", BLANK), ("?", NONE), ("Because", SPACE)], [PARAGRAPH, NOWHERE, SENTENCE]),
]


@pytest.mark.parametrize(("words", "expected"), BREAKS)
def test_what_begins_at_a_word(words, expected):
    assert breaks_of([word for word, _ in words], [gap for _, gap in words]) == expected


def plain(count: int, **marks: int) -> list[int]:
    """Return breaks: none but at the first word and where `marks` say (w12=1)."""
    return [PARAGRAPH, *(marks.get(f"w{word}", NOWHERE) for word in range(1, count))]


CUTS: list[tuple[int, list[int], list[tuple[int, int]]]] = [
    # (words of one piece each, breaks, windows of 60 pieces)
    (0, [], []),
    (1, plain(1), [(0, 1)]),
    (60, plain(60), [(0, 60)]),
    # nothing to go by: the overlap
    (70, plain(70), [(0, 60), (44, 70)]),
    # a paragraph's end in the second half: no overlap
    (70, plain(70, w50=PARAGRAPH), [(0, 50), (50, 70)]),
    (70, plain(70, w60=PARAGRAPH), [(0, 60), (60, 70)]),
    # of two, the one that makes the windows more alike
    (70, plain(70, w38=PARAGRAPH, w58=PARAGRAPH), [(0, 38), (38, 70)]),
    # too early to be of use
    (70, plain(70, w20=PARAGRAPH), [(0, 60), (44, 70)]),
    # a sentence's end: the window ends there, the next begins at a sentence before it
    (98, plain(98, w38=SENTENCE, w55=SENTENCE), [(0, 55), (38, 98)]),
]


@pytest.mark.parametrize(("count", "breaks", "expected"), CUTS)
def test_where_windows_are_cut(count, breaks, expected):
    assert cut([1] * count, breaks, max_pieces=62).spans == expected


def test_a_word_is_read_where_it_stands_farthest_from_an_edge():
    windows = cut([1] * 70, plain(70), max_pieces=62)
    assert windows.spans == [(0, 60), (44, 70)]
    assert windows.home.tolist() == [0] * 52 + [1] * 18
    assert windows.truncated == []


def test_an_overlap_is_never_more_than_a_third_of_a_window():
    assert cut([1] * 70, plain(70), max_pieces=62, overlap=32).spans == [(0, 60), (40, 70)]


def test_a_word_longer_than_a_window_is_read_as_far_as_it_fits_and_named():
    windows = cut([1, 500, 1], plain(3), max_pieces=62)
    assert windows.truncated == [1]
    assert windows.spans == [(0, 1), (1, 2), (2, 3)]


counts_and_breaks = st.lists(
    st.tuples(
        st.one_of(st.integers(1, 4), st.integers(1, 40), st.just(300)),
        st.sampled_from([NOWHERE] * 12 + [SENTENCE, SENTENCE, PARAGRAPH]),
    ),
    max_size=400,
)


@given(counts_and_breaks, st.integers(10, 64))
def test_every_word_is_read_once_or_more_and_not_much_more(words, max_pieces):
    counts, breaks = [count for count, _ in words], [kind for _, kind in words]
    budget = max_pieces - 2
    windows = cut(counts, breaks, max_pieces=max_pieces)
    fitting = [min(count, budget) for count in counts]
    read = np.zeros(len(words), dtype=int)
    for first, last in windows.spans:
        assert first < last
        assert sum(fitting[first:last]) <= budget
        read[first:last] += 1
    assert (read >= 1).all()
    assert windows.spans == sorted(windows.spans)
    assert sum(read * fitting) <= 6 * sum(fitting) + budget
    assert windows.truncated == [word for word, count in enumerate(counts) if count > budget]


@given(counts_and_breaks)
def test_home_is_the_window_farthest_from_an_edge(words):
    windows = cut([count for count, _ in words], [kind for _, kind in words], max_pieces=64)
    for word, home in enumerate(windows.home.tolist()):
        distances = [
            min(word - first if first else 999, last - 1 - word if last < len(words) else 999)
            if first <= word < last
            else -1
            for first, last in windows.spans
        ]
        assert distances[home] == max(distances) >= 0
    assert (np.diff(windows.home) >= 0).all()
