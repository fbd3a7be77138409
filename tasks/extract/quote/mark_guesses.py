# ruff: noqa: RUF001 - typographic marks as they stand in news
"""Where a quote begins or ends whose mark is missing: guesses from reporting clauses and sentences."""

from __future__ import annotations

import functools
import re

from tasks.extract.cue_verbs import cues, speech_forms
from tasks.extract.grammar import word_class

_CLAUSE = re.compile(
    r"[,.!?…]['’]?\s+(?=((?:the|he|she|they|of|[A-Z][\w’'.-]{0,30})\s){0,6}?([a-z]{3,15})\s?(?:the|[A-Z]|[.,]|on|in|at|of|an?\s))"
)
_STOP = re.compile(r"[.!?…][”\"’']?\s+(?=[A-Z“\"])")
_WORD = re.compile(r"[A-Za-z’']+")
_TITLE = re.compile(r"(?:\b[A-Z]|\b(?:Mrs?|Ms|Dr|Sen|Rep|Gov|St|Gen))\.\s+$")
_SPEAKERS_OWN = frozenset({"i", "we", "you", "my", "our", "your", "us", "me", "i’m", "i'm", "we’re", "we're"})


@functools.cache
def _reports() -> frozenset[str]:
    """Return forms that report what stands behind them: `said`, `arguing`; none that are nouns as well."""
    return frozenset(
        form
        for form, entry in cues().items()
        for cue in entry
        if cue.form in {"finite", "gerund"}
        and cue.particle is None
        and "speech" in cue.kinds
        and "only_direct" not in cue.kinds
        and form not in word_class("nouns_too")
    )


def reporting_clause(text: str, start: int, end: int) -> int | None:
    """Return the offset past the comma before `Blinken said`, `said the minister`; None without a clause."""
    verbs = speech_forms()
    for match in _CLAUSE.finditer(text, start, end):
        if match.group(2) in verbs:
            return match.end() - len(match.group()) + len(match.group().rstrip())
    return None


def guess_end(text: str, start: int, end: int) -> int:
    """Return where a quote without a closing mark ends.

    Before a reporting clause; else, where it goes on the author's sentence in a small letter, with that
    sentence; else where it has to.
    """
    clause = reporting_clause(text, start, end)
    if clause is not None:
        return clause
    first = text[start : start + 2].lstrip()[:1]
    if first.islower():
        return next((stop for stop, _ in _stops(text, start, end)), end)
    return end


def guess_start(text: str, start: int, end: int) -> int:
    """Return where a quote without an opening mark starts, `end` being its closing mark.

    Behind a colon or a verb of saying in its last sentence; else with that sentence, and with those before
    it as long as they are none of the author's: nobody says anything in them, or the speaker says `I`.
    """
    sentences = [start, *(after for _, after in _stops(text, start, end))]
    last = sentences[-1]
    colon = text.rfind(": ", last, end)
    if colon >= 0:
        return colon + 1
    verb = _behind_verb(text, last, end)
    if verb is not None:
        return verb
    opens = start == 0 or text[start - 1] in "\n "
    at = len(sentences) - 1
    while at > (0 if opens else 1) and not _authors(text, sentences[at - 1], sentences[at]):
        at -= 1
    return sentences[at]


def _stops(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return the ends of sentences: (offset past the full stop, offset of the next sentence)."""
    return [
        (match.start() + 1, match.end())
        for match in _STOP.finditer(text, start, end)
        if not _TITLE.search(text, max(start, match.start() - 4), match.end())
    ]


def _behind_verb(text: str, start: int, end: int) -> int | None:
    """Return the offset behind the last verb of saying, and behind the `that` that follows it."""
    found = None
    for match in _WORD.finditer(text, start, end):
        that = match.group() == "that" and found is not None and match.start() - found <= 1
        if that or (match.group() in _reports() and match.start() > start):
            found = match.end()
    return found


def _authors(text: str, start: int, end: int) -> bool:
    words = [match.group().lower() for match in _WORD.finditer(text, start, end)]
    if any(word in _SPEAKERS_OWN for word in words):
        return False
    return any(word in _reports() for word in words) or "according" in words
