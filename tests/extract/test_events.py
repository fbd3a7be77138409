"""Events: a table of sentences of our own, over the whole pipeline, and what must hold for any text."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, NamedTuple

import pytest
import spacy
from spacy.tokens import Doc

from tasks import extract, pipeline
from tasks.extract.event.tree import tree_of
from worker.record import Article, Block, Coverage, Event, Stamp, Translation
from worker.settings import load_settings

if TYPE_CHECKING:
    from collections.abc import Sequence

assert extract  # it registers the components


def article(*paragraphs: str) -> Article:
    """Make an article of Monday, 6 December 2021."""
    text, blocks = "", []
    for words in paragraphs:
        start, text = len(text), text + words + "\n\n"
        blocks.append(Block(start=start, end=len(text), kind="paragraph", rule="test"))
    return Article(
        coverage=Coverage(characters_read=len(text)),
        media_type="text/plain",
        text=text,
        language="en",
        blocks=blocks,
        published=Stamp(
            value="2021-12-06", precision="day", evidence="meta", component="test", rule="test", confidence=1
        ),
        translation=Translation(score=0, verdict="unlikely", signs=[]),
    )


@pytest.fixture(scope="module")
def nlp() -> object:
    """Return the pipeline as it runs by default."""
    settings = load_settings()
    return pipeline.build(settings.extract_components, plugins=settings.plugins)


class Found(NamedTuple):
    """An event in words: names instead of ids."""

    kind: str
    status: str
    who: list[str]
    whom: list[str]
    where: str | None = None
    when: str | None = None


def found(nlp: object, *paragraphs: str) -> tuple[list[Found], list[Event]]:
    """Return the events of an article, after a check of what holds for every event."""
    one = article(*paragraphs)
    doc, _ = pipeline.run(nlp, one)  # type: ignore[arg-type]
    names = {entity.id: entity.name for entity in doc._.entities}
    places = {(place.start, place.end) for place in doc._.places}
    times = {(timex.start, timex.end) for timex in doc._.timexes}
    quotes = {quote.id for quote in doc._.quotes}
    events: Sequence[Event] = doc._.events
    assert [event.id for event in events] == [f"ev{number}" for number in range(1, len(events) + 1)]
    for event in events:
        assert one.text[event.start : event.end] == event.text
        assert {*event.who, *event.whom} <= names.keys()
        assert not {*event.who} & {*event.whom}
        assert event.where is None or (event.where.start, event.where.end) in places
        assert event.when is None or (event.when.start, event.when.end) in times
        assert event.reported_by is None or event.reported_by in quotes
        assert 0 < event.confidence <= 1
    told = [
        Found(
            event.kind,
            event.status,
            [names[one] for one in event.who],
            [names[one] for one in event.whom],
            event.where and event.where.text,
            event.when and event.when.text,
        )
        for event in events
    ]
    return told, list(events)


# (sentence, its events)
EVENTS = [
    (
        "Swedish Foreign Minister Anna Berg met her Danish counterpart Lars Holm in Oslo on Friday.",
        [Found("meeting", "past", ["Anna Berg", "Lars Holm"], [], "Oslo", "Friday")],
    ),
    (
        "Chancellor Otto Klein held talks with Prime Minister Eva Lindqvist in Vienna on Monday.",
        [Found("meeting", "past", ["Otto Klein", "Eva Lindqvist"], [], "Vienna", "Monday")],
    ),
    (
        "Joe Miller spoke by phone with Ivan Petrov on December 3.",
        [Found("call", "past", ["Joe Miller", "Ivan Petrov"], [], None, "December 3")],
    ),
    (
        "Kenyan police arrested Juma Otieno in Mombasa on Thursday.",
        [Found("arrest", "past", ["Kenyan"], ["Juma Otieno"], "Mombasa", "Thursday")],
    ),
    (
        "Canada imposed sanctions on Belarus in March.",
        [Found("sanction", "past", ["Canada"], ["Belarus"], None, "March")],
    ),
    (
        "Germany sent 20 tons of food to Sudan last week.",
        [Found("aid", "past", ["Germany"], ["Sudan"], None, "last week")],
    ),
    ("Mexico and Cuba agreed to share water.", [Found("agreement", "past", ["Mexico", "Cuba"], [])]),
    ("Brazil praised Chile for its climate law.", [Found("support", "past", ["Brazil"], ["Chile"])]),
    ("Ethiopia accused Eritrea of piracy.", [Found("criticism", "past", ["Ethiopia"], ["Eritrea"])]),
    ("Iran rejected the demand of the United States.", [
        Found("rejection", "past", ["Iran"], ["United States"]),
    ]),
    (
        "Pierre Roux, the mayor of Lyon, resigned on Monday.",
        [Found("resignation", "past", ["Pierre Roux"], [], None, "Monday")],
    ),
    # who people are by where they come from
    (
        "Thousands of Iraqi Kurds demonstrated in Kirkuk on Sunday.",
        [Found("protest", "past", ["Kurds"], [], "Kirkuk", "Sunday")],
    ),
    # not yet, perhaps, not at all
    (
        "President Anna Berg will visit Riga on Tuesday.",
        [Found("visit", "planned", ["Anna Berg"], ["Riga"], "Riga", "Tuesday")],
    ),
    # the place of what is talked about is not that of the talk
    (
        "Anna Berg will meet Lars Holm on Friday, and one of the topics will be the war in Sudan.",
        [Found("meeting", "planned", ["Anna Berg", "Lars Holm"], [], None, "Friday")],
    ),
    ("Russia may attack Finland.", [Found("attack", "hypothetical", ["Russia"], ["Finland"])]),
    ("Poland did not attack Belarus.", [Found("attack", "denied", ["Poland"], ["Belarus"])]),
    (
        "Minister Eva Lindqvist denied that Sweden had attacked Norway.",
        [Found("attack", "denied", ["Sweden"], ["Norway"])],
    ),
    # what is condemned, demanded or threatened is no event of its own
    ("Norway condemned the arrest of Anna Berg.", [Found("criticism", "past", ["Norway"], [])]),
    ("Egypt threatened to expel the ambassador of Ghana.", [Found("threat", "past", ["Egypt"], ["Ghana"])]),
    # nobody that the record knows, or no event
    ("The coach attacked the referee's decision.", []),
    ("Heart attacks kill thousands in Finland.", []),
    ("The museum holds a meeting room in Oslo.", []),
    ("The Treaty of Lisbon and the Battle of Hastings are taught in Norway.", []),
]  # fmt: skip


@pytest.mark.parametrize(("sentence", "expected"), EVENTS)
def test_events(nlp: object, sentence: str, expected: list[Found]) -> None:
    assert found(nlp, sentence)[0] == expected


def test_categories_and_who_reports_it(nlp: object) -> None:
    _, events = found(nlp, "“Russia attacked Finland on Friday,” said the minister Anna Berg in Oslo.")

    (attack,) = [event for event in events if event.kind == "attack"]
    assert attack.plover == "ASSAULT"
    assert attack.reported_by is not None


def test_what_may_be_or_is_denied_has_no_category(nlp: object) -> None:
    for sentence in ("Russia may attack Finland.", "Poland did not attack Belarus."):
        _, (event,) = found(nlp, sentence)
        assert event.plover is None


def test_one_sentence_that_repeats_itself_tells_one_event(nlp: object) -> None:
    told, _ = found(nlp, "Turkish troops killed two men and wounded five others in northern Syria on Friday.")

    assert [(event.kind, event.when) for event in told] == [("attack", "Friday")]


def test_no_date_is_borrowed(nlp: object) -> None:
    told, _ = found(nlp, "It rained on Friday. Anna Berg met Lars Holm in Oslo.")

    assert [(event.kind, event.when) for event in told] == [("meeting", None)]


def test_without_trees_there_is_one_abstention() -> None:
    alone = pipeline.build(
        ["copydesk.quote_marks", "copydesk.sentences", "copydesk.names", "copydesk.events"]
    )

    doc, part = pipeline.run(alone, article("Anna Berg met Lars Holm in Oslo."))

    assert doc._.events == []
    assert [one.what for one in part["abstentions"] if one.component == "copydesk.events"] == [
        "events of the article"
    ]


def tree(words: str, heads: list[int], deps: list[str], pos: list[str], tags: list[str]) -> Doc:
    return Doc(spacy.blank("en").vocab, words.split(), heads=heads, deps=deps, pos=pos, tags=tags)


def test_an_object_that_the_parser_calls_oblique_is_one() -> None:
    doc = tree(
        "Poland attacked Belarus", [1, 1, 1], ["nsubj", "root", "obl"], ["PROPN", "VERB", "PROPN"],
        ["NNP", "VBD", "NNP"],
    )  # fmt: skip

    assert tree_of(doc).deps == ["nsubj", "root", "obj"]


def test_times_and_phrases_with_a_preposition_are_no_objects() -> None:
    doc = tree(
        "Poland attacked Friday", [1, 1, 1], ["nsubj", "root", "obl"], ["PROPN", "VERB", "PROPN"],
        ["NNP", "VBD", "NNP"],
    )  # fmt: skip

    assert tree_of(doc).deps == ["nsubj", "root", "obl"]


def test_time_is_linear(nlp: object) -> None:
    piece = "Anna Berg met Lars Holm in Oslo on Friday, and Russia attacked Finland, killing two. "

    def seconds(times: int) -> float:
        one = article(piece * times)
        doc, _ = pipeline.run(nlp, one)  # type: ignore[arg-type]
        events = nlp.get_pipe("copydesk.events")  # type: ignore[attr-defined]
        begin = time.process_time()
        events(doc)
        return time.process_time() - begin

    seconds(5)
    assert seconds(160) < 12 * max(seconds(40), 0.01)
