# ruff: noqa: RUF001 - typographic marks as they stand in news
"""Indirect and mixed speech: `S said that C`, `C, S said`, `according to S`, `called on X to C`.

The content goes to the end of the sentence, to the next reporting verb with a comma before it, or to the
trailing clause. Quoted words inside make it `mixed`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tasks.extract.grammar import word_class
from tasks.extract.quote.contents import ADVERBIAL, FINITE, LEAST, content_start, has_verb, named_end
from tasks.extract.quote.frames import inserted, publisher, surrounded
from tasks.extract.quote.page import Draft
from tasks.extract.quote.reporting_verbs import auxiliary_start
from tasks.extract.quote.subjects import PRONOUNS, Subject, subject_after, subject_before

if TYPE_CHECKING:
    from tasks.extract.quote.page import Page
    from tasks.extract.quote.reporting_verbs import Verb

_NOBODY = word_class("nobody")
_PREPOSITIONS = word_class("prepositions")
_NOUNS_TOO = word_class("nouns_too")
_INVERTED = word_class("inverted")
_POINTERS = frozenset({"this", "that", "it", "these"})
_PASSIVE = frozenset({"is", "are", "was", "were", "been", "be"})
_TAIL_STARTS = ADVERBIAL | {",", "last", "yesterday", "today", "earlier", "later", "this", "late", "early"}
_TAIL_STARTS |= {"shortly", "soon", "afterwards", "again", "via", "over"}
_TAIL = 12
"""Words that may follow a trailing `S said`: `S said on Sunday in Kyiv`."""
_NEAR = 3
_CONFIDENCE = {
    "that": 0.9,
    "bare": 0.75,
    "to": 0.85,
    "question": 0.75,
    "quoted": 0.8,
    "named": 0.85,
    "noun": 0.7,
}


def indirect_quotes(page: Page) -> list[Draft]:
    """Return the indirect and mixed quotes in order. O(words)."""
    found: list[Draft] = []
    for number, (first, last) in enumerate(page.words.sentences):
        if page.words.paragraphs[page.words.paragraph[first]].heading:
            continue
        if page.masked[first] and page.masked[last - 1] and page.masked[(first + last) // 2]:
            continue
        found += _Sentence(page, number).read()
    return found


class _Sentence:
    """One sentence; `drafts` are the quotes found so far, `chained` the subject of the verb before."""

    def __init__(self, page: Page, number: int) -> None:
        self.page = page
        self.words = page.words
        self.number = number
        self.first, last = page.words.sentences[number]
        while last > self.first and page.words.text[last - 1] in {".", "!", "?", "…", "...", "”", "“", '"'}:
            last -= 1
        self.end = last
        self.drafts: list[Draft] = []
        self.chained: Subject | None = None
        self.before: Verb | None = None
        """The reporting verb before."""

    def read(self) -> list[Draft]:
        """Return the quotes of the sentence."""
        self._according()
        for verb in self.page.verbs(self.first, self.end):
            own = self._own_subject(verb)
            self.before = verb
            if verb.first in self.page.used:
                self.chained = self.page.used[verb.first] or own or self.chained
                continue
            draft = (
                self._inverted(verb)
                or self._announced(verb, own)
                or self._parenthetical(verb, own)
                or self._as(verb, own)
                or self._regular(verb, own)
            )
            if draft is not None:
                self.page.used[verb.first] = draft.subject
                self.drafts.append(draft)
                own = draft.subject
            self.chained = own or self.chained
        return self.drafts

    def _own_subject(self, verb: Verb) -> Subject | None:
        if verb.cue.form == "gerund":
            return None
        own = self._subject_from(self.first, verb)
        if own is not None and self.before is not None and own.first < self.before.first < own.last:
            behind = self._behind_and(self.before, verb.first)
            own = self._subject_from(behind, verb) if behind is not None else own
        return own if own is not None and self._speaks(own, verb) else None

    def _subject_from(self, low: int, verb: Verb) -> Subject | None:
        return subject_before(self.words, verb.first, low, self.page.masked, self.page.mention_end)

    def _behind_and(self, verb: Verb, last: int) -> int | None:
        """Return the word behind the last `and` of `A told B about C and D said`.

        None for `a source quoted by B and D said`: there the first verb belongs to the source.
        """
        lower = self.words.lower
        if verb.cue.form != "finite" or lower[verb.last] in _PREPOSITIONS:
            return None
        return next((at + 1 for at in range(last - 1, verb.last, -1) if lower[at] in {"and", "but"}), None)

    def _speaks(self, subject: Subject, verb: Verb) -> bool:
        """Not `it is expected that`, not `he was told that`, not `new rules that`."""
        words = self.words
        alone = subject.last - subject.first == 1
        firm = (
            words.lower[subject.first] == "it" and words.text[subject.first - 1] == ","
        )  # `, it announced.`
        if alone and words.lower[subject.first] in _NOBODY and not firm:
            return False
        if words.lower[verb.first] in _NOUNS_TOO and not self._clear(subject):
            return False
        return words.lower[verb.first - 1] not in _PASSIVE or verb.cue.base in {"convince", "worry"}

    def _clear(self, subject: Subject) -> bool:
        """Whether a word like `claims` is a verb here: behind a pronoun or a name and no possessive."""
        if self.words.lower[subject.last - 1] in PRONOUNS:
            return True
        inside = (self.page.mentions.get(i) for i in range(subject.first, subject.last))
        return any(m is not None and m.last == subject.last and m.entity.type != "NORP" for m in inside)

    def _regular(self, verb: Verb, own: Subject | None) -> Draft | None:
        """`S V that C`, `, adding that C`, `S called on X to C`, `C, S V`."""
        subject = own or self._chain(verb)
        if subject is None:
            return None
        content = content_start(self.page, verb, self.end)
        if content is None:
            return self._trailing(verb, own) if own is not None else None
        if own is not None and self._nested(own):
            return None
        start, kind = content
        if kind == "noun" and own is None and self.drafts:
            return None
        self._give_way(start)
        self._cut(own.begin if own is not None else auxiliary_start(self.words, verb.first, self.first))
        confidence = _CONFIDENCE[kind] - (0.15 if verb.cue.kinds == {"belief"} else 0.0)
        rule = f"{'subject_verb' if own is not None else 'chained_verb'}_{kind}"
        draft = self._draft((start, self.end), rule, confidence, subject, verb)
        if kind == "named":
            draft.segments = [
                (draft.segments[0][0], named_end(self.page, start, self.end) or draft.segments[0][1])
            ]
        if kind == "to" and start > verb.last:
            draft.addressee = Subject(verb.last, start)
        return draft

    def _chain(self, verb: Verb) -> Subject | None:
        """Return the subject of the verb before for `, adding that`, `and added that`, `but warned`."""
        chained = self.chained or self.page.opening_subject(self.first, verb, coordinated=True)
        at = auxiliary_start(self.words, verb.first, self.first) - 1
        if chained is None or at <= self.first:
            return None
        before = self.words.lower[at]
        if verb.cue.form == "gerund":
            return chained if before in {",", "and", "while", "before", "”", "“", '"'} else None
        return chained if before in {"and", "but", "then", ","} else None

    def _nested(self, subject: Subject) -> bool:
        """Whether a clause stands inside what is reported already: `said that he thinks that`."""
        if not self.drafts or self.words.start[subject.begin] >= self.drafts[-1].segments[-1][1]:
            return False
        before = self.words.lower[subject.begin - 1]
        twice = self.words.lower[subject.begin - 2] if subject.begin > 1 else ""
        return not (before in {"and", "but", "while", ";"} and twice != "that") and before != ","

    def _inverted(self, verb: Verb) -> Draft | None:
        """`C, said one of the sources.`"""
        words = self.words
        comma = self._comma_before(verb.first)
        if verb.cue.base not in _INVERTED or verb.cue.form != "finite" or not self._free(comma):
            return None
        subject = subject_after(words, verb.last, self.end, self.page.masked, self.page.mention_end)
        if subject is None or words.lower[subject.first] in {"that", "it", "there"}:
            return None
        rest = range(subject.last, min(self.end, subject.last + 2 * _TAIL))
        relative = words.text[subject.last : subject.last + 1] == [","]
        if not relative and any(words.lower[i] in FINITE for i in rest):
            return None
        return self._draft((self.first, comma), "trailing_verb_subject", 0.85, subject, verb)

    def _trailing(self, verb: Verb, subject: Subject) -> Draft | None:
        """`C, S said.` and `C, S said on Sunday.`"""
        rest = self.end - verb.last
        starts = rest and self.words.lower[verb.last] not in _TAIL_STARTS and verb.cue.base != "tell"
        if rest > _TAIL or starts:
            return None
        if "speech" not in verb.cue.kinds and rest > 1:
            return None
        comma = self._comma_before(subject.begin)
        if not self._free(comma):
            return None
        return self._draft((self.first, comma), "trailing_clause", 0.85, subject, verb)

    def _parenthetical(self, verb: Verb, subject: Subject | None) -> Draft | None:
        """`The offer, he said, came down to little`: one content on both sides of the clause."""
        if subject is None or self.drafts or not surrounded(self.page, (self.first, self.end), verb, subject):
            return None
        draft = self._draft((self.first, subject.begin - 1), "parenthetical_clause", 0.85, subject, verb)
        start, end = self.page.offsets(verb.last + 1, self.end)
        draft.segments.append((start, self.page.past_closing_mark(start, end)))
        return draft

    def _as(self, verb: Verb, subject: Subject | None) -> Draft | None:
        """`As S noted, C`."""
        words = self.words
        comma = verb.last
        if subject is None or "speech" not in verb.cue.kinds or subject.begin != self.first + 1:
            return None
        if words.lower[self.first] != "as" or words.text[comma] != "," or self.page.masked[comma + 1]:
            return None
        return self._draft((comma + 1, self.end), "as_clause", 0.85, subject, verb)

    def _comma_before(self, at: int) -> int:
        """Return the word before `at`, or the comma inside a mark that closes there: `“Q,” said S`."""
        inside = self.words.text[at - 1] in {"”", '"', "“", "’"} and self.words.text[at - 2] == ","
        return at - 2 if inside and at - 2 > self.first else at - 1

    def _free(self, comma: int) -> bool:
        """Whether a clause that nothing reports yet goes from the start of the sentence to a comma.

        What somebody agreed or asked to do does not count: `A agreed to go, B said`.
        """
        if comma - self.first < LEAST or self.words.text[comma] not in {",", "–", "—"}:
            return False
        if len(self.drafts) > _NEAR or any(not draft.rule.endswith("_to") for draft in self.drafts):
            return False
        self._cut(comma)
        masked = self.page.masked[self.first] or self.page.masked[comma - 1]
        return not masked and has_verb(self.page, self.first, comma)

    def _according(self) -> None:
        """`C, according to S` and `according to S, C`."""
        words = self.words
        for at in range(self.first, self.end - 2):
            if words.lower[at] == "according" and words.lower[at + 1] == "to" and not self.page.masked[at]:
                break
        else:
            return
        subject = subject_after(words, at + 2, self.end, self.page.masked, self.page.mention_end)
        if subject is None:
            return
        subject = publisher(self.page, subject, self.end) or subject
        if self._speech(self.first) or self._speech(subject.last + 1):
            return  # `“Q,” according to S`
        content = (self.first, at - 1 if words.text[at - 1] == "," else at)
        if inserted(self.page, (self.first, self.end), at, subject):
            draft = self._draft(content, "according_to", 0.85, subject, None)
            draft.segments.append(self.page.offsets(subject.last + 1, self.end))
            draft.cue = self.page.offsets(at, at + 2)
            self.drafts.append(draft)
            return
        if at - self.first < LEAST:
            start = subject.last
            while start < self.end and words.text[start] != ",":
                start += 1
            content = (start + 1, self.end)
        if content[1] - content[0] >= LEAST and not self.page.masked[content[0]]:
            draft = self._draft(content, "according_to", 0.9, subject, None)
            draft.cue = self.page.offsets(at, at + 2)
            self.drafts.append(draft)

    def _speech(self, at: int) -> bool:
        """Whether direct speech begins at a word."""
        at += at < self.end and self.words.text[at] in {"“", '"', "«", "„"}
        return at < self.end and self.page.masked[at]

    def _announced(self, verb: Verb, own: Subject | None) -> Draft | None:
        """`This was announced by S`; `S announced this on Sunday`: the content is the sentence before."""
        words = self.words
        if self.number == 0 or "speech" not in verb.cue.kinds:
            return None
        behind = words.lower[verb.last] if verb.last < self.end else ""
        subject: Subject | None = None
        if behind == "by" and words.lower[self.first] in _POINTERS and verb.first - self.first <= _NEAR:
            at = verb.last + 1
            subject = subject_after(words, at, self.end, self.page.masked, self.page.mention_end)
        elif own is not None and behind in {"this", "so"}:
            tail = words.lower[verb.last + 1] if verb.last + 1 < self.end else "."
            subject = own if tail in ADVERBIAL | {".", ","} else None
        first, last = words.sentences[self.number - 1]
        if subject is None or words.paragraph[self.first] - words.paragraph[first] > 1:
            return None
        if words.paragraphs[words.paragraph[first]].heading or self.page.masked[first]:
            return None
        return self._draft((first, last), "announced_this", 0.85, subject, verb)

    def _give_way(self, start: int) -> None:
        """Drop a quote that an earlier verb reached over a nearer one: `asked for help and said that C`."""
        if self.drafts and self.drafts[-1].segments[0][0] == self.words.start[start]:
            self.drafts.pop()

    def _cut(self, at: int) -> None:
        """End the content before where the next reporting clause of the sentence begins."""
        if not self.drafts:
            return
        words = self.words
        while at > self.first and words.lower[at - 1] in {"and", "but", "while", ",", "then"}:
            at -= 1
        start, stop = self.drafts[-1].segments[-1]
        if start < words.start[at] < stop and words.end[at - 1] > start:
            self.drafts[-1].segments[-1] = (start, words.end[at - 1])

    def _draft(
        self, content: tuple[int, int], rule: str, confidence: float, subject: Subject, verb: Verb | None
    ) -> Draft:
        start, end = self.page.offsets(*content)
        end = self.page.past_closing_mark(start, end)
        paragraph = self.words.paragraph[content[0]]
        segments = [(start, end)]
        return Draft("indirect", segments, paragraph, rule, round(confidence, 2), subject=subject, verb=verb)
