"""What a living worker group does with good, bad and foreign messages."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select
from worker_house import wait_until

from worker import bell
from worker.desk.ledger import Ring
from worker.desk.tables import parts, records

POISON = "poison-for-the-benchmark"


def test_a_batch_goes_through_all_stages_once(house):
    ids = house.drop_in(house.texts(12))
    assert set(house.finished(ids)) == {"published"}
    house.exactly_once(ids)
    with house.desk.reading() as connection:
        stages = connection.execute(
            select(parts.c.stage, parts.c.fingerprint).where(parts.c.article_id.in_(ids))
        ).all()
        bodies = list(connection.scalars(select(records.c.body).where(records.c.article_id.in_(ids))))
    assert {row.stage for row in stages} == {"read", "extract", "classify"}
    assert len(stages) == 36
    fingerprints = [json.loads(body)["provenance"]["fingerprints"] for body in bodies]
    assert {row.fingerprint for row in stages} | {fingerprints[0]["publish"]} == set(fingerprints[0].values())
    assert not house.claims()
    assert not list((house.settings.desk_dir / "run" / "current").iterdir())


@pytest.mark.timeout(180)
def test_poison_ends_in_quarantine_alone(house):
    kinds = {"crash": {"crashed"}, "hang": {"time_limit"}, "memory": {"memory", "crashed"}}
    odd = {"odd-exit": {"error"}, "odd-memory-error": {"memory"}, "odd-surrogate": {"error"}}
    marks = [*(f"{POISON} {kind}" for kind in kinds), *odd]
    ids = house.drop_in(house.texts(20, *marks))

    states = house.finished(ids, timeout_s=120)

    assert states == ["quarantined"] * len(marks) + ["published"] * (20 - len(marks))
    for id_, expected in zip(ids, [*kinds.values(), *odd.values()], strict=False):
        assert house.code(id_) in expected
        assert house.row(id_).strikes == house.settings.max_strikes
    assert {house.row(id_).strikes for id_ in ids[len(marks) :]} == {0}
    house.exactly_once(ids[len(marks) :])


@pytest.mark.parametrize(
    "message",
    [
        {"v": 2, "ids": []},
        {"v": 1, "ids": "a" * 64},
        {"v": 1, "ids": [1, 2]},
        {"v": 1, "ids": ["'; DROP TABLE articles; --"]},
        {"v": 1},
        ["a" * 64],
        "a" * 64,
        None,
        {"v": 1, "ids": ["f" * 64] * 20_000},
    ],
    ids=["version", "text", "numbers", "short", "none", "list", "string", "null", "huge"],
)
def test_foreign_messages_do_no_harm(house, message):
    house.app().send_task("read", args=[message], queue="read")
    ids = house.drop_in(house.texts(1))
    assert house.finished(ids) == ["published"]


@pytest.mark.parametrize(
    ("serializer", "task"), [("pickle", "read"), ("json", "no.such.task"), ("yaml", "read")]
)
def test_only_json_and_only_our_tasks(house, serializer, task, monkeypatch):
    body = {"pickle": b"\x80\x04\x95", "json": b"[[], {}, {}]", "yaml": b"- 1"}[serializer]
    with house.app().connection_for_write() as connection, connection.channel() as channel:
        message = channel.prepare_message(
            body.decode("latin-1"),
            content_type=f"application/{'x-python-serialize' if serializer == 'pickle' else serializer}",
            content_encoding="utf-8",
            headers={"task": task, "id": "1", "lang": "py"},
        )
        channel.basic_publish(message, exchange="", routing_key="read")
    pid = house.groups[0].pid
    ids = house.drop_in(house.texts(1))
    assert house.finished(ids) == ["published"]
    assert house.groups[0].pid == pid
    assert house.groups[0].is_running()


def test_flower_sees_a_readable_message_and_a_failure(house):
    """What Flower shows are Celery's events."""
    seen = []
    app = house.app()
    with app.connection_for_read() as connection:
        receiver = app.events.Receiver(connection, handlers={"*": seen.append})
        listening = receiver.itercapture(limit=None, timeout=20, wakeup=False)
        next(listening)  # listens from here on
        ids = house.drop_in([" \n "])
        for _ in listening:
            failed = [event for event in seen if "ArticlesFailed" in event.get("exception", "")]
            if failed:
                break
        listening.close()
    received = [event for event in seen if event["type"] == "task-received"]
    assert "ArticlesFailed('1 of 1 article failed: read:" in failed[0]["exception"]
    assert [event["args"] for event in received if event["uuid"] == failed[0]["uuid"]] == [
        "1 article, default"
    ]
    assert house.states(ids) == {ids[0]: "quarantined"}
    assert "Traceback" not in "".join(
        line for line in house.log(house.groups[0]).splitlines() if failed[0]["uuid"] in line
    )


def test_messages_carry_ids_and_json_only(house, monkeypatch):
    sent = []
    app = house.app()
    monkeypatch.setattr(app, "send_task", lambda *args, **options: sent.append((args, options)))
    rings = {"read": [Ring(f"{n:064x}", alone=n == 1) for n in range(5)]}
    assert bell.ring(app, rings, batch_size=3, label="wire/x.zip")
    assert [len(options["args"][0]["ids"]) for _, options in sent] == [1, 3, 1]
    assert [options["argsrepr"] for _, options in sent] == [
        "1 article, wire/x.zip",
        "3 articles, wire/x.zip",
        "1 article, wire/x.zip",
    ]
    assert {bell.label_of(options["argsrepr"]) for _, options in sent} == {"wire/x.zip"}
    assert app.conf.accept_content == ["json"]


def test_a_child_is_replaced_after_a_crash_of_its_own(house):
    before = {child.pid for child in house.children_of(house.groups[0])}
    for child in house.children_of(house.groups[0]):
        child.kill()
    wait_until(lambda: len({c.pid for c in house.children_of(house.groups[0])} - before) == 2)
    assert house.finished(house.drop_in(house.texts(3))) == ["published"] * 3
