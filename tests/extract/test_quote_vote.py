# ruff: noqa: RUF001 - typographic marks as they stand in news
"""The vote of rules and news model: what each decides, with spans as a model would leave them."""

from __future__ import annotations

import functools
import re
import time
from typing import TYPE_CHECKING

import pytest
from extraction import COMPONENTS, article, check_offsets, speaker
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.tokens import SpanGroup

from tasks import pipeline
from tasks.extract.lexer import words_of
from tasks.extract.quote.component import QuotesComponent, find_quotes
from tasks.extract.quote.learned import learned_of
from worker.record import Coverage

if TYPE_CHECKING:
    from collections.abc import Collection

    from spacy.language import Language
    from spacy.tokens import Doc

_TAG = re.compile(r"\{([SCT])(\d*) ([^{}]*)\}")
_KINDS = {"S": "source", "C": "cue", "T": "content"}

# (text with {S source}, {C cue}, {T content}; {T0 content} is linked to cue and source 0,
#  [(rule, kind, segments, words of the speaker, cue)])
Row = tuple[str, str, list[str], str | None, str | None]
CASES: list[tuple[str, list[Row]]] = [
    # both agree
    (
        "{S Ilka Berg} {C said} {T0 that the boats were old}.",
        [("subject_verb_that+model", "indirect", ["that the boats were old"], "Ilka Berg", "said")],
    ),
    # the model alone: cues and sources that no rule knows
    (
        "{S The harbour master’s office} {C laid out} {T0 how the boats were lost}.",
        [("model", "indirect", ["how the boats were lost"], "The harbour master’s office", "laid out")],
    ),
    # the span of direct speech is what stands between the marks
    (
        "{T0 “We leave} at dawn, and nobody stays,” {S Ilka Berg} {C said}.",
        [
            (
                "quote_subject_verb+model",
                "direct",
                ["We leave at dawn, and nobody stays,"],
                "Ilka Berg",
                "said",
            )
        ],
    ),
    # what is said in the same breath without marks is mixed speech
    (
        "{S Ilka Berg} {C said}, {T0 “we leave at dawn” and nobody will stay behind}.",
        [
            (
                "clause_before+model",
                "mixed",
                ["“we leave at dawn” and nobody will stay behind"],
                "Ilka Berg",
                "said",
            )
        ],
    ),
    # what the interviewer asked is not the answer
    (
        "Asked {T0 whether the boats were old}, {S Ilka Berg} {C said}: {T0 “We leave at dawn.”}",
        [("clause_before:+model", "direct", ["We leave at dawn."], "Ilka Berg", "said")],
    ),
    # a content with a clause of its own, which the model links to the clause before
    (
        "{S Ilka Berg} {C replied} {T0 that she was not ready to sail}, adding {T0 that the boats were old}.",
        [
            (
                "subject_verb_that+model",
                "indirect",
                ["that she was not ready to sail"],
                "Ilka Berg",
                "replied",
            ),
            ("chained_verb_that+model", "indirect", ["that the boats were old"], "Ilka Berg", "adding"),
        ],
    ),
    # the pieces of one content that share a cue are one
    (
        "{T0 The boats}, {S Ilka Berg} {C recounted}, {T0 lay in the bay}.",
        [
            (
                "parenthetical_clause+model",
                "indirect",
                ["The boats", "lay in the bay"],
                "Ilka Berg",
                "recounted",
            )
        ],
    ),
    # boundaries: the model is sure where the rule is not
    (
        "{S Ilka Berg} {C said} {T0 that the boats were old}, as she left the port.",
        [("subject_verb_that+model", "indirect", ["that the boats were old"], "Ilka Berg", "said")],
    ),
    # who is asked to do it is no part of the request
    (
        "{S Ilka Berg} {C called on} {T0 the crews to stay ashore}.",
        [("subject_verb_to+model", "indirect", ["to stay ashore"], "Ilka Berg", "called on")],
    ),
    # a cue of two words stays whole
    (
        "{S Ilka Berg} {C called} on the crews {T0 to stay ashore}.",
        [("subject_verb_to+model", "indirect", ["to stay ashore"], "Ilka Berg", "called on")],
    ),
    # the cue with its auxiliaries; a source with its whole name, without the comma behind it
    (
        "{S Harbour Master Ilka} Berg {C has repeatedly said} {T0 that the boats were old}.",
        [
            (
                "subject_verb_that+model",
                "indirect",
                ["that the boats were old"],
                "Harbour Master Ilka Berg",
                "has repeatedly said",
            )
        ],
    ),
    (
        "{S Ilka Berg,} {C said:} {T0 “We leave at dawn.”}",
        [("sentence_colon+model", "direct", ["We leave at dawn."], "Ilka Berg", "said")],
    ),
    # what points back is not what was said
    (
        "The harbour is closed. {T0 This} {C was announced} by {S Ilka Berg}.",
        [("announced_this+model", "indirect", ["The harbour is closed."], "Ilka Berg", "announced")],
    ),
    # said by nobody
    (
        "{T0 The boats} {C are expected} {T0 to sink}.",
        [("model", "indirect", ["The boats", "to sink"], None, "are expected")],
    ),
    # one content with a clause of its own in it
    (
        "{S Ilka Berg} {C replied} {T0 that the boats were old, adding that nobody would leave}.",
        [
            ("subject_verb_that+model", "indirect", ["that the boats were old"], "Ilka Berg", "replied"),
            ("chained_verb_that+model", "indirect", ["that nobody would leave"], "Ilka Berg", "adding"),
        ],
    ),
    # no link at all: the nearest cue of the sentence
    (
        "{S Ilka Berg} {C recounted} {T how the boats were lost}. {S Paul Roth} {C mused on} {T the bay}.",
        [
            ("model", "indirect", ["how the boats were lost"], "Ilka Berg", "recounted"),
            ("model", "indirect", ["the bay"], "Paul Roth", "mused on"),
        ],
    ),
]


