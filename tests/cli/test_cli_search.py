from __future__ import annotations

import json
import time

import pytest
from desks import KELLER, Story
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from worker.desk import ledger
from worker.desk.query_text import Term, has_words, parse_query
from worker.desk.search import find, fts_expression
from worker.errors import UsageError


def found(copydesk, *query):
    answer = copydesk("search", "--json", *query)
    assert answer.code == 0, answer.err
    return [json.loads(line)["headline"] for line in answer.out.splitlines()]


@pytest.mark.parametrize(
    ("query", "headlines"),
    [
        # words
        ("report", ["Lyon waits for a report"]),
        ("board wages", ["Nothing said"]),
        ("board", ["Nothing said", "Müller speaks", "Lyon waits for a report"]),
        ("rep*", ["Lyon waits for a report"]),
        ("rep", []),
        ('"wait for the report"', ["Lyon waits for a report"]),
        ("“wait for the report”", ["Lyon waits for a report"]),
        ('"report the"', []),
        ("MUNCHEN", ["Müller speaks"]),
        # facets
        ("person:keller", ["Lyon waits for a report"]),
        ('person:"anna keller"', ["Lyon waits for a report"]),
        ("person:muller", ["Müller speaks"]),
        ("person:kell", []),
        ("person:board", []),
        ("org:board", ["Lyon waits for a report"]),
        ("place:lyon", ["Lyon waits for a report"]),
        ("place:munchen", ["Müller speaks"]),
        ("place:de", ["Müller speaks"]),
        ("topic:politics", ["Lyon waits for a report"]),
        ('topic:"war and peace"', ["Müller speaks"]),
        ("topic:11000000", ["Lyon waits for a report"]),
        ("topic:medtop:16000000", ["Müller speaks"]),
        ("said-by:keller", ["Lyon waits for a report"]),
        ("said-by:spokeswoman", ["Müller speaks"]),
        ("said-by:müller", []),
        ("lang:de", ["Müller speaks"]),
        ("collection:wire", ["Müller speaks", "Nothing said"]),
        # dates
        ("date:2021", ["Lyon waits for a report"]),
        ("date:2021-12", ["Lyon waits for a report"]),
        ("date:2021-12-06", ["Lyon waits for a report"]),
        ("date:2021-12-05", []),
        ("date:2021-12-06..2022-01-15", ["Müller speaks", "Lyon waits for a report"]),
        ("date:2021-12-07..2022-01-14", []),
        ("date:..2021", ["Lyon waits for a report"]),
        ("date:2022..", ["Müller speaks"]),
        # both
        ("board date:2021", ["Lyon waits for a report"]),
        ("board lang:de place:lyon", []),
    ],
)
def test_queries(copydesk, full_house, query, headlines):
    assert sorted(found(copydesk, query)) == sorted(headlines)


def test_order_and_limit(copydesk, full_house):
    newest_first = ["Müller speaks", "Lyon waits for a report", "Nothing said"]  # undated last
    assert found(copydesk, "board", "--sort", "date") == newest_first
    assert found(copydesk, "board", "--sort", "date", "--limit", "2") == newest_first[:2]
    scores = [json.loads(line)["score"] for line in copydesk("search", "--json", "board").out.splitlines()]
    assert scores == sorted(scores, reverse=True)


def test_hits_are_where_they_are_said_to_be(copydesk, full_house):
    row = json.loads(copydesk("search", "--json", "keller", "report").out)
    assert {row["snippet"][start:end].lower() for start, end in row["hits"]} == {"keller", "report"}
    assert row["id"] == full_house.ids[0]


def test_for_people(copydesk, full_house):
    answer = copydesk("search", "report")
    assert full_house.ids[0][:12] in answer.out
    assert "2021-12-06  Lyon waits for a report" in answer.out
    assert answer.err == "1 found.\n"
    assert copydesk("search", "nothing-such").err == "Nothing found.\n"


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("", "nothing to search for"),
        ('*** "" --', "nothing to search for"),
        ("persn:x", "Did you mean person:?"),
        ("person:", "needs a value"),
        ("person:***", "no word"),
        ("date:yesterday", "is no date"),
        ("date:2021-1", "is no date"),
        ("date:..", "is no date"),
        ("a " * 101, "at most 100"),
    ],
)
def test_wrong_queries(query, said):
    with pytest.raises(UsageError, match=said.replace("?", r"\?")):
        parse_query(query)


HOSTILE = [
    '"', '""', '"""', 'a"b', "NEAR(a b)", "a AND", "OR", "NOT a", "body:report", "headline : x", "^a", "a+b",
    "{body names} : a", "a*b*", "*", "(", "())", "'; DROP TABLE articles; --",
    "\\", "%", "_", "a\x00b", "\ud800x",
    "person:%", "person:'", 'person:"a" OR 1=1', "place:\\", "date:2021'..", 'said-by:""', "http://x.y/z?a=b",
]  # fmt: skip


@pytest.mark.parametrize("query", HOSTILE)
def test_hostile_queries_break_nothing(full_house, query):
    try:
        parsed = parse_query(query)
    except UsageError:
        return
    with full_house.desk.reading() as connection:
        find(connection, parsed, limit=5, sort="rank")


@given(
    query=st.text(max_size=60) | st.lists(st.sampled_from([*HOSTILE, "report", "lang:en", " "])).map(" ".join)
)
@settings(
    max_examples=150,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_no_query_breaks_sql(full_house, query):
    test_hostile_queries_break_nothing(full_house, query)


def test_most_terms_are_within_the_database_limits(full_house):
    query = parse_query(
        " ".join(["report"] * 60 + ["person:keller"] * 10 + ["place:lyon"] * 10 + ["lang:en"] * 20)
    )
    with full_house.desk.reading() as connection:
        assert len(find(connection, query, limit=5, sort="rank")) == 1


def test_reading_a_query_takes_time_in_proportion():
    started = time.process_time()
    for text in ('"' * 200_000, "a:" * 100_000, 'person:"' * 40_000, "x" * 400_000):
        try:
            parse_query(text)
        except UsageError:
            continue
    assert time.process_time() - started < 2


@pytest.mark.parametrize(
    ("text", "wanted", "answer"),
    [
        ("Anna Keller", "keller", 1),
        ("Anna Kellers", "keller", 0),
        ("Jörg Müller-Lüdenscheidt", "MULLER", 1),
        ("O'Brien", "brien", 1),
        ("New York", "york new", 0),
        ("Владимир Зеленский", "зеленский", 1),
        (None, "x", 0),
        ("", "x", 0),
    ],
)
def test_has_words(text, wanted, answer):
    assert has_words(text, wanted) == answer


def test_every_term_is_quoted():
    assert fts_expression((Term('a" OR b'), Term("c*", prefix=True))) == '"a"" OR b" AND "c*"*'


def test_only_the_current_revision_is_found(copydesk, full_house):
    id_ = full_house.ids[0]
    full_house.stories[id_] = Story(text=KELLER.text, headline="Changed", people=("Harbour",))
    full_house.execute("UPDATE articles SET state = 'in_flight', mask = 7 WHERE id = ?", id_)
    full_house.finish(full_house.claim("publish", [id_]), ledger.Outcome(made={id_: b""}))
    assert found(copydesk, "report") == ["Changed"]
    assert found(copydesk, "person:keller") == []
    assert found(copydesk, "person:harbour") == ["Changed"]
