# ruff: noqa: RUF001 - marks as they stand in the article
"""The article that everything is judged by, as far as `read` is concerned (seeds/expected has the rest)."""

from __future__ import annotations

from pathlib import Path

from read_checks import kinds

SEED = Path(__file__).parents[2] / "seeds" / "000_e0e4488e8881e827.txt"


def test_blocks(read_article):
    article = read_article(SEED.read_bytes())
    found = kinds(article)
    assert found[0] == ("boilerplate", "date 2021-12-06")
    assert article.blocks[0].rule == "leading_date"
    assert found[1][0] == "paragraph"
    assert found[1][1].startswith("NATO will go to strengthen its defense capabilities")
    assert [text for kind, text in found if kind == "heading"] == [
        "“The consequences will not be in Russia’s interests”",
        "Biden-Putin talks on Ukraine",
    ]
    assert found[-1] == ("boilerplate", "See also:")
    assert found[-2][1].endswith("in the face of possible aggression from Russia.")
    assert len(found) == 12


def test_metadata(read_article):
    article = read_article(SEED.read_bytes())
    assert article.title is None
    assert article.byline == []
    assert article.language == "en"
    assert article.published is not None
    assert (article.published.value, article.published.precision) == ("2021-12-06", "day")
    assert article.published.evidence == "leading_date"
    assert article.text[article.published.start : article.published.end] == "2021-12-06"
    assert [note.text for note in article.notes] == [
        "(a possible Russian attack on Ukraine… – Ed.)",
        "(countries. – Ed.)",
    ]
    assert {note.kind for note in article.notes} == {"editor"}


def test_signs_of_translation(read_article):
    article = read_article(SEED.read_bytes())
    assert article.translation.verdict == "likely"
    signs = [(sign.kind, article.text[sign.start - 8 : sign.end + 8]) for sign in article.translation.signs]
    assert signs == [
        ("broken_quote_mark", "Russia. “\n\n“The c"),
        ("broken_quote_mark", " do it. “\n\nWhen a"),
        ("lower_case_start", " do so. neighbors, what p"),
        ("broken_quote_mark", "kraine, “Blinken "),
    ]
