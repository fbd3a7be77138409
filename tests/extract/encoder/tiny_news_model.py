"""A news model of a few words, written with `onnx` and run by onnxruntime: a word's scores hang on it alone.

Each word of `WORDS` says by head which label is sure of it. Verbs are roots, other words hang from a verb.
"""

from __future__ import annotations

import hashlib
import json
import re
from typing import TYPE_CHECKING

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from tasks.extract.encoder.pieces import FEATURES
from worker.record import Article, Block, Coverage, Translation

if TYPE_CHECKING:
    from pathlib import Path

SURE = 8.0
LABELS = {
    "entities": ["O", *(f"{place}-{label}" for label in ("PERSON", "LOC") for place in "BILU")],
    "source": ["O", "B", "I"],
    "cue": ["O", "B", "I"],
    "content": ["O", "B", "I"],
    "upos": ["NOUN", "PROPN", "VERB", "PUNCT"],
    "xpos": ["NN", "NNP", "VBD", "."],
    "lemma": ["lower:0:", "keep:0:", "lower:2:y"],
    "relation": ["dep", "nsubj", "root", "obj", "punct"],
    "tone": ["negative", "neutral", "positive"],
}
PAIRS = ("arc_dependent", "arc_head", "relation_dependent", "relation_head")
LINKS = ("source_query", "source_key", "cue_query", "cue_key")
WIDTHS = {
    **{head: len(names) for head, names in LABELS.items() if head != "relation"},
    "sentence_start": 1,
    "arc_dependent": 4,
    "arc_head": 4,
    "relation_dependent": len(LABELS["relation"]),
    "relation_head": len(LABELS["relation"]),
    **dict.fromkeys(LINKS, 4),
}
WORDS: dict[str, dict[str, str]] = {
    "anna": {"entities": "B-PERSON", "source": "B", "upos": "PROPN", "xpos": "NNP", "lemma": "keep:0:"},
    "berg": {"entities": "L-PERSON", "source": "I", "upos": "PROPN", "xpos": "NNP", "lemma": "keep:0:"},
    "oslo": {"entities": "U-LOC", "upos": "PROPN", "xpos": "NNP", "lemma": "keep:0:", "tone": "positive"},
    "she": {"source": "B", "relation": "nsubj"},
    "said": {"cue": "B", "upos": "VERB", "xpos": "VBD", "lemma": "lower:2:y"},
    "that": {"content": "B"},
    "it": {"content": "I", "relation": "nsubj"},
    "rained": {"content": "I", "upos": "VERB", "xpos": "VBD"},
    "then": {"sentence_start": "yes"},
    ".": {"upos": "PUNCT", "xpos": ".", "relation": "punct"},
    "##s": {},
}
MARKS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"]


def slices() -> dict[str, list[int]]:
    """Return first and last column of each head."""
    ends = np.cumsum(list(WIDTHS.values())).tolist()
    return {head: [end - width, end] for (head, width), end in zip(WIDTHS.items(), ends, strict=True)}


def _row(piece: str) -> np.ndarray:
    about = WORDS.get(piece, {})
    columns = slices()
    row = np.zeros(sum(WIDTHS.values()), dtype=np.float32)

    def put(head: str, *values: float) -> None:
        row[columns[head][0] : columns[head][0] + len(values)] = values

    for head, names in LABELS.items():
        if head not in {"relation", "tone"}:
            row[columns[head][0] + names.index(about.get(head, names[0]))] = SURE
    row[columns["tone"][0] + LABELS["tone"].index(about.get("tone", "neutral"))] = 2.0
    row[columns["relation_dependent"][0] + LABELS["relation"].index(about.get("relation", "obj"))] = SURE
    put("sentence_start", SURE if "sentence_start" in about else -SURE)
    verb, root = about.get("upos") == "VERB", piece == "[CLS]"
    put("arc_dependent", *((0, SURE) if verb else (SURE, 0)))
    put("arc_head", *((0, SURE) if root else (SURE, 0) if verb else (-SURE, -SURE)))
    put("source_query", 1)
    put("source_key", 4 if root else 6 if piece == "anna" else 2)
    put("cue_query", 1)
    put("cue_key", 0 if root else 9)
    return row


def write_tiny_model(folder: Path, **changes: object) -> Path:
    """Write the model's files; `changes` go into `model.json`."""
    vocabulary = [*MARKS, *WORDS]
    table = np.stack([_row(piece) for piece in vocabulary])
    nodes = [
        helper.make_node("Gather", ["table", "pieces"], ["rows"]),
        helper.make_node("Gather", ["features_table", "features"], ["shapes"]),
        helper.make_node("Add", ["rows", "shapes"], ["sum"]),
        helper.make_node("Gather", ["sum", "words"], ["scores"]),
    ]
    graph = helper.make_graph(
        nodes,
        "tiny",
        [helper.make_tensor_value_info(name, TensorProto.INT64, [None]) for name in INPUTS],
        [helper.make_tensor_value_info("scores", TensorProto.FLOAT, [None, table.shape[1]])],
        [
            numpy_helper.from_array(table, "table"),
            numpy_helper.from_array(np.zeros((FEATURES, table.shape[1]), dtype=np.float32), "features_table"),
        ],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "news.onnx").write_bytes(model.SerializeToString())
    (folder / "vocab.txt").write_text("\n".join(vocabulary) + "\n", encoding="utf-8")
    about = {
        "name": "tiny",
        "version": "0",
        "max_pieces": 32,
        "files": {name: sha256(folder / name) for name in ("news.onnx", "vocab.txt")},
        "slices": slices(),
        "labels": LABELS,
        "temperatures": {"entities": 2.0},
        **changes,
    }
    (folder / "model.json").write_text(json.dumps(about), encoding="utf-8")
    return folder


INPUTS = ("pieces", "features", "words")


def sha256(path: Path) -> str:
    """Return the digest of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def article(text: str, language: str | None = "en") -> Article:
    """Return an article whose paragraphs stand between blank lines."""
    ends = [match.end() for match in re.finditer(r"\n\s*\n", text)] + [len(text)]
    bounds = [(start, end) for start, end in zip([0, *ends], ends, strict=False) if start < end]
    return Article(
        coverage=Coverage(characters_read=len(text)),
        media_type="text/plain",
        text=text,
        language=language,
        blocks=[Block(start=start, end=end, kind="paragraph", rule="test") for start, end in bounds],
        translation=Translation(score=0.0, verdict="unlikely", signs=[]),
    )
