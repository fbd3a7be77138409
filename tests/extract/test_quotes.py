# ruff: noqa: RUF001 - typographic marks as they stand in news
"""`copydesk.quotes`: who said what, in the ways news says it."""

from __future__ import annotations

import time

import pytest
from extraction import annotate, check_offsets, speaker
from hypothesis import given, settings
from hypothesis import strategies as st

# (text, [(kind, segments, speaker's entity, cue)])
Row = tuple[str, list[str], str | None, str | None]
CASES: list[tuple[str, list[Row]]] = [
    # direct: clause behind
    ("“We are ready,” Anna Berg said.", [("direct", ["We are ready,"], "Anna Berg", "said")]),
    ("“We are ready,” said Anna Berg.", [("direct", ["We are ready,"], "Anna Berg", "said")]),
    ('"Are we ready now?" asked Anna Berg.', [("direct", ["Are we ready now?"], "Anna Berg", "asked")]),
    (
        "“We are ready,” said Paul Roth, the Swedish foreign minister.",
        [("direct", ["We are ready,"], "Paul Roth", "said")],
    ),
    (
        "“We are ready,” Sen. Anna Berg (D-Ohio) told reporters.",
        [("direct", ["We are ready,"], "Anna Berg", "told")],
    ),
    ("“We are ready,” – Anna Berg said.", [("direct", ["We are ready,"], "Anna Berg", "said")]),
    (
        "“We are ready for all of it.” — Anna Berg",
        [("direct", ["We are ready for all of it."], "Anna Berg", None)],
    ),
    # direct: clause before
    ("Anna Berg said: “We are ready.”", [("direct", ["We are ready."], "Anna Berg", "said")]),
    ("On Monday Anna Berg said, “We are ready.”", [("direct", ["We are ready."], "Anna Berg", "said")]),
    ("Anna Berg: “We are ready.”", [("direct", ["We are ready."], "Anna Berg", None)]),
    (
        "Anna Berg wrote on her page:\n\n“We are ready to go on with it.”",
        [("direct", ["We are ready to go on with it."], "Anna Berg", "wrote")],
    ),
    # broken and missing marks
    ("“We are ready, “Berg said.", [("direct", ["We are ready,"], "Berg", "said")]),
    ("Anna Berg said: “We are ready. “\n\nIt rained.", [("direct", ["We are ready."], "Anna Berg", "said")]),
    ("“We are ready, Anna Berg said.", [("direct", ["We are ready,"], "Anna Berg", "said")]),
    # split quotes are one
    (
        "“We are ready,” Anna Berg said. “We wait for you.”",
        [("direct", ["We are ready,", "We wait for you."], "Anna Berg", "said")],
    ),
    (
        "“If you come,” said Anna Berg, “we shall be ready.”",
        [("direct", ["If you come,", "we shall be ready."], "Anna Berg", "said")],
    ),
    # over paragraphs
    (
        "“One of the two is done,” Anna Berg said.\n\n“The other one is left for us to do.”",
        [
            ("direct", ["One of the two is done,"], "Anna Berg", "said"),
            ("direct", ["The other one is left for us to do."], "Anna Berg", None),
        ],
    ),
    (
        "Anna Berg said: “One of the two is done.\n\n“The other one is left for us.”",
        [
            ("direct", ["One of the two is done."], "Anna Berg", "said"),
            ("direct", ["The other one is left for us."], "Anna Berg", None),
        ],
    ),
    # he, the minister, the ministry
    (
        "Anna Berg came.\n\n“We are ready,” she said.",
        [("direct", ["We are ready,"], "Anna Berg", "said")],
    ),
    (
        "Swedish Foreign Minister Anna Berg came. Paul Roth left. “We are ready,” the foreign minister said.",
        [("direct", ["We are ready,"], "Anna Berg", "said")],
    ),
    ("“We are ready,” the Harbour Council said.", [("direct", ["We are ready,"], "Harbour Council", "said")]),
    (
        "“We are ready,” a spokesman for Anna Berg said.",
        [("direct", ["We are ready,"], None, "said")],
    ),
    (
        "“We are ready,” Anna Berg’s lawyer said.",
        [("direct", ["We are ready,"], None, "said")],
    ),
    # interviews
    (
        "Answering whether the “hard choice” means “hard times”, Anna Berg said: “We are ready.”",
        [("direct", ["We are ready."], "Anna Berg", "said")],
    ),
    # mixed
    (
        "Anna Berg said that the talks were “very hard” for all.",
        [("mixed", ["that the talks were “very hard” for all"], "Anna Berg", "said")],
    ),
    (
        "With these ships, “there is no way back,” Anna Berg said.",
        [("mixed", ["With these ships, “there is no way back,”"], "Anna Berg", "said")],
    ),
    # indirect
    (
        "Anna Berg said that the talks had failed.",
        [("indirect", ["that the talks had failed"], "Anna Berg", "said")],
    ),
    ("Anna Berg said the talks had failed.", [("indirect", ["the talks had failed"], "Anna Berg", "said")]),
    ("The talks had failed, Anna Berg said.", [("indirect", ["The talks had failed"], "Anna Berg", "said")]),
    (
        "The talks had failed, said Anna Berg on Sunday.",
        [("indirect", ["The talks had failed"], "Anna Berg", "said")],
    ),
    (
        "According to Anna Berg, the talks had failed.",
        [("indirect", ["the talks had failed"], "Anna Berg", "According to")],
    ),
    (
        "The talks had failed, according to Anna Berg.",
        [("indirect", ["The talks had failed"], "Anna Berg", "according to")],
    ),
    (
        "Anna Berg said that the talks had failed, adding that others would follow.",
        [
            ("indirect", ["that the talks had failed"], "Anna Berg", "said"),
            ("indirect", ["that others would follow"], "Anna Berg", "adding"),
        ],
    ),
    (
        "Anna Berg said that the talks failed, but Paul Roth insisted that they went well.",
        [
            ("indirect", ["that the talks failed"], "Anna Berg", "said"),
            ("indirect", ["that they went well"], "Paul Roth", "insisted"),
        ],
    ),
    (
        "Anna Berg called on Western countries to support the talks.",
        [("indirect", ["to support the talks"], "Anna Berg", "called on")],
    ),
    (
        "The talks have failed. This was announced by Anna Berg on Sunday.",
        [("indirect", ["The talks have failed."], "Anna Berg", "announced")],
    ),
    (
        "When asked about the talks, Anna Berg replied that they had failed.",
        [("indirect", ["that they had failed"], "Anna Berg", "replied")],
    ),
    (
        "Anna Berg left the room, saying that the talks had failed.",
        [("indirect", ["that the talks had failed"], "Anna Berg", "saying")],
    ),
    (
        "Anna Berg told reporters on Sunday that the talks had failed.",
        [("indirect", ["that the talks had failed"], "Anna Berg", "told")],
    ),
    # a name in apposition, on either side
    (
        "The crew’s cook, Ilka Berg, said the talks had failed.",
        [("indirect", ["the talks had failed"], "Ilka Berg", "said")],
    ),
    (
        "“We are ready,” its skipper, Ilka Berg, wrote in a letter.",
        [("direct", ["We are ready,"], "Ilka Berg", "wrote")],
    ),
    (
        "“We are ready,” a spokeswoman for the port, Ilka Berg, said.",
        [("direct", ["We are ready,"], "Ilka Berg", "said")],
    ),
    (
        "The talks had failed, according to the maker, Orvana Seaways.",
        [("indirect", ["The talks had failed"], "Orvana Seaways", "according to")],
    ),
    (
        "“We are ready,” said founder and managing director Ilka Berg.",
        [("direct", ["We are ready,"], "Ilka Berg", "said")],
    ),
    (
        "“We are ready,” Roth spokeswoman Ilka Berg said. Paul Roth left.",
        [("direct", ["We are ready,"], "Ilka Berg", "said")],
    ),
    # who is told is no part of what is said
    ("Ilka Berg told Paul Roth the boats sank.", [("indirect", ["the boats sank"], "Ilka Berg", "told")]),
    ("Ilka Berg told the forum she was ill.", [("indirect", ["she was ill"], "Ilka Berg", "told")]),
    ("Ilka Berg said boats would sink.", [("indirect", ["boats would sink"], "Ilka Berg", "said")]),
    (
        "“We are ready,” said Ilka Berg, who runs the port, adding that boats were few.",
        [
            ("direct", ["We are ready,"], "Ilka Berg", "said"),
            ("indirect", ["that boats were few"], "Ilka Berg", "adding"),
        ],
    ),
    # the clause in the middle
    (
        "The boat, Ilka Berg said, was lost at sea.",
        [("indirect", ["The boat", "was lost at sea"], "Ilka Berg", "said")],
    ),
    (
        "The boat was lost, Ilka Berg said, in a letter.",
        [("indirect", ["The boat was lost"], "Ilka Berg", "said")],
    ),
    # what somebody agreed to is reported by another
    (
        "Latvia agreed to sell the boats, Ilka Berg said.",
        [
            ("indirect", ["Latvia agreed to sell the boats"], "Ilka Berg", "said"),
            ("indirect", ["to sell the boats"], "Latvia", "agreed"),
        ],
    ),
    # names for things, nouns as content, a second verb
    (
        "Ilka Berg called the plan “a sad joke” when she left.",
        [("mixed", ["the plan “a sad joke”"], "Ilka Berg", "called")],
    ),
    ("Ilka Berg promised a new law.", [("indirect", ["a new law"], "Ilka Berg", "promised")]),
    ("Ilka Berg demanded leave to fish.", [("indirect", ["leave to fish"], "Ilka Berg", "demanded")]),
    (
        "Ilka Berg welcomed the vote but warned that boats were few.",
        [("indirect", ["that boats were few"], "Ilka Berg", "warned")],
    ),
    (
        "Ilka Berg said later that boats were few.",
        [("indirect", ["that boats were few"], "Ilka Berg", "said")],
    ),
    (
        "Storms sank six boats off the coast, Ilka Berg said late in the evening.",
        [("indirect", ["Storms sank six boats off the coast"], "Ilka Berg", "said")],
    ),
    # organisations by a noun and by `it`
    (
        "The Dockers’ Union met. Boats were few, the union said.",
        [("indirect", ["Boats were few"], "Dockers’ Union", "said")],
    ),
    (
        "Orvana Seaways was sold. The company said that boats were few.",
        [("indirect", ["that boats were few"], "Orvana Seaways", "said")],
    ),
    (
        "Orvana Seaways met Velt Seaways. The company said that boats were few.",
        [("indirect", ["that boats were few"], None, "said")],
    ),
    (
        "The Swedish Fishing Council met. Boats were few, the Polish council said.",
        [("indirect", ["Boats were few"], None, "said")],
    ),
    (
        "The Swedish Fishing Council met. Boats were few, the Swedish council said.",
        [("indirect", ["Boats were few"], "Swedish Fishing Council", "said")],
    ),
    (
        "Orvana Seaways has sold its boats, it said on Friday.",
        [("indirect", ["Orvana Seaways has sold its boats"], "Orvana Seaways", "said")],
    ),
    (
        "Boats were few, according to a study that the Orvana Institute published on Friday.",
        [("indirect", ["Boats were few"], "Orvana Institute", "according to")],
    ),
    (
        "Ilka Berg said that boats were few. “We wait for all of them here.”",
        [
            ("indirect", ["that boats were few"], "Ilka Berg", "said"),
            ("direct", ["We wait for all of them here."], "Ilka Berg", None),
        ],
    ),
    (
        "“We are ready,” Ilka Berg said.\n\nA trader came by. “They are not ready,” she said.",
        [
            ("direct", ["We are ready,"], "Ilka Berg", "said"),
            ("direct", ["They are not ready,"], None, "said"),
        ],
    ),
    # what is nobody's speech
    ("Farmers call it the “green wall”.", []),
    ("Anna Berg read “The Long Way Home” and left.", []),
    ("It is expected that the talks will fail.", []),
    ("New rules that could help were passed.", []),
    ("I think that the talks will fail.", []),
    ("He was told that the talks had failed.", []),
    ("The talks failed.", []),
]


