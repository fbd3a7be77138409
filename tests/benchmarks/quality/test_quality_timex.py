from __future__ import annotations

import pytest
from quality_corpora import only, write

from benchmarks.quality import timex
from benchmarks.quality.timex_values import accepted, canonical, ends, joined_ranges, trimmed
from worker.record import Interval, Timex


def found(text: str, words: str, value: str | None, *interval: str, kind: str = "DATE") -> Timex:
    start = text.index(words)
    return Timex(
        start=start,
        end=start + len(words),
        text=words,
        component="test",
        rule="test",
        confidence=1,
        type=kind,
        value=value,
        interval=Interval(begin=interval[0], end=interval[1]) if interval else None,
    )


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        ("2021-12-06", "2021-12-06"),
        ("2021-12-06 08:00:00", "2021-12-06T08"),
        ("2021-12-06T08:30:00.000", "2021-12-06T08:30"),
        ("2021-12-06T00:00:00", "2021-12-06"),
        ("XXXX-XX-XXT17:00", "T17"),
        ("17:00:00", "T17"),
        ("P3D", "P3D"),
        ("XXXX-XX-XX", "XXXX-XX-XX"),
    ],
)
def test_canonical(value, plain):
    assert canonical(value) == plain


@pytest.mark.parametrize(
    ("end", "allowed"),
    [
        ("2021-12-06", {"2021-12-06", "2021-12-07"}),
        ("2021-12-01", {"2021-12-01", "2021-12-02", "2022-01-01"}),
        ("2018-01-01", {"2018-01-01", "2018-01-02", "2018-02-01", "2019-01-01"}),
        ("2021-12-06T18", {"2021-12-06T18"}),
    ],
)
def test_ends(end, allowed):
    assert ends(end) == allowed


DAY = "2016-11-07T00:00:00"


@pytest.mark.parametrize(
    ("resolution", "value", "interval", "right"),
    [
        # TIMEX3 as it stands
        ({"value": "1989-09"}, "1989-09", None, True),
        ({"value": "1989-09"}, "1989-09-01", None, False),
        ({"value": None}, "1989-09", None, False),
        # several readings, any of them
        ([{"timex": "XXXX-10-02", "type": "date", "value": "2016-10-02"}], "2016-10-02", None, True),
        ([{"timex": "XXXX-10-02", "type": "date", "value": "2017-10-02"}], "2016-10-02", None, False),
        ([{"timex": "PT2H", "type": "duration", "value": "7200"}], "PT2H", None, True),
        ([{"timex": "PT2H", "type": "duration", "value": "7200"}], "7200", None, False),
        ([{"timex": "T17", "type": "time", "value": "17:00:00"}], "2016-11-07T17:00", None, True),
        # intervals
        (
            [{"timex": "(2016-11-11,2016-11-15,P4D)", "type": "daterange"}],
            "2016-11-15",
            ("2016-11-11", "2016-11-16"),
            True,
        ),
        (
            [{"timex": "(2016-11-11,2016-11-15,P4D)", "type": "daterange"}],
            "2016-11-15",
            ("2016-11-11", "2016-11-17"),
            False,
        ),
        (
            {"Timex": "x", "FutureResolution": {"startDate": "2016-11-11", "endDate": "2016-11-15"}},
            None,
            ("2016-11-11", "2016-11-15"),
            True,
        ),
        # duckling
        ({"value": "2013-02-11", "grain": "week"}, "2013-W07", None, True),
        ({"value": "2013-04", "grain": "quarter"}, "2013-Q2", None, True),
        ({"start": "1960", "end": "1962", "grain": "year"}, None, ("1960", "1962"), True),
        # ctparse
        ({"notation": "Time[]{2017-11-24 X:X (X/X)}"}, "2017-11-24", None, True),
        ({"notation": "Time[]{2017-11-14 X:X (X/morning)}"}, "2017-11-14TMO", None, True),
        ({"notation": "Time[]{X-X-X 17:00 (X/X)}"}, "XXXX-XX-XXT17:00", None, True),
        (
            {"notation": "Interval[]{2017-09-19 X:X (X/X) - 2017-09-23 X:X (X/X)}"},
            "2017-09-23",
            ("2017-09-19", "2017-09-24"),
            True,
        ),
        ({"notation": "Duration[]{2 weeks}"}, "P2W", None, True),
        # nothing to compare with
        (None, "2016-10-02", None, False),
    ],
)
def test_accepted(resolution, value, interval, right):
    ours = found("x", "x", value, *(interval or ()))

    assert accepted(resolution, DAY).allows(ours) is right


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("from 2010 to 2018", "2010 to 2018"),
        ("before the end of May", "end of May"),
        ("until after Friday", "Friday"),
        ("in", "in"),
        ("Friday", "Friday"),
    ],
)
def test_leading_prepositions_and_article_are_no_part_of_it(text, kept):
    assert text[slice(*trimmed(text, 0, len(text)))] == kept


