"""Dates: tables of (sentence, what is found in it), and what must hold for any text."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks import pipeline
from tasks.extract.timex.component import annotate
from worker.record import (
    Article,
    Block,
    BlockKind,
    Coverage,
    DateEvidence,
    Precision,
    Stamp,
    Timex,
    Translation,
)

PUBLISHED = "2021-12-06"  # a Monday


def article(
    *pieces: tuple[BlockKind, str] | str,
    published: str | None = PUBLISHED,
    precision: Precision = "day",
    evidence: DateEvidence = "leading_date",
) -> Article:
    """Make an article of (kind, text) blocks; a mere text is a paragraph."""
    text, blocks = "", []
    for piece in pieces:
        kind, words = piece if isinstance(piece, tuple) else ("paragraph", piece)
        start, text = len(text), text + words + "\n\n"
        blocks.append(Block(start=start, end=len(text), kind=kind, rule="test"))
    stamp = published and Stamp(
        value=published, precision=precision, evidence=evidence, component="test", rule="test", confidence=1
    )
    return Article(
        coverage=Coverage(characters_read=len(text)),
        media_type="text/plain",
        text=text,
        language="en",
        blocks=blocks,
        published=stamp or None,
        translation=Translation(score=0, verdict="unlikely", signs=[]),
    )


def found(
    *pieces: tuple[BlockKind, str] | str, day_first: bool | None = None, **kwargs: object
) -> list[Timex]:
    """Return the timexes; every one of them keeps the promises on offsets, anchor, rule and reasons."""
    one = article(*pieces, **kwargs)  # type: ignore[arg-type]
    timexes, abstentions = annotate(one, day_first=day_first)
    check(one, timexes)
    assert [a.what for a in abstentions] == [t.text for t in timexes if t.unresolved]
    return timexes


def check(one: Article, timexes: list[Timex]) -> None:
    end = 0
    for timex in timexes:
        assert one.text[timex.start : timex.end] == timex.text
        assert end <= timex.start < timex.end
        assert timex.anchor
        assert timex.rule
        assert (timex.value is None) == (timex.unresolved is not None)
        end = timex.end


# (sentence, [(text, value), ...]); the article is of Monday, 6 December 2021
EXPLICIT = [
    ("The mayor spoke on Sunday, December 5.", [("Sunday, December 5", "2021-12-05")]),
    ("They will talk on December 7.", [("December 7", "2021-12-07")]),
    ("It opened on Dec. 6, 2021, in Riga.", [("Dec. 6, 2021", "2021-12-06")]),
    ("He left on 7 December.", [("7 December", "2021-12-07")]),
    ("She left on the 7th of May 2019.", [("the 7th of May 2019", "2019-05-07")]),
    ("Filed 2021-12-06 by the clerk.", [("2021-12-06", "2021-12-06")]),
    ("The bill of 13/12/2021 passed.", [("13/12/2021", "2021-12-13")]),
    ("The bill of 06.12.2021 passed.", [("06.12.2021", "2021-12-06")]),
    ("The fair opened on Sun., Dec. 5.", [("Sun., Dec. 5", "2021-12-05")]),
    ("The fair opened on December 5, Sunday, in Riga.", [("December 5, Sunday", "2021-12-05")]),
    ("The war began in March 2014.", [("March 2014", "2014-03")]),
    ("It was founded in 1956.", [("1956", "1956")]),
    ("The 2016 election was close.", [("2016", "2016")]),
    ("Rents rose in the 1990s.", [("the 1990s", "199")]),
    ("Built in the 19th century, it burned.", [("the 19th century", "18")]),
    ("The city fell in 490 BC.", [("490 BC", "BC0490")]),
    ("Shops shut on Christmas Day.", [("Christmas Day", "2021-12-25")]),
    ("On January 10 the strike began.", [("January 10", "2021-01-10")]),
    ("On January 10 the strike will begin.", [("January 10", "2022-01-10")]),
    ("The truce of 29 February 2020 held.", [("29 February 2020", "2020-02-29")]),
    ("He retired in March last year.", [("March last year", "2020-03")]),
]
RELATIVE = [
    ("Today the court met.", [("Today", "2021-12-06")]),
    ("The court met yesterday.", [("yesterday", "2021-12-05")]),
    ("The court met the day before yesterday.", [("the day before yesterday", "2021-12-04")]),
    ("Prices fell last week.", [("last week", "2021-W48")]),
    ("Prices will fall next month.", [("next month", "2022-01")]),
    ("Prices fell earlier this year.", [("earlier this year", "2021")]),
    ("He died two days ago.", [("two days ago", "2021-12-04")]),
    ("He died three months ago.", [("three months ago", "2021-09")]),
    ("He died a year ago.", [("a year ago", "2020")]),
    ("It reopens in two weeks' time.", [("two weeks' time", "2021-W51")]),
    ("Sales fell last spring.", [("last spring", "2021-SP")]),
    ("The bridge will open next summer.", [("next summer", "2022-SU")]),
    ("He resigned last March.", [("last March", "2021-03")]),
    ("Sales fell in the third quarter of 2021.", [("the third quarter of 2021", "2021-Q3")]),
    ("Q3 2020 was worse.", [("Q3 2020", "2020-Q3")]),
    ("The second half of 2021 was calm.", [("The second half of 2021", "2021-H2")]),
    ("They were married last weekend.", [("last weekend", "2021-W48-WE")]),
    ("Weeks ago he left.", [("Weeks ago", "PAST_REF")]),
]
WEEKDAYS = [
    ("He spoke on Monday.", [("Monday", "2021-12-06")]),
    ("He spoke on Saturday.", [("Saturday", "2021-12-04")]),
    ("He will speak on Saturday.", [("Saturday", "2021-12-11")]),
    ("He plans to speak on Thursday.", [("Thursday", "2021-12-09")]),
    ("The vote is scheduled for Friday.", [("Friday", "2021-12-10")]),
    (
        "He said on Friday that he will go on Wednesday.",
        [("Friday", "2021-12-03"), ("Wednesday", "2021-12-08")],
    ),
    ("On Tuesday, the senate will vote.", [("Tuesday", "2021-12-07")]),
    ("They meet next Friday.", [("next Friday", "2021-12-10")]),
    ("They met last Thursday.", [("last Thursday", "2021-12-02")]),
    ("The shop was shut on Tuesday last week.", [("Tuesday last week", "2021-11-30")]),
]
TENSES = [
    # the verb form beside the date
    ("A crane was to lift the bell on Wednesday morning.", [("Wednesday morning", "2021-12-08TMO")]),
    ("The fair was to be opened on Thursday.", [("Thursday", "2021-12-09")]),
    ("The letter was said to date from Thursday.", [("Thursday", "2021-12-02")]),
    ("The mark could be beaten again in March.", [("March", "2022-03")]),
    ("Smoke could be seen in Lund on Saturday.", [("Saturday", "2021-12-04")]),
    ("The ferry may sail again on Saturday.", [("Saturday", "2021-12-11")]),
    ("The thief may have left on Saturday.", [("Saturday", "2021-12-04")]),
    ("The club should not be sold in June.", [("June", "2022-06")]),
    ("Growers expect the frost to last until Sunday.", [("Sunday", "2021-12-12")]),
    ("The pass stays closed until Sunday.", [("Sunday", "2021-12-12")]),
    ("The pass is closed until Sunday.", [("Sunday", "2021-12-12")]),
    ("The pass was closed until Sunday.", [("Sunday", "2021-12-05")]),
    ("The truck hit a wall on Saturday.", [("Saturday", "2021-12-04")]),
    (
        (
            "Mopeds will be kept out of the lanes of the upper town of Lund and all its parks and squares "
            "and yards and the quay between the two bridges from May 1."
        ),
        [("May 1", "2022-05-01")],
    ),
    # a date behind the object of a verb of announcing is the nearer one
    ("She announced a party congress in February.", [("February", "2022-02")]),
    ("She announced a merger of both banks in November.", [("November", "2021-11")]),
    ("She announced in February that she was ill.", [("February", "2021-02")]),
    # a sentence without a verb goes on with what lies ahead
    ("Will he return next year? In April, perhaps.", [("next year", "2022"), ("April", "2022-04")]),
    ("It will close next year. In April sales fell.", [("next year", "2022"), ("April", "2021-04")]),
    ("Will he return next year?\n\nHe left in April.", [("next year", "2022"), ("April", "2021-04")]),
    (
        "Will he return next year? In April, perhaps. May is too late.",
        [("next year", "2022"), ("April", "2022-04"), ("May", "2022-05")],
    ),
    ("He was elected in April. May is tired.", [("April", "2021-04")]),
    ("Theresa May is too late.", []),
    ("May is too late for him.", []),
]
YEARS = [
    ("It cut its forecast for 2017, blaming hail.", [("2017", "2017")]),
    ("The sea may rise by a metre by 2100.", [("2100", "2100")]),
    ("The budget for 2023 and the next one.", [("2023", "2023")]),
    ("It was sold for 2000 francs, by 2100 voters, and was used for 1999 loans.", []),
    ("It rose in 2150 homes and for 1,950.", []),
]
DURATIONS = [
    ("It took two and a half years.", [("two and a half years", "P2.5Y")]),
    ("He stayed for a week.", [("a week", "P1W")]),
    ("It lasted half an hour.", [("half an hour", "PT30M")]),
    ("A two-day visit ended.", [("two-day", "P2D")]),
    ("After ten brutal months they left.", [("ten brutal months", "P10M")]),
    ("He ran for 3 hours 20 minutes.", [("3 hours 20 minutes", "PT3H20M")]),
    ("Over the past decade rents doubled.", [("the past decade", "P1DE")]),
    ("It helped for a number of years.", [("a number of years", "PXY")]),
    ("The siege went on for days.", [("days", "PXD")]),
    ("The paper appears every day.", [("every day", "P1D")]),
    ("The council meets every Monday.", [("every Monday", "XXXX-WXX-1")]),
    ("It is checked twice a week.", [("twice a week", "P1W")]),
    ("It is checked three times a month.", [("three times a month", "P1M")]),
    ("Shops close on Sundays.", [("Sundays", "XXXX-WXX-7")]),
]
TIMES = [
    ("Talks began at 10:30 GMT on Sunday.", [("10:30 GMT on Sunday", "2021-12-05T10:30Z")]),
    ("It will begin on Tuesday at 5 p.m.", [("Tuesday at 5 p.m.", "2021-12-07T17:00")]),
    ("It began at 5:15pm EST.", [("5:15pm EST", "XXXX-XX-XXT17:15-05:00")]),
    ("He died on Sunday night.", [("Sunday night", "2021-12-05TNI")]),
    ("He died last night.", [("last night", "2021-12-05TNI")]),
    ("It struck on the morning of December 3.", [("the morning of December 3", "2021-12-03TMO")]),
    ("Polls close at noon.", [("noon", "XXXX-XX-XXT12:00")]),
]
STORIES = [
    (
        "On 5 June 2019 he left. The day before, he had met her. Two weeks later he returned.",
        [("5 June 2019", "2019-06-05"), ("The day before", "2019-06-04"), ("Two weeks later", "2019-06-18")],
    ),
    (
        "He came on 5 June 2019. That same day it rained.",
        [("5 June 2019", "2019-06-05"), ("That same day", "2019-06-05")],
    ),
    (
        "In 1985 it was built, in 1986 it opened. On April 26 it burned.",
        [("1985", "1985"), ("1986", "1986"), ("April 26", "1986-04-26")],
    ),
    (
        "In 2014 the bridge fell. On December 3 the mayor apologised.",
        [("2014", "2014"), ("December 3", "2021-12-03")],
    ),
]

REFERENCES = [
    ("The former mayor met the current one.", [("former", "PAST_REF"), ("current", "PRESENT_REF")]),
    (
        "He left the band recently and is happy right now.",
        [("recently", "PAST_REF"), ("right now", "PRESENT_REF")],
    ),
    ("In May 2015 he was ill. At the time, few knew.", [("May 2015", "2015-05"), ("the time", "2015-05")]),
    ("The owls hunt at night.", [("night", "XXXX-XX-XXTNI")]),
    (
        "It rained on Sunday. In the evening it cleared.",
        [("Sunday", "2021-12-05"), ("the evening", "2021-12-05TEV")],
    ),
    (
        "He came on Friday and left the next morning.",
        [("Friday", "2021-12-03"), ("the next morning", "2021-12-04TMO")],
    ),
    ("The strike began earlier in the month.", [("earlier in the month", "2021-12")]),
    ("They met in the early hours of Sunday.", [("the early hours of Sunday", "2021-12-05TMO")]),
]
COUNTED = [
    ("It snowed in the first week of March 2021.", [("the first week of March 2021", "2021-W09")]),
    ("It snowed on the last Friday in March 2021.", [("the last Friday in March 2021", "2021-03-26")]),
    ("It opens two days after Christmas Day 2021.", [("two days after Christmas Day 2021", "2021-12-27")]),
    ("It will be dark the week of Dec. 20.", [("the week of Dec. 20", "2021-W51")]),
    ("The trial will begin on the 21st.", [("the 21st", "2021-12-21")]),
    ("They met on Wednesday the 1st.", [("Wednesday the 1st", "2021-12-01")]),
    (
        "He was born in 1950. Two years before, they had met.",
        [("1950", "1950"), ("Two years before", "1948")],
    ),
]
FEASTS = [
    ("Shops shut on Good Friday 2022.", [("Good Friday 2022", "2022-04-15")]),
    ("They will meet on Easter Monday.", [("Easter Monday", "2022-04-18")]),
    ("Airports were full before Thanksgiving.", [("Thanksgiving", "2021-11-25")]),
    ("Banks were closed on Labor Day 2020.", [("Labor Day 2020", "2020-09-07")]),
    ("The Christmas market sold Easter eggs.", []),
]
RATES = [
    ("The ward lost three nurses a year.", [("a year", "P1Y")]),
    ("They eat $5 worth of hay per day.", [("per day", "P1D")]),
    ("The wind reached 70 miles per hour, or 60 knots an hour.", []),
    ("He shot two deer a day after the thaw.", []),
    ("The band plays every Friday at 9 p.m.", [("every Friday at 9 p.m.", "XXXX-WXX-5T21:00")]),
    ("The tide turns at 4 p.m. every day.", [("4 p.m. every day", "XXXX-XX-XXT16:00")]),
]
SOLE_YEARS = [
    ("In a 1998 interview she denied it.", [("1998", "1998")]),
    ("1987 saw two floods.", [("1987", "1987")]),
    ("A 2000 seat hall was built.", []),
    ("It was built in the year 1850.", [("the year 1850", "1850")]),
]
SPOKEN = [
    ("He called at half past nine in the evening.", [("half past nine in the evening", "XXXX-XX-XXT21:30")]),
    ("He called at ten minutes to six.", [("ten minutes to six", "XXXX-XX-XXT05:50")]),
    (
        "She rises at seven thirty a.m. and sleeps by ten p.m.",
        [
            ("seven thirty a.m.", "XXXX-XX-XXT07:30"),
            ("ten p.m.", "XXXX-XX-XXT22:00"),
        ],
    ),
    ("Come tomorrow evening at 8.", [("tomorrow evening at 8", "2021-12-07T20:00")]),
    ("Prices rose by a quarter to five percent.", []),
]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        *EXPLICIT, *RELATIVE, *WEEKDAYS, *TENSES, *YEARS, *DURATIONS, *TIMES, *STORIES, *REFERENCES, *COUNTED,
        *FEASTS, *RATES, *SOLE_YEARS, *SPOKEN,
    ],
)  # fmt: skip
def test_values(sentence: str, expected: list[tuple[str, str]]) -> None:
    assert [(t.text, t.value) for t in found(sentence)] == expected


# (paragraphs, value of the last expression)
CLOCKS = [
    (("The bus crashed on Saturday.", "It hit a tree at 4:10 a.m. and burned."), "2021-12-04T04:10"),
    (("The bus crashed on Saturday.", "It stopped at 4:10 a.m. (0310 GMT)."), "2021-12-04T03:10Z"),
    (("The bus crashed on Saturday.", "Nobody was hurt.", "It stopped at 4:10 a.m."), "XXXX-XX-XXT04:10"),
    (("The bus crashed on Saturday.", "The depot closes at 4:10 a.m."), "XXXX-XX-XXT04:10"),
    (("He said on Saturday that polls would close at 8 p.m.",), "XXXX-XX-XXT20:00"),
    (("On Saturday they will vote and polls will close at 8 p.m.",), "2021-12-11T20:00"),
]


@pytest.mark.parametrize(("paragraphs", "value"), CLOCKS)
def test_times_of_day_that_hang_on_a_day_told_before(paragraphs: tuple[str, ...], value: str) -> None:
    assert found(*paragraphs)[-1].value == value


# (sentence, text, value, mod)
MODS = [
    ("It rained in early November.", "early November", "2021-11", "START"),
    ("It rained in mid-November.", "mid-November", "2021-11", "MID"),
    ("It ended at the end of November.", "the end of November", "2021-11", "END"),
    ("The late 1960s were loud.", "The late 1960s", "196", "END"),
    ("The early 19th century was poor.", "The early 19th century", "18", "START"),
    ("It ends by the end of the year.", "the end of the year", "2021", "END"),
    ("He spoke late on Sunday.", "late on Sunday", "2021-12-05", "END"),
    ("It took more than ten days.", "more than ten days", "P10D", "MORE_THAN"),
    ("It took at least 18 months.", "at least 18 months", "P18M", "EQUAL_OR_MORE"),
    ("It took about two hours.", "about two hours", "PT2H", "APPROX"),
]


@pytest.mark.parametrize(("sentence", "text", "value", "mod"), MODS)
def test_parts_and_modified_quantities(sentence: str, text: str, value: str, mod: str) -> None:
    assert [(t.text, t.value, t.mod) for t in found(sentence)] == [(text, value, mod)]


# (sentence, [(text, value)], whole interval)
RANGES = [
    (
        "It runs from 3 to 7 December.",
        [("3", "2021-12-03"), ("7 December", "2021-12-07")],
        ("2021-12-03", "2021-12-08"),
    ),
    (
        "Closed December 3-7.",
        [("December 3", "2021-12-03"), ("7", "2021-12-07")],
        ("2021-12-03", "2021-12-08"),
    ),
    (
        "Between March and May 2020 it was shut.",
        [("March", "2020-03"), ("May 2020", "2020-05")],
        ("2020-03-01", "2020-06-01"),
    ),
    ("The war of 2014-2016 ended.", [("2014", "2014"), ("2016", "2016")], ("2014-01-01", "2017-01-01")),
    ("The war of 1939\u201345 ended.", [("1939", "1939"), ("45", "1945")], ("1939-01-01", "1946-01-01")),
    (
        "It ran from December 30, 2020 to January 4, 2021.",
        [("December 30, 2020", "2020-12-30"), ("January 4, 2021", "2021-01-04")],
        ("2020-12-30", "2021-01-05"),
    ),
]


@pytest.mark.parametrize(("sentence", "expected", "whole"), RANGES)
def test_ranges(sentence: str, expected: list[tuple[str, str]], whole: tuple[str, str]) -> None:
    timexes = found(sentence)
    assert [(t.text, t.value) for t in timexes] == expected
    assert {(t.interval.begin, t.interval.end) for t in timexes if t.interval} == {whole}


NO_DATES = [
    "He may march in the sun for a second time.",
    "The 22-year-old and the man aged 41 years won 2-1 and then 10:3.",
    "Call 555-2014 or +1 202 555 0199, Tel. 2010-2015-86.",
    "Theresa May met Mr March, and April Ryan asked June Smith.",
    "Black Friday, the Sunday Times and Sheffield Wednesday.",
    "It cost $2014, or 2014 people, version 1.2.2021.4.",
    "A day of mourning; the fall of the city; a light spring mattress.",
    "The ratio is 3/4 and the score 9/11.",
    "Route 2021-12-06-7 and code 20211206.",
]


@pytest.mark.parametrize("sentence", NO_DATES)
def test_what_is_no_date(sentence: str) -> None:
    assert found(sentence) == []


def test_a_month_that_is_also_a_name_needs_a_cue() -> None:
    assert [t.text for t in found("Theresa May resigned in May, and the March for Life came in March.")] == [
        "May",
        "March",
    ]


TIME_RANGES = [
    ("Polls are open from 8 a.m. to 6 p.m. on Sunday.", ("2021-12-05T08:00", "2021-12-05T18:00")),
    ("The road is shut between 10 and 11:30 p.m.", ("T22:00", "T23:30")),
    ("It is shut 9-11 a.m. daily.", ("T09:00", "T11:00")),
]


@pytest.mark.parametrize(("sentence", "interval"), TIME_RANGES)
def test_both_ends_of_a_range_of_times_have_its_interval(sentence: str, interval: tuple[str, str]) -> None:
    ends = found(sentence)[:2]
    assert [t.interval and (t.interval.begin, t.interval.end) for t in ends] == [interval, interval]


CONFLICTS = [
    ("He spoke on Monday, December 5.", "2021-12-05", "2021-12-05 is a Sunday, the text says Monday"),
    ("He spoke on Friday, March 5, 2020.", "2020-03-05", "2020-03-05 is a Thursday, the text says Friday"),
]


@pytest.mark.parametrize(("sentence", "value", "conflict"), CONFLICTS)
def test_weekday_and_date_disagree(sentence: str, value: str, conflict: str) -> None:
    (timex,) = found(sentence)
    assert (timex.value, timex.conflict) == (value, conflict)
    assert timex.confidence <= 0.5


def test_weekday_and_date_choose_the_year_in_which_they_agree() -> None:
    (timex,) = found("He spoke on Friday, March 5.", published="2022-01-10")
    assert (timex.value, timex.conflict) == ("2021-03-05", None)


# (sentence, part of the reason)
WITHOUT_ANCHOR = [
    ("He spoke yesterday.", "no date to count from"),
    ("He spoke on Monday.", "no date to count from"),
    ("He spoke on December 5.", "no date to count from"),
    ("He died two days ago.", "no date to count from"),
    ("That day it rained.", "no date was told before"),
    ("On 31 February 2021 he left.", "no such date"),
    ("The day before the vote he left.", "from an event"),
]


@pytest.mark.parametrize(("sentence", "reason"), WITHOUT_ANCHOR)
def test_unresolved_says_why(sentence: str, reason: str) -> None:
    (timex,) = found(sentence, published=None)
    assert timex.value is None
    assert reason in (timex.unresolved or "")


def test_explicit_dates_need_no_anchor() -> None:
    (timex,) = found("He spoke on December 5, 2021.", published=None)
    assert (timex.value, timex.anchor) == ("2021-12-05", "explicit")


def test_an_anchor_that_gives_only_the_year() -> None:
    (timex,) = found("He spoke yesterday.", published="2021", precision="year")
    assert "only the year" in (timex.unresolved or "")
    (timex,) = found("He spoke last year.", published="2021", precision="year")
    assert timex.value == "2020"


NUMERIC = [
    # (texts, day_first, values)
    ("Paid on 3/4/2019.", None, [None]),
    ("Paid on 3/4/2019.", True, ["2019-04-03"]),
    ("Paid on 3/4/2019.", False, ["2019-03-04"]),
    ("Due on 25/3/2019, paid on 3/4/2019.", None, ["2019-03-25", "2019-04-03"]),
    ("Due on 3/25/2019, paid on 3/4/2019.", None, ["2019-03-25", "2019-03-04"]),
    ("Due on 25/3/2019 and 3/25/2019, paid on 3/4/2019.", True, ["2019-03-25", "2019-03-25", None]),
    ("Paid on 12/6/2021.", None, ["2021-12-06"]),
    ("Paid on 5/5/2019.", None, ["2019-05-05"]),
]


@pytest.mark.parametrize(("sentence", "day_first", "values"), NUMERIC)
def test_order_of_numeric_dates(sentence: str, day_first: bool | None, values: list[str | None]) -> None:  # noqa: FBT001
    assert [t.value for t in found(sentence, day_first=day_first)] == values


def test_only_the_articles_own_words_are_read() -> None:
    timexes = found(
        ("boilerplate", "date 2021-12-06"),
        ("title", "Storm on Sunday"),
        ("heading", "Friday"),
        ("byline", "By A. Bee, 3 May 2020"),
        ("related", "Storm of 1999"),
        "It rained yesterday.",
    )
    assert [t.text for t in timexes] == ["Sunday", "Friday", "yesterday"]


def test_dateline_wins_over_metadata() -> None:
    pieces: tuple[tuple[BlockKind, str] | str, ...] = (("dateline", "KYIV, Dec. 4 -"), "He spoke yesterday.")
    assert [t.value for t in found(*pieces, evidence="meta")] == ["2021-12-04", "2021-12-03"]
    assert [t.value for t in found(*pieces, evidence="leading_date")] == ["2021-12-04", "2021-12-05"]
    assert found(*pieces, evidence="meta")[1].anchor == "dateline:2021-12-04"


def test_a_season_has_no_interval_and_a_month_has() -> None:
    season, month = found("It grew in spring 2022 and in May 2022.")
    assert season.interval is None
    assert month.interval is not None
    assert (month.interval.begin, month.interval.end) == ("2022-05-01", "2022-06-01")


def test_component_in_a_pipeline() -> None:
    nlp = pipeline.build(["copydesk.timexes"])
    doc, part = pipeline.run(
        nlp, article("He spoke yesterday. That day, rain; the day before the vote, sun.")
    )
    assert [t.value for t in doc._.timexes] == ["2021-12-05", "2021-12-05", None]
    assert [a.what for a in part["abstentions"]] == ["the day before"]
    assert part["components"][0].name == "copydesk.timexes"


VOCABULARY = """
December 7 31 2021 May march the of last next week two ago later early mid
- \u2013 , . : / 10 30 pm a.m. GMT
Sunday fri. first second quarter from to between and every 99999999 1990s 's ' BC 0 00 century before
after day days \u0663 \u00b2 \u2163 \u0130 \u00df twenty hundred half an Q 3 12/6/2021 2021-02-30 9999
0001 million years
"""
WORDS = st.sampled_from(VOCABULARY.split())
TEXTS = st.one_of(
    st.lists(WORDS, max_size=30).map(" ".join),
    st.lists(WORDS, max_size=30).map("".join),
    st.text(max_size=60),
)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(TEXTS, st.sampled_from([PUBLISHED, None, "0001-01-01", "9998-12-31", "2020-02-29"]))
def test_any_text_is_read_without_an_error(text: str, published: str | None) -> None:
    found(text, published=published)


@pytest.mark.parametrize(
    "piece",
    [
        "May March June ",
        "December 3 to ",
        "the end of ",
        "twenty-",
        "1 ",
        "A.",
        "in 1999\n\n",
        "May is too late. ",
    ],
)
def test_time_is_linear(piece: str) -> None:
    def seconds(times: int) -> float:
        one = article(piece * times)
        begin = time.process_time()
        annotate(one)
        return time.process_time() - begin

    seconds(100)
    assert seconds(8000) < 20 * seconds(1000) + 0.5
