from __future__ import annotations

import json
import os

import pytest
from desks import KELLER, MUELLER, UNDATED, DeskForTest, Story

from worker.desk import ledger
from worker.desk.tables import SourceState
from worker.monitor import audit_sources
from worker.monitor.audit import Kind, audit
from worker.spool import Spool


def report(house, **options):
    return audit(house.desk, Spool(house.settings), house.settings, **options)


def kinds(house, **options):
    return {kind.value: count for kind, count in report(house, **options).counts.items()}


def test_the_identity(copydesk, full_house, house):
    """Three published, one of them came twice; one each that waits, is at work, failed, was dropped."""
    ids = house.drop("/more.jsonl", *(Story(text=f"story {n}") for n in range(4)))
    house.fail(ids[0])
    house.fail(ids[1])
    with house.desk.writing() as connection:
        ledger.drop(connection, [ids[1]], now=house.clock)
    house.claim("read", [ids[2]])
    house.execute("UPDATE articles SET state = 'waiting' WHERE id = ?", ids[3])
    found = report(house, deep=True)
    assert (found.arrived, found.accounted) == (8, 8)
    assert (found.published, found.duplicates, found.quarantined, found.dropped, found.in_flight) == (
        3,
        1,
        1,
        1,
        2,
    )
    assert found.counts == {}
    answer = copydesk("audit")
    assert answer.code == 0
    assert answer.out.startswith(
        "8 arrived = 3 published + 1 duplicate + 1 quarantined + 1 dropped + 2 in flight\n"
    )
    assert answer.out.endswith("No gap.\n")


@pytest.mark.parametrize("stages", range(4))
def test_work_in_flight_is_no_gap(house, stages):
    """At every point between two transactions everything fits."""
    ids = house.drop("/a.jsonl", KELLER, MUELLER)
    assert kinds(house) == {}
    house.admit()
    assert kinds(house) == {}
    for stage in ("read", "extract", "classify", "publish")[: stages + 1]:
        claim = house.claim(stage, ids)
        assert kinds(house, deep=True) == {}
        house.finish(claim, ledger.Outcome(made=dict.fromkeys(ids, b"x")))
        assert kinds(house, deep=True) == {}


def test_replayed_and_dropped_are_no_gap(house):
    (id_,) = house.drop("/a", KELLER)
    house.fail(id_)
    with house.desk.writing() as connection:
        ledger.replay(connection, [id_], now=house.clock)
    assert kinds(house) == {}
    house.publish([id_])
    assert kinds(house, deep=True) == {}


DAMAGE = [
    # a row is gone
    (
        "DELETE FROM arrivals WHERE source_id = 2",
        {"identity": 1, "article_without_arrival": 2, "source_counter": 1},
    ),
    ("DELETE FROM articles WHERE seq = 1", {"identity", "arrival_without_article", "orphan"}),
    ("DELETE FROM sources WHERE id = 2", {"arrival_without_source": 2}),
    ("DELETE FROM parts WHERE stage = 'classify'", {"part_missing": 3}),
    ("DELETE FROM records WHERE article_id = :id", {"record_missing": 1}),
    ("DELETE FROM quotes", {"flat_rows": 2}),
    ("DELETE FROM search WHERE rowid = 1", {"search_row": 1}),
    # a row is left over
    ("INSERT INTO holds VALUES (:id, 'read', 99)", {"hold_without_claim": 1}),
    ("INSERT INTO search (rowid, article_id) VALUES (9, 'x')", {"orphan": 1}),
    ("INSERT INTO parts VALUES ('x', 'read', 'f', 'b', 1)", {"orphan": 1}),
    ("INSERT INTO places (article_id, name, status, start, end) VALUES ('x', 'n', 's', 1, 2)", {"orphan": 1}),
    ("INSERT INTO outbox VALUES (:id, 7, 'jsonl', NULL, 0, 1, NULL)", {"orphan": 1}),
    (
        "INSERT INTO quarantine VALUES (:id, 'read', 'code', 'detail', 'signature', NULL, 1, 1)",
        {"quarantine_row": 1},
    ),
    # a row says something else
    ("UPDATE articles SET state = 'quarantined', mask = 1 WHERE seq = 1", {"quarantine_row": 1}),
    ("UPDATE articles SET state = 'lost' WHERE seq = 1", {"identity", "state_wrong"}),
    ("UPDATE articles SET state = 'in_flight' WHERE seq = 1", {"state_wrong": 1}),
    ("UPDATE articles SET mask = 13 WHERE seq = 1", {"state_wrong": 1}),
    ("UPDATE articles SET finished_at = NULL WHERE seq = 1", {"state_wrong": 1}),
    ("UPDATE articles SET revision = NULL WHERE seq = 1", {"record_missing": 1, "orphan": 1}),
    ("UPDATE articles SET revision = 2 WHERE seq = 1", {"record_missing": 1}),
    ("UPDATE articles SET collection = 'other' WHERE seq = 1", {"record_damaged": 1}),
    ("UPDATE articles SET size = 1 WHERE seq = 1", {"spool_damaged": 1}),
    ("UPDATE arrivals SET settled = 0 WHERE source_id = 1", {"arrival_not_settled": 1, "source_counter": 1}),
    ("UPDATE sources SET articles = 9 WHERE id = 1", {"source_counter": 1}),
    ("UPDATE sources SET pending = -1 WHERE id = 1", {"source_counter": 1}),
    ("UPDATE sources SET settled_at = 1, state = 'splitting' WHERE id = 1", {"source_settled_too_early": 1}),
    ("UPDATE records SET body = replace(body, 'Lyon', 'Lyons')", {"record_damaged": 1}),
]


