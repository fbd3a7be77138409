"""Hold a record against an editor's reading, and say in words what is missing or wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import BaseModel
from seed_expectation import any_of
from seed_must_not import must_not
from seed_names import names
from seed_quotes import quotes
from seed_text import Finding, bare, fold, occurrences, overlaps, short
from seed_times_places import dates, places

from worker.record import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seed_expectation import Expectation, Stamp

    from worker.record import Record


def findings(record: Record, expected: Expectation) -> list[Finding]:
    """Return everything that is missing or wrong; empty when the record is as a careful editor reads it."""
    checks = (promises, read, body, notes, names, places, dates, quotes, about, must_not)
    return [finding for check in checks for finding in check(record, expected)]


def promises(record: Record, _expected: Expectation) -> Iterator[Finding]:
    """What holds of every record: offsets, blocks that partition the text, segments inside one block."""
    for span in _spans(record):
        if record.text[span.start : span.end] != span.text:
            yield Finding("promises", f"text[{span.start}:{span.end}] is not {short(span.text)!r}")
    position = 0
    for block in record.blocks:
        if block.start != position:
            yield Finding("promises", f"block at {block.start} does not touch the one before ({position})")
        position = block.end
    if position != len(record.text):
        yield Finding("promises", f"blocks end at {position}, the text at {len(record.text)}")
    for quote in record.quotes:
        for segment in quote.segments:
            if not any(b.start <= segment.start and segment.end <= b.end for b in record.blocks):
                yield Finding("quotes", f"segment over several blocks: {short(segment.text)!r}")


def read(record: Record, expected: Expectation) -> Iterator[Finding]:
    """Metadata."""
    simple = ("media_type", "language", "title", "byline", "agency", "canonical_url")
    for field in simple:
        if field in expected.model_fields_set:
            found, wanted = getattr(record, field), getattr(expected, field)
            if not _equal(found, wanted):
                yield Finding("read", f"{field} is {found!r}, should be {wanted!r}")
    if expected.headline and record.headline.source != expected.headline.source:
        yield Finding("publish", f"headline's source is {record.headline.source}")
    if expected.title is None and record.headline.source == "title":
        yield Finding("publish", "the headline is shown as the publisher's; there is none")
    yield from _stamp("published", record, expected)
    yield from _stamp("modified", record, expected)
    if expected.translation and record.translation.verdict not in expected.translation:
        score = record.translation.score
        yield Finding("read.translation", f"verdict is {record.translation.verdict} ({score:.2f})")
    for wanted in expected.translation_signs:
        signs = [(sign.start, sign.end) for sign in record.translation.signs]
        if not _any_overlap(signs, occurrences(record.text, wanted)):
            yield Finding("read.translation", f"no sign of translation at {wanted!r}")
    why = f"language is {expected.language}"
    if expected.abstains_for_language and not any(why in a.why for a in record.abstentions):
        yield Finding("pipeline", f"nothing abstains because the {why}")


def body(record: Record, expected: Expectation) -> Iterator[Finding]:
    """What is text of the article, what stands around it."""
    text, found = fold(record.text), fold(record.body)
    if expected.body_starts_with and not found.startswith(fold(expected.body_starts_with)):
        yield Finding("read.blocks", f"body starts {short(found[:60])!r}, not {expected.body_starts_with!r}")
    if expected.body_ends_with and not found.endswith(fold(expected.body_ends_with)):
        yield Finding("read.blocks", f"body ends {short(found[-60:])!r}, not {expected.body_ends_with!r}")
    for wanted in expected.body_has:
        if fold(wanted) not in found:
            yield Finding("read.blocks", f"not in the body: {wanted!r}")
    for wanted in expected.outside_body:
        if fold(wanted) not in text:
            yield Finding("read.blocks", f"cut out of the text: {wanted!r}")
        if fold(wanted) in found:
            yield Finding("read.blocks", f"in the body: {wanted!r}")
    for wanted in expected.text_has:
        if wanted not in record.text:
            yield Finding("read.decode", f"not in the text: {wanted!r}")
    yield from _blocks(record, expected)


def notes(record: Record, expected: Expectation) -> Iterator[Finding]:
    """Editor's notes and repaired quote marks."""
    inside = [(s.start, s.end) for q in record.quotes if q.kind != "indirect" for s in q.segments]
    for wanted in expected.notes:
        same = [note for note in record.notes if bare(note.text) == bare(wanted.text)]
        if not same:
            others = [short(note.text) for note in record.notes]
            yield Finding("read.notes", f"no note {wanted.text!r}, only {others}", wanted.optional)
        elif same[0].kind not in any_of(wanted.kind):
            yield Finding("read.notes", f"{wanted.text!r} is {same[0].kind}, not {wanted.kind}")
        elif wanted.inside_quote and not _any_overlap([(same[0].start, same[0].end)], inside):
            yield Finding("quotes", f"note outside every quote: {wanted.text!r}")
    repairs = {(r.offset, r.found, r.meant) for quote in record.quotes for r in quote.repairs}
    for repair in expected.repairs:
        offsets = {
            start + repair.near.rindex(repair.found) for start, _ in occurrences(record.text, repair.near)
        }
        if not any((offset, repair.found, repair.meant) in repairs for offset in offsets):
            yield Finding("quote_marks", f"mark not repaired in {short(repair.near)!r}", repair.optional)


