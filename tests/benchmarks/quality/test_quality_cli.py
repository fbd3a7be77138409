"""The command line, over the real pipeline where it is quick."""

from __future__ import annotations

import json

import pytest
from quality_corpora import write

from benchmarks.quality.__main__ import AREAS, main

ROWS = [
    {
        "id": "1",
        "text": "The striker scored twice in the cup final.",
        "label": "",
        "iptc": ["medtop:15000000"],
    },
    {
        "id": "2",
        "text": "The court sentenced the banker to prison.",
        "label": "",
        "iptc": ["medtop:02000000"],
    },
]


def test_one_json_object_on_one_line(tmp_path, capsys):
    write(tmp_path, "topics", "invented", ROWS)

    assert main(["topics", "--data", str(tmp_path), "--json"]) == 0

    printed = capsys.readouterr().out
    assert printed.count("\n") == 1
    figures = json.loads(printed)
    assert figures["invented"]["texts"] == 2
    assert 0 <= figures["invented"]["macro_f1"] <= 100


def test_a_table_for_people_and_the_limit(tmp_path, capsys):
    write(tmp_path, "topics", "invented", ROWS)

    assert main(["topics", "--data", str(tmp_path), "--limit", "1"]) == 0

    assert "invented texts" in capsys.readouterr().out


@pytest.mark.parametrize("area", AREAS)
def test_nothing_to_measure_is_exit_code_2(area, tmp_path, capsys):
    assert main([area, "--data", str(tmp_path)]) == 2

    assert capsys.readouterr().err.startswith(f"--data {tmp_path}: ")


def test_an_unknown_component_is_exit_code_2(tmp_path, capsys):
    write(tmp_path, "ner", "invented", [{"id": "1", "text": "Oslo", "entities": []}])

    assert main(["entities", "--data", str(tmp_path), "--pipeline", "copydesk.nothing"]) == 2

    assert "copydesk.nothing" in capsys.readouterr().err


def test_quotes_over_the_real_pipeline(tmp_path, capsys):
    text = "“We will strike,” said the pilot Anna Wessel on Friday."
    attribution = {"source": [[27, 48]], "cue": [[18, 22]], "content": [[0, 17]]}
    write(tmp_path, "quotes", "invented", [{"id": "1", "text": text, "attributions": [attribution]}])

    assert main(["quotes", "--data", str(tmp_path), "--json"]) == 0

    figures = json.loads(capsys.readouterr().out)["invented"]
    assert figures["content"]["exact"]["f1"] == 100
    assert figures["direct"]["speaker"]["accuracy"] == 100
    assert figures["marks"]["turned"]["accuracy"] == 100
