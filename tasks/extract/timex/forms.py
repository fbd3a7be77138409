"""What an expression says before it is resolved: the grammar makes forms, the resolver makes the values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from tasks.extract.timex.calendar import Grain
    from tasks.extract.timex.words import Feast

TimexType = Literal["DATE", "TIME", "DURATION", "SET"]
Base = Literal["explicit", "open", "anchor", "narrated", "either", "literal", "event"]
Pick = Literal["", "last", "this", "next"]

ANY_DAY = "XXXX-XX-XX"
"""How TIMEX3 writes a day that is not told: an X for each digit (TimeML 1.2.1, values after ISO 8601)."""


@dataclass(frozen=True, slots=True)
class Form:
    """One expression, unresolved.

    `base` says what it hangs on: `explicit` nothing (the year is given); `open` the year or the week is
    to be chosen near the anchor (`pick` and tense say which way); `anchor` the day of the article;
    `narrated` the date told last; `either` one of both (`the end of the month`); `literal` has its value;
    `event` hangs on something that is no date. `shift` counts in `unit`s; `counted` is (unit, count) from the
    day that the rest of the form names.
    """

    rule: str
    confidence: float
    type: TimexType = "DATE"
    base: Base = "literal"
    grain: Grain = "day"
    year: int | None = None
    month: int | None = None
    day: int | None = None
    weekday: int | None = None
    number: int | None = None
    season: str = ""
    bc: bool = False
    unit: str = ""
    shift: int = 0
    pick: Pick = ""
    year_base: Literal["", "anchor", "narrated"] = ""
    year_shift: int = 0
    mod: str | None = None
    clock: str = ""
    value: str | None = None
    reason: str = ""
    readings: tuple[tuple[int, int, int], ...] = ()
    feast: Feast | None = None
    counted: tuple[str, int] | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """A form over the tokens [first, end) of one block. `part` marks the ends of a range."""

    form: Form
    first: int
    end: int
    part: Literal["", "begin", "end"] = ""


Parsed = tuple[Form, int] | None
"""A form and the index of the token behind it."""
