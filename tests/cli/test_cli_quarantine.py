from __future__ import annotations

import json

import pytest
from desks import Story

from worker.desk import ledger

RAW = "\x1b]0;evil\x07 caf\u00e9"


@pytest.fixture
def ward(house):
    """Three in quarantine, two of them for the same reason; one that waits."""
    house.ids = house.drop("/in/a.zip", Story(text=RAW), Story(text="b"), Story(text="c"), Story(text="d"))
    trace = 'Traceback\n  File "x"\nValueError: \x1b[31mred'
    house.fail(house.ids[0], code="error", detail="ValueError: \x1b[31mred", traceback=trace)
    house.fail(house.ids[1])
    house.fail(house.ids[2])
    return house


def states(house):
    with house.desk.reading() as connection:
        return list(connection.exec_driver_sql("SELECT state FROM articles ORDER BY seq").scalars())


def test_list_by_signature(copydesk, ward):
    rows = [json.loads(line) for line in copydesk("quarantine", "list", "--json").out.splitlines()]
    assert [(row["articles"], row["signature"]) for row in rows] == [
        (2, "read:not_text"),
        (1, "read:error:ValueError: \x1b[31mred"),
    ]
    assert rows[0]["example"] in ward.ids[1:3]
    answer = copydesk("quarantine", "list")
    assert answer.code == 0
    assert "read:error:ValueError: ␛[31mred" in answer.out


def test_list_all(copydesk, ward):
    rows = [json.loads(line) for line in copydesk("quarantine", "list", "--all", "--json").out.splitlines()]
    assert [row["id"] for row in rows] == ward.ids[:3]
    assert set(rows[0]) == {"id", "stage", "code", "detail", "signature", "tries", "at"}
    assert copydesk("quarantine", "list", "--all").out.count("not_text") == 2


def test_list_nothing(copydesk, house):
    answer = copydesk("quarantine", "list")
    assert (answer.code, answer.out, answer.err) == (0, "", "Nothing is in quarantine.\n")


def test_show(copydesk, ward):
    found = json.loads(copydesk("quarantine", "show", ward.ids[0][:10], "--json").out)
    assert found["code"] == "error"
    assert found["first_bytes"] == r"\x1b]0;evil\x07 caf\xc3\xa9"
    assert found["arrivals"][0]["source"] == "/in/a.zip"
    assert found["spool"] == ward.spool.path_of(found["digest"])
    out = copydesk("quarantine", "show", ward.ids[0]).out
    assert r"\x1b]0;evil\x07 caf\xc3\xa9" in out
    assert "ValueError: ␛[31mred" in out
    assert "\x1b" not in out


@pytest.mark.parametrize("command", ["show", "replay", "drop"])
def test_what_is_not_in_quarantine(copydesk, ward, command):
    assert copydesk("quarantine", command, ward.ids[3]).code == 1
    assert copydesk("quarantine", command, "0123456789").code == 1
    assert copydesk("quarantine", command, "xyz").code == 2
    assert states(ward) == ["quarantined"] * 3 + ["in_flight"]


def test_nothing_is_done_when_one_of_several_is_wrong(copydesk, ward):
    assert copydesk("quarantine", "drop", ward.ids[0], ward.ids[3]).code == 1
    assert states(ward)[0] == "quarantined"


@pytest.mark.parametrize(
    ("arguments", "after"),
    [
        (["replay", "ID0", "ID1"], ["waiting", "waiting", "quarantined"]),
        (["replay", "--signature", "read:not_text"], ["quarantined", "waiting", "waiting"]),
        (["replay", "--all"], ["waiting", "waiting", "waiting"]),
        (["drop", "ID0"], ["dropped", "quarantined", "quarantined"]),
        (["drop", "-s", "read:not_text"], ["quarantined", "dropped", "dropped"]),
        (["drop", "--all", "--yes"], ["dropped", "dropped", "dropped"]),
    ],
)
def test_replay_and_drop(copydesk, ward, arguments, after):
    named = [ward.ids[int(each[2:])] if each.startswith("ID") else each for each in arguments]
    answer = copydesk("quarantine", *named, "--json")
    assert answer.code == 0
    moved = sum(state != "quarantined" for state in after)
    assert json.loads(answer.out) == {{"replay": "replayed", "drop": "dropped"}[arguments[0]]: moved}
    assert states(ward)[:3] == after
    assert copydesk("audit").code == 0


def test_dropped_articles_can_be_replayed_by_id(copydesk, ward):
    assert copydesk("quarantine", "drop", ward.ids[0]).code == 0
    assert copydesk("quarantine", "replay", ward.ids[0]).code == 0
    assert states(ward)[0] == "waiting"
    ward.publish([ward.ids[0]])
    assert states(ward)[0] == "published"


@pytest.mark.parametrize(
    "arguments",
    [
        ["replay"],
        ["drop"],
        ["drop", "--all"],
        ["replay", "--all", "--signature", "x"],
        ["replay", "abcdef", "--all"],
    ],
)
def test_wrong_usage(copydesk, ward, arguments):
    assert copydesk("quarantine", *arguments).code == 2
    assert "quarantined" in states(ward)


def test_an_unknown_signature(copydesk, ward):
    assert copydesk("quarantine", "replay", "--signature", "none").code == 1


def test_more_than_one_page(copydesk, house):
    ids = house.drop("/many.jsonl", *(Story(text=f"story {n}") for n in range(450)))
    house.admit()
    failure = ledger.Failure("not_text", "no", final=True)
    house.finish(house.claim("read", ids), ledger.Outcome(failed=dict.fromkeys(ids, failure)))
    assert json.loads(copydesk("quarantine", "replay", "--all", "--json").out) == {"replayed": 450}
