"""Publication dates, places, topics and tone: what counts as right."""

from __future__ import annotations

import pytest
from quality_corpora import only, write

from benchmarks.quality import dates, places, tone, topics
from worker.record import Place, Topic

# --- dates

PAGE = """<!doctype html><html><head><title>Harbour strike</title>{head}</head>
<body><h1 class="title">Harbour strike</h1>{body}<p>The pilots met on 2 May 2021.</p></body></html>"""


@pytest.mark.parametrize(
    ("head", "body", "days"),
    [
        ("", "", set()),
        ('<meta property="article:published_time" content="2021-05-03T10:00Z">', "", {"2021-05-03"}),
        ('<meta name="pubdate" content="20210503">', "", {"2021-05-03"}),
        ('<meta name="publisher" content="2021-05-03">', "", set()),
        ('<script type="application/ld+json">{"datePublished": "2021-05-03"}</script>', "", {"2021-05-03"}),
        ('<script>{"datePublished": "2021-05-03"}</script>', "", set()),
        ("", '<time datetime="2021-05-03">yesterday</time>', {"2021-05-03"}),
        ("", "<time>May 3rd, 2021</time>", {"2021-05-03"}),
        ("", '<span itemprop="datePublished">3 May 2021</span>', {"2021-05-03"}),
        ("", '<p class="entry-date">3.5.2021</p>', {"2021-05-03", "2021-03-05"}),
        ("", '<p class="updates">3 May 2021</p>', set()),
    ],
)
def test_what_a_page_marks_up(head, body, days):
    page = PAGE.format(head=head, body=body)

    assert dates.marked_dates(page) == days
    assert dates.marked_dates(dates.stripped(page)) == set()


def test_the_words_of_a_stripped_page_stay():
    assert "2 May 2021" in dates.stripped(PAGE.format(head="", body=""))


@pytest.mark.parametrize(
    ("found", "outcome"),
    [
        ("2021-05-03", "accuracy"),
        ("2021-05-03T10:00:00Z", "accuracy"),
        ("2021-05", "coarse"),
        ("2021-04", "wrong"),
        ("2021-05-04", "wrong"),
        (None, "none"),
    ],
)
def test_judge(found, outcome):
    assert dates.judge("2021-05-03", found) == outcome


def test_pages_in_groups(tmp_path):
    marked = PAGE.format(head="", body='<time datetime="2021-05-03">x</time>')
    rows = [
        {"html": marked, "date": "2021-05-03"},
        {"html": marked, "date": "2021-05-01"},
        {"html": PAGE.format(head="", body=""), "date": "2021-05-03"},
        {"html": marked, "date": None},
    ]
    write(tmp_path, "html", "invented", [{"id": str(i), **row} for i, row in enumerate(rows)])

    figures = dates.score(only(tmp_path, "html"), lambda page: "2021-05-03" if "<time" in page else None)

    assert figures["pages"] == 3
    assert figures["accuracy"] == pytest.approx(100 / 3)
    assert figures["marked"] == {"pages": 1, "accuracy": 100, "wrong": 0, "coarse": 0, "none": 0}
    assert figures["otherwise"]["wrong"] == 100
    assert figures["unmarked"]["none"] == 100
    assert figures["stripped"]["none"] == 100


# --- places

TEXT = "Russian ships left Kelmar for Norway, then Canada."


def place(
    words: str, lat: float | None, lon: float | None, geonames: int | None = None, kind="city"
) -> Place:
    start = TEXT.index(words)
    return Place(
        start=start,
        end=start + len(words),
        text=words,
        component="test",
        rule="test",
        confidence=1,
        name=words,
        kind=kind,
        lat=lat,
        lon=lon,
        geonames_id=geonames,
        status="resolved" if lat is not None else "unresolved",
    )


def toponym(words: str, lat: float | None, lon: float | None, geonames: int | None = None, **more) -> dict:
    start = TEXT.index(words)
    return {
        "start": start,
        "end": start + len(words),
        "name": words,
        "lat": lat,
        "lon": lon,
        "geonameid": geonames,
        **more,
    }


GOLD = [
    toponym("Russian", 60, 100),
    toponym("Kelmar", 59.9, 10.7),
    toponym("Norway", 62, 10, 3144096),
    toponym("Canada", 56, -96, page="https://en.wikipedia.org/wiki/Canada"),
]


