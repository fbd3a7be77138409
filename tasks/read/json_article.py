"""One article as a JSON object, its fields named as config/json_fields.toml or the collection says."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from tasks.read import dates, markup
from tasks.read.agencies import known_agency
from tasks.read.decode import check, decode, head
from tasks.read.draft import Context, DateClaim, Draft, Hint
from tasks.read.html import draft_of
from tasks.read.json_fields import folded, lookup
from tasks.read.names import people
from tasks.read.openers import read_byline
from worker.errors import RejectArticle
from worker.record import Abstention

if TYPE_CHECKING:
    from collections.abc import Mapping

_BEGINS = re.compile(r"""\{\s*["}]|\[\s*[\[{"\]]""")
_TAG = re.compile(
    r"</?(?:p|div|br|h[1-6]|ul|ol|li|blockquote|article|section|span|a|b|i|em|strong|img|figure)\b[^<>]{0,1000}>",
    re.IGNORECASE,
)
_LANGUAGE = re.compile(r"([A-Za-z]{2})(?:[-_]|\Z)")
_NEWLINES = re.compile("\r\n?|[\x85\u2028\u2029]")
_NAME_KEYS = ("name", "value", "text", "original", "title")
_MOST_NAMES = 20
_LONGEST_NAME = 200
_LONGEST_TITLE = 1000
_CONFIDENCE = 0.95


class JsonReader:
    """Reads one JSON object that holds one article; arrays are split before they come here."""

    name = "json"
    version = "1.0"
    media_type = "application/json"
    priority = 30

    def matches(self, data: bytes) -> bool:
        """Say whether the bytes begin as a JSON object or array does (`[Editor's note` does not)."""
        return bool(_BEGINS.match(head(data)))

    def read(self, data: bytes, context: Context) -> Draft:
        """Return title and body of the object.

        Raises RejectArticle: `broken_json`, `not_an_object`, `no_text`, and what decoding raises.
        """
        decoded = decode(data)
        article = folded(_load(decoded.text))
        draft = _body(article, context)
        _prepend_title(article, context, draft)
        draft.encoding = decoded.encoding
        draft.text, odd = check(draft.text)
        draft.warnings = list(dict.fromkeys([*decoded.warnings, *draft.warnings, *odd]))
        _people(article, context, draft)
        url = _string(article, context, "url")
        if url and url.startswith(("http://", "https://")):
            draft.canonical_url = url
        language = _LANGUAGE.match(_string(article, context, "language") or "")
        draft.language_hint = language.group(1).lower() if language else draft.language_hint
        _dates(article, context, draft)
        return draft


def _load(text: str) -> dict[str, Any]:
    try:
        value = json.loads(text, strict=False)
    except RecursionError:
        raise RejectArticle("broken_json", "The JSON is nested too deep.") from None
    except ValueError as error:
        raise RejectArticle("broken_json", f"The JSON cannot be parsed: {error}.") from None
    if not isinstance(value, dict):
        raise RejectArticle(
            "not_an_object", f"The JSON is a {type(value).__name__}, not one object with an article."
        )
    return value


def _body(article: Mapping[str, Any], context: Context) -> Draft:
    for name in ("body_html", "body"):
        found = lookup(article, context.json_fields.get(name, ()), _joined)
        if found is None:
            continue
        _, text = found
        if name == "body_html" or _TAG.search(text):
            return draft_of(markup.parse(f"<div>{text}</div>"), whole_page=False, context=context)
        return Draft(text=_NEWLINES.sub("\n", text))
    names = ", ".join(context.json_fields.get("body", ())[:6])
    raise RejectArticle(
        "no_text",
        f"The object has no text under {names}, ...; name its field in json_fields of the collection.",
    )


def _joined(value: Any) -> str | None:
    """Return a text that may come as a list of paragraphs or as an object around it, None for none."""
    if isinstance(value, dict):
        value = next((value[key] for key in _NAME_KEYS if isinstance(value.get(key), str)), None)
    if isinstance(value, list):
        parts = [_joined(item) for item in value if isinstance(item, str | dict)]
        value = "\n\n".join(part for part in parts if part)
    return value if isinstance(value, str) and value.strip() else None


def _prepend_title(article: Mapping[str, Any], context: Context, draft: Draft) -> None:
    """Put the title in front of the body, as a block of its own, so that offsets hold for it too."""
    written = _string(article, context, "title")
    if not written or len(written) > _LONGEST_TITLE:
        return
    title = " ".join(markup.plain(written).split()) if _TAG.search(written) else " ".join(written.split())
    if not title:
        return
    draft.title, _odd = check(title)
    length = len(draft.title) + 2
    hints = [Hint(0, len(draft.title), "title", "field")]
    hints += [Hint(h.start + length, h.end + length, h.kind, h.rule) for h in draft.hints]
    draft.text = f"{draft.title}\n\n{draft.text}"
    draft.hints = hints


def _people(article: Mapping[str, Any], context: Context, draft: Draft) -> None:
    found = lookup(article, context.json_fields.get("byline", ()), _names)
    names: list[str] = []
    for written in found[1] if found else []:
        known = known_agency(written)
        by_names, by_agency = read_byline(written)
        listed, listed_agency = people(written)
        draft.agency = draft.agency or known or by_agency or listed_agency
        if not (known or by_agency):
            names += by_names or listed or [written]
    draft.byline = list(dict.fromkeys(names))[:_MOST_NAMES] or draft.byline
    draft.agency = _string(article, context, "agency") or draft.agency
    draft.agency = draft.agency or known_agency(_string(article, context, "source") or "")
    draft.agency = known_agency(draft.agency or "") or draft.agency


def _names(value: Any) -> list[str] | None:
    entries = value if isinstance(value, list) else [value]
    found: list[str] = []
    for entry in entries[:_MOST_NAMES]:
        name = next((entry[k] for k in _NAME_KEYS if k in entry), None) if isinstance(entry, dict) else entry
        if isinstance(name, str) and 0 < len(name.strip()) <= _LONGEST_NAME:
            found.append(" ".join(check(name)[0].split()))
    return found or None


def _string(article: Mapping[str, Any], context: Context, name: str) -> str | None:
    found = lookup(article, context.json_fields.get(name, ()), _joined)
    return check(found[1].strip())[0] if found else None


def _dates(article: Mapping[str, Any], context: Context, draft: Draft) -> None:
    published = lookup(article, context.json_fields.get("published", ()), _any)
    modified = lookup(article, context.json_fields.get("modified", ()), _any)
    if published:
        _date(*published, "published", context, draft)
    if modified and (not published or modified[0] != published[0]):
        _date(*modified, "modified", context, draft)


def _any(value: Any) -> Any:
    return value


def _date(name: str, value: Any, about: Any, context: Context, draft: Draft) -> None:
    component = "copydesk.read.dates"
    try:
        if isinstance(value, int | float) and not isinstance(value, bool):
            found = dates.from_epoch(value)
        elif isinstance(value, str) and value.strip().isdecimal() and len(value.strip()) in {10, 13}:
            found = dates.from_epoch(int(value))
        else:
            found = dates.parse(_joined(value) or "", day_first=context.day_first)
    except dates.UnclearDate as problem:
        draft.abstentions.append(Abstention(component=component, what=about, why=f"{name}: {problem}"))
        return
    if found is None:
        why = f"{name}: there is no date in {str(value)[:60]!r}"
        draft.abstentions.append(Abstention(component=component, what=about, why=why))
        return
    draft.dates.append(
        DateClaim(about, found.value, found.precision, evidence="field", rule=name, confidence=_CONFIDENCE)
    )
