"""Offices and functions: `US Secretary of State`, `former Russian foreign minister`, `CEO of Acme`.

A role phrase is [status] [country or organisation] modifier* head [of/for portfolio]; the lists stand in
`config/extract/roles.toml`. Where it is bounded, any nouns may stand as modifiers (`role_bounds`).
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from tasks.extract.name.role_bounds import POSSESSIVES, complement_end, compound_start, may_be_noun
from worker.config_dir import load_toml

if TYPE_CHECKING:
    from tasks.extract.lexer import Words
    from tasks.extract.lexicon import Known

Status = Literal["current", "former", "acting", "deputy"]
_LONGEST = 9
"""Words that a role phrase may reach to either side of its head."""


@dataclass(frozen=True, slots=True)
class KnownAt:
    """A listed name in the text: words `first` to `last` (exclusive)."""

    first: int
    last: int
    entry: Known


@dataclass(frozen=True, slots=True)
class RolePhrase:
    """Words `first` to `last` (exclusive) state an office.

    `start` is the first word without the status; `office` is lower case and without country, `key` the
    canonical office for comparing.
    """

    first: int
    start: int
    last: int
    head: int
    office: str
    country: str | None
    organization: str | None
    status: Status
    known: KnownAt | None
    reach: int
    """The word past `of Ukraine`, `at Acme`, `of the monitoring mission` behind the office; else `last`."""
    end: int
    """The word past the office as stated: `head of the monitoring mission`; else `last`."""
    gender: str | None


@dataclass(frozen=True, slots=True)
class _Lists:
    heads: frozenset[str]
    head_endings: tuple[str, ...]
    relational: frozenset[str]
    modifiers: frozenset[str]
    status: dict[str, Status]
    portfolios: frozenset[str]
    same: dict[str, frozenset[str]]
    male: frozenset[str]
    female: frozenset[str]


@functools.cache
def role_lists() -> _Lists:
    """Return the lists of `config/extract/roles.toml`."""
    table = load_toml("extract/roles.toml")
    same: dict[str, set[str]] = {}
    for group in table["same"]:
        for office in group[1:]:
            same.setdefault(office, set()).add(group[0])
            same.setdefault(group[0], set()).add(group[0])
    return _Lists(
        heads=frozenset(table["heads"]),
        head_endings=tuple(table["head_endings"]),
        relational=frozenset(table["relational"]),
        modifiers=frozenset(table["modifiers"]) | frozenset(table["portfolios"]),
        status=table["status"],
        portfolios=frozenset(table["portfolios"]),
        same={office: frozenset(names) for office, names in same.items()},
        male=frozenset(table["male"]),
        female=frozenset(table["female"]),
    )


def same_office(one: str, other: str) -> bool:
    """Whether two offices may be the same: equal, one the end or head of the other, or listed as such."""
    short, long = sorted((one, other), key=len)
    if one == other or long.endswith(" " + short) or long.startswith((f"{short} of ", f"{short} for ")):
        return True
    same = role_lists().same
    return bool(same.get(one, frozenset((one,))) & same.get(other, frozenset((other,))))


def is_head(word: str) -> bool:
    """Whether a small word names an office or occupation: listed, or by its ending (`-ologist`)."""
    lists = role_lists()
    return word in lists.heads or word.endswith(lists.head_endings)


def find_roles(words: Words, known: list[KnownAt]) -> list[RolePhrase]:
    """Return the role phrases in order; they do not overlap. O(words)."""
    lists = role_lists()
    by_end = {match.last: match for match in known}
    by_start = {match.first: match for match in known}
    found: list[RolePhrase] = []
    for first, last in words.sentences:
        done = first
        for at in range(first, last):
            if at >= done and is_head(words.lower[at]) and _is_last_head(words, at, last, lists):
                bounds = (max(first, done, at - _LONGEST), last)
                phrase = _phrase(words, at, bounds, by_end=by_end, by_start=by_start)
                found.append(phrase)
                done = phrase.last
    return found


def _is_last_head(words: Words, at: int, last: int, lists: _Lists) -> bool:
    """`vice president`, `founder and chief executive Berg`: the head is the last of several."""
    behind = at + 1
    joint = behind + 1 < last and words.lower[behind] == "and"
    if joint and words.cap[at] == words.cap[behind + 1]:
        behind += 1
    pile = words.lower[at] in lists.status
    while (
        behind < min(last, at + _LONGEST)
        and (words.lower[behind] in lists.modifiers or (pile and may_be_noun(words, behind)))
        and words.lower[behind] not in lists.heads
    ):
        behind += 1
    if behind >= last or not is_head(words.lower[behind]):
        return True
    if joint:
        return not (behind + 1 < last and words.cap[behind + 1])
    if words.lower[at] in lists.status:
        return False
    return words.cap[at] and not words.cap[behind] and words.lower[behind] != "general"


def _phrase(
    words: Words,
    head: int,
    bounds: tuple[int, int],
    *,
    by_end: dict[int, KnownAt],
    by_start: dict[int, KnownAt],
) -> RolePhrase:
    lists = role_lists()
    lower = words.lower
    low, high = bounds
    last = _portfolio_end(words, head + 1, high, lists)
    office_from = head
    while office_from > low and _is_modifier(lower, office_from - 1, low, lists):
        office_from -= 1
    while office_from < head and lower[office_from] == "and":
        office_from += 1
    if office_from - 1 > low and lower[office_from - 1] == "and" and _joint(words, office_from, lists):
        office_from -= 2
    name_behind = last < high and words.cap[last]
    office_from = compound_start(words, office_from, low, name_behind=name_behind, ends=by_end)
    if (
        office_from < head
        and lower[office_from] in lists.status
        and lower[office_from] not in lists.modifiers
    ):
        office_from += 1
    start = office_from
    near = by_end.get(start)
    if near is None and start > low and lower[start - 1] in POSSESSIVES:
        near = by_end.get(start - 1)
    elif near is not None and near.first >= low:
        start = near.first
    if near is not None and (near.first < low or near.entry.type not in {"LOC", "NORP", "ORG"}):
        near = None
    first, status = _status(lower, start, low, lists)
    if status is None:
        status = lists.status.get(lower[office_from])
        if status not in {None, "deputy"} and office_from < head:
            first, office_from = start, office_from + 1
            start = office_from if start == first else start
    behind = _of_whom(words, last, high, by_start) if near is None else None
    complement = complement_end(words, last, high)
    owner = near or behind
    return RolePhrase(
        first=first,
        start=start,
        last=last,
        head=head,
        office=" ".join(lower[office_from:last]),
        country=owner.entry.country if owner else None,
        organization=" ".join(owner.entry.words) if owner and owner.entry.type == "ORG" else None,
        status=status or "current",
        known=near if near is not None and start == near.first else None,
        reach=max(complement, behind.last if behind else last),
        end=complement if lower[head] in lists.relational and not any(words.cap[last:complement]) else last,
        gender="male" if lower[head] in lists.male else "female" if lower[head] in lists.female else None,
    )


def _joint(words: Words, at: int, lists: _Lists) -> bool:
    """`founder and chief executive`: two offices of one person share one determiner or none."""
    other = at - 2
    return words.lower[other] in lists.heads and words.cap[other] == words.cap[at]


def _is_modifier(lower: list[str], at: int, low: int, lists: _Lists) -> bool:
    word = lower[at]
    if word in lists.modifiers or is_head(word):
        return True
    return (
        word == "and" and at > low and lower[at - 1] in lists.portfolios and lower[at + 1] in lists.portfolios
    )


def _status(lower: list[str], start: int, low: int, lists: _Lists) -> tuple[int, Status | None]:
    if start > low and lower[start - 1] in lists.status:
        return start - 1, lists.status[lower[start - 1]]
    if start - 1 > low and lower[start - 1] == "-" and lower[start - 2] == "ex":
        return start - 2, "former"
    return start, None


def _portfolio_end(words: Words, at: int, high: int, lists: _Lists) -> int:
    """Return the word past `of State`, `of the Treasury`, `for Foreign Affairs`; `at` if there is none."""
    lower = words.lower
    if at < high and lower[at] in {"general", "elect"}:
        at += 1
    if at + 1 >= high or lower[at] not in {"of", "for"}:
        return at
    inside = at + 1
    if lower[inside] == "the" and inside + 1 < high:
        inside += 1
    end = inside
    while end < high and end - inside < _LONGEST and lower[end] in lists.portfolios:
        end += 1
        if end + 1 < high and lower[end] in {"and", ","} and lower[end + 1] in lists.portfolios:
            end += 1
    return end if end > inside else at


def _of_whom(words: Words, at: int, high: int, by_start: dict[int, KnownAt]) -> KnownAt | None:
    if at + 1 >= high or words.lower[at] not in {"of", "at", "for", "to"}:
        return None
    return by_start.get(at + 1) or (by_start.get(at + 2) if words.lower[at + 1] == "the" else None)
