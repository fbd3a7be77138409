"""The news model as it ships: its files, checked, and the session that runs them on one thread.

A folder holds `news.onnx`, `vocab.txt` and `model.json`, which names the columns of the scores, the labels,
the temperatures and the SHA-256 of the other files. `python -m training export` writes such a folder.
"""

from __future__ import annotations

import functools
import hashlib
import importlib.resources
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from tasks.extract.encoder.pieces import WordPieces
from worker.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

T = TypeVar("T")

DESCRIPTION = "model.json"
WEIGHTS = "news.onnx"
VOCABULARY = "vocab.txt"


class Session(Protocol):
    """What is used of onnxruntime's session."""

    def run(self, outputs: Sequence[str], inputs: Mapping[str, NDArray[np.int64]]) -> Sequence[Any]:
        """Return the named outputs."""
        ...


@dataclass(frozen=True, slots=True)
class NewsModel:
    """A model ready to run. `digest` is the SHA-256 of `model.json`, which holds those of the other files."""

    name: str
    version: str
    digest: str
    max_pieces: int
    slices: dict[str, tuple[int, int]]
    labels: dict[str, list[str]]
    temperatures: dict[str, float]
    pieces: WordPieces
    session: Session

    def scores(
        self, pieces: NDArray[np.int64], features: NDArray[np.int64], words: NDArray[np.int64]
    ) -> Floats:
        """Return the scores [1 + words, columns] of one window; row 0 is the root.

        `pieces` and `features` [pieces] with [CLS] and [SEP]; `words` [1 + words] are positions in them.
        """
        inputs = {"pieces": pieces, "features": features, "words": words}
        scores: Floats = self.session.run(["scores"], inputs)[0]
        return scores

    def temperature(self, head: str) -> float:
        """Return what the logits of a head are divided by before the softmax."""
        return self.temperatures.get(head, 1.0)

    def label(self, head: str, numbers: NDArray[np.int16]) -> list[str]:
        """Return the labels of a head for numbers of columns."""
        names = self.labels[head]
        return [names[number] for number in numbers.tolist()]


def default_folder() -> Path:
    """Return where the model that ships lies."""
    return Path(str(importlib.resources.files("tasks"))) / "models" / "news"


def load(folder: Path | None = None) -> NewsModel:
    """Return the model of a folder (the one that ships when none is named), loaded once a process.

    May be called before a fork and used after it: the session has no threads of its own. Raises ModelError,
    which names the file and the remedy, when one is missing, damaged or of another make.
    """
    return _load((folder or default_folder()).absolute())


@functools.lru_cache(maxsize=2)
def _load(folder: Path) -> NewsModel:
    described = _reading(folder / DESCRIPTION, Path.read_bytes)
    try:
        about = json.loads(described)
        digests = {str(name): str(digest) for name, digest in about["files"].items()}
        slices = {str(name): (int(first), int(last)) for name, (first, last) in about["slices"].items()}
        labels = {str(name): [str(label) for label in names] for name, names in about["labels"].items()}
        temperatures = {str(head): float(value) for head, value in about["temperatures"].items()}
        name, version, max_pieces = str(about["name"]), str(about["version"]), int(about["max_pieces"])
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelError(f"{folder / DESCRIPTION} does not describe a model: {error!r}. {_REMEDY}") from error
    for path in [folder / file for file in sorted({WEIGHTS, VOCABULARY, *digests})]:
        if _reading(path, _digest) != digests.get(path.name):
            why = f"is not the file that {DESCRIPTION} describes: its SHA-256 differs"
            raise ModelError(f"{path} {why}. {_REMEDY}")
    return NewsModel(
        name=name,
        version=version,
        digest=hashlib.sha256(described).hexdigest(),
        max_pieces=max_pieces,
        slices=slices,
        labels=labels,
        temperatures=temperatures,
        pieces=WordPieces((folder / VOCABULARY).read_bytes().decode().rstrip("\n").split("\n")),
        session=_session(folder / WEIGHTS),
    )


_REMEDY = "Install copydesk again, or name another folder in news_model."


def _reading(path: Path, read: Callable[[Path], T]) -> T:
    try:
        return read(path)
    except OSError as error:
        raise ModelError(f"{path} cannot be read: {error.strerror}. {_REMEDY}") from error


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _session(path: Path) -> Session:
    # 30 MB of memory: only where a model is run.
    import onnxruntime  # noqa: PLC0415

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.add_session_config_entry("session.inter_op.allow_spinning", "0")
    options.enable_mem_pattern = False  # one would be kept for each length of window
    options.log_severity_level = 3
    try:
        # By path: from bytes it takes 25 MB more, for good.
        session: Session = onnxruntime.InferenceSession(
            str(path), sess_options=options, providers=["CPUExecutionProvider"]
        )
    except Exception as error:  # onnxruntime's errors have no base of their own
        raise ModelError(f"{path} cannot be run by onnxruntime {onnxruntime.__version__}: {error}") from error
    return session
