"""Times of day: `10:30`, `5 p.m. GMT`, `noon`, `10 o'clock`, and parts of the day beside a date."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tasks.extract.timex.tokens import words_at
from tasks.extract.timex.words import lexicon

if TYPE_CHECKING:
    from tasks.extract.timex.tokens import Tok

_LAST_HOUR, _LAST_HOUR_12, _SIXTY = 24, 12, 60
_MILITARY_DIGITS = 4


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day: `suffix` as TIMEX3 appends it to a date (`T10:30+01:00`, `TMO`).

    `sure` is false for bare `10:30`, which may be a score or a ratio without a word before it.
    """

    suffix: str
    end: int
    sure: bool


def clock(tokens: list[Tok], i: int) -> Clock | None:
    """Return the time of day at token i, or None."""
    named = {"noon": "T12:00", "midday": "T12:00", "midnight": "T24:00"}.get(tokens[i].low)
    if named:
        return Clock(named, i + 1, sure=True)
    if tokens[i].num is None or (
        tokens[i].glued and tokens[i - 1].low in {":", ".", ",", "-", "/", "$", "€", "£"}
    ):
        return None
    return _military(tokens, i) or _hour(tokens, i)


def _hour(tokens: list[Tok], i: int) -> Clock | None:  # noqa: C901, PLR0911 - one reading after the other
    hour = tokens[i].num
    if hour is None or hour > _LAST_HOUR or len(tokens[i].text) > 2:  # noqa: PLR2004 - 00 to 24
        return None
    minute, second, j = None, None, i + 1
    mark = tokens[j].low
    if mark in {":", "."} and tokens[j].glued and _two_digits(tokens, j + 1):
        minute, j = tokens[j + 1].num, j + 2
        if mark == ":" and tokens[j].low == ":" and tokens[j].glued and _two_digits(tokens, j + 1):
            second, j = tokens[j + 1].num, j + 2
        if (
            tokens[j].glued
            and tokens[j].low in {":", "-", "/", "."}
            and tokens[j + 1].glued
            and tokens[j + 1].num is not None
        ):
            return None
    if (minute or 0) >= _SIXTY or (second or 0) >= _SIXTY or (hour == _LAST_HOUR and (minute or second)):
        return None
    half, k = _meridiem(tokens, j)
    if half and not 1 <= hour <= _LAST_HOUR_12:
        return None
    oclock = words_at(tokens, j, ("o", "'", "clock"))
    if half:
        hour, j = hour % _LAST_HOUR_12 + (_LAST_HOUR_12 if half == "p" else 0), k
    elif oclock:
        j += 3
    zone, k = _zone(tokens, j)
    if minute is None and not half and not oclock:
        return None
    if mark == "." and not half and zone is None:
        return None
    if mark == ":" and not half and zone is None and tokens[j].glued and tokens[j].low.isalpha():
        return None
    text = f"T{hour:02}" if minute is None else f"T{hour:02}:{minute:02}"
    text += "" if second is None else f":{second:02}"
    if minute is None:
        text += ":00"
    return Clock(text + (zone or ""), k, sure=bool(half or oclock or zone is not None))


def _two_digits(tokens: list[Tok], j: int) -> bool:
    return tokens[j].num is not None and tokens[j].glued and len(tokens[j].text) == 2  # noqa: PLR2004


def _military(tokens: list[Tok], i: int) -> Clock | None:
    """`1430 GMT`, `0900 hours`."""
    tok = tokens[i]
    if len(tok.text) != _MILITARY_DIGITS or tok.num is None:
        return None
    hour, minute = divmod(tok.num, 100)
    zone, j = _zone(tokens, i + 1)
    if hour > _LAST_HOUR or minute >= _SIXTY or (zone is None and tokens[i + 1].low not in {"hours", "hrs"}):
        return None
    if zone is None:
        if tok.text[0] != "0" and minute:
            return None
        j = i + 2
    return Clock(f"T{hour:02}:{minute:02}{zone or ''}", j, sure=True)


def _meridiem(tokens: list[Tok], j: int) -> tuple[str, int]:
    """Return `a` or `p` and the token behind `am`, `a.m.`, `PM`."""
    low = tokens[j].low
    if low in {"am", "pm"}:
        return low[0], j + 1
    if low in {"a", "p"} and tokens[j + 1].low == "." and tokens[j + 2].low == "m" and tokens[j + 2].glued:
        stop = tokens[j + 3].low == "." and tokens[j + 3].glued
        return low, j + 4 if stop else j + 3
    return "", j


def _zone(tokens: list[Tok], j: int) -> tuple[str | None, int]:
    """Return the offset of a zone at j (empty when it has none that is sure), and the token behind it."""
    bracket = tokens[j].low == "("
    k = j + bracket
    zone = lexicon().zones.get(tokens[k].low)
    if zone is not None and tokens[k].text.isupper():
        end = k + 1
        if (
            zone == "Z"
            and tokens[end].low in {"+", "-"}
            and tokens[end + 1].num is not None
            and tokens[end + 1].glued
        ):
            hours = tokens[end + 1].num or 0
            if hours <= _LAST_HOUR_12 + 2:
                zone, end = f"{tokens[end].low}{hours:02}:00", end + 2
        if bracket:
            return (zone, end + 1) if tokens[end].low == ")" else (None, j)
        return zone, end
    if words_at(tokens, k, ("local", "time")) and not bracket:
        return "", k + 2
    if tokens[k].capital and tokens[k + 1].low == "time" and not bracket:
        return "", k + 2
    return None, j


def daypart(tokens: list[Tok], i: int) -> Clock | None:
    """Return the part of the day at token i (`morning`, `night`), for use beside a date."""
    code = lexicon().dayparts.get(tokens[i].low)
    return Clock(f"T{code}", i + 1, sure=True) if code else None


def cued(tokens: list[Tok], i: int) -> bool:
    """Tell whether the word before says that a time of day follows."""
    return tokens[i - 1].low in lexicon().lists["clock_cues"]
