"""The words of a source as the news model finds them: whole names, the name in an apposition."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tasks.extract.grammar import word_class
from tasks.extract.quote.subjects import Subject

if TYPE_CHECKING:
    from tasks.extract.quote.learned import Piece
    from tasks.extract.quote.page import Page

_LONGEST_NAME = 8
_DETERMINERS = word_class("determiners")
_RELATIVES = frozenset({"who", "which", "whose", "whom"})
_TRAILING = frozenset({",", "“", "”", '"', ":"})


class Sources:
    """Reads the sources of one page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.words = page.words

    def subject(self, source: Piece) -> Subject:
        """Return the words of a source: whole names, no relative clause, no mark that closes nothing."""
        words, first, last = self.words, source.first, source.last
        for at in range(first + 2, last):
            if words.lower[at] in _RELATIVES and words.text[at - 1] == ",":
                last = at - 1
                break
        while last - first > 1 and words.text[last - 1] in _TRAILING:
            inner = words.text[first : last - 1]
            if words.text[last - 1] == "," and "," in inner and last == source.last:
                break
            last -= 1
        for at in range(max(0, first - _LONGEST_NAME), last):
            mention = self.page.mentions.get(at)
            if mention is None or mention.kind != "name" or mention.last <= first:
                continue
            if at >= first or mention.last >= last:
                first, last = min(first, at), max(last, mention.last)
        return Subject(first, last)

    def empty(self, subject: Subject) -> bool:
        """Whether there is nothing but an article."""
        return all(self.words.lower[i] in _DETERMINERS for i in range(subject.first, subject.last))

    def apposition(self, subject: Subject) -> Subject | None:
        """Return the name in `The owner, Acme Lines,`; None where the name comes first."""
        words, mentions = self.words, self.page.mentions
        last = subject.last
        while last > subject.first and words.text[last - 1] in _TRAILING:
            last -= 1
        for at in range(subject.first + 1, last - 1):
            if words.text[at] != ",":
                continue
            before = (mentions.get(i) for i in range(subject.first, at))
            if any(m is not None and m.kind == "name" and m.last == at for m in before):
                return None
            name = mentions.get(at + 1)
            if name is not None and name.kind == "name" and name.last == last:
                return Subject(at + 1, last)
        return None