@functools.cache
def language() -> Language:
    return pipeline.build([name for name in COMPONENTS if name != "copydesk.quotes"])


def voted(tagged: str, *, probability: float = 0.95, headings: Collection[int] = ()) -> Doc:
    """Return the doc of a text in which spans are marked, after the vote."""
    text, spans = "", []
    at = 0
    for match in _TAG.finditer(tagged):
        text += tagged[at : match.start()]
        spans.append((match[1], match[2], len(text), len(text) + len(match[3])))
        text += match[3]
        at = match.end()
    doc, _ = pipeline.run(language(), article(text + tagged[at:], headings=headings))
    counts = {key: sum(span[0] == letter for span in spans) for letter, key in _KINDS.items()}
    for letter, key in _KINDS.items():
        own = [
            (number, doc.char_span(start, end, key, alignment_mode="expand"))
            for kind, number, start, end in spans
            if kind == letter
        ]
        attrs: dict[str, list[float]] = {"probability": [probability] * len(own)}
        if key == "content":
            for other in ("source", "cue"):
                attrs[other] = [
                    int(number) if number and int(number) < counts[other] else -1 for number, _ in own
                ]
                attrs[f"{other}_probability"] = [probability] * len(own)
        doc.spans[key] = SpanGroup(doc, name=key, spans=[span for _, span in own], attrs=attrs)
    doc = QuotesComponent()(doc)
    check_offsets(doc)
    return doc


def rows(doc: Doc) -> list[Row]:
    return [
        (
            q.rule,
            q.kind,
            [s.text for s in q.segments],
            q.speaker.text if q.speaker else None,
            q.cue.text if q.cue else None,
        )
        for q in doc._.quotes
    ]


@pytest.mark.parametrize(("tagged", "expected"), CASES)
def test_vote(tagged: str, expected: list[Row]) -> None:
    assert rows(voted(tagged)) == expected


def test_both_together_are_surer_than_the_rule() -> None:
    (both,) = voted("{S Ilka Berg} {C said} {T0 that the boats were old}.")._.quotes
    doc, _ = pipeline.run(language(), article("Ilka Berg said that the boats were old."))
    (alone,) = QuotesComponent()(doc)._.quotes
    assert alone.confidence < both.confidence


UNSEEN = "Ilka Berg hoped that the boats were old. {S Paul Roth} {C said} {T0 that two sank}."


def test_indirect_speech_that_the_model_does_not_see_is_left_and_named() -> None:
    doc = voted(UNSEEN)
    assert [q.rule for q in doc._.quotes] == ["subject_verb_that+model"]
    assert [(a.component, a.start) for a in doc._.abstentions] == [("copydesk.quotes", 16)]


def test_what_the_model_has_not_read_is_the_rules() -> None:
    text = "Ilka Berg said that the boats were old. Paul Roth said that two sank."
    doc, _ = pipeline.run(language(), article(text))
    doc._.coverage = Coverage(characters_read=0, characters_skipped=len(text))
    for key in ("source", "cue", "content"):
        doc.spans[key] = []
    assert [q.confidence for q in QuotesComponent()(doc)._.quotes] == [0.9, 0.9]


