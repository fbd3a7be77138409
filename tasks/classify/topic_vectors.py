"""The static word vectors of `tasks/models/topics`, and what is fitted on them. Plain numpy, no encoder.

The vector of a passage is the sum of its words' vectors, brought to length 1. Nothing here depends on what
else is in a batch, so the same passage has the same vector always.
"""

from __future__ import annotations

import functools
import hashlib
import importlib.resources
import json
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from tasks.classify.vocabulary import Column
from worker.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy.typing as npt

    Floats = npt.NDArray[np.float32]

LEAST_LENGTH = 0.2
"""Of a word's vector. Shorter ones, which the most frequent words have, say next to nothing and are not
looked at: a third of a text is made of them."""
_ONE_THREAD = 4 * 65_536
_ONE_THREAD_VECTOR = 4 * 2_304
_LEAST_CUT = 4
"""Rows that are cut into halves: a single row is a vector, with a limit of its own."""
_REMEDY = "Install copydesk again."


@dataclass(frozen=True)
class TopicVectors:
    """Word vectors, the head over top levels, and a prototype for every topic.

    `words` [V + 1, D] are in the order of `numbers`, and last 0 for a word that is not known. `head` [18, D]
    and `bias` [18] give logits of `codes` and, last, of no topic; `prototypes` [n, D] belong to `narrower`,
    each of length 1.
    """

    digest: str
    numbers: dict[str, int]
    words: Floats
    head: Floats
    bias: Floats
    codes: list[str]
    prototypes: Floats
    narrower: list[str]
    lexicon_weight: float
    most_sum: float
    temperature: float
    untaught: npt.NDArray[np.bool_]
    """Which top levels [17] no labelled text taught the head."""
    background: float
    number: Column[np.int64]
    """The row of `words` for a word in any case."""

    @property
    def unknown(self) -> int:
        """The row of `words` for a word that is not known."""
        return len(self.words) - 1

    def vectors_of(self, lowers: Iterable[str]) -> Floats:
        """Return the vectors [n, D] of words in lower case; 0 for a word that is not known."""
        return self.words.take([self.numbers.get(word, self.unknown) for word in lowers], axis=0)

    def of(self, phrase: Sequence[str]) -> Floats | None:
        """Return the vector [D] of a phrase, of length 1, or None when none of its words is known."""
        vector = self.vectors_of(phrase).sum(axis=0)
        length = float(np.linalg.norm(vector))
        return np.asarray(vector / length, dtype=np.float32) if length else None


def product(left: Floats, right: Floats) -> Floats:
    """Return the product [m, n] of matrices [m, D] and [D, n], the same bits on any number of threads.

    BLAS's own is not: OpenBLAS shares out so many multiplications between threads (interface/gemm.c
    and gemv.c). What is larger is made in pieces, and what cannot be cut one number after the other.
    """
    rows, columns = left.shape[0], right.shape[1]
    vector = rows == 1 or columns == 1
    if rows * right.size < (_ONE_THREAD_VECTOR if vector else _ONE_THREAD):
        return np.asarray(left @ right)
    if vector or max(rows, columns) < _LEAST_CUT:
        return np.asarray(np.vecdot(left[:, None], right.T[None]))
    if rows > columns:
        half = rows // 2
        return np.concatenate([product(left[:half], right), product(left[half:], right)])
    half = columns // 2
    return np.concatenate([product(left, right[:, :half]), product(left, right[:, half:])], axis=1)


def sums(vectors: Floats, bounds: Sequence[int]) -> tuple[Floats, Floats]:
    """Return the vectors [m, D] of passages, of length 1, and the lengths before.

    Those of the words of passage p are `vectors[bounds[p]:bounds[p + 1]]`. A passage without any is 0.
    """
    found = np.empty((len(bounds) - 1, vectors.shape[1]), dtype=np.float32)
    for row, (first, last) in enumerate(pairwise(bounds)):
        np.add.reduce(vectors[first:last], 0, None, found[row])  # `reduceat` takes twice as long
    lengths = np.maximum(np.sqrt(np.vecdot(found, found)), np.float32(1e-9))
    found /= lengths[:, None]
    return found, lengths


@functools.cache
def topic_vectors() -> TopicVectors:
    """Return what ships, read and checked once a process.

    Raises ModelError, which names the file and the remedy, when a file is missing or damaged.
    """
    folder = Path(str(importlib.resources.files("tasks"))) / "models" / "topics"
    described = _bytes(folder / "model.json")
    about = json.loads(described)
    for name, digest in about["files"].items():
        if hashlib.sha256(_bytes(folder / name)).hexdigest() != digest:
            raise ModelError(f"{folder / name} is not the file that model.json describes. {_REMEDY}")
    words = (folder / "words.txt").read_text(encoding="utf-8").splitlines()
    table = _array(folder, "words") * _array(folder, "scales").astype(np.float32)[:, None]
    prototypes = _array(folder, "prototypes") * _array(folder, "prototype_scales")[:, None]
    heard = np.flatnonzero(np.einsum("ij,ij->i", table, table) >= LEAST_LENGTH**2)
    table, words = table[heard], [words[number] for number in heard.tolist()]
    numbers = {word: number for number, word in enumerate(words)}
    return TopicVectors(
        digest=hashlib.sha256(described).hexdigest(),
        numbers=numbers,
        number=Column(lambda word: numbers.get(word, len(words)), np.int64, lower=True),
        words=np.vstack([table, np.zeros_like(table[:1])]),
        head=np.ascontiguousarray(_array(folder, "matrix").T),
        bias=_array(folder, "bias"),
        codes=list(about["codes"]),
        prototypes=np.asarray(prototypes, dtype=np.float32),
        narrower=list(about["narrower"]),
        lexicon_weight=float(about["lexicon_weight"]),
        most_sum=float(about["most_sum"]),
        temperature=float(about["temperature"]),
        untaught=np.array([code in about["untaught"] for code in about["codes"]]),
        background=float(about["background"]),
    )


def _array(folder: Path, name: str) -> Any:
    return np.load(folder / f"{name}.npy", allow_pickle=False)


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ModelError(f"{path} cannot be read: {error.strerror}. {_REMEDY}") from error
