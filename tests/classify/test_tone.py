from __future__ import annotations

import pytest
from classify_articles import article, classified

from tasks import classify
from worker.settings import Settings

NEGATIVE = [
    "The ceasefire ended at midnight.",
    "Shares plunged 12 percent.",
    "The prime minister lost office after the opposition won a vote of no confidence.",
    "Peace talks ended without agreement.",
    "A bomb killed nine people at the market.",
    "The company did not improve its results.",
    "Unemployment rose to its highest level in a decade.",
    "The minister was accused of fraud.",
    "The plan has lost the support of the unions.",
    "Profits fell by a third.",
    "The mayor called the report a disgrace.",
    "Talks collapsed late at night.",
    "Hopes for a deal faded.",
    "The strike paralysed the port.",
    "The death toll rose to 40.",
    "Exports shrank by a fifth.",
]
POSITIVE = [
    "The meeting ended in an agreement.",
    "Crime plunged 12 percent.",
    "The team won its first title.",
    "Rescuers saved lives and were praised by the mayor.",
    "Unemployment fell to its lowest level in a decade.",
    "Shares rose sharply.",
    "The two sides reached an agreement.",
    "The treaty ended the war.",
    "The trial was a great success.",
    "The death toll fell.",
    "The hostages were freed.",
    "The siege was lifted.",
    "Profits doubled.",
]
NEUTRAL = [
    "The painter Anna Lynch lives in Good Hope.",
    "The committee meets on Thursday in Oslo.",
    "Peace talks will start in March.",
    "The United Nations has 193 member states.",
    "",
]


def _scores(text: str) -> list[float]:
    return [tone.score for tone in classified(text).sentence_tones]


@pytest.mark.parametrize("text", NEGATIVE)
def test_negative(text: str) -> None:
    assert [score < -0.2 for score in _scores(text)] == [True]


@pytest.mark.parametrize("text", POSITIVE)
def test_positive(text: str) -> None:
    assert [score > 0.2 for score in _scores(text)] == [True]


@pytest.mark.parametrize("text", NEUTRAL)
def test_neutral(text: str) -> None:
    assert [score for score in _scores(text) if score] == []


def test_evidence_is_in_the_article_s_own_spelling() -> None:
    [tone] = classified("Scandal: shares PLUNGED after it.").sentence_tones
    assert tone.evidence == ["Scandal", "PLUNGED"]


def test_title_and_headings_are_read_and_the_rest_is_not() -> None:
    part = classified(
        ("title", "Bomb kills nine"),
        ("heading", "A disaster"),
        "It rained.",
        ("boilerplate", "Win a great prize!"),
    )
    assert [bool(tone.score) for tone in part.sentence_tones] == [True, True, False]


def test_editors_notes_are_not_read() -> None:
    text = "He spoke of it (the massacre - Ed.) at noon."
    noted = classify.classify(article(text, notes=("(the massacre - Ed.)",)), settings=Settings())
    assert [tone.score for tone in noted.sentence_tones] == [0.0]
    assert [tone.score < 0 for tone in classified(text).sentence_tones] == [True]


def test_another_language_is_left_alone_and_said_so() -> None:
    part = classified("Der Zug fährt wieder.", language="de")
    assert part.sentence_tones == []
    assert {a.component for a in part.abstentions} >= {"copydesk.tone", "copydesk.topics"}
