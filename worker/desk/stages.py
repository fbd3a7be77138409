"""The four stages: the bit of each in `articles.mask`, and what it needs. Who rings for whom follows."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Stage:
    """One stage. An article is ready for it when `needs` are done and it is not."""

    name: str
    bit: int
    needs: tuple[str, ...]


READ = Stage("read", 1, ())
EXTRACT = Stage("extract", 2, ("read",))
CLASSIFY = Stage("classify", 4, ("read",))
PUBLISH = Stage("publish", 8, ("read", "extract", "classify"))

STAGES = {stage.name: stage for stage in (READ, EXTRACT, CLASSIFY, PUBLISH)}


def needs_mask(stage: Stage) -> int:
    """Return the bits that have to be set before `stage` can start."""
    return sum(STAGES[name].bit for name in stage.needs)


def ready_stages(mask: int) -> list[str]:
    """Return the stages that an article with this mask is ready for."""
    return [
        stage.name
        for stage in STAGES.values()
        if not mask & stage.bit and mask & needs_mask(stage) == needs_mask(stage)
    ]


def newly_ready(mask: int, done: str) -> list[str]:
    """Return the stages that became ready because `done` was the last thing they needed."""
    return [name for name in ready_stages(mask) if done in STAGES[name].needs]
