"""The training loop: mixed batches of all corpora, a moving average of the weights, a state to go on from."""

from __future__ import annotations

import json
import math
import time
import tomllib
from collections import Counter
from typing import TYPE_CHECKING, Any

import torch

from tasks.extract.encoder.lemmas import script_of
from tasks.extract.encoder.pieces import WordPieces
from training import distil, documents
from training.batches import EntityStates
from training.checkpoints import between, finished, keep_layers, narrowed, read_checkpoint, start_from
from training.feed import Feed, Source
from training.losses import losses
from training.model import NewsModel, half, shape_of
from training.progress import Progress

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from torch import Tensor

    from training.documents import Document
    from training.feed import Batch

SYNTAX_LABELS = ("upos", "xpos", "relation")
SAVE_AFTER_S = 30
LOOK_EVERY = 4
"""Epochs between two looks at the development part."""
STATE = "state.pt"


def recipe(path: Path) -> dict[str, Any]:
    """A recipe as it stands in its file."""
    return tomllib.loads(path.read_text(encoding="utf-8"))


def file_of(prepared: Path, corpus: str, part: str) -> Path:
    """Where `prepare` put a part of a corpus."""
    return prepared / f"{corpus.replace('/', '-')}.{part}.jsonl.gz"


def labels_of(corpus: Iterable[Document], scripts_at_least: int) -> dict[str, list[str]]:
    """The label lists of the syntax heads, most frequent first."""
    counts: dict[str, Counter[str]] = {name: Counter() for name in (*SYNTAX_LABELS, "lemma")}
    for document in corpus:
        for form, word in zip(document.words, document.syntax or (), strict=bool(document.syntax)):
            for name in SYNTAX_LABELS:
                counts[name][getattr(word, name)] += 1
            counts["lemma"][script_of(form, word.lemma)] += 1
    ordered = {
        name: [label for label, _ in sorted(count.items(), key=lambda item: (-item[1], item[0]))]
        for name, count in counts.items()
    }
    ordered["lemma"] = [label for label in ordered["lemma"] if counts["lemma"][label] >= scripts_at_least]
    return ordered


def source_of(plan: dict[str, Any], prepared: Path, vocabulary: Path) -> tuple[Source, dict[str, list[str]]]:
    """Everything that a recipe reads, and the label lists of the syntax heads in it."""
    parts = [(name, times, "train") for name, times in plan["corpora"].items()]
    parts += [(name, times, "text") for name, times in plan.get("unlabelled", {}).items()]
    parts += [(name, 1.0, "silver") for name in plan.get("silver", {})]
    found = [
        (document, times)
        for name, times, part in parts
        for document in documents.read(file_of(prepared, name, part))
    ]
    treebanks = (one for one, _ in found if one.syntax and one.corpus in plan["corpora"])
    labels = labels_of(treebanks, plan["lemma_scripts_at_least"])
    numbers = {name: {label: index for index, label in enumerate(names)} for name, names in labels.items()}
    states = EntityStates()
    states.learn(document for document, _ in found)
    pieces = WordPieces(vocabulary.read_text(encoding="utf-8").split("\n")[:-1])
    return Source(found, states, numbers, pieces, plan), labels


