"""Taking in: bad input with a clear reason and nothing else harmed; disk, database or server gone."""

from __future__ import annotations

import errno
import io
import os
import time
import zipfile
from pathlib import Path

import pytest

import worker.desk.engine
import worker.intake.take
from tasks.flow import READ
from tasks.step import _desks, carry
from worker.desk.engine import open_desk
from worker.desk.tables import articles, sources
from worker.embedded import serving, stop_server
from worker.errors import RetryLater
from worker.intake.take import look_at
from worker.settings import MB, current_settings, to_environment

GOOD = b"Lisbon (AP) - The council of Lisbon said on Monday that 12 bridges would be repaired this year.\n"


def drop(house, name, data):
    path = house.inbox / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


@pytest.fixture
def read(monkeypatch):
    """Run the real stage `read` over all that waits."""

    def run(house):
        os.environ.update(to_environment(house.settings))
        current_settings.cache_clear()
        _desks.clear()
        ids = [row.id for row in house.rows(articles, "id")]
        for start in range(0, len(ids), 1000):
            try:
                carry(READ, {"v": 1, "ids": ids[start : start + 1000]}, app=house.app, task_id="t", label="")
            except Exception as error:
                if type(error).__name__ != "ArticlesFailed":
                    raise
        for desk in _desks.values():
            desk.close()
        _desks.clear()

    return run


BAD_ARTICLES = [
    ("empty.txt", b"", "empty"),
    ("noise.txt", bytes(range(256)) * 40, "not_text"),
    ("zeros.txt", b"\0" * 5000, "not_text"),
    ("broken.json", b'{"text": "Half an art', "broken_json"),
]


@pytest.mark.parametrize(("name", "data", "code"), BAD_ARTICLES, ids=[case[0] for case in BAD_ARTICLES])
def test_a_bad_article_goes_to_quarantine_alone(house, read, name, data, code):
    house.take(
        drop(house, "good.txt", GOOD), drop(house, name, data), drop(house, "also.txt", GOOD + b"More.\n")
    )
    read(house)
    [(found, detail)] = house.quarantined()
    assert found == code
    assert len(detail) > 10
    assert sorted(house.states()) == ["in_flight", "in_flight", "quarantined"]


def test_a_wrong_encoding_is_no_fault(house, read):
    text = "Der Bürgermeister von Lyon sagte am Montag, die Brücken würden größer."
    for number, encoding in enumerate(["utf-8", "cp1252", "utf-16", "utf-8-sig"]):
        house.take(drop(house, f"{number}.txt", text.encode(encoding)))
    read(house)
    assert house.quarantined() == []
    assert house.states() == ["in_flight"] * 4


