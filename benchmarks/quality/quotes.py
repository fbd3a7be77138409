"""Quotes of the record, with their speakers and cues, and the reading of quote marks.

Texts go through `read` and the whole of `extract`, as in the product; the corpus's date is the publication
date.

- `content`: a gold content is all of its spans together, a predicted one all segments of a quote. `exact`:
  the same extent, not looking at white space and quote marks (`matching.extent`). `overlap`: at least half
  of the union in common, one to one, best first; `any`: at least a character. Nested gold contents count
  like any other.
- `source`, `cue`: distinct spans of a text, exact and overlap as above; a source of two contents counts
  once.
- `direct`: contents that begin and end with a quote mark, at most one character away from the border
  (`gold` says how many). Recall: gold ones that overlap with any predicted quote; precision: predicted ones
  that overlap with any gold content. `mixed`: others with a double mark in them; `indirect`: the rest;
  recall of the gold alone.
- `speaker`: contents paired by overlap whose gold has a source. Right is a predicted speaker whose head is
  the gold's head, at the same place: the last word before the first comma, bracket, dash, preposition or
  relative pronoun (`Anna Wessel` in `the pilots' speaker Anna Wessel, 44, of Kelmar`). `accuracy`: of the
  paired; `of_all`: of all gold with a source, unpaired ones wrong.

The figures of `marks` are explained in `quote_marks`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from benchmarks.quality import attribution, corpora, predict, quote_marks
from benchmarks.quality.matching import (
    QUOTE_MARKS,
    Counts,
    Extent,
    characters,
    exact,
    extent,
    overlapping,
    pairs,
    touching,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from benchmarks.quality.attribution import Spans
    from benchmarks.quality.report import Figures
    from worker.record import Quote

_HEAD_ENDS = re.compile(
    r"[,;:()\[\]\u2013\u2014]|\s-+\s|\b(?:of|for|from|in|at|on|with|to|by|who|whom|whose|which|that)\b",
    re.IGNORECASE,
)
_DOUBLE = re.compile("[\"“”„‟«»]|''|``")


def measure(options: corpora.Options) -> Figures:
    """Return the figures of every corpus of the kind `quotes`."""
    found = corpora.find(options, "quotes")
    read = predict.reader(options.pipeline)
    marks = quote_marks.reader()

    def quotes_of(text: str, date: str | None) -> list[Quote]:
        return read(text, date)._.quotes or []

    return {
        corpus.name: {
            **score(corpus, quotes_of),
            "marks": quote_marks.score(corpus, marks, seed=options.seed),
        }
        for corpus in found
    }


def score(corpus: corpora.Corpus, quotes_of: Callable[[str, str | None], list[Quote]]) -> Figures:
    """Return the figures of one corpus, those of its quote marks aside."""
    content, source, cue = (
        {name: Counts() for name in ("exact", "overlap", "any", "characters")},
        {name: Counts() for name in ("exact", "overlap")},
        {name: Counts() for name in ("exact", "overlap")},
    )
    kinds: defaultdict[str, Kind] = defaultdict(Kind)
    everything = Kind()
    texts = 0
    for row in corpus.rows():
        texts += 1
        text = row["text"]
        quotes = quotes_of(text, row.get("date"))
        gold = [a for a in row["attributions"] if extent(text, a["content"])]
        gold.sort(key=lambda a: sorted(a["content"]))
        wanted = [extent(text, a["content"]) for a in gold]
        found = [extent(text, _segments(quote)) for quote in quotes]
        content["exact"] += exact(wanted, found)
        content["overlap"] += overlapping(wanted, found)
        content["any"] += touching(wanted, found)
        content["characters"] += characters(wanted, found)
        _add_parts(text, source, gold, "source", [q.speaker for q in quotes])
        _add_parts(text, cue, gold, "cue", [q.cue for q in quotes])
        paired = {g: f for g, f, _ in pairs(wanted, found)}
        taken = set(paired.values())
        for number, a in enumerate(gold):
            quote = quotes[paired[number]] if number in paired else None
            same = quote is not None and wanted[number] == found[paired[number]]
            for kind in (everything, kinds[kind_of(text, a["content"])]):
                kind.add_gold(text, a["source"], quote, same=same)
        for number, quote in enumerate(quotes):
            for kind in (everything, kinds[kind_of(text, _segments(quote))]):
                kind.predicted += 1
                kind.right += number in taken
    return {
        "texts": texts,
        "content": {name: counts.figures() for name, counts in content.items()},
        "source": {name: counts.figures() for name, counts in source.items() if counts.gold},
        "cue": {name: counts.figures() for name, counts in cue.items() if counts.gold},
        "speaker": everything.speaker(),
        "direct": {"span": kinds["direct"].figures(), "speaker": kinds["direct"].speaker()},
        "mixed": {"recall": kinds["mixed"].recall, "gold": kinds["mixed"].gold},
        "indirect": {"recall": kinds["indirect"].recall, "gold": kinds["indirect"].gold},
    }


class Kind:
    """Counts of one kind of content (direct, mixed, indirect, or all together)."""

    def __init__(self) -> None:
        self.gold = self.hits = self.same = self.predicted = self.right = 0
        self.sources = self.answered = self.speakers = 0

    def add_gold(
        self, text: str, source: Sequence[Sequence[int]], quote: Quote | None, *, same: bool
    ) -> None:
        """Add one gold content and the quote that it was paired with."""
        self.gold += 1
        self.hits += quote is not None
        self.same += same
        if not source:
            return
        self.sources += 1
        if quote is not None:
            self.answered += 1
            self.speakers += quote.speaker is not None and same_mention(
                text, source, [(quote.speaker.start, quote.speaker.end)]
            )

    @property
    def recall(self) -> float:
        """Gold contents that were paired, per cent."""
        return _share(self.hits, self.gold)

    def figures(self) -> Figures:
        """Precision counts predicted contents of this kind, recall gold ones; `exact` is recall too."""
        precision, recall = _share(self.right, self.predicted), self.recall
        both = precision + recall
        return {
            "precision": precision,
            "recall": recall,
            "f1": 2 * precision * recall / both if both else 0.0,
            "predicted": self.predicted,
            "gold": self.gold,
            "exact_recall": _share(self.same, self.gold),
        }

    def speaker(self) -> Figures:
        """Right speakers, per cent."""
        return {
            "accuracy": _share(self.speakers, self.answered),
            "of_all": _share(self.speakers, self.sources),
            "gold": self.sources,
        }


def _share(part: int, whole: int) -> float:
    return 100 * part / whole if whole else 0.0


def _segments(quote: Quote) -> Spans:
    return tuple((segment.start, segment.end) for segment in quote.segments)


def _add_parts(
    text: str,
    counts: dict[str, Counts],
    gold: Sequence[dict[str, list[list[int]]]],
    part: str,
    found: Sequence[object],
) -> None:
    wanted = [chars for spans in attribution.gold_of(gold, part) if (chars := extent(text, spans))]
    spans = sorted({(piece.start, piece.end) for piece in found if piece is not None})  # type: ignore[attr-defined]
    given: list[Extent] = [extent(text, [span]) for span in spans]
    counts["exact"] += exact(wanted, given)
    counts["overlap"] += overlapping(wanted, given)


def kind_of(text: str, spans: Sequence[Sequence[int]]) -> str:
    """Return `direct`, `mixed` or `indirect` by the marks at the borders of a content and in it."""
    start, end = min(s for s, _ in spans), max(e for _, e in spans)
    before, behind = text[max(0, start - 1) : start + 1], text[max(start, end - 1) : end + 2]
    if any(c in QUOTE_MARKS for c in before) and any(c in QUOTE_MARKS for c in behind):
        return "direct"
    return "mixed" if any(_DOUBLE.search(text, s, e) for s, e in spans) else "indirect"


def same_mention(text: str, gold: Sequence[Sequence[int]], found: Sequence[Sequence[int]]) -> bool:
    """Say whether two phrases name the same thing at the same place: the same head, or the same extent."""
    return extent(text, gold) == extent(text, found) or head_of(text, gold) == head_of(text, found)


def head_of(text: str, spans: Sequence[Sequence[int]]) -> tuple[int, int]:
    """Return (start, end) of the head of a noun phrase, as the docstring of this module defines it."""
    start, end = min(s for s, _ in spans), max(e for _, e in spans)
    words = [(m.start(), m.end()) for m in re.finditer(r"[\w’'.&-]+", text[start:end])]  # noqa: RUF001 - as typed
    if not words:
        return start, end
    stop = next(
        (m.start() for m in _HEAD_ENDS.finditer(text[start:end]) if m.start() >= words[0][1]), end - start
    )
    first, last = [w for w in words if w[0] < stop][-1]
    word = text[start + first : start + last]
    for ending in ("’s", "'s", "’", "'"):  # noqa: RUF001 - as typed
        if word.endswith(ending):
            last -= len(ending)
            break
    return start + first, start + last
