from __future__ import annotations

import json
import tracemalloc

import pytest
from desks import Story

from worker.desk.queries import current_records
from worker.record import Record


def lines(text):
    return [json.loads(line) for line in text.splitlines()]


def test_all_records_in_order_of_arrival(copydesk, full_house):
    answer = copydesk("export", "jsonl")
    rows = lines(answer.out)
    assert [row["id"] for row in rows] == full_house.ids
    assert [each["source"] for each in rows[0]["arrivals"]][1:] == ["/archive/again.txt"]
    assert [row.pop("revision") for row in rows] == [1, 1, 1]
    assert [row.pop("arrivals") is not None for row in rows] == [True] * 3
    assert [row.pop("relations")["near"] for row in rows] == [[]] * len(rows)
    assert [Record.model_validate(row) for row in rows] == [full_house.record(id_) for id_ in full_house.ids]
    assert answer.err == "3 records (jsonl).\n"


@pytest.mark.parametrize(
    ("options", "headlines"),
    [
        (["--where", "lang:de"], ["Müller speaks"]),
        (["--where", 'said-by:keller "the report"'], ["Lyon waits for a report"]),
        (["--where", "nothing-such"], []),
        (["--since", "2023-11-14"], ["Lyon waits for a report", "Müller speaks", "Nothing said"]),
        (["--since", "2023-11-15T00:00Z"], []),
    ],
)
def test_some_records(copydesk, full_house, options, headlines):
    rows = lines(copydesk("export", "jsonl", *options).out)
    assert [row["headline"]["text"] for row in rows] == headlines


@pytest.mark.parametrize(
    "options", [["--since", "soon"], ["--where", "persn:x"], ["-o", "no/such/folder/x"], ["-o", "."]]
)
def test_wrong_usage(copydesk, full_house, options, tmp_path):
    before = sorted(tmp_path.iterdir())
    assert copydesk("export", "jsonl", *options).code == 2
    assert sorted(tmp_path.iterdir()) == before


def test_an_unknown_format(copydesk, full_house):
    assert copydesk("export", "xml").code == 2


def test_a_file_is_whole_or_not_there(copydesk, full_house, tmp_path, monkeypatch):
    target = tmp_path / "out.jsonl"
    target.write_text("old")

    def fail(*_, **__):
        yield "{}"
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("worker.desk.queries.current_records", fail)
        assert copydesk("export", "jsonl", "-o", str(target)).code == 130
    assert target.read_text() == "old"
    answer = copydesk("export", "jsonl", "-o", str(target))
    assert (answer.code, answer.out) == (0, "")
    assert len(lines(target.read_text(encoding="utf-8"))) == 3
    assert not list(tmp_path.glob(".*part"))


def peak(desk, count):
    """Return the most bytes that Python held while `count` records were exported."""
    tracemalloc.start()
    try:
        assert sum(1 for _ in current_records(desk)) == count
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_memory_is_bounded(house):
    """Five times the records take no more memory."""

    def fill(first, last):
        for start in range(first, last, 250):
            stories = [Story(text=f"story {n} " * 200) for n in range(start, start + 250)]
            house.publish(house.drop(f"/{start}", *stories))

    fill(0, 500)
    peak(house.desk, 500)  # what is loaded once
    few = peak(house.desk, 500)
    fill(500, 2500)
    assert peak(house.desk, 2500) < 1.3 * few


def test_large_records_are_read_one_at_a_time(house):
    text = "long " * 1_000_000
    house.publish(house.drop("/large.zip", *(Story(text=f"{n} {text}") for n in range(6))))
    assert peak(house.desk, 6) < 5 * len(text)  # all six at once: 30 of it