def test_a_model_that_is_undecided_is_no_witness_against_a_rule() -> None:
    text = "Ilka Berg hoped that the boats were old. Paul Roth said that two sank."
    kept = {}
    for probability in (0.05, 0.4):
        doc, _ = pipeline.run(language(), article(text))
        for key in ("source", "cue", "content"):
            doc.spans[key] = []
        words = words_of(doc)
        learned = learned_of(doc, words)
        assert learned is not None
        learned.inside = {head: [probability] * len(words) for head in ("cue", "content")}
        entities = doc._.entities
        quotes, _ = find_quotes(text, words, doc._.quote_marks, entities, [], learned=learned)
        kept[probability] = [quote.cue.text for quote in quotes]
    assert kept == {0.05: ["said"], 0.4: ["hoped", "said"]}


def test_direct_speech_that_the_model_does_not_see_stays() -> None:
    doc = voted("“We leave at dawn,” Ilka Berg said. {S Paul Roth} {C said} {T0 that two sank}.")
    assert [q.rule for q in doc._.quotes] == ["quote_subject_verb", "subject_verb_that+model"]


def test_what_nobody_says_is_a_quote_without_a_speaker() -> None:
    doc = voted("{C Rumours were} {T0 that the boats were old}.")
    assert [(q.rule, q.cue.text, q.speaker) for q in doc._.quotes] == [("model", "Rumours were", None)]
    assert [(a.component, a.what, a.start) for a in doc._.abstentions] == [("copydesk.quotes", "speaker", 13)]


def test_what_the_model_alone_finds_and_is_unsure_of_is_left_and_named(monkeypatch) -> None:
    monkeypatch.setattr("tasks.extract.quote.vote.LEAST", 1.0)
    doc = voted("{C Rumours were} {T0 that the boats were old}.")
    assert doc._.quotes == []
    assert [(a.component, a.what, a.start) for a in doc._.abstentions] == [
        ("copydesk.quotes", "whether this is reported speech", 13)
    ]


def test_the_next_paragraph_of_the_same_speech_goes_on_from_it() -> None:
    doc = voted(
        "{T0 “We leave at dawn,”} {S Ilka Berg} {C said}.\n\n{T0 “The sea is calm and the crew is well.”}"
    )
    first, second = doc._.quotes
    assert (second.continuation_of, speaker(second, doc._.entities)) == (first.id, "Ilka Berg")


def test_a_heading_is_not_joined_with_the_body() -> None:
    doc = voted(
        "{T0 “We will never give up”}\n\n{S Ilka Berg} {C said} {T0 that the boats were old}.", headings=[0]
    )
    assert [segment.text for q in doc._.quotes for segment in q.segments] == ["that the boats were old"]


def test_without_spans_the_rules_are_alone() -> None:
    doc, _ = pipeline.run(language(), article("Ilka Berg said that the boats were old."))
    (quote,) = QuotesComponent()(doc)._.quotes
    assert (quote.rule, quote.confidence) == ("subject_verb_that", 0.9)


PIECES = st.sampled_from(
    [
        "{S Ilka Berg}",
        "{S the}",
        "{C said}",
        "{C :}",
        "{T that the boats were old}",
        "{T0 “We}",
        "{T1 This}",
        "{T ,}",
        " said that ",
        " announced by ",
        ", adding that ",
        "“",
        "”",
        " leave. ",
        "\n\n",
        ", ",
    ]
)


@settings(max_examples=200, deadline=None)
@given(st.lists(PIECES, max_size=40))
def test_any_spans_keep_offsets_and_ids(pieces: list[str]) -> None:
    doc = voted(" ".join(pieces))
    known = {quote.id for quote in doc._.quotes}
    for quote in doc._.quotes:
        assert quote.segments
        assert all(segment.start < segment.end for segment in quote.segments)
        assert quote.continuation_of is None or quote.continuation_of in known - {quote.id}


@pytest.mark.parametrize(
    "piece",
    [
        "{S Ilka Berg} {C said} {T that the boats were old}, ",
        "{T “We leave,”} {S Ilka} {C said}. ",
        "{T This} {C was announced} by {S Ilka}. ",
        "{T boats} ",
    ],
)
def test_time_is_linear(piece: str) -> None:
    def seconds(times: int) -> float:
        started = time.perf_counter()
        voted(piece * times)
        return time.perf_counter() - started

    assert seconds(4000) < 5 * 10 * max(seconds(400), 0.005)