def test_both_ends_of_a_range_are_one():
    text = "from 3 May to 5 May, and on 7 May"
    week = ("2021-05-03", "2021-05-06")
    ours = [
        found(text, "3 May", "2021-05-03", *week),
        found(text, "5 May", "2021-05-05", *week),
        found(text, "7 May", "2021-05-07"),
    ]

    assert [text[start:end] for start, end, _ in joined_ranges(text, ours)] == ["3 May to 5 May", "7 May"]


TEXT = "The pact was signed on 3 May 1921 and ended two years later, in the summer."


def test_texts(tmp_path):
    gold = [
        ("3 May 1921", "DATE", "1921-05-03"),
        ("two years later", "DATE", "1923"),
        ("the summer", "DATE", "1923-SU"),
    ]
    rows = [
        {"start": TEXT.index(words), "end": TEXT.index(words) + len(words), "type": kind, "value": value}
        for words, kind, value in gold
    ]
    write(tmp_path, "timex", "invented", [{"id": "1", "text": TEXT, "dct": None, "timexes": rows}])
    ours = [
        found(TEXT, "3 May 1921", "1921-05-03"),
        found(TEXT, "two years", "P2Y", kind="DURATION"),
        found(TEXT, "in the summer", "1923-SU"),
        found(TEXT, "pact", None),
    ]

    figures = timex.of_texts(only(tmp_path, "timex"), lambda text, date: ours)

    assert (figures["strict"]["precision"], figures["strict"]["recall"]) == (
        25,
        pytest.approx(33.33, abs=0.01),
    )
    assert (figures["relaxed"]["precision"], figures["relaxed"]["recall"]) == (75, 100)
    assert figures["value"]["recall"] == pytest.approx(66.67, abs=0.01)
    assert figures["value"]["strict"]["recall"] == pytest.approx(33.33, abs=0.01)
    assert figures["accuracy"] == pytest.approx(66.67, abs=0.01)
    assert figures["type"]["recall"] == pytest.approx(66.67, abs=0.01)


def test_sentences_in_groups(tmp_path):
    text = "Wait until Friday."
    friday = {"start": 5, "end": 17, "type": "date"}
    value = [{"timex": "XXXX-WXX-5", "type": "date", "value": "2016-11-11"}]
    rows = [
        {
            "text": text,
            "spec": "DateExtractor",
            "reference": None,
            "expected": [{**friday, "resolution": None}],
        },
        {
            "text": text,
            "spec": "DateTimeModel",
            "reference": DAY,
            "expected": [{**friday, "resolution": value}],
        },
        {"text": text, "spec": "TimeZoneParser", "reference": DAY, "expected": []},
    ]
    write(tmp_path, "timex", "invented", [{"id": str(i), **row} for i, row in enumerate(rows)])

    figures = timex.of_sentences(
        only(tmp_path, "timex"), lambda text, date: [found(text, "Friday", "2016-11-11")]
    )

    assert figures["groups"]["DateExtractor"] == {"gold": 1, "strict_f1": 100, "relaxed_f1": 100}
    assert figures["groups"]["DateTimeModel"]["value_f1"] == 100
    assert figures["groups"]["TimeZoneParser"]["strict_f1"] == 0
    assert figures["strict"]["predicted"] == 3
    assert figures["in_scope"]["strict"]["predicted"] == 2
    assert figures["in_scope"]["value"]["f1"] == 100


def test_whole_expressions(tmp_path):
    rows = [
        {"text": "5 May", "reference": DAY, "expected": [{"resolution": {"value": "2016-05-05"}}]},
        {"text": "whenever", "reference": DAY, "expected": [{"resolution": {"value": "FUTURE_REF"}}]},
        {"text": "6 May", "reference": DAY, "expected": [{"resolution": {"value": None}}]},
    ]
    write(tmp_path, "timex", "invented", [{"id": str(i), **row} for i, row in enumerate(rows)])

    figures = timex.of_expressions(
        only(tmp_path, "timex"),
        lambda text, date: [found(text, text, "2016-05-05")] if "May" in text else [],
    )

    assert figures == {"texts": 3, "found": pytest.approx(66.67, abs=0.01), "accuracy": 50}