@pytest.mark.parametrize(("statement", "expected"), DAMAGE, ids=[d[0][:60] for d in DAMAGE])
def test_every_damage_is_named(copydesk, full_house, statement, expected):
    assert kinds(full_house) == {}
    with full_house.desk.writing() as connection:
        statement = statement.replace(":id", f"'{full_house.ids[0]}'")
        assert connection.exec_driver_sql(statement).rowcount
    counts = kinds(full_house)
    if isinstance(expected, set):
        assert set(counts) == expected
    else:
        assert counts == expected
    answer = copydesk("audit", "--json")
    assert answer.code == 1
    found = json.loads(answer.out)
    assert found["gap_counts"] == counts
    assert found["ok"] is False
    assert len(found["gaps"]) == found["gap_count"] == sum(counts.values())


DEEP_DAMAGE = [
    ("UPDATE quotes SET text = 'never said'", "flat_rows"),
    ("UPDATE entities SET name = 'Nobody' WHERE type = 'ORG'", "flat_rows"),
    ("UPDATE search SET headline = 'x' WHERE rowid = 1", "search_row"),
]


@pytest.mark.parametrize(("statement", "kind"), DEEP_DAMAGE)
def test_what_only_a_deep_look_finds(full_house, statement, kind):
    full_house.execute(statement)
    assert kinds(full_house) == {}
    assert set(kinds(full_house, deep=True)) == {kind}


def test_the_spool(full_house):
    with full_house.desk.reading() as connection:
        digests = list(connection.exec_driver_sql("SELECT digest FROM articles ORDER BY seq").scalars())
    paths = [full_house.spool.path_of(digest) for digest in digests]
    os.unlink(paths[0])
    with open(paths[1], "r+b") as file:
        file.write(b"X")
    with open(paths[2], "ab") as file:
        file.write(b"X")
    assert kinds(full_house) == {"spool_missing": 1, "spool_damaged": 1}
    assert kinds(full_house, deep=True) == {"spool_missing": 1, "spool_damaged": 2}


def test_a_damaged_index_is_found_by_the_database_itself(full_house):
    database = full_house.settings.desk_dir / "desk.db"
    with full_house.desk.reading() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        root = connection.exec_driver_sql(
            "SELECT rootpage FROM sqlite_schema WHERE name = 'sources_run'"
        ).scalar()
    full_house.desk.close()
    with database.open("r+b") as file:  # an index page whose cell count is nonsense
        file.seek((root - 1) * 4096 + 3)
        file.write(b"\x00\x00")
    assert kinds(full_house) == {}
    assert set(kinds(full_house, deep=True)) == {"database_damaged"}


# --- sinks --------------------------------------------------------------------------------------------


def test_the_outbox(tmp_path):
    """Records from before a sink was named need not go there; every later one does."""
    house = DeskForTest.make(tmp_path)
    house.publish(house.drop("/old", KELLER))
    house.settings = house.settings.model_copy(update={"sinks": ["jsonl"]})
    ids = house.drop("/new.zip", MUELLER, UNDATED)
    house.publish(ids)
    assert kinds(house) == {}
    house.execute("DELETE FROM outbox WHERE article_id = ?", ids[1])
    found = report(house)
    assert found.counts == {Kind.OUTBOX_ROW: 1}
    assert found.gaps[0].what == ids[1]
    house.desk.close()


# --- files --------------------------------------------------------------------------------------------


