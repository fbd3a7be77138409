"""What the vocabulary remembers must not show: bodies are what `words_of` makes of their sentences."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from classify_articles import article

from tasks import classify
from tasks.classify import vocabulary as module
from tasks.classify.body import make_body
from tasks.classify.vocabulary import LONGEST_KEPT, Column, Vocabulary, vocabulary
from tasks.classify.words import words_of
from worker.settings import Settings

PIECES = [
    *("a", "Be", "don't", "'s", "\u2019ll", "\n", "\t", " ", "  ", "\u00a0", ".", "\u3002", "?", "\u201c"),
    *("(", "1,000.5", "U.S.", "x" * 210, "\u0130", "_", "-", "\u2028", "\u00df", "The"),
]


def _text(seed: int) -> str:
    chance = random.Random(seed)
    return "".join(chance.choice(PIECES) + chance.choice(["", " "]) for _ in range(chance.randint(1, 60)))


@pytest.mark.parametrize("seed", range(60))
def test_a_body_has_the_words_of_its_sentences(seed: int) -> None:
    body = make_body(article(_text(seed), ("heading", _text(seed + 1000))))
    for sentence in body.sentences:
        found = range(sentence.first, sentence.last)
        expected = words_of(body.text, sentence.start, sentence.end)
        assert [(body.starts[at], body.tokens[at]) for at in found] == expected
        assert all(body.text[body.starts[at] : body.ends[at]] == body.tokens[at] for at in found)
        assert [body.lowers[at] for at in found] == [word.lower() for _, word in expected]


def test_words_in_notes_are_left_out() -> None:
    made = article("The ship (a tug, editor's note) sank.", notes=("(a tug, editor's note)",))
    assert make_body(made).tokens == ["The", "ship", "sank", "."]


def test_a_column_is_worked_out_once_a_word() -> None:
    asked: list[str] = []
    column = Column(lambda word: asked.append(word) or len(word), np.int64)
    words = Vocabulary()
    found = words.tokens(["Two", "two", "Two"])
    assert words.column(column)[found.numbers].tolist() == [3, 3, 3]
    words.tokens(["two", "four"])
    assert words.column(column)[words.tokens(["four"]).numbers].tolist() == [4]
    assert sorted(asked) == ["Two", "four", "two"]


def test_a_very_long_run_is_not_remembered() -> None:
    words = Vocabulary()
    long = "x-" * LONGEST_KEPT
    first, again = words.tokens([long]), words.tokens([long])
    assert first.numbers.tolist() == again.numbers.tolist()
    assert long not in words.runs


def test_a_full_vocabulary_is_left_and_nothing_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    made = article("The port of Lume closed on Monday. Ships of the Lume Line waited outside the port.")
    before = classify.classify(made, settings=Settings())
    used = vocabulary()
    monkeypatch.setattr(module, "MOST_WORDS", 5)
    assert classify.classify(made, settings=Settings()) == before
    assert vocabulary() is not used


def test_a_vocabulary_that_was_broken_off_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    made = article("The port of Lume closed on Monday. Ships of the Lume Line waited outside the port.")
    before = classify.classify(made, settings=Settings())
    used = vocabulary()

    class TimeIsUpError(Exception):
        pass

    def break_off(self: Vocabulary, word: str) -> int:
        if word == "interrupted":
            raise TimeIsUpError
        return number(self, word)

    number = Vocabulary._number
    with monkeypatch.context() as patched:
        patched.setattr(Vocabulary, "_number", break_off)
        with pytest.raises(TimeIsUpError):
            classify.classify(article("Unheard words are interrupted here."), settings=Settings())
    assert vocabulary() is not used
    assert classify.classify(made, settings=Settings()) == before


def test_runs_left_by_work_that_was_broken_off_are_not_the_next_text_s(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    words = Vocabulary()
    with pytest.raises(TypeError):
        words.tokens([f"w{number}" for number in range(20)] + [None])  # type: ignore[list-item]
    assert not words.is_spent
    monkeypatch.setattr(module, "MOST_LEFT", 10)
    assert words.is_spent


def test_a_broken_vocabulary_gives_no_words(monkeypatch: pytest.MonkeyPatch) -> None:
    words = Vocabulary()
    with monkeypatch.context() as patched:
        patched.setattr(Vocabulary, "_number", lambda self, word: 1 // 0)
        with pytest.raises(ZeroDivisionError):
            words.tokens(["alpha", "beta"])
    with pytest.raises(RuntimeError, match="broken off"):
        words.tokens(["gamma"])


def test_threads_may_share_a_vocabulary() -> None:
    texts = [[f"{word}{number % 7}" for number in range(word, word + 300)] for word in range(60)]
    words = Vocabulary()
    column = Column(len, np.int64)

    def read(runs: list[str]) -> list[str]:
        numbers = words.tokens(runs).numbers
        assert words.column(column)[numbers].tolist() == [len(run) for run in runs]
        return [words.words[number] for number in numbers.tolist()]

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(read, texts)) == texts
