"""The checker sees every fault: a record that is right has no findings, and each thing put wrong has one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from seed_checker import findings
from seed_expectation import Expectation
from seed_right import EXPECTED, TEXT, at, entity, made, right

from worker.record import Record

if TYPE_CHECKING:
    from collections.abc import Callable

Change = tuple[str, str, "Callable[[dict[str, Any]], Any]"]


def put(*path: Any, value: Any) -> Callable[[dict[str, Any]], None]:
    """Return a change that sets the value at a path into the record."""

    def change(record: dict[str, Any]) -> None:
        for step in path[:-1]:
            record = record[step]
        record[path[-1]] = value

    return change


def add(*path: Any, value: Any) -> Callable[[dict[str, Any]], None]:
    """Return a change that appends to the list at a path into the record."""

    def change(record: dict[str, Any]) -> None:
        found: Any = record
        for step in path:
            found = found[step]
        found.append(value)

    return change


def timex(words: str, value: str, nth: int = 0) -> dict[str, Any]:
    return {**at(words, nth), **made(), "type": "DATE", "value": value}


def place(words: str, country: str) -> dict[str, Any]:
    return {**at(words), **made(), "name": words, "country": country, "status": "resolved"}


def quote(words: str, speaker: str) -> dict[str, Any]:
    said = {**at("Roth", 1), "entity": speaker, "resolved_by": "r", "confidence": 1.0}
    return {"id": "q9", "kind": "direct", "segments": [at(words)], "speaker": said, **made()}


VISIT = {
    **at("went"),
    **made(),
    "id": "v1",
    "kind": "visit",
    "who": ["e1"],
    "when": at("Monday"),
    "status": "past",
}

CHANGES: list[Change] = [
    ("promises", "is not", put("quotes", 1, "cue", "text", value="says")),
    ("promises", "does not touch", put("blocks", 1, "start", value=25)),
    ("promises", "blocks end at", put("blocks", 4, "end", value=TEXT.index("also"))),
    ("read", "media_type", put("media_type", value="text/html")),
    ("read", "language is", put("language", value="de")),
    ("read", "title is", put("title", value="A title")),
    ("read", "byline", put("byline", value=[])),
    ("read", "agency", put("agency", value=None)),
    ("read", "canonical_url", put("canonical_url", value=None)),
    ("read.dates", "published is absent", put("published", value=None)),
    ("read.dates", "published is 2021-03-04", put("published", "value", value="2021-03-04")),
    ("read.dates", "evidence", put("published", "evidence", value="url")),
    ("read.dates", "modified", lambda r: r.update(modified=r["published"])),
    ("publish", "headline's source", put("headline", "source", value="title")),
    ("read.translation", "verdict", put("translation", "verdict", value="unlikely")),
    ("read.translation", "no sign", put("translation", "signs", value=[])),
    ("pipeline", "abstains", put("abstentions", value=[])),
    ("read.blocks", "no dateline block", put("blocks", 0, "kind", value="byline")),
    ("read.blocks", "body starts", put("blocks", 0, "kind", value="paragraph")),
    ("read.blocks", "body ends", put("blocks", 3, "kind", value="boilerplate")),
    ("read.blocks", "not in the body", put("blocks", 1, "kind", value="boilerplate")),
    ("read.blocks", "headings", put("blocks", 3, "kind", value="paragraph")),
    ("read.blocks", "in the body", put("blocks", 4, "kind", value="paragraph")),
    ("read.notes", "no note", put("notes", value=[])),
    ("read.notes", "is sic", put("notes", 0, "kind", value="sic")),
    ("quotes", "note outside", put("quotes", 0, "kind", value="indirect")),
    ("quote_marks", "not repaired", put("quotes", 0, "repairs", value=[])),
    ("names", "no person", put("entities", 0, "name", value="Roth")),
    ("names", "not among", lambda r: r["entities"][0]["mentions"].pop(1)),
    ("names", "2 mentions", lambda r: r["entities"][0]["mentions"].pop(2)),
    ("names", "country", put("entities", 0, "country", value="DE")),
    ("names", "no such person", put("entities", 3, "type", value="PERSON")),
    ("names", "no organisation", put("entities", 1, "type", value="LOC")),
    ("names", "no nationality", put("entities", 2, "type", value="LOC")),
    ("names", "no LAW/MISC", put("entities", 3, "type", value="LOC")),
    ("names.roles", "is not", put("entities", 0, "roles", value=[])),
    ("names.roles", "former, not", put("entities", 0, "roles", 0, "status", value="former")),
    ("places", "not found", put("places", value=[])),
    ("places", "km off", put("places", 0, "lat", value=45.0)),
    ("places", "without coordinates", put("places", 0, "lat", value=None)),
    ("places", "should be CH", put("places", 0, "country", value="US")),
    ("places", "ambiguous", put("places", 0, "status", value="ambiguous")),
    ("places", "kind", put("places", 0, "kind", value="region")),
    ("places", "focus", put("places", 0, "focus", value=False)),
    ("places", "no such place", add("places", value=place("Lake", "CH"))),
    ("timexes", "not found", put("timexes", value=[])),
    ("timexes", "should be 2021-03-01", put("timexes", 0, "value", value="2021-03-08")),
    ("timexes", "is a TIME", put("timexes", 0, "type", value="TIME")),
    ("timexes", "conflict", put("timexes", 0, "conflict", value="a Sunday")),
    ("timexes", "no such date", add("timexes", value=timex("March", "2021-05"))),
    ("quotes", "missing", put("quotes", 0, "segments", value=[at("“It is late,”")])),
    ("quotes", "cue is", put("quotes", 0, "cue", value=None)),
    ("quotes", "cue is 'went'", put("quotes", 0, "cue", value=at("went"))),
    ("quotes", "mixed, should be", put("quotes", 1, "kind", value="mixed")),
    ("quotes", "speaker is", put("quotes", 0, "speaker", "entity", value="e2")),
    ("quotes", "speaker is None", put("quotes", 0, "speaker", "entity", value=None)),
    ("quotes", "speaker's words", lambda r: r["quotes"][0]["speaker"].update(at("Roth", 1))),
    ("quotes", "editor's notes in it", put("quotes", 0, "editor_notes", value=[])),
    ("quotes", "no such direct quote", add("quotes", value=quote("Swiss minister", "e1"))),
    ("quotes", "several blocks", put("quotes", 1, "segments", 0, value=at(TEXT[-48:]))),
    ("topics", "politics", put("about", "topics", value=[])),
    ("quotes", "must not: quote_speaker", add("quotes", value=quote("It is late", "e2"))),
    ("quotes", "must not: direct_quote", add("quotes", value=quote("home", "e1"))),
    ("places", "must not: place ", add("places", value=place("Minsk", "BY"))),
    ("places", "must not: place_country", put("places", 0, "country", value="US")),
    ("names", "must not: person", lambda r: r["entities"].append(entity(9, "PERSON", "BERN"))),
    ("names.roles", "must not: role_of", lambda r: r["entities"][0]["roles"].append(
        {"start": 0, "end": 4, "text": "president", "title": "president", **made()})),
    ("timexes", "must not: date ", add("timexes", value=timex("March", "2020-03"))),
    ("timexes", "must not: date_year_other", add("timexes", value=timex("March", "2022"))),
    ("timexes", "must not: date_year_below", add("timexes", value=timex("March", "1921"))),
    ("timexes", "must not: timex_at", add("timexes", value=timex("We", "2021-03-03"))),
    ("events", "must not: event_with_date", add("events", value=VISIT)),
    ("events", "must not: event_on", add("events", value=VISIT)),
    ("read.blocks", "must not: in_body", put("blocks", 4, "kind", value="paragraph")),
    ("read.dates", "must not: published", put("published", "value", value="2019-01-01")),
    ("read", "must not: title", put("title", value="See also:")),
]  # fmt: skip


def check(record: dict[str, Any], expected: dict[str, Any] | None = None) -> list[tuple[str, str]]:
    found = findings(Record.model_validate(record), Expectation.model_validate(expected or EXPECTED))
    return [(finding.component, finding.text) for finding in found if not finding.optional]


def test_a_record_that_is_right_has_no_findings() -> None:
    assert check(right()) == []


@pytest.mark.parametrize(("component", "words", "change"), CHANGES, ids=lambda value: str(value)[:40])
def test_each_fault_is_found(component: str, words: str, change: Callable[[dict[str, Any]], Any]) -> None:
    record = right()
    change(record)
    found = check(record)
    assert any(component == where and words in text for where, text in found), found


def test_text_is_searched_for_forbidden_characters() -> None:
    record = right()
    record["text"] += "\ufffd"
    record["blocks"][-1]["end"] += 1
    assert [text for _, text in check(record)] == [f"must not: text_contains '\ufffd': at {len(TEXT)}"]


def test_text_has_is_looked_for_in_the_text() -> None:
    assert check(right(), {**EXPECTED, "text_has": ["€"]}) == [("read.decode", "not in the text: '€'")]


def test_any_full_date_forbids_all() -> None:
    found = check(right(), {**EXPECTED, "must_not": [{"any_full_date": True}]})
    assert [component for component, _ in found] == ["timexes"]


def test_a_speaker_without_a_name_is_none_of_the_people() -> None:
    wanted = {**EXPECTED["quotes"][1], "speaker": None}
    found = check(right(), {**EXPECTED, "quotes": [EXPECTED["quotes"][0], wanted]})
    assert [text.split(": ")[1] for _, text in found] == [
        "speaker is 'Ada Roth', should be somebody without a name"
    ]


def test_a_continued_quote_counts_as_one_utterance() -> None:
    record = right()
    first, second = record["quotes"][0]["segments"]
    more = {**quote("It is late", "e1"), "id": "q3", "segments": [second], "continuation_of": "q1"}
    record["quotes"][0]["segments"] = [first]
    record["quotes"].append(more)
    assert check(record) == []


def test_optional_items_are_told_but_do_not_count() -> None:
    expected = {**EXPECTED, "topics": [{"code": "medtop:1", "label": "x", "optional": True}]}
    assert check(right(), expected) == []
    found = findings(Record.model_validate(right()), Expectation.model_validate(expected))
    assert [str(finding)[:20] for finding in found] == ["[topics] (optional) "]