def about(record: Record, expected: Expectation) -> Iterator[Finding]:
    """Topics."""
    found = {topic.code: topic.probability for topic in record.about.topics}
    for topic in expected.topics:
        if topic.code not in found:
            has = [f"{t.label} {t.probability:.2f}" for t in record.about.topics]
            yield Finding("topics", f"not about {topic.label} ({topic.code}), only {has}", topic.optional)


def _blocks(record: Record, expected: Expectation) -> Iterator[Finding]:
    headings = [fold(record.text[b.start : b.end]) for b in record.blocks if b.kind == "heading"]
    if expected.headings is not None and headings != [fold(h) for h in expected.headings]:
        yield Finding("read.blocks", f"headings are {headings}, should be {expected.headings}")
    datelines = [fold(record.text[b.start : b.end]) for b in record.blocks if b.kind == "dateline"]
    if expected.dateline and not any(fold(expected.dateline) in line for line in datelines):
        yield Finding("read.blocks", f"no dateline block with {expected.dateline!r}, only {datelines}")


def _stamp(name: str, record: Record, expected: Expectation) -> Iterator[Finding]:
    if name not in expected.model_fields_set:
        return
    found, wanted = getattr(record, name), getattr(expected, name)
    if wanted is None or found is None:
        if wanted is not found:
            yield Finding("read.dates", f"{name} is {_show(found)}, should be {_show(wanted)}")
        return
    if found.value not in any_of(wanted.value):
        yield Finding("read.dates", f"{name} is {found.value}, should be {wanted.value}")
    if found.evidence not in wanted.evidence:
        yield Finding("read.dates", f"{name}'s evidence is {found.evidence}, should be {wanted.evidence}")


def _show(stamp: Any | Stamp | None) -> str:
    return "absent" if stamp is None else repr(stamp.value)


def _equal(found: Any, wanted: Any) -> bool:
    if isinstance(wanted, list):
        return [fold(x) for x in found] == [fold(x) for x in wanted]
    if isinstance(wanted, str) and isinstance(found, str):
        return bare(found) == bare(wanted)
    return bool(found == wanted)


def _any_overlap(some: list[tuple[int, int]], others: list[tuple[int, int]]) -> bool:
    return any(overlaps(one, other) for one in some for other in others)


def _spans(model: BaseModel) -> Iterator[Span]:
    if isinstance(model, Span):
        yield model
    for name in type(model).model_fields:
        value = getattr(model, name)
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, BaseModel):
                yield from _spans(item)
