from __future__ import annotations

import pytest

from tasks.read.translation import assess

SIGNS = [
    # text, kinds of the signs
    ("“We will help. “", ["broken_quote_mark"]),
    ("“It goes beyond that, “Roe said.", ["broken_quote_mark"]),
    ("“It goes beyond that, ”said Roe.", ["broken_quote_mark"]),
    ("“We will help“, Roe said.", ["turned_quote_mark"]),
    ("Roe said, ”We will help.”", ["turned_quote_mark"]),
    ('"We will help. "', ["spaced_quote_mark"]),
    ('"It goes beyond that, "Roe said.', ["spaced_quote_mark"]),
    ("They can do so. neighbors have a say.", ["lower_case_start"]),
    ("He met the Commission. there it was decided.", ["lower_case_start"]),
    ("He left.The others stayed.", ["missing_space"]),
    ("He left , and the others stayed .", ["space_before_punctuation", "space_before_punctuation"]),
    ("He met Zelensky. Then Roe left Zelenskiy there, and Zelensky sat.", ["spelling_variants"]),
    # edited text
    ("He met Zelensky in Kyiv, and Roe asked Zelensky's wife.", []),
    ("He met Kelly and Kelley, and a Harris called Haris.", []),
    ("“We will help,” Roe said. “We always do.”", []),
    ("Roe said, “We will help.”", []),
    ("“We begin here and do not close. “And we go on,” she said.", []),
    ('"We will help," Roe said. "We always do."', []),
    ("„Wir helfen“, sagte Roe. „Immer.“", []),
    ("It cost approx. two francs, i.e. nothing, vs. three.", []),
    ("The U.S. officials of Acme Inc. said no.", []),
    ("See www.example.com or node.js or the iPhone. iPhones sell.", []),
]


@pytest.mark.parametrize(("text", "expected"), SIGNS)
def test_signs(text, expected):
    found = assess(text, [(0, len(text))], "en")
    assert [sign.kind for sign in found.signs] == expected
    assert (found.score > 0) == bool(expected)


def test_marks_are_judged_paragraph_by_paragraph():
    one, two = "“First paragraph is left open.", "“Second one closes.”"
    text = f"{one}\n\n{two}"
    assert assess(text, [(0, len(one)), (len(one) + 2, len(text))], "en").signs == []


def test_verdicts():
    slip = "They can do so. neighbors have a say."
    assert assess(slip, [(0, len(slip))], "en").verdict == "possible"
    more = f"“We will help. “ {slip}"
    assert assess(more, [(0, len(more))], "en").verdict == "possible"
    lines = ["“We will help. “", "“We will go. “", "“It is late, “Roe said.", slip]
    text, spans = "", []
    for line in lines:
        spans.append((len(text), len(text) + len(line)))
        text += line + "\n\n"
    assert assess(text, spans, "en").verdict == "likely"
    plain = "They can do so. Neighbours have a say."
    assert assess(plain, [(0, len(plain))], "en").verdict == "unlikely"


def test_one_slip_says_less_in_a_long_text():
    slip = "They can do so. neighbors have a say. "
    long = slip + "Nothing else is wrong in the text of this article. " * 200
    assert assess(long, [(0, len(long))], "en").score < assess(slip, [(0, len(slip))], "en").score / 2


def test_a_text_in_small_letters_is_a_style():
    lines = ["the ferry sank. nobody was hurt. the crew swam.", "the owner was silent. so was the crew."]
    text = "\n\n".join(lines)
    spans = [(0, len(lines[0])), (len(lines[0]) + 2, len(text))]
    assert assess(text, spans, "en").verdict == "unlikely"


def test_few_articles():
    text = "Minister said that government gives money to region for repair of road after winter. " * 12
    assert [sign.kind for sign in assess(text, [(0, len(text))], "en").signs] == ["few_articles"]
    assert assess(text, [(0, len(text))], "ru").signs == []
