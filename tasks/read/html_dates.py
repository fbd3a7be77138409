"""Dates of a page from marked-up evidence: JSON-LD, <meta>, microdata, <time>, microformats, its address."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Literal

from lxml import etree

from tasks.read import dates
from tasks.read.draft import DateClaim
from worker.config_dir import load_toml
from worker.record import Abstention

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from worker.record import DateEvidence

COMPONENT = "copydesk.read.dates"

_About = Literal["published", "modified"]
_URL_DAY = re.compile(
    r"[/_-](?P<year>(?:19|20)\d\d)(?P<sep>[/_-]?)(?P<month>0[1-9]|1[0-2]|(?<=/)[1-9])(?P=sep)"
    r"(?P<day>0[1-9]|[12]\d|3[01]|(?<=/)[1-9])(?=[/_.-]|\Z)"
)
_URL_NAMED = re.compile(r"/(?P<year>(?:19|20)\d\d)/(?P<name>[a-z]{3,9})/(?P<day>\d\d?)(?=/)", re.IGNORECASE)
_URL_MONTH = re.compile(r"/(?P<year>(?:19|20)\d\d)/(?P<month>0[1-9]|1[0-2])/")
_ELSEWHERE = frozenset({"aside", "nav", "footer", "form", "table"})
_ELSEWHERE_CLASS = re.compile(
    r"(?<![\w-])(?:comment|related|sidebar|widget|recommend|popular|latest|trending|teaser|promo)",
    re.IGNORECASE,
)
_MOST_ELEMENTS = 200
_LONGEST_ELEMENT = 120
_CERTAIN = {"json_ld": 0.97, "json_ld_page": 0.9, "meta": 0.95, "itemprop": 0.93, "time": 0.9}
_CERTAIN |= {"class": 0.8, "bare_time": 0.8, "weak_class": 0.65}
_WEAK = frozenset({"bare_time", "weak_class"})


def page_dates(
    tree: Any,
    meta: Mapping[str, Sequence[str]],
    node: Mapping[str, Any],
    *,
    is_article: bool,
    url: str | None,
    day_first: bool | None,
) -> tuple[list[DateClaim], list[Abstention]]:
    """Return all date claims of a page, best of each evidence first, and those that could not be read."""
    collected = _Collector(day_first)
    sure = _CERTAIN["json_ld" if is_article else "json_ld_page"]
    stated_in_json: tuple[tuple[_About, str], ...] = (
        ("published", "datePublished"),
        ("modified", "dateModified"),
    )
    for about, key in stated_in_json:
        value = node.get(key)
        if isinstance(value, str):
            collected.add(about, value, "json_ld", key, sure)
    for about, _ in stated_in_json:
        for stated in meta[about]:
            name, _, value = stated.partition("=")
            if collected.add(about, value, "meta", name, _CERTAIN["meta"]):
                break
    _from_elements(tree, collected)
    if url:
        _from_url(url, collected)
    return collected.claims, collected.abstentions


class _Collector:
    """Collects claims; a value that cannot be read becomes an abstention, once."""

    def __init__(self, day_first: bool | None) -> None:  # noqa: FBT001 - a setting passed on
        self.day_first = day_first
        self.claims: list[DateClaim] = []
        self.abstentions: list[Abstention] = []

    def add(self, about: _About, value: str, evidence: DateEvidence, rule: str, confidence: float) -> bool:
        """Add a claim for a value; say whether it held a date with a month at least."""
        try:
            found = dates.parse(value, day_first=self.day_first)
        except dates.UnclearDate as problem:
            if len(self.abstentions) < 10:  # noqa: PLR2004 - enough to see what is wrong
                self.abstentions.append(Abstention(component=COMPONENT, what=about, why=f"{rule}: {problem}"))
            return False
        if found is None or found.precision == "year":
            return False
        self.claims.append(
            DateClaim(
                about, found.value, found.precision, evidence=evidence, rule=rule, confidence=confidence
            )
        )
        return True


def _from_elements(tree: Any, collected: _Collector) -> None:
    """Add the first date of each kind of element.

    A bare <time> or `class="date"` says less: it counts below the page's <h1>, or when it is the only one.
    """
    done: set[tuple[str, str]] = set()
    above: list[tuple[Any, _About, str, str]] = []
    below_headline = False
    for element, about, rule, kind in _dated_elements(tree):
        if kind == "headline":
            below_headline = True
        elif kind in _WEAK and not below_headline:
            above.append((element, about, rule, kind))
        elif (about, kind) not in done and _add_element(collected, element, about, rule, kind):
            done.add((about, kind))
    if len(above) == 1 and not any(kind in _WEAK for _, kind in done):
        _add_element(collected, *above[0])


def _add_element(collected: _Collector, element: Any, about: _About, rule: str, kind: str) -> bool:
    value = element.get("datetime") or element.get("content") or element.get("title") or ""
    if not any(c.isdigit() for c in value):
        value = " ".join("".join(element.itertext()).split())
    if len(value) > _LONGEST_ELEMENT:
        return False
    return collected.add(about, value, "meta" if kind == "itemprop" else "time_tag", rule, _CERTAIN[kind])


def _dated_elements(tree: Any) -> Iterator[tuple[Any, _About, str, str]]:
    """Yield (element, about, rule, kind of evidence) in document order, and the headlines among them.

    Nothing comes from sidebars, comments, and lists of other articles.
    """
    classes = {
        name: frozenset(known) for name, known in load_toml("read/html_fields.toml")["classes"].items()
    }
    left = _MOST_ELEMENTS
    for element in tree.iter(etree.Element):
        if element.tag == "h1":
            yield element, "published", "h1", "headline"
            continue
        stated = _stated(element, classes)
        if stated is None:
            continue
        left -= 1
        if left < 0:
            return
        if not _is_elsewhere(element):
            yield element, *stated


def _stated(element: Any, classes: Mapping[str, frozenset[str]]) -> tuple[_About, str, str] | None:
    """Return (about, rule, kind) of an element that is marked as a date, else None."""
    if element.tag == "meta":
        return None
    itemprop = (element.get("itemprop") or "").lower()
    if itemprop in {"datepublished", "datemodified"}:
        return "modified" if itemprop == "datemodified" else "published", f"itemprop:{itemprop}", "itemprop"
    names = frozenset((element.get("class") or "").lower().split())
    kind = "time" if element.tag == "time" else "class"
    abouts: tuple[_About, ...] = ("published", "modified")
    for about in abouts:
        known = names & classes[about]
        if known:
            return about, f"class:{min(known)}", kind
    if element.get("pubdate") is not None:
        return "published", "pubdate", kind
    if kind == "time":
        return "published", "time", "bare_time"
    known = names & classes["weak"]
    return ("published", f"class:{min(known)}", "weak_class") if known else None


def _is_elsewhere(element: Any) -> bool:
    """Say whether the element stands in a list of other articles, in a sidebar or among comments."""
    for outer in element.iterancestors():
        if outer.tag in _ELSEWHERE:
            return True
        if outer.tag in {"body", "main"}:
            return False
        if _ELSEWHERE_CLASS.search(f"{outer.get('class') or ''} {outer.get('id') or ''}"):
            return True
    return False


def _from_url(url: str, collected: _Collector) -> None:
    match = _URL_DAY.search(url)
    if match:
        stated = f"{match['year']}-{int(match['month']):02}-{int(match['day']):02}"
        collected.add("published", stated, "url", "year_month_day", 0.8)
        return
    named = _URL_NAMED.search(url)
    if named and named["name"].lower() in dates.months():
        stated = f"{named['day']} {named['name']} {named['year']}"
        collected.add("published", stated, "url", "year_name_day", 0.8)
        return
    month = _URL_MONTH.search(url)
    if month:
        collected.add("published", f"{month['year']}-{month['month']}", "url", "year_month", 0.6)
