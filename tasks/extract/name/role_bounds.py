# ruff: noqa: RUF001, RUF002 - typographic marks as they stand in news
"""How far an office reaches to either side of its head: `coast guard spokesman`, `head of the mission`.

Nouns pile up before a head without any list of them; so they are taken in only where a boundary shows that
the pile is whole: a determiner, a possessive, a mark, a verb of saying or the start of the sentence.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from spacy.lang.en.stop_words import STOP_WORDS

from tasks.extract.cue_verbs import cues, speech_forms
from tasks.extract.grammar import word_class
from tasks.extract.lexicon import lexicon
from worker.config_dir import load_toml

if TYPE_CHECKING:
    from collections.abc import Container

    from tasks.extract.lexer import Words

POSSESSIVES = frozenset({"'s", "’s", "'", "’"})
DETERMINERS = word_class("determiners")
_MARKS = frozenset({"“", "”", '"', "«", "»", ",", "–", "—", "(", ":", ";"})
_MOST_NOUNS = 4
_LONGEST_COMPLEMENT = 10
_ENDS = frozenset({",", ".", ")", ";", "–", "—", "!", "?"})
_LINKS = frozenset({"of", "at", "for", "with", "in", "from", "to", "and", "on"})
_INNER = frozenset({"of", "and", "in", "for", "at", "the", "a", "an", "on"})


@functools.cache
def _participles() -> frozenset[str]:
    return frozenset(load_toml("extract/roles.toml")["participles"])


@functools.cache
def _status_words() -> frozenset[str]:
    return frozenset(load_toml("extract/roles.toml")["status"])


@functools.cache
def _verbs() -> frozenset[str]:
    return word_class("irregular_past") | frozenset(cues())


def may_be_noun(words: Words, at: int) -> bool:
    """Whether a small word may be a noun or adjective before an office: no function word, no verb form.

    A participle right behind a determiner is attributive: `the club’s sporting director`.
    """
    word = words.lower[at]
    before = words.lower[at - 1] if at else ""
    if word in _participles():
        return True
    if word.endswith(("ed", "ing")) and (before in DETERMINERS or before in POSSESSIVES):
        return word not in STOP_WORDS
    if not word.replace("-", "").isalpha() or len(word) < 3:  # noqa: PLR2004 - `us`, `go`
        return False
    if word in STOP_WORDS or word in DETERMINERS or word in _verbs() or words.text[at] in lexicon().months:
        return False
    return not word.endswith(("ly", "ed", "ing", "n't", "n’t"))


def compound_start(words: Words, office: int, low: int, *, name_behind: bool, ends: Container[int]) -> int:
    """Return the first word of the nouns that belong to the office from word `office`; itself if none do.

    `low` is the first word of the sentence; `ends` are the words past listed names, such as `Swedish`.
    """
    at = office
    while at > low and office - at < _MOST_NOUNS and may_be_noun(words, at - 1):
        if at in ends:
            break
        if words.cap[at - 1] and not _everyday(words, at - 1, initial=at - 1 == low):
            break
        at -= 1
    if at == office:
        return office
    if at == low:
        return at if name_behind else office
    before = words.lower[at - 1]
    bounded = before in DETERMINERS or (before in POSSESSIVES and at - 1 > low) or before in _status_words()
    if bounded or at in ends:
        return at
    if words.text[at - 1] in _MARKS or before in speech_forms():
        return at if name_behind else office
    return office


def _everyday(words: Words, at: int, *, initial: bool) -> bool:
    """Whether a capitalised word is an everyday one: it opens the sentence or is part of a title."""
    listed = words.lower[at] in lexicon().common or words.lower[at] in _participles()
    return listed and not words.text[at].isupper() and (initial or words.cap[at + 1])


def complement_end(words: Words, last: int, high: int) -> int:
    """Return the word past `of the monitoring mission`, `with the agency`; `last` where none is whole.

    It is whole when a comma, a bracket or a full stop ends it.
    """
    if last + 1 >= high or words.lower[last] not in _LINKS - {"and"}:
        return last
    at = last + 1
    limit = min(high, last + _LONGEST_COMPLEMENT)
    while at < limit and words.text[at] not in _ENDS:
        word = words.lower[at]
        if (
            word not in _INNER
            and word not in DETERMINERS
            and not words.cap[at]
            and not may_be_noun(words, at)
        ):
            return last
        at += 1
    if at == last + 1 or (at < high and words.text[at] not in _ENDS):
        return last
    return at
