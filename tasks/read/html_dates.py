"""Dates of a page, from marked-up evidence alone: JSON-LD, <meta>, microdata, <time>, microformats, its address."""

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
_ELSEWHERE = frozenset({"aside", "nav", "footer", "form", "ul", "ol", "table"})
_ELSEWHERE_CLASS = re.compile(
    r"comment|related|sidebar|widget|recommend|popular|latest|trending|teaser|promo", re.IGNORECASE
)
_MOST_ELEMENTS = 200
_LONGEST_ELEMENT = 120
_CERTAIN = {"json_ld": 0.97, "json_ld_page": 0.9, "meta": 0.95, "itemprop": 0.93, "time": 0.85, "class": 0.75}


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
    for key, about in (("datePublished", "published"), ("dateModified", "modified")):
        value = node.get(key)
        if isinstance(value, str):
            collected.add("modified" if about == "modified" else "published", value, "json_ld", key, sure)
    for about in ("published", "modified"):
        for stated in meta[about]:
            name, _, value = stated.partition("=")
            if collected.add(
                "modified" if about == "modified" else "published", value, "meta", name, _CERTAIN["meta"]
            ):
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
    classes = {
        about: frozenset(names) for about, names in load_toml("read/html_fields.toml")["classes"].items()
    }
    done: set[tuple[str, str]] = set()
    for element, about, rule, kind in _dated_elements(tree, classes):
        if (about, kind) in done:
            continue
        value = element.get("datetime") or element.get("content") or element.get("title") or ""
        value = value if any(c.isdigit() for c in value) else " ".join("".join(element.itertext()).split())
        if len(value) > _LONGEST_ELEMENT:
            continue
        if collected.add(about, value, "meta" if kind == "itemprop" else "time_tag", rule, _CERTAIN[kind]):
            done.add((about, kind))


def _dated_elements(
    tree: Any, classes: Mapping[str, frozenset[str]]
) -> Iterator[tuple[Any, _About, str, str]]:
    """Yield (element, about, rule, kind of evidence) in document order, none from sidebars and comments."""
    left = _MOST_ELEMENTS
    for element in tree.iter(etree.Element):
        itemprop = (element.get("itemprop") or "").lower()
        names = set((element.get("class") or "").lower().split())
        is_time = element.tag == "time"
        modified = itemprop == "datemodified" or bool(names & classes["modified"])
        published = (
            itemprop == "datepublished"
            or element.get("pubdate") is not None
            or bool(names & classes["published"])
        )
        if element.tag == "meta" or not (
            is_time or itemprop in {"datepublished", "datemodified"} or modified or published
        ):
            continue
        left -= 1
        if left < 0:
            return
        if _is_elsewhere(element):
            continue
        about: _About = "modified" if modified and not published else "published"
        if itemprop in {"datepublished", "datemodified"}:
            yield element, about, f"itemprop:{itemprop}", "itemprop"
        elif is_time:
            yield element, about, "time", "time"
        else:
            yield element, about, f"class:{min(names & classes[about])}", "class"


def _is_elsewhere(element: Any) -> bool:
    """Say whether the element stands in a list of other articles, in a sidebar or among comments."""
    for outer in element.iterancestors():
        if outer.tag in _ELSEWHERE:
            return True
        if outer.tag == "body":
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
