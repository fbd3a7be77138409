# ruff: noqa: RUF001 - typographic marks are what is tested
"""Plain text: invented articles, each with the blocks that a careful editor would mark."""

from __future__ import annotations

import pytest
from read_checks import kinds

from worker.errors import RejectArticle

P1 = (
    "The harbour council of Westerhaven voted on Tuesday to close the old ferry pier, "
    "ending a service that began in 1891."
)
P2 = (
    "Council chair Ana Brook said the pier had become unsafe, and that repairs would cost "
    "more than a new one."
)
P3 = "Fishermen who keep their boats there were given until spring to find another berth, the council said."

CASES = {
    "paragraphs_by_blank_lines": (f"{P1}\n\n{P2}\n", [("paragraph", P1), ("paragraph", P2)]),
    "paragraphs_by_single_newlines": (
        f"{P1}\n{P2}\n{P3}",
        [("paragraph", P1), ("paragraph", P2), ("paragraph", P3)],
    ),
    "title_and_heading": (
        f"Ferry pier to close\n\n{P1}\n\nWhat happens next\n\n{P2}",
        [
            ("title", "Ferry pier to close"),
            ("paragraph", P1),
            ("heading", "What happens next"),
            ("paragraph", P2),
        ],
    ),
    "title_with_question_mark": (
        f"Is the pier safe?\n\n{P1}",
        [("title", "Is the pier safe?"), ("paragraph", P1)],
    ),
    "title_ending_in_initials": (
        f"Ferry firm sails to the U.S.\n\n{P1}",
        [("title", "Ferry firm sails to the U.S."), ("paragraph", P1)],
    ),
    "a_short_sentence_is_no_title": (
        f"The pier closes.\n\n{P1}",
        [("paragraph", "The pier closes."), ("paragraph", P1)],
    ),
    "title_in_a_file_of_single_newlines": (
        f"Ferry pier to close\n{P1}\n{P2}",
        [("title", "Ferry pier to close"), ("paragraph", P1), ("paragraph", P2)],
    ),
    "quoted_heading": (
        f"{P1}\n\n“We had no choice”\n\n{P2}",
        [("paragraph", P1), ("heading", "“We had no choice”"), ("paragraph", P2)],
    ),
    "a_quoted_sentence_is_no_heading": (
        f"{P1}\n\n“We had no choice.”\n\n{P2}",
        [("paragraph", P1), ("paragraph", "“We had no choice.”"), ("paragraph", P2)],
    ),
    "two_quotes_in_a_line_are_no_heading": (
        f"{P1}\n\n“Yes” and “no”\n\n{P2}",
        [("paragraph", P1), ("paragraph", "“Yes” and “no”"), ("paragraph", P2)],
    ),
    "a_line_with_a_colon_is_no_heading": (
        f"{P1}\n\nShe told reporters:\n\n{P2}",
        [("paragraph", P1), ("paragraph", "She told reporters:"), ("paragraph", P2)],
    ),
    "a_list_is_no_heading": (
        f"{P1}\n\n- two ferries\n\n{P2}",
        [("paragraph", P1), ("paragraph", "- two ferries"), ("paragraph", P2)],
    ),
    "the_last_line_is_no_heading": (f"{P1}\n\nUnsigned", [("paragraph", P1), ("paragraph", "Unsigned")]),
    "byline_and_dateline": (
        f"Ferry pier to close\n\nBy Jane Roe and John Doe, Reuters\n\nWESTERHAVEN, Dec. 6 (Reuters) - {P1}",
        [
            ("title", "Ferry pier to close"),
            ("byline", "By Jane Roe and John Doe, Reuters"),
            ("dateline", "WESTERHAVEN, Dec. 6 (Reuters) -"),
            ("paragraph", P1),
        ],
    ),
    "byline_without_a_name": (
        f"Ferry pier to close\n\nBy our correspondent in Oslo\n\n{P1}",
        [("title", "Ferry pier to close"), ("byline", "By our correspondent in Oslo"), ("paragraph", P1)],
    ),
    "by_does_not_make_a_byline": (
        f"By Tuesday Morning\n\n{P1}",
        [("title", "By Tuesday Morning"), ("paragraph", P1)],
    ),
    "credits_at_the_end": (
        f"{P1}\n\n(Reporting by Jane Roe in Oslo; Editing by John Doe)",
        [("paragraph", P1), ("byline", "(Reporting by Jane Roe in Oslo; Editing by John Doe)")],
    ),
    "see_also_with_links": (
        f"{P1}\n\nSee also:\n\nFerries to run until spring\n\nCouncil asks for patience",
        [
            ("paragraph", P1),
            ("boilerplate", "See also:"),
            ("related", "Ferries to run until spring"),
            ("related", "Council asks for patience"),
        ],
    ),
    "see_also_with_sentences_at_the_end": (
        f"{P1}\n\nSee also:\n\nFerries will run until spring.",
        [("paragraph", P1), ("boilerplate", "See also:"), ("related", "Ferries will run until spring.")],
    ),
    "links_in_the_middle": (
        f"{P1}\n\nRead also: Ferries to run until spring\n\n{P2}",
        [("paragraph", P1), ("related", "Read also: Ferries to run until spring"), ("paragraph", P2)],
    ),
    "links_end_where_prose_begins": (
        f"{P1}\n\nRelated:\n\nFerries to run until spring\n\n{P2}",
        [
            ("paragraph", P1),
            ("boilerplate", "Related:"),
            ("related", "Ferries to run until spring"),
            ("paragraph", P2),
        ],
    ),
    "related_as_a_word_is_no_marker": (
        f"{P1}\n\nRelated costs were not discussed by the council on that day.",
        [("paragraph", P1), ("paragraph", "Related costs were not discussed by the council on that day.")],
    ),
    "boilerplate": (
        f"{P1}\n\nADVERTISEMENT\n\n{P2}\n\nSubscribe to our newsletter\n\n© 2021 Post. All rights reserved.",
        [
            ("paragraph", P1),
            ("boilerplate", "ADVERTISEMENT"),
            ("paragraph", P2),
            ("boilerplate", "Subscribe to our newsletter"),
            ("boilerplate", "© 2021 Post. All rights reserved."),
        ],
    ),
    "a_long_paragraph_is_never_boilerplate": (
        f"{P1} All rights reserved seats were sold out, and {P2 * 4}",
        [("paragraph", f"{P1} All rights reserved seats were sold out, and {P2 * 4}")],
    ),
    "an_editors_line": (
        f"[Editor's note: This text was updated.]\n\nFerry pier to close\n\n{P1}",
        [
            ("boilerplate", "[Editor's note: This text was updated.]"),
            ("title", "Ferry pier to close"),
            ("paragraph", P1),
        ],
    ),
    "white_space_belongs_to_the_earlier_block": ("\n\n  One word.  \n\n", [("paragraph", "One word.")]),
}


