"""Edit scripts turn a form into its lemma, and are found from the pair."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.extract.encoder.lemmas import KEEP, lemma_of, script_of


@pytest.mark.parametrize(
    ("form", "lemma", "script"),
    [
        ("cities", "city", "lower:3:y"),
        ("Cities", "city", "lower:3:y"),
        ("walks", "walk", "lower:1:"),
        ("walk", "walk", "lower:0:"),
        ("Kyiv", "Kyiv", KEEP),
        ("was", "be", "lower:3:be"),
        ("n't", "not", "lower:2:ot"),
        ("Romans", "Roman", "keep:1:"),
    ],
)
def test_known_pairs(form: str, lemma: str, script: str) -> None:
    assert script_of(form, lemma) == script
    assert lemma_of(form, script) == lemma


@given(st.text(min_size=1, max_size=12), st.text(min_size=1, max_size=12))
def test_a_script_makes_the_lemma_it_came_from(form: str, lemma: str) -> None:
    assert lemma_of(form, script_of(form, lemma)) == lemma


@pytest.mark.parametrize("script", ["lower:5:y", "keep:9:", "lower:2:"])
def test_too_short_a_form_stays(script: str) -> None:
    assert lemma_of("as", script) == "as"
