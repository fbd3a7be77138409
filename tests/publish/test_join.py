from __future__ import annotations

import json

import jsonschema
import pytest
from publish_parts import FINGERPRINTS, IDENTITY, TEXT, article, classification, extraction, record

from tasks.publish import Identity, join, schema
from tasks.publish.headline import headline_of
from worker.desk.publishing import prepare
from worker.record import SCHEMA_VERSION, Abstention, Block


def test_everything_is_carried_over() -> None:
    made = record()
    parts = (article(), extraction(), classification())
    assert (made.id, made.digest, made.collection) == (IDENTITY.id, IDENTITY.digest, "default")
    assert made.text == TEXT
    assert (made.entities, made.quotes, made.timexes, made.events) == (
        parts[1].entities,
        parts[1].quotes,
        parts[1].timexes,
        parts[1].events,
    )
    assert (made.about.topics, made.about.summary) == (parts[2].topics, parts[2].summary)
    assert made.warnings == ["a warning"]
    assert sorted(made.coverage) == ["classify", "extract", "read"]
    assert made.provenance.fingerprints == FINGERPRINTS


def test_each_component_stands_once() -> None:
    names = [component.name for component in record().provenance.components]
    assert names == ["copydesk.read", "test.maker", "copydesk.tone", "copydesk.publish"]


def test_abstentions_of_all_stages_in_their_order() -> None:
    parts = [article(), extraction(), classification()]
    for number, part in enumerate(parts):
        part.abstentions = [Abstention(component=f"c{number}", what="w", why="y")]
    made = join(*parts, identity=IDENTITY, fingerprints=FINGERPRINTS)
    assert [a.component for a in made.abstentions] == ["c0", "c1", "c2"]


def test_tone_by_voice() -> None:
    tone = record().about.tone
    assert tone.author is not None
    assert (tone.author.score, tone.author.sentences, tone.author.evidence) == (-0.5, 2, ["shut"])
    assert {who: (t.score, t.sentences) for who, t in tone.speakers.items()} == {"e1": (-0.9, 1)}


def test_words_of_an_unknown_speaker_are_nobody_s() -> None:
    part = extraction()
    part.quotes[0].speaker = None
    tone = join(article(), part, classification(), identity=IDENTITY, fingerprints=FINGERPRINTS).about.tone
    assert tone.speakers == {}
    assert tone.author is not None
    assert tone.author.sentences == 2


def test_no_tone_where_there_is_no_sentence() -> None:
    part = classification()
    part.sentence_tones = []
    tone = join(article(), extraction(), part, identity=IDENTITY, fingerprints=FINGERPRINTS).about.tone
    assert (tone.author, tone.speakers) == (None, {})


def test_headline_is_the_title_with_its_place() -> None:
    assert headline_of(article()).model_dump() == {
        "text": "Harbour shut",
        "source": "title",
        "start": 0,
        "end": 12,
    }


def test_headline_of_a_title_that_is_not_in_the_text() -> None:
    part = article()
    part.title = "From the feed"
    assert headline_of(part).model_dump() == {
        "text": "From the feed",
        "source": "title",
        "start": None,
        "end": None,
    }


LONG = "The harbour of Narvik was shut on Monday because of ice, which the oldest pilots had not seen in May"
DERIVED = [
    ("One sentence. Another.", "One sentence."),
    ("  A line without an end", "A line without an end"),
    (f"{LONG}, and nobody knows when it will open again.", f"{LONG}, and nobody knows"),
    (f"{LONG} - at least one of them said so in the end.", f"{LONG} - at least one of"),
    (f"{LONG}, since two,three,four or five of them left.", f"{LONG}, since"),
    ("x" * 300, "x" * 120),
    ("Mr. Aasland came. He left.", "Mr. Aasland came."),
]


@pytest.mark.parametrize(("text", "expected"), DERIVED)
def test_derived_headline(text: str, expected: str) -> None:
    part = article()
    part.title, part.text = None, text
    part.blocks = [Block(start=0, end=len(text), kind="paragraph", rule="test")]
    made = headline_of(part)
    assert (made.source, made.text, len(made.text) <= 120) == ("derived", expected, True)
    assert text[made.start : made.end] == expected


def test_derived_headline_prefers_the_body_to_what_surrounds_it() -> None:
    part = article()
    part.title = None
    assert headline_of(part).text == "The harbour of Narvik was shut on Monday."


def test_digest_tells_records_apart_and_nothing_else() -> None:
    parts = (article(), extraction(), classification())
    shuffled = dict(reversed(FINGERPRINTS.items()))
    again = join(*parts, identity=IDENTITY, fingerprints=shuffled)
    other = join(
        *parts, identity=Identity(id="c" * 64, digest="b" * 64, collection="x"), fingerprints=shuffled
    )
    assert prepare(again).digest == prepare(record()).digest
    assert prepare(other).digest != prepare(record()).digest
    assert again.model_dump_json() == record().model_dump_json()


def test_schema_describes_the_record() -> None:
    described = schema()
    assert described["$id"] == f"urn:copydesk:record:{SCHEMA_VERSION}"
    assert (described["title"], described["version"]) == ("copydesk record", SCHEMA_VERSION)
    jsonschema.Draft202012Validator.check_schema(described)
    validator = jsonschema.Draft202012Validator(described)
    plain = json.loads(record().model_dump_json())
    validator.validate(plain)
    plain["unknown"] = 1
    assert not validator.is_valid(plain)
