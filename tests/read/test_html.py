"""Web pages: invented ones, each made of a head and the same body."""

from __future__ import annotations

import pytest
from read_checks import kinds

from worker.errors import RejectArticle

P1 = (
    "The harbour council of Westerhaven voted on Tuesday to close the old ferry pier, "
    "ending a service that began in 1891 and survived two wars and a fire."
)
P2 = (
    "Council chair Ana Brook said the pier had become unsafe, and that repairs would cost "
    "more than a new one. The council will decide on the money in spring."
)
BODY = (
    '<nav><a href="/">Home</a> <a href="/news">News</a></nav>'
    "<article><h1>Ferry pier to close</h1>{meta}"
    f"<p>{P1}</p><h2>What happens next</h2><p>{P2}</p></article>"
    "<aside><h3>Most read</h3><a href='/x'>Another story about a boat</a></aside>"
    "<footer>Copyright 2019 Harbour Post</footer>"
)


def page(head: str = "", meta: str = "", lang: str = "en") -> str:
    return (
        f'<!DOCTYPE html><html lang="{lang}"><head><title>Ferry pier to close | Post</title>{head}</head>'
        f"<body>{BODY.format(meta=meta)}</body></html>"
    )


def json_ld(content: str) -> str:
    return f'<script type="application/ld+json">{content}</script>'


def test_blocks(read_article):
    article = read_article(page())
    assert kinds(article) == [
        ("title", "Ferry pier to close"),
        ("paragraph", P1),
        ("heading", "What happens next"),
        ("paragraph", P2),
    ]
    assert article.title == "Ferry pier to close"
    assert article.media_type == "text/html"
    assert article.text == f"Ferry pier to close\n\n{P1}\n\nWhat happens next\n\n{P2}"
    assert {"copydesk.read.html", "trafilatura"} <= {c.name for c in article.components}


DATES = [
    # head, beside the headline, published, modified, evidence of the first
    ('<meta property="article:published_time" content="2021-12-06T10:15:00+01:00">', "",
     "2021-12-06T10:15:00+01:00", None, "meta"),
    ('<meta name="date" content="2021-12-06">', "", "2021-12-06", None, "meta"),
    ('<meta property="article:modified_time" content="2021-12-07">', "", None, "2021-12-07", "meta"),
    (json_ld('{"@type": "NewsArticle", "datePublished": "2021-12-06", "dateModified": "2021-12-07"}'),
     "", "2021-12-06", "2021-12-07", "json_ld"),
    (json_ld('{"@graph": [{"@type": "WebSite"}, {"@type": ["Article"], "datePublished": "2021-12-06"}]}'),
     "", "2021-12-06", None, "json_ld"),
    # of several, the one about this page; never those of lists
    (
        json_ld('[{"@type": "Article", "headline": "Other", "datePublished": "2020-01-01"},'
                '{"@type": "Article", "headline": "Ferry pier  to close", "datePublished": "2021-12-06"}]'),
        "", "2021-12-06", None, "json_ld",
    ),
    (json_ld('{"@type": "ItemList", "itemListElement": [{"@type":"Article","datePublished": "2020-01-01"}]}'),
     "", None, None, None),
    ("", '<time datetime="2021-12-06">yesterday</time>', "2021-12-06", None, "time_tag"),
    ("", "<time>6 December 2021</time>", "2021-12-06", None, "time_tag"),
    ("", '<span itemprop="datePublished">6 December 2021</span>', "2021-12-06", None, "meta"),
    ("", '<span class="entry-date">6 December 2021</span>', "2021-12-06", None, "time_tag"),
    ("", '<time class="updated" datetime="2021-12-07">x</time>', None, "2021-12-07", "time_tag"),
    ('<link rel="canonical" href="https://post.example/2021/12/06/pier">', "", "2021-12-06", None, "url"),
    ('<link rel="canonical" href="https://post.example/2021/dec/06/pier">', "", "2021-12-06", None, "url"),
    ('<link rel="canonical" href="https://post.example/2021/12/pier">', "", "2021-12", None, "url"),
    # the local form of the same instant has the right day
    (json_ld('{"@type": "Article", "datePublished": "2021-12-07T03:00:00Z"}'),
     '<time datetime="2021-12-06T22:00:00-05:00">x</time>', "2021-12-06T22:00:00-05:00", None, "time_tag"),
    # nothing marked: `Copyright 2019` and dates in running text are no evidence
    ("", "", None, None, None),
    ("", "<p>On 5 May 2018 a storm had damaged the pier, which was repaired in haste.</p>", None, None, None),
    ('<meta name="date" content="2203-01-01">', "", None, None, None),
    ('<meta name="date" content="3/4/2021">', "", None, None, None),
    ('<meta name="copyright" content="2019">', "", None, None, None),
    (json_ld("{broken"), "", None, None, None),
]  # fmt: skip


@pytest.mark.parametrize(("head", "meta", "published", "modified", "evidence"), DATES)
def test_dates(read_article, head, meta, published, modified, evidence):  # noqa: PLR0917 - one row
    article = read_article(page(head, meta))
    assert (article.published and article.published.value) == published
    assert (article.modified and article.modified.value) == modified
    first = article.published or article.modified
    assert (first and first.evidence) == evidence
    if published is None:
        assert any(a.what == "published" for a in article.abstentions)


def test_dates_elsewhere_on_the_page_are_not_its_own(read_article):
    data = page().replace("<aside>", '<aside><time datetime="2020-01-01">x</time>')
    assert read_article(data).published is None
    data = page().replace("</article>", '</article><div class="related-posts"><time>1 May 2020</time></div>')
    assert read_article(data).published is None


