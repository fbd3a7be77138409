"""Source, cue and content by the learned tagger alone, before any rule of `copydesk.quotes`.

Predictions are `doc.spans["source"]`, `["cue"]`, `["content"]`. Every part is scored by itself; who belongs
to whom is the business of the area `quotes`.

- A gold part may stand in several spans, may be empty, and may be shared by attributions (one source, two
  contents): empty ones are left out, a part with the same spans counts once in its text. Gold contents
  inside others count like any other.
- A predicted source or cue is one span. Two predicted contents (also those of `doc.spans["inner"]`) that
  are linked to the same cue are one content when the cue stands between them in their paragraph: so the
  gold has nearly all of its contents of several spans. `doc.spans["content"].attrs["cue"]` holds the number
  of each one's cue, -1 for none.
- `exact`: the same extent of all the spans together, not looking at white space and quote marks
  (`matching.extent`). `overlap`: at least half of the union of both extents in common, matched one to one,
  best first. `any`: at least one character in common, one to one. `token`: spaCy tokens (no white space, no
  quote marks) that lie in some part.
- `alpha`: Krippendorff's alpha over tokens that are each content, source, cue (in this order, the last one
  counts) or none, between the gold and the prediction. Of two annotators of PolNeAR it is 75.4 (its README).
- `piece` of the content: every contiguous span for itself, gold and predicted; exact and overlap as above.
  Spans with nothing but white space and quote marks between them are one piece.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from benchmarks.quality import corpora, predict
from benchmarks.quality.matching import (
    QUOTE_MARKS,
    Counts,
    Extent,
    alpha,
    covered,
    exact,
    extent,
    overlapping,
    touching,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Sequence

    from spacy.tokens import Doc

    from benchmarks.quality.report import Figures

PARTS = ("content", "source", "cue")
NO_CUE = -1

Spans = tuple[tuple[int, int], ...]


def measure(options: corpora.Options) -> Figures:
    """Return the figures of every corpus of the kind `quotes`."""
    found = corpora.find(options, "quotes")
    annotate = predict.annotator(predict.build(options.pipeline, predict.ATTRIBUTION))
    return {corpus.name: score(corpus, annotate) for corpus in found}


def score(corpus: corpora.Corpus, annotate: Callable[[str], Doc]) -> Figures:
    """Return the figures of one corpus; parts that its gold never has are left out."""
    counts: defaultdict[str, defaultdict[str, Counts]] = defaultdict(lambda: defaultdict(Counts))
    texts = 0
    labels: Counter[tuple[Hashable, Hashable]] = Counter()
    for row in corpus.rows():
        texts += 1
        text = row["text"]
        doc = annotate(text)
        tokens = [(t.idx, t.idx + len(t)) for t in doc if not t.is_space]
        sides = [dict.fromkeys(tokens, "none") for _ in range(2)]
        for part in PARTS:
            gold = gold_of(row["attributions"], part)
            found = predicted_of(doc, part)
            for side, parts in zip(sides, (gold, found), strict=True):
                chars = {at for spans in parts for start, end in spans for at in range(start, end)}
                side.update((token, part) for token in tokens if token[0] in chars)
            add(counts[part], text, tokens, gold, found)
            if part == "content":
                whole, given = (
                    [(p,) for spans in side for p in joined(text, spans)] for side in (gold, found)
                )
                add(counts["piece"], text, tokens, whole, given)
        labels.update((sides[0][token], sides[1][token]) for token in tokens)
    return {
        "texts": texts,
        "alpha": alpha(labels),
        **{
            part: {measure: count.figures() for measure, count in by.items()}
            for part, by in counts.items()
            if by["exact"].gold
        },
    }


def add(
    counts: dict[str, Counts],
    text: str,
    tokens: Sequence[Sequence[int]],
    gold: Iterable[Spans],
    found: Iterable[Spans],
) -> None:
    """Add one text's exact, overlap and token counts of one part."""
    wanted: list[Extent] = [chars for spans in gold if (chars := extent(text, spans))]
    given: list[Extent] = [chars for spans in found if (chars := extent(text, spans))]
    counts["exact"] += exact(wanted, given)
    counts["overlap"] += overlapping(wanted, given)
    counts["any"] += touching(wanted, given)
    sides = [covered(tokens, frozenset().union(*side)) for side in (wanted, given)]
    counts["token"] += exact(*sides)


def gold_of(attributions: Iterable[dict[str, list[list[int]]]], part: str) -> list[Spans]:
    """Return the distinct, non-empty parts of a text in order."""
    found = {tuple(sorted((start, end) for start, end in a[part])) for a in attributions}
    return sorted(spans for spans in found if spans)


def predicted_of(doc: Doc, part: str) -> list[Spans]:
    """Return the distinct predicted parts in order; contents around their cue are one."""
    found: set[Spans] = set()
    for key in ("content", "inner") if part == "content" else (part,):
        group = doc.spans.get(key, ())
        spans = [(span.start_char, span.end_char) for span in group]
        cues = group.attrs.get("cue") if group else None
        if not cues:
            found |= {(span,) for span in spans}
            continue
        by_cue: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
        for span, cue in zip(spans, cues, strict=True):
            if cue == NO_CUE:
                found.add((span,))
            else:
                by_cue[cue].append(span)
        for cue, pieces in by_cue.items():
            found |= around(doc.text, sorted(pieces), doc.spans["cue"][cue].start_char)
    return sorted(found)


def around(text: str, spans: Sequence[tuple[int, int]], cue: int) -> set[Spans]:
    """Return the contents of one cue: the nearest span on either side together, all others by themselves."""
    before = max((span for span in spans if span[1] <= cue), default=None)
    behind = min((span for span in spans if span[0] >= cue), default=None)
    if before is None or behind is None or "\n" in text[before[1] : behind[0]]:
        return {(span,) for span in spans}
    return {(before, behind), *((span,) for span in spans if span not in (before, behind))}


def joined(text: str, spans: Spans) -> list[tuple[int, int]]:
    """Join spans that have nothing but white space and quote marks between them."""
    pieces: list[tuple[int, int]] = []
    for start, end in spans:
        between = text[pieces[-1][1] : start] if pieces else None
        if between is not None and all(c.isspace() or c in QUOTE_MARKS for c in between):
            pieces[-1] = (pieces[-1][0], max(end, pieces[-1][1]))
        else:
            pieces.append((start, end))
    return pieces
