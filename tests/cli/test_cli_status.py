from __future__ import annotations

import json

from desks import MUELLER, DeskForTest, Story

from worker.monitor.status import read_status


def test_where_everything_is(copydesk, full_house, monkeypatch):
    house = full_house
    ids = house.drop("/more.jsonl", *(Story(text=f"story {n}") for n in range(4)))
    house.fail(ids[0])
    house.claim("read", ids[1:3])
    house.execute("UPDATE articles SET state = 'waiting' WHERE id = ?", ids[3])
    monkeypatch.setattr(house.desk, "now", lambda _: house.clock + 10)
    found = read_status(house.desk)
    assert found.articles == {"waiting": 1, "in_flight": 2, "published": 3, "quarantined": 1, "dropped": 0}
    assert found.missing == {"read": 2, "extract": 2, "classify": 2, "publish": 2}
    assert (found.held["read"].claims, found.held["read"].articles, found.held["read"].oldest_s) == (1, 2, 10)
    assert found.held["extract"].claims == 0
    assert found.finished == {60: 3, 300: 3}
    assert found.sources == {"split": 4}
    assert found.quarantine == {"not_text": 1}
    assert found.total == 7
    assert found.oldest_waiting_s == 11


def test_for_programs(copydesk, full_house):
    answer = copydesk("status", "--json")
    assert answer.code == 0
    found = json.loads(answer.out)
    assert found["articles"]["published"] == 3
    assert found["queues"] is None
    assert set(found["finished"]) == {"last_60_s", "last_300_s"}


def test_for_people(copydesk, full_house):
    out = copydesk("status").out
    assert "articles    3: 3 published" in out
    assert "no server runs; nobody keeps house" in out
    assert [line.split()[0] for line in out.splitlines()[-6:] if line.strip()][-4:] == [
        "read",
        "extract",
        "classify",
        "publish",
    ]


def test_sinks_that_wait(tmp_path):
    house = DeskForTest.make(tmp_path, sinks=["jsonl"])
    house.publish(house.drop("/a", MUELLER))
    house.execute("UPDATE outbox SET error = 'no route'")
    found = read_status(house.desk)
    assert found.outbox["jsonl"].records == 1
    assert found.outbox["jsonl"].error == "no route"
    house.desk.close()


def test_overdue_claims(house, monkeypatch):
    ids = house.drop("/a", MUELLER)
    house.admit()
    house.claim("read", ids)
    monkeypatch.setattr(house.desk, "now", lambda _: house.clock + 601)
    assert read_status(house.desk).held["read"].overdue == 1
