# ruff: noqa: RUF001 - typographic marks as they stand in news
"""What the words around a name say about it being an organisation's: `the broadcaster Nordlys`."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from tasks.extract.cue_verbs import speech_forms
from tasks.extract.grammar import word_class
from tasks.extract.lexicon import lexicon
from tasks.extract.name.role_bounds import DETERMINERS, POSSESSIVES
from tasks.extract.name.roles import is_head
from worker.config_dir import load_toml

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tasks.extract.lexer import Words

_FAR = 5
"""Words between a determiner and the noun that it belongs to, the noun included."""
_ATTACHED = frozenset({"of", "for", "at", "with", "from", "to", "in"})
"""`a spokeswoman for the company, N`: the name is hers."""
_BREAKS = frozenset(',.;:()“”"!?–—')
_AFTER_NOUN = word_class("prepositions") | {
    "that",
    "which",
    "who",
    "whose",
    "said",
    "says",
    "and",
    "owned",
    "founded",
}
_SEATED = frozenset({"based", "headquartered", "listed"})
_LONGEST_DEED = 4
_EXPLETIVE = frozenset({"is", "was", "would", "will", "seems", "seemed", "has", "had", "took", "takes"})
_SHARES = frozenset(
    {"shares", "stake", "employees", "subsidiary", "shareholders", "stock", "bonds", "takeover"}
)


def noun_before(words: Words, first: int) -> str | None:
    """Return the noun that says what a name names: `the broadcaster N`, `The dock's operator, N`."""
    at = first - 1
    low = words.sentences[words.sentence[first]][0]
    apart = at > low and words.text[at] == ","
    if apart:
        at -= 1
    lex = lexicon()
    if (
        at <= low
        or words.cap[at]
        or not (words.lower[at] in lex.org_nouns or words.lower[at] in lex.org_weak_nouns)
    ):
        return None
    for i in range(at - 1, max(low, at - _FAR) - 1, -1):
        if words.lower[i] in DETERMINERS or words.lower[i] in POSSESSIVES:
            somebody = apart and i > low and words.lower[i - 1] in _ATTACHED
            return None if somebody and words.lower[i - 2] != "according" else words.lower[at]
        if words.text[i] in _BREAKS:
            return None
    return None


def noun_behind(words: Words, last: int) -> str | None:
    """Return the noun in apposition behind a name: `N, a Danish company that ...`."""
    high = words.sentences[words.sentence[last - 1]][1]
    if last + 2 >= high or words.text[last] != "," or words.lower[last + 1] not in DETERMINERS:
        return None
    for at in range(last + 2, min(high, last + 2 + _FAR)):
        word = words.lower[at]
        if words.text[at] in _BREAKS or is_head(word):
            return None
        behind = words.lower[at + 1] if at + 1 < high else "."
        if word in lexicon().org_nouns and (
            behind in _AFTER_NOUN or behind in _BREAKS or behind in speech_forms()
        ):
            return word
    return None


def surely_organization(words: Words, first: int, last: int) -> str | None:
    """Return the noun beside the name that only organisations are called by, or None."""
    before = noun_before(words, first)
    if before in lexicon().org_nouns and (words.text[first - 1] != "," or _closed(words, last)):
        return before
    return noun_behind(words, last)


def organization_signs(words: Words, first: int, last: int) -> Iterator[float]:
    """Yield the weight of each lesser sign that the name is an organisation's."""
    high = words.sentences[words.sentence[last - 1]][1]
    if noun_before(words, first) is not None:
        yield 0.4
    at = last + 1 if last < high and words.text[last] == "," else last
    behind = words.lower[at : min(high, at + 3)]
    if behind[:1] and behind[0] in _SEATED and words.text[last] == ",":
        yield 0.8
    if len(behind) > 2 and behind[0] in speech_forms() and behind[1] in {"it", "its"}:  # noqa: PLR2004
        yield 0.4 if behind[2] in _EXPLETIVE else 0.8
    if len(behind) > 1 and behind[0] in POSSESSIVES and behind[1] in _SHARES:
        yield 0.8
    if first > 1 and words.lower[first - 1] in {"in", "of"} and words.lower[first - 2] in _SHARES:
        yield 3.0  # outweighs `in` as a sign of a place


@functools.cache
def _things() -> frozenset[str]:
    return frozenset(load_toml("extract/other_names.toml")["things"])


def thing_before(words: Words, first: int) -> bool:
    """Whether a noun says that a name is a thing's: `the ferry N`, but not `the ferry, N`."""
    at = first - 1
    low = words.sentences[words.sentence[first]][0]
    if at <= low or words.cap[at] or words.lower[at] not in _things():
        return False
    return any(words.lower[i] in DETERMINERS for i in range(max(low, at - _FAR), at))


def bracketed_in_dateline(words: Words, first: int, last: int) -> bool:
    """`LISBON (Iberia Wire) -`: the agency."""
    if words.paragraphs[words.paragraph[first]].kind != "dateline" or not 0 < first <= last < len(words):
        return False
    return words.text[first - 1] == "(" and words.text[last] == ")"


def _closed(words: Words, last: int) -> bool:
    return last >= len(words) or words.text[last] in _BREAKS


@functools.cache
def _deeds() -> frozenset[str]:
    return frozenset(load_toml("extract/other_names.toml")["vessel_deeds"])


def thing_behind(words: Words, first: int, last: int) -> bool:
    """Whether what `the N` does makes a vessel of it: `the N, on its way from`, `the N ran aground`."""
    if not first or words.lower[first - 1] != "the":
        return False
    behind = words.lower[last : last + _LONGEST_DEED] or ["."]
    return behind[1:] == ["on", "its", "way"] or not _deeds().isdisjoint({behind[0], " ".join(behind[:2])})