def rows(text: str, **more: object) -> list[Row]:
    doc = annotate(text, **more)  # type: ignore[arg-type]
    check_offsets(doc)
    return [
        (q.kind, [s.text for s in q.segments], speaker(q, doc._.entities), q.cue.text if q.cue else None)
        for q in doc._.quotes
    ]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_quotes(text: str, expected: list[Row]) -> None:
    assert rows(text) == expected


INTERVIEWS: list[tuple[str, list[Row]]] = [
    (
        (
            "Paul Roth: How was it?\n\nIlka Berg: Very cold. We left soon.\n\nThe boat was lost.\n\n"
            "Paul Roth: And now?\n\nIlka Berg: As my friend Jan Velt said: “We wait.”"
        ),
        [
            ("direct", ["How was it?"], "Paul Roth", None),
            ("direct", ["Very cold. We left soon."], "Ilka Berg", None),
            ("direct", ["The boat was lost."], "Ilka Berg", None),
            ("direct", ["And now?"], "Paul Roth", None),
            ("direct", ["As my friend Jan Velt said: “We wait.”"], "Ilka Berg", None),
            ("direct", ["We wait."], "Jan Velt", "said"),
        ],
    ),
    # no interview: nobody speaks twice; nobody is a person; the author tells more than the labels
    ("Paul Roth: ten boats.\n\nIlka Berg: six boats.\n\nJan Velt: two boats.", []),
    ("Monday: rain.\n\nTuesday: sun.\n\nMonday: snow.\n\nTuesday: fog.", []),
]


