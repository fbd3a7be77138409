"""Web pages: the body by trafilatura, its headings and paragraphs as blocks, metadata from markup alone."""

from __future__ import annotations

import functools
import re
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from lxml import etree

from tasks.read import markup
from tasks.read.decode import check, decode, head
from tasks.read.draft import Context, Draft
from tasks.read.html_meta import PageMeta, page_meta
from tasks.read.markup import Piece
from worker.errors import RejectArticle
from worker.record import Component

if TYPE_CHECKING:
    from collections.abc import Sequence

_BEGINS = re.compile(
    r"(?:<!--.{0,1000}?-->\s*|<\?xml[^>]{0,200}\?>\s*)*"
    r"<(?:!doctype\s+html|html|head|body|article|main|section|div|p|h[1-6]|header|table|center|font|span|"
    r"b|i|strong|em|a|ul|ol|img|figure|blockquote|meta|link|title|script|style|base|br)\b",
    re.IGNORECASE | re.DOTALL,
)
_BLOCK_TAG = re.compile(r"</(?:p|div|h[1-6]|li|blockquote)\s*>|<br\s*/?>", re.IGNORECASE)
_LEAST_BLOCK_TAGS = 3
_WHOLE_PAGE = re.compile(r"<(?:!doctype\s+html|html|body)\b", re.IGNORECASE)
_CHARSET = re.compile(
    rb"""<meta[^>]{1,200}?charset\s*=\s*["']?\s*([\w.:-]{2,40})|<\?xml[^>]{1,100}?encoding=["']([\w.:-]{2,40})""",
    re.IGNORECASE,
)
_CHARSET_WITHIN = 4096
# What trafilatura and lxml raise on trees that they do not expect.
_EXTRACTION_ERRORS = (
    AttributeError,
    LookupError,
    AssertionError,
    RecursionError,
    etree.LxmlError,
    ValueError,
    TypeError,
)


class HtmlReader:
    """Reads web pages and pieces of HTML."""

    name = "html"
    version = "1.0"
    media_type = "text/html"
    priority = 20

    def preload(self) -> None:
        """Import what takes a quarter of a second, for processes that are forked from this one."""
        import trafilatura  # noqa: F401, PLC0415

    def matches(self, data: bytes) -> bool:
        """Say whether the bytes begin as HTML does, or hold several of its block tags early on."""
        start = head(data)
        if _BEGINS.match(start):
            return True
        return (
            not start.startswith(("{", "[", "<?xml")) and len(_BLOCK_TAG.findall(start)) >= _LEAST_BLOCK_TAGS
        )

    def read(self, data: bytes, context: Context) -> Draft:
        """Return title and body of a page.

        Raises RejectArticle: `no_text`, `too_deep`, `broken_html`, and what decoding raises.
        """
        decoded = decode(data, declared=_declared_charset(data))
        if not decoded.text.strip():
            raise RejectArticle("no_text", "The file has nothing in it but white space.")
        tree = markup.parse(decoded.text)
        draft = draft_of(tree, whole_page=bool(_WHOLE_PAGE.search(decoded.text)), context=context)
        draft.encoding = decoded.encoding
        draft.warnings = decoded.warnings + draft.warnings
        return draft


def draft_of(tree: Any, *, whole_page: bool, context: Context) -> Draft:
    """Return the draft of a parsed page, or of a piece of HTML, which is taken whole."""
    page = page_meta(tree, day_first=context.day_first)
    body = _body(tree) if whole_page else markup.pieces(tree)
    warnings: list[str] = []
    stated = _paragraphs(page.article_body or "")
    if stated and (not body or _same_words(body, stated)):
        body = stated
        warnings.append("the body was found in the page's JSON-LD only")
    if not body:
        body = markup.pieces(tree) if whole_page else []
        warnings.append("no article was found on the page: all of its text is taken")
    if not body:
        raise RejectArticle("no_text", "The page has no text in its markup.")
    title, parts = _with_title(page, body, whole_page=whole_page)
    text, hints = markup.join(parts)
    text, more = check(text)
    return Draft(
        text=text,
        hints=hints,
        title=title,
        byline=page.byline,
        agency=page.agency,
        canonical_url=page.url,
        dates=page.dates,
        language_hint=page.language,
        warnings=warnings + more,
        abstentions=page.abstentions,
        components=[_trafilatura()] if whole_page else [],
    )


@functools.cache
def _trafilatura() -> Component:
    return Component(name="trafilatura", version=version("trafilatura"))


def _body(tree: Any) -> list[Piece]:
    import trafilatura  # noqa: PLC0415 - as `HtmlReader.preload` says

    try:
        found = trafilatura.bare_extraction(tree, fast=True, include_comments=False, with_metadata=False)
    except _EXTRACTION_ERRORS as error:
        raise RejectArticle(
            "broken_html", f"trafilatura fails on this page: {type(error).__name__}: {error}"
        ) from error
    return [] if found is None or isinstance(found, dict) or found.body is None else markup.pieces(found.body)


def _paragraphs(body: str) -> list[Piece]:
    return [
        Piece(" ".join(line.split()), "paragraph", "json_ld") for line in body.splitlines() if line.strip()
    ]


def _same_words(body: Sequence[Piece], stated: Sequence[Piece]) -> bool:
    """Say whether trafilatura, for lack of a better body, took the one stated in JSON-LD, in one piece."""
    return len(body) == 1 and body[0].text.split() == [word for p in stated for word in p.text.split()]


def _with_title(page: PageMeta, body: Sequence[Piece], *, whole_page: bool) -> tuple[str | None, list[Piece]]:
    """Put the title in front, once: a heading at the body's beginning that says the same goes."""
    if page.title is None:
        return None, list(body)
    same = page.title.casefold()
    rest = [p for i, p in enumerate(body) if i > 3 or p.text.casefold() != same]  # noqa: PLR2004 - the beginning
    if not rest:
        return None, list(body)
    return page.title, [Piece(page.title, "title", "page_title" if whole_page else "heading_element"), *rest]


def _declared_charset(data: bytes) -> str | None:
    match = _CHARSET.search(data[:_CHARSET_WITHIN])
    return (match.group(1) or match.group(2)).decode("ascii", "ignore") if match else None