@pytest.mark.parametrize(
    ("found", "recall", "near", "of_all", "same"),
    [
        ([], 0, None, 0, None),
        ([place("Kelmar", 59.9, 10.7)], 25, 100, 25, 100),
        # 111 km a degree of latitude
        ([place("Kelmar", 58.5, 10.7)], 25, 100, 25, 100),
        ([place("Kelmar", 58.4, 10.7)], 25, 0, 0, 0),
        # not resolved is not near
        ([place("Kelmar", None, None)], 25, 0, 0, 0),
        # the same id is the same place
        ([place("Norway", 70, 20, 3144096)], 25, 100, 25, 100),
        # the middle of a country, by convention
        ([place("Canada", 60, -109, kind="country")], 25, 0, 0, 100),
        ([place("Canada", 60, -109)], 25, 0, 0, 0),
        # another extent is enough to be recognised
        ([place("for Norway", 62, 10)], 25, 100, 25, 100),
    ],
)
def test_places(tmp_path, found, recall, near, of_all, same):  # noqa: PLR0917 - columns of the table
    write(tmp_path, "geo", "invented", [{"id": "1", "text": TEXT, "toponyms": GOLD}])

    figures = places.score(only(tmp_path, "geo"), lambda text: found)

    assert figures["recognised"]["recall"] == recall
    assert (figures["within_161_km"], figures["of_all"], figures["or_same_area"]) == (near, of_all, same)
    assert figures["adjectives"] == 1


def test_kilometres():
    assert places.kilometres(59.91, 10.75, 60.39, 5.32) == pytest.approx(305, abs=2)  # Oslo to Bergen
    assert places.kilometres(0, 179.5, 0, -179.5) == pytest.approx(111, abs=1)


@pytest.mark.parametrize(
    ("name", "adjective"),
    [("Turkish", True), ("Russians", True), ("South Korean", True), ("Iran", False), ("Hunan", False)],
)
def test_adjectives(name, adjective):
    assert places.is_adjective(name) is adjective


# --- topics

SPORT, WAR, COURT = "medtop:15000000", "medtop:16000000", "medtop:02000000"


def score_topics(tmp_path, rows):
    texts = [{"id": str(i), "text": str(i), "label": "", "iptc": gold} for i, (gold, _) in enumerate(rows)]
    write(tmp_path, "topics", "invented", texts)
    return topics.score(only(tmp_path, "topics"), lambda text: rows[int(text)][1])


def test_topics(tmp_path):
    figures = score_topics(
        tmp_path,
        [
            ([SPORT], (SPORT, 0.95)),
            ([SPORT], (WAR, 0.45)),
            # any of the acceptable
            ([COURT, WAR], (WAR, 0.9)),
            ([COURT], None),
            # no top level
            (["medtop:20000001"], (SPORT, 0.9)),
        ],
    )

    assert figures["texts"] == 4
    assert figures["covers"] == 3
    assert figures["accuracy"] == 50
    assert figures["answered"] == 75
    assert figures["answered_accuracy"] == pytest.approx(66.67, abs=0.01)
    assert figures["accuracy_at_80"] is None
    # sport 1 of 2, war 1 with one wrong, court 0
    assert figures["macro_f1"] == pytest.approx((66.67 + 66.67 + 0) / 3, abs=0.01)


def test_accuracy_of_the_most_confident():
    answers = [(0.9, True), (0.8, True), (0.7, True), (0.6, False), (0.2, False)]

    assert topics.at_coverage(answers, 5) == 75
    assert topics.at_coverage(answers, 6) == 60
    assert topics.at_coverage(answers, 7) is None


def test_calibration_error():
    assert topics.calibration_error([(0.5, True), (0.5, False)]) == 0
    assert topics.calibration_error([(0.9, False), (0.1, True)]) == pytest.approx(90)
    assert topics.calibration_error([]) is None


def test_the_most_probable_top_level():
    found = [
        Topic(code=code, label="", probability=p, evidence=[], component="test", rule="test")
        for code, p in (("medtop:20000822", 0.9), (SPORT, 0.7), (WAR, 0.6), ("local:1", 0.99))
    ]

    assert topics.top_of(found) == (SPORT, 0.7)
    assert topics.top_of([]) is None


# --- tone


def test_tone(tmp_path):
    labels = ["negative", "negative", "neutral", "positive"]
    rows = [{"id": str(i), "text": "x", "target": [0, i], "label": label} for i, label in enumerate(labels)]
    write(tmp_path, "tone", "invented", rows)

    figures = tone.score(
        only(tmp_path, "tone"), lambda text, start, end: ["negative", "neutral", "neutral", "neutral"][end]
    )

    assert figures["accuracy"] == 50
    # negative 1 of 2, neutral 1 of 3 answers, positive none
    assert figures["macro_f1"] == pytest.approx((66.67 + 50 + 0) / 3, abs=0.01)


@pytest.mark.parametrize(
    ("score", "label"), [(-0.06, "negative"), (-0.05, "neutral"), (0.0, "neutral"), (0.06, "positive")]
)
def test_labels_of_scores(score, label):
    assert tone.label_of(score) == label