def test_a_hundred_megabytes_of_text(house, read):
    house.take(
        drop(house, "huge.txt", b"All work and no play. " * (100 * MB // 22)), drop(house, "good.txt", GOOD)
    )
    read(house)
    assert [code for code, _ in house.quarantined()] == ["too_large"]
    assert house.states() == ["quarantined", "in_flight"]


def test_one_broken_row(house, read):
    rows = [
        b'{"text": "The council of Lisbon said that %d bridges would be repaired."}' % n for n in range(20)
    ]
    rows[7] = b'{"text": "half a'
    house.take(drop(house, "a.jsonl", b"\n".join(rows)))
    read(house)
    assert [code for code, _ in house.quarantined()] == ["broken_json"]
    assert house.states() == ["in_flight"] * 7 + ["quarantined"] + ["in_flight"] * 12
    assert house.sources() == [("a.jsonl", "split", 20, None)]


def make_zip(*members):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return buffer.getvalue()


BAD_SOURCES = [
    ("truncated.zip", lambda: make_zip(("a.txt", GOOD))[:60], "damaged", 0),
    ("bomb.zip", lambda: make_zip(("a.txt", GOOD), ("bomb", b"\0" * (101 * MB))), "bomb", 1),
    ("none.zip", lambda: b"no zip", "damaged", 0),
]


@pytest.mark.parametrize(
    ("name", "make", "code", "count"), BAD_SOURCES, ids=[case[0] for case in BAD_SOURCES]
)
def test_a_bad_archive_fails_alone(house, name, make, code, count):
    house.take(drop(house, "0.txt", b"zero"), drop(house, name, make()), drop(house, "1.txt", b"one"))
    assert house.sources() == [
        ("0.txt", "split", 1, None),
        (name, "failed", count, code),
        ("1.txt", "split", 1, None),
    ]


def test_what_came_before_a_fault_is_in_the_ledger(house):
    house.take(drop(house, "a.json", b"[" + b", ".join(b'{"n": %d}' % n for n in range(100)) + b", oops"))
    assert house.sources() == [("a.json", "failed", 100, "broken_json")]
    assert len(house.bytes()) == 100


def test_path_traversal_is_refused_and_harms_nothing(house, tmp_path):
    before = sorted(tmp_path.parent.iterdir())
    house.take(drop(house, "a.zip", make_zip(("../../evil.txt", b"evil"), ("good.txt", b"good"))))
    assert house.quarantined() == [("unsafe_name", "its name in the archive points outside of it")]
    assert sorted(house.states()) == ["in_flight", "quarantined"]
    assert sorted(tmp_path.parent.iterdir()) == before


@pytest.mark.parametrize(
    "members", [["../x", "good.txt"], ["good.txt", "../x"]], ids=["refused first", "welcome first"]
)
def test_the_same_bytes_under_a_good_name_are_a_good_article(house, members):
    house.take(drop(house, "a.zip", make_zip(*[(name, b"the same") for name in members])))
    assert (house.states(), house.quarantined()) == (["in_flight"], [])
    house.take(drop(house, "b.zip", make_zip(("../y", b"the same"))))
    assert (house.states(), house.quarantined()) == (["in_flight"], [])


def test_refused_at_first_and_welcome_later(house):
    house.take(drop(house, "a.zip", make_zip(("../x", b"the same"))))
    assert house.states() == ["quarantined"]
    house.take(drop(house, "b.txt", b"other"), drop(house, "c.zip", make_zip(("good.txt", b"the same"))))
    assert (house.states(), house.quarantined()) == (["in_flight", "in_flight"], [])
    house.process()
    assert {row.pending for row in house.rows(sources)} == {0}


def test_a_nested_archive(house):
    inner = make_zip(("deep.zip", make_zip(("a.txt", b"a"))), ("b.txt", b"b"))
    house.take(drop(house, "a.zip", make_zip(("inner.zip", inner), ("c.txt", b"c"))))
    assert [code for code, _ in house.quarantined()] == ["nested_too_deep"]
    assert house.members() == [(0, "inner.zip/deep.zip"), (1, "inner.zip/b.txt"), (2, "c.txt")]


# --- the file under our hands ---------------------------------------------------------------------------


def found_then(house, path, change):
    """Look at a file, change it, and take what was found."""
    taker = worker.intake.take.Taker(house.desk, house.app, house.settings, watched=True, run=None)
    found = look_at(path, "default")
    change()
    taker.take([found], on_progress=lambda: None)
    taker.close()


@pytest.mark.parametrize("name", ["a.txt", "a.jsonl"])
def test_a_file_that_vanishes(house, name):
    path = drop(house, name, b"{}\n")
    found_then(house, path, path.unlink)
    assert house.sources() == [(name, "gone", 0, "vanished")]
    path.write_bytes(b"{}\n")
    house.take(path)
    assert house.sources()[1] == (name, "split", 1, None)


@pytest.mark.parametrize("name", ["a.txt", "a.jsonl"])
def test_a_file_that_changes(house, name):
    path = drop(house, name, b"{}\n")
    found_then(house, path, lambda: path.write_bytes(b"{}\n{}\n"))
    assert house.sources() == [(name, "gone", 0, "changed")]
    house.take(path)
    assert house.sources()[1][1:] == ("split", 2 if name.endswith("l") else 1, None)


def test_a_container_that_changes_while_it_is_taken_apart(house, monkeypatch):
    monkeypatch.setattr(worker.intake.take, "CHUNK_ARTICLES", 10)
    path = drop(house, "a.jsonl", b"".join(b'{"n": %d}\n' % n for n in range(50)))
    taker = worker.intake.take.Taker(house.desk, house.app, house.settings, watched=True, run=None)
    with path.open("ab") as more:
        taker.take([look_at(path, "default")], on_progress=lambda: (more.write(b"{}\n"), more.flush()))
    taker.close()
    assert house.sources()[0][1] == "gone"
    house.take(path)
    assert house.sources()[1][1] == "split"
    assert {b'{"n": %d}' % n for n in range(50)} < set(house.bytes())


def test_a_folder_takes_the_files_place(house):
    path = drop(house, "a.txt", b"one")
    found_then(house, path, lambda: (path.unlink(), path.mkdir()))
    assert house.sources() == [("a.txt", "gone", 0, "vanished")]


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (errno.EACCES, "permission"),
        (errno.EPERM, "permission"),
        (errno.EIO, "unreadable"),
        (errno.ESTALE, "unreadable"),
    ],
)
def test_a_file_that_may_not_or_cannot_be_read(house, monkeypatch, number, code):
    """As root may read everything, the system's answer is given in its place."""
    paths = [drop(house, name, name.encode()) for name in ("a.txt", "bad.txt", "c.txt")]
    real = open

    def answer(path, *more, **options):
        if str(path).endswith("bad.txt"):
            raise OSError(number, os.strerror(number), path)
        return real(path, *more, **options)

    monkeypatch.setattr("builtins.open", answer)
    house.take(*paths)
    assert house.sources() == [
        ("a.txt", "split", 1, None),
        ("bad.txt", "failed", 0, code),
        ("c.txt", "split", 1, None),
    ]


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="needs a file that cannot be read")
def test_a_file_that_cannot_be_read_stops_nobody(house):
    """Reading this one fails with EIO, for root too."""
    house.take(Path("/proc/self/mem"), drop(house, "a.txt", b"one"), watched=False)
    assert house.sources() == [("mem", "failed", 0, "unreadable"), ("a.txt", "split", 1, None)]