def test_dates_that_disagree_are_named(read_article):
    head = '<meta name="date" content="2021-12-01">' + json_ld(
        '{"@type":"Article","datePublished":"2021-12-06"}'
    )
    article = read_article(page(head))
    assert article.published.value == "2021-12-06"
    assert article.published.confidence < 0.9
    assert any("2021-12-01" in warning for warning in article.warnings)


PEOPLE = [
    ('<meta name="author" content="Jane Roe">', ["Jane Roe"], None),
    ('<meta name="author" content="By Jane Roe and John Doe, Reuters">', ["Jane Roe", "John Doe"], "Reuters"),
    ('<meta name="author" content="AFP">', [], "Agence France-Presse"),
    ('<meta name="author" content="https://post.example/jane">', [], None),
    ('<meta name="author" content="admin">', [], None),
    ('<meta name="author" content="Post Staff Writer">', [], None),
    (json_ld('{"@type": "Article", "author": "Reuters Staff"}'), [], "Reuters"),
    (json_ld('{"@type": "Article", "author": [{"name": "Jane Roe"}, {"name": "John Doe"}]}'),
     ["Jane Roe", "John Doe"], None),
    (json_ld('{"@type": "Article", "author": {"@type": "Organization", "name": "The Associated Press"}}'),
     [], "Associated Press"),
]  # fmt: skip


@pytest.mark.parametrize(("head", "byline", "agency"), PEOPLE)
def test_people(head, byline, agency, read_article):
    article = read_article(page(head))
    assert (article.byline, article.agency) == (byline, agency)


def test_url_and_language_hint(read_article):
    article = read_article(page('<link rel="canonical" href="https://post.example/pier">', lang="de-AT"))
    assert article.canonical_url == "https://post.example/pier"
    assert article.language == "en"
    assert any("'de'" in warning for warning in article.warnings)
    assert read_article(page('<link rel="canonical" href="javascript:alert(1)">')).canonical_url is None


def test_title_is_not_given_twice_nor_taken_from_the_site(read_article):
    head = '<meta property="og:title" content="Ferry pier to close - The Post">'
    head += '<meta property="og:site_name" content="The Post">'
    data = page(head).replace("<h1>Ferry pier to close</h1>", "")
    article = read_article(data)
    assert article.title == "Ferry pier to close"
    assert article.text.count("Ferry pier to close") == 1


def test_entities_escaped_twice_are_read(read_article):
    data = page(json_ld('{"@type": "Article", "headline": "Pier &#8211; closed &amp; gone"}'))
    assert read_article(data.replace("<h1>Ferry pier to close</h1>", "")).title == "Pier \u2013 closed & gone"


def test_declared_encoding(read_article):
    data = page('<meta charset="windows-1252">').replace("Ana Brook", "Ána “Brook”").encode("cp1252")
    article = read_article(data)
    assert "Ána “Brook”" in article.text
    assert article.encoding == "cp1252"
    assert article.warnings == []


def test_a_piece_of_html_is_taken_whole(read_article):
    article = read_article(
        f"<p>{P1}</p>\n<h3>Next</h3>\n<p>One<br>two<br><br>three</p><ul><li>four</li></ul>"
    )
    assert [text for _, text in kinds(article)] == [P1, "Next", "One\ntwo", "three", "four"]
    assert kinds(article)[1][0] == "heading"


def test_scripts_and_styles_are_no_text(read_article):
    article = read_article(f"<div><script>var a = 1;</script><style>p {{}}</style><p>{P1}</p>tail</div>")
    assert article.text == f"{P1}\n\ntail"


def test_body_from_json_ld_where_the_page_has_none(read_article):
    head = json_ld(f'{{"@type": "Article", "headline": "Pier", "articleBody": "{P1}\\n{P2}"}}')
    article = read_article(f"<html><head>{head}</head><body></body></html>")
    assert [text for kind, text in kinds(article) if kind == "paragraph"] == [P1, P2]
    assert any("JSON-LD" in warning for warning in article.warnings)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ("<html><body></body></html>", "no_text"),
        ("<html><script>var x = 'text';</script></html>", "no_text"),
        ("<html><body>" + "<div>" * 100_000 + "text", "too_deep"),
        ("<div>" * 100_000 + "text" + "</div>" * 100_000, "too_deep"),
        ("<html>\x00<p>text", "not_text"),
    ],
)
def test_rejected(data, code, read_article):
    with pytest.raises(RejectArticle) as caught:
        read_article(data)
    assert caught.value.code == code


@pytest.mark.parametrize(
    "script",
    [
        "[" * 100_000,
        '{"@graph":' * 5_000,
        '{"@type": "Article", "datePublished": {"a": 1}, "author": 3, "headline": ["x"]}',
        '{"@type": "Article", "mainEntityOfPage": 7, "url": {}, "articleBody": []}',
        '{"@type": 5}',
        "null",
        '"Article"',
        json_ld("{}"),
    ],
)
def test_hostile_json_ld(script, read_article):
    assert read_article(page(json_ld(script))).title == "Ferry pier to close"


def test_external_entities_are_not_resolved(read_article):
    entity = '<!ENTITY x SYSTEM "file:///etc/hostname">'
    data = f"<!DOCTYPE html [{entity}]><html><body><p>{P1} &x;</p></body></html>"
    assert read_article(data).text.rstrip(" &x;").endswith("fire.")
