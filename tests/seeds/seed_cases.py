"""The sample articles, one by one, each with what a careful editor reads out of it."""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass
from pathlib import Path

from seed_expectation import Expectation

ROOT = Path(__file__).resolve().parents[2]
SEEDS = ROOT / "seeds"
EXPECTED = SEEDS / "expected"

_spec = importlib.util.spec_from_file_location("seed_manifest", ROOT / "tools" / "seed_manifest.py")
assert _spec is not None
assert _spec.loader is not None
seed_manifest = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(seed_manifest)


@dataclass(frozen=True)
class Case:
    """One article: `id` is the stem of its expectation, `data` the bytes that a worker would get."""

    id: str
    data: bytes

    @property
    def expected(self) -> Expectation:
        """The editor's reading."""
        return Expectation.model_validate_json((EXPECTED / f"{self.id}.json").read_text(encoding="utf-8"))


def cases() -> list[Case]:
    """Return all articles, containers opened, in the order of their names."""
    found = []
    for path in seed_manifest.seed_files():
        articles = seed_manifest.articles_in(path)
        if path.suffix in seed_manifest.CONTAINERS:
            found += [Case(f"{path.stem}.{n}", data) for n, data in enumerate(articles, start=1)]
        else:
            found.append(Case(path.stem, articles[0]))
    return found