def test_no_more_files_can_be_opened(house, monkeypatch):
    path = drop(house, "a.txt", b"one")
    real = open

    def exhausted(file, *more, **options):
        if str(file).endswith("a.txt"):
            raise OSError(errno.EMFILE, "Too many open files", file)
        return real(file, *more, **options)

    monkeypatch.setattr("builtins.open", exhausted)
    with pytest.raises(RetryLater, match="Too many open files"):
        house.take(path)
    monkeypatch.undo()
    assert house.sources() == []


# --- what everything stands on --------------------------------------------------------------------------


def test_nothing_is_taken_in_while_the_disk_is_short(make_house):
    house = make_house(min_free_disk_mb=10**9)
    with pytest.raises(RetryLater, match="min_free_disk_mb"):
        house.take(drop(house, "a.txt", b"one"))
    assert house.sources() == []


def test_the_database_is_full(house):
    path = drop(house, "a.jsonl", b"".join(b'{"n": "%0900d"}\n' % n for n in range(3000)))
    with house.desk.engine.connect() as connection:  # for every connection that this one's pool gives
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages + 40}")
    with pytest.raises(RetryLater, match="full"):
        house.take(path)
    with house.desk.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count=1000000")
    house.take(path)
    assert house.sources() == [("a.jsonl", "split", 3000, None)]
    assert [position for position, _ in house.members()] == list(range(3000))


def test_the_database_is_locked(house, monkeypatch):
    monkeypatch.setattr(worker.desk.engine, "BUSY_TIMEOUT_S", 0.2)
    path = drop(house, "a.txt", b"one")
    impatient = open_desk(house.settings, durable=True)
    taker = worker.intake.take.Taker(impatient, house.app, house.settings, watched=True, run=None)
    with house.desk.writing() as connection:
        connection.exec_driver_sql("UPDATE sources SET path = path")
        with pytest.raises(RetryLater, match="locked"):
            taker.take([look_at(path, "default")], on_progress=lambda: None)
    taker.take([look_at(path, "default")], on_progress=lambda: None)
    impatient.close()
    assert house.sources() == [("a.txt", "split", 1, None)]


