"""Corpora as they are published -> documents of words, in the words the running pipeline sees.

The formats are described in benchmarks/README.md. Text corpora are split by the pipeline's own tokenizer,
syntax corpora keep the words they were annotated on (the two agree on almost every word).
"""

from __future__ import annotations

import gzip
import json
from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

from tasks.extract.encoder.pieces import gap_of
from tasks.pipeline import build
from training.documents import Attribution, Document, Span, Word, write

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from spacy.tokenizer import Tokenizer


def _rows(path: Path) -> Iterator[dict]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


class Words:
    """The words of one text, found by character offset."""

    def __init__(self, tokenizer: Tokenizer, text: str) -> None:
        tokens = [token for token in tokenizer(text) if not token.is_space]
        self.texts = [token.text for token in tokens]
        self.starts = [token.idx for token in tokens]
        self.ends = [token.idx + len(token) for token in tokens]
        previous = [0, *self.ends]
        self.gaps = [
            gap_of(text[end:start], first=index == 0)
            for index, (end, start) in enumerate(zip(previous, self.starts, strict=False))
        ]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The words that share a character with [start, end)."""
        return bisect_right(self.ends, start), bisect_left(self.starts, end)

    def labelled(self, start: int, end: int, label: str) -> Span:
        """The word span of a labelled character span."""
        first, last = self.span(start, end)
        return first, last, label


def _outermost(spans: list[Span]) -> list[Span]:
    """Of spans that overlap, the longest; of equally long ones, the first."""
    taken: list[Span] = []
    last = 0
    kept: set[Span] = set()
    used: set[int] = set()
    for span in sorted(set(spans), key=lambda span: (span[0] - span[1], span)):
        words = range(span[0], span[1])
        if words and used.isdisjoint(words):
            used.update(words)
            kept.add(span)
            last = max(last, span[1])
    taken.extend(sorted(kept))
    return taken


def _entities(path: Path, corpus: str, labels: dict[str, str], tokenizer: Tokenizer) -> Iterator[Document]:
    for row in _rows(path):
        words = Words(tokenizer, row["text"])
        spans = [
            words.labelled(entity["start"], entity["end"], labels[entity["label"]])
            for entity in row["entities"]
            if labels.get(entity["label"])
        ]
        yield Document(row["id"], corpus, words.texts, words.gaps, entities=_outermost(spans))


def _attributions(path: Path, corpus: str, _: dict[str, str], tokenizer: Tokenizer) -> Iterator[Document]:
    for row in _rows(path):
        words = Words(tokenizer, row["text"])
        found = [
            Attribution(
                *(
                    [span for span in (words.span(s, e) for s, e in part[name]) if span[0] < span[1]]
                    for name in ("source", "cue", "content")
                )
            )
            for part in row["attributions"]
        ]
        yield Document(row["id"], corpus, words.texts, words.gaps, attributions=found)


def _text(path: Path, corpus: str, _: dict[str, str], tokenizer: Tokenizer) -> Iterator[Document]:
    """Text alone: what annotations there are belong to another kind."""
    for row in _rows(path):
        words = Words(tokenizer, row["text"])
        yield Document(row["id"], corpus, words.texts, words.gaps)


def _tone(path: Path, corpus: str, _: dict[str, str], tokenizer: Tokenizer) -> Iterator[Document]:
    for row in _rows(path):
        words = Words(tokenizer, row["text"])
        target = words.labelled(*row["target"], row["label"])
        yield Document(row["id"], corpus, words.texts, words.gaps, tone=[target])


def _sentences(path: Path) -> Iterator[tuple[list[str], list[list[str]]]]:
    comments: list[str] = []
    rows: list[list[str]] = []
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for raw in file:
            line = raw.rstrip("\n")
            if line.startswith("#"):
                comments.append(line)
            elif line:
                rows.append(line.split("\t"))
            elif rows:
                yield comments, rows
                comments, rows = [], []
    if rows:
        yield comments, rows


def _gaps(rows: list[list[str]], first_gap: int) -> list[int]:
    """A gap for every syntactic word; words inside one written token have none before them."""
    gaps: list[int] = []
    joined_until, space_after_token, gap = 0, True, first_gap
    for row in rows:
        space = "SpaceAfter=No" not in row[9]
        if "-" in row[0]:
            joined_until, space_after_token = int(row[0].split("-")[1]), space
        elif "." not in row[0]:
            gaps.append(gap)
            inside = int(row[0]) < joined_until
            ends_token = int(row[0]) == joined_until
            gap = 1 if inside else 2 if (space_after_token if ends_token else space) else 1
    return gaps


def _syntax(path: Path, corpus: str, _: dict[str, str], __: Tokenizer) -> Iterator[Document]:
    document: Document | None = None
    for comments, rows in _sentences(path):
        if document is None or any(comment.startswith("# newdoc") for comment in comments):
            if document is not None:
                yield document
            name = f"{corpus}-{comments[0]}" if comments else corpus
            document = Document(name, corpus, [], [], syntax=[], sentence_starts=[])
        assert document.syntax is not None
        assert document.sentence_starts is not None
        offset = len(document.words)
        paragraph = not document.words or any(comment.startswith("# newpar") for comment in comments)
        document.sentence_starts.append(offset)
        document.gaps.extend(_gaps(rows, 4 if paragraph else 2))
        for row in rows:
            if row[0].isdigit():
                head = int(row[6])
                document.words.append(row[1])
                document.syntax.append(
                    Word(row[3], row[4], row[2], offset + head - 1 if head else -1, row[7])
                )
    if document is not None:
        yield document


READERS: dict[str, Callable[[Path, str, dict[str, str], Tokenizer], Iterator[Document]]] = {
    "ner": _entities,
    "quotes": _attributions,
    "syntax": _syntax,
    "tone": _tone,
}


def prepare(data: Path, out: Path, corpora: list[str], part: str) -> dict[str, int]:
    """Write one file of documents a corpus (`ner/wikigold` -> `ner-wikigold.train.jsonl.gz`); counts by name.

    `part` is `train`, `dev`, or `text` for the text alone of the training part. Raises FileNotFoundError when
    a corpus is not under `data`; not every corpus has a dev part.
    """
    out.mkdir(parents=True, exist_ok=True)
    tokenizer = build(()).tokenizer
    labels: dict[str, dict[str, str]] = {}
    label_file = data / "ner" / "labels.json"
    if label_file.exists():
        labels = json.loads(label_file.read_text(encoding="utf-8"))
    counts = {}
    for corpus in corpora:
        kind, name = corpus.split("/")
        suffix = "conllu" if kind == "syntax" else "jsonl"
        source = data / kind / name / f"{'train' if part == 'text' else part}.{suffix}.gz"
        if part == "dev" and not source.exists():
            continue
        read = _text if part == "text" else READERS[kind]
        target = out / f"{kind}-{name}.{part}.jsonl.gz"
        counts[corpus] = write(target, read(source, corpus, labels.get(name, {}), tokenizer))
    return counts
