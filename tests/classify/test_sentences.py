from __future__ import annotations

import time

import pytest

from tasks.classify.sentences import sentence_spans

CASES = [
    ("One. Two.", ["One.", "Two."]),
    (
        "Mr. Halder met Dr. Roy on Dec. 3 in St. Malo. They left.",
        ["Mr. Halder met Dr. Roy on Dec. 3 in St. Malo.", "They left."],
    ),
    ("The U.S. Senate sat. It rose.", ["The U.S. Senate sat.", "It rose."]),
    ("He lives in the U.S. The house is old.", ["He lives in the U.S.", "The house is old."]),
    ("John F. Abel won.", ["John F. Abel won."]),
    ("It fell by 3.5 percent. Then it rose.", ["It fell by 3.5 percent.", "Then it rose."]),
    ("“We won.” They left.", ["“We won.”", "They left."]),
    ("“Why?” he asked. Nobody knew.", ["“Why?” he asked.", "Nobody knew."]),
    ("It ended … and began again.", ["It ended … and began again."]),
    ("We will do it. “", ["We will do it. “"]),
    ("Others can do so. neighbors, what now?", ["Others can do so.", "neighbors, what now?"]),
    ("She came at 5 a.m. Boats took them off.", ["She came at 5 a.m.", "Boats took them off."]),
    ("She came at 5 a.m. Monday by boat.", ["She came at 5 a.m. Monday by boat."]),
    ("A first line\n\nA second paragraph", ["A first line", "A second paragraph"]),
    ("A line\nbroken. Another.", ["A line\nbroken.", "Another."]),
    ("これは文です。次の文です。", ["これは文です。", "次の文です。"]),
    ("It was a bad year.When asked, he left.", ["It was a bad year.", "When asked, he left."]),
    ("They went to Lume.He was glad.", ["They went to Lume.", "He was glad."]),
    ("They saw Lume.Berg saw it.", ["They saw Lume.Berg saw it."]),
    *[
        (text, [text])
        for text in (
            "Write to john.Smith1@example.com or ilka.Berg-Roth@example.com for it.",
            "It is at https://example.com/my-report.Final and www.example.Lume now.",
            "He sent movie.MP4 and report.DOCX to gazeta.Ru and ebay.De again.",
            "He wrote for Tut.By and Repubblica.It at that time.",
        )
    ],
    ("They gave power away.- Nobody knows.", ["They gave power away.", "- Nobody knows."]),
    ("He read news.Example.com and booking.Com too.", ["He read news.Example.com and booking.Com too."]),
    ("  \n ", []),
    ("", []),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_sentences(text: str, expected: list[str]) -> None:
    assert [text[start:end] for start, end in sentence_spans(text, 0, len(text))] == expected


def test_no_sentence_ends_inside_a_note() -> None:
    text = "A signal to all (countries. And more. - Ed.) in the world. End."
    note = (text.index("("), text.index(")") + 1)
    pieces = [text[s:e] for s, e in sentence_spans(text, 0, len(text), unbroken=[note])]
    assert pieces == ["A signal to all (countries. And more. - Ed.) in the world.", "End."]


def test_only_the_given_stretch_is_split() -> None:
    text = "One. Two. Three."
    assert [text[s:e] for s, e in sentence_spans(text, 5, 9)] == ["Two."]


@pytest.mark.parametrize("unit", [". ", ".", "a” ", "boats.Then ", "Mr. ", "\n", "?!", "A. ", ".” “"])
def test_time_grows_with_the_length(unit: str) -> None:
    text = unit * (1_000_000 // len(unit))
    begin = time.process_time()
    sentence_spans(text, 0, len(text))
    assert time.process_time() - begin < 10
