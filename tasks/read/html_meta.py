# ruff: noqa: RUF001 - typographic marks as they stand in news
"""What a page states about itself in markup: title, authors, address, language, dates."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape
from typing import TYPE_CHECKING, Any

from tasks.read import html_dates, json_ld
from tasks.read.agencies import known_agency
from tasks.read.names import is_name, people
from tasks.read.openers import read_byline
from worker.config_dir import load_toml

if TYPE_CHECKING:
    from tasks.read.draft import DateClaim
    from worker.record import Abstention

_LONGEST_TITLE = 400
_LONGEST_URL = 2000
_LANGUAGE = re.compile(r"([A-Za-z]{2})(?:[-_]|\Z)")
_SITE_SUFFIX = re.compile(r"\s+[|–—-]\s+|\s*[|»]\s*")
_MOST_AUTHORS = 20
_LONGEST_NAME = 200


@dataclass(slots=True)
class PageMeta:
    """Metadata of one page."""

    title: str | None = None
    byline: list[str] = field(default_factory=list)
    agency: str | None = None
    url: str | None = None
    language: str | None = None
    article_body: str | None = None
    dates: list[DateClaim] = field(default_factory=list)
    abstentions: list[Abstention] = field(default_factory=list)


def page_meta(tree: Any, *, day_first: bool | None) -> PageMeta:
    """Return what the page states about itself."""
    meta = _meta_values(tree)
    headlines = _headlines(tree)
    titles = [
        _fold(title)
        for title in (*headlines, *meta.get("title", ()), _text_of(tree.find(".//title")))
        if title
    ]
    scripts = [
        script.text or "" for script in tree.iter("script") if "ld+json" in (script.get("type") or "").lower()
    ]
    found = json_ld.article_node(scripts, titles=titles)
    node, is_article = found or ({}, False)
    page = PageMeta(url=_url(tree, meta, node), language=_language(tree))
    page.title = _title(tree, meta, headlines, node if is_article else {})
    body = node.get("articleBody")
    page.article_body = body if isinstance(body, str) else None
    _authors(tree, meta, node, page)
    page.dates, page.abstentions = html_dates.page_dates(
        tree, meta, node, is_article=is_article, url=page.url, day_first=day_first
    )
    return page


def _meta_values(tree: Any) -> dict[str, list[str]]:
    """Return our name -> values of <meta>, best evidence first; dates keep their name as `name=value`."""
    names = load_toml("read/html_fields.toml")["meta"]
    stated: dict[str, list[str]] = {}
    for element in tree.iter("meta"):
        content = (element.get("content") or "").strip()
        for attribute in ("property", "name", "itemprop"):
            key = (element.get(attribute) or "").strip().lower()
            if key and content:
                stated.setdefault(key, []).append(content[:_LONGEST_URL])
    result: dict[str, list[str]] = {}
    for ours, theirs in names.items():
        dated = ours in {"published", "modified"}
        result[ours] = [f"{key}={v}" if dated else v for key in theirs for v in stated.get(key, ())]
    result["site"] = stated.get("og:site_name", [])
    return result


def _headlines(tree: Any) -> list[str]:
    found = [_text_of(element) for element in tree.iter("h1")]
    return [text for text in found if text and len(text) <= _LONGEST_TITLE]


def _title(tree: Any, meta: dict[str, list[str]], headlines: list[str], node: dict[str, Any]) -> str | None:
    """Return an <h1> that another field confirms, else JSON-LD, og:title, the only <h1>, <title>."""
    stated = [v for v in (node.get("headline"), *meta["title"]) if isinstance(v, str) and v.strip()]
    stated = [_clean(v) for v in stated if len(v) <= _LONGEST_TITLE]
    whole = _text_of(tree.find(".//title"))
    confirming = [_fold(v) for v in (*stated, whole) if v]
    for headline in headlines:
        if len(headline) > 10 and any(_fold(headline) in other for other in confirming):  # noqa: PLR2004 - a word
            return headline
    for value in stated:
        return _without_site(value, meta["site"])
    if len(headlines) == 1:
        return headlines[0]
    return _without_site(whole, meta["site"]) if whole and len(whole) <= _LONGEST_TITLE else None


def _without_site(title: str, site: list[str]) -> str:
    """Take the site's name off the end of a title, when the page states that name."""
    parts = _SITE_SUFFIX.split(title)
    if len(parts) > 1 and any(_fold(parts[-1]) == _fold(name) for name in site):
        return title[: title.rindex(parts[-1])].rstrip(" |–—-»")
    return title


def _url(tree: Any, meta: dict[str, list[str]], node: dict[str, Any]) -> str | None:
    links = [e.get("href") for e in tree.iter("link") if (e.get("rel") or "").lower() == "canonical"]
    main = node.get("mainEntityOfPage")
    stated = [main.get("@id") if isinstance(main, dict) else main, node.get("url")]
    for value in (*links, *meta["url"], *stated):
        if (
            isinstance(value, str)
            and value.startswith(("http://", "https://"))
            and len(value) <= _LONGEST_URL
        ):
            return value.strip()
    return None


def _language(tree: Any) -> str | None:
    root = tree if tree.tag == "html" else tree.find(".//html")
    stated = (
        (root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang"))
        if root is not None
        else None
    )
    match = _LANGUAGE.match((stated or "").strip())
    return match.group(1).lower() if match else None


def _authors(tree: Any, meta: dict[str, list[str]], node: dict[str, Any], page: PageMeta) -> None:
    stated = _person_names(node.get("author"))
    if not stated:
        stated = [v for v in meta["author"] if not v.startswith("http")]
    if not stated:
        stated = [_text_of(e) for e in tree.xpath("//*[@rel='author' or @itemprop='author']")[:_MOST_AUTHORS]]
    for value in stated:
        written = _clean(value)
        agency = known_agency(written)
        by_names, by_agency = read_byline(written)
        if agency or by_agency:
            page.agency = page.agency or agency or by_agency
        names = by_names or ([written] if is_name(written) else people(written)[0])
        if agency:
            continue
        page.byline += [name for name in names if name not in page.byline]
    del page.byline[_MOST_AUTHORS:]


def _person_names(author: Any) -> list[str]:
    names: list[Any] = []
    for entry in author if isinstance(author, list) else [author]:
        name = entry.get("name") if isinstance(entry, dict) else entry
        names += name if isinstance(name, list) else [name]
    usable = [n for n in names if isinstance(n, str) and n.strip() and len(n) <= _LONGEST_NAME]
    return [name for name in usable if not name.startswith("http")][:_MOST_AUTHORS]


def _text_of(element: Any) -> str:
    return "" if element is None else _clean("".join(element.itertext()))


def _clean(value: str) -> str:
    """Fold white space; take out entities that a site has escaped twice."""
    return " ".join(unescape(value).split())


def _fold(value: str) -> str:
    return _clean(value).casefold()
