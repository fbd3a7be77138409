"""Sloppy text on purpose: what machine translation, wires and hurried typing do to words.

Every change works on a copy of one training document and keeps its annotation true: spans move with the
words that are dropped, and nothing changes which words belong together.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from training.documents import Attribution, Document, Span

if TYPE_CHECKING:
    from random import Random

OPENING, CLOSING = "“", "”"
DOUBLE_MARKS = frozenset('“”„‟"«»') | {"``", "''"}
STYLES = (("“", "”"), ('"', '"'), ("''", "''"), ("«", "»"), ("„", "“"), ("‘", "’"), ("``", "''"))
ARTICLES = frozenset({"the", "a", "an", "The", "A", "An"})
TITLES = frozenset(
    {
        *("president", "minister", "secretary", "senator", "governor", "ambassador", "general", "colonel"),
        *("chairman", "director", "spokesman", "spokeswoman", "spokesperson", "mayor", "judge", "chief"),
        *("deputy", "prime", "foreign", "defence", "defense", "professor", "doctor", "king", "queen"),
        *("prince", "leader", "commander", "commissioner", "chancellor", "premier"),
    }
)
VARIANTS = (
    ("iy", "y"), ("yi", "i"), ("y", "i"), ("ks", "x"), ("kh", "h"), ("zh", "j"), ("sch", "sh"),
    ("ov", "off"),
    ("ev", "yev"), ("ou", "u"), ("ee", "i"), ("ph", "f"), ("ck", "k"), ("ss", "s"), ("ei", "ey"),
    ("ya", "ia"),
    ("yu", "iu"), ("oo", "u"), ("q", "k"), ("dj", "j"),
)  # fmt: skip
"""Ways one name is spelt differently when it is carried over from another script."""


@dataclass(frozen=True, slots=True)
class Rates:
    """How often each kind of damage is done: by document for whole-text changes, else by word."""

    whole_text: float = 0.5
    """The share of documents that are damaged at all."""
    restyle_marks: float = 0.4
    turn_mark: float = 0.25
    drop_mark: float = 0.08
    drop_article: float = 0.2
    all_capitals: float = 0.04
    all_lower: float = 0.04
    title_case: float = 0.04
    lower_start: float = 0.2
    capital_title: float = 0.25
    variant: float = 0.15
    lost_space: float = 0.05
    lost_break: float = 0.3


def _kept_spans(spans: list[tuple[int, int]], new: list[int]) -> list[tuple[int, int]]:
    moved = [(new[start], new[end]) for start, end in spans]
    return [(start, end) for start, end in moved if start < end]


def _moved(spans: list[Span] | None, new: list[int]) -> list[Span] | None:
    if spans is None:
        return None
    moved = [(new[start], new[end], label) for start, end, label in spans]
    return [span for span in moved if span[0] < span[1]]


def drop(document: Document, gone: set[int]) -> Document:
    """The document without the words `gone`; spans that lose all their words go too."""
    if not gone:
        return document
    new, count = [], 0
    for index in range(len(document.words)):
        new.append(count)
        count += index not in gone
    new.append(count)
    keep = [index for index in range(len(document.words)) if index not in gone]
    syntax = document.syntax
    if syntax is not None:
        syntax = [
            replace(syntax[index], head=new[syntax[index].head] if syntax[index].head >= 0 else -1)
            for index in keep
        ]
    attributions = document.attributions
    if attributions is not None:
        attributions = [
            Attribution(*(_kept_spans(part, new) for part in (report.source, report.cue, report.content)))
            for report in attributions
        ]
    starts = document.sentence_starts
    return replace(
        document,
        words=[document.words[index] for index in keep],
        gaps=[document.gaps[index] for index in keep],
        entities=_moved(document.entities, new),
        tone=_moved(document.tone, new),
        attributions=attributions,
        syntax=syntax,
        sentence_starts=None
        if starts is None
        else sorted({new[start] for start in starts if new[start] < count}),
    )


def _droppable(document: Document) -> set[int]:
    """Words nothing hangs on: no word has them as head."""
    if document.syntax is None:
        return set(range(len(document.words)))
    heads = {word.head for word in document.syntax}
    return {index for index, word in enumerate(document.syntax) if index not in heads and word.head >= 0}


def _marks(words: list[str], rates: Rates, chance: Random) -> set[int]:
    """Restyle, turn and choose marks to drop, in place; the indexes to drop."""
    places = [index for index, word in enumerate(words) if word in DOUBLE_MARKS]
    style = chance.choice(STYLES) if chance.random() < rates.restyle_marks else None
    broken = chance.random() < 0.5
    gone: set[int] = set()
    opens = True
    for index in places:
        is_open = opens if words[index] in {'"', "''", "``"} else words[index] in "“„«"
        opens = not is_open
        if style is not None:
            words[index] = style[0] if is_open else style[1]
        if broken and chance.random() < rates.turn_mark:
            pair = style or (OPENING, CLOSING)
            words[index] = pair[1] if is_open else pair[0]
        if broken and chance.random() < rates.drop_mark:
            gone.add(index)
    return gone


def _variant(word: str, chance: Random) -> str:
    fitting = [(old, new) for old, new in VARIANTS if old in word[1:]]
    if not fitting:
        return word
    old, new = chance.choice(fitting)
    return word[0] + word[1:].replace(old, new, 1)


def _recase(document: Document, words: list[str], rates: Rates, chance: Random) -> None:
    dice = chance.random()
    if dice < rates.all_capitals:
        words[:] = [word.upper() for word in words]
    elif dice < rates.all_capitals + rates.all_lower:
        words[:] = [word.lower() for word in words]
    elif dice < rates.all_capitals + rates.all_lower + rates.title_case:
        words[:] = [word[:1].upper() + word[1:] for word in words]
    for index, word in enumerate(words):
        after_stop = index == 0 or words[index - 1] in {".", "?", "!"} or document.gaps[index] >= 3
        if after_stop and word.istitle() and chance.random() < rates.lower_start / 2:
            words[index] = word.lower()
        elif word in TITLES and chance.random() < rates.capital_title:
            words[index] = word.capitalize()


def damage(document: Document, rates: Rates, chance: Random) -> Document:
    """A damaged copy of `document`, or the document itself when the dice spare it."""
    if chance.random() >= rates.whole_text:
        return document
    words = list(document.words)
    gone = _marks(words, rates, chance)
    if chance.random() < 0.5:
        gone |= {
            index
            for index, word in enumerate(words)
            if word in ARTICLES and chance.random() < rates.drop_article
        }
    for start, end, label in document.entities or ():
        if label in {"PERSON", "LOC", "ORG"} and chance.random() < rates.variant:
            for index in range(start, end):
                if words[index].istitle():
                    words[index] = _variant(words[index], chance)
    _recase(document, words, rates, chance)
    lost_breaks = chance.random() < rates.lost_break
    gaps = [
        1
        if gap == 2
        and chance.random() < rates.lost_space
        and not (word[0].isalnum() and index and words[index - 1][-1].isalnum())
        else 2
        if lost_breaks and gap >= 3 and index
        else gap
        for index, (word, gap) in enumerate(zip(words, document.gaps, strict=True))
    ]
    changed = replace(document, words=words, gaps=gaps)
    return drop(changed, gone & _droppable(document))
