from __future__ import annotations

from classify_articles import article, classified

HARBOUR = (
    "Dockers in Narvik walked out. The harbour pilots of Narvik, led by Signe Aasland, joined them.",
    "Aasland said the harbour pilots would stay away until the town of Narvik pays. ",
    "“The harbour pilots are tired,” Aasland added. Ships of the Coastal Express waited in the fjord.",
)


def _texts(*pieces: str) -> list[str]:
    return [keyword.text for keyword in classified(*pieces).keywords]


def test_names_and_repeated_phrases_in_their_own_spelling() -> None:
    found = _texts(*HARBOUR)
    assert {"Narvik", "Signe Aasland", "harbour pilots"} <= set(found)
    assert "Aasland" not in found
    assert "said" not in found


def test_scores_fall_and_start_at_one() -> None:
    scores = [keyword.score for keyword in classified(*HARBOUR).keywords]
    assert scores[0] == 1.0
    assert scores == sorted(scores, reverse=True)


def test_every_phrase_stands_in_the_body() -> None:
    text = article(*HARBOUR).text
    assert all(phrase in text for phrase in _texts(*HARBOUR))


def test_a_phrase_broken_over_two_lines_is_folded() -> None:
    assert "Coastal Express" in _texts("The Coastal\nExpress waited. The Coastal\nExpress left.")


def test_the_first_word_of_a_sentence_is_no_name_by_its_capital() -> None:
    assert _texts("Ships waited in the fjord. Nobody came.") == []


def test_abstains_without_phrases() -> None:
    part = classified("It rained.")
    assert [a.what for a in part.abstentions if a.component == "copydesk.keywords"] == ["keywords"]


def test_a_body_of_one_word_has_none() -> None:
    assert _texts("football") == []