def test_the_server_is_gone(make_house, tmp_path):
    """The ledger holds everything; the housekeeper rings when the server is back."""
    house = make_house(broker_url=None, ring_again_s=0.1)
    with serving(house.settings):
        house.take(drop(house, "a.txt", b"one"))
        stop_server(house.settings)
        started = time.monotonic()
        house.take(drop(house, "b.txt", b"two"))
        assert time.monotonic() - started < 20
    assert house.sources() == [("a.txt", "split", 1, None), ("b.txt", "split", 1, None)]
    assert house.states() == ["in_flight", "in_flight"]


class Killed(BaseException):
    """Stands for a process that ends here: nothing behind this point is done."""


@pytest.mark.parametrize("where", ["flush", "register", "ring"])
@pytest.mark.parametrize("name", ["a.txt", "a.jsonl"])
def test_a_crash_at_any_point_is_made_good_by_the_next_look(house, monkeypatch, where, name):
    path = drop(house, name, b"".join(b'{"n": %d}\n' % n for n in range(3)))

    def die(*_, **__):
        raise Killed

    target = {
        "flush": "worker.spool.Spool.flush",
        "register": "worker.desk.arrive._add_articles",
        "ring": "worker.bell.ring",
    }[where]
    with monkeypatch.context() as patch:
        patch.setattr(target, die)
        with pytest.raises(Killed):
            house.take(path)
    house.take(path)
    count = 3 if name == "a.jsonl" else 1
    assert house.sources() == [(name, "split", count, None)]
    assert [position for position, _ in house.members()] == list(range(count))
    assert house.process() == count


def test_at_most_so_many_are_in_flight(make_house):
    house = make_house(max_in_flight=10, batch_size=5)
    house.take(drop(house, "a.jsonl", b"".join(b"%d\n" % n for n in range(100))))
    assert sorted(house.states()) == ["in_flight"] * 10 + ["waiting"] * 90


def test_the_same_bytes_are_one_article_with_two_arrivals(house):
    house.take(drop(house, "a.txt", b"one"), drop(house, "b.txt", b"one"), drop(house, "wire/c.txt", b"one"))
    assert len(house.states()) == 2
    assert len(house.members()) == 3


def test_bytes_that_are_final_already_are_settled_at_once(house):
    house.take(drop(house, "a.txt", b"one"))
    house.process()
    house.take(drop(house, "b.txt", b"one"), drop(house, "c.txt", b"two"))
    assert [(Path(row.path).name, row.pending) for row in house.rows(sources)] == [
        ("a.txt", 0),
        ("b.txt", 0),
        ("c.txt", 1),
    ]


def test_a_path_that_is_named_twice_comes_once(house):
    path = drop(house, "a.txt", b"one")
    house.take(path, drop(house, "b.txt", b"two"), path)
    assert house.sources() == [("a.txt", "split", 1, None), ("b.txt", "split", 1, None)]


def test_a_large_archive_in_pieces_survives_a_stop_after_every_chunk(house, monkeypatch):
    monkeypatch.setattr(worker.intake.take, "CHUNK_ARTICLES", 7)
    path = drop(house, "a.jsonl", b"".join(b'{"n": %d}\n' % n for n in range(50)))

    def stop():
        raise Killed

    for _ in range(7):
        taker = worker.intake.take.Taker(house.desk, house.app, house.settings, watched=True, run=None)
        with pytest.raises(Killed):
            taker.take([look_at(path, "default")], on_progress=stop)
        taker.close()
    house.take(path)
    assert house.sources() == [("a.jsonl", "split", 50, None)]
    assert house.bytes() == [b'{"n": %d}' % n for n in range(50)]
