"""Layers that exported models fill in, in documents that people annotated in part."""

from __future__ import annotations

from pathlib import Path

import pytest

from training.documents import Document
from training.silver import annotator, doc_of, fill, some

MODEL = Path("tasks/models/news")
WORDS = ["Greta", "Holm", "resigned", ".", "“", "I", "am", "tired", ",", "”", "she", "said", "."]
GAPS = [4, 2, 2, 1, 4, 1, 2, 2, 1, 1, 2, 2, 1]


@pytest.fixture(scope="module")
def filled() -> Document:
    document = Document("1", "ner/own", list(WORDS), list(GAPS), entities=[(0, 1, "ORG")])
    annotate, vocab = annotator(MODEL, MODEL)
    return next(fill([document], annotate, vocab))


def test_a_doc_has_the_words_with_their_gaps() -> None:
    _, vocab = annotator(MODEL, MODEL)

    doc = doc_of(Document("1", "own", list(WORDS), list(GAPS)), vocab)

    assert doc.text == "Greta Holm resigned.\n\n“I am tired,” she said."


def test_what_people_annotated_stays(filled: Document) -> None:
    assert filled.words == WORDS
    assert filled.gaps == GAPS
    assert filled.entities == [(0, 1, "ORG")]
    assert filled.tone is None


def test_sentences_and_trees_are_filled_in(filled: Document) -> None:
    assert filled.sentence_starts is not None
    assert filled.sentence_starts[:2] == [0, 4]
    assert filled.syntax is not None
    assert len(filled.syntax) == len(WORDS)
    assert filled.syntax[2].relation == "root"
    assert filled.syntax[2].head == -1
    assert filled.syntax[0].head == 2
    assert [word.upos for word in filled.syntax[5:7]] == ["PRON", "AUX"]


def test_attributions_are_filled_in_with_words_as_borders(filled: Document) -> None:
    assert filled.attributions is not None
    (report,) = filled.attributions
    assert [WORDS[start:end] for start, end in report.source] == [["she"]]
    assert [WORDS[start:end] for start, end in report.cue] == [["said"]]
    ((start, end),) = report.content
    assert {"I", "am", "tired"} <= set(WORDS[start:end])


@pytest.mark.parametrize(("share", "numbers"), [(1.0, [0, 1, 2, 3, 4]), (0.4, [2, 4]), (0.0, [])])
def test_a_share_of_the_documents_is_spread_over_all(share: float, numbers: list[int]) -> None:
    documents = [Document(str(number), "own", ["a"], [4]) for number in range(5)]

    assert [int(document.id) for document in some(documents, share)] == numbers
