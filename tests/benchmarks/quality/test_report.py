from __future__ import annotations

import json

from benchmarks.quality import report
from benchmarks.quality.matching import Counts

FIGURES = {"corpus": {"texts": 3, "strict": Counts(2, 3, 4).figures(), "las": 81.2345, "none": None}}


def test_json_is_one_line_with_plain_names():
    line = report.as_json(FIGURES)

    assert "\n" not in line
    read = json.loads(line)
    assert read["corpus"]["strict"]["f1"] == 57.14
    assert read["corpus"]["las"] == 81.23
    assert read["corpus"]["texts"] == 3


def test_the_table_has_a_line_for_every_measure():
    table = report.as_table("area", FIGURES).splitlines()

    assert table[0].split() == ["area", "precision", "recall", "f1", "predicted", "gold"]
    assert [line.split() for line in table[2:]] == [
        ["corpus", "texts", "3"],
        ["corpus", "strict", "66.7", "50.0", "57.1", "3", "4"],
        ["corpus", "las", "81.2"],
        ["corpus", "none", "-"],
    ]
