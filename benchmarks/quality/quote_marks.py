"""Quote marks read in spite of turned and missing ones, against plain alternation in the same run.

The gold is the text itself: of each text the paragraphs (lines) whose double marks are curly and in order,
opening and closing in turn; the last one may stay open where the next paragraph opens with a mark. (The
marks of all other paragraphs are `left_out`: those that stand beside straight marks, and those that are not
in order, which are typing errors of their own but for a few nested quotes, so they do not say what was
meant.) The marks are corrupted (`corrupt.marks`) by as many seeds as `DRAWS` says, since one corpus has few
of them. `alternation` takes the marks of a paragraph as opening and closing in turn, whatever they look
like.

- `turned`: `TURNED` of the closing marks typed as opening ones. `accuracy`: marks read in the direction
  they had, per cent; a mark that is read as none is wrong. No mark is gone, so alternation is all but
  perfect here by definition.
- `missing`: `MISSING` of the marks gone besides. `accuracy`: the same over the marks that are left.
  `in_quote`: characters (no white space, no marks) between the marks that there were, against those between
  the marks as read.
- `ratio`: errors against those of alternation in the same texts; at most 0.7 is the aim. None where it
  makes none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from benchmarks.quality import corrupt, predict
from benchmarks.quality.matching import Counts, characters, exact, extent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from benchmarks.quality.corpora import Corpus
    from benchmarks.quality.report import Figures

TURNED, MISSING = 0.3, 0.1
DRAWS = 5
MARKS = "“”"
_LINE = re.compile(r"[^\n]+")

Directions = dict[int, str]
"""Offset of a mark -> `open` or `close`."""
Reading = tuple[Directions, list[tuple[int, int]]]
"""Directions, and (start, end) of what stands between the marks."""


def reader() -> Callable[[str], Reading]:
    """Return a function that reads the double marks of a text with `copydesk.quote_marks`."""
    read = predict.reader("copydesk.quote_marks")

    def marks_of(text: str) -> Reading:
        found = read(text, None)._.quote_marks
        directions = {mark.offset: mark.meant for mark in found.marks if not mark.single}
        return directions, [(span.start, span.end) for span in found.top if not _single(span)]

    return marks_of


def _single(span: object) -> bool:
    marks = [getattr(span, "opened", None), getattr(span, "closed", None)]
    return all(mark is None or mark.single for mark in marks)


def score(corpus: Corpus, marks_of: Callable[[str], Reading], *, seed: int) -> Figures:
    """Return the figures of one corpus."""
    measures = {name: (Sides(), Sides()) for name in ("turned", "missing")}
    marks = left_out = 0
    for row in corpus.rows():
        text = row["text"]
        gold = list(paragraphs(text))
        marks += sum(text[at] in MARKS for start, end in gold for at in range(start, end))
        left_out += sum(text.count(mark) for mark in MARKS)
        for draw in range(DRAWS if gold else 0):
            name = f"{seed}:{draw}:{row['id']}"
            for measure, (directions, quoted) in measures.items():
                missing = MISSING if measure == "missing" else 0.0
                changed = corrupt.marks(text, seed=name, turned=TURNED, missing=missing)
                compare(text, gold, changed, marks_of(changed.text), to=(directions, quoted))
    figures: Figures = {"marks": marks, "left_out": left_out - marks}
    for measure, (directions, quoted) in measures.items():
        wrong, other = (side.gold - side.right for side in (directions.ours, directions.plain))
        figures[measure] = {
            "accuracy": directions.ours.recall if marks else None,
            "alternation_accuracy": directions.plain.recall if marks else None,
            "ratio": wrong / other if other else None,
            "errors": wrong,
            "alternation_errors": other,
            "read": directions.ours.gold,
            "in_quote": quoted.ours.figures(),
            "alternation": quoted.plain.figures(),
        }
    return figures


@dataclass(slots=True)
class Sides:
    """The same count for our reading and for alternation."""

    ours: Counts = field(default_factory=Counts)
    plain: Counts = field(default_factory=Counts)


def paragraphs(text: str) -> Iterator[tuple[int, int]]:
    """Yield start and end of the paragraphs that are judged."""
    lines = [match.span() for match in _LINE.finditer(text) if match.group().strip()]
    for number, (start, end) in enumerate(lines):
        typed = [c for c in text[start:end] if c in MARKS]
        in_order = all(mark == MARKS[i % 2] for i, mark in enumerate(typed))
        following = text[lines[number + 1][0]] if number + 1 < len(lines) else ""
        closed = len(typed) % 2 == 0 or following == MARKS[0]
        if typed and in_order and closed and '"' not in text[start:end]:
            yield start, end


def alternating(text: str, start: int, end: int) -> Reading:
    """Return the reading of a paragraph whose marks open and close in turn; the last may stay open."""
    marks = [at for at in range(start, end) if text[at] in MARKS]
    spans = [(a + 1, b) for a, b in zip(marks[::2], [*marks[1::2], end], strict=False)]
    return {at: ("open", "close")[i % 2] for i, at in enumerate(marks)}, spans


def compare(
    text: str,
    gold: Iterable[tuple[int, int]],
    changed: corrupt.Corrupted,
    read: Reading,
    *,
    to: tuple[Sides, Sides],
) -> None:
    """Add one corrupted text's counts of directions and of characters between marks."""
    directions, quoted = to
    meant, spans = read
    inside = extent(changed.text, spans)
    for border in gold:
        moved = changed.move(*border)
        if moved is None:
            continue
        start, end = moved
        typed, quotes = alternating(text, *border)
        places = {at: changed.move(at, at + 1) for at in typed}
        wanted = {place[0]: typed[at] for at, place in places.items() if place}
        alternate, alternate_spans = alternating(changed.text, start, end)
        here = {at: found for at, found in meant.items() if start <= at < end}
        directions.ours += exact(wanted.items(), here.items())
        directions.plain += exact(wanted.items(), alternate.items())
        said = [extent(changed.text, [place for span in quotes if (place := changed.move(*span))])]
        quoted.ours += characters(said, [inside & frozenset(range(start, end))])
        quoted.plain += characters(said, [extent(changed.text, alternate_spans)])
