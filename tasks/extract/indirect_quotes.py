"""Indirect and mixed speech: `S said that C`, `C, S said`, `according to S`, `called on X to C`.

The content goes to the end of the sentence, to the next reporting verb with a comma before it, or to the
trailing clause. Quoted words inside make it `mixed`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tasks.extract.clauses import PRONOUNS, Subject, Verb, auxiliary_start, subject_after, subject_before
from tasks.extract.reporting import Draft

if TYPE_CHECKING:
    from tasks.extract.reporting import Page

_COMPLEMENTS = frozenset({"that", "whether", "if", "how", "why", "what", "who", "where", "when"})
_NEEDS_THAT = frozenset(
    "see show find hear read know learn decide discover report expect want wish support plan intend prefer ask "
    "answer demand regret oppose favor favour consider view regard trust figure determine rule remember call note start "
    "understand comment question inquire wonder prove demonstrate feel appeal object agree instruct".split()
)
_TELLS = frozenset("tell inform assure remind warn notify advise reassure convince promise ask remark email text".split())
_ASKS_WHETHER = frozenset("ask wonder question inquire enquire know see decide explain understand say tell learn find".split())
_BARE_STARTS = frozenset(
    "the a an this that these those it he she they we i you there his her their its our my your no all some many most "
    "several any more such what both only one two three four five six seven eight nine ten".split()
)
_LEAST = 3
_ADDRESSEE = 7
_TAIL = 12
_NOT_CONTENT = frozenset("in on at during after before to for with by from when as about of against over into through while until".split())


def indirect_quotes(page: Page) -> list[Draft]:
    """Return the indirect and mixed quotes in order. O(words)."""
    found: list[Draft] = []
    for number, (first, last) in enumerate(page.words.sentences):
        paragraph = page.words.paragraphs[page.words.paragraph[first]]
        if paragraph.heading or page.masked[first] and page.masked[last - 1] and page.masked[(first + last) // 2]:
            continue
        _sentence(page, number, first, last, found)
    return found


def _sentence(page: Page, number: int, first: int, last: int, found: list[Draft]) -> None:
    end = last
    while end > first and page.words.text[end - 1] in {".", "!", "?", "…", "...", "”", "“", '"'}:
        end -= 1
    drafts = _according(page, first, end)
    subject: Subject | None = None
    for verb in page.verbs(first, end):
        if verb.first in page.used:
            subject = subject_before(page.words, verb.first, first, page.masked, page.mention_end) or subject
            continue
        draft, subject = _reported(page, number, verb, first, end, subject, drafts)
        if draft is not None:
            page.used.add(verb.first)
            drafts.append(draft)
    found += drafts


def _reported(
    page: Page, number: int, verb: Verb, first: int, end: int, chained: Subject | None, drafts: list[Draft]
) -> tuple[Draft | None, Subject | None]:
    """Return the quote that a verb reports, and the subject for verbs that follow without one."""
    words = page.words
    own = subject_before(words, verb.first, first, page.masked, page.mention_end) if verb.cue.form != "gerund" else None
    if own is not None:
        own = _named_subject(page, own, verb)
    passive = _announced(page, number, verb, first, end, own)
    if passive is not None:
        return passive, passive.subject
    rule = "subject_verb"
    subject = own
    if own is None:
        subject = _chain(page, verb, first, chained)
        rule = "chained_verb"
    if subject is None:
        return None, own or chained
    content = _content(page, verb, end)
    if content is None and own is not None:
        trailing = _trailing(page, verb, own, first, end, drafts)
        if trailing is not None:
            return trailing, own
    if content is None or (own is not None and _nested(page, own, drafts)):
        return None, own or chained
    start, kind = content
    _cut(page, drafts, verb, subject if own is not None else None)
    confidence = {"that": 0.9, "bare": 0.75, "to": 0.85, "question": 0.75}[kind]
    if verb.cue.kinds == {"belief"}:
        confidence -= 0.15
    draft = _draft(page, start, end, f"{rule}_{kind}", round(confidence, 2), subject, verb)
    if kind == "to" and start > verb.last:
        draft.addressee = Subject(verb.last, start)
    return draft, subject


def _nested(page: Page, subject: Subject, drafts: list[Draft]) -> bool:
    """Whether a clause stands inside what is reported already: `said that he thinks that`."""
    if not drafts or page.words.start[subject.first] >= drafts[-1].segments[-1][1]:
        return False
    before = page.words.lower[subject.first - 1]
    twice = page.words.lower[subject.first - 2] if subject.first > 1 else ""
    return not (before in {"and", "but", "while", ";"} and twice != "that") and before != ","


def _named_subject(page: Page, subject: Subject, verb: Verb) -> Subject | None:
    """`It is expected that` reports nobody."""
    words = page.words
    if words.lower[subject.first] in {"it", "there", "one", "who", "you"} and subject.last - subject.first == 1:
        return None
    before = words.lower[verb.first - 1]
    if before in {"is", "are", "was", "were", "been", "be"} and verb.cue.form == "finite":
        return None if not _participle_speaks(page, verb) else subject
    return subject


def _participle_speaks(page: Page, verb: Verb) -> bool:
    """`He was told that`: the subject hears and does not speak; `were convinced that` holds a belief."""
    return verb.cue.base in {"convince", "worry"} and page.words.lower[verb.last : verb.last + 1] == ["that"]


def _chain(page: Page, verb: Verb, first: int, chained: Subject | None) -> Subject | None:
    """`, adding that`, `and added that`, `but warned`: the subject of the verb before."""
    if chained is None:
        return None
    at = auxiliary_start(page.words, verb.first, first) - 1
    if at <= first:
        return None
    before = page.words.lower[at]
    if verb.cue.form == "gerund":
        return chained if before in {",", "and", "while", "before", "”", "“", '"'} else None
    return chained if before in {"and", "but", "then", ","} else None


def _content(page: Page, verb: Verb, end: int) -> tuple[int, str] | None:
    """Return the first word of what is reported, and how it is introduced."""
    words = page.words
    at = verb.last
    if at >= end:
        return None
    lower = words.lower
    if {"request", "promise"} & verb.cue.kinds:
        to = _infinitive(page, verb, end)
        if to is not None:
            return to, "to"
    if verb.cue.kinds <= {"request", "promise"} or verb.cue.kinds == {"speech", "only_direct"}:
        return (at, "that") if lower[at] == "that" and end - at > _LEAST else None
    if lower[at] == "that" and end - at > _LEAST:
        return at, "that"
    that = _that_behind(page, at, end, verb)
    if that is not None:
        return that, "that"
    if lower[at] in _COMPLEMENTS and verb.cue.base in _ASKS_WHETHER and end - at > _LEAST:
        return at, "question"
    if verb.cue.base in _NEEDS_THAT or end - at <= _LEAST or lower[at] == "that":
        return None
    starts = lower[at] in _BARE_STARTS or at in page.mentions or words.cap[at] or lower[at].endswith("s") or words.text[at] in {"“", '"'}
    if not starts or lower[at] in _NOT_CONTENT or "only_direct" in verb.cue.kinds:
        return None
    return (at, "bare") if _has_verb(page, at, end) else None


_FINITE = frozenset(
    "is are was were be been has have had will would can could may might must should shall does did do isn't wasn't won't "
    "can't couldn't wouldn't didn't doesn't don't isn’t wasn’t won’t can’t couldn’t wouldn’t didn’t doesn’t don’t hasn’t".split()
)


def _has_verb(page: Page, at: int, end: int) -> bool:
    """Whether a clause and no mere noun phrase follows: an auxiliary, or a word in -ed or -s behind a subject."""
    lower = page.words.lower
    for i in range(at + 1, min(end, at + 25)):
        word = lower[i]
        if word in _FINITE:
            return True
        if page.words.text[i] in {";", ":"}:
            return False
        if lower[i - 1] in PRONOUNS or (word.endswith("ed") and i > at + 1 and not page.words.cap[i]):
            return True
    return False


def _infinitive(page: Page, verb: Verb, end: int) -> int | None:
    """Return the word `to` of `called on Western countries to support`."""
    words = page.words
    reach = _ADDRESSEE + 5 if "request" in verb.cue.kinds else 1
    for at in range(verb.last, min(end - 1, verb.last + reach)):
        if words.lower[at] == "to" and not words.cap[at + 1] and words.lower[at + 1].isalpha() and words.lower[at + 1] not in _BARE_STARTS:
            if at == verb.last and "promise" not in verb.cue.kinds:
                return None
            return at
        if words.text[at] in {",", ";", ":"} or words.lower[at] in {"that", "whether", "if"}:
            return None
    return None


def _that_behind(page: Page, at: int, end: int, verb: Verb) -> int | None:
    """Return `that` behind an addressee or an adverbial: `told reporters on Sunday that`."""
    words = page.words
    tells = verb.cue.base in _TELLS
    if not tells and words.lower[at] not in _NOT_CONTENT and not words.cap[at] and words.text[at] != ",":
        return None
    for i in range(at, min(end - 1, at + _ADDRESSEE + 3)):
        word = words.lower[i]
        if word == "that" and i > at and words.lower[i - 1] not in {"of", "in", "on", "at"}:
            return i
        if words.text[i] in {";", ":"} or word in {"who", "which", "to"} and not tells:
            return None
    if tells and (at in page.mentions or words.lower[at] in {"him", "her", "them", "us", "me", "reporters", "the"}):
        i = page.mentions[at].last if at in page.mentions else at + 1
        if i < end and words.lower[i] in _BARE_STARTS and end - i > _LEAST and _has_verb(page, i, end):
            return i
    return None


def _trailing(
    page: Page, verb: Verb, subject: Subject, first: int, end: int, drafts: list[Draft]
) -> Draft | None:
    """`C, S said.` and `C, S said on Sunday.`"""
    words = page.words
    comma = subject.first - 1
    if comma - first < _LEAST or words.text[comma] not in {",", "–", "—"} or "belief" in verb.cue.kinds and "speech" not in verb.cue.kinds and end - verb.last > 1:
        return None
    if end - verb.last > _TAIL or (verb.last < end and words.lower[verb.last] not in _NOT_CONTENT | {",", "last", "yesterday", "today", "earlier", "later", "this"}):
        return None
    if any(page.masked[i] for i in (first, comma - 1)) or drafts:
        return None
    if not _has_verb(page, first, comma):
        return None
    return _draft(page, first, comma, "trailing_clause", 0.85, subject, verb)


def _according(page: Page, first: int, end: int) -> list[Draft]:
    words = page.words
    for at in range(first, end - 2):
        if words.lower[at] == "according" and words.lower[at + 1] == "to" and not page.masked[at]:
            subject = subject_after(words, at + 2, end, page.masked, page.mention_end)
            if subject is None:
                return []
            if at - first < _LEAST:
                start = subject.last
                while start < end and words.text[start] != ",":
                    start += 1
                span = (start + 1, end)
            else:
                stop = at - 1 if words.text[at - 1] == "," else at
                span = (first, stop)
            if span[1] - span[0] < _LEAST or page.masked[span[0]]:
                return []
            draft = _draft(page, *span, "according_to", 0.9, subject, None)
            draft.cue = page.offsets(at, at + 2)
            return [draft]
    return []


_POINTERS = frozenset({"this", "that", "it", "these"})


def _announced(
    page: Page, number: int, verb: Verb, first: int, end: int, own: Subject | None
) -> Draft | None:
    """`This was announced by S`; `S announced this on Sunday`: the content is the sentence before."""
    words = page.words
    if number == 0 or "speech" not in verb.cue.kinds:
        return None
    before = words.sentences[number - 1]
    subject: Subject | None = None
    if words.lower[first] in _POINTERS and verb.first - first <= 3 and words.lower[verb.last : verb.last + 1] == ["by"]:  # noqa: PLR2004
        subject = subject_after(words, verb.last + 1, end, page.masked, page.mention_end)
    elif own is not None and words.lower[verb.last : verb.last + 1] in (["this"], ["so"]):
        tail = words.lower[verb.last + 1] if verb.last + 1 < end else "."
        if tail in _NOT_CONTENT | {".", ","} or verb.last + 1 == end:
            subject = own
    if subject is None or words.paragraph[first] - words.paragraph[before[0]] > 1:
        return None
    if words.paragraphs[words.paragraph[before[0]]].heading or any(page.masked[i] for i in before[:1]):
        return None
    last = before[1]
    return _draft(page, before[0], last, "announced_this", 0.85, subject, verb)


def _cut(page: Page, drafts: list[Draft], verb: Verb, own: Subject | None) -> None:
    """End the content before where the next reporting clause of the sentence begins."""
    if not drafts:
        return
    words = page.words
    at = own.first if own is not None else auxiliary_start(words, verb.first, 0)
    while at > 0 and words.lower[at - 1] in {"and", "but", "while", ",", "then"}:
        at -= 1
    offset = words.start[at]
    start, stop = drafts[-1].segments[-1]
    if start < offset < stop and words.end[at - 1] > start:
        drafts[-1].segments[-1] = (start, words.end[at - 1])


def _draft(
    page: Page, first: int, last: int, rule: str, confidence: float, subject: Subject | None, verb: Verb | None
) -> Draft:
    start, end = page.offsets(first, last)
    end = _with_closing_mark(page, first, last, end)
    return Draft("indirect", [(start, end)], page.words.paragraph[first], rule, confidence, subject, verb)


def _with_closing_mark(page: Page, first: int, last: int, end: int) -> int:
    """Take in the full stop and mark that close a quote inside the content."""
    tail = page.text[end : end + 2]
    for mark in (tail[:1], tail):
        if mark and mark[-1] in "”\"“" and page.text.count("“", page.words.start[first], end) + page.text.count('"', page.words.start[first], end) > 0:
            return end + len(mark)
    del last
    return end
