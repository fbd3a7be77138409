"""Which of the dates that a file states is taken for `published` and `modified`, and where they differ."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Literal

from worker.record import Stamp

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tasks.read.draft import DateClaim

COMPONENT = "copydesk.read.dates"
VERSION = "1.0"

# What the publisher states for machines before what stands in the text, before what a link happens to hold.
_ORDER = ("field", "json_ld", "meta", "time_tag", "leading_date", "dateline", "feed", "url")
_DAY = 10  # characters of `2021-12-06`
_WITH_ZONE = len("2021-12-06T10:15+02:00")
_DISAGREEING = 0.8


@dataclass(slots=True)
class Chosen:
    """The two dates of an article, and what is odd about them."""

    published: Stamp | None = None
    modified: Stamp | None = None
    warnings: list[str] = field(default_factory=list)


def choose(claims: Sequence[DateClaim]) -> Chosen:
    """Return the best claim for `published` and for `modified`; published and modified never stand in."""
    chosen = Chosen()
    chosen.published = _best(claims, "published", chosen.warnings)
    chosen.modified = _best(claims, "modified", chosen.warnings)
    first, last = chosen.published, chosen.modified
    if first and last and last.value[:_DAY] < first.value[:_DAY]:
        chosen.warnings.append(f"modified {last.value} is before published {first.value}")
    return chosen


def _best(
    claims: Sequence[DateClaim], about: Literal["published", "modified"], warnings: list[str]
) -> Stamp | None:
    mine = [claim for claim in claims if claim.about == about]
    if not mine:
        return None
    best = min(mine, key=lambda claim: (_ORDER.index(claim.evidence), -claim.confidence))
    best = next((claim for claim in mine if _is_local_form(claim.value, best.value)), best)
    others = [claim for claim in mine if _disagree(claim.value, best.value)]
    confidence = best.confidence
    if others:
        confidence = round(confidence * _DISAGREEING, 4)
        stated = ", ".join(f"{claim.evidence} {claim.value}" for claim in others[:3])
        warnings.append(f"{about}: {best.evidence} says {best.value}, but {stated}")
    return Stamp(
        value=best.value,
        precision=best.precision,
        evidence=best.evidence,
        start=best.start,
        end=best.end,
        component=COMPONENT,
        rule=best.rule,
        confidence=confidence,
    )


def _is_local_form(value: str, utc: str) -> bool:
    """Say whether `value` is the instant `utc` in the publisher's own zone, and so the right local day."""
    if not utc.endswith(("Z", "+00:00")) or value.endswith(("Z", "+00:00")) or len(value) < _WITH_ZONE:
        return False
    return datetime.fromisoformat(value) == datetime.fromisoformat(utc)


def _disagree(a: str, b: str) -> bool:
    """Say whether two dates name different days, as far as both say; a neighbouring day may be the zone's."""
    length = min(len(a), len(b), _DAY)
    if a[:length] == b[:length]:
        return False
    if length < _DAY:
        return True
    return abs((date.fromisoformat(a[:_DAY]) - date.fromisoformat(b[:_DAY])).days) > 1
