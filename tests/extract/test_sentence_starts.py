# ruff: noqa: RUF001 - typographic marks as they stand in news
"""`copydesk.sentences`: where sentences start."""

from __future__ import annotations

import pytest
from extraction import annotate

CASES: list[tuple[str, list[str]]] = [
    ("Talks failed. They go on.", ["Talks failed.", "They go on."]),
    # abbreviations
    ("Mr. Rossi met Dr. Anna Berg. They spoke.", ["Mr. Rossi met Dr. Anna Berg.", "They spoke."]),
    ("The U.S. Senate voted. It failed.", ["The U.S. Senate voted.", "It failed."]),
    ("He left the U.S. The talks failed.", ["He left the U.S.", "The talks failed."]),
    ("They met on Dec. 6 in Rome. It rained.", ["They met on Dec. 6 in Rome.", "It rained."]),
    ("J. R. Smith spoke. He left.", ["J. R. Smith spoke.", "He left."]),
    ("Acme Inc. fell. The index rose.", ["Acme Inc. fell.", "The index rose."]),
    ("It rose 3.5 percent. It fell.", ["It rose 3.5 percent.", "It fell."]),
    # quotes
    ("“We won. We rest,” he said. He left.", ["“We won.", "We rest,” he said.", "He left."]),
    ("“Why now?” Berg asked. Nobody knew.", ["“Why now?” Berg asked.", "Nobody knew."]),
    ("“Why now?” she asked.", ["“Why now?” she asked."]),
    ("He said: “We won.” He left.", ["He said: “We won.”", "He left."]),
    ("“We won.” Berg said that they rest.", ["“We won.”", "Berg said that they rest."]),
    # a broken closing mark belongs to the sentence before it
    ("He said: “We won. “\n\nIt rained.", ["He said: “We won. “", "It rained."]),
    # machine translation leaves small letters behind full stops
    ("They can do so. neighbors must see.", ["They can do so.", "neighbors must see."]),
    ("It cost approx. five euros.", ["It cost approx. five euros."]),
    ("He waited... and left.", ["He waited... and left."]),
    # and lose the space between two sentences
    ("It was a bad year.When asked, he left.", ["It was a bad year.", "When asked, he left."]),
    ("They went to war.NATO did not.", ["They went to war.", "NATO did not."]),
    ("They went to Lume.He was glad.", ["They went to Lume.", "He was glad."]),
    ("They saw Lume.Berg saw it.", ["They saw Lume.Berg saw it."]),
    ("They gave power away.- Nobody knows.", ["They gave power away.-", "Nobody knows."]),
    ("He read news.Example.com at approx.Five.", ["He read news.Example.com at approx.Five."]),
    ("He sold booking.Com and node.Js to it.", ["He sold booking.Com and node.Js to it."]),
    # blocks
    ("A heading without a stop\n\nThen a sentence.", ["A heading without a stop", "Then a sentence."]),
    ("What now? Nobody knows!", ["What now?", "Nobody knows!"]),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_sentences(text: str, expected: list[str]) -> None:
    assert [sentence.text.strip() for sentence in annotate(text).sents] == expected


def test_no_sentence_starts_inside_an_editors_note() -> None:
    text = "He said that they (the talks… – Ed.) go on. It rained."
    doc = annotate(text, notes=["(the talks… – Ed.)"])
    assert [s.text for s in doc.sents] == ["He said that they (the talks… – Ed.) go on.", "It rained."]


def test_every_token_is_decided() -> None:
    doc = annotate("One. Two.\n\nThree.")
    assert [token.is_sent_start for token in doc if token.text in {"One", "Two", "Three"}] == [True] * 3
    assert doc.has_annotation("SENT_START")
