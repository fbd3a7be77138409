"""Numbers in digits and in words, as far as quantities of time need them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tasks.extract.timex.tokens import words_at
from tasks.extract.timex.words import lexicon

if TYPE_CHECKING:
    from tasks.extract.timex.tokens import Tok

VAGUE: tuple[tuple[str, ...], ...] = (
    ("a", "great", "many"),
    ("a", "number", "of"),
    ("the", "past", "few"),
    ("a", "few"),
    ("quite", "a", "few"),
    ("several",),
    ("many",),
    ("few",),
    ("dozens", "of"),
    ("hundreds", "of"),
    ("thousands", "of"),
    ("tens", "of"),
    ("some",),
)
PAIR: tuple[tuple[str, ...], ...] = (("a", "couple", "of"), ("couple", "of"))
DOZEN: tuple[tuple[str, ...], ...] = (("a", "dozen"), ("dozen",))
_VAGUE_BY_WORD: dict[str, list[tuple[tuple[str, ...], str]]] = {}
for _phrases, _text in ((PAIR, "2"), (DOZEN, "12"), (VAGUE, "X")):
    for _phrase in _phrases:
        _VAGUE_BY_WORD.setdefault(_phrase[0], []).append((_phrase, _text))
_TEN, _HUNDRED, _THOUSAND = 10, 100, 1000
_GROUP = 3


def quantity(tokens: list[Tok], i: int) -> tuple[str, int] | None:
    """Return the number at token i as TIMEX3 writes it (`3`, `2.5`, vague: `X`), and the token behind it."""
    for phrase, text in _VAGUE_BY_WORD.get(tokens[i].low, ()):
        if words_at(tokens, i, phrase):
            return text, i + len(phrase)
    if tokens[i].num is not None:
        return _digits(tokens, i)
    return _words(tokens, i)


def ordinal(tokens: list[Tok], i: int) -> tuple[int, int] | None:
    """Return the ordinal at token i (`7th`, `seventh`, `twenty-first`) and where it ends."""
    tok = tokens[i]
    if tok.num is not None:
        suffix = tokens[i + 1]
        return (tok.num, i + 2) if suffix.glued and suffix.low == _suffix(tok.num) else None
    words = lexicon()
    if tok.low in words.ordinals:
        return words.ordinals[tok.low], i + 1
    tens = words.numbers.get(tok.low, 0)
    if tens in {20, 30} and tokens[i + 1].low == "-":
        unit = words.ordinals.get(tokens[i + 2].low, 0)
        if 0 < unit < _TEN:
            return tens + unit, i + 3
    return None


def _suffix(number: int) -> str:
    if number % 100 in {11, 12, 13}:
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")


def _digits(tokens: list[Tok], i: int) -> tuple[str, int] | None:
    before = tokens[i - 1]
    if tokens[i].glued and before.low in {".", ",", ":", "/", "$", "€", "£"}:
        return None
    text, j = str(tokens[i].num), i + 1
    while (
        tokens[j].low == "," and tokens[j].glued and tokens[j + 1].glued and len(tokens[j + 1].text) == _GROUP
    ):
        if tokens[j + 1].num is None:
            break
        text, j = text + tokens[j + 1].text, j + 2
        if len(text) > _GROUP * _GROUP:
            return None
    if tokens[j].low == "." and tokens[j].glued and tokens[j + 1].glued and tokens[j + 1].num is not None:
        if len(text) > _GROUP:
            return None  # `in 2008.15 years later`: a missing blank
        text, j = f"{text}.{tokens[j + 1].text}", j + 2
    if tokens[j].glued and tokens[j].low in {":", "/", "%", ".", ","} and tokens[j + 1].glued:
        return None
    return text, j


def _words(tokens: list[Tok], i: int) -> tuple[str, int] | None:
    numbers = lexicon().numbers
    total, part, j, seen = 0, 0, i, False
    if tokens[i].low == "a" and tokens[i + 1].low in {"hundred", "thousand"}:
        part, j, seen = 1, i + 1, True
    while j - i < PADDED_WORDS:
        low = tokens[j].low
        if low in numbers and part % _TEN == 0 and (part % _HUNDRED == 0 or numbers[low] < _TEN):
            if part and part % _HUNDRED == 0 and part < _HUNDRED:
                break
            part, j, seen = part + numbers[low], j + 1, True
        elif low == "hundred" and 0 < part < _TEN:
            part, j = part * _HUNDRED, j + 1
        elif low == "thousand" and 0 < part < _THOUSAND:
            total, part, j = total + part * _THOUSAND, 0, j + 1
        elif seen and low in {"-", "and"} and _continues(tokens, j, part):
            j += 1
        else:
            break
    return (str(total + part), j) if seen else None


PADDED_WORDS = 10
"""Longest number in words that is read, in tokens."""


def _continues(tokens: list[Tok], j: int, part: int) -> bool:
    """`twenty-five`, `one hundred and five`; not `five and six`."""
    following = lexicon().numbers.get(tokens[j + 1].low)
    if following is None or following == 0:
        return False
    if tokens[j].low == "-":
        return part % _HUNDRED >= 2 * _TEN and part % _TEN == 0 and following < _TEN
    return part >= _HUNDRED and part % _HUNDRED == 0
