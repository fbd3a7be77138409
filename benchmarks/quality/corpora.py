"""Corpora as folders of files, one text a line.

A corpus is a folder with `dev.jsonl.gz` (or `.jsonl`, `.conllu`, `.conllu.gz`; also `test`, `train`).
`--data` is such a folder, or a folder of them, or one that sorts them by kind (`ner/`, `quotes/`, `timex/`,
`html/`, `geo/`, `topics/`, `tone/`, `syntax/`). Offsets are code points, end exclusive. A corpus is told
from its folder's name; what it holds, from the kind's folder or, failing that, from the keys of its first
line.
"""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

KINDS: dict[str, frozenset[str]] = {
    "ner": frozenset({"entities"}),
    "quotes": frozenset({"attributions"}),
    "timex": frozenset({"timexes"}),
    "html": frozenset({"html"}),
    "geo": frozenset({"toponyms"}),
    "events": frozenset({"events"}),
    "topics": frozenset({"iptc"}),
    "tone": frozenset({"target", "label"}),
    "raw": frozenset({"title", "text"}),
    "syntax": frozenset(),
}
"""Keys that every line of a corpus of this kind has. Files of the kind `syntax` are CoNLL-U."""

ALTERNATIVE: dict[str, frozenset[str]] = {"timex": frozenset({"expected"})}
SPLITS = ("dev", "test", "eval")
SUFFIXES = (".jsonl.gz", ".jsonl")
TREES = (".conllu.gz", ".conllu")

COMMON_LABELS = {
    "PER": "PERSON",
    "PEOPLE": "PERSON",
    "ORGANIZATION": "ORG",
    "ORGANISATION": "ORG",
    "GPE": "LOC",
    "LOCATION": "LOC",
    "FACILITY": "FAC",
    "NATIONALITY": "NORP",
    "TIME": "DATE",
    "WORK_OF_ART": "MISC",
    "LANGUAGE": "MISC",
}
"""What other people call our labels, in capitals, for a corpus without a mapping of its own."""


class DataError(Exception):
    """There is nothing to measure in the folder that was named; the message says what was looked for."""


@dataclass(frozen=True)
class Options:
    """What the command line says; `limit` counts texts (trees: sentences) of each corpus."""

    data: Path
    limit: int | None = None
    split: str | None = None
    only: frozenset[str] = frozenset()
    pipeline: str | None = None
    seed: int = 1


@dataclass(frozen=True)
class Corpus:
    """One file of one corpus. `labels` maps the corpus's own labels to ours (None: no counterpart)."""

    name: str
    path: Path
    split: str
    limit: int | None = None
    labels: Mapping[str, str | None] = field(default_factory=dict)

    def rows(self) -> Iterator[dict[str, Any]]:
        """Yield the lines of a JSON Lines file, at most `limit` of them."""
        for number, line in enumerate(_lines(self.path)):
            if self.limit is not None and number >= self.limit:
                return
            if line.strip():
                yield json.loads(line)

    def label(self, own: str) -> str | None:
        """Return our label for one of the corpus's own; None where there is no counterpart."""
        if own in self.labels:
            return self.labels[own]
        return COMMON_LABELS.get(own.upper(), own.upper())


def find(options: Options, kind: str) -> list[Corpus]:
    """Return the corpora of a kind, by name. Raises DataError when there is none."""
    root = options.data
    if not root.is_dir():
        raise DataError(f"--data {root}: there is no such folder.")
    sorted_by_kind = (root / kind).is_dir()
    base = root / kind if sorted_by_kind else root
    folders = [base, *sorted(path for path in base.iterdir() if path.is_dir())]
    found = []
    for folder in folders:
        path = _file(folder, kind, options.split)
        if path is None or (options.only and folder.name not in options.only):
            continue
        if kind != "syntax" and not _fits(path, kind):
            continue
        name = folder.resolve().name
        split = path.name.split(".", maxsplit=1)[0]
        found.append(Corpus(name, path, split, options.limit, _mapping(folder, name)))
    if not found:
        files = " or ".join(f"{options.split or 'dev'}{s}" for s in (TREES if kind == "syntax" else SUFFIXES))
        raise DataError(
            f"--data {root}: no corpus of the kind {kind!r} in it or in its folders. Looked for {files}; "
            "the formats stand in benchmarks/README.md."
        )
    return found


def _file(folder: Path, kind: str, split: str | None) -> Path | None:
    suffixes = TREES if kind == "syntax" else SUFFIXES
    for name in (split,) if split else SPLITS:
        for suffix in suffixes:
            if (folder / f"{name}{suffix}").is_file():
                return folder / f"{name}{suffix}"
    if split:
        return None
    others = [p for p in sorted(folder.iterdir()) if p.name.endswith(suffixes) and p.name[:5] != "train"]
    return others[0] if others else None


def _fits(path: Path, kind: str) -> bool:
    for line in _lines(path):
        if line.strip():
            keys = json.loads(line).keys()
            return keys >= KINDS[kind] or (kind in ALTERNATIVE and keys >= ALTERNATIVE[kind])
    return False


def _mapping(folder: Path, name: str) -> dict[str, str | None]:
    """Return the corpus's part of the nearest `labels.json` (by corpus, or flat beside the corpus)."""
    for place in (folder, folder.parent):
        path = place / "labels.json"
        if path.is_file():
            content = json.loads(path.read_text(encoding="utf-8"))
            if isinstance(content.get(name), dict):
                return dict(content[name])
            if place == folder and all(value is None or isinstance(value, str) for value in content.values()):
                return dict(content)
    return {}


def _lines(path: Path) -> Iterator[str]:
    if path.suffix == ".gz":
        with gzip.open(path, "rt", encoding="utf-8") as file:
            yield from file
    else:
        with path.open(encoding="utf-8") as file:
            yield from file


def blocks(corpus: Corpus) -> Iterator[list[str]]:
    """Yield the sentences of a CoNLL-U file, each as its lines, at most `limit` of them."""
    count = 0
    sentence: list[str] = []
    for line in _lines(corpus.path):
        if line.strip():
            sentence.append(line.rstrip("\n"))
        elif sentence:
            yield sentence
            sentence = []
            count += 1
            if corpus.limit is not None and count >= corpus.limit:
                return
    if sentence:
        yield sentence