@pytest.mark.parametrize(("text", "expected"), INTERVIEWS)
def test_interviews(text: str, expected: list[Row]) -> None:
    assert rows(text) == expected


def test_the_author_between_the_turns_of_an_interview_is_not_quoted() -> None:
    told = "\n\n".join(["The boat lay in the bay."] * 5)
    text = f"Paul Roth: How was it?\n\n{told}\n\nIlka Berg: Cold.\n\nPaul Roth: And now?"
    assert [row[1] for row in rows(text)] == [["How was it?"], ["Cold."], ["And now?"]]


def test_a_heading_in_quotes_is_no_quote() -> None:
    text = "“We will never ever give up”\n\nThe talks failed."
    assert rows(text, headings=[0]) == []


def test_continuation_names_the_quote_it_goes_on_from() -> None:
    doc = annotate("Anna Berg said: “One of the two is done.\n\n“The other one is left for us.”")
    first, second = doc._.quotes
    assert (first.continuation_of, second.continuation_of) == (None, first.id)


def test_repairs_and_notes_are_with_the_quote() -> None:
    note = "(the talks. – Ed.)"
    doc = annotate("Anna Berg said: “They (the talks. – Ed.) are over. “", notes=[note])
    (quote,) = doc._.quotes
    assert [span.text for span in quote.editor_notes] == [note]
    assert quote.said == "They are over."
    assert quote.segments[0].text == "They (the talks. – Ed.) are over."
    assert [(repair.found, repair.meant) for repair in quote.repairs] == [("“", "”")]


