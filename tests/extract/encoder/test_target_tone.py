"""The component without and with a model that has read the article."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import spacy

from tasks.extract.encoder.target_tone import NAME, TargetTone
from tasks.pipeline import register_attributes
from worker.record import Entity, Mention

TEXT = "Critics praised Anna Vik warmly."


def doc_of():
    register_attributes()
    doc = spacy.blank("en")(TEXT)
    start = TEXT.index("Anna Vik")
    mention = Mention(start=start, end=start + 8, text="Anna Vik", kind="name", rule="t")
    doc._.abstentions = []
    doc._.entities = [
        Entity(
            id="e1", type="PERSON", name="Anna Vik", mentions=[mention], component="t", rule="t", confidence=1
        )
    ]
    return doc


def encoded(doc, words: int):
    asked = []

    def tone(first: int, last: int) -> tuple[float, float, float]:
        asked.append([doc[at].text for at in range(first, last)])
        return 0.1, 0.2, 0.7

    return asked, SimpleNamespace(words=words, tokens=np.arange(words), scored={"tone": None}, tone=tone)


def test_abstains_without_a_model() -> None:
    doc = TargetTone()(doc_of())
    assert doc._.mention_tones is None
    assert [a.component for a in doc._.abstentions] == [NAME]


def test_asks_for_the_words_of_the_mention() -> None:
    doc = doc_of()
    asked, doc._.encoded = encoded(doc, len(doc))
    [tone] = TargetTone()(doc)._.mention_tones
    assert asked == [["Anna", "Vik"]]
    assert (TEXT[tone.start : tone.end], tone.negative, tone.neutral, tone.positive) == (
        "Anna Vik",
        0.1,
        0.2,
        0.7,
    )


def test_words_behind_what_was_read_have_none() -> None:
    doc = doc_of()
    _, doc._.encoded = encoded(doc, 2)
    assert TargetTone()(doc)._.mention_tones == []
