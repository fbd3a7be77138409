"""What goes in and out of the ledger's moves: claimed work, its outcome, and whom to ring for."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

Rings = dict[str, list["Ring"]]


@dataclass(frozen=True)
class Ring:
    """An article to be rung for: alone, or in a batch."""

    id: str
    alone: bool = False
    collection: str = ""


@dataclass(frozen=True)
class Work:
    """One claimed article, with the parts its stage needs (`stage -> compressed body`)."""

    id: str
    collection: str
    digest: str
    parts: Mapping[str, bytes]
    fingerprints: Mapping[str, str]


@dataclass(frozen=True)
class Claim:
    """Articles that one worker process holds for one stage."""

    token: int
    stage: str
    work: list[Work]
    lease_until: float


@dataclass(frozen=True)
class Failure:
    """Why an article failed. `final` ones are quarantined at once, others are charged a strike."""

    code: str
    detail: str
    final: bool
    traceback: str | None = None

    def signature(self, stage: str) -> str:
        """Return what equal failures have in common: stage, code, and where it was raised."""
        where = self.traceback.strip().splitlines()[-1][:120] if self.traceback else ""
        return f"{stage}:{self.code}" + (f":{where}" if where else "")


@dataclass
class Outcome:
    """What a worker did with a claim, article by article."""

    made: dict[str, bytes] = field(default_factory=dict)
    failed: dict[str, Failure] = field(default_factory=dict)
    handed_back: list[str] = field(default_factory=list)
    later: list[str] = field(default_factory=list)
