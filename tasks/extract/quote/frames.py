"""Frames of indirect speech that span a sentence: `C, he said, C`; `according to a survey that S made`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tasks.extract.grammar import word_class
from tasks.extract.quote.contents import ADVERBIAL, FINITE, LEAST, has_verb
from tasks.extract.quote.subjects import Subject

if TYPE_CHECKING:
    from tasks.extract.quote.page import Page
    from tasks.extract.quote.reporting_verbs import Verb

_DOCUMENTS = word_class("documents")
_IRREGULAR = word_class("irregular_past")
_GOES_ON = ADVERBIAL - {"for", "as", "when"} | {"who", "which"}
"""Behind `, S said,` these belong to the reporting clause: `, S said, in a letter`."""


def surrounded(page: Page, bounds: tuple[int, int], verb: Verb, subject: Subject) -> bool:
    """Whether what is said stands on both sides of `, S V,` in the sentence of words `bounds`."""
    words = page.words
    first, end = bounds
    comma, behind = subject.begin - 1, verb.last
    if "speech" not in verb.cue.kinds or verb.cue.form != "finite":
        return False
    if comma <= first or behind + LEAST >= end or words.text[comma] != "," or words.text[behind] != ",":
        return False
    rest = words.lower[behind + 1]
    if rest in _GOES_ON or rest.endswith("ing"):
        return False
    if any(page.masked[i] for i in (first, comma - 1, behind + 1, end - 1)):
        return False
    return has_verb(page, first, comma) or has_verb(page, behind, end)


def inserted(page: Page, bounds: tuple[int, int], at: int, source: Subject) -> bool:
    """Whether `, according to S,` at word `at` stands between a noun phrase and its verb."""
    words = page.words
    first, end = bounds
    if not first < at - 1 or source.last >= end - 1:
        return False
    if words.text[at - 1] != "," or words.text[source.last] != "," or page.masked[first]:
        return False
    rest = words.lower[source.last + 1]
    if rest in _GOES_ON or page.masked[source.last + 1] or page.masked[end - 1]:
        return False
    return (rest in FINITE or rest.endswith("ed")) and not has_verb(page, first, at - 1)


def publisher(page: Page, document: Subject, end: int) -> Subject | None:
    """Return whose document is cited: `a survey that the institute published`, `a report by Acme`."""
    words = page.words
    nouns = [i for i in range(document.first, document.last) if words.lower[i] in _DOCUMENTS]
    if not nouns or nouns[0] + 2 >= end:
        return None
    at = nouns[0] + 1
    link = words.lower[at]
    at += 2 if words.lower[at + 1] in {"the", "a", "an"} else 1
    mention = page.mentions.get(at)
    if mention is None or mention.entity.type not in {"ORG", "PERSON"} or mention.last > end:
        return None
    behind = words.lower[mention.last] if mention.last < end else "."
    published = link in {"that", "which"} and (behind.endswith("ed") or behind in _IRREGULAR)
    by = link in {"by", "from"}
    return Subject(at, mention.last, at - document.first) if by or published else None
