# ruff: noqa: RUF001 - marks as they stand in news
"""The stage as a whole: readers by entry point, fingerprint, sameness, no error but RejectArticle."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from read_checks import check_invariants

from tasks.read import fingerprint, read
from tasks.read.json_fields import lookup, merged
from tasks.read.registry import readers
from worker.errors import RejectArticle
from worker.settings import Settings

if TYPE_CHECKING:
    from worker.record import Article

SETTINGS = Settings()

PARTS = [
    "<p>", "</p>", "<div class='date'>", "<h1>", "</h1>", "<br>", "<table><tr><td>", "<ul><li>", "<!--",
    "-->", "<script type='application/ld+json'>", "</script>",
    '{"@type": "Article", "datePublished": "2021-12-06"}', "<meta name=date content='6/5/2021'>",
    "<time datetime=2021>", "<html>", "<body>", "<article>", "&amp;", "&#0;", "KYIV, Dec. 6 (AP) - ",
    "By Jane Roe", "See also:", "\n", "\n\n", "\r\n", "\t", "“", "”", '"', ". “", "(x – Ed.)", "[sic]",
    "date 2021-12-06 ", "Published: 31/02/2021", "Updated 2203-01-01", "The council met. ", "a", " ",
    "\u2029", "\x0c", "\x85", "\ufeff", "\U0001f600", "e\u0301", "المجلس", "委员会说", '{"body": "', '"}',
    "\\ud800", ",", "{", "[",
]  # fmt: skip


def read_or_reject(data: bytes) -> None:
    first, again = _outcome(data), _outcome(data)
    assert first == again
    if isinstance(first, str):
        code, _, detail = first.partition(": ")
        assert code.isidentifier()
        assert detail
    else:
        check_invariants(first)


def _outcome(data: bytes) -> Article | str:
    try:
        return read(data, collection="x", settings=SETTINGS)
    except RejectArticle as rejected:
        return str(rejected)


FUZZ = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@FUZZ
@given(st.binary(max_size=300))
@example(b"<p>\xff")
@example(b"\xff\xfe<\x00p\x00>\x00")
def test_random_bytes(data):
    read_or_reject(data)


@FUZZ
@given(
    st.text(max_size=300), st.sampled_from(["utf-8", "utf-16", "utf-16-le", "utf-32", "cp1252", "gb18030"])
)
def test_random_text(text, encoding):
    read_or_reject(text.encode(encoding, "replace"))


@FUZZ
@given(st.lists(st.sampled_from(PARTS), max_size=40).map("".join), st.integers(min_value=0, max_value=20))
def test_random_parts_cut_short(text, cut):
    data = text.encode(errors="replace")
    read_or_reject(data[: len(data) - cut])


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.sampled_from(PARTS),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=8,
)
NAMES = sorted({name for names in merged({}).values() for name in names})


@FUZZ
@given(st.dictionaries(st.sampled_from(NAMES), JSON, max_size=8))
def test_random_json_articles(article):
    read_or_reject(json.dumps(article).encode())


def test_readers_come_by_entry_point_and_priority():
    assert [reader.name for reader in readers()] == ["json", "html", "text"]


def test_fingerprint_changes_with_what_matters():
    base = fingerprint(SETTINGS)
    assert len(base) == 16
    assert fingerprint(Settings()) == base
    assert fingerprint(Settings(languages=["en"])) != base
    assert fingerprint(Settings(max_article_bytes=5)) != base
    assert fingerprint(Settings(collections={"a": {"day_first": True}})) != base
    assert fingerprint(Settings(batch_size=7)) == base


def test_field_names_are_looked_up_in_order():
    article = {"a": {"b": [{"c": "deep"}]}, "x": "", "y": "second"}

    def word(value):
        return value if isinstance(value, str) else None

    assert lookup(article, ["x", "y"], word) == ("y", "second")
    assert lookup(article, ["a", "a.b.c"], word) == ("a.b.c", "deep")
    assert lookup(article, ["a.q", "z"], word) is None


HOSTILE = {
    "brackets": "(",
    "notes": "(a [b ",
    "quote marks": ". “a",
    "spaces": " ",
    "newlines": "\n",
    "dashes": "A - ",
    "datelines": "KYIV (AP) - ",
    "dates": "2021-12-06 ",
    "date lines": "2021-12-06\n",
    "bylines": "By Jane Roe\n",
    "markers": "See also:\nIt left.\n",
    "titles": "Title\n\n",
    "wrapped": "This line is wrapped at a certain width of about\n",
    "tags": "<",
    "comments": "<!-- ",
    "attributes": "<p a=",
    "paragraph tags": "<p>a",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_time_is_in_proportion(name):
    """Eight times the text may take at most 32 times as long: quadratic code takes 64 times."""
    unit = HOSTILE[name]

    def seconds(size: int) -> float:
        data = ("x" + unit * (size // len(unit))).encode()
        begin = time.process_time()
        read(data, collection="x", settings=SETTINGS)
        return time.process_time() - begin

    seconds(1_000)
    small = max(min(seconds(20_000) for _ in range(3)), 0.004)
    assert min(seconds(160_000) for _ in range(2)) < 32 * small
