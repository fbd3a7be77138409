"""Named entities: `doc.ents` of the pipeline against the spans of a corpus.

- `strict`: start, end and label are equal, all types together (micro). `types`: the same by type, every
  type that the corpus annotates. `span`: start and end alone.
- The corpus's labels are mapped to ours by its `labels.json`. Predicted labels are folded into what the
  corpus has: LAW, EVENT into MISC, WEAPON into PRODUCT or MISC, where it has the latter and not the former;
  in corpora that know nothing but PERSON, ORG, LOC (and MISC), FAC becomes LOC, and NORP and PRODUCT become
  MISC if there is one.
- A predicted label that the corpus does not annotate even so is left out, not counted as wrong. So is gold
  whose label has no counterpart among ours.
- `corrupted`: the same texts after `corrupt.sloppy`, gold spans moved with them; `loss` is clean less
  corrupted strict F1. Gold that the corruption leaves without a token border counts as missed like any
  other.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from benchmarks.quality import corpora, corrupt, predict
from benchmarks.quality.matching import Counts, exact

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from spacy.tokens import Doc

    from benchmarks.quality.report import Figures

Entity = tuple[int, int, str]

FOLDS = {"LAW": ("MISC",), "EVENT": ("MISC",), "WEAPON": ("PRODUCT", "MISC"), "TIME": ("DATE",)}
FOUR_TYPES = frozenset({"PERSON", "ORG", "LOC", "MISC"})
FOUR_TYPES_FOLDS = {"FAC": "LOC", "NORP": "MISC", "PRODUCT": "MISC", "WEAPON": "MISC"}
CORRUPTED = frozenset({"en-worldwide-newswire"})
"""Corpora measured corrupted too when several are measured; one that is measured alone always is."""


def measure(options: corpora.Options) -> Figures:
    """Return the figures of every corpus of the kind `ner`."""
    found = corpora.find(options, "ner")
    annotate = predict.annotator(predict.build(options.pipeline, predict.ENTITIES))
    figures: Figures = {}
    for corpus in found:
        figures[corpus.name] = score(corpus, annotate)
        if corpus.name in CORRUPTED or len(found) == 1:
            sloppy = score(corpus, annotate, seed=options.seed)
            figures[corpus.name]["corrupted"] = sloppy
            figures[corpus.name]["loss"] = figures[corpus.name]["strict"]["f1"] - sloppy["strict"]["f1"]
    return figures


def score(corpus: corpora.Corpus, annotate: Callable[[str], Doc], *, seed: int | None = None) -> Figures:
    """Return the figures of one corpus, corrupted first when there is a seed."""
    rows = list(corpus.rows())
    types = {label for row in rows for e in row["entities"] if (label := corpus.label(e["label"]))}
    strict, span = Counts(), Counts()
    by_type: defaultdict[str, Counts] = defaultdict(Counts)
    for row in rows:
        gold = gold_of(row["entities"], corpus)
        text = row["text"]
        if seed is not None:
            changed = corrupt.sloppy(text, names=gold, seed=f"{seed}:{row['id']}")
            text = changed.text
            gold = [(*moved, label) for *where, label in gold if (moved := changed.move(*where))]
        found = fold(((e.start_char, e.end_char, e.label_) for e in annotate(text).ents), types)
        strict += exact(gold, found)
        span += exact([e[:2] for e in gold], [e[:2] for e in found])
        for label in types:
            by_type[label] += exact([e for e in gold if e[2] == label], [e for e in found if e[2] == label])
    return {
        "texts": len(rows),
        "strict": strict.figures(),
        "span": span.figures(),
        "types": {label: by_type[label].figures() for label in sorted(types)},
    }


def gold_of(entities: Iterable[dict[str, object]], corpus: corpora.Corpus) -> list[Entity]:
    """Return (start, end, our label) of the gold that has a counterpart, each span and label once."""
    found = {
        (int(str(e["start"])), int(str(e["end"])), label)
        for e in entities
        if (label := corpus.label(str(e["label"])))
    }
    return sorted(found)


def fold(found: Iterable[Entity], types: set[str]) -> list[Entity]:
    """Return the predictions under the labels that the corpus annotates, without all others."""
    folded = []
    for start, end, own in found:
        label = corpora.COMMON_LABELS.get(own, own)
        if label not in types:
            label = next((other for other in FOLDS.get(label, ()) if other in types), label)
        if types <= FOUR_TYPES:
            label = FOUR_TYPES_FOLDS.get(label, label)
        if label in types:
            folded.append((start, end, label))
    return folded
