# ruff: noqa: RUF001 - typographic marks as they stand in news
from __future__ import annotations

from collections import Counter

import pytest
from quality_corpora import spans

from benchmarks.quality.matching import (
    Counts,
    alpha,
    characters,
    covered,
    exact,
    extent,
    overlap,
    overlapping,
    pairs,
    touching,
)


@pytest.mark.parametrize(
    ("gold", "predicted", "counts"),
    [
        ([], [], (0, 0, 0)),
        ([1], [], (0, 0, 1)),
        ([], [1], (0, 1, 0)),
        ([1, 2, 3], [2, 3, 4, 5], (2, 4, 3)),
        # one gold thing pays for one prediction only
        ([1], [1, 1], (1, 2, 1)),
        ([1, 1], [1], (1, 1, 2)),
    ],
)
def test_exact_counts_each_thing_once(gold, predicted, counts):
    assert exact(gold, predicted) == Counts(*counts)


@pytest.mark.parametrize(
    ("counts", "precision", "recall", "f1"),
    [
        ((0, 0, 0), 0, 0, 0),
        ((2, 4, 3), 50, 66.67, 57.14),
        ((1, 1, 1), 100, 100, 100),
        ((0, 5, 0), 0, 0, 0),
    ],
)
def test_figures_are_per_cent(counts, precision, recall, f1):
    figures = Counts(*counts).figures()

    assert (figures["precision"], figures["recall"], figures["f1"]) == pytest.approx(
        (precision, recall, f1), abs=0.01
    )


def test_counts_add_up_over_texts_before_figures_are_taken():
    total = Counts()
    total += Counts(1, 1, 1)
    total += Counts(0, 9, 1)

    assert (total.precision, total.recall) == (10, 50)


TEXT = "“We won,” he said. “It’s over.”\n\n“Go home.”"


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [
        # the marks around a quote, and white space, do not count
        (["We won,"], ["“We won,”"], True),
        (["We won,”"], ["“We won,” "], True),
        # one span or two over a paragraph break
        (["“It’s over.”\n\n“Go home.”"], ["“It’s over.”", "“Go home.”"], True),
        # a typed apostrophe is a mark like any other: it counts on neither side
        (["It’s over."], ["It", "s over."], True),
        # other punctuation counts
        (["We won"], ["We won,"], False),
        (["It’s over."], ["It’s over.", "Go home"], False),
    ],
)
def test_extent_is_what_is_said(one, other, equal):
    same = extent(TEXT, spans(TEXT, *one)) == extent(TEXT, spans(TEXT, *other))

    assert same is equal


def test_an_extent_of_marks_alone_is_empty():
    assert extent("“ ”", [(0, 3)]) == frozenset()


@pytest.mark.parametrize(
    ("one", "other", "shared"),
    [
        (range(10), range(10), 1.0),
        (range(10), range(5), 0.5),
        (range(10), range(5, 15), 1 / 3),
        (range(10), range(10, 20), 0.0),
        ((), (), 0.0),
    ],
)
def test_overlap_is_shared_characters_of_the_union(one, other, shared):
    assert overlap(frozenset(one), frozenset(other)) == pytest.approx(shared)


def extents(*ranges: tuple[int, int]) -> list[frozenset[int]]:
    return [frozenset(range(*bounds)) for bounds in ranges]


@pytest.mark.parametrize(
    ("gold", "predicted", "expected"),
    [
        # half of the union is enough, a little less is not
        ([(0, 10)], [(0, 5)], [(0, 0)]),
        ([(0, 11)], [(0, 5)], []),
        # one prediction over two gold things pays for the one it covers better
        ([(0, 4), (4, 10)], [(0, 10)], [(1, 0)]),
        # two predictions for one gold thing: the better one
        ([(0, 10)], [(0, 6), (0, 8)], [(0, 1)]),
        # nested gold: each finds its own
        ([(0, 20), (0, 12)], [(0, 12), (0, 19)], [(0, 1), (1, 0)]),
        # equal overlaps: in the order of the text
        ([(0, 4), (0, 4)], [(0, 4)], [(0, 0)]),
        # an empty extent matches nothing
        ([(0, 0)], [(0, 0)], []),
    ],
)
def test_pairs_are_one_to_one_and_the_best_comes_first(gold, predicted, expected):
    assert [pair[:2] for pair in pairs(extents(*gold), extents(*predicted))] == expected


def test_overlapping_counts_pairs():
    assert overlapping(extents((0, 10), (20, 30)), extents((0, 9), (40, 50), (60, 61))) == Counts(1, 3, 2)


def test_characters_are_counted_once_however_often_they_are_marked():
    assert characters(extents((0, 10), (5, 10)), extents((5, 12), (8, 12))) == Counts(5, 7, 10)


def test_covered_tokens_are_those_with_a_character_inside():
    assert covered([(0, 3), (4, 6), (7, 9)], frozenset({2, 7})) == {0, 7}


def test_alpha_of_two_observers() -> None:
    one, other = "aabbdcccedda", "babbbccceddd"

    assert alpha(Counter(zip(one, other, strict=True))) == pytest.approx(69.2, abs=0.05)  # Krippendorff's
    assert alpha(Counter({("a", "a"): 3, ("b", "b"): 2})) == 100
    assert alpha(Counter()) == 0


def test_touching_pairs_one_to_one() -> None:
    gold = [frozenset({1, 2, 3}), frozenset({4, 5})]
    counts = touching(gold, [frozenset({3, 4}), frozenset({9})])

    assert (counts.right, counts.predicted, counts.gold) == (1, 2, 2)
