"""The summary against a title: what is counted."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pytest

from benchmarks.quality import summary
from benchmarks.quality.__main__ import main
from benchmarks.quality.predict import article_of
from worker.record import Span

TITLE = "Harbour bridge closed after storm"
SENTENCES = [
    "The harbour was shut on Monday evening by the port.",
    "A storm had broken two of its lamps.",
    "Nobody was hurt, said the mayor of the town.",
    "The bridge over the river Lomm stays closed.",
    "It will be open again on Friday at noon.",
]
TEXT = " ".join(SENTENCES)


def answer(*chosen: int, wrong: bool = False):
    spans = []
    for number in chosen:
        start = TEXT.index(SENTENCES[number])
        words = SENTENCES[number]
        spans.append(Span(start=start, end=start + len(words), text="else" if wrong else words))
    underscore = SimpleNamespace(article=article_of(TEXT), summary=spans, abstentions=[])
    return TITLE, SimpleNamespace(_=underscore, user_data={})


def test_words_of_the_title_in_the_chosen_sentences() -> None:
    figures = summary.score([answer(1, 3)])
    wanted = summary.words_of(TITLE)
    there = {"storm", "bridge", "closed"}
    assert figures["recall"] == pytest.approx(100 * len(there & wanted) / len(wanted))
    assert figures["lead"] == pytest.approx(100 * len({"harbour", "storm"} & wanted) / len(wanted))
    assert (figures["articles"], figures["answered"], figures["verbatim"]) == (1, 100, 100)


def test_a_span_that_says_something_else_is_seen() -> None:
    assert summary.score([answer(1, wrong=True), answer(1)])["verbatim"] == 50


def test_no_summary_is_no_answer() -> None:
    figures = summary.score([answer(), answer(0)])
    assert (figures["articles"], figures["answered"]) == (2, 50)


def test_a_corpus_of_our_own(tmp_path, capsys) -> None:
    folder = tmp_path / "raw" / "invented"
    folder.mkdir(parents=True)
    row = {"id": "1", "title": TITLE, "text": f"{TITLE}\n\n{TEXT}", "date": None}
    (folder / "train.jsonl").write_text(json.dumps(row) + "\n")
    assert main(["summary", "--data", str(tmp_path), "--json"]) == 0
    figures = json.loads(capsys.readouterr().out)["invented"]
    assert (figures["articles"], figures["verbatim"]) == (1, 100)
    assert figures["recall"] > 0


def test_nothing_to_measure(tmp_path) -> None:
    folder = tmp_path / "raw" / "invented"
    folder.mkdir(parents=True)
    (folder / "train.jsonl").write_text(json.dumps({"title": None, "text": TEXT}) + "\n")
    assert main(["summary", "--data", str(tmp_path)]) == 2