@pytest.mark.parametrize("name", CASES)
def test_blocks(name, read_article):
    text, expected = CASES[name]
    assert kinds(read_article(text)) == expected


def test_hard_wrapped_lines_are_joined(read_article):
    wrapped = (
        "The harbour council of Westerhaven voted on Tuesday to close the old\n"
        "ferry pier, ending a service that began in 1891 and survived two wars\n"
        "and a fire.\n"
        "Council chair Ana Brook said the pier had become unsafe, and that the\n"
        "repairs would cost more than a new one would. She did not say who was\n"
        "to pay for it.\n"
    )
    found = kinds(read_article(wrapped))
    assert [kind for kind, _ in found] == ["paragraph", "paragraph"]
    assert found[1][1].startswith("Council chair")


def test_lines_of_a_poem_are_not_joined(read_article):
    found = kinds(
        read_article("Roses\nViolets and rain on the old grey sea\nSugar\nAnd you, my dear, beside me")
    )
    assert len(found) == 4


DATELINES = [
    # opening, dateline, agency, published
    ("KYIV, Dec. 6 (Agency) - The", "KYIV, Dec. 6 (Agency) -", "Agency", None),
    ("KYIV, Dec. 6, 2021 (AP) — The", "KYIV, Dec. 6, 2021 (AP) —", "Associated Press", "2021-12-06"),
    ("LONDON (Reuters) - The", "LONDON (Reuters) -", "Reuters", None),
    ("NEW YORK — The", "NEW YORK —", None, None),
    ("WASHINGTON, D.C. (AP) — The", "WASHINGTON, D.C. (AP) —", "Associated Press", None),
    ("PARIS/BERLIN, 6 December 2021 – The", "PARIS/BERLIN, 6 December 2021 –", None, "2021-12-06"),
    ("Oslo, Dec 6 (dpa) -- The", "Oslo, Dec 6 (dpa) --", "Deutsche Presse-Agentur", None),
    ("(CNN) — The", "(CNN) —", "CNN", None),
    ("BREAKING - The", None, None, None),
    ("UPDATE 1 - The", None, None, None),
    ("Nobody knew - The", None, None, None),
    ("NATO - the", None, None, None),
    ("SMITH - and the", None, None, None),
    ("The minister (42) - The", None, None, None),
]


