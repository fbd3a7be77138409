"""Quoted words that are a title and nobody's speech: headlines, books, films, songs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tasks.extract.grammar import word_class

if TYPE_CHECKING:
    from tasks.extract.quote.marks import QuoteSpan
    from tasks.extract.quote.page import Page

_WORKS = word_class("works")
_SMALL = word_class("small_in_titles")
_LONGEST = 12
_FEWEST = 2
_SIGHT = 3
"""Words before a title in which `book,` or `titled` stands."""


def is_title(page: Page, span: QuoteSpan) -> bool:
    """Whether a span is set in title case and fills its paragraph, or stands behind `his book,`, `titled`."""
    first, last = page.words_in(span)
    if last - first > _LONGEST or not _title_case(page, first, last):
        return False
    home = page.words.paragraphs[span.paragraph]
    if (span.outer_start, span.outer_end) == (home.start, home.end):
        return True
    low, _ = page.paragraph_words[span.paragraph]
    before = range(max(low, first - 1 - _SIGHT), first)
    return any(page.words.lower[i] in _WORKS for i in before)


def _title_case(page: Page, first: int, last: int) -> bool:
    """Whether every word has a capital but for small ones, the first has, and more than one."""
    words = page.words
    real = [i for i in range(first, last) if words.text[i][0].isalpha()]
    large = [i for i in real if words.cap[i]]
    small = all(words.cap[i] or words.lower[i] in _SMALL for i in real)
    return small and len(large) >= _FEWEST and words.cap[real[0]]
