from __future__ import annotations

import json

import pytest
from read_checks import kinds

from worker.errors import RejectArticle

P1 = "The harbour council of Westerhaven voted on Tuesday to close the old ferry pier, after long years."
P2 = "Council chair Ana Brook said the pier had become unsafe, and that repairs cost more than a new one."


def test_ninjs(read_article):
    article = read_article(
        json.dumps(
            {
                "uri": "https://post.example/1",
                "headline": "Ferry pier to close",
                "byline": "By Jane Roe",
                "body_text": f"{P1}\n\n{P2}",
                "firstcreated": "2021-12-06T10:00:00Z",
                "versioncreated": "2021-12-06T12:00:00Z",
                "language": "en-GB",
                "creditline": "AFP",
                "something": {"else": [1, 2]},
            }
        )
    )
    assert kinds(article) == [("title", "Ferry pier to close"), ("paragraph", P1), ("paragraph", P2)]
    assert article.text == f"Ferry pier to close\n\n{P1}\n\n{P2}"
    assert article.title == "Ferry pier to close"
    assert article.byline == ["Jane Roe"]
    assert article.agency == "Agence France-Presse"
    assert article.canonical_url == "https://post.example/1"
    assert (article.published.value, article.published.evidence) == ("2021-12-06T10:00:00Z", "field")
    assert article.modified.value == "2021-12-06T12:00:00Z"
    assert article.media_type == "application/json"


FIELDS = [
    ({"title": "Pier", "content": P1}, "Pier", P1),
    ({"Title": "Pier", "BODY": P1}, "Pier", P1),
    ({"title": "", "headline": None, "text": P1}, None, P1),
    ({"headline": {"main": "Pier"}, "body": [P1, P2]}, "Pier", f"{P1}\n\n{P2}"),
    ({"title": "<b>Pier</b> shut", "body": P1}, "Pier shut", P1),
    ({"content": {"rendered": f"<p>{P1}</p><p>{P2}</p>"}, "title": "Pier"}, "Pier", f"{P1}\n\n{P2}"),
    ({"body": f"{P1}\r\n\r\n{P2}"}, None, f"{P1}\n\n{P2}"),
    ({"body": "1 < 2 and 3 > 2, as we all know."}, None, "1 < 2 and 3 > 2, as we all know."),
    ({"body": {"odd": 1}, "content": P1}, None, P1),
    ({"summary": "Short.", "body": P1}, None, P1),
]  # fmt: skip


@pytest.mark.parametrize(("article", "title", "body"), FIELDS)
def test_fields(article, title, body, read_article):
    found = read_article(json.dumps(article))
    assert found.title == title
    assert found.text == (f"{title}\n\n{body}" if title else body)


def test_html_in_a_field_gives_blocks(read_article):
    article = read_article(json.dumps({"title": "Pier", "body": f"<p>{P1}</p><h2>Next</h2><p>{P2}</p>"}))
    assert kinds(article) == [("title", "Pier"), ("paragraph", P1), ("heading", "Next"), ("paragraph", P2)]


def test_openers_are_found_behind_the_title(read_article):
    article = read_article(json.dumps({"title": "Pier", "body": f"KYIV, Dec. 6, 2021 (AP) - {P1}"}))
    assert [kind for kind, _ in kinds(article)] == ["title", "dateline", "paragraph"]
    assert article.published.evidence == "dateline"
    assert article.text[article.published.start : article.published.end] == "Dec. 6, 2021"


def test_the_collections_names_come_first(read_article):
    settings = {"collections": {"wire": {"json_fields": {"body": ["story.full"], "title": ["slug"]}}}}
    data = json.dumps({"story": {"full": P1}, "body": P2, "slug": "Pier", "title": "No"})
    assert read_article(data, collection="wire", **settings).text == f"Pier\n\n{P1}"
    assert read_article(data, collection="other", **settings).text == f"No\n\n{P2}"


DATES = [
    ({"date": "2021-12-06"}, "2021-12-06"),
    ({"pubDate": "Mon, 06 Dec 2021 10:00:00 +0000"}, "2021-12-06T10:00:00+00:00"),
    ({"published": 1638792000}, "2021-12-06T12:00:00Z"),
    ({"published": "1638792000123"}, "2021-12-06T12:00:00Z"),
    ({"published": "2021"}, "2021"),
    ({"published": "soon"}, None),
    ({"published": "3/4/2021"}, None),
    ({"published": True}, None),
    ({"published": [1, 2]}, None),
    ({"published": {"a": "b"}}, None),
    ({"published": 1e300}, None),
    ({"published": "2203-01-01"}, None),
    ({}, None),
]


@pytest.mark.parametrize(("fields", "value"), DATES)
def test_dates(fields, value, read_article):
    article = read_article(json.dumps({"body": P1, **fields}))
    assert (article.published and article.published.value) == value
    if value is None:
        assert any(a.what == "published" for a in article.abstentions)


BYLINES = [
    ("Jane Roe", ["Jane Roe"], None),
    ("By Jane Roe and John Doe", ["Jane Roe", "John Doe"], None),
    (["Jane Roe", {"name": "John Doe"}], ["Jane Roe", "John Doe"], None),
    ("Reuters", [], "Reuters"),
    ("newsroom", ["newsroom"], None),
    (7, [], None),
]


@pytest.mark.parametrize(("author", "byline", "agency"), BYLINES)
def test_byline(author, byline, agency, read_article):
    article = read_article(json.dumps({"body": P1, "author": author}))
    assert (article.byline, article.agency) == (byline, agency)


def test_a_sites_name_is_no_agency(read_article):
    assert read_article(json.dumps({"body": P1, "source": "Harbour Post"})).agency is None
    assert read_article(json.dumps({"body": P1, "source": {"name": "AFP"}})).agency == "Agence France-Presse"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ('{"a": ', "broken_json"),
        ('{"a":' * 100_000, "broken_json"),
        ('{"a":' + "[" * 100_000, "broken_json"),
        ('{"a":' + "9" * 5000 + "}", "broken_json"),
        ('[{"body": "x"}]', "not_an_object"),
        ('["x"]', "not_an_object"),
        ("[]", "not_an_object"),
        ("{}", "no_text"),
        ('{"body": ""}', "no_text"),
        ('{"body": 5}', "no_text"),
        ('{"title": "Only a title"}', "no_text"),
        ('{"body": "<p></p>"}', "no_text"),
        ('{"body": "a\\u0000b"}', "not_text"),
        ('{"body": "' + "<div>" * 1000 + 'x"}', "too_deep"),
    ],
)
def test_rejected(data, code, read_article):
    with pytest.raises(RejectArticle) as caught:
        read_article(data)
    assert caught.value.code == code


def test_lone_surrogates_do_not_get_through(read_article):
    article = read_article('{"body": "one \\ud83d two three", "title": "\\udfff", "author": "A\\ud800 B"}')
    assert "\ufffd" in article.text
    assert any("U+FFFD" in warning for warning in article.warnings)


def test_a_bracket_does_not_make_json(read_article):
    assert read_article(f"[Editor's note: changed]\n\n{P1}").media_type == "text/plain"
    assert read_article(f"{{sic}} {P1}").media_type == "text/plain"


def test_utf16_json(read_article):
    assert read_article(json.dumps({"body": P1}).encode("utf-16")).text == P1
