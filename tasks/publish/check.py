"""What has to hold of every record before it is published. A violation is a fault of ours, not the article's.

Checked: the blocks partition the text; every span lies in the text and says what stands there; ids are
unique; every id that is mentioned exists.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import BaseModel

from worker.errors import RejectArticle

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from worker.record import Record

_OWNERS = {"blocks": "read", "published": "read", "modified": "read", "translation": "read", "notes": "read"}
"""Who answers for a field of the record whose pieces do not name a component."""
_SUMMARY = "copydesk.summary"
_SELF = "copydesk.publish"


class InvalidRecord(RejectArticle):
    """A part breaks the record's contract: `component` made it, `path` is where, `detail` says what.

    Another try would give the same. The article goes to quarantine and the component has a bug to mend.
    """

    def __init__(self, component: str, path: str, detail: str) -> None:
        super().__init__("invalid_record", f"{component}: {path}: {detail}")
        self.component = component
        self.path = path


def check(record: Record) -> None:
    """Raise InvalidRecord at the first violation; linear in the size of the record."""
    _check_blocks(record)
    for name in type(record).model_fields:
        owner = _OWNERS.get(name, _SELF)
        for path, component, model in _models(getattr(record, name), name, owner):
            _check_span(record.text, path, component, model)
    _check_ids(record)


def _check_blocks(record: Record) -> None:
    expected = 0
    for number, block in enumerate(record.blocks):
        path = f"blocks[{number}]"
        if block.start != expected:
            raise InvalidRecord(
                "read", path, f"starts at {block.start}, not at {expected}: blocks have to touch"
            )
        if block.end <= block.start:
            raise InvalidRecord("read", path, f"is empty ({block.start}:{block.end})")
        expected = block.end
    if expected != len(record.text):
        detail = f"the blocks end at {expected}, the text at {len(record.text)}"
        raise InvalidRecord("read", "blocks", detail)


def _models(value: object, path: str, owner: str) -> Iterator[tuple[str, str, BaseModel]]:
    """Yield every model within `value` with its path and the component that answers for it."""
    if isinstance(value, BaseModel):
        owner = getattr(value, "component", None) or owner
        yield path, owner, value
        for name in type(value).model_fields:
            child = getattr(value, name)
            if isinstance(child, (BaseModel, list, dict)):
                below = _SUMMARY if name == "summary" else owner
                yield from _models(child, f"{path}.{name}", below)
    elif isinstance(value, list):
        for number, item in enumerate(value):
            if not isinstance(item, (BaseModel, list, dict)):
                break  # a list of plain values
            yield from _models(item, f"{path}[{number}]", owner)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _models(item, f"{path}.{key}", owner)


def _check_span(text: str, path: str, component: str, model: BaseModel) -> None:
    offset = getattr(model, "offset", None)
    if isinstance(offset, int):
        found = getattr(model, "found", "")
        if not text.startswith(found, offset) or offset >= len(text):
            raise InvalidRecord(component, path, f"{found!r} does not stand at {offset}")
    if "start" not in type(model).model_fields:
        return
    start, end = getattr(model, "start", None), getattr(model, "end", None)
    if start is None and end is None:
        return
    if not isinstance(start, int) or not isinstance(end, int):
        raise InvalidRecord(component, path, f"has a start ({start}) or an end ({end}) alone")
    if not 0 <= start < end <= len(text):
        raise InvalidRecord(component, path, f"{start}:{end} is no span of a text of {len(text)} characters")
    claimed = getattr(model, "text", None)
    if isinstance(claimed, str) and text[start:end] != claimed:
        raise InvalidRecord(component, path, f"{claimed!r} does not stand at {start}:{end}")


def _check_ids(record: Record) -> None:
    entities = _unique("entities", ((e.id, e.component) for e in record.entities))
    quotes = _unique("quotes", ((q.id, q.component) for q in record.quotes))
    _unique("events", ((e.id, e.component) for e in record.events))
    for quote in record.quotes:
        path = f"quotes.{quote.id}"
        if not quote.segments:
            raise InvalidRecord(quote.component, path, "has no segment")
        speaker = quote.speaker.entity if quote.speaker else None
        _known(entities, [speaker, quote.addressee], path, quote.component)
        _known(quotes, [quote.continuation_of], path, quote.component)
        if quote.continuation_of == quote.id:
            raise InvalidRecord(quote.component, path, "continues itself")
    for event in record.events:
        path = f"events.{event.id}"
        _known(entities, [*event.who, *event.whom], path, event.component)
        _known(quotes, [event.reported_by], path, event.component)
    _known(entities, record.about.tone.speakers, "about.tone.speakers", _SELF)
    _known(entities, record.about.tone.towards, "about.tone.towards", _SELF)


def _unique(path: str, pairs: Iterable[tuple[str, str]]) -> set[str]:
    seen: set[str] = set()
    for name, component in pairs:
        if name in seen:
            raise InvalidRecord(component, path, f"the id {name!r} is given twice")
        seen.add(name)
    return seen


def _known(known: set[str], names: Iterable[str | None], path: str, component: str) -> None:
    for name in names:
        if name is not None and name not in known:
            raise InvalidRecord(component, path, f"refers to {name!r}, which does not exist")
