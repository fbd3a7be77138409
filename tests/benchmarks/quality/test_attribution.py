from __future__ import annotations

import pytest
import spacy
from quality_corpora import only, spans, write
from spacy.tokens import SpanGroup

from benchmarks.quality import attribution

TEXT = '"We will not work," said Anna Wessel, "until it is signed." The port said it had no comment.'
FIRST, SECOND = '"We will not work,"', '"until it is signed."'
GOLD = [
    {
        "source": spans(TEXT, "Anna Wessel"),
        "cue": spans(TEXT, "said"),
        "content": spans(TEXT, FIRST, SECOND),
    },
    {"source": [], "cue": [], "content": spans(TEXT, "it had no comment")},
    # shares the source of the first
    {"source": spans(TEXT, "Anna Wessel"), "cue": spans(TEXT, "comment"), "content": spans(TEXT, "signed")},
]


def tagger(**parts: list[tuple[str, int]]):
    nlp = spacy.blank("en")

    def annotate(text: str):
        doc = nlp(text)
        for part, found in parts.items():
            spans = [doc.char_span(text.index(w), text.index(w) + len(w), label=part) for w, _ in found]
            attrs = {"cue": [cue for _, cue in found]} if part == "content" else {}
            doc.spans[part] = SpanGroup(doc, name=part, spans=spans, attrs=attrs)
        return doc

    return annotate


def score(tmp_path, **parts):
    write(tmp_path, "quotes", "invented", [{"id": "1", "text": TEXT, "attributions": GOLD}])
    return attribution.score(only(tmp_path, "quotes"), tagger(**parts))


@pytest.mark.parametrize(
    ("found", "exact", "overlap", "piece"),
    [
        # the whole of a split quote is one content, when its cue stands between the spans
        ([(FIRST, 0), (SECOND, 0)], (1, 1, 3), (1, 1, 3), (2, 2, 4)),
        # two spans without a cue are two contents, and none of them is the whole one; one covers half of it
        ([(FIRST, -1), (SECOND, -1)], (0, 2, 3), (1, 2, 3), (2, 2, 4)),
        # the marks do not count
        ([("We will not work,", 0), ("until it is signed.", 0)], (1, 1, 3), (1, 1, 3), (2, 2, 4)),
        # a word more
        ([("said it had no comment", -1)], (0, 1, 3), (1, 1, 3), (0, 1, 4)),
        ([("it had no comment", -1)], (1, 1, 3), (1, 1, 3), (1, 1, 4)),
        # nested
        ([("signed", -1)], (1, 1, 3), (1, 1, 3), (1, 1, 4)),
        # nothing
        ([], (0, 0, 3), (0, 0, 3), (0, 0, 4)),
    ],
)
def test_content(tmp_path, found, exact, overlap, piece):
    figures = score(tmp_path, cue=[("said Anna", -1)], content=found)

    def counts(of: dict) -> tuple[int, int, int]:
        return round(of["precision"] * of["predicted"] / 100), of["predicted"], of["gold"]

    assert counts(figures["content"]["exact"]) == exact
    assert counts(figures["content"]["overlap"]) == overlap
    assert counts(figures["piece"]["exact"]) == piece


def test_a_shared_source_counts_once_and_an_empty_one_never(tmp_path):
    figures = score(tmp_path, source=[("Anna Wessel", -1)])

    assert figures["source"]["exact"]["gold"] == 1
    assert figures["source"]["exact"]["f1"] == 100


def test_tokens_without_marks(tmp_path):
    figures = score(tmp_path, source=[("said Anna Wessel", -1)])

    assert figures["source"]["token"]["precision"] == pytest.approx(66.67, abs=0.01)
    assert figures["source"]["token"]["recall"] == 100


def test_a_part_without_gold_is_not_reported(tmp_path):
    write(tmp_path, "quotes", "invented", [{"id": "1", "text": TEXT, "attributions": GOLD[1:2]}])

    figures = attribution.score(only(tmp_path, "quotes"), tagger())

    assert {"content", "piece"} <= figures.keys()
    assert not {"source", "cue"} & figures.keys()


@pytest.mark.parametrize(
    ("text", "pieces", "joined"),
    [
        ("a b", [(0, 1), (2, 3)], [(0, 3)]),
        ("a”\n\n“b", [(0, 1), (5, 6)], [(0, 6)]),
        ("a, b", [(0, 1), (3, 4)], [(0, 1), (3, 4)]),
        ("", [], []),
    ],
)
def test_pieces_with_nothing_between_them_are_one(text, pieces, joined):
    assert attribution.joined(text, tuple(pieces)) == joined


@pytest.mark.parametrize(
    ("spans_of_cue", "cue", "contents"),
    [
        ([(0, 4), (10, 14)], 6, {((0, 4), (10, 14))}),
        # both on one side: the cue of two contents
        ([(0, 4), (10, 14)], 20, {((0, 4),), ((10, 14),)}),
        # the nearest on either side
        ([(0, 2), (3, 5), (10, 14), (15, 16)], 6, {((0, 2),), ((3, 5), (10, 14)), ((15, 16),)}),
        # another paragraph
        ([(0, 4), (30, 34)], 6, {((0, 4),), ((30, 34),)}),
        ([(0, 4)], 6, {((0, 4),)}),
    ],
)
def test_contents_around_their_cue_are_one(spans_of_cue, cue, contents):
    text = "x" * 20 + "\n" + "x" * 20

    assert attribution.around(text, spans_of_cue, cue) == contents
