from __future__ import annotations

from classify_articles import article, classified, folded

PIECES = (
    ("title", "Bridge over the Orlo closed"),
    ("dateline", "TARVO, May 3 (Reuter) -"),
    "The bridge over the Orlo was closed on Tuesday because of cracks in its northern pier, the town said.",
    "Engineers found the cracks in the pier of the bridge in the last week of April. Who pays for it?",
    ("heading", "No detour for lorries"),
    "However, he was not there. Lorries that used the bridge have to take the road through the town of Melk.",
    "The town expects the bridge to be closed for lorries until the pier has been rebuilt in autumn.",
    (
        "boilerplate",
        "Follow the bridge and the town on our channel, and never miss the pier of the bridge again.",
    ),
)


def test_whole_sentences_of_paragraphs_in_their_order() -> None:
    made, text = classified(*PIECES).summary, article(*PIECES).text
    assert 2 <= len(made) <= 3
    assert all(text[span.start : span.end] == span.text for span in made)
    assert [span.start for span in made] == sorted(span.start for span in made)
    assert folded(made[0].text).startswith("The bridge over the Orlo was closed on Tuesday")
    assert all(span.text.endswith(".") and span.text[0].isupper() for span in made)


def test_no_heading_dateline_boilerplate_question_or_loose_end() -> None:
    words = " ".join(span.text for span in classified(*PIECES).summary)
    assert not any(piece in words for piece in ("No detour", "TARVO", "Follow", "Who pays", "However"))


def test_says_nothing_twice() -> None:
    sentence = "The bridge over the Orlo was closed on Tuesday because of cracks in its pier."
    made = classified(
        f"{sentence} {sentence} {sentence} The ferry will run every hour from six until midnight."
    )
    assert len({span.text for span in made.summary}) == len(made.summary) == 2


def test_abstains_without_a_whole_sentence() -> None:
    part = classified("and then nothing")
    assert part.summary == []
    assert [a.what for a in part.abstentions if a.component == "copydesk.summary"] == ["the summary"]
