"""Reads what a person types into a search: words, "phrases", prefixes* and facets.

NATO "defensive alliance" alli* person:blinken said-by:"Anthony Blinken" date:2021-12-01..2021-12-31
"""

from __future__ import annotations

import difflib
import functools
import re
import unicodedata
from dataclasses import dataclass

from worker.errors import UsageError

FACETS = {
    "person": "a person mentioned, by name",
    "org": "an organisation mentioned, by name",
    "place": "a place, by name or two-letter country code",
    "topic": "an IPTC topic, by label or code",
    "said-by": "somebody quoted, by name",
    "date": "date of publication: 2021, 2021-12, 2021-12-06, or a range 2021-12-01..2021-12-31",
    "lang": "language, ISO 639-1",
    "collection": "collection, exactly",
}
MOST_TERMS = 100
_QUOTES = '"\u201c\u201d\u201e'
_DATE = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")
_WORD = re.compile(r"[^\W_]+")
_UNFIT = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True)
class Term:
    """A word or phrase; with `prefix` its last word may go on."""

    text: str
    prefix: bool = False


@dataclass(frozen=True)
class Query:
    """What was asked: everything has to match."""

    terms: tuple[Term, ...] = ()
    facets: tuple[tuple[str, str], ...] = ()


def parse_query(text: str) -> Query:
    """Read what a person typed. Raises UsageError when there is nothing to look for, or a facet is wrong."""
    terms: list[Term] = []
    facets: list[tuple[str, str]] = []
    for name, value, quoted in _pieces(_UNFIT.sub(" ", text)):
        if name:
            facets.append((name, _check_facet(name, value)))
        elif _WORD.search(value):
            terms.append(Term(value, prefix=not quoted and value.endswith("*")))
    if not terms and not facets:
        raise UsageError(
            'There is nothing to search for: give a word, a "phrase" or a facet such as person:NAME.'
        )
    if len(terms) + len(facets) > MOST_TERMS:
        raise UsageError(f"A query has at most {MOST_TERMS} words, phrases and facets.")
    return Query(tuple(terms), tuple(facets))


def _pieces(text: str) -> list[tuple[str, str, bool]]:
    """Split at white space outside of quote marks: (facet or '', value, quoted)."""
    found, at, size = [], 0, len(text)
    while at < size:
        if text[at].isspace():
            at += 1
            continue
        start = at
        while at < size and not text[at].isspace() and text[at] not in _QUOTES:
            at += 1
        word = text[start:at]
        name, colon, value = word.partition(":")
        name = name.lower() if colon else ""
        if at < size and text[at] in _QUOTES and (not word or (name in FACETS and not value)):
            end = next((i for i in range(at + 1, size) if text[i] in _QUOTES), size)
            found.append((name if word else "", text[at + 1 : end], True))
            at = end + 1
        elif name in FACETS:
            found.append((name, value, False))
        else:
            if name:
                _refuse_near_facet(name)
            found.append(("", word, False))
    return found


def _refuse_near_facet(name: str) -> None:
    near = difflib.get_close_matches(name, FACETS, n=1, cutoff=0.8)
    if near:
        raise UsageError(
            f"There is no facet {name}: Did you mean {near[0]}:? Put it in quote marks to search for it."
        )


def _check_facet(name: str, value: str) -> str:
    value = value.strip()
    if not value:
        raise UsageError(f"{name}: needs a value, {FACETS[name]}.")
    if name == "date":
        begin, dots, end = value.partition("..")
        given = [part for part in (begin, end if dots else begin) if part]
        if not given or not all(_DATE.fullmatch(part) for part in given):
            raise UsageError(f"date:{value} is no date. Write {FACETS['date']}.")
    elif name not in {"lang", "collection"} and not _WORD.search(value):
        raise UsageError(f"{name}:{value} has no word in it.")
    return value


def has_words(text: str | None, wanted: str) -> int:
    """Return 1 when the words of `wanted` stand in `text` one after the other, else 0."""
    if not text:
        return 0
    return int(f" {' '.join(folded_words(wanted))} " in f" {' '.join(_fold(text))} ")


@functools.lru_cache(maxsize=256)
def folded_words(text: str) -> tuple[str, ...]:
    """Return the words without case and accents."""
    return tuple(_fold(text))


def _fold(text: str) -> list[str]:
    if not text.isascii():
        decomposed = unicodedata.normalize("NFKD", text)
        text = "".join(c for c in decomposed if not unicodedata.combining(c))
    return _WORD.findall(text.casefold())
