# ruff: noqa: RUF001 - typographic marks as they stand in news
from __future__ import annotations

import pytest
from quality_corpora import only, spans, write

from benchmarks.quality import corrupt, quote_marks, quotes
from worker.record import Quote, Span, Speaker

TEXT = (
    "“We will not work,” said Anna Wessel, 44, of Kelmar, “until it is signed.” The pilots’ speaker Jan Berg"
    " called the offer “an insult”. Officials said that talks would go on."
)
GOLD = [
    {
        "source": spans(TEXT, "Anna Wessel, 44, of Kelmar,"),
        "cue": spans(TEXT, "said"),
        "content": spans(TEXT, "“We will not work,”", "“until it is signed.”"),
    },
    {
        "source": spans(TEXT, "The pilots’ speaker Jan Berg"),
        "cue": spans(TEXT, "called"),
        "content": spans(TEXT, "the offer “an insult"),
    },
    {
        "source": spans(TEXT, "Officials"),
        "cue": [[TEXT.index("Officials said") + 10, TEXT.index("Officials said") + 14]],
        "content": spans(TEXT, "that talks would go on"),
    },
]


def span(words: str) -> Span:
    start = TEXT.index(words)
    return Span(start=start, end=start + len(words), text=words)


def quote(*segments: str, speaker: str | None = None, cue: str | None = None) -> Quote:
    who = span(speaker) if speaker else None
    return Quote(
        id="q",
        kind="direct",
        segments=[span(words) for words in segments],
        speaker=Speaker(**who.model_dump(), entity=None, resolved_by="test", confidence=1) if who else None,
        cue=span(cue) if cue else None,
        component="test",
        rule="test",
        confidence=1,
    )


FIRST = quote("We will not work,", "until it is signed.", speaker="Anna Wessel", cue="said")
SECOND = quote("an insult", speaker="Jan Berg", cue="called")
THIRD = quote("talks would go on", speaker="Officials", cue="said")


def score(tmp_path, *found: Quote):
    write(tmp_path, "quotes", "invented", [{"id": "1", "text": TEXT, "date": None, "attributions": GOLD}])
    return quotes.score(only(tmp_path, "quotes"), lambda text, date: list(found))


@pytest.mark.parametrize(
    ("found", "exact", "overlap"),
    [
        ([FIRST], 1, 1),
        # one segment of a split quote is the whole one to a half only
        ([quote("until it is signed.")], 0, 1),
        ([quote("We will")], 0, 0),
        # without the noun phrase: less than the half, without `that`: more
        ([SECOND], 0, 1),
        ([THIRD], 0, 1),
        ([FIRST, SECOND, THIRD], 1, 3),
        # two for one
        ([FIRST, FIRST], 1, 1),
        ([], 0, 0),
    ],
)
def test_content(tmp_path, found, exact, overlap):
    figures = score(tmp_path, *found)["content"]

    for name, right in (("exact", exact), ("overlap", overlap)):
        assert figures[name]["recall"] == pytest.approx(100 * right / 3)
        assert figures[name]["predicted"] == len(found)


def test_source_and_cue(tmp_path):
    figures = score(tmp_path, FIRST, SECOND, THIRD)

    # only `Officials` is the gold's whole phrase; `said` is found once, at its first place
    assert figures["source"]["exact"]["recall"] == pytest.approx(100 / 3)
    assert figures["cue"]["exact"]["recall"] == pytest.approx(200 / 3)


def test_speakers_by_the_head_of_the_phrase(tmp_path):
    figures = score(tmp_path, FIRST, SECOND, THIRD)
    assert figures["speaker"] == {"accuracy": 100, "of_all": 100, "gold": 3}

    figures = score(tmp_path, quote("We will not work,", "until it is signed.", speaker="Kelmar"), SECOND)
    assert figures["speaker"] == {"accuracy": 50, "of_all": pytest.approx(100 / 3), "gold": 3}


