"""Sinks: exactly once where the sink can rewind, again after a pause where it cannot be reached."""

from __future__ import annotations

import json
from collections import Counter
from importlib.metadata import EntryPoint

import pytest
from desk_of_articles import LedgerForTest, id_of
from sqlalchemy import insert, select

import worker.sinks
from worker.desk.tables import outbox, records, sink_cursors
from worker.errors import SettingsError
from worker.settings import Settings
from worker.sinks import Couriers, Delivery, load_sinks


class Recorder:
    """Somebody else's sink."""

    name = "recorder"
    got: list[Delivery]
    trouble: Exception | None = None

    def __init__(self, settings):
        self.got = []
        self.calls = 0

    def deliver(self, deliveries, cursor):
        self.calls += 1
        if self.trouble:
            raise self.trouble
        self.got += deliveries


@pytest.fixture
def with_recorder(monkeypatch):
    point = EntryPoint("recorder", "test_sinks:Recorder", worker.sinks.GROUP)
    ours = EntryPoint("jsonl", "worker.sinks.jsonl:JsonLinesSink", worker.sinks.GROUP)
    monkeypatch.setattr(worker.sinks, "entry_points", lambda group: [point, ours])


@pytest.fixture
def clock(monkeypatch):
    """One clock for the desk and for the pauses."""

    class Clock:
        now = 10_000.0

        def monotonic(self):
            return self.now

    made = Clock()
    monkeypatch.setattr(worker.sinks, "time", made)
    monkeypatch.setattr("worker.desk.engine.Desk.now", lambda self, connection: made.now)
    return made


@pytest.fixture
def house(tmp_path, with_recorder):
    made = LedgerForTest.make(tmp_path, sinks=["jsonl", "recorder"])
    yield made
    made.desk.close()


def publish(house, name, *, revision=1, sinks=("jsonl", "recorder"), due_at=0.0):
    body = json.dumps({"id": name, "revision": revision})
    with house.desk.writing() as connection:
        connection.execute(
            insert(records).values(
                article_id=id_of(name),
                revision=revision,
                digest="d",
                schema_version="1.0",
                collection="default",
                headline="h",
                body=body,
                made_at=0,
            )
        )
        for sink in sinks:
            connection.execute(
                insert(outbox).values(article_id=id_of(name), revision=revision, sink=sink, due_at=due_at)
            )


def lines(house):
    path = house.settings.desk_dir / "out" / "records.jsonl"
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def keys(house):
    return Counter(line["key"] for line in lines(house))


def once(*names):
    return {f"{id_of(name)}:1": 1 for name in names}


def undelivered(house, sink):
    query = select(outbox).where(outbox.c.sink == sink, outbox.c.delivered_at.is_(None))
    with house.desk.reading() as connection:
        return connection.execute(query).all()


def test_every_sink_gets_every_record_once(house):
    for name in "abc":
        publish(house, name)
    couriers = Couriers(house.settings)
    recorder = couriers._sinks[1]
    for _ in range(2):
        assert couriers.deliver(house.desk) is False
    assert keys(house) == once(*"abc")
    assert {each.key for each in recorder.got} == set(once(*"abc"))
    assert lines(house)[0] == {
        "key": lines(house)[0]["key"],
        "revision": 1,
        "record": {"id": lines(house)[0]["record"]["id"], "revision": 1},
    }


def test_a_crash_between_append_and_commit_doubles_nothing(house, monkeypatch):
    publish(house, "a")
    Couriers(house.settings).deliver(house.desk)
    publish(house, "b")

    def crash(*_, **__):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(worker.sinks, "_mark_delivered", crash)
        with pytest.raises(KeyboardInterrupt):
            Couriers(house.settings).deliver(house.desk)
    assert keys(house) == once("a", "b")  # appended, but not marked

    publish(house, "c")
    Couriers(house.settings).deliver(house.desk)
    assert keys(house) == once("a", "b", "c")


