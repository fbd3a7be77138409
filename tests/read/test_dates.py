# ruff: noqa: RUF001 - dashes and letters as they stand in dates
from __future__ import annotations

import pytest

from tasks.read import dates

FOUND = [
    # text, day_first, value, precision
    ("2021-12-06", None, "2021-12-06", "day"),
    ("date 2021-12-06 NATO will", None, "2021-12-06", "day"),
    ("2021-12", None, "2021-12", "month"),
    ("2021", None, "2021", "year"),
    ("2021-12-06T10:15:30.123+0200", None, "2021-12-06T10:15:30+02:00", "second"),
    ("2021-12-06T10:15Z", None, "2021-12-06T10:15Z", "minute"),
    ("2021-12-06 10:15", None, "2021-12-06T10:15", "minute"),
    ("20211206T101112Z", None, "2021-12-06T10:11:12Z", "second"),
    ("20211206", None, "2021-12-06", "day"),
    ("2021/12/6", None, "2021-12-06", "day"),
    ("6 December 2021", None, "2021-12-06", "day"),
    ("6th of December 2021", None, "2021-12-06", "day"),
    ("Dec. 6, 2021 10:15 p.m.", None, "2021-12-06T22:15", "minute"),
    ("December 6, 2021 at 12:05 AM", None, "2021-12-06T00:05", "minute"),
    ("Mon, 06 Dec 2021 10:00:00 +0000", None, "2021-12-06T10:00:00+00:00", "second"),
    ("Mon Dec 06 10:00:00 +0000 2021", None, "2021-12-06T10:00:00+00:00", "second"),
    ("December 2021", None, "2021-12", "month"),
    ("06.12.2021", None, "2021-12-06", "day"),  # dots: the day first, everywhere
    ("13/12/2021", None, "2021-12-13", "day"),  # no thirteenth month
    ("12/13/2021", None, "2021-12-13", "day"),
    ("05/05/2021", None, "2021-05-05", "day"),
    ("3/4/2021", True, "2021-04-03", "day"),
    ("3/4/2021", False, "2021-03-04", "day"),
    ("6. Dezember 2021 um 14:30", None, "2021-12-06T14:30", "minute"),
    ("le 1er août 2021", None, "2021-08-01", "day"),
    ("6 de diciembre de 2021", None, "2021-12-06", "day"),
    ("6 грудня 2021", None, "2021-12-06", "day"),
    ("6 декабря 2021 г.", None, "2021-12-06", "day"),
    ("2021年12月6日", None, "2021-12-06", "day"),
    ("29 February 2020", None, "2020-02-29", "day"),
]


@pytest.mark.parametrize(("text", "day_first", "value", "precision"), FOUND)
def test_found(text, day_first, value, precision):
    found = dates.find(text, day_first=day_first)
    assert found is not None
    assert (found.value, found.precision) == (value, precision)


@pytest.mark.parametrize(
    "text",
    ["", "no date here", "6 Dezembre", "May said 2 things", "12:30", "Room 20211", "1-2-3", "in 99 AD"],
)
def test_nothing_found(text):
    assert dates.find(text) is None


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("3/4/2021", "day_first"),
        ("2021-02-30", "no day of the calendar"),
        ("29 February 2021", "no day of the calendar"),
        ("2021-13-01", "no day of the calendar"),
    ],
)
def test_unclear(text, why):
    with pytest.raises(dates.UnclearDate, match=why):
        dates.find(text)


@pytest.mark.parametrize("text", ["1 May 1699", "2203-01-01", "2101-01-01"])
def test_years_outside_are_refused(text):
    with pytest.raises(dates.UnclearDate, match="outside 1700 to 2100"):
        dates.find(text)


@pytest.mark.parametrize("year", [1700, 2100])
def test_years_at_the_edge_are_taken(year):
    assert dates.find(f"1 May {year}").value == f"{year}-05-01"


@pytest.mark.parametrize(
    ("seconds", "value"),
    [
        (1638792000, "2021-12-06T12:00:00Z"),
        (1638792000123, "2021-12-06T12:00:00Z"),  # milliseconds
        (0, None),
        (2021, None),
        (20211206, None),
        (-1, None),
        (float("inf"), None),
        (float("nan"), None),
        (10**30, None),
    ],
)
def test_epoch(seconds, value):
    found = dates.from_epoch(seconds)
    assert (found and found.value) == value


def test_offsets_are_those_of_the_text():
    text = "Published on Monday, 6 December 2021 in Kyiv"
    found = dates.find(text, start=5)
    assert text[found.start : found.end] == "6 December 2021"


def test_no_month_name_stands_for_two_months():
    assert dates.months()["mai"] == 5
    assert set(dates.months().values()) == set(range(1, 13))
