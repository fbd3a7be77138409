# ruff: noqa: RUF001 - typographic marks as they stand in news
"""`copydesk.quote_marks`: what stands in quotes, and which marks were mended."""

from __future__ import annotations

import itertools
import time

import pytest
from extraction import article
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.extract.lexer import paragraphs_of
from tasks.extract.quote.marks import QuoteMarks, find_quote_marks

# (text, what stands in quotes, marks that mean another one than was typed: (found, meant))
CASES: list[tuple[str, list[str], list[tuple[str, str]]]] = [
    ("“We are ready,” he said.", ["We are ready,"], []),
    ('"We are ready," he said.', ["We are ready,"], []),
    # closers typed as openers, with and without a space before them
    ("He said: “We are ready. “", ["We are ready."], [("“", "”")]),
    ("“We are ready, “Rossi said.", ["We are ready,"], [("“", "”")]),
    ("“We are ready,“ said Rossi. “We wait.“", ["We are ready,", "We wait."], [("“", "”"), ("“", "”")]),
    # an opener typed as a closer
    ("He said: ”We are ready.”", ["We are ready."], [("”", "“")]),
    # a mark is missing
    ("“We are ready, he said. “We wait,” he added.", ["We are ready,", "We wait,"], []),
    ("We are ready,” he said.", ["We are ready,"], []),
    ("He said: “We are ready.", ["We are ready."], []),
    # a broken mark does not run into the next paragraph
    ("He said: “We are ready. “\n\nThe talks go on.", ["We are ready."], [("“", "”")]),
    ("“We are ready. “\n\n“We wait,” she said.", ["We are ready.", "We wait,"], [("“", "”")]),
    # a speech over several paragraphs has no closer before the last
    ("“One is done.\n\n“Two is left,” she said.", ["One is done.", "Two is left,"], []),
    # other conventions
    ("„Wir“ is no word, „sie“ is.", ["Wir", "sie"], []),
    ("«We are ready», he said.", ["We are ready"], []),
    ("»We are ready«, he said.", ["We are ready"], []),
    ("``We are ready,'' he said.", ["We are ready,"], []),
    # single marks and apostrophes
    ("‘We are ready,’ she said. It’s the farmers’ turn.", ["We are ready,"], []),
    ("'We are ready,' she said. It's the farmers' turn.", ["We are ready,"], []),
    ("“She called it ‘madness’ twice,” he said.", ["She called it ‘madness’ twice,"], []),
    ("The ’90s and rock ’n’ roll", [], []),
    # inches are no quotes
    ("He is 5'11\" tall and 6'2\" with shoes.", [], []),
    ("No quotes at all.", [], []),
]


def marks_of(text: str) -> QuoteMarks:
    return find_quote_marks(text, paragraphs_of(article(text)))


@pytest.mark.parametrize(("text", "quoted", "repairs"), CASES)
def test_spans_and_repairs(text: str, quoted: list[str], repairs: list[tuple[str, str]]) -> None:
    found = marks_of(text)
    assert [text[span.start : span.end] for span in found.top] == quoted
    assert [(repair.found, repair.meant) for repair in found.repairs] == repairs


def test_nested_span_is_told_from_top_span() -> None:
    found = marks_of("“She called it ‘madness’ twice,” he said.")
    assert [(span.nested, span.start) for span in found.spans] == [(False, 1), (True, 16)]


def test_continued_span_knows_that_the_next_paragraph_goes_on() -> None:
    found = marks_of("“One is done.\n\n“Two is left,” she said.")
    assert [span.continued for span in found.spans] == [True, False]


def test_plain_marks_are_sure_and_broken_ones_less_so() -> None:
    plain = marks_of("“We are ready,” he said.")
    broken = marks_of("“We are ready, “Rossi said.")
    assert min(mark.score for mark in plain.marks) > broken.marks[1].score > 0.5


PIECES = st.sampled_from(
    [
        "word",
        "Rossi",
        "said",
        ",",
        ".",
        "?",
        " ",
        " ",
        "\n\n",
        "\n",
        "“",
        "”",
        '"',
        "'",
        "’",
        "‘",
        "«",
        "„",
        "5",
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=60))
def test_random_mixes_keep_offsets_and_paragraphs(pieces: list[str]) -> None:
    text = "".join(pieces)
    paragraphs = paragraphs_of(article(text))
    found = find_quote_marks(text, paragraphs)
    assert [mark.offset for mark in found.marks] == sorted(mark.offset for mark in found.marks)
    for mark in found.marks:
        assert text[mark.offset : mark.end] == mark.glyph
    for span in found.spans:
        home = paragraphs[span.paragraph]
        assert home.start <= span.outer_start <= span.start < span.end <= span.outer_end <= home.end
    top = found.top
    assert all(one.outer_end <= other.outer_start for one, other in itertools.pairwise(top))


@pytest.mark.parametrize("piece", ["“ ", "“We are ready,” he said. ", "'a' ", "” "])
def test_time_is_linear(piece: str) -> None:
    def seconds(size: int) -> float:
        text = piece * (size // len(piece))
        paragraphs = paragraphs_of(article(text))
        started = time.perf_counter()
        find_quote_marks(text, paragraphs)
        return time.perf_counter() - started

    assert seconds(300_000) < 20 * 10 * max(seconds(30_000), 0.001)
