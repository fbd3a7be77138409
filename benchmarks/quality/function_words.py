"""Do the trees hold on news that no treebank covers? What can be told without an annotation.

Treebanks are web pages and encyclopedias; a model can read them well and newswire badly. The words of
`function_words.toml` have hardly a choice: the figure is the share of them, in per cent, with a part of
speech that they can have. It is an upper bound of what is right, not a measure of trees; but a model that
calls `the` a noun has lost its way.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.quality import corpora

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from spacy.tokens import Doc

    from benchmarks.quality.report import Figures

KINDS = ("ner", "quotes", "geo")
"""Kinds of corpora that are texts."""
WORDS_PER_CORPUS = 20_000
"""Words are counted up to the text in which so many are reached."""

TABLE: dict[str, list[str]] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


def measure(options: corpora.Options, annotate: Callable[[str], Doc]) -> Figures:
    """Return the share and the number of function words by corpus; empty where DIR holds treebanks alone."""
    figures: Figures = {}
    for kind in KINDS:
        try:
            found = corpora.find(options, kind)
        except corpora.DataError:
            continue
        for corpus in found:
            figures[corpus.name] = score((row["text"] for row in corpus.rows()), annotate)
    return figures


def score(texts: Iterable[str], annotate: Callable[[str], Doc]) -> Figures:
    """Return `possible` (per cent) and `words` of the texts up to `WORDS_PER_CORPUS` words."""
    possible = words = read = 0
    for text in texts:
        doc = annotate(text)
        for token in doc:
            allowed = TABLE.get(token.text) or TABLE.get(token.text[0].lower() + token.text[1:])
            words += allowed is not None
            possible += allowed is not None and token.pos_ in allowed
        read += len(doc)
        if read >= WORDS_PER_CORPUS:
            break
    return {"possible": 100 * possible / words if words else 0.0, "words": words}
