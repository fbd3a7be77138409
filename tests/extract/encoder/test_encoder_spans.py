"""Well-formed spans out of tags, against all sequences of short texts."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from tasks.extract.encoder.spans import Found, Tags, find_spans, probabilities

BILOU = Tags.of(["O", *(f"{place}-{label}" for label in ("PERSON", "LOC") for place in "BILU")])
BIO = Tags.of(["O", "B", "I"])


def posteriors(tags: Tags, *rows: dict[str, float]) -> np.ndarray:
    """Return probabilities: those named, the rest shared by the other tags."""
    table = np.empty((len(rows), len(tags.names)), dtype=np.float32)
    for number, row in enumerate(rows):
        table[number] = (1 - sum(row.values())) / (len(tags.names) - len(row))
        for name, value in row.items():
            table[number, tags.names.index(name)] = value
    return table


CASES: list[tuple[Tags, list[dict[str, float]], list[tuple[int, int, str]]]] = [
    (BILOU, [], []),
    (BILOU, [{"O": 0.9}], []),
    (BILOU, [{"U-LOC": 0.9}], [(0, 1, "LOC")]),
    (BILOU, [{"B-PERSON": 0.9}, {"L-PERSON": 0.9}], [(0, 2, "PERSON")]),
    (BILOU, [{"B-PERSON": 0.9}, {"I-PERSON": 0.9}, {"L-PERSON": 0.9}], [(0, 3, "PERSON")]),
    (BILOU, [{"U-LOC": 0.9}, {"U-LOC": 0.9}], [(0, 1, "LOC"), (1, 2, "LOC")]),
    # no L behind it: the next best that is well formed
    (BILOU, [{"B-PERSON": 0.6, "U-PERSON": 0.3}, {"O": 0.9}], [(0, 1, "PERSON")]),
    (BILOU, [{"B-PERSON": 0.6, "U-PERSON": 0.3}], [(0, 1, "PERSON")]),
    (BILOU, [{"O": 0.5, "B-LOC": 0.4}, {"L-LOC": 0.9}], [(0, 2, "LOC")]),
    (BILOU, [{"B-LOC": 0.55, "B-PERSON": 0.4}, {"L-PERSON": 0.9}], [(0, 2, "PERSON")]),
    # a word that is surely outside breaks even what would be likelier without it
    (BILOU, [{"B-LOC": 0.6, "O": 0.3}, {"O": 0.9995}, {"L-LOC": 0.6, "O": 0.3}], []),
    (BIO, [{"B": 0.9}, {"I": 0.9}, {"O": 0.9}, {"B": 0.9}], [(0, 2, ""), (3, 4, "")]),
    (BIO, [{"B": 0.9}, {"B": 0.9}, {"I": 0.9}], [(0, 1, ""), (1, 3, "")]),
    (BIO, [{"O": 0.9}, {"I": 0.6, "B": 0.3}, {"I": 0.9}], [(1, 3, "")]),
    (BIO, [{"O": 0.5, "B": 0.4}, {"I": 0.9}], [(0, 2, "")]),
]


@pytest.mark.parametrize(("tags", "rows", "expected"), CASES)
def test_spans(tags, rows, expected):
    assert [found[:3] for found in find_spans(posteriors(tags, *rows), tags)] == expected


def test_the_probability_is_that_of_the_least_certain_word():
    rows = posteriors(BIO, {"B": 0.9}, {"I": 0.6}, {"I": 0.8}, {"B": 0.7})
    (first, second) = find_spans(rows, BIO)
    assert first == Found(0, 3, "", pytest.approx(0.6))
    assert second == Found(3, 4, "", pytest.approx(0.7))


def test_no_span_goes_on_at_a_fresh_word():
    rows = posteriors(BILOU, {"B-LOC": 0.9, "U-LOC": 0.05}, {"L-LOC": 0.9, "U-LOC": 0.05})
    assert [found[:3] for found in find_spans(rows, BILOU)] == [(0, 2, "LOC")]
    fresh = np.array([True, True])
    assert [found[:3] for found in find_spans(rows, BILOU, fresh=fresh)] == [(0, 1, "LOC"), (1, 2, "LOC")]


def well_formed(tags: Tags, sequence: tuple[str, ...], fresh: list[bool]) -> bool:
    """Say so by the definition of the tags, pair by pair."""
    open_label = None
    for tag, new in zip(sequence, fresh, strict=True):
        place, label = tag[0], tag[2:]
        if open_label is not None and place not in "IL":
            if "L-LOC" in tags.names:
                return False
            open_label = None
        if place in "IL" and (open_label != label or new):
            return False
        if "L-LOC" in tags.names and open_label is not None and new:
            return False
        open_label = label if place in "BI" else None
    return open_label is None or "L-LOC" not in tags.names


@pytest.mark.parametrize("tags", [BIO, BILOU])
def test_the_best_of_all_well_formed_sequences_is_found(tags):
    chance = np.random.default_rng(7)
    length = 5 if tags is BIO else 4
    for _ in range(60):
        table = probabilities((chance.normal(size=(length, len(tags.names))) * 2).astype(np.float32))
        fresh = [True, *(chance.random(length - 1) < 0.2).tolist()]
        logs = np.log(table)
        best = max(
            (
                sequence
                for sequence in itertools.product(range(len(tags.names)), repeat=length)
                if well_formed(tags, tuple(tags.names[number] for number in sequence), fresh)
            ),
            key=lambda sequence: sum(logs[word, tag] for word, tag in enumerate(sequence)),
        )
        expected = spans_in([tags.names[number] for number in best])
        assert [found[:3] for found in find_spans(table, tags, fresh=np.array(fresh))] == expected


def spans_in(sequence: list[str]) -> list[tuple[int, int, str]]:
    """Read spans off a well-formed sequence."""
    starts = [word for word, tag in enumerate(sequence) if tag[0] in "BU"]
    ends = []
    for start in starts:
        end = start + 1
        while end < len(sequence) and sequence[end][0] in "IL":
            end += 1
        ends.append(end)
    return [(start, end, sequence[start][2:]) for start, end in zip(starts, ends, strict=True)]


def test_a_higher_temperature_makes_probabilities_more_even():
    logits = np.array([[0.0, 4.0]], dtype=np.float32)
    sharp, even = probabilities(logits)[0], probabilities(logits, 4.0)[0]
    assert sharp[1] == pytest.approx(1 / (1 + np.exp(-4.0)))
    assert even[1] == pytest.approx(1 / (1 + np.exp(-1.0)))
    assert even.sum() == pytest.approx(1.0)
