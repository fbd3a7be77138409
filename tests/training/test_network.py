"""The network and its ONNX graph give the same scores. Runs where the extra `train` is installed."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING, Literal

import numpy as np
import pytest

torch = pytest.importorskip("torch")
onnx = pytest.importorskip("onnx")
onnxruntime = pytest.importorskip("onnxruntime")

from tasks.extract.encoder.pieces import WordPieces  # noqa: E402
from training.batches import EntityStates, batches_of, collate, targets_of, windows_of  # noqa: E402
from training.documents import Attribution, Document  # noqa: E402
from training.export import ranges_of  # noqa: E402
from training.graph import Arithmetic, build  # noqa: E402
from training.losses import losses  # noqa: E402
from training.model import NewsModel, Shape  # noqa: E402

if TYPE_CHECKING:
    from training.batches import Targets

LABELS = {"upos": ["X", "Y"], "xpos": ["A", "B"], "lemma": ["keep:0:"], "relation": ["root", "det"]}
SMALL = Shape(vocabulary=40, width=48, layers=2, heads=4, inner=96, positions=64)
VOCABULARY = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *"abcdefghijklmnopqrstuvwxyz", *"0123456789"]


def tensors(arrays: dict[str, np.ndarray]) -> dict[str, torch.Tensor]:
    return {name: torch.from_numpy(value).long() for name, value in arrays.items()}


def network() -> NewsModel:
    torch.manual_seed(3)
    return NewsModel(SMALL, LABELS).eval()


@pytest.mark.parametrize(("kind", "tolerance"), [("fp32", 1e-4), ("dynamic", 0.15), ("static", 0.15)])
def test_the_graph_scores_like_the_network(
    kind: Literal["fp32", "dynamic", "static"], tolerance: float
) -> None:
    model = network()
    ranges = ranges_of(network(), [document()[0]], WordPieces(VOCABULARY))
    weights = {name: value.numpy() for name, value in model.state_dict().items()}
    graph = build(weights, SMALL, (list(model.flat), list(model.deep)), 64, Arithmetic(kind, ranges=ranges))
    session = onnxruntime.InferenceSession(graph.SerializeToString(), providers=["CPUExecutionProvider"])
    pieces = np.array([2, 5, 9, 20, 33, 3], dtype=np.int64)
    features = np.array([30, 2, 7, 11, 1, 30], dtype=np.int64)
    places = np.array([0, 1, 3, 4], dtype=np.int64)
    (found,) = session.run(["scores"], {"pieces": pieces, "features": features, "words": places})
    with torch.no_grad():
        wanted = model(*(torch.from_numpy(row)[None] for row in (pieces, features, places)))[0].numpy()
    assert found.shape == wanted.shape
    assert np.abs(found - wanted).max() < tolerance * np.abs(wanted).max()


def document() -> tuple[Document, Targets, EntityStates]:
    made = Document(
        "d",
        "ner/re3d",
        list("abcdefgh"),
        [4] + [2] * 7,
        entities=[(1, 3, "WEAPON"), (5, 6, "PERSON")],
        attributions=[Attribution([(0, 1)], [(1, 2)], [(3, 6)])],
    )
    states = EntityStates()
    return made, targets_of(made, states, {name: {} for name in LABELS}), states


def test_a_partial_corpus_teaches_only_what_it_may() -> None:
    made, targets, states = document()
    weapon, elsewhere = targets.arrays["entities"][[1, 5]]
    assert states.table()[weapon].sum() == 1
    assert states.table()[elsewhere].sum() == 1  # no corpus marks anything else: an unmarked word is none
    person = replace(made, corpus="ner/btc", entities=[(2, 3, "PERSON")])
    states.learn([person] * 29)
    assert states.table()[elsewhere].sum() == 1
    states.learn([person])
    assert states.table()[elsewhere].sum() == 1 + 4


@pytest.mark.parametrize("seed", range(5))
def test_windows_hold_every_word_and_point_inside(seed: int) -> None:
    made, targets, _ = document()
    cut = list(windows_of(made, targets, WordPieces(VOCABULARY), 6, Random(seed)))
    assert sum(len(window.words) - 1 for window in cut) == len(made.words)
    for window in cut:
        assert len(window.pieces) <= 6
        links = window.targets.arrays["source_link"]
        assert all(link in {-100, 0} or 0 < link <= len(links) for link in links.tolist())


def test_training_steps_lower_the_loss() -> None:
    made, targets, states = document()
    model = network().train()
    windows = list(windows_of(made, targets, WordPieces(VOCABULARY), 32, Random(1)))
    batch = tensors(collate(next(batches_of(windows, 64, Random(1)))))
    table = torch.from_numpy(states.table())
    optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3)
    seen = []
    for _ in range(30):
        scores = model(batch["pieces"], batch["features"], batch["words"], None)
        total = torch.stack(list(losses(scores, batch, model.slices, table).values())).sum()
        optimizer.zero_grad()
        total.backward()
        optimizer.step()
        seen.append(float(total.detach()))
    assert seen[-1] < 0.2 * seen[0]
