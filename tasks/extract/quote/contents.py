"""What a verb of saying reports: where the content begins, and how it is introduced."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from tasks.extract.cue_verbs import verb_class
from tasks.extract.grammar import word_class
from tasks.extract.lexicon import lexicon
from tasks.extract.name.role_bounds import DETERMINERS, may_be_noun
from tasks.extract.quote.subjects import PRONOUNS

if TYPE_CHECKING:
    from tasks.extract.quote.page import Page
    from tasks.extract.quote.reporting_verbs import Verb

Introduction = Literal["that", "bare", "to", "question", "quoted", "named", "noun"]

LEAST = 3
"""Fewer words than these are no content."""
ADVERBIAL = word_class("adverbial_starts")
CLAUSE_STARTS = word_class("clause_starts")
FINITE = word_class("finite")
_CLAUSE_WORDS = word_class("clause_words") - {"so", "and", "or"}
_PREPOSITIONS = word_class("prepositions")
_IRREGULAR = word_class("irregular_past")
_COMPLEMENTIZERS = word_class("complementizers")
_NEEDS_THAT = word_class("needs_that")
_TELLS = word_class("tells")
_NEEDS_ADDRESSEE = word_class("needs_addressee")
_ASKS_WHETHER = word_class("asks_whether")
_STRONG = word_class("strong")
_WORKS = word_class("works")
_ADDRESSEES = frozenset({"him", "her", "them", "us", "me", "reporters", "the"})
_ADVERBS = frozenset(
    {"afterwards", "later", "earlier", "yesterday", "today", "again", "once", "also", "then", "last"}
)
_REACH = 10
"""Words between verb and `that`: `told reporters on Sunday that`."""
_SIGHT = 25
"""Words in which a clause has to show its verb."""


def content_start(page: Page, verb: Verb, end: int) -> tuple[int, Introduction] | None:
    """Return the first word of what `verb` reports before word `end`, or None."""
    at = verb.last
    if at >= end:
        return None
    if verb.cue.kinds & {"request", "promise"}:
        to = _infinitive(page, verb, end)
        if to is not None:
            return to, "to"
    if page.words.lower[at] == "that":
        return (at, "that") if end - at >= LEAST else None
    if verb.cue.base in verb_class("naming") and verb.cue.form != "base":
        return (at, "named") if named_end(page, at, end) else None
    return (at, "noun") if _noun(page, verb, at, end) else _clause(page, verb, at, end)


def _clause(page: Page, verb: Verb, at: int, end: int) -> tuple[int, Introduction] | None:
    kinds = verb.cue.kinds
    if kinds <= {"request", "promise"} or kinds == {"speech", "only_direct"}:
        return None
    that = _that_behind(page, at, end, verb)
    if that is not None:
        return that, "that"
    return _question(page, verb, at, end) or _bare(page, verb, at, end) or _quoted(page, verb, at, end)


def named_end(page: Page, at: int, end: int) -> int | None:
    """Return the offset past the quoted words in `called the truce “a marriage of enemies”`, or None."""
    words = page.words
    for i in range(at, min(end, at + _REACH)):
        span_end = page.span_from(words.start[i])
        if span_end is not None:
            return span_end
        if words.text[i] in {",", ";", ":"} or words.lower[i] in _CLAUSE_WORDS:
            return None
    return None


def _noun(page: Page, verb: Verb, at: int, end: int) -> bool:
    """`promised a new law`, `demanded permission to shoot`: the content is a noun phrase."""
    if verb.cue.base not in verb_class("with_noun") or verb.cue.form != "finite" or end - at <= 1:
        return False
    word = page.words.lower[at]
    noun = word in DETERMINERS or word in CLAUSE_STARTS or may_be_noun(page.words, at)
    return noun and word not in PRONOUNS and not has_verb(page, at, end)


def _question(page: Page, verb: Verb, at: int, end: int) -> tuple[int, Introduction] | None:
    """`asked whether C`, `explained why C`."""
    if page.words.lower[at] in _COMPLEMENTIZERS and verb.cue.base in _ASKS_WHETHER and end - at > LEAST:
        return at, "question"
    return None


def _bare(page: Page, verb: Verb, at: int, end: int) -> tuple[int, Introduction] | None:
    """`said the talks had failed`: a clause without `that`."""
    words = page.words
    if words.text[at] in lexicon().months:
        at += 1
    if verb.cue.base in _NEEDS_THAT | _NEEDS_ADDRESSEE or end - at < LEAST:
        return None
    if "only_direct" in verb.cue.kinds:
        return None
    word = words.lower[at]
    strong = verb.cue.base in _STRONG and word.isalpha()
    starts = (
        strong
        or word in CLAUSE_STARTS
        or at in page.mentions
        or words.cap[at]
        or word.endswith("s")
        or word in {"“", '"'}
    )
    if not starts or word in ADVERBIAL:
        return None
    return (at, "bare") if has_verb(page, at, end) else None


def _quoted(page: Page, verb: Verb, at: int, end: int) -> tuple[int, Introduction] | None:
    """`said it was “a great day”`, `told the crowd “we will win”`: quoted words near the verb."""
    if "speech" not in verb.cue.kinds or verb.cue.base in _NEEDS_THAT:
        return None
    for i in range(at, min(end, at + _REACH - 2)):
        text = page.words.text[i]
        if text in {"“", '"'} and page.opens_at(page.words.start[i]):
            whole = verb.cue.base not in _TELLS and (
                page.words.cap[at] or page.words.lower[at] in CLAUSE_STARTS
            )
            return None if page.words.start[i] in page.titles else (at if whole else i, "quoted")
        if text in {",", ";", ":"}:
            return None
    return None


def has_verb(page: Page, at: int, end: int) -> bool:
    """Whether a clause and no mere noun phrase stands between two words: an auxiliary or a past form."""
    words = page.words
    noun = words.lower[at] not in DETERMINERS and words.lower[at] not in _PREPOSITIONS
    for i in range(at + 1, min(end, at + _SIGHT)):
        word = words.lower[i]
        if word in FINITE or words.lower[i - 1] in PRONOUNS:
            return True
        if words.text[i] in {";", ":"} or words.start[i] in page.titles:
            return False
        past = word.endswith("ed") or word in _IRREGULAR
        if past and (i > at + 1 or noun) and not words.cap[i] and word not in _WORKS:
            return True
    return False


def _infinitive(page: Page, verb: Verb, end: int) -> int | None:
    """Return the word `to` of `called on Western countries to support`."""
    words = page.words
    request = "request" in verb.cue.kinds
    for at in range(verb.last, min(end - 1, verb.last + (_REACH + 2 if request else 1))):
        following = words.lower[at + 1]
        bare_verb = not words.cap[at + 1] and following.isalpha() and following not in CLAUSE_STARTS
        if words.lower[at] == "to" and bare_verb:
            return None if at == verb.last and "promise" not in verb.cue.kinds else at
        if words.text[at] in {",", ";", ":"} or words.lower[at] in {"that", "whether", "if"}:
            return None
    return None


def _that_behind(page: Page, at: int, end: int, verb: Verb) -> int | None:
    """Return where the content begins behind an addressee or an adverbial."""
    words = page.words
    tells = verb.cue.base in _TELLS
    adverb = words.lower[at].endswith("ly") or words.lower[at] in _ADVERBS
    if not (tells or adverb or words.lower[at] in ADVERBIAL or words.cap[at] or words.text[at] == ","):
        return None
    for i in range(at, min(end - 1, at + _REACH)):
        word = words.lower[i]
        if word == "that" and i > at and words.lower[i - 1] not in {"of", "in", "on", "at"}:
            return i
        if words.text[i] in {";", ":"} or (word in {"who", "which", "to"} and not tells):
            return None
    return _behind_addressee(page, at, end) if tells else None


def _behind_addressee(page: Page, at: int, end: int) -> int | None:
    """`told him the talks had failed`."""
    words = page.words
    if at not in page.mentions and words.lower[at] not in _ADDRESSEES:
        return None
    i = page.mentions[at].last if at in page.mentions else at + 1
    if words.lower[at] == "the":  # `told the forum he was against it`
        i = next((k for k in range(i, min(end, i + LEAST)) if words.lower[k] in PRONOUNS), i)
    if i < end and words.lower[i] in CLAUSE_STARTS and end - i >= LEAST and has_verb(page, i, end):
        return i
    return None
