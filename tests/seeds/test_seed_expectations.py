"""The expectations themselves: what they quote stands in the article, what they ask for can be checked."""

from __future__ import annotations

import datetime as dt
import html
import json
import re
from typing import TYPE_CHECKING

import pytest
from seed_cases import EXPECTED, Case, cases
from seed_expectation import Organization, any_of
from seed_must_not import CHECKS
from seed_text import fold

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seed_expectation import Expectation

CASES = cases()
ENCODINGS = {"006_transfer_cp1252": "cp1252", "007_earthquake_utf16": "utf-16"}
BY_ID = {case.id: case for case in CASES}


def words_of(case: Case) -> str:
    """Return everything the file says, markup and JSON undone, white space folded."""
    text = case.data.decode(ENCODINGS.get(case.id, "utf-8"))
    if text.lstrip().startswith("{"):
        text = "\n".join(str(value) for value in json.loads(text).values())
    meta = " ".join(re.findall(r'<meta[^>]* content="([^"]*)"', text))
    return fold(html.unescape(re.sub(r"<[^>]+>", " ", text) + " " + meta))


def quoted_by(expected: Expectation) -> Iterator[str]:
    """Return every string of which the editor says that the article has it."""
    yield from (expected.title or "", expected.body_starts_with or "", expected.body_ends_with or "")
    yield from (*(expected.byline or []), expected.dateline or "", expected.agency or "")
    yield from (*expected.body_has, *(expected.headings or []), *expected.outside_body, *expected.text_has)
    yield from (*(note.text for note in expected.notes), *(repair.near for repair in expected.repairs))
    for person in expected.people:
        yield from person.also_called
        yield from person.name.split()
        for role in person.roles:
            yield any_of(role.title)[0]
    for item in expected.organizations:
        yield item.name if isinstance(item, Organization) else item
    yield from (*expected.nationalities, *(other.name for other in expected.other_names))
    for place in expected.places:
        yield place.name if not place.text else ""
    for date in expected.dates:
        yield from (*any_of(date.text), date.at or "")
    for quote in expected.quotes:
        for part in quote.pieces():
            yield from (*any_of(part.starts), *any_of(part.ends))
        yield from (quote.contains or "", *any_of(quote.cue)[:1], *any_of(quote.speaker_text)[:1])
    yield from expected.translation_signs


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_quoted_strings_stand_in_the_article(case: Case) -> None:
    text = words_of(case)
    absent = [string for string in quoted_by(case.expected) if fold(string) not in text]
    assert absent == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_expectation_hangs_together(case: Case) -> None:
    expected = case.expected
    assert {name for entry in expected.must_not for name in entry} <= set(CHECKS)
    named = {person.name for person in expected.people}
    named |= {item.name if isinstance(item, Organization) else item for item in expected.organizations}
    assert {quote.speaker for quote in expected.quotes} - {None} <= named
    assert all(quote.contains or quote.starts or quote.parts for quote in expected.quotes)
    assert expected.language != "en" or (expected.people and expected.quotes and expected.topics)


def test_weekdays_given_with_a_date_agree_with_the_calendar() -> None:
    pattern = re.compile(r"^(Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day$")
    wrong = []
    for case in CASES:
        for date in case.expected.dates:
            for text, value in zip(any_of(date.text)[:1], any_of(date.value)[:1], strict=False):
                first = text.split(",")[0]
                if pattern.match(first) and f"{dt.date.fromisoformat(value[:10]):%A}" != first:
                    wrong.append((case.id, text, value))
    assert wrong == []


def test_relations_point_at_articles() -> None:
    for case in CASES:
        for target in (case.expected.same_story_as, case.expected.corrects):
            assert target is None or (EXPECTED / f"{target}.json").is_file()
    corrected = BY_ID["020_correction"].expected.corrects
    assert corrected is not None
    assert (BY_ID[corrected].expected.title or "-") in words_of(BY_ID["020_correction"])


def test_the_reprint_holds_the_wire_copy() -> None:
    wire, reprint = (words_of(BY_ID[stem]) for stem in ("017_ferry_wire", "018_ferry_republished"))
    sentences = wire.split("(Aegean Wire) - ", 1)[1].split(". ")
    assert len(sentences) > 5
    assert [s for s in sentences if s not in reprint] == []
    assert len(reprint) > 1.5 * len(wire)
