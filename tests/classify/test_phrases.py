from __future__ import annotations

import pytest
from classify_articles import article

from tasks.classify.body import make_body
from tasks.classify.phrases import Phrases, expand, forms

FORMS = [
    ("plunge", ["plunge", "plunges", "plunged", "plunging"]),
    ("attack", ["attack", "attacks", "attacked", "attacking"]),
    ("party", ["party", "parties", "partied", "partying"]),
    ("crash", ["crash", "crashes", "crashed", "crashing"]),
    ("survey", ["survey", "surveys", "surveyed", "surveying"]),
    ("stab", ["stab", "stabs", "stabbed", "stabbing", "stabed", "stabing"]),
]


@pytest.mark.parametrize(("word", "expected"), FORMS)
def test_forms(word: str, expected: list[str]) -> None:
    assert forms(word) == expected


EXPANSIONS = [
    ("war", [("war",)]),
    ("oil price~", [("oil", "price"), ("oil", "prices"), ("oil", "priced"), ("oil", "pricing")]),
    ("win|won a vote", [("win", "a", "vote"), ("won", "a", "vote")]),
    ("cease - fire", [("cease", "fire")]),
    ("women's rights", [("women", "rights")]),
]


@pytest.mark.parametrize(("term", "expected"), EXPANSIONS)
def test_expand(term: str, expected: list[tuple[str, ...]]) -> None:
    assert expand(term) == expected


TERMS = Phrases([("peace", 1), ("peace talk~", 2), ("UN", 3), ("cease - fire", 4), ("women's rights", 5)])
FOUND = [
    ("The peace talks failed", [(1, 3, 2)]),
    ("The PEACE held", [(1, 2, 1)]),
    ("The UN and an un", [(1, 2, 3)]),
    ("A cease - fire , a cease fire", [(1, 4, 4), (6, 8, 4)]),
    ("For women \u2019s rights", [(1, 4, 5)]),
    ("peace peace talks", [(0, 1, 1), (1, 3, 2)]),
    ("nothing here", []),
]


@pytest.mark.parametrize(("text", "expected"), FOUND)
def test_find(text: str, expected: list[tuple[int, int, int]]) -> None:
    tokens = text.split()
    found = TERMS.find(tokens, [token.lower() for token in tokens], 0, len(tokens))
    assert [tuple(match) for match in found] == expected


def test_find_keeps_within_its_bounds() -> None:
    tokens = ["peace", "talks", "peace"]
    assert [tuple(m) for m in TERMS.find(tokens, tokens, 0, 1)] == [(0, 1, 1)]


@pytest.mark.parametrize(("text", "expected"), FOUND)
def test_matches_of_a_body_are_what_find_finds(text: str, expected: list[tuple[int, int, int]]) -> None:
    body = make_body(article(text))
    firsts, lasts, numbers = (row.tolist() for row in TERMS.matches(body, body.sentences))
    assert list(zip(firsts, lasts, [TERMS.values[n] for n in numbers], strict=True)) == expected


def test_matches_keep_within_their_spans() -> None:
    body = make_body(article("They wanted peace", "Talks failed in peace talks"))
    firsts, lasts, numbers = (row.tolist() for row in TERMS.matches(body, body.sentences))
    assert list(zip(firsts, lasts, [TERMS.values[n] for n in numbers], strict=True)) == [(2, 3, 1), (6, 8, 2)]


def test_a_term_stands_at_a_place_or_not() -> None:
    tokens = ["the", "peace", "talks"]
    assert [TERMS.starts_at(tokens, tokens, at, 3) for at in range(3)] == [False, True, False]
    assert not TERMS.starts_at(tokens, tokens, 2, 2)
