"""Tone towards a target (NewsMTSC): negative, neutral or positive.

- `accuracy`; `macro_f1`: F1 of the three labels, averaged. Every text has an answer.
- `sentences`: the score of `copydesk.tone` for the sentence in which the target stands, below -`NEUTRAL`
  negative, above it positive. It does not look at the target: the figure to beat.
- `model`: the tone that the news model's head gives the words of the target; only with a model that has
  this head.
- `vader`: compound score of the whole text with the thresholds of its authors (0.05), where
  `vaderSentiment` is installed; the model is to be at least 10 points of macro-F1 over it.
- The figures at the top are those of the model, or else of the sentences.
"""

from __future__ import annotations

import importlib.util
from typing import TYPE_CHECKING

from benchmarks.quality import corpora, predict
from benchmarks.quality.matching import Counts

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.quality.report import Figures

LABELS = ("negative", "neutral", "positive")
NEUTRAL = 0.05

Judge = "Callable[[str, int, int], str]"
"""Takes a text and a target's start and end, returns a label."""


def measure(options: corpora.Options) -> Figures:
    """Return the figures of every corpus of the kind `tone`."""
    judges = {"sentences": by_sentence(options.pipeline)}
    if predict.has_tone_head():
        judges["model"] = predict.target_tone()
    if importlib.util.find_spec("vaderSentiment"):
        judges["vader"] = by_vader()
    figures: Figures = {}
    for corpus in corpora.find(options, "tone"):
        found = {name: score(corpus, judge) for name, judge in judges.items()}
        best = found.get("model", found["sentences"])
        figures[corpus.name] = {
            "texts": best["texts"],
            "accuracy": best["accuracy"],
            "macro_f1": best["macro_f1"],
            **{name: {k: v for k, v in one.items() if k != "texts"} for name, one in found.items()},
        }
        if "vader" in found:
            figures[corpus.name]["over_vader"] = best["macro_f1"] - found["vader"]["macro_f1"]
    return figures


def score(corpus: corpora.Corpus, judge: Callable[[str, int, int], str]) -> Figures:
    """Return the figures of one judge on one corpus."""
    by_label = {label: Counts() for label in LABELS}
    texts = right = 0
    for row in corpus.rows():
        found = judge(row["text"], *row["target"])
        texts += 1
        right += found == row["label"]
        by_label[row["label"]] += Counts(int(found == row["label"]), 0, 1)
        by_label[found] += Counts(0, 1, 0)
    return {
        "texts": texts,
        "accuracy": 100 * right / texts if texts else None,
        "macro_f1": sum(counts.f1 for counts in by_label.values()) / len(LABELS),
        "labels": {label: counts.figures() for label, counts in by_label.items()},
    }


def label_of(score: float, neutral: float = NEUTRAL) -> str:
    """Return the label of a score from -1 to 1."""
    return LABELS[1 + (score > neutral) - (score < -neutral)]


def by_sentence(named: str | None) -> Callable[[str, int, int], str]:
    """Return a judge that looks at the sentence of the target."""
    classify = predict.classifier(named or "copydesk.tone")

    def judge(text: str, start: int, end: int) -> str:
        tones = classify(text)._.sentence_tones or []
        scores = [tone.score for tone in tones if tone.start < end and start < tone.end]
        return label_of(sum(scores) / len(scores) if scores else 0.0)

    return judge


def by_vader() -> Callable[[str, int, int], str]:
    """Return a judge that asks VADER (Hutto and Gilbert 2014) about the whole text."""
    from vaderSentiment.vaderSentiment import (  # type: ignore[import-not-found]  # noqa: PLC0415 - optional
        SentimentIntensityAnalyzer,
    )

    analyzer = SentimentIntensityAnalyzer()
    return lambda text, start, end: label_of(analyzer.polarity_scores(text)["compound"])  # noqa: ARG005
