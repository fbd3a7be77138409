"""Trees of news sentences of our own: a model can read treebanks well and newswire badly."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from benchmarks.quality import function_words, predict

if TYPE_CHECKING:
    from collections.abc import Callable

    from spacy.tokens import Doc

ARTICLES = tomllib.loads(Path(__file__).with_name("news_trees.toml").read_text(encoding="utf-8"))["article"]
FLOOR = 0.9
"""Of the arcs of all articles together."""


@pytest.fixture(scope="module")
def annotate() -> Callable[[str], Doc]:
    """Return the encoder with the trees alone."""
    return predict.annotator(predict.build(None, predict.SYNTAX))


def arcs_of(doc: Doc) -> set[str]:
    return {
        f"{t.text} root" if t.dep_ == "root" else f"{t.text} {t.dep_.partition(':')[0]} {t.head.text}"
        for t in doc
    }


def test_who_does_what_to_whom(annotate: Callable[[str], Doc]) -> None:
    wanted = 0
    wrong = []
    for article in ARTICLES:
        found = arcs_of(annotate(article["text"]))
        wrong += [arc for arc in article["arcs"] if arc not in found]
        wanted += len(article["arcs"])
    assert 1 - len(wrong) / wanted >= FLOOR, f"{len(wrong)} of {wanted} arcs are missing: {wrong}"


def test_words_without_a_choice_keep_their_part_of_speech(annotate: Callable[[str], Doc]) -> None:
    figures = function_words.score((article["text"] for article in ARTICLES), annotate)

    assert figures["words"] > 50
    assert figures["possible"] >= 99


def test_the_words_of_the_table_are_told_by_their_text() -> None:
    import spacy  # noqa: PLC0415 - only here

    def everything_a_noun(text: str) -> Doc:
        doc = spacy.blank("en")(text)
        for token in doc:
            token.pos_ = "NOUN"
        return doc

    figures = function_words.score(["The vote was close, he said."], everything_a_noun)

    assert figures == {"possible": 0.0, "words": 6}