class Trainer:
    """One training run in a folder: `state.pt` to go on from, `log.jsonl` for people.

    `start` is a folder with `vocab.txt` (BERT's) and `model.safetensors`. With `workers` other processes make
    the batches.
    """

    def __init__(
        self, plan: dict[str, Any], prepared: Path, start: Path, folder: Path, *, workers: int = 0
    ) -> None:
        self.plan, self.folder = plan, folder
        folder.mkdir(parents=True, exist_ok=True)
        torch.manual_seed(plan["seed"])
        self.source, self.labels = source_of(plan, prepared, start / "vocab.txt")
        self.model = NewsModel(shape_of(plan), self.labels)
        self._start(start)
        if plan["freeze_pieces"]:
            self.model.encoder.pieces.weight.requires_grad_(requires_grad=False)
        if "learns" in plan:
            for name, value in self.model.named_parameters():
                value.requires_grad_(requires_grad=name.startswith(tuple(plan["learns"])))
        self.steps, self.epoch = 0, 0
        self.resumed = (
            torch.load(folder / STATE, map_location="cpu", weights_only=True)
            if (folder / STATE).exists()
            else None
        )
        first = self.resumed["epoch"] if self.resumed else 0
        self.feed = Feed(self.source, workers, first, plan["epochs"])  # forks: before any GPU is touched
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self.model.to(self.device)
        self.average = {
            name: value.detach().clone()
            for name, value in self.model.named_parameters()
            if value.requires_grad
        }
        self.optimizer = self._optimizer()
        self.base = [group["lr"] for group in self.optimizer.param_groups]
        self.table = torch.from_numpy(self.source.states.table()).to(self.device)
        self.teachers = [
            (self._teacher(name), frozenset(heads)) for name, heads in plan.get("teachers", {}).items()
        ]
        self.steps_per_epoch = 0
        annotated = (*plan["corpora"], *plan.get("silver", ()))
        developing = {name: file_of(prepared, name, "dev") for name in annotated}
        self.progress = Progress(
            self.source, {name: documents.read(file) for name, file in developing.items() if file.exists()}
        )
        self.saved = time.monotonic()

    def _start(self, start: Path) -> None:
        plan = self.plan
        if "start_from" in plan:  # other runs' averaged weights
            names = [plan[key] for key in ("start_from", "towards") if key in plan]
            runs = [finished(self.folder.parent / name / STATE)[0].state_dict() for name in names]
            weights = between(*runs, plan["share"]) if "towards" in plan else runs[0]
            self.model.load_state_dict(narrowed(keep_layers(weights, plan["layers"]), self.model.shape))
        else:
            start_from(self.model.encoder, read_checkpoint(start / "model.safetensors"), plan["layers"])

    def _teacher(self, name: str) -> NewsModel:
        model, about = finished(self.folder.parent / name / STATE)
        if about["labels"] != self.labels:
            raise ValueError(f"the teacher {name} was trained on other corpora: its labels differ")
        return model.to(self.device).requires_grad_(requires_grad=False)

    def _optimizer(self) -> torch.optim.Optimizer:
        plan = self.plan
        groups: dict[tuple[bool, bool], list[torch.nn.Parameter]] = {}
        for name, value in self.model.named_parameters():
            if value.requires_grad:
                new = not name.startswith("encoder.") or "features" in name
                groups.setdefault((new, value.ndim > 1), []).append(value)
        return torch.optim.AdamW(
            [
                {
                    "params": values,
                    "lr": plan["head_learning_rate"] if new else plan["learning_rate"],
                    "weight_decay": plan["weight_decay"] if decays else 0.0,
                }
                for (new, decays), values in groups.items()
            ],
            betas=(0.9, 0.98),
            fused=True,
        )

    def _rate(self) -> float:
        total = self.steps_per_epoch * self.plan["epochs"]
        warmup = max(1, int(total * self.plan["warmup_share"]))
        if self.steps < warmup:
            return self.steps / warmup
        return max(
            0.02, 0.5 * (1 + math.cos(math.pi * min(1.0, (self.steps - warmup) / max(1, total - warmup))))
        )

    def run(self) -> None:
        """Train until the recipe's last epoch; goes on from `state.pt` when there is one."""
        if self.resumed:
            self._load(self.resumed)
        last = self.plan["epochs"]
        while self.epoch < last:
            self._epoch()
            self.epoch += 1
            if self.epoch % LOOK_EVERY == 0 or self.epoch == last:
                self._log(self._figures())
            if self.epoch == last or time.monotonic() - self.saved > SAVE_AFTER_S:
                self._save()
        self.feed.close()

    def _epoch(self) -> None:
        self.model.train()
        if self.epoch >= self.plan["epochs"] * (1 - self.plan.get("rounded_share", 0)):
            self.model.round_weights(self.plan["bits"])
        batches = self.feed.epoch()
        self.steps_per_epoch = len(batches)
        began, seen = time.monotonic(), 0
        sums: dict[str, Tensor] = {}
        for number, arrays in enumerate(batches, start=1):
            seen += int(arrays["mask"].sum())
            for name, value in self._step(arrays).items():
                sums[name] = sums.get(name, 0) + value.detach()
            if number % 100 == 0 or number == len(batches):
                self._log(
                    {
                        "epoch": self.epoch,
                        "step": self.steps,
                        "of": self.steps_per_epoch * self.plan["epochs"],
                        "pieces_per_s": round(seen / (time.monotonic() - began)),
                        **{name: round(float(value) / number, 4) for name, value in sums.items()},
                    }
                )

    def _step(self, arrays: Batch) -> dict[str, Tensor]:
        """One step over one batch; the losses by name."""
        batch = {name: torch.from_numpy(value).to(self.device).long() for name, value in arrays.items()}
        for group, rate in zip(self.optimizer.param_groups, self.base, strict=True):
            group["lr"] = rate * self._rate()
        scores = self._scores(self.model, batch)
        parts = losses(scores, batch, self.model.slices, self.table)
        weighed = {name: self.plan["losses"][name] * value for name, value in parts.items()}
        if self.teachers:
            with torch.no_grad():
                said = [(self._scores(teacher, batch), heads) for teacher, heads in self.teachers]
                taught = distil.Taught(said, self.model.slices, batch["real"])
            soft = distil.losses(scores, self.model.slices, taught)
            weighed |= {f"taught_{name}": self.plan["taught"][name] * value for name, value in soft.items()}
            parts |= {f"taught_{name}": value for name, value in soft.items()}
        total = torch.stack(list(weighed.values())).sum()
        self.optimizer.zero_grad(set_to_none=True)
        total.backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.optimizer.step()
        self.steps += 1
        self._follow()
        return parts

    def _scores(self, model: NewsModel, batch: dict[str, Tensor]) -> Tensor:
        with half(self.device):
            mask = batch["mask"].bool()[:, None, None, :]
            return model(batch["pieces"], batch["features"], batch["words"], mask)

    def _follow(self) -> None:
        decay = min(self.plan["average_decay"], (1 + self.steps) / (10 + self.steps))
        with torch.no_grad():
            own = dict(self.model.named_parameters())
            torch._foreach_lerp_(list(self.average.values()), [own[name] for name in self.average], 1 - decay)

    def _figures(self) -> dict[str, Any]:
        """Figures of the averaged weights on the development part."""
        own = {name: value.detach().clone() for name, value in self.model.named_parameters()}
        self.model.load_state_dict(self.average, strict=False)
        figures = self.progress.figures(self.model, self.device)
        self.model.load_state_dict(own, strict=False)
        return {"epoch": self.epoch, **figures}

    def _log(self, row: dict[str, Any]) -> None:
        with (self.folder / "log.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(row) + "\n")

    def _save(self) -> None:
        state = {
            "model": self.model.state_dict(),
            "average": self.average,
            "optimizer": self.optimizer.state_dict(),
            "epoch": self.epoch,
            "steps": self.steps,
            "labels": self.labels,
            "plan": self.plan,
        }
        torch.save(state, self.folder / "state.new")
        (self.folder / "state.new").replace(self.folder / STATE)
        self.saved = time.monotonic()

    def _load(self, state: dict[str, Any]) -> None:
        self.model.load_state_dict(state["model"])
        self.average = {name: value.to(self.device) for name, value in state["average"].items()}
        self.optimizer.load_state_dict(state["optimizer"])
        self.epoch, self.steps = state["epoch"], state["steps"]
