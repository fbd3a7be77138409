"""Corpora of a few invented lines, written where the benchmark looks for them."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING, Any

from benchmarks.quality import corpora

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


def write(root: Path, kind: str, name: str, rows: Iterable[dict[str, Any]], split: str = "dev") -> Path:
    """Write one corpus as `root/kind/name/split.jsonl.gz`; return its folder."""
    folder = root / kind / name
    folder.mkdir(parents=True, exist_ok=True)
    with gzip.open(folder / f"{split}.jsonl.gz", "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)
    return folder


def only(root: Path, kind: str, **options: Any) -> corpora.Corpus:
    """Return the one corpus of a kind."""
    (corpus,) = corpora.find(corpora.Options(root, **options), kind)
    return corpus


def spans(text: str, *pieces: str) -> list[list[int]]:
    """Return (start, end) of the first occurrence of each piece."""
    return [[text.index(piece), text.index(piece) + len(piece)] for piece in pieces]
