"""The training loop: mixed batches of all corpora, a moving average of the weights, a checkpoint an epoch."""

from __future__ import annotations

import json
import math
import time
import tomllib
from collections import Counter
from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING, Any

import torch

from tasks.extract.encoder.lemmas import script_of
from tasks.extract.encoder.pieces import WordPieces
from training import documents
from training.augment import Rates, damage
from training.batches import EntityStates, Window, batches_of, collate, targets_of, windows_of
from training.losses import losses
from training.model import NewsModel, Shape, load_bert, read_checkpoint

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from training.documents import Document

SYNTAX_LABELS = ("upos", "xpos", "relation")


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


class Trainer:
    """One training run in a folder: `state.pt` to go on from, `best.pt` never, `log.jsonl` for people."""

    def __init__(self, plan: dict[str, Any], prepared: Path, start: Path, folder: Path) -> None:
        self.plan, self.folder = plan, folder
        folder.mkdir(parents=True, exist_ok=True)
        torch.manual_seed(plan["seed"])
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self.corpora = {
            name: list(documents.read(file_of(prepared, name, "train"))) for name in plan["corpora"]
        }
        syntax = [
            document for documents_ in self.corpora.values() for document in documents_ if document.syntax
        ]
        self.labels = labels_of(syntax, plan["lemma_scripts_at_least"])
        numbers = {
            name: {label: index for index, label in enumerate(names)} for name, names in self.labels.items()
        }
        self.numbers = numbers
        self.pieces = WordPieces((start / "vocab.txt").read_text(encoding="utf-8").split("\n")[:-1])
        shape = Shape(layers=len(plan["layers"]))
        self.model = NewsModel(shape, self.labels)
        if "start_from" in plan:
            self._start_from(folder.parent / plan["start_from"] / "state.pt")
        else:
            load_bert(self.model.encoder, read_checkpoint(start / "model.safetensors"), plan["layers"])
        if plan["freeze_pieces"]:
            self.model.encoder.pieces.weight.requires_grad_(requires_grad=False)
        self.model.to(self.device)
        self.average = {
            name: value.detach().clone()
            for name, value in self.model.named_parameters()
            if value.requires_grad
        }
        self.states = EntityStates()
        self.steps, self.epoch = 0, 0
        self.rates = replace(Rates(), whole_text=plan["damage"])
        self.optimizer = self._optimizer()
        self.steps_per_epoch = len(list(batches_of(self._windows(0), plan["pieces_per_batch"], Random(0))))

    def _start_from(self, finished: Path) -> None:
        """Take over another run's averaged weights; of its layers those that the recipe names."""
        state = torch.load(finished, map_location="cpu", weights_only=True)
        weights = {**state["model"], **state["average"]}
        for new, old in enumerate(self.plan["layers"]):
            for name in [name for name in weights if name.startswith(f"encoder.layers.{old}.")]:
                weights[name.replace(f".{old}.", f".kept{new}.", 1)] = weights.pop(name)
        kept = {
            name.replace(".kept", ".", 1): value
            for name, value in weights.items()
            if not name.startswith("encoder.layers.") or ".kept" in name
        }
        self.model.load_state_dict(kept)

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

    def _windows(self, epoch: int) -> list[Window]:
        chance = Random(self.plan["seed"] * 1000 + epoch)
        out: list[Window] = []
        for name, documents_ in self.corpora.items():
            times = self.plan["corpora"][name]
            for document in documents_:
                for _ in range(int(times) + (chance.random() < times % 1)):
                    changed = damage(document, self.rates, chance)
                    if changed.words:
                        targets = targets_of(changed, self.states, self.numbers)
                        out.extend(windows_of(changed, targets, self.pieces, self.plan["max_pieces"], chance))
        return out

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
        if (self.folder / "state.pt").exists():
            self._load()
        while self.epoch < self.plan["epochs"]:
            self._epoch()
            self.epoch += 1
            self._save()

    def _epoch(self) -> None:
        self.model.train()
        began, seen, sums = time.monotonic(), 0, Counter[str]()
        chance = Random(self.plan["seed"] + self.epoch)
        windows = self._windows(self.epoch)
        table = self.states.table().to(self.device)
        base = [group["lr"] for group in self.optimizer.param_groups] if self.steps == 0 else self.base
        self.base = base
        for number, windows_ in enumerate(batches_of(windows, self.plan["pieces_per_batch"], chance)):
            batch = {name: value.to(self.device) for name, value in collate(windows_).items()}
            for group, rate in zip(self.optimizer.param_groups, base, strict=True):
                group["lr"] = rate * self._rate()
            with torch.autocast(self.device.type, dtype=torch.bfloat16):
                mask = batch["mask"].bool()[:, None, None, :]
                scores = self.model(batch["pieces"], batch["features"], batch["words"], mask)
            parts = losses(scores, batch, self.model.slices, table)
            total = torch.stack([self.plan["losses"][name] * value for name, value in parts.items()]).sum()
            self.optimizer.zero_grad(set_to_none=True)
            total.backward()
            torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
            self.optimizer.step()
            self.steps += 1
            self._follow()
            seen += int(batch["mask"].sum())
            for name, value in parts.items():
                sums[name] += float(value.detach())
            if number % 50 == 49:
                self._log(
                    {
                        "epoch": self.epoch,
                        "step": self.steps,
                        "of": self.steps_per_epoch * self.plan["epochs"],
                        "pieces_per_s": round(seen / (time.monotonic() - began)),
                        **{name: round(value / 50, 4) for name, value in sums.items()},
                    }
                )
                sums.clear()

    def _follow(self) -> None:
        decay = min(self.plan["average_decay"], (1 + self.steps) / (10 + self.steps))
        with torch.no_grad():
            own = dict(self.model.named_parameters())
            torch._foreach_lerp_(list(self.average.values()), [own[name] for name in self.average], 1 - decay)

    def _log(self, row: dict[str, Any]) -> None:
        with (self.folder / "log.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(row) + "\n")

    def _save(self) -> None:
        state = {
            "model": self.model.state_dict(),
            "average": self.average,
            "optimizer": self.optimizer.state_dict(),
            "base": self.base,
            "epoch": self.epoch,
            "steps": self.steps,
            "labels": self.labels,
            "plan": self.plan,
        }
        torch.save(state, self.folder / "state.new")
        (self.folder / "state.new").replace(self.folder / "state.pt")

    def _load(self) -> None:
        state = torch.load(self.folder / "state.pt", map_location=self.device, weights_only=True)
        self.model.load_state_dict(state["model"])
        self.average = state["average"]
        self.optimizer.load_state_dict(state["optimizer"])
        self.base, self.epoch, self.steps = state["base"], state["epoch"], state["steps"]
