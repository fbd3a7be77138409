"""Decides the names that their own words leave open, by what the rest of the article says about them."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from tasks.extract.cue_verbs import speech_forms
from tasks.extract.lexicon import lexicon

if TYPE_CHECKING:
    from tasks.extract.lexer import Words
    from tasks.extract.name_runs import Name
    from worker.record import EntityType

_PLACE_BEFORE = {"in": 2.0, "near": 2.0, "outside": 1.0, "from": 0.6, "at": 0.3, "to": 0.3, "across": 1.0}
_PERSON_BEHIND = frozenset({"who", "whose", "himself", "herself"})
_PERSONAL = frozenset("has had was told added also is will would did does".split())
_ENOUGH = 0.6
_WEAK = 0.3


def decide(names: list[Name], words: Words) -> list[Name]:
    """Return the names that stay, each with a type. O(names)."""
    surnames, given = _people(names, words)
    settled: dict[str, EntityType] = {}
    for name in names:
        if name.sure and not name.heading:
            settled.setdefault(_text(name, words), name.type)
    votes = _votes(names, words)
    inner = {_text(name, words) for name in names if not name.initial and not name.heading}
    kept = []
    for name in names:
        if name.sure and not name.heading:
            kept.append(name)
            continue
        text = _text(name, words)
        if name.sure and (text in settled or name.confidence >= 0.7):  # noqa: PLR2004 - a list or head word
            kept.append(name)
        elif _settle(name, text, words, surnames, given, settled, votes, inner):
            kept.append(name)
    return kept


def _text(name: Name, words: Words) -> str:
    return " ".join(words.text[name.first : name.last])


def _people(names: list[Name], words: Words) -> tuple[dict[str, Name], dict[str, Name]]:
    surnames: dict[str, Name] = {}
    given: dict[str, Name] = {}
    for name in names:
        if name.type == "PERSON" and (name.sure or name.last - name.first > 1) and not name.heading:
            surnames.setdefault(words.text[name.last - 1], name)
            if name.last - name.first > 1:
                given.setdefault(words.text[name.first], name)
    return surnames, given


def _votes(names: list[Name], words: Words) -> dict[str, Counter[EntityType]]:
    found: dict[str, Counter[EntityType]] = {}
    verbs = speech_forms()
    size = len(words)
    for name in names:
        if name.sure or name.heading:
            continue
        vote = found.setdefault(_text(name, words), Counter())
        before = words.lower[name.first - 1] if name.first else ""
        behind = words.lower[name.last] if name.last < size else ""
        second = words.text[name.last + 1] if name.last + 1 < size else ""
        vote["LOC"] += _PLACE_BEFORE.get(before, 0.0)
        if behind in verbs or behind in _PERSON_BEHIND:
            vote["PERSON"] += 1.0
        elif behind in _PERSONAL:
            vote["PERSON"] += 0.2
        if behind == "," and second in lexicon().known and lexicon().known[second][0].type == "LOC":
            vote["LOC"] += 1.0
        if before == "the":
            vote["PERSON"] -= 1.0
            vote["ORG"] += 0.4
        if before in verbs:
            vote["PERSON"] += 0.5
    return found


def _settle(
    name: Name,
    text: str,
    words: Words,
    surnames: dict[str, Name],
    given: dict[str, Name],
    settled: dict[str, EntityType],
    votes: dict[str, Counter[EntityType]],
    inner: set[str],
) -> bool:
    """Set the type of an open name; False where it is no name."""
    alone = name.last - name.first == 1
    if alone and (text in surnames or text in given):
        name.type, name.confidence, name.rule = "PERSON", 0.8, "part_of_a_person"
        return True
    if text in settled:
        name.type, name.confidence, name.rule = settled[text], 0.7, "as_elsewhere"
        return True
    if name.heading:
        return not alone and name.type == "PERSON" and words.text[name.first] in lexicon().given
    vote = votes.get(text, Counter())
    best = min(vote, key=lambda kind: (-vote[kind], kind)) if vote else None
    if best is not None and vote[best] >= _ENOUGH and (alone or best != "ORG"):
        name.type, name.confidence, name.rule = best, 0.6, "context"
        return not (name.initial and text not in inner and words.lower[name.first] in lexicon().common)
    if alone and text in lexicon().given:
        name.type, name.confidence, name.rule = "PERSON", 0.5, "given_name_alone"
        return True
    if alone and (name.initial and text not in inner):
        return False
    if alone and words.lower[name.first] in lexicon().common:
        return False
    if alone:
        name.confidence = _WEAK
    return True
