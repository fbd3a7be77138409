from __future__ import annotations

import re

import pytest

from benchmarks.quality import corrupt
from benchmarks.quality.corrupt import Edit, Rates, apply

NEVER = Rates(*[0.0] * len(Rates.__dataclass_fields__))
ARTICLE = (
    "Harbour pilots strike again\n\nThe pilots of Kelmar met president Oskar Thelly on Friday. “We will not"
    " work,” said Anna Wessel (their speaker), “until the contract is signed.” Nobody from the ministry"
    " answered a question.\n\nThe strike, now in its third week, cost the port a fifth of its traffic."
)
NAMES = [
    (ARTICLE.index(name), ARTICLE.index(name) + len(name), label)
    for name, label in (
        ("Kelmar", "LOC"),
        ("Oskar Thelly", "PERSON"),
        ("Anna Wessel", "PERSON"),
        ("Friday", "DATE"),
    )
]


def only(**rates: float) -> Rates:
    return Rates(**{name: rates.get(name, 0.0) for name in Rates.__dataclass_fields__})


@pytest.mark.parametrize(
    ("edits", "changed"),
    [
        ([], "one two three"),
        ([Edit(4, 8, "")], "one three"),
        ([Edit(0, 3, "ONE"), Edit(8, 13, "3")], "ONE two 3"),
        # given in any order
        ([Edit(8, 13, "3"), Edit(0, 3, "ONE")], "ONE two 3"),
        # of two that overlap, the first that is given
        ([Edit(4, 7, "TWO"), Edit(0, 5, "x")], "one TWO three"),
        ([Edit(4, 7, "TWO"), Edit(5, 6, "x")], "one TWO three"),
        # an insertion
        ([Edit(3, 3, ",")], "one, two three"),
    ],
)
def test_edits_are_made(edits, changed):
    assert apply("one two three", edits).text == changed


@pytest.mark.parametrize(
    ("edits", "span", "now"),
    [
        ([Edit(0, 4, "")], "two", "two"),
        ([Edit(0, 3, "eleven")], "two", "two"),
        ([Edit(8, 13, "")], "two", "two"),
        # inside the span
        ([Edit(5, 6, "oo")], "two", "tooo"),
        ([Edit(4, 7, "second")], "two", "second"),
        ([Edit(4, 7, "TWO")], "one two three", "one TWO three"),
        # the span's first word goes
        ([Edit(0, 4, "")], "one two", "two"),
        # across its border: what is put in its place belongs to it
        ([Edit(2, 5, "-")], "two", "-wo"),
        ([Edit(6, 9, "-")], "two", "tw-"),
        # nothing is left
        ([Edit(3, 8, "")], "two", None),
    ],
)
def test_spans_move_along(edits, span, now):
    text = "one two three"
    changed = apply(text, edits)
    moved = changed.move(text.index(span), text.index(span) + len(span))

    assert (changed.text[slice(*moved)] if moved else None) == now


def test_no_rates_no_change():
    assert corrupt.sloppy(ARTICLE, names=NAMES, seed="1", rates=NEVER).text == ARTICLE


def test_the_same_seed_gives_the_same_text():
    texts = [corrupt.sloppy(ARTICLE, names=NAMES, seed=seed).text for seed in ("1", "1", "2", "3")]

    assert texts[0] == texts[1]
    assert len(set(texts)) == 3


@pytest.mark.parametrize(
    ("rates", "old", "new"),
    [
        (only(turned=1), "not work,” said", "not work,“ said"),
        (only(turned=1), "“We will", "“We will"),
        (only(missing=1), "“We will not work,” said", "We will not work, said"),
        (only(articles=1), "until the contract is", "until contract is"),
        (only(articles=1), "answered a question", "answered question"),
        (only(headline=1), "Harbour pilots strike again\n", "HARBOUR PILOTS STRIKE AGAIN\n"),
        (only(lead=1), "Harbour pilots strike again\n\nThe", "HARBOUR PILOTS STRIKE AGAIN\n\nThe"),
        (only(sentence_start=1), "signed.” Nobody from", "signed.” nobody from"),
        (only(sentence_start=1), "\n\nThe strike", "\n\nthe strike"),
        (only(title=1), "met president Oskar", "met President Oskar"),
        (only(name=1), "Oskar Thelly", "Oskar Thely"),
        (only(name=1), "Anna Wessel", "Anna Wesel"),
        # dates are spelled as before
        (only(name=1), "on Friday.", "on Friday."),
        (only(space=1), "not work,” said", "not work,”said"),
        (only(space=1), "Wessel (their", "Wessel(their"),
        (only(space=1), "traffic.", "traffic."),
    ],
)
def test_what_each_rate_does(rates, old, new):
    assert old in ARTICLE
    assert new in corrupt.sloppy(ARTICLE, names=NAMES, seed="1", rates=rates).text


def test_a_sentence_that_begins_with_a_name_keeps_its_capital():
    text = "It rained. Kelmar was flooded. Roads were closed."
    names = [(11, 17, "LOC")]

    changed = corrupt.sloppy(text, names=names, seed="1", rates=only(sentence_start=1))

    assert changed.text == "it rained. Kelmar was flooded. roads were closed."


def test_straight_marks_are_told_apart_by_turns_in_a_paragraph():
    text = 'He said "yes" twice.\n\n"No," she said, "never.'

    changed = corrupt.marks(text, seed="1", turned=1.0, missing=0.0)

    assert changed.text == 'He said "yes“ twice.\n\n"No,“ she said, "never.'


def test_gold_of_a_corrupted_text_is_still_there():
    for seed in range(40):
        changed = corrupt.sloppy(ARTICLE, names=NAMES, seed=str(seed))
        for start, end, _ in NAMES:
            moved = changed.move(start, end)
            assert moved is not None
            now = changed.text[slice(*moved)]
            assert re.fullmatch(r"(?i)kelmar|friday|oskar thell?y|anna wess?el", now), now


def test_about_as_often_as_the_rates_say():
    text = "He lost the key of the house. " * 1000

    changed = corrupt.sloppy(text, seed="1", rates=only(articles=0.2))

    assert 350 <= changed.kinds["article"] <= 450


@pytest.mark.parametrize(
    ("word", "other"),
    [("Zelensky", "Zelenskiy"), ("Tanya", "Tania"), ("Kharkiv", "Kharkiv"), ("Oslo", "Oslo")],
)
def test_respelled(word, other):
    assert corrupt.respelled(word) == other
