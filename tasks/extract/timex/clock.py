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
_EVENING = 6
_ENDS = frozenset({"", ".", ",", ";", ")"})
_HALVES = {"morning": "a", "afternoon": "p", "evening": "p", "night": "p"}


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day: `suffix` as TIMEX3 appends it to a date (`T10:30+01:00`, `TMO`).

    `sure` is false for bare `10:30`, which may be a score or a ratio without a word before it.
    """

    suffix: str
    end: int
    sure: bool


def clock(tokens: list[Tok], i: int, *, joined: bool = False) -> Clock | None:
    """Return the time of day at token i, or None. `joined`: a hyphen before it makes a range."""
    named = {"noon": "T12:00", "midday": "T12:00", "midnight": "T24:00"}.get(tokens[i].low)
    if named:
        return Clock(named, i + 1, sure=True)
    if tokens[i].num is None:
        return _in_words(tokens, i)
    if tokens[i].glued and tokens[i - 1].low in {":", ".", ",", "-", "/", "$", "€", "£"} and not joined:
        return None
    return _past_the_hour(tokens, i) or _military(tokens, i) or _hour(tokens, i)


def _in_words(tokens: list[Tok], i: int) -> Clock | None:
    """Read `ten a.m.`, `six o'clock`, `half past eight`, `a quarter to five in the afternoon`."""
    hour = lexicon().numbers.get(tokens[i].low)
    if hour is not None and 1 <= hour <= _LAST_HOUR_12:
        oclock = words_at(tokens, i + 1, ("o", "'", "clock"))
        minute, k = _minutes_in_words(tokens, i + 1) if not oclock else (0, i + 4)
        half, j = _meridiem(tokens, k)
        if half or oclock:
            return Clock(f"T{_of_day(hour, half):02}:{minute:02}", j, sure=True)
    return _past_the_hour(tokens, i)


def _minutes_in_words(tokens: list[Tok], k: int) -> tuple[int, int]:
    """Return the minutes behind an hour in words (`seven thirty p.m.`), and the token behind them."""
    tens = lexicon().numbers.get(tokens[k].low)
    if tens is None or not 10 <= tens < _SIXTY:  # noqa: PLR2004 - `five five p.m.` is none
        return 0, k
    ones = lexicon().numbers.get(tokens[k + 2].low, 0) if tokens[k + 1].low == "-" else 0
    return (tens + ones, k + 3) if 0 < ones < 10 else (tens, k + 1)  # noqa: PLR2004


def _past_the_hour(tokens: list[Tok], i: int) -> Clock | None:
    """Read minutes before or after an hour: `half past eight`, `quarter to five`, `ten minutes to noon`."""
    k = i + (tokens[i].low == "a" and tokens[i + 1].low == "quarter")
    number = tokens[k].num if tokens[k].num is not None else lexicon().numbers.get(tokens[k].low)
    minutes = {"half": 30, "quarter": 15}.get(tokens[k].low, number)
    named = tokens[k + 1].low in {"minutes", "minute"}
    if minutes is None or not 0 < minutes < _SIXTY or not (named or tokens[k].low in {"half", "quarter"}):
        return None
    k += 1 + named
    if tokens[k].low not in {"past", "to"} or (tokens[k].low == "to" and minutes > 30):  # noqa: PLR2004
        return None
    hour = tokens[k + 1].num if tokens[k + 1].num is not None else lexicon().numbers.get(tokens[k + 1].low)
    if hour is None or not 1 <= hour <= _LAST_HOUR_12 or tokens[k + 2].low in {":", ",", "%"}:
        return None
    half, j = _meridiem(tokens, k + 2)
    if tokens[j].low.isalpha() and tokens[j].low not in lexicon().lists["after_day"]:
        return None  # `a quarter to five percent`
    if tokens[k].low == "to" and not half and not named and tokens[i - 1].low not in {"at", "by", "until"}:
        return None  # `from a quarter to five percent`
    whole = _of_day(hour, half) * _SIXTY + (minutes if tokens[k].low == "past" else -minutes)
    return Clock(f"T{whole // _SIXTY % _LAST_HOUR:02}:{whole % _SIXTY:02}", j, sure=True)


def _of_day(hour: int, half: str) -> int:
    """Return the hour of the day; without `a` or `p` as it stands."""
    return hour % _LAST_HOUR_12 + (_LAST_HOUR_12 if half == "p" else 0) if half else hour


def _hour(tokens: list[Tok], i: int) -> Clock | None:  # noqa: C901, PLR0911, PLR0912 - one reading after the other
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
    if oclock:
        half, k = _meridiem(tokens, j + 3)
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
    """Return `a` or `p` and the token behind `am`, `a.m.`, `PM`, `in the morning`."""
    low = tokens[j].low
    if low in {"am", "pm"}:
        return low[0], j + 1
    if low in {"a", "p"} and tokens[j + 1].low == "." and tokens[j + 2].low == "m" and tokens[j + 2].glued:
        stop = tokens[j + 3].low == "." and tokens[j + 3].glued
        return low, j + 4 if stop else j + 3
    if low == "in" and tokens[j + 1].low == "the" and tokens[j + 2].low in _HALVES:
        return _HALVES[tokens[j + 2].low], j + 3
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


def of_daypart(tokens: list[Tok], i: int, part: Clock) -> Clock | None:
    """Return the time at token i in a part of the day: `tomorrow evening at 9`, `Monday night at 10:15`."""
    exact = clock(tokens, i)
    number, behind = tokens[i].num or 0, tokens[i + 1]
    if exact is None and 1 <= number <= _LAST_HOUR_12 and (behind.low in _ENDS or behind.small):
        exact = Clock(f"T{number:02}:00", i + 1, sure=False)
    if exact is None or exact.suffix[1:3].isalpha():
        return exact
    hour = int(exact.suffix[1:3])
    late = part.suffix in {"TAF", "TEV"} or (part.suffix == "TNI" and hour >= _EVENING)
    if late and hour < _LAST_HOUR_12:
        return Clock(f"T{hour + _LAST_HOUR_12}{exact.suffix[3:]}", exact.end, sure=True)
    return exact


def small_hours(tokens: list[Tok], i: int, *, early: bool) -> Clock | None:
    """Return the morning for `the early hours` and `the small hours`, at `hours`."""
    named = early or tokens[i - 1].low == "small"
    return Clock("TMO", i + 1, sure=True) if named and tokens[i].low == "hours" else None


def cued(tokens: list[Tok], i: int) -> bool:
    """Tell whether the word before says that a time of day follows."""
    return tokens[i - 1].low in lexicon().lists["clock_cues"]
