from __future__ import annotations

import json

import pytest
from quality_corpora import write

from benchmarks.quality import corpora
from benchmarks.quality.corpora import DataError, Options

ROW = {"id": "1", "text": "Oslo", "entities": [{"start": 0, "end": 4, "label": "geo"}]}


def names(options: Options, kind: str = "ner") -> list[tuple[str, str]]:
    return [(corpus.name, corpus.split) for corpus in corpora.find(options, kind)]


def test_a_folder_sorted_by_kind(tmp_path):
    write(tmp_path, "ner", "one", [ROW])
    write(tmp_path, "ner", "two", [ROW])
    write(tmp_path, "geo", "other", [{"id": "1", "text": "Oslo", "toponyms": []}])

    assert names(Options(tmp_path)) == [("one", "dev"), ("two", "dev")]
    assert names(Options(tmp_path, only=frozenset({"two"}))) == [("two", "dev")]
    assert names(Options(tmp_path), "geo") == [("other", "dev")]


def test_a_folder_of_one_corpus_and_a_folder_of_corpora(tmp_path):
    folder = write(tmp_path, "ner", "one", [ROW])

    assert names(Options(folder)) == [("one", "dev")]
    assert names(Options(tmp_path / "ner")) == [("one", "dev")]


def test_a_corpus_of_another_kind_is_left_alone(tmp_path):
    write(tmp_path, "mixed", "one", [ROW])
    write(tmp_path, "mixed", "other", [{"id": "1", "text": "Oslo", "toponyms": []}])

    assert names(Options(tmp_path / "mixed")) == [("one", "dev")]


def test_training_files_are_read_only_when_asked_for(tmp_path):
    write(tmp_path, "ner", "one", [ROW], split="train")

    with pytest.raises(DataError, match="no corpus of the kind 'ner'"):
        corpora.find(Options(tmp_path), "ner")
    assert names(Options(tmp_path, split="train")) == [("one", "train")]


def test_without_dev_the_test_file_or_any_other(tmp_path):
    write(tmp_path, "ner", "one", [ROW], split="test")
    write(tmp_path, "ner", "two", [ROW], split="held-out")

    assert names(Options(tmp_path)) == [("one", "test"), ("two", "held-out")]


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(DataError, match="no such folder"):
        corpora.find(Options(tmp_path / "nowhere"), "ner")


def test_plain_files_and_the_limit(tmp_path):
    (tmp_path / "dev.jsonl").write_text("".join(json.dumps({**ROW, "id": str(n)}) + "\n" for n in range(5)))

    (corpus,) = corpora.find(Options(tmp_path, limit=3), "ner")

    assert [row["id"] for row in corpus.rows()] == ["0", "1", "2"]


def test_labels_by_corpus_flat_and_by_habit(tmp_path):
    folder = write(tmp_path, "ner", "one", [ROW])
    other = write(tmp_path, "ner", "two", [ROW])
    (tmp_path / "ner" / "labels.json").write_text(json.dumps({"one": {"geo": "LOC", "num": None}}))

    one, two = corpora.find(Options(tmp_path), "ner")
    assert (one.label("geo"), one.label("num")) == ("LOC", None)
    assert [two.label(own) for own in ("PER", "gpe", "Facility")] == ["PERSON", "LOC", "FAC"]
    assert two.label("weapon") == "WEAPON"

    (other / "labels.json").write_text(json.dumps({"geo": "LOC"}))
    assert [corpus.label("geo") for corpus in corpora.find(Options(tmp_path), "ner")] == ["LOC", "LOC"]
    assert corpora.find(Options(folder), "ner")[0].label("num") is None