@pytest.mark.parametrize(("opening", "dateline", "agency", "published"), DATELINES)
def test_dateline(opening, dateline, agency, published, read_article):
    article = read_article(f"{opening} {P1[4:]}\n\n{P2}")
    lines = [text for kind, text in kinds(article) if kind == "dateline"]
    assert lines == ([dateline] if dateline else [])
    assert article.agency == agency
    assert (article.published and article.published.value) == published


def test_a_dateline_without_a_year_abstains(read_article):
    article = read_article(f"KYIV, Dec. 6 (Agency) - {P1}")
    assert article.published is None
    (abstention,) = [a for a in article.abstentions if a.what == "published"]
    assert "no year" in abstention.why
    assert article.text[abstention.start : abstention.end] == "Dec. 6"


LEADING_DATES = [
    # lines before P1, published, modified
    ("date 2021-12-06 ", "2021-12-06", None),
    ("Date: 6 December 2021\n\n", "2021-12-06", None),
    ("Published: Mon, 6 Dec 2021 10:15\n\n", "2021-12-06T10:15", None),
    ("Published: 6 December 2021 | Updated: 7 December 2021\n\n", "2021-12-06", "2021-12-07"),
    ("Last updated December 7, 2021\n\n", None, "2021-12-07"),
    ("6 December 2021\n\n", "2021-12-06", None),
    ("Monday, 6 December 2021\n\n", "2021-12-06", None),
    ("Дата: 6 декабря 2021\n\n", "2021-12-06", None),
    ("Ferry pier to close\n\nPosted on 6 December 2021\n\n", "2021-12-06", None),
    # no marks, not alone, not precise, not possible
    ("On 6 December 2021 the sun shone. ", None, None),
    ("December 2021\n\n", None, None),
    ("Published: 2203-01-01\n\n", None, None),
    ("Date: 3/4/2021\n\n", None, None),
    (f"{P2}\n\n{P3}\n\n{P2}\n\nDate: 6 December 2021\n\n", None, None),  # the fourth line is too late
]


@pytest.mark.parametrize(("before", "published", "modified"), LEADING_DATES)
def test_leading_dates(before, published, modified, read_article):
    article = read_article(before + P1)
    assert (article.published and article.published.value) == published
    assert (article.modified and article.modified.value) == modified
    if article.published:
        assert article.published.evidence == "leading_date"
    elif modified is None:
        assert any(a.what == "published" for a in article.abstentions)


def test_day_first_is_the_collections_word(read_article):
    settings = {"collections": {"us": {"day_first": False}, "uk": {"day_first": True}}}
    text = f"Date: 3/4/2021\n\n{P1}"
    assert read_article(text, collection="us", **settings).published.value == "2021-03-04"
    assert read_article(text, collection="uk", **settings).published.value == "2021-04-03"


def test_byline_names(read_article):
    article = read_article(f"Ferry pier to close\n\nBy Jane Roe and Ursula von der Linden, AFP\n\n{P1}")
    assert article.byline == ["Jane Roe", "Ursula von der Linden"]
    assert article.agency == "Agence France-Presse"
    assert read_article(f"{P1}\n\nReporting by Ann Lee; editing by Bob Ray").byline == ["Ann Lee"]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b" \n\t ", "empty"),
        (b"\xef\xbb\xbf \n", "no_text"),
        (b"<?xml version='1.0'?><rss><channel/></rss>", "unknown_format"),
        (b"a\x00b", "not_text"),
    ],
)
def test_rejected(data, code, read_article):
    with pytest.raises(RejectArticle) as caught:
        read_article(data)
    assert caught.value.code == code


def test_too_large(read_article):
    for limit in ("max_article_bytes", "max_article_characters"):
        with pytest.raises(RejectArticle) as caught:
            read_article(P1, **{limit: 20})
        assert caught.value.code == "too_large"
        assert limit in caught.value.detail
        assert read_article(P1, **{limit: len(P1)}).text == P1
