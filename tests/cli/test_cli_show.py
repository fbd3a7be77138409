from __future__ import annotations

import io
import json
import re

import pytest
from desks import KELLER, MUELLER, Story
from rich.console import Console

from worker.cli.marked_text import marked_text
from worker.cli.portrait import portrait
from worker.desk import ledger

HOSTILE = Story(
    text="Said \x1b[31mRed\x1b[0m and [bold]Bold[/bold] :smile: “Q\x9b1m” by \u202eEve\r in Nice.",
    headline="[link=x]\x1b]0;title\x07[/link] head",
    people=("Eve\r",),
    said=(("Eve\r", "Q\x9b1m"),),
    places=(("Nice", "FR"),),
    warnings=("[red]\x1b[2J",),
)
DANGEROUS = set(map(chr, [*range(9), *range(11, 32), *range(0x7F, 0xA0), 0x202E]))


def test_a_record_for_people(copydesk, full_house):
    answer = copydesk("show", full_house.ids[0])
    assert answer.code == 0
    for words in (
        "Lyon waits for a report",
        "revision 1 · default · text/plain · en 0.99",
        "Published 2021-12-06",
        "Anna Keller, Minister",
        "“We will wait for the report.”",
        "Harbour Board",
        "5 December → 2021-12-05",
        "wait → unresolved  no anchor",
        "Lyon (FR)",
        "politics 0.80",
        "author -0.50 (2 sentences) · Anna Keller +0.25 (1 sentence)",
        "one warning",
        "keller.txt",
        "/archive/again.txt",
        "read 01234567",
    ):
        assert words in answer.out


def test_the_full_record_with_arrivals(copydesk, full_house):
    record = json.loads(copydesk("show", full_house.ids[1], "--json").out)
    assert (record["id"], record["revision"], record["text"]) == (full_house.ids[1], 1, MUELLER.text)
    assert [(each["source"], each["member"], each["position"]) for each in record["arrivals"]] == [
        ("/archive/two.zip", "0.txt", 0)
    ]
    assert record["arrivals"][0]["at"] == "2023-11-14T22:13:22Z"


@pytest.mark.parametrize(
    "how", ["prefix", "upper case", "path", "relative path", "copy of the file", "old name"]
)
def test_ways_to_name_an_article(copydesk, full_house, tmp_path, how):
    (tmp_path / "elsewhere.txt").write_text(KELLER.text)
    name = {
        "prefix": full_house.ids[0][:8],
        "upper case": full_house.ids[0].upper(),
        "path": str(tmp_path / "keller.txt"),
        "relative path": "keller.txt",
        "copy of the file": "elsewhere.txt",
        "old name": "/archive/again.txt",
    }[how]
    assert json.loads(copydesk("show", name, "--json").out)["id"] == full_house.ids[0]


def test_a_file_that_changed_says_so(copydesk, full_house, tmp_path):
    (tmp_path / "keller.txt").write_text("something else")
    answer = copydesk("show", "keller.txt")
    assert answer.code == 0
    assert "is not what it was" in answer.err


def test_where_it_was_moved_to(copydesk, full_house):
    full_house.execute("UPDATE sources SET moved_to = '/done/two.zip' WHERE path = '/archive/two.zip'")
    answer = copydesk("show", "/done/two.zip")
    assert answer.code == 2
    assert [line for line in answer.err.splitlines() if full_house.ids[1][:12] in line]
    assert "Müller speaks" in answer.err


def test_nothing_found(copydesk, full_house):
    for name in ("abcdef012345", "no/such/file"):
        assert copydesk("show", name).code == 1


def test_an_ambiguous_beginning(copydesk, house):
    stories = [Story(text=f"number {n}") for n in range(2)]
    ids = house.drop("/x.zip", *stories)
    house.publish(ids)
    for id_, new in zip(ids, ("abcdef" + "0" * 58, "abcdef" + "1" * 58), strict=True):
        house.execute("UPDATE articles SET id = ? WHERE id = ?", new, id_)
    answer = copydesk("show", "abcdef")
    assert answer.code == 2
    assert "more than one article" in answer.err
    assert copydesk("show", "abcdef0").code == 1  # its record bears the old id


