"""HTML parsed under limits, and an element tree turned into text with hints. Never the network."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lxml import etree
from lxml import html as lxml_html

from tasks.read.draft import Hint
from worker.errors import RejectArticle

if TYPE_CHECKING:
    from collections.abc import Iterable

    from worker.record import BlockKind

# fmt: off
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "head"})
# HTML's block elements, and those of the tree that trafilatura makes (head, item, row, ...).
_BLOCKS = _HEADINGS | {
    "p", "div", "section", "article", "main", "body", "html", "header", "footer", "aside", "nav",
    "blockquote", "quote", "pre", "code", "ul", "ol", "dl", "li", "dt", "dd", "list", "item", "table",
    "tbody", "thead", "tr", "row", "td", "th", "cell", "figure", "figcaption", "caption", "address",
    "details", "summary", "hr", "form", "fieldset", "graphic", "center",
}
_SKIPPED = frozenset({
    "script", "style", "template", "noscript", "svg", "math", "iframe", "object", "embed", "canvas",
    "select", "option", "textarea", "button", "title", "meta", "link", "audio", "video",
})
# fmt: on
_LIST_ITEMS = frozenset({"li", "item", "dt", "dd", "td", "th", "cell"})
_BREAKS = frozenset({"br", "lb"})
_SPACE = re.compile(r"[^\S\n]+")
_AROUND_NEWLINE = re.compile(r" *\n *")
_PARAGRAPH_BREAK = re.compile(r"\n{2,}")
_RESOURCE_LIMIT = "ERR_RESOURCE_LIMIT"


@dataclass(frozen=True, slots=True)
class Piece:
    """One block's text, white space folded, with its kind and the element that made it one."""

    text: str
    kind: BlockKind
    rule: str


def parse(text: str) -> Any:
    """Return the element tree of an HTML text.

    Raises RejectArticle: `too_deep` beyond libxml2's 256 levels, `broken_html` for what is no HTML at all.
    """
    parser = lxml_html.HTMLParser(
        encoding="utf-8",
        collect_ids=False,
        default_doctype=False,
        remove_comments=True,
        remove_pis=True,
        no_network=True,
        huge_tree=False,
    )
    try:
        tree = lxml_html.document_fromstring(text.encode(), parser=parser)
    except (etree.LxmlError, ValueError, AssertionError) as error:
        raise RejectArticle("broken_html", f"The HTML cannot be parsed: {error}.") from None
    if any(entry.type_name == _RESOURCE_LIMIT for entry in parser.error_log):
        raise RejectArticle("too_deep", "The HTML is nested deeper than 256 levels.")
    return tree


def pieces(tree: Any) -> list[Piece]:
    """Return the blocks of text below an element, in document order.

    Works for HTML and for the tree that trafilatura makes. Two line breaks in a row part paragraphs.
    """
    found: list[Piece] = []
    current: list[str] = []
    kinds: list[str] = ["p"]  # the innermost block elements that decide a kind
    skipping = 0
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        tag = element.tag if isinstance(element.tag, str) else ""
        if tag in _SKIPPED or not tag:
            skipping += 1 if event == "start" else -1
        elif tag in _BLOCKS:
            _flush(current, kinds[-1], found)
            if event == "start":
                kinds.append(_kind_of(tag, kinds[-1]))
            else:
                kinds.pop()
        elif tag in _BREAKS and event == "start" and not skipping:
            current.append("\n")
        words = element.text if event == "start" else element.tail if element is not tree else None
        if words and not skipping:
            current.append(words.replace("\n", " "))
    _flush(current, kinds[-1], found)
    return found


def _kind_of(tag: str, outer: str) -> str:
    if tag in _HEADINGS or tag in {"figcaption", "caption"}:
        return "heading" if tag in _HEADINGS else "caption"
    if tag in _LIST_ITEMS:
        return "li"
    return outer if outer in {"heading", "caption", "li"} else "p"


def _flush(current: list[str], kind: str, found: list[Piece]) -> None:
    if not current:
        return
    words = _AROUND_NEWLINE.sub("\n", _SPACE.sub(" ", "".join(current)))
    current.clear()
    for paragraph in _PARAGRAPH_BREAK.split(words):
        text = paragraph.strip()
        if not text:
            continue
        if kind == "heading":
            found.append(Piece(" ".join(text.split()), "heading", "heading_element"))
        elif kind == "caption":
            found.append(Piece(text, "boilerplate", "caption"))
        else:
            found.append(Piece(text, "paragraph", kind))


def join(parts: Iterable[Piece]) -> tuple[str, list[Hint]]:
    """Return one text with a blank line between the pieces, and hints with their offsets in it."""
    words: list[str] = []
    hints: list[Hint] = []
    length = 0
    for part in parts:
        if words:
            words.append("\n\n")
            length += 2
        words.append(part.text)
        hints.append(Hint(length, length + len(part.text), part.kind, part.rule))
        length += len(part.text)
    return "".join(words), hints


def plain(fragment: str) -> str:
    """Return the text of a short piece of HTML, such as a title with tags in it."""
    return " ".join(piece.text for piece in pieces(parse(f"<div>{fragment}</div>")))