def test_addressee_of_an_appeal() -> None:
    doc = annotate("Anna Berg urged Paul Roth to stay.")
    (quote,) = doc._.quotes
    assert quote.addressee == next(e.id for e in doc._.entities if e.name == "Paul Roth")


def test_a_quote_of_nobody_is_kept_and_named() -> None:
    doc = annotate("“This is a whole sentence that nobody claims.”")
    (quote,) = doc._.quotes
    assert quote.speaker is None
    assert [(a.component, a.what) for a in doc._.abstentions] == [("copydesk.quotes", "speaker")]


def test_a_pronoun_that_may_mean_two_is_not_guessed() -> None:
    doc = annotate("In the old town of Kalmar Jan Berg met Paul Roth.\n\n“We are ready,” he said.")
    (quote,) = doc._.quotes
    assert quote.speaker is not None
    assert (quote.speaker.text, quote.speaker.entity) == ("he", None)
    assert [a.what for a in doc._.abstentions] == ["speaker's entity"]


PIECES = st.sampled_from(
    [
        "Anna",
        "Berg",
        "said",
        "that",
        "she",
        "was",
        "told",
        "the",
        "minister",
        "according",
        "to",
        "adding",
        ",",
        ".",
        ":",
        "?",
        " ",
        " ",
        " ",
        "\n\n",
        "“",
        "”",
        '"',
        "'",
        "– ",
        "This was announced by",
        "urged",
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=70))
def test_random_mixes_keep_offsets(pieces: list[str]) -> None:
    doc = annotate("".join(pieces))
    check_offsets(doc)
    known = {entity.id for entity in doc._.entities}
    for quote in doc._.quotes:
        assert quote.segments
        assert all(segment.text for segment in quote.segments)
        assert quote.speaker is None or quote.speaker.entity is None or quote.speaker.entity in known
        starts = [segment.start for segment in quote.segments]
        assert starts == sorted(starts)


@pytest.mark.parametrize(
    "piece",
    ["Anna said that she, ", "“We go,” said Anna, ", "Anna he said ", "“Hi said ", "x, adding that y "],
)
def test_time_is_linear(piece: str) -> None:
    def seconds(size: int) -> float:
        text = piece * (size // len(piece))
        started = time.perf_counter()
        annotate(text)
        return time.perf_counter() - started

    assert seconds(200_000) < 20 * 10 * max(seconds(20_000), 0.002)


def test_an_article_of_a_megabyte_takes_time_in_proportion() -> None:
    """All components together on one thread; three times the proportion is the slack for a busy machine."""
    piece = (
        "Swedish Foreign Minister Anna Berg said on Monday that the talks had failed. “We are ready,” she "
        "told us in Kalmar, “and we wait.” Paul Roth, the head of the Harbour Council, disagreed.\n\n"
    )

    def seconds(size: int) -> float:
        text = piece * (size // len(piece))
        started = time.perf_counter()
        annotate(text)
        return time.perf_counter() - started

    seconds(10_000)
    small = sorted(seconds(10_000) for _ in range(5))[2]
    assert seconds(1_000_000) < 3 * 100 * small
