"""Publication dates of web pages: the bytes of a page through `read`, `published` against the corpus's date.

- Right is the same day. A value without a day (`2016-12`) is `coarse` when it fits: neither right nor
  wrong. No date is `none`. Otherwise it is wrong. All are shares of the pages, per cent.
- `marked`: pages that mark up the right date for machines: JSON-LD `datePublished`, a `<meta>` for a date
  of publication, `itemprop`, `<time>`, a class such as `published`. `otherwise`: pages that mark up only
  other dates. `unmarked`: pages that mark up none. The parser of these marks is the benchmark's own.
- `stripped`: all pages once more without scripts, meta elements, links, `<time>` and attributes, so that no
  date is marked up: what is claimed then comes from the words of the page.
- The corpus's address of a page is not given to `read`: only what the page says about itself counts.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import TYPE_CHECKING, Any

from lxml import etree, html

from benchmarks.quality import corpora, predict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from benchmarks.quality.report import Figures

OUTCOMES = ("accuracy", "wrong", "coarse", "none")
_META = re.compile(
    r"publi(?!sher)|pubdate|issued|created|^date$|^dc(terms)?\.date$|^(parsely|sailthru)[.-](pub-)?date",
    re.IGNORECASE,
)
_CLASS = re.compile(
    r"\b(published|pubdate|entry-date|post-date|article-date|dateline|timestamp)\b", re.IGNORECASE
)
_ISO = re.compile(r"\b((?:19|20)\d\d)[-/.]?(\d\d)[-/.]?(\d\d)(?!\d)")
_DAY_FIRST = re.compile(r"\b(\d{1,2})(?:st|nd|rd|th)?[ .-]+([A-Za-z]{3,9})\.?,?[ -]+((?:19|20)\d\d)\b")
_MONTH_FIRST = re.compile(r"\b([A-Za-z]{3,9})\.? +(\d{1,2})(?:st|nd|rd|th)?,? +((?:19|20)\d\d)\b")
_NUMBERS = re.compile(r"\b(\d{1,2})[./-](\d{1,2})[./-]((?:19|20)\d\d)\b")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def measure(options: corpora.Options) -> Figures:
    """Return the figures of every corpus of the kind `html` that has dates."""
    date_of = predict.publication_date
    figures = {corpus.name: score(corpus, date_of) for corpus in corpora.find(options, "html")}
    figures = {name: found for name, found in figures.items() if found["pages"]}
    if not figures:
        raise corpora.DataError(f"--data {options.data}: no page of these corpora has a date.")
    return figures


def score(corpus: corpora.Corpus, date_of: Callable[[str], str | None]) -> Figures:
    """Return the figures of one corpus; pages without a date in the gold are left out."""
    groups: dict[str, Counter[str]] = {
        name: Counter() for name in ("all", "marked", "otherwise", "unmarked", "stripped")
    }
    for row in corpus.rows():
        gold = row["date"]
        if not gold:
            continue
        stated = marked_dates(row["html"])
        group = "marked" if gold[:10] in stated else "otherwise" if stated else "unmarked"
        outcome = judge(gold[:10], date_of(row["html"]))
        groups["all"][outcome] += 1
        groups[group][outcome] += 1
        groups["stripped"][judge(gold[:10], date_of(stripped(row["html"])))] += 1
    everything = groups.pop("all")
    return {
        "pages": everything.total(),
        **_shares(everything),
        **{name: {"pages": counts.total(), **_shares(counts)} for name, counts in groups.items()},
    }


def _shares(counts: Counter[str]) -> dict[str, float | None]:
    total = counts.total()
    return {name: 100 * counts[name] / total if total else None for name in OUTCOMES}


def judge(gold: str, found: str | None) -> str:
    """Return which of OUTCOMES a claimed date is."""
    if found is None:
        return "none"
    if found[:10] == gold:
        return "accuracy"
    return "coarse" if len(found) < len(gold) and gold.startswith(found) else "wrong"


def marked_dates(page: str) -> set[str]:
    """Return the days (ISO 8601) that a page marks up as a date of publication, or with `<time>`."""
    found: set[str] = set()
    for stated in _statements(_parsed(page)):
        found |= days(stated)
    return found


def _statements(tree: Any) -> Iterator[str]:
    for element in tree.iter(etree.Element):
        if element.tag == "script" and "ld+json" in (element.get("type") or "").lower():
            yield from _json_ld(element.text or "")
        elif element.tag == "meta":
            names = [element.get(name) or "" for name in ("name", "property", "itemprop", "http-equiv")]
            if any(_META.search(name) for name in names):
                yield element.get("content") or ""
        elif (
            element.tag == "time"
            or "datepublished" in (element.get("itemprop") or "").lower()
            or _CLASS.search(element.get("class") or "")
        ):
            text = "".join(element.itertext())
            yield from (element.get(name) or "" for name in ("datetime", "content", "title"))
            if len(text) < 200:
                yield text


def _json_ld(text: str) -> Iterator[str]:
    for match in re.finditer(r'"datePublished"\s*:\s*("(?:[^"\\]|\\.){0,100}")', text):
        try:
            yield json.loads(match.group(1), strict=False)
        except ValueError:
            continue


def days(stated: str) -> set[str]:
    """Return the days that a short text may name; of `3/4/2021` both readings."""
    found = {f"{year}-{month}-{day}" for year, month, day in _ISO.findall(stated)}
    named = [(day, month, year) for day, month, year in _DAY_FIRST.findall(stated)]
    named += [(day, month, year) for month, day, year in _MONTH_FIRST.findall(stated)]
    for day, month, year in named:
        if month[:3].lower() in MONTHS:
            found.add(f"{year}-{MONTHS.index(month[:3].lower()) + 1:02}-{int(day):02}")
    for one, other, year in _NUMBERS.findall(stated):
        found |= {f"{year}-{int(one):02}-{int(other):02}", f"{year}-{int(other):02}-{int(one):02}"}
    return found


def stripped(page: str) -> str:
    """Return the page without anything that is meant for machines."""
    tree = _parsed(page)
    etree.strip_elements(tree, "script", "style", "meta", "link", "noscript", with_tail=False)
    for element in tree.iter(etree.Element):
        element.attrib.clear()
        if element.tag == "time":
            element.tag = "span"
    return f"<!doctype html>{html.tostring(tree, encoding='unicode')}"


def _parsed(page: str) -> Any:
    parser = html.HTMLParser(encoding="utf-8", huge_tree=False, no_network=True)
    return html.document_fromstring(page.encode("utf-8", "replace"), parser=parser)
