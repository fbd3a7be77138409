# ruff: noqa: INP001 - a script beside the packages
"""Fit `config/extract/quote_links.toml` for a news model.

    python tools/fit_quote_links.py --data DIR [--articles N]

DIR is a corpus of attributions with `train` and `dev` (format: benchmarks/README.md). Which cue a content
belongs to, and which source a cue, is fitted on the first N articles of `train`; how sure a content of the
model alone is, on `dev`, which the model was not trained on. Deterministic; needs numpy and some minutes.
"""

from __future__ import annotations

import argparse
import bisect
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.quality import corpora, predict
from benchmarks.quality.matching import extent, pairs
from tasks.extract.lexer import Words, words_of
from tasks.extract.quote.assembly import assemble
from tasks.extract.quote.learned import Learned, learned_of
from tasks.extract.quote.pairing import Pairing, Signs, weights

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

TARGET = Path(__file__).parents[1] / "config" / "extract" / "quote_links.toml"
COMPONENTS = (
    "copydesk.encoder",
    "copydesk.quote_marks",
    "copydesk.sentences",
    "copydesk.syntax",
    "copydesk.attribution",
)
STEPS, RATE, RIDGE = 600, 0.05, 1e-3
HALF = 0.5

Read = tuple[dict[str, Any], Words, Learned]
Example = tuple[list[Signs], int]
"""The signs of every candidate, and the number of the right one."""


def read(path: Path, split: str, limit: int | None) -> list[Read]:
    """Return the articles of a split with what the model finds in them."""
    options = corpora.Options(data=path, split=split, limit=limit)
    annotate = predict.annotator(predict.build(",".join(COMPONENTS), ()))
    found = []
    for corpus in corpora.find(options, "quotes"):
        for row in corpus.rows():
            doc = annotate(row["text"])
            words = words_of(doc)
            learned = learned_of(doc, words)
            if learned is not None:
                found.append((row, words, learned))
    return found


def inside(words: Words, spans: Sequence[Sequence[int]]) -> set[int]:
    """Return the words of some offsets."""
    return {
        word
        for start, end in spans
        for word in range(bisect.bisect_right(words.end, start), bisect.bisect_left(words.start, end))
    }


def examples(articles: list[Read]) -> tuple[list[Example], list[Example]]:
    """Return the choices of cues and of sources, with the right answers; the last candidate is none."""
    cues: list[Example] = []
    sources: list[Example] = []
    for row, words, learned in articles:
        gold = [
            {key: inside(words, one[key]) for key in ("source", "cue", "content")}
            for one in row["attributions"]
        ]
        pairing = Pairing(words, learned)
        reported: dict[int, tuple[int, list[Any]]] = {}
        for content in learned.contents:
            own = set(range(content.first, content.last))
            best = max(range(len(gold)), key=lambda n: len(gold[n]["content"] & own), default=None)
            right = best is not None and len(gold[best]["content"] & own) >= HALF * len(own)
            near = pairing.near_cues(content)
            answer = len(near)
            if best is not None and right:
                answer = _first(near, learned.cues, gold[best]["cue"])
            if answer < len(near) and best is not None:
                reported.setdefault(near[answer], (best, []))[1].append(content)
            signs = [pairing.cue_signs(content, number) for number in near]
            cues.append(([*signs, pairing.no_cue_signs(content)], answer))
        for number, (best, contents) in reported.items():
            cue = learned.cues[number]
            near = pairing.near_sources(cue)
            signs = [pairing.source_signs(cue, contents, other) for other in near]
            answer = _first(near, learned.sources, gold[best]["source"])
            sources.append(([*signs, pairing.no_source_signs(cue, contents)], answer))
    return cues, sources


def _first(near: Sequence[int], pieces: Sequence[Any], wanted: set[int]) -> int:
    for place, number in enumerate(near):
        if wanted.intersection(range(pieces[number].first, pieces[number].last)):
            return place
    return len(near)


def choices(found: list[Example]) -> dict[str, float]:
    """Return the weights under which the right candidates are most probable (softmax, Adam)."""
    names = sorted({name for signs, _ in found for one in signs for name in one})
    column = {name: number for number, name in enumerate(names)}
    rows = max(len(signs) for signs, _ in found)
    table = np.zeros((len(found), rows, len(names)))
    absent = np.full((len(found), rows), -1e9)
    for i, (signs, _) in enumerate(found):
        absent[i, : len(signs)] = 0.0
        for j, one in enumerate(signs):
            for name, value in one.items():
                table[i, j, column[name]] = value
    answers = np.array([answer for _, answer in found])
    weight, mean, square = (np.zeros(len(names)) for _ in range(3))
    for step in range(1, STEPS + 1):
        scores = table @ weight + absent
        chances = np.exp(scores - scores.max(axis=1, keepdims=True))
        chances /= chances.sum(axis=1, keepdims=True)
        chances[np.arange(len(found)), answers] -= 1.0
        slope = np.einsum("ik,ikn->n", chances, table) / len(found) + RIDGE * weight
        mean = 0.9 * mean + 0.1 * slope
        square = 0.99 * square + 0.01 * slope * slope
        weight -= RATE * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.99**step)) + 1e-8)
    return _rounded(names, weight)


def sureness(articles: list[Read]) -> dict[str, float]:
    """Return the weights of the signs that a content is one of the gold (logistic regression)."""
    rows, hits = [], []
    for row, words, learned in articles:
        text = row["text"]
        gold = [extent(text, one["content"]) for one in row["attributions"]]
        found, _ = assemble(words, learned)
        given = [extent(text, [(piece.start, piece.end) for piece in one.contents]) for one in found]
        taken = {other for _, other, _ in pairs(gold, given)}
        rows += [{"none": 1.0, **one.signs()} for one in found]
        hits += [number in taken for number in range(len(found))]
    names = list(rows[0])
    table = np.array([[row[name] for name in names] for row in rows])
    answers = np.array(hits, dtype=float)
    weight = np.zeros(len(names))
    for _ in range(5 * STEPS):
        chances = 1.0 / (1.0 + np.exp(-table @ weight))
        weight -= RATE * (table.T @ (chances - answers) / len(answers) + RIDGE * weight)
    return _rounded(names, weight)


def _rounded(names: Sequence[str], weight: NDArray[Any]) -> dict[str, float]:
    return dict(zip(names, [round(float(value), 2) for value in weight], strict=True))


def lines(tables: dict[str, dict[str, float]]) -> Iterator[str]:
    """Yield the file: its old header and the new tables."""
    for line in TARGET.read_text().splitlines():
        if not line.startswith("#"):
            break
        yield line
    for name, table in tables.items():
        yield f"\n[{name}]"
        yield from (f"{sign} = {value}" for sign, value in table.items() if value)


def main() -> int:
    """Fit and write the file."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--articles", type=int, default=400)
    given = parser.parse_args()
    cues, sources = examples(read(given.data, "train", given.articles))
    tables = {"cue": choices([one for one in cues if len(one[0]) > 1]), "source": choices(sources)}
    for name, table in tables.items():
        weights(name).clear()
        weights(name).update(table)
    tables["sure"] = sureness(read(given.data, "dev", None))
    TARGET.write_text("\n".join(lines(tables)) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
