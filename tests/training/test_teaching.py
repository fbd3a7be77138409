"""Teachers, their weights, rounding and the making of batches. Runs where the extra `train` is installed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from tasks.extract.encoder.pieces import WordPieces  # noqa: E402
from training import distil  # noqa: E402
from training.batches import EntityStates  # noqa: E402
from training.checkpoints import between, keep_layers, narrowed, start_from  # noqa: E402
from training.documents import Attribution, Document  # noqa: E402
from training.feed import Feed, Source  # noqa: E402
from training.losses import losses  # noqa: E402
from training.model import Encoder, Linear, NewsModel, Shape, buckets  # noqa: E402

LABELS = {"upos": ["X", "Y"], "xpos": ["A", "B"], "lemma": ["keep:0:"], "relation": ["root", "det"]}
SMALL = Shape(vocabulary=40, width=48, layers=2, heads=4, inner=96, positions=64)
TEACHER = Shape(vocabulary=40, width=48, layers=2, heads=4, inner=96, positions=64, buckets=8, epsilon=1e-5)
VOCABULARY = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *"abcdefghijklmnopqrstuvwxyz", *"0123456789"]
PLAN = {"damage": 0.5, "seed": 3, "max_pieces": 16, "pieces_per_batch": 64}


def source() -> Source:
    documents = [
        (Document(str(n), "ner/re3d", list("abcdefgh"), [4] + [2] * 7, entities=[(1, 3, "WEAPON")]), 1.0)
        for n in range(6)
    ]
    marked = Document(
        "q",
        "quotes/x",
        list("ijklmnop"),
        [4] + [2] * 7,
        attributions=[Attribution([(0, 1)], [(1, 2)], [(3, 6)])],
    )
    documents += [(marked, 2.5), (Document("t", "raw/x", list("qrstuvw"), [4] + [2] * 6), 1.0)]
    states = EntityStates()
    states.learn(document for document, _ in documents)
    return Source(documents, states, {name: {} for name in LABELS}, WordPieces(VOCABULARY), PLAN)


def batch_of(made: Source) -> dict[str, torch.Tensor]:
    return {name: torch.from_numpy(value).long() for name, value in made.batches(0, 0, 1)[0].items()}


def test_batches_of_an_epoch_are_the_same_every_time_and_differ_between_epochs() -> None:
    first, again, other = (source().batches(epoch, 0, 1) for epoch in (0, 0, 1))
    assert all((a["pieces"] == b["pieces"]).all() for a, b in zip(first, again, strict=True))
    assert len(first) != len(other) or any(
        a["pieces"].shape != b["pieces"].shape or (a["pieces"] != b["pieces"]).any()
        for a, b in zip(first, other, strict=True)
    )


def test_shards_share_the_documents_of_an_epoch() -> None:
    made = source()
    words = [
        sum(len(window.words) - 1 for shard in range(n) for window in made.windows(0, shard, n))
        for n in (1, 3)
    ]
    assert words[1] == pytest.approx(words[0], rel=0.3)  # dropped articles and the half document vary


def test_other_processes_make_the_same_batches() -> None:
    feed = Feed(source(), 2, 0, 2)
    try:
        made = [feed.epoch() for _ in range(2)]
    finally:
        feed.close()
    wanted = [
        sorted(b["pieces"].tobytes() for s in (0, 1) for b in source().batches(e, s, 2)) for e in (0, 1)
    ]
    assert [sorted(b["pieces"].tobytes() for b in epoch) for epoch in made] == wanted


def test_all_numbers_of_a_batch_fit_into_two_bytes() -> None:
    made = source()
    for batch in made.batches(0, 0, 1):
        for name, value in batch.items():
            assert value.dtype == np.int16, name
            assert value.min(initial=0) >= -100


def test_what_a_teacher_knows_becomes_what_a_student_says() -> None:
    torch.manual_seed(1)
    teacher, student = NewsModel(TEACHER, LABELS).eval(), NewsModel(SMALL, LABELS).train()
    batch = batch_of(source())
    mask = batch["mask"].bool()[:, None, None, :]

    def said(model: NewsModel) -> torch.Tensor:
        return model(batch["pieces"], batch["features"], batch["words"], mask)

    with torch.no_grad():
        taught = distil.Taught([(said(teacher), distil.HEADS)], teacher.slices, batch["real"])
    optimizer = torch.optim.AdamW(student.parameters(), lr=2e-3)
    seen = []
    for _ in range(60):
        parts = distil.losses(said(student), student.slices, taught)
        total = torch.stack(list(parts.values())).sum()
        optimizer.zero_grad()
        total.backward()
        optimizer.step()
        seen.append({name: float(value.detach()) for name, value in parts.items()})
    assert set(seen[0]) == set(losses(said(student), batch, student.slices, torch.ones(99, 49).bool()))
    assert sum(seen[-1].values()) < 0.5 * sum(seen[0].values())


def test_a_teacher_that_agrees_teaches_nothing() -> None:
    torch.manual_seed(1)
    model = NewsModel(SMALL, LABELS).eval()
    batch = batch_of(source())
    scores = model(batch["pieces"], batch["features"], batch["words"], batch["mask"].bool()[:, None, None, :])
    taught = distil.Taught([(scores, distil.HEADS), (scores, distil.HEADS)], model.slices, batch["real"])
    parts = distil.losses(scores, model.slices, taught)
    parts.pop("sentence_start")  # its own entropy is not taken off
    assert max(abs(float(value.detach())) for value in parts.values()) < 1e-3


def test_each_teacher_speaks_about_its_own_heads_alone() -> None:
    torch.manual_seed(1)
    trees, names = (NewsModel(SMALL, LABELS).eval() for _ in range(2))
    batch = batch_of(source())
    mask = batch["mask"].bool()[:, None, None, :]
    rows = batch["pieces"], batch["features"], batch["words"], mask
    of_trees, of_names = trees(*rows), names(*rows)
    heads = frozenset({"upos", "arc", "relation"})
    taught = distil.Taught(
        [(of_trees, heads), (of_names, frozenset({"entities"}))], trees.slices, batch["real"]
    )
    from_trees, from_names = (distil.losses(one, trees.slices, taught) for one in (of_trees, of_names))
    assert set(from_trees) == {*heads, "entities"}
    assert {name for name, value in from_trees.items() if float(value.detach()) > 1e-3} == {"entities"}
    assert float(from_names["entities"].detach()) < 1e-3 < float(from_names["upos"].detach())


def test_the_inner_units_that_matter_most_are_kept() -> None:
    torch.manual_seed(1)
    model = NewsModel(SMALL, LABELS).eval()
    with torch.no_grad():
        for part in (model.encoder.layers[0].down, model.encoder.layers[1].down):
            part.weight[:, ::2] = 0  # half of the units say nothing
        for head in model.deep.values():
            head[3].weight[:, 128:] = 0
    smaller = NewsModel(replace(SMALL, inner=48, between=128), LABELS).eval()
    smaller.load_state_dict(narrowed(model.state_dict(), smaller.shape))
    pieces, words = torch.tensor([[2, 5, 9, 20, 3]]), torch.tensor([[0, 1, 3]])
    rows = (pieces, torch.zeros_like(pieces), words)
    assert torch.allclose(model(*rows), smaller(*rows), atol=1e-5)


def test_distances_are_told_apart_near_by_and_by_range_far_off() -> None:
    found = buckets(200, 32, torch.device("cpu"))
    assert found[0, 0] == 0
    assert [int(found[10, 10 + step]) for step in (1, 2, 7)] == [17, 18, 23]
    assert [int(found[10, 10 - step]) for step in (1, 2, 7)] == [1, 2, 7]
    assert int(found[0, 150]) == int(found[0, 199]) == 31
    assert int(found.min()) == 0
    assert int(found.max()) == 31


def test_a_window_is_read_alike_alone_and_padded_by_a_teacher() -> None:
    torch.manual_seed(1)
    model = NewsModel(TEACHER, LABELS).eval()
    pieces = torch.tensor([[2, 5, 9, 20, 3]])
    padded = torch.tensor([[2, 5, 9, 20, 3, 0, 0]])
    words = torch.tensor([[0, 1, 3]])
    alone = model(pieces, torch.zeros_like(pieces), words, torch.ones(1, 1, 1, 5).bool())
    mask = (torch.arange(7) < 5)[None, None, None]
    assert torch.allclose(alone, model(padded, torch.zeros_like(padded), words, mask), atol=1e-4)


@pytest.mark.parametrize("bits", [7, 8])
def test_rounding_keeps_close_and_lets_gradients_pass(bits: int) -> None:
    torch.manual_seed(2)
    layer = Linear(32, 16)
    given = torch.randn(2, 5, 32)
    exact = layer(given)
    layer.bits = bits
    rounded = layer(given)
    rounded.sum().backward()
    assert 0 < float((rounded - exact).detach().abs().max()) < 0.1
    assert layer.weight.grad is not None
    assert float(layer.weight.grad.abs().min()) > 0
    assert (
        len(torch.unique(torch.round(layer.weight.data / layer.weight.data.abs().amax(1, keepdim=True) * 63)))
        <= 127
    )


def test_mpnets_marks_take_the_places_of_berts() -> None:
    shape = Shape(vocabulary=103, width=8, layers=1, heads=2, inner=16, positions=6, buckets=4)
    encoder = Encoder(shape)
    chance = torch.Generator().manual_seed(4)

    def some(*size: int) -> torch.Tensor:
        return torch.randn(*size, generator=chance)

    weights = {
        "embeddings.word_embeddings.weight": some(107, 8),
        "embeddings.position_embeddings.weight": some(8, 8),
        "embeddings.LayerNorm.weight": some(8),
        "embeddings.LayerNorm.bias": some(8),
        "encoder.relative_attention_bias.weight": some(4, 2),
    }
    for name, size in (
        *((f"attention.attn.{part}", (8, 8)) for part in "qkvo"),
        ("intermediate.dense", (16, 8)),
        ("output.dense", (8, 16)),
    ):
        weights[f"encoder.layer.3.{name}.weight"] = some(*size)
        weights[f"encoder.layer.3.{name}.bias"] = some(size[0])
    for name in ("attention.LayerNorm", "output.LayerNorm"):
        weights[f"encoder.layer.3.{name}.weight"], weights[f"encoder.layer.3.{name}.bias"] = some(8), some(8)
    start_from(encoder, weights, [3])
    table = weights["embeddings.word_embeddings.weight"]
    assert torch.equal(encoder.pieces.weight[[0, 101, 102, 50]], table[[1, 0, 2, 54]])
    assert torch.equal(encoder.positions.weight, weights["embeddings.position_embeddings.weight"][2:])


def test_layers_that_are_kept_are_renumbered() -> None:
    weights = {f"encoder.layers.{n}.out.bias": torch.tensor([float(n)]) for n in range(6)} | {
        "flat": torch.ones(1)
    }
    kept = keep_layers(weights, [0, 2, 5])
    assert {name: float(value) for name, value in kept.items()} == {
        "encoder.layers.0.out.bias": 0.0,
        "encoder.layers.1.out.bias": 2.0,
        "encoder.layers.2.out.bias": 5.0,
        "flat": 1.0,
    }


def test_weights_between_two_runs() -> None:
    first = {"a": torch.tensor([0.0, 2.0]), "steps": torch.tensor(3)}
    second = {"a": torch.tensor([1.0, 2.0]), "steps": torch.tensor(5)}

    middle = between(first, second, 0.25)

    assert middle["a"].tolist() == [0.25, 2.0]
    assert int(middle["steps"]) == 5