@pytest.fixture
def file(house):
    inbox = house.settings.inbox
    inbox.mkdir()
    path = inbox / "story.txt"
    path.write_text(KELLER.text)
    return path


def settle(house, target=None):
    house.execute("UPDATE sources SET settled_at = 1, moved_to = ?", str(target) if target else None)


def look(house):
    found = report(house)
    return {kind.value for kind in found.counts}, " ".join(found.notes)


@pytest.mark.parametrize("state", [SourceState.SPLIT, SourceState.SPLITTING, SourceState.FAILED])
def test_a_file_in_the_inbox(house, file, state):
    house.drop(file, KELLER, watched=True, state=state)
    assert look(house)[0] == set()


@pytest.mark.parametrize(
    ("state", "gaps"),
    [
        (SourceState.SPLIT, set()),  # all of it is in the spool
        (SourceState.SPLITTING, {"file_lost"}),
        (SourceState.FAILED, {"file_lost"}),
        (SourceState.GONE, set()),
    ],
)
def test_a_file_that_vanished_from_the_inbox(house, file, state, gaps):
    house.drop(file, KELLER, watched=True, state=state)
    file.unlink()
    found, notes = look(house)
    assert found == gaps
    assert str(file) in notes or gaps


def test_a_file_that_changed_is_noted(house, file):
    house.drop(file, KELLER, watched=True)
    file.write_text("something else")
    found, notes = look(house)
    assert (found, "changed after it was read" in notes) == (set(), True)


def test_files_where_they_were_moved_to(house, file, tmp_path):
    house.publish(house.drop(file, KELLER, watched=True))
    target = tmp_path / "done" / "story.txt"
    settle(house, target)
    found, notes = look(house)
    assert (found, "still in the inbox" in notes) == (set(), True)
    target.parent.mkdir()
    file.rename(target)
    assert look(house) == (set(), "")
    target.unlink()
    found, notes = look(house)
    assert (found, "not at" in notes) == (set(), True)
    house.execute("UPDATE sources SET state = 'failed'")
    assert look(house)[0] == {"file_lost"}
    settle(house)  # kept where it was
    assert look(house) == (set(), "")


def test_a_file_that_is_moved_while_we_look_is_no_gap(house, file, tmp_path, monkeypatch):
    """The watcher renames and settles between our reading of the row and our look at the file."""
    house.publish(house.drop(file, KELLER, watched=True, state=SourceState.FAILED))
    target = tmp_path / "story.txt"
    real, looks = audit_sources._look, []

    def moved_meanwhile(row):
        if not looks:
            file.rename(target)
            found = real(row)
            settle(house, target)
        else:
            found = real(row)
        looks.append(found)
        return found

    monkeypatch.setattr(audit_sources, "_look", moved_meanwhile)
    assert look(house) == (set(), "")
    assert [bool(found) for found in looks] == [True, False]


def test_without_files(copydesk, house, file):
    house.drop(file, KELLER, watched=True, state=SourceState.FAILED)
    file.unlink()
    assert copydesk("audit").code == 1
    assert copydesk("audit", "--no-files").code == 0


def test_files_of_runs_are_nobodys_business(house, tmp_path):
    house.drop(tmp_path / "not-there.txt", KELLER, state=SourceState.FAILED)
    assert look(house)[0] == set()


# --- naming -------------------------------------------------------------------------------------------


def test_gaps_are_named_up_to_a_number(copydesk, house):
    stories = [Story(text=f"story {n}") for n in range(30)]
    house.publish(house.drop("/a.jsonl", *stories))
    house.execute("DELETE FROM parts WHERE stage = 'read'")
    answer = copydesk("audit")
    assert answer.code == 1
    assert answer.out.count("part_missing") == 20
    assert "10 more; --all names every one" in answer.out
    assert copydesk("audit", "--all").out.count("part_missing") == 30


def test_hostile_names_reach_no_terminal(copydesk, house):
    house.drop("/tmp/\x1b[2J.zip", KELLER)
    house.execute("UPDATE sources SET articles = 5")
    answer = copydesk("audit")
    assert "source_counter  /tmp/␛[2J.zip: says 5 articles, 1 arrived from it" in answer.out


def test_unfinished_sources_are_noted(copydesk, house):
    house.drop("/half.zip", KELLER, state=SourceState.SPLITTING)
    answer = copydesk("audit")
    assert answer.code == 0
    assert "note: not read to its end yet, 1 articles taken so far: /half.zip" in answer.out


def test_an_empty_desk(copydesk, house):
    answer = copydesk("audit", "--json")
    assert answer.code == 0
    assert json.loads(answer.out)["arrived"] == 0
