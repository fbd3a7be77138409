from __future__ import annotations

import pytest
import spacy
from quality_corpora import only, write

from benchmarks.quality import entities
from benchmarks.quality.matching import Counts

TEXT = "Oskar Thelly left Kelmar for the Harbour Act debate on Friday."


def gold(*found: tuple[str, str]) -> list[dict]:
    return [
        {"start": TEXT.index(words), "end": TEXT.index(words) + len(words), "label": label}
        for words, label in found
    ]


def tagger(*found: tuple[str, str]):
    """Return what annotates these words wherever they stand, as a model would in `doc.ents`."""
    nlp = spacy.blank("en")

    def annotate(text: str):
        doc = nlp(text)
        spans = [
            doc.char_span(text.index(words), text.index(words) + len(words), label=label)
            for words, label in found
            if words in text
        ]
        doc.ents = [span for span in spans if span]
        return doc

    return annotate


def score(tmp_path, wanted, found, **options):
    write(tmp_path, "ner", "invented", [{"id": "1", "text": TEXT, "entities": gold(*wanted)}])
    return entities.score(only(tmp_path, "ner"), tagger(*found), **options)


@pytest.mark.parametrize(
    ("wanted", "found", "strict", "span"),
    [
        ([("Oskar Thelly", "PER")], [("Oskar Thelly", "PERSON")], (1, 1, 1), (1, 1, 1)),
        # another border
        ([("Oskar Thelly", "PER")], [("Thelly", "PERSON")], (0, 1, 1), (0, 1, 1)),
        # another label
        (
            [("Kelmar", "LOC"), ("Oskar Thelly", "PER")],
            [("Kelmar", "PERSON"), ("Oskar Thelly", "PERSON")],
            (1, 2, 2),
            (2, 2, 2),
        ),
        # a type that the corpus does not annotate is not counted
        ([("Kelmar", "LOC")], [("Kelmar", "LOC"), ("Friday", "DATE")], (1, 1, 1), (1, 1, 1)),
        # ... but counted where it does
        ([("Kelmar", "DATE")], [("Friday", "DATE")], (0, 1, 1), (0, 1, 1)),
        # LAW and EVENT are MISC where there is nothing better
        ([("Harbour Act", "MISC"), ("Friday", "DATE")], [("Harbour Act", "LAW")], (1, 1, 2), (1, 1, 2)),
        ([("Harbour Act", "LAW"), ("Friday", "MISC")], [("Harbour Act", "LAW")], (1, 1, 2), (1, 1, 2)),
    ],
)
def test_scores(tmp_path, wanted, found, strict, span):
    figures = score(tmp_path, wanted, found)

    assert figures["strict"] == Counts(*strict).figures()
    assert figures["span"] == Counts(*span).figures()


def test_every_type_of_the_corpus_is_reported(tmp_path):
    figures = score(
        tmp_path,
        [("Oskar Thelly", "PER"), ("Kelmar", "LOC"), ("Friday", "DATE")],
        [("Kelmar", "LOC"), ("Oskar Thelly", "LOC")],
    )

    assert {name: figures["types"][name]["f1"] for name in figures["types"]} == {
        "DATE": 0,
        "LOC": pytest.approx(66.67, abs=0.01),
        "PERSON": 0,
    }


@pytest.mark.parametrize(
    ("types", "label", "folded"),
    [
        ({"PERSON", "ORG", "LOC"}, "FAC", "LOC"),
        ({"PERSON", "ORG", "LOC"}, "NORP", None),
        ({"PERSON", "ORG", "LOC", "MISC"}, "NORP", "MISC"),
        ({"PERSON", "ORG", "LOC", "MISC"}, "PRODUCT", "MISC"),
        ({"PERSON", "ORG", "LOC", "MISC"}, "DATE", None),
        ({"PERSON", "ORG", "LOC", "FAC", "MISC"}, "FAC", "FAC"),
        ({"PERSON", "LOC", "NORP", "MISC"}, "FAC", None),
        ({"PERSON", "PRODUCT", "MISC", "DATE"}, "WEAPON", "PRODUCT"),
        ({"PERSON", "EVENT", "MISC"}, "EVENT", "EVENT"),
        ({"PERSON", "EVENT", "MISC"}, "LAW", "MISC"),
        # what spaCy's own pipelines say
        ({"PERSON", "ORG", "LOC"}, "GPE", "LOC"),
        ({"PERSON", "DATE"}, "TIME", "DATE"),
    ],
)
def test_predictions_are_folded_into_what_the_corpus_has(types, label, folded):
    assert entities.fold([(0, 4, label)], types) == ([(0, 4, folded)] if folded else [])


def test_corrupted_gold_moves_along(tmp_path):
    clean = score(tmp_path, [("Kelmar", "LOC"), ("Friday", "DATE")], [("Kelmar", "LOC"), ("Friday", "DATE")])
    by_seed = [
        score(
            tmp_path,
            [("Kelmar", "LOC"), ("Friday", "DATE")],
            [("Kelmar", "LOC"), ("Friday", "DATE"), ("FRIDAY", "DATE")],
            seed=seed,
        )
        for seed in range(20)
    ]

    assert clean["strict"]["f1"] == 100
    # articles that are gone move both names; only a name in another spelling is missed
    assert sum(figures["strict"]["f1"] == 100 for figures in by_seed) >= 15
