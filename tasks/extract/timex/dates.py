"""Explicit dates: `Sunday, December 5`, `7 December 2021`, `2021-12-06`, `12/6/2021`, `1990s`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tasks.extract.timex.forms import Form
from tasks.extract.timex.numerals import ordinal
from tasks.extract.timex.words import lexicon

if TYPE_CHECKING:
    from tasks.extract.timex.forms import Parsed
    from tasks.extract.timex.tokens import Tok

FIRST_YEAR, LAST_YEAR = 1000, 2199
FIRST_BARE_YEAR, LAST_BARE_YEAR = 1400, 2099
MAX_DAY, MAX_MONTH = 31, 12
_YEAR_DIGITS = 4
_SHORT_MONTH = 4
_TWO_DIGITS = 2


def month_name(tokens: list[Tok], i: int) -> tuple[int, int] | None:
    """Return the month named at token i, and the token behind it and its full stop."""
    tok = tokens[i]
    month = lexicon().months.get(tok.low)
    if month is None or (tok.small and tok.low in lexicon().lists["months_that_are_words"]):
        return None
    abbreviated = len(tok.low) <= _SHORT_MONTH and tok.low not in {"may", "june", "july"}
    if abbreviated and tok.small and tokens[i + 1].low != ".":
        return None
    stop = abbreviated and tokens[i + 1].low == "." and tokens[i + 1].glued
    return month, i + 2 if stop else i + 1


def day_number(tokens: list[Tok], i: int) -> tuple[int, int] | None:
    """Return a day of a month in digits (`7`, `7th`) or as an ordinal word, and the token behind it."""
    tok = tokens[i]
    numbered = ordinal(tokens, i)
    if numbered:
        return numbered if 1 <= numbered[0] <= MAX_DAY else None
    if tok.num is None or not 1 <= tok.num <= MAX_DAY or len(tok.text) > 2:  # noqa: PLR2004 - 01 to 31
        return None
    if tok.glued and tokens[i - 1].low in {".", ",", "/", ":", "$", "€", "£", "#"}:
        return None
    after = tokens[i + 1]
    if after.glued and (after.low in {":", "%", "/", "°"} or after.low.isalpha()):
        return None
    if after.glued and after.low in {".", ","} and tokens[i + 2].glued and tokens[i + 2].num is not None:
        return None
    return tok.num, i + 1


def year_number(tokens: list[Tok], i: int) -> int | None:
    """Return the year of four digits at token i, unless the digits belong to a longer number."""
    tok = tokens[i]
    if tok.num is None or len(tok.text) != _YEAR_DIGITS or not FIRST_YEAR <= tok.num <= LAST_YEAR:
        return None
    before, after, beyond = tokens[i - 1], tokens[i + 1], tokens[i + 2]
    if tok.glued and (before.low in {".", ",", "/", ":", "$", "€", "£", "#", "+"} or before.low.isalpha()):
        return None
    if after.glued and (after.low in {"%", "°"} or after.low.isalpha()):
        return None
    if after.glued and after.low in {".", ",", "/", ":"} and beyond.glued and beyond.num is not None:
        return None
    return tok.num


def calendar_date(tokens: list[Tok], i: int) -> Parsed:
    """Read a month with a day, in either order, or a month with a year; a year may follow."""
    j = i + 1 if tokens[i].low == "the" else i
    day_first = day_number(tokens, j)
    if day_first:
        day, k = day_first
        of = tokens[k].low == "of"
        month = month_name(tokens, k + 1 if of else k)
        if month is None:
            return None
        return _with_year(tokens, month[1], Form("day_month", 0.95, base="open", month=month[0], day=day))
    named = month_name(tokens, i)
    if named is None:
        return None
    month_number, k = named
    the = tokens[k].low == "the"
    numbered = day_number(tokens, k + 1 if the else k)
    if numbered and not (the and tokens[k + 1].capital):  # `May the Second Army`
        form = Form("month_day", 0.95, base="open", month=month_number, day=numbered[0])
        return _with_year(tokens, numbered[1], form)
    of = tokens[k].low in {"of", ","}
    year = year_number(tokens, k + 1 if of else k)
    form = Form("month_year", 0.95, base="explicit", grain="month", month=month_number, year=year)
    if year is not None:
        return form, k + 2 if of else k + 1
    relative = relative_year(tokens, k, replace(form, base="open"))
    return relative if relative[1] > k else None


def _with_year(tokens: list[Tok], j: int, form: Form) -> tuple[Form, int]:
    comma = tokens[j].low in {",", "of"}
    year = year_number(tokens, j + 1 if comma else j)
    if year is not None:
        return replace(form, base="explicit", year=year), j + 2 if comma else j + 1
    return relative_year(tokens, j, form)


def relative_year(tokens: list[Tok], j: int, form: Form) -> tuple[Form, int]:
    """Read `last year`, `of this year`, `of that year` behind a date; returns the form as it was if none."""
    k = j + 1 if tokens[j].low in {"of", "in"} else j
    k += tokens[k].low == "the" and tokens[k + 1].low in {"same", "previous", "following", "next"}
    if tokens[k + 1].low != "year":
        return form, j
    word = tokens[k].low
    if word in {"last", "this", "next"} and tokens[k - 1].low != "the":
        count = {"last": -1, "this": 0, "next": 1}[word]
        return replace(form, year_base="anchor", year_shift=count), k + 2
    if word in {"that", "same", "previous", "following", "next"}:
        count = {"previous": -1, "following": 1, "next": 1}.get(word, 0)
        return replace(form, year_base="narrated", year_shift=count, confidence=0.8), k + 2
    return form, j


def with_weekday(tokens: list[Tok], i: int) -> Parsed:
    """Read `Sunday, December 5`, `Sun., Dec. 5, 2021`, and `December 5, Sunday,`."""
    words = lexicon()
    weekday = words.weekdays.get(tokens[i].low) or words.weekdays_short.get(tokens[i].low)
    if weekday and tokens[i].capital:
        j = i + 1
        j += tokens[j].low == "." and tokens[i].low in words.weekdays_short
        j += tokens[j].low == ","
        parsed = calendar_date(tokens, j) or numeric_date(tokens, j)
        if parsed and parsed[0].day is not None:
            form, end = parsed
            return replace(form, rule=f"weekday_{form.rule}", weekday=weekday, confidence=0.98), end
        return None
    parsed = calendar_date(tokens, i)
    if parsed and parsed[0].day is not None:
        form, j = parsed
        bracket = tokens[j].low == "("
        if bracket or tokens[j].low == ",":
            weekday = words.weekdays.get(tokens[j + 1].low)
            if weekday and tokens[j + 2].low in ({")"} if bracket else {",", ".", ")"}):
                return replace(form, rule=f"{form.rule}_weekday", weekday=weekday), j + 2 + bracket
    return None


def numeric_date(tokens: list[Tok], i: int) -> Parsed:  # noqa: PLR0911 - one reading after the other
    """Read `2021-12-06`, `2021/12/06`, `12/6/2021`, `06.12.2021`; the resolver chooses the order."""
    a, b, c = tokens[i], tokens[i + 2], tokens[i + 4]
    separator = tokens[i + 1].low
    if separator not in {"-", "/", "."} or tokens[i + 3].low != separator:
        return None
    if a.num is None or b.num is None or c.num is None or not all(tokens[i + k].glued for k in (1, 2, 3, 4)):
        return None
    behind = tokens[i + 5]
    if a.glued and tokens[i - 1].low in {"-", "/", ".", ":", ","}:
        return None
    if behind.glued and (
        behind.low in {"-", "/"}
        or (behind.low in {".", ":"} and tokens[i + 6].glued and tokens[i + 6].text.isdigit())
    ):
        return None
    if len(a.text) == _YEAR_DIGITS and len(b.text) <= 2 and len(c.text) <= 2:  # noqa: PLR2004
        form = Form("iso", 0.99, base="explicit", year=a.num, month=b.num, day=c.num)
        return (form, i + 5) if _possible(b.num, c.num) else None
    if (
        len(c.text) != _YEAR_DIGITS
        or not FIRST_YEAR <= c.num <= LAST_YEAR
        or max(len(a.text), len(b.text)) > _TWO_DIGITS
    ):
        return None
    readings = tuple(
        (c.num, month, day) for month, day in ((b.num, a.num), (a.num, b.num)) if _possible(month, day)
    )
    if separator == ".":
        readings = tuple(r for r in readings if (r[1], r[2]) == (b.num, a.num))
    if not readings:
        return None
    return Form("numeric", 0.9, base="explicit", readings=tuple(dict.fromkeys(readings))), i + 5


def _possible(month: int, day: int) -> bool:
    return 1 <= month <= MAX_MONTH and 1 <= day <= MAX_DAY


def bare_month(tokens: list[Tok], i: int) -> Parsed:
    """Read a month that stands alone; one that is also a word or a name needs a preposition before it."""
    named = month_name(tokens, i)
    if named is None:
        return _month_of(tokens, i)
    lists, low, before = lexicon().lists, tokens[i].low, tokens[i - 1].low
    form = Form("month", 0.85, base="open", grain="month", month=named[0])
    if low in lists["months_that_are_words"] and _contrasted(tokens, i):
        return form, named[1]
    if low in lists["months_that_are_words"]:
        return (form, named[1]) if before in lists["month_cues_strict"] and not _is_name(tokens, i) else None
    if low in lists["months_that_are_names"]:
        return (form, named[1]) if before in lists["month_cues"] and not _is_name(tokens, i) else None
    if tokens[i].small and before not in lists["month_cues"]:
        return None
    return (form, named[1]) if not _is_name(tokens, i) else None


def _month_of(tokens: list[Tok], i: int) -> Parsed:
    """Read `the month of November`."""
    j = i + (tokens[i].low == "the")
    named = month_name(tokens, j + 2) if (tokens[j].low, tokens[j + 1].low) == ("month", "of") else None
    if named is None:
        return None
    year = year_number(tokens, named[1])
    form = Form("month", 0.9, base="explicit" if year else "open", grain="month", month=named[0], year=year)
    return form, named[1] + bool(year)


_CONTRAST = 30
"""Tokens before `May is too late` in which another month has to stand."""


def _contrasted(tokens: list[Tok], i: int) -> bool:
    """Tell whether this is the month of a verdict on time: `In April, perhaps. May is too late.`"""
    if tokens[i - 1].low.isalnum() or not tokens[i].capital:
        return False
    if tokens[i + 1].low not in {"is", "was", "would"}:
        return False
    k = i + 2 + (tokens[i + 2].low == "be")
    k += tokens[k].low in {"too", "still", "already", "not"}
    if tokens[k].low not in {"late", "early", "soon", "when", "possible", "far"}:
        return False
    others = lexicon().months.keys() - lexicon().lists["months_that_are_words"]
    return any(tokens[j].low in others and tokens[j].capital for j in range(max(0, i - _CONTRAST), i))


def _is_name(tokens: list[Tok], i: int) -> bool:
    """`October Revolution`, `April Ryan`: a capital letter right behind, in the same clause."""
    after = tokens[i + 1]
    return bool(after.text) and after.capital and after.text[0].isalpha()


def bare_year(tokens: list[Tok], i: int) -> Parsed:  # noqa: PLR0911 - one reading after the other
    """Read a year that stands alone, where a word before it says that it is one."""
    if tokens[i].low in {"the", "year"}:
        k = i + (tokens[i].low == "the")
        year = year_number(tokens, k + 1) if tokens[k].low == "year" else None
        return (Form("year", 0.95, base="explicit", grain="year", year=year), k + 2) if year else None
    year = year_number(tokens, i)
    before, after = tokens[i - 1], tokens[i + 1]
    era = _era(tokens, i + 1)
    number = tokens[i].num or 0
    if era and 0 < number <= LAST_YEAR:
        return Form("year_era", 0.95, base="explicit", grain="year", year=number, bc=True), era
    if year is None or year < FIRST_BARE_YEAR:
        return None
    form = Form("year", 0.9, base="explicit", grain="year", year=year)
    if before.low in lexicon().lists["year_cues_before_end"] and _ends_phrase(tokens, i + 1):
        return form, i + 1
    if year > LAST_BARE_YEAR:
        return None
    if after.low in lexicon().lists["counted"] or _is_hyphened(after):
        return None
    bracketed = before.low == "(" and after.low in {")", ",", ";"}
    possessive = before.low == "s" and before.glued
    if before.low in lexicon().lists["year_cues"] or bracketed or possessive or _is_sole(tokens, i):
        return form, i + 1
    return (form, i + 1) if year >= FIRST_OWNED_YEAR and _is_owned(tokens, i) else None


def _is_hyphened(after: Tok) -> bool:
    """Tell whether a hyphen follows, other than a long dash: `1954-style`."""
    return after.glued and after.low == "-" and after.text != "\u2014"


FIRST_OWNED_YEAR = 1800


def _is_sole(tokens: list[Tok], i: int) -> bool:
    """Tell whether a year is a whole heading, or what one begins with: `1979: the first winter`."""
    return i == 0 and tokens[1].low in {"", ":"} and not tokens[2].num


def _is_owned(tokens: list[Tok], i: int) -> bool:
    """`a 1998 interview`, `its 1920 treaty`; `1987 saw`: what a year is said of, or what is said of it."""
    lists, before, after = lexicon().lists, tokens[i - 1].low, tokens[i + 1]
    if before in lists["year_owners"]:
        return after.low.isalpha() and not lists["counted"] & {after.low, f"{after.low}s"}
    starts = i == 0 or before in {".", "!", "?"}
    return starts and after.low in lists["year_verbs"]


def _ends_phrase(tokens: list[Tok], j: int) -> bool:
    """Tell whether what stands at j can be no noun that the number before it counts."""
    after = tokens[j]
    if not after.low.isalpha():
        return after.low in {"", ".", ",", ";", ":", "?", "!", ")"} or (after.low == "-" and not after.glued)
    return after.low in lexicon().lists["links"]


def _era(tokens: list[Tok], j: int) -> int | None:
    """Return the token behind `BC`, `BCE` or `B.C.` at j."""
    if tokens[j].text in {"BC", "BCE"}:
        return j + 1
    if [t.text for t in tokens[j : j + 4]] == ["B", ".", "C", "."] and tokens[j + 1].glued:
        return j + 4
    return None


def decade_or_century(tokens: list[Tok], i: int) -> Parsed:  # noqa: PLR0911 - one reading after the other
    """Read `1990s`, `the '90s`, `19th century`, `the nineteenth century`, `the 460s BC`."""
    if tokens[i].low == "the":
        return decade_or_century(tokens, i + 1)
    tok = tokens[i]
    if tok.num is not None and tokens[i + 1].low == "s" and tokens[i + 1].glued and tok.num % 10 == 0:
        era = _era(tokens, i + 2)
        if era:
            return Form("decade", 0.9, base="explicit", grain="decade", year=tok.num, bc=True), era
        if len(tok.text) == _YEAR_DIGITS and FIRST_YEAR <= tok.num <= LAST_YEAR:
            return Form("decade", 0.95, base="explicit", grain="decade", year=tok.num), i + 2
        if len(tok.text) == 2 and tok.glued and tokens[i - 1].low == "'":  # noqa: PLR2004 - '90s
            return Form("decade_short", 0.75, base="explicit", grain="decade", year=1900 + tok.num), i + 2
        return None
    numbered = ordinal(tokens, i)
    if numbered:
        number, j = numbered
        j += tokens[j].low == "-"
        if tokens[j].low == "century" and 1 <= number <= 22:  # noqa: PLR2004 - up to the 22nd
            era = _era(tokens, j + 1)
            year = max((number - 1) * 100, 1)
            form = Form("century", 0.95, base="explicit", grain="century", year=year, bc=bool(era))
            return form, era or j + 1
    return None
