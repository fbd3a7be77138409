# ruff: noqa: RUF001 - typographic marks as they stand in news
"""The seed article, translated by machine, with broken quote marks: what a careful editor reads out of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from extraction import check_offsets, speaker

import tasks.extract  # noqa: F401 - it registers the components
from tasks import pipeline
from tasks.read import read
from worker.settings import Settings

SEED = Path(__file__).parents[2] / "seeds" / "000_e0e4488e8881e827.txt"
COMPONENTS = (
    "copydesk.quote_marks",
    "copydesk.sentences",
    "copydesk.timexes",
    "copydesk.names",
    "copydesk.quotes",
)

BLINKEN, REZNIKOV = "Anthony Blinken", "Oleksiy Reznikov"
# kind, speaker, cue, words of the speaker, (start, end) of each segment, editor's notes, repairs
QUOTES = [
    (
        "indirect",
        BLINKEN,
        "announced",
        "US Secretary of State Anthony Blinken",
        [("NATO will go to strengthen its defense capabilities", "as a result of Russian aggression.")],
        0,
        0,
    ),
    (
        "mixed",
        BLINKEN,
        "said",
        "Blinken",
        [("that he wanted to let the Russian Foreign Minister", "application of the Minsk agreements")],
        0,
        0,
    ),
    (
        "direct",
        BLINKEN,
        "said",
        "Blinken",
        [("We made it very clear that this", "when we had deep disagreements with Russia.")],
        1,
        1,
    ),
    (
        "direct",
        BLINKEN,
        "continued",
        "the US Secretary of State",
        [
            ("Of course, it is important that Ukraine", "for a number of years,"),
            ("And the NATO alliance itself is a defensive alliance", "then we will do it."),
        ],
        0,
        1,
    ),
    (
        "indirect",
        BLINKEN,
        "replied",
        "Blinken",
        [("that he was not ready to discuss", "this issue in detail")],
        0,
        0,
    ),
    (
        "indirect",
        BLINKEN,
        "adding",
        "Blinken",
        [("that these consequences", "would not be in Russia’s interests")],
        0,
        0,
    ),
    (
        "direct",
        BLINKEN,
        "said",
        "Blinken",
        [("If some countries are allowed to change borders", "it goes beyond the question of Ukraine,")],
        1,
        1,
    ),
    (
        "indirect",
        REZNIKOV,
        "called on",
        "Ukrainian Defense Minister Oleksiy Reznikov",
        [("to support his country", "possible aggression from Russia")],
        0,
        0,
    ),
]

# name, country, role, also called
PEOPLE = [
    (BLINKEN, "US", "US Secretary of State", {"Blinken", "the US Secretary of State"}),
    ("Sergei Lavrov", "RU", "Russian Foreign Minister", {"the Russian Foreign Minister"}),
    ("Joe Biden", "US", "US President", set()),
    ("Vladimir Putin", "RU", "Russian President", set()),
    (REZNIKOV, "UA", "Ukrainian Defense Minister", set()),
]
OTHERS = {
    "NATO": "ORG",
    "OSCE Council of Foreign Ministers": "ORG",
    "Atlantic Council": "ORG",
    "Minsk agreements": "LAW",
    "Stockholm": "LOC",
    "Ukraine": "LOC",
    "Russia": "LOC",
    "Russian": "NORP",
    "Ukrainian": "NORP",
    "Swedish": "NORP",
}


@pytest.fixture(scope="module")
def doc():
    article = read(SEED.read_bytes(), collection="test", settings=Settings())
    annotated, _ = pipeline.run(pipeline.build(COMPONENTS), article)
    return annotated


def test_offsets_hold(doc) -> None:
    check_offsets(doc)


def test_there_are_these_quotes_and_no_others(doc) -> None:
    assert [(q.kind, speaker(q, doc._.entities), q.cue.text) for q in doc._.quotes] == [
        row[:3] for row in QUOTES
    ]


@pytest.mark.parametrize("number", range(len(QUOTES)))
def test_quote(doc, number: int) -> None:
    _, _, _, words, segments, notes, repairs = QUOTES[number]
    quote = doc._.quotes[number]
    assert quote.speaker.text == words
    assert len(quote.segments) == len(segments)
    for segment, (start, end) in zip(quote.segments, segments, strict=True):
        assert segment.text.startswith(start)
        assert segment.text.endswith(end)
        assert "\n" not in segment.text
    assert len(quote.editor_notes) == notes
    assert [(repair.found, repair.meant) for repair in quote.repairs] == [("“", "”")] * repairs


@pytest.mark.parametrize(("name", "country", "role", "also"), PEOPLE)
def test_people(doc, name: str, country: str, role: str, also: set[str]) -> None:
    person = next(entity for entity in doc._.entities if entity.name == name)
    assert (person.type, person.country) == ("PERSON", country)
    assert [(r.title, r.country, r.status) for r in person.roles] == [(role, country, "current")]
    assert also <= set(person.aliases)


def test_blinken_is_found_each_time(doc) -> None:
    person = next(entity for entity in doc._.entities if entity.name == BLINKEN)
    kinds = [mention.kind for mention in person.mentions]
    assert (kinds.count("name"), kinds.count("role")) == (5, 1)
    assert person.salience == max(entity.salience for entity in doc._.entities if entity.type == "PERSON")


def test_other_names(doc) -> None:
    types = {entity.name: entity.type for entity in doc._.entities}
    assert {name: types.get(name) for name in OTHERS} == OTHERS
    assert not {"Minsk", "Atlantic", "Ed", "December", "Sunday"} & set(types)


def test_the_hosts_words_and_the_heading_are_nobodys_speech(doc) -> None:
    direct = [segment.text for quote in doc._.quotes if quote.kind == "direct" for segment in quote.segments]
    for words in ("serious consequences", "military consequences"):
        assert words not in direct
    assert not any("The consequences will not be in" in segment for segment in direct)


def test_the_three_broken_marks_are_mended(doc) -> None:
    before = [doc.text[: repair.offset].rstrip().split()[-1] for repair in doc._.quote_marks.repairs]
    assert before == ["Russia.", "it.", "Ukraine,"]
