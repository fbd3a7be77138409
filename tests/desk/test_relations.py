"""Relations as the desk answers for them: the same whatever the order in which the articles came."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, insert, select
from sqlalchemy.dialects import postgresql
from test_likeness import OTHER, WIRE, text_of, without

from worker.desk import prints, relations
from worker.desk.engine import Desk, database_url
from worker.desk.likeness import Text
from worker.desk.place import make_desk_dir
from worker.desk.prints import Prints
from worker.desk.relations import Index, nothing, relations_of
from worker.desk.story import DAY_S, StoryPrints, same_story
from worker.desk.tables import articles, metadata, story_keys, text_keys, texts
from worker.desk.tables import prints as prints_table
from worker.settings import Settings

TABLES = (texts, text_keys, prints_table, story_keys)
FIRST = 1_600_000_000


def made(text: Text, **other: object) -> Prints:
    sketch, packed = text.packed()
    digest = int.from_bytes(hashlib.blake2b(sketch + b"/" + packed, digest_size=7).digest(), "big")
    story = other.get("story")
    moment = story.moment if story else FIRST
    return Prints(digest, sketch, packed, tuple(text.found_by()), **{"moment": moment, **other})


def numbers(*parts: range, facts: tuple[tuple[int, int], ...] = ()) -> Text:
    """A text whose runs are these numbers, spread over the space of hashes."""
    runs = sorted({n * 2_654_435_761 % (1 << 32) for part in parts for n in part})
    return Text.of(runs[:256], facts)


@pytest.fixture
def desk(tmp_path):
    chosen = Settings(desk=tmp_path / "desk")
    make_desk_dir(chosen)
    desk = Desk(database_url(chosen), durable=False)
    with desk.writing() as connection:
        metadata.create_all(connection)
    yield desk
    desk.close()


def publish(desk: Desk, named: dict[str, Prints | None], order: list[str] | None = None) -> None:
    for id_ in order or named:
        with desk.writing() as connection:
            row = {"id": id_, "collection": "c", "digest": "d", "size": 1, "state": "published"}
            seq = connection.execute(
                insert(articles).values(**row, due_at=0, created_at=0)
            ).inserted_primary_key[0]
            prints.write(connection, {seq: named[id_]})


def clear(desk: Desk) -> None:
    with desk.writing() as connection:
        for table in (*TABLES, articles):
            connection.execute(table.delete())


def ask(desk: Desk, *ids: str) -> dict[str, dict]:
    with desk.reading() as connection:
        return relations_of(connection, ids)


def counts(desk: Desk) -> list[int]:
    with desk.reading() as connection:
        return [connection.scalar(select(func.count()).select_from(table)) for table in TABLES]


def story_of(words: str, day: int = 0) -> StoryPrints:
    return StoryPrints.of({hash_of(w): 1.0 for w in words.split()}, FIRST + day * DAY_S, most=96)


def hash_of(word: str) -> int:
    return int.from_bytes(word.encode()[:4].ljust(4, b"."), "big")


def test_copies_are_a_cluster_with_its_earliest_source(desk):
    publish(
        desk,
        {
            "c": made(text_of(WIRE), moment=FIRST + 60),
            "b": made(text_of(without(WIRE, 3)), moment=FIRST),
            "a": made(text_of("A new lead was written here.\n" + WIRE), moment=None),
            "d": made(text_of(OTHER)),
        },
    )
    found = ask(desk, "a", "b", "c", "d")
    assert {
        id_: (each["cluster"], each["cluster_size"], each["duplicate_of"]) for id_, each in found.items()
    } == {
        "a": ("a", 3, "b"),
        "b": ("a", 3, None),
        "c": ("a", 3, "b"),
        "d": (None, 1, None),
    }
    assert [near["id"] for near in found["c"]["near"]] == ["a", "b"]
    assert found["d"] == nothing()


def test_the_same_words_in_other_bytes(desk):
    short = Text.of([], ())
    publish(desk, {"x": made(short), "y": made(short, moment=FIRST + 5)})
    assert ask(desk, "y")["y"] == {
        **nothing(),
        "duplicate_of": "x",
        "cluster": "x",
        "cluster_size": 2,
        "story": "x",
        "story_size": 2,
        "near": [{"id": "x", "similarity": 1.0, "containment": 1.0, "rule": "identical_text"}],
    }
    assert counts(desk) == [1, 0, 2, 0]


def test_a_wire_story_within_a_longer_one_is_near_and_no_copy(desk):
    publish(desk, {"wire": made(text_of(WIRE)), "long": made(text_of(f"{OTHER}\n{WIRE}\n{OTHER.upper()}"))})
    found = ask(desk, "wire", "long")
    assert [(n["id"], n["containment"], n["rule"]) for n in found["wire"]["near"]] == [
        ("long", 1.0, "contained")
    ]
    assert [(n["id"], n["rule"]) for n in found["long"]["near"]] == [("wire", "contains")]
    assert found["long"]["near"][0]["containment"] < 0.6
    assert found["wire"]["cluster"] is None


CHANGED = WIRE.replace("12 containers", "15 containers")


@pytest.mark.parametrize(
    ("first", "second", "corrects"),
    [
        ({}, {"text": CHANGED, "corrects": True, "moment": FIRST + 60}, "says_so"),
        ({}, {"text": CHANGED, "corrects": True}, "says_so"),
        ({"moment": None}, {"text": CHANGED, "corrects": True}, "says_so"),
        ({}, {"text": CHANGED, "corrects": True, "moment": FIRST - 60}, None),
        ({}, {"text": CHANGED, "corrects": True, "moment": FIRST + 40 * DAY_S}, None),
        ({}, {"text": CHANGED, "moment": FIRST + 60}, None),
        ({"address": 7}, {"text": CHANGED, "address": 7, "moment": FIRST + 60}, "same_address"),
        ({"address": 7}, {"text": WIRE + " More.", "address": 7, "moment": FIRST + 60}, "same_address"),
        ({"address": 7}, {"text": CHANGED, "address": 8, "moment": FIRST + 60}, None),
        ({"address": 7}, {"text": OTHER, "address": 7, "moment": FIRST + 60}, None),
        ({"corrects": True}, {"text": CHANGED, "corrects": True, "moment": FIRST + 60}, None),
    ],
)
def test_corrections(desk, first, second, corrects):
    publish(
        desk,
        {
            "first": made(text_of(WIRE), **first),
            "second": made(text_of(second.pop("text")), **second),
        },
    )
    found = ask(desk, "first", "second")
    assert found["second"]["corrects"] == ("first" if corrects else None)
    assert found["second"]["corrects_rule"] == corrects
    assert found["first"]["corrects"] is None
    assert found["second"]["duplicate_of"] is None


LIMAN = "Liman harbour strike dockers union wages ministers talks port Basel offer vote crane"


@pytest.mark.parametrize(
    ("words", "day", "same"),
    [
        (LIMAN, 0, True),
        (LIMAN, 29, True),
        (LIMAN, 31, False),
        ("Liman harbour dockers wages river flood dam rain valley bridge bus train", 1, True),
        ("Liman harbour dockers wages river flood dam rain valley bridge bus train", 12, False),
        ("Liman river flood dam rain valley bridge bus train school roof mayor", 0, False),
    ],
)
def test_one_event_told_by_two(desk, words, day, same):
    assert same_story(story_of(LIMAN), story_of(words, day)) is same
    publish(
        desk,
        {
            "a": made(text_of(WIRE), story=story_of(LIMAN)),
            "b": made(text_of(OTHER), story=story_of(words, day)),
        },
    )
    assert ask(desk, "b")["b"]["story"] == ("a" if same else None)


# Texts that overlap in every way: copies, chains of copies, pieces, changed figures, equal texts.
FACT = ((1, 8), (5, 10))
POOL = {
    "a": made(numbers(range(100), facts=FACT), moment=FIRST + 9),
    "b": made(numbers(range(100), facts=FACT), moment=FIRST + 9),
    "c": made(numbers(range(20, 120), facts=FACT), moment=None),
    "d": made(numbers(range(40, 140), facts=FACT), story=story_of(LIMAN, 2)),
    "e": made(numbers(range(100), range(500, 510), facts=((1, 12),)), corrects=True, moment=FIRST + 60),
    "f": made(numbers(range(40), range(600, 900))),
    "g": made(numbers(range(60, 160), facts=((5, 14),)), address=3),
    "h": made(numbers(range(2000, 2100)), story=story_of(LIMAN + " extra words", 1)),
    "i": made(numbers(range(2000, 2090)), moment=FIRST + 3 * DAY_S),
    "j": None,
}


EXPECTED: dict[int, dict[str, dict]] = {}


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(sorted(POOL)), fullest=st.sampled_from([2, 3, 256]))
def test_no_order_of_arrival_leaves_a_trace(desk, order, fullest):
    """Also when buckets are too full to say anything."""
    relations._in_buckets.cache_clear()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(relations, "MOST_IN_BUCKET", fullest)
        clear(desk)
        publish(desk, POOL, order)
        found = ask(desk, *sorted(POOL))
    relations._in_buckets.cache_clear()
    assert found == EXPECTED.setdefault(fullest, found)
    if fullest == 256:
        assert [found[id_]["cluster"] for id_ in "abcdefghij"] == [*"aaaa", None, None, None, "h", "h", None]


def test_asking_one_by_one_gives_what_asking_for_all_gives(desk):
    publish(desk, POOL)
    assert {id_: ask(desk, id_)[id_] for id_ in POOL} == ask(desk, *POOL)


@pytest.mark.parametrize("gone", [["a"], ["a", "b"], ["c", "d", "h"], sorted(POOL)])
def test_a_revision_leaves_what_a_desk_without_the_older_one_has(desk, gone):
    publish(desk, POOL)
    with desk.writing() as connection:
        seqs = dict(connection.execute(select(articles.c.id, articles.c.seq)).all())
        prints.write(connection, {seqs[id_]: POOL["i"] for id_ in gone}, older=[seqs[id_] for id_ in gone])
    revised, sizes = ask(desk, *POOL), counts(desk)
    clear(desk)
    publish(desk, POOL | dict.fromkeys(gone, POOL["i"]))
    assert (revised, sizes) == (ask(desk, *POOL), counts(desk))


def test_writing_again_doubles_nothing(desk):
    publish(desk, POOL)
    before = ask(desk, *POOL), counts(desk)
    with desk.writing() as connection:
        seqs = dict(connection.execute(select(articles.c.id, articles.c.seq)).all())
        prints.write(connection, {seqs[id_]: each for id_, each in POOL.items()}, older=list(seqs.values()))
    assert (ask(desk, *POOL), counts(desk)) == before


def test_a_bucket_that_is_too_full_says_nothing(desk, monkeypatch):
    relations._in_buckets.cache_clear()
    monkeypatch.setattr(relations, "MOST_IN_BUCKET", 4)
    family = {f"n{at}": made(numbers(range(100), facts=((at, 8),))) for at in range(1, 5)}
    publish(desk, family)
    assert {each["cluster"] for each in ask(desk, *family).values()} == {"n1"}
    publish(desk, {"n5": made(numbers(range(100), facts=((5, 8),)))})
    found = ask(desk, *family, "n5")
    relations._in_buckets.cache_clear()
    assert {each["cluster"] for each in found.values()} == {None}


def test_a_chain_without_end_is_no_cluster(desk, monkeypatch):
    monkeypatch.setattr(relations, "MOST_TEXTS", 3)
    publish(desk, {f"n{at}": made(numbers(range(20 * at, 20 * at + 100))) for at in range(4)})
    found = ask(desk, "n0", "n3")
    assert {each["cluster"] for each in found.values()} == {None}
    assert [near["rule"] for near in found["n0"]["near"]] == ["copy"] * len(found["n0"]["near"]) != []


def test_an_index_sees_more_with_a_new_connection_when_it_forgot(desk, monkeypatch):
    monkeypatch.setattr(relations, "MOST_KEPT", 1)
    publish(desk, {"a": POOL["a"], "c": POOL["c"]})
    with desk.reading() as connection:
        index = Index(connection)
        assert index.relations(["a"])["a"]["cluster_size"] == 2
    publish(desk, {"b": POOL["b"]})
    with desk.reading() as connection:
        index.use(connection)
        assert index.relations(["a"])["a"]["cluster_size"] == 3


def test_articles_without_prints_have_no_relations(desk):
    publish(desk, {"old": None})
    assert ask(desk, "old", "unknown") == {"old": nothing(), "unknown": nothing()}
    assert json.dumps(nothing())


def test_the_questions_are_sql_for_postgresql_too():
    for table in (text_keys, story_keys):
        said = str(relations._in_buckets("postgresql", table).compile(dialect=postgresql.dialect()))
        assert "unnest(%(numbers)s::BIGINT[])" in said
        assert "OFFSET" in said


def test_prints_are_replaced_not_shared(desk):
    """Two articles of one text: the text stays as long as one of them has it."""
    publish(desk, {"a": POOL["a"], "b": replace(POOL["b"], moment=None)})
    with desk.writing() as connection:
        seqs = dict(connection.execute(select(articles.c.id, articles.c.seq)).all())
        prints.write(connection, {seqs["a"]: POOL["i"]}, older=[seqs["a"]])
    assert counts(desk)[0] == 2
    with desk.writing() as connection:
        prints.forget(connection, list(seqs.values()))
    assert counts(desk) == [0, 0, 0, 0]
