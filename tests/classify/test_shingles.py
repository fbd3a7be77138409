from __future__ import annotations

import pytest
from classify_articles import classified

from tasks.classify.shingles import SIZE, signature
from worker.desk.likeness import Text, compare

WORDS = [f"w{n % 97}x{n * n % 89}" for n in range(400)]


def _runs(words: list[str]) -> set[tuple[str, ...]]:
    return {tuple(words[i : i + 5]) for i in range(len(words) - 4)}


def _alike(one: list[str], two: list[str]) -> tuple[float, float, float]:
    found = compare(Text.of(signature(one), ()), Text.of(signature(two), ()))
    return found.similarity, found.ours, found.theirs


def test_signature_is_the_same_on_every_platform() -> None:
    made = signature(WORDS)
    assert made[:4] == [66795, 400140, 4347305, 14895838]
    assert len(made) == SIZE
    assert made == sorted(set(made))
    assert all(0 <= value < 2**32 for value in made)


@pytest.mark.parametrize("kept", [400, 380, 320, 240, 120])
def test_agreement_estimates_similarity_and_containment(kept: int) -> None:
    one, two = _runs(WORDS), _runs(WORDS[:kept])
    similarity, ours, theirs = _alike(WORDS, WORDS[:kept])
    assert similarity == pytest.approx(len(one & two) / len(one | two), abs=0.09)
    assert ours == pytest.approx(len(one & two) / len(one), abs=0.09)
    assert theirs == pytest.approx(1.0)


def test_up_to_its_size_the_signature_is_the_whole_set() -> None:
    one, two = WORDS[:200], WORDS[50:250]
    shared = len(_runs(one) & _runs(two))
    assert len(signature(one)) == len(_runs(one))
    assert _alike(one, two)[0] == pytest.approx(shared / len(_runs(one) | _runs(two)))


def test_other_words_do_not_agree() -> None:
    assert _alike(WORDS, [f"other{word}" for word in WORDS]) == (0.0, 0.0, 0.0)


def test_repetition_makes_no_difference() -> None:
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
