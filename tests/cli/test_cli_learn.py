from __future__ import annotations

import json

from desks import Story
from sqlalchemy import select, update

from worker.desk.tables import records

SIGN_OFF = "Reporting from the harbour."


def split_last_line(house) -> None:
    """Let the last line of every record be a block of its own."""
    with house.desk.writing() as connection:
        for id_, body in connection.execute(select(records.c.article_id, records.c.body)).all():
            made = json.loads(body)
            at, end = made["text"].index(SIGN_OFF), len(made["text"])
            made["blocks"] = [
                {"start": 0, "end": at, "kind": "paragraph", "rule": "by hand"},
                {"start": at, "end": end, "kind": "paragraph", "rule": "by hand"},
            ]
            connection.execute(
                update(records).where(records.c.article_id == id_).values(body=json.dumps(made))
            )


def test_lines_that_recur_become_a_numbered_snapshot(copydesk, house):
    stories = [Story(text=f"Boat number {n} came back to the quay.\n\n{SIGN_OFF}") for n in range(6)]
    house.publish(house.drop("/archive/six.zip", *stories, collection="wire"))
    split_last_line(house)
    for number in (1, 2):
        answer = copydesk("learn")
        assert answer.code == 0, answer.err
        path = next((house.settings.desk_dir / "learned").glob(f"lines-{number:04d}.json"))
        assert json.loads(path.read_text()) == {
            "number": number,
            "sources": {"wire": {"articles": 6, "lines": {"reporting from the harbour": 6}}},
        }
        assert str(path) in answer.err


def test_nothing_recurs(copydesk, full_house):
    answer = copydesk("learn")
    assert answer.code == 0
    assert "No line recurs" in answer.err
    assert not list((full_house.settings.desk_dir / "learned").iterdir())
