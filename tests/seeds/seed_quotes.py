"""Who said what. A quote and those that continue it count as one utterance, each alone as well."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seed_expectation import any_of
from seed_names import find
from seed_text import Finding, bare, fold, plain, short

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seed_expectation import Expectation
    from seed_expectation import Quote as Wanted

    from worker.record import Quote, Record, Span

Utterance = list["Quote"]


def quotes(record: Record, expected: Expectation) -> Iterator[Finding]:
    """Return what is wrong with the quotes."""
    heard = utterances(record)
    for wanted in expected.quotes:
        same_words = [u for u in heard if _has_words(u, wanted)]
        if not same_words:
            text = f"{_name(wanted)}: missing; {_nearest(heard, wanted)}"
            yield Finding("quotes", text, wanted.optional)
            continue
        faults = min((_faults(u, wanted, record, expected) for u in same_words), key=len)
        for fault in faults:
            yield Finding("quotes", f"{_name(wanted)}: {fault}", wanted.optional)
    if "direct_quotes" in expected.complete:
        for quote in record.quotes:
            if quote.kind == "direct" and not any(_touches(quote, wanted) for wanted in expected.quotes):
                yield Finding("quotes", f"no such direct quote in the article: {_show([quote])}")


def utterances(record: Record) -> list[Utterance]:
    """Every quote alone, and every quote with all that continue it."""
    after: dict[str, list[Quote]] = {}
    for quote in record.quotes:
        if quote.continuation_of:
            after.setdefault(quote.continuation_of, []).append(quote)
    found: list[Utterance] = [[quote] for quote in record.quotes]
    for quote in record.quotes:
        chain, waiting, seen = [quote], list(after.get(quote.id, [])), {quote.id}
        while waiting:
            one = waiting.pop(0)
            if one.id not in seen:
                seen.add(one.id)
                chain.append(one)
                waiting += after.get(one.id, [])
        if len(chain) > 1:
            found.append(chain)
    return found


def segments(utterance: Utterance) -> list[Span]:
    return sorted((s for quote in utterance for s in quote.segments), key=lambda s: s.start)


def words(utterance: Utterance) -> str:
    return bare(" ".join(bare_but_stops(s.text) for s in segments(utterance)))


def bare_but_stops(text: str) -> str:
    return fold(text).strip("\"' ")


def _has_words(utterance: Utterance, wanted: Wanted) -> bool:
    if wanted.contains:
        return bare(wanted.contains) in words(utterance)
    pieces = segments(utterance)
    if wanted.parts:
        return len(pieces) == len(wanted.parts) and all(
            _runs(piece.text, part.starts, part.ends)
            for piece, part in zip(pieces, wanted.parts, strict=True)
        )
    return _runs(words(utterance), wanted.starts, wanted.ends)


def _runs(text: str, starts: str | list[str] | None, ends: str | list[str] | None) -> bool:
    text = bare(text)
    return any(text.startswith(bare(s)) for s in any_of(starts)) and any(
        text.endswith(bare(e)) for e in any_of(ends)
    )


def _faults(utterance: Utterance, wanted: Wanted, record: Record, expected: Expectation) -> list[str]:
    head = utterance[0]
    faults = []
    if head.kind not in any_of(wanted.kind):
        faults.append(f"{head.kind}, should be {wanted.kind}")
    cue = head.cue.text if head.cue else None
    if wanted.cue and not any(_same_cue(cue, one) for one in any_of(wanted.cue)):
        faults.append(f"cue is {cue!r}, should be {wanted.cue!r}")
    said_by = head.speaker.text if head.speaker else None
    if wanted.speaker_text and plain(said_by or "") not in {plain(t) for t in any_of(wanted.speaker_text)}:
        faults.append(f"speaker's words are {said_by!r}, should be {wanted.speaker_text!r}")
    faults += _speaker_faults(head, wanted.speaker, record, expected)
    count = sum(len(quote.editor_notes) for quote in utterance)
    if wanted.editor_notes is not None and count != wanted.editor_notes:
        faults.append(f"{count} editor's notes in it, should be {wanted.editor_notes}")
    return faults


def _speaker_faults(head: Quote, name: str | None, record: Record, expected: Expectation) -> list[str]:
    by_id = {entity.id: entity for entity in record.entities}
    entity = by_id.get(head.speaker.entity) if head.speaker and head.speaker.entity else None
    found = entity.name if entity else None
    if name is None:
        named = entity is not None and any(plain(p.name) == plain(entity.name) for p in expected.people)
        return [f"speaker is {found!r}, should be somebody without a name"] if named else []
    wanted = find(record, [name])
    if entity is None or (entity is not wanted and plain(entity.name) != plain(name)):
        return [f"speaker is {found!r}, should be {name!r}"]
    return []


def _same_cue(found: str | None, wanted: str) -> bool:
    one, other = set(plain(found or "").split()), set(plain(wanted).split())
    return bool(one) and (one <= other or other <= one)


def _touches(quote: Quote, wanted: Wanted) -> bool:
    found = words([quote])
    texts = [t for part in wanted.pieces() for t in any_of(part.starts) + any_of(part.ends)]
    texts += any_of(wanted.contains)
    return any(bare(text) in found or (len(found) > 3 and found in bare(text)) for text in texts)


def _nearest(heard: list[Utterance], wanted: Wanted) -> str:
    near = [_show(u) for u in heard if len(u) == 1 and _touches(u[0], wanted)]
    return f"found instead: {'; '.join(near)}" if near else "nothing found there"


def _show(utterance: Utterance) -> str:
    head = utterance[0]
    pieces = " | ".join(short(s.text, 50) for s in segments(utterance))
    speaker, cue = head.speaker.text if head.speaker else None, head.cue.text if head.cue else None
    return f"{head.kind} <{pieces}> by {speaker!r}, cue {cue!r}, rule {head.rule}"


def _name(wanted: Wanted) -> str:
    start = wanted.contains or any_of(wanted.starts or wanted.parts[0].starts)[0]
    return f"{'/'.join(any_of(wanted.kind))} {short(start, 50)!r} by {wanted.speaker or wanted.speaker_text}"
