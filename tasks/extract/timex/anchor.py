"""What dates are counted from: the date line or dateline before metadata; never the clock, never the file."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tasks.extract.timex.calendar import OutOfCalendarError, Point, make

if TYPE_CHECKING:
    from collections.abc import Iterable

    from worker.record import Article

_STATED = frozenset({"leading_date", "dateline"})
_ISO = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)
_NUMERIC = re.compile(r"(?<![\d./-])(\d{1,2})([/-])(\d{1,2})\2(\d{4})(?![\d/-])", re.ASCII)
_DATELINE_DAYS = 7
_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Anchor:
    """A date that others hang on, as precise as the evidence: year, month or day."""

    point: Point
    name: str
    evidence: str


def published_anchor(article: Article) -> Anchor | None:
    """Return the anchor that `article.published` gives, or None."""
    stamp = article.published
    match = _ISO.match(stamp.value) if stamp else None
    if stamp is None or match is None:
        return None
    year, month, day = (int(group) if group else None for group in match.groups())
    grain = "day" if day and stamp.precision not in {"year", "month"} else "month" if month else "year"
    if stamp.precision == "year":
        grain = "year"
    try:
        point = make(grain, year or 1, month or 1, day or 1)  # type: ignore[arg-type]
    except OutOfCalendarError:
        return None
    return Anchor(point, f"published:{point.value}", stamp.evidence)


def dateline_anchor(anchor: Anchor | None, dateline: Point | None) -> Anchor | None:
    """Return the dateline's day where it should win: over metadata, within a week of it."""
    if dateline is None or dateline.grain != "day":
        return anchor
    if anchor is None:
        return Anchor(dateline, f"dateline:{dateline.value}", "dateline")
    if anchor.evidence in _STATED or anchor.point.grain != "day":
        return anchor
    if abs((dateline.first - anchor.point.first).days) > _DATELINE_DAYS:
        return anchor
    return Anchor(dateline, f"dateline:{dateline.value}", "dateline")


def day_order(pieces: Iterable[str], setting: bool | None) -> bool | None:  # noqa: FBT001 - a setting's value
    """Tell whether `3/4/2021` is 3 April: by dates in the text that only one order allows, else the setting.

    None when the article shows both orders, or neither and nothing is set.
    """
    seen = set()
    for piece in pieces:
        for first, _, second, _ in _NUMERIC.findall(piece):
            a, b = int(first), int(second)
            if (a > _MONTHS) != (b > _MONTHS):
                seen.add(a > _MONTHS)
    if len(seen) == 1:
        return seen.pop()
    return setting if not seen else None