def test_a_crash_in_the_very_first_delivery_doubles_nothing(house, monkeypatch):
    publish(house, "a")
    with monkeypatch.context() as patched:
        patched.setattr(worker.sinks, "_mark_delivered", lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            Couriers(house.settings).deliver(house.desk)
    Couriers(house.settings).deliver(house.desk)
    assert keys(house) == once("a")


def test_what_was_in_the_file_before_stays(house):
    path = house.settings.desk_dir / "out" / "records.jsonl"
    path.parent.mkdir()
    path.write_text('{"key": "of somebody else"}\n')
    publish(house, "a")
    Couriers(house.settings).deliver(house.desk)
    assert keys(house) == {"of somebody else": 1, **once("a")}


def test_half_a_line_is_cut_off(house):
    publish(house, "a")
    Couriers(house.settings).deliver(house.desk)
    with (house.settings.desk_dir / "out" / "records.jsonl").open("a") as file:
        file.write('{"key": "half')
    publish(house, "b")
    Couriers(house.settings).deliver(house.desk)
    assert keys(house) == once("a", "b")


def test_a_file_taken_away_begins_anew(house):
    publish(house, "a")
    Couriers(house.settings).deliver(house.desk)
    (house.settings.desk_dir / "out" / "records.jsonl").unlink()
    publish(house, "b")
    Couriers(house.settings).deliver(house.desk)
    publish(house, "c")
    Couriers(house.settings).deliver(house.desk)
    assert keys(house) == once("b", "c")


@pytest.mark.parametrize("trouble", [OSError("no route"), RuntimeError("500 from the server")])
def test_a_sink_that_cannot_be_reached_rests_longer_each_time(house, clock, monkeypatch, trouble):
    publish(house, "a")
    couriers = Couriers(house.settings)
    recorder = couriers._sinks[1]
    recorder.trouble = trouble
    pauses, calls = [], 0
    while len(pauses) < 4:
        couriers.deliver(house.desk)
        if recorder.calls > calls:
            calls = recorder.calls
            row = undelivered(house, "recorder")[0]
            pauses.append(row.due_at - clock.now)
            assert str(trouble) in row.error
            assert row.attempts == calls
        clock.now += 0.5
    assert pauses == [2, 4, 8, 16]
    assert keys(house) == once("a")  # the other one has it

    publish(house, "b")
    couriers.deliver(house.desk)
    assert recorder.calls == 4  # it rests, also for new records
    recorder.trouble = None
    clock.now += 20
    couriers.deliver(house.desk)
    assert {each.article_id for each in recorder.got} == {id_of("a"), id_of("b")}
    assert undelivered(house, "recorder") == []


def test_a_slow_sink_does_not_lock_the_desk(house, monkeypatch):
    publish(house, "a")
    couriers = Couriers(house.settings)

    def write_meanwhile(deliveries, cursor):
        with house.desk.writing() as connection:
            connection.execute(insert(sink_cursors).values(sink="other", cursor="1"))

    monkeypatch.setattr(couriers._sinks[1], "deliver", write_meanwhile)
    couriers.deliver(house.desk)
    assert undelivered(house, "recorder") == []


def test_two_couriers_do_not_deliver_at_once(house, monkeypatch):
    publish(house, "a")
    first, second = Couriers(house.settings), Couriers(house.settings)
    inner = first._sinks[1].deliver

    def other_comes_in(deliveries, cursor):
        second.deliver(house.desk)
        return inner(deliveries, cursor)

    monkeypatch.setattr(first._sinks[1], "deliver", other_comes_in)
    first.deliver(house.desk)
    assert second._sinks[1].got == []
    assert len(first._sinks[1].got) == 1


def test_revisions_do_not_overtake_one_another(house, clock):
    publish(house, "a", revision=1, due_at=clock.now + 60)
    publish(house, "a", revision=2)
    couriers = Couriers(house.settings)
    couriers.deliver(house.desk)
    assert couriers._sinks[1].got == []
    clock.now += 61
    couriers.deliver(house.desk)
    couriers.deliver(house.desk)
    assert sorted(each.revision for each in couriers._sinks[1].got) == [1, 2]


def test_many_records_go_in_portions(house, monkeypatch):
    monkeypatch.setattr(worker.sinks, "AT_ONCE", 2)
    for name in "abcde":
        publish(house, name)
    couriers = Couriers(house.settings)
    assert [couriers.deliver(house.desk) for _ in range(3)] == [True, True, False]
    assert keys(house) == once(*"abcde")


def test_a_sink_nobody_provides_is_named_with_those_known(tmp_path):
    with pytest.raises(SettingsError, match=r"no sink 'parquett'. Known: .*jsonl"):
        load_sinks(Settings(desk=tmp_path, sinks=["parquett"]))


def test_ours_is_found_as_others_are():
    assert [sink.name for sink in load_sinks(Settings(sinks=["jsonl"]))] == ["jsonl"]