def test_kinds_apart(tmp_path):
    figures = score(tmp_path, FIRST, quote("Kelmar"))

    assert figures["direct"]["span"]["gold"] == 1
    assert figures["direct"]["span"]["recall"] == 100
    assert figures["mixed"] == {"recall": 0, "gold": 1}
    assert figures["indirect"] == {"recall": 0, "gold": 1}


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        (["“We will not work,”"], "direct"),
        (["We will not work,"], "direct"),
        (["“We will not work,”", "“until it is signed.”"], "direct"),
        # a full stop between the border and the mark
        (["until it is signed"], "direct"),
        (["an insult"], "direct"),
        (["the offer “an insult”"], "mixed"),
        (["an insult”. Officials"], "mixed"),
        (["talks would go on"], "indirect"),
        # an apostrophe makes no quote
        (["pilots’ speaker"], "indirect"),
    ],
)
def test_kind_of(words, kind):
    assert quotes.kind_of(TEXT, spans(TEXT, *words)) == kind


@pytest.mark.parametrize(
    ("phrase", "head"),
    [
        ("Anna Wessel", "Wessel"),
        ("Anna Wessel, 44, of Kelmar,", "Wessel"),
        ("the pilots' speaker Anna Wessel", "Wessel"),
        ("the secretary general of the United Nations", "general"),
        ("Vann R. Newkirk II, a writer for The Atlantic,", "II"),
        ("a woman who lives there", "woman"),
        ("Officials", "Officials"),
        ("he", "he"),
        ("the Times'", "Times"),
        ("Berg – the speaker", "Berg"),
        ("In Kelmar, the mayor", "Kelmar"),
    ],
)
def test_head_of(phrase, head):
    assert phrase[slice(*quotes.head_of(phrase, [(0, len(phrase))]))] == head


# --- quote marks

ARTICLE = (
    "“One,” he said, “and two.”\n\n“It goes on over\n\n“two paragraphs.”\n\n”Mistyped” here."
    '\n\nIt is "straight" now.'
)


def test_paragraphs_whose_marks_are_in_order():
    judged = [ARTICLE[start:end] for start, end in quote_marks.paragraphs(ARTICLE)]

    assert judged == ["“One,” he said, “and two.”", "“It goes on over", "“two paragraphs.”"]


def test_alternation_takes_marks_in_turn():
    text = "“One,“ he said, ”and two.“ “Three"

    directions, inside = quote_marks.alternating(text, 0, len(text))

    assert list(directions.values()) == ["open", "close", "open", "close", "open"]
    assert [text[slice(*span)] for span in inside] == ["One,", "and two.", "Three"]


def perfect(text: str) -> quote_marks.Reading:
    """Read the marks of an article whose paragraphs are all in order, whatever they look like."""
    directions, inside = {}, []
    for line in quote_marks._LINE.finditer(text):
        found, spans_found = quote_marks.alternating(text, *line.span())
        directions |= found
        inside += spans_found
    return directions, inside


def test_turned_marks_are_counted_by_direction(tmp_path):
    write(tmp_path, "quotes", "invented", [{"id": "1", "text": ARTICLE, "attributions": []}])
    corpus = only(tmp_path, "quotes")

    right = quote_marks.score(corpus, perfect, seed=1)
    trusting = quote_marks.score(
        corpus,
        lambda text: ({i: "open" if c == "“" else "close" for i, c in enumerate(text) if c in "“”"}, []),
        seed=1,
    )

    assert right["marks"] == 7
    assert right["left_out"] == 2
    assert right["turned"]["accuracy"] == 100
    assert right["turned"]["in_quote"]["f1"] == 100
    assert trusting["turned"]["accuracy"] < 95
    assert trusting["turned"]["in_quote"]["f1"] == 0
    assert right["missing"]["accuracy"] < 100  # alternation stumbles over missing marks
    assert right["missing"]["ratio"] == 1


def test_characters_of_a_quote_whose_marks_are_gone(tmp_path):
    text = "He said “one two” to her."
    changed = corrupt.apply(text, [corrupt.Edit(8, 9, ""), corrupt.Edit(16, 17, "")])
    to = (quote_marks.Sides(), quote_marks.Sides())

    quote_marks.compare(text, [(0, len(text))], changed, ({}, []), to=to)
    assert (to[1].ours.gold, to[1].ours.right) == (6, 0)

    at = changed.text.index("one")
    quote_marks.compare(text, [(0, len(text))], changed, ({}, [(at, at + 7)]), to=to)
    assert (to[1].ours.gold, to[1].ours.right, to[1].ours.predicted) == (12, 6, 6)
