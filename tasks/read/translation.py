# ruff: noqa: RUF001 - typographic marks as they stand in news
"""Signs that the text was machine-translated: turned quote marks, sentences that start small, and the like.

Each sign has its place; the score joins them as independent evidence (weights: config/read/translation.toml).
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Any, Literal

from worker.config_dir import load_toml
from worker.record import Sign, Translation

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

COMPONENT = "copydesk.read.translation"
VERSION = "1.1"

_WORD = re.compile(r"\w+")
_DOUBLE = re.compile("[“”]")
_SPACED_AT_END = re.compile(r"[.!?,…] [\"”]\s*\Z")
_SPACED_INSIDE = re.compile(r"[^\W\d_][.,!?] \"(?=[^\W\d_])")
_SMALL_START = re.compile(r"(?<![\w.’'-])([^\W\d_]{2,30})\. [\"“«„]?([^\W\d_]{2,30})(?![\w.@])")
_MISSING_SPACE = re.compile(
    r"(?<![\w@/.:-])[a-zа-яіїєґß-ÿ]{3,30}([.!?;,])[A-ZА-ЯІЇЄҐÀ-Ý][a-zа-яіїєґß-ÿ]{2,}(?![\w.@/])"
)
_SPACE_BEFORE = re.compile(r"[^\W\d_]( [,.])(?=\s|\Z)")
_LETTER = re.compile(r"[^\W\d_]")
_ARTICLE = re.compile(r"\b(?:the|an?)\b", re.IGNORECASE)
_SPEAKS_HIGH_LOW = frozenset({"en", "es", "it", "pt", "fr", "nl", "tr", "uk", "ru"})
_LEAST_WORDS_FOR_ARTICLES = 120
_LEAST_ARTICLES = 0.035
_NAME = re.compile(r"(?<=[a-zа-яіїєґß-ÿ,] )[A-ZÀ-Ý][a-zß-ÿ]+(?:['’](?!s\b)[a-zß-ÿ]+)?(?![\w@])")
_CLOSED_BY = ".,!?…"
_SHORTEST_CAPITALISED = 4


@functools.cache
def _config() -> dict[str, Any]:
    return load_toml("read/translation.toml")


@functools.cache
def _words() -> tuple[frozenset[str], frozenset[str]]:
    abbreviations = _config()["abbreviations"]
    return frozenset(abbreviations["words"]), frozenset(abbreviations["small_starters"])


def assess(text: str, body: Sequence[tuple[int, int]], language: str | None) -> Translation:
    """Return score, verdict and signs over the body's blocks, given as (start, end).

    `likely` needs two kinds of signs, or three turned marks: one slip alone is a slip.
    """
    signs = [sign for start, end in body for sign in _in_block(text, start, end, language)]
    if _is_small_by_style(text, body):
        signs = [sign for sign in signs if sign.kind != "lower_case_start"]
    if language == "en" and body:
        signs += _few_articles(text, body)
        signs += _spelling_variants(text, body)
    words = sum(1 for start, end in body for _ in _WORD.finditer(text, start, end))
    score = _score([sign.kind for sign in signs], words)
    return Translation(score=score, verdict=_verdict(score, signs), signs=signs)


def _in_block(text: str, start: int, end: int, language: str | None) -> Iterator[Sign]:
    end = start + len(text[start:end].rstrip())
    found = [
        *_quote_marks(text, start, end, language),
        *_small_starts(text, start, end, language),
        *(
            Sign(kind="missing_space", start=match.start(1), end=match.end(1) + 1)
            for match in _MISSING_SPACE.finditer(text, start, end)
        ),
    ]
    if language != "fr":
        found += [
            Sign(kind="space_before_punctuation", start=match.start(1), end=match.end(1))
            for match in _SPACE_BEFORE.finditer(text, start, end)
        ]
    yield from sorted(found, key=lambda sign: (sign.start, sign.end, sign.kind))


def _quote_marks(text: str, start: int, end: int, language: str | None) -> Iterator[Sign]:
    """Find curly marks that open where they should close and the other way round, paragraph by paragraph.

    Only where `“` opens: not in a paragraph with `„`, nor in a language that closes with `“`.
    """
    if (language is None or language in _SPEAKS_HIGH_LOW) and text.find("„", start, end) < 0:
        is_open = False
        for match in _DOUBLE.finditer(text, start, end):
            at = match.start()
            kind = _odd_mark(text, at, start, end, is_open=is_open)
            if kind:
                yield Sign(kind=kind, start=at, end=at + 1)
                is_open = not is_open
            else:
                is_open = match.group() == "“"
    for pattern in (_SPACED_AT_END, _SPACED_INSIDE):
        counted, marks = start, 0
        for match in pattern.finditer(text, max(start, end - 4) if pattern is _SPACED_AT_END else start, end):
            counted, marks = match.end(), marks + text.count('"', counted, match.end())
            if pattern is _SPACED_AT_END or marks % 2 == 0:
                yield Sign(kind="spaced_quote_mark", start=match.start() + 1, end=match.end())


def _odd_mark(text: str, at: int, start: int, end: int, *, is_open: bool) -> str | None:
    """Return what is odd about the curly mark at `at`, or None.

    `broken_quote_mark`: the mark closes a quote but stands as an opening one does, spaced off the word before
    it (`Russia. “`, `Ukraine, “he said`). `turned_quote_mark`: only its shape is wrong. A mark that opens
    again behind a full stop is neither: the paragraph before may have been left open on purpose.
    """
    opens = text[at] == "“"
    spaced = at > start and text[at - 1] == " "
    before = text[max(start, at - 2) : at].rstrip()[-1:]
    after = text[at + 1] if at + 1 < end else " "
    if is_open and spaced and before in _CLOSED_BY and before:
        if not after.isalnum():
            return "broken_quote_mark"
        if before == "," or not opens:
            return "broken_quote_mark"
    if opens and is_open and not spaced and not after.isalnum():
        return "turned_quote_mark"
    if not opens and not is_open and (spaced or at == start) and after.isalnum():
        return "turned_quote_mark"
    return None


def _small_starts(text: str, start: int, end: int, language: str | None) -> Iterator[Sign]:
    if language in {"ar", "zh", "ja"}:
        return
    abbreviations, small_starters = _words()
    for match in _SMALL_START.finditer(text, start, end):
        before, after = match.groups()
        written_small = before.islower() or (len(before) >= _SHORTEST_CAPITALISED and before[1:].islower())
        if not written_small or not after.islower():
            continue
        if before.lower() not in abbreviations and after not in small_starters:
            yield Sign(kind="lower_case_start", start=match.start(2), end=match.end(2))


def _is_small_by_style(text: str, body: Sequence[tuple[int, int]]) -> bool:
    """Say whether half of the paragraphs begin small: then small letters say nothing about sentences."""
    firsts = [match.group() for start, end in body if (match := _LETTER.search(text, start, end))]
    return 2 * sum(first.islower() for first in firsts) >= len(firsts) > 0


def _few_articles(text: str, body: Sequence[tuple[int, int]]) -> list[Sign]:
    words = sum(1 for start, end in body for _ in _WORD.finditer(text, start, end))
    if words < _LEAST_WORDS_FOR_ARTICLES:
        return []
    articles = sum(1 for start, end in body for _ in _ARTICLE.finditer(text, start, end))
    if articles >= _LEAST_ARTICLES * words:
        return []
    return [Sign(kind="few_articles", start=body[0][0], end=body[-1][1])]


def _spelling_variants(text: str, body: Sequence[tuple[int, int]]) -> list[Sign]:
    """Find names in a second spelling: the first place of each spelling but the one that came first."""
    spelled: dict[str, dict[str, tuple[int, int]]] = {}
    for start, end in body:
        for match in _NAME.finditer(text, start, end):
            places = spelled.setdefault(_romanised(match.group()), {})
            places.setdefault(match.group().lower(), match.span())
    later = [place for places in spelled.values() for place in sorted(places.values())[1:]]
    return [Sign(kind="spelling_variants", start=start, end=end) for start, end in sorted(later)]


@functools.lru_cache(maxsize=20_000)
def _romanised(name: str) -> str:
    """Return what the romanisations of a name have in common."""
    table = _config()["spellings"]
    word = name.lower().replace("’", "'")
    if len(word) < table["shortest"]:
        return f"{word} as it is"
    for letters, other in table["letters"]:
        word = word.replace(letters, other)
    return word


def _score(kinds: Sequence[str], words: int) -> float:
    config: Mapping[str, Any] = _config()
    share = min(1.0, config["words_of_full_weight"] / max(words, 1))
    doubt = 1.0
    for kind in sorted(set(kinds)):
        rule = config["signs"][kind]
        doubt *= (1 - rule["weight"] * share) ** min(kinds.count(kind), rule["most"])
    return round(1.0 - doubt, 4)


def _verdict(score: float, signs: Sequence[Sign]) -> Literal["unlikely", "possible", "likely"]:
    config = _config()
    kinds = {sign.kind for sign in signs}
    turned = sum(sign.kind == "broken_quote_mark" for sign in signs)
    if score >= config["likely_from"] and (len(kinds) > 1 or turned > 2):  # noqa: PLR2004 - see `assess`
        return "likely"
    return "possible" if score >= config["possible_from"] else "unlikely"
