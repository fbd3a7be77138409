"""Damaged training text keeps its annotation true: what a span covered, it still covers."""

from __future__ import annotations

from random import Random

import pytest

from training.augment import Rates, damage, drop
from training.documents import Attribution, Document, Word, read, write

TEXT = "the minister , “ Kyrylo Ivanov ” , said “ we will talk ” on the Monday .".split()  # noqa: SIM905
GAPS = [4] + [2] * (len(TEXT) - 1)


def made() -> Document:
    return Document(
        "one",
        "test",
        list(TEXT),
        list(GAPS),
        entities=[(4, 6, "PERSON"), (16, 17, "DATE")],
        attributions=[Attribution([(0, 7)], [(8, 9)], [(9, 14)])],
        sentence_starts=[0],
    )


def words(document: Document, span: tuple[int, ...]) -> list[str]:
    return document.words[span[0] : span[1]]


def test_dropped_words_move_the_spans() -> None:
    document = made()
    gone = {0, 3, 6, 9}
    changed = drop(document, gone)
    assert changed.words == [word for index, word in enumerate(TEXT) if index not in gone]
    assert len(changed.gaps) == len(changed.words)
    assert [words(changed, span) for span in changed.entities or ()] == [["Kyrylo", "Ivanov"], ["Monday"]]
    report = (changed.attributions or [])[0]
    assert words(changed, report.source[0]) == ["minister", ",", "Kyrylo", "Ivanov"]
    assert words(changed, report.cue[0]) == ["said"]
    assert words(changed, report.content[0]) == ["we", "will", "talk", "”"]


def test_a_span_without_words_left_is_gone() -> None:
    changed = drop(made(), {4, 5})
    assert changed.entities == [(14, 15, "DATE")]


def test_heads_move_with_their_words() -> None:
    syntax = [
        Word("DET", "DT", "the", 1, "det"),
        Word("NOUN", "NN", "man", 2, "nsubj"),
        Word("VERB", "VBD", "run", -1, "root"),
    ]
    document = Document("s", "test", ["the", "man", "ran"], [4, 2, 2], syntax=syntax, sentence_starts=[0])
    changed = drop(document, {0})
    assert [word.head for word in changed.syntax or ()] == [1, -1]
    assert changed.sentence_starts == [0]


@pytest.mark.parametrize("seed", range(40))
def test_damage_keeps_every_annotation_over_words(seed: int) -> None:
    document = made()
    changed = damage(document, Rates(whole_text=1.0), Random(seed))
    assert document.words == TEXT
    assert len(changed.words) == len(changed.gaps)
    assert all(changed.words)
    assert [label for *_, label in changed.entities or ()] == ["PERSON", "DATE"]
    first, last, _ = (changed.entities or [])[0]
    assert last - first == 2
    assert changed.words[first][0].lower() == "k"
    assert (changed.attributions or [])[0].cue


def test_damage_happens_and_can_be_repeated() -> None:
    seen = [damage(made(), Rates(whole_text=1.0), Random(seed)).words for seed in range(20)]
    again = [damage(made(), Rates(whole_text=1.0), Random(seed)).words for seed in range(20)]
    assert seen == again
    assert sum(found != TEXT for found in seen) > 10
    assert damage(made(), Rates(whole_text=0.0), Random(1)).words == TEXT


def test_documents_survive_their_file(tmp_path: object) -> None:
    path = tmp_path / "d.jsonl.gz"  # type: ignore[operator]
    assert write(path, [made()]) == 1
    assert list(read(path)) == [made()]