def test_in_quarantine_is_exit_3(copydesk, house):
    (id_,) = house.drop("/bad.txt", Story(text="bad"))
    assert copydesk("show", id_).code == 1
    house.fail(id_, detail="Bytes \x1b[31m of no text.")
    answer = copydesk("show", id_)
    assert answer.code == 3
    assert "not_text: Bytes ␛[31m of no text." in answer.err


def test_revisions(copydesk, full_house):
    full_house.stories[full_house.ids[0]] = Story(text=KELLER.text, headline="Another headline")
    full_house.execute("UPDATE articles SET state = 'in_flight', mask = 7 WHERE id = ?", full_house.ids[0])
    claim = full_house.claim("publish", full_house.ids[:1])
    full_house.finish(claim, ledger.Outcome(made={full_house.ids[0]: b""}))
    headline = [
        json.loads(copydesk("show", full_house.ids[0], "--json", *option).out)["headline"]["text"]
        for option in ((), ("--revision", "1"), ("--revision", "2"))
    ]
    assert headline == ["Another headline", "Lyon waits for a report", "Another headline"]
    answer = copydesk("show", full_house.ids[0], "--revision", "3")
    assert answer.code == 1
    assert "There are: 1, 2." in answer.err


def test_text_with_brackets(copydesk, full_house):
    out = copydesk("show", full_house.ids[0], "--text").out
    assert out.startswith(
        "Mayor [PERSON Anna Keller] said in [PLACE FR: Lyon] on [DATE 2021-12-05: 5 December]: “"
    )
    assert "“[SAID-BY Anna Keller: We will [DATE ?: wait] for the report.]”" in out


def test_text_with_colour_keeps_offsets(full_house):
    record = full_house.record(full_house.ids[0])
    text = marked_text(record, colour=True)
    assert text.plain.startswith(record.text)
    styled = {text.plain[span.start : span.end]: str(span.style) for span in text.spans}
    assert styled["Anna Keller"] == "bold cyan"
    assert styled["We will wait for the report."] == "green"


def test_a_place_known_by_what_it_lies_in_says_so(full_house):
    record = full_house.record(full_house.ids[0])
    (lyon, *_) = record.places
    inner = {"name": "Guillotière", "status": "approximate", "within": "Lyon", "lat": 45.75, "lon": 4.85}
    record.places.append(lyon.model_copy(update=inner))
    shown = " ".join(line.plain for _, line in portrait(record, 1, []))
    assert "Guillotière (FR, in Lyon)" in shown


@pytest.mark.parametrize("options", [(), ("--text",), ("--json",)])
def test_hostile_text_reaches_no_terminal(copydesk, house, options):
    (id_,) = house.drop("/tmp/\x1b[31mname.txt", HOSTILE)
    house.publish([id_])
    answer = copydesk("show", id_, *options)
    assert answer.code == 0
    assert not DANGEROUS & set(answer.out.rstrip("\n"))
    if not options:
        assert "[link=x]␛]0;title␇[/link] head" in answer.out
        assert "[red]␛[2J" in answer.out


def test_hostile_text_on_a_colour_terminal(house):
    """All escape sequences on a terminal are ours: what remains without them is clean."""
    (id_,) = house.drop("/x", HOSTILE)
    record = house.record(id_)
    out = io.StringIO()
    console = Console(
        file=out, force_terminal=True, color_system="standard", markup=False, emoji=False, width=80
    )
    for _, line in portrait(record, 1, []):
        console.print(line)
    console.print(marked_text(record, colour=True))
    plain = re.sub(r"\x1b\[[0-9;]*m", "", out.getvalue())
    assert not DANGEROUS & set(plain)
    assert "[bold]Bold[/bold] :smile:" in plain
