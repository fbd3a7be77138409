from __future__ import annotations

import pytest
from classify_articles import classified

from tasks.classify.shingles import PERMUTATIONS, signature

WORDS = [f"w{n % 97}x{n * n % 89}" for n in range(400)]


def _agreement(one: list[int], two: list[int]) -> float:
    return sum(a == b for a, b in zip(one, two, strict=True)) / PERMUTATIONS


def _jaccard(one: list[str], two: list[str]) -> float:
    runs = [{tuple(words[i : i + 5]) for i in range(len(words) - 4)} for words in (one, two)]
    return len(runs[0] & runs[1]) / len(runs[0] | runs[1])


def test_signature_is_the_same_on_every_platform() -> None:
    made = signature(WORDS)
    assert made[:4] == [3880276, 10300869, 3767585, 10189813]
    assert len(made) == PERMUTATIONS
    assert all(0 <= value < 2**32 for value in made)


@pytest.mark.parametrize("kept", [400, 380, 320, 240, 120])
def test_agreement_estimates_the_similarity(kept: int) -> None:
    assert _agreement(signature(WORDS), signature(WORDS[:kept])) == pytest.approx(
        _jaccard(WORDS, WORDS[:kept]), abs=0.13
    )


def test_other_words_do_not_agree() -> None:
    assert _agreement(signature(WORDS), signature([f"other{word}" for word in WORDS])) < 0.05


def test_length_beyond_one_chunk_makes_no_difference() -> None:
    assert signature(WORDS * 30) == signature(WORDS * 20)


def test_case_and_punctuation_do_not_count() -> None:
    plain, loud = " ".join(WORDS[:60]), ", ".join(WORDS[:60]).upper() + "!"
    assert classified(plain).shingles == classified(loud).shingles != []


def test_only_the_body_counts() -> None:
    words = " ".join(WORDS[:60])
    assert (
        classified(words, ("boilerplate", "Read more about it here.")).shingles == classified(words).shingles
    )


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Too short.", "fewer than 20 words"),
        ("港は月曜日に閉鎖された" * 3 + " " + "港は月曜日に閉鎖された氷の" * 30, "20 words"),
    ],
)
def test_abstains(text: str, why: str) -> None:
    part = classified(text, language=None)
    assert part.shingles == []
    assert any(why in a.why for a in part.abstentions if a.component == "copydesk.shingles")


def test_abstains_from_a_script_without_spaces() -> None:
    part = classified(" ".join(["港は月曜日に氷のために閉鎖された"] * 25), language="ja")
    assert [a.why for a in part.abstentions if a.component == "copydesk.shingles"] == [
        "the text does not put spaces between words"
    ]
