"""What to show above an article: the publisher's title, else the beginning of the body, marked as derived."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tasks.classify.sentences import sentence_spans
from worker.record import Headline

if TYPE_CHECKING:
    from worker.record import Article

MOST_CHARACTERS = 120
_LOOK_AHEAD = 2000
_LOOSE_ENDS = " \t\n,;:–—-("  # noqa: RUF001 - dashes as typed


def headline_of(article: Article) -> Headline:
    """Return the title with its place in the text if it has one, or the first sentence of the body.

    A sentence longer than 120 characters is cut behind a word. Nothing is added to it, not even an ellipsis.
    """
    if article.title and article.title.strip():
        return _title(article, article.title)
    for kinds in ({"paragraph"}, {"heading", "title"}, {"dateline", "byline", "related", "boilerplate"}):
        for block in article.blocks:
            if block.kind in kinds:
                end = min(block.end, block.start + _LOOK_AHEAD)
                for start, stop in sentence_spans(article.text, block.start, end):
                    return _derived(article.text, start, stop)
    return Headline(text="", source="derived")


def _title(article: Article, title: str) -> Headline:
    for block in article.blocks:
        if block.kind == "title":
            at = article.text.find(title, block.start, block.end)
            if at >= 0:
                return Headline(text=title, source="title", start=at, end=at + len(title))
    return Headline(text=title, source="title")


def _derived(text: str, start: int, stop: int) -> Headline:
    first_line = text.find("\n", start, stop)
    stop = stop if first_line < 0 or stop - start <= MOST_CHARACTERS else max(first_line, start + 1)
    if stop - start > MOST_CHARACTERS:
        limit = start + MOST_CHARACTERS
        cut = max(text.rfind(space, start, limit + 1) for space in " \t\n\u00a0")
        stop = cut if cut > start else limit
    while stop > start + 1 and text[stop - 1] in _LOOSE_ENDS:
        stop -= 1
    return Headline(text=text[start:stop], source="derived", start=start, end=stop)
