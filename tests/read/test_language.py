# ruff: noqa: RUF001 - letters of other scripts
from __future__ import annotations

import pytest

from tasks.read.language import identify
from worker.errors import SettingsError

LANGUAGES = ["en", "de", "fr", "es", "uk", "ru", "ja"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("The minister said on Monday that the talks would go on until the end of the week.", "en"),
        ("Der Minister sagte am Montag, dass die Gespräche bis Ende der Woche weitergehen.", "de"),
        ("Міністр сказав у понеділок, що переговори триватимуть до кінця тижня.", "uk"),
        ("会談は週末まで続くと大臣は月曜日に述べた。会談の結果は発表されていない。", "ja"),
    ],
)
def test_languages(text, code):
    told = identify(text, LANGUAGES)
    assert told.code == code
    assert told.confidence > 0.9


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Yes, no.",
        "12 345 678 90 12 345 678",
        "Ministr v pondělí řekl, že jednání budou pokračovat až do konce týdne.",  # Czech is not among them
    ],
)
def test_it_abstains_with_a_reason(text):
    told = identify(text, LANGUAGES)
    assert told.code is None
    assert told.confidence is None
    assert told.why_not


def test_an_unknown_code_is_a_wrong_setting():
    with pytest.raises(SettingsError, match="languages: qq"):
        identify("The minister said on Monday that the talks would go on.", ["en", "qq"])


def test_the_article_abstains_too(read_article):
    article = read_article("Ja. Nein.")
    assert article.language is None
    assert any(a.what == "language" for a in article.abstentions)
