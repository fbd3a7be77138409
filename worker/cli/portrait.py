"""A record for people: what an editor wants to know first, each thing with its evidence."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from rich.text import Text

from worker.cli.common import clean_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from worker.record import Entity, Quote, Record, Stamp, Tone

MOST = 12
QUOTE_CHARACTERS = 400
_DOT = " · "
_WORDS = "green"


def portrait(
    record: Record, revision: int, came: Sequence[dict[str, Any]], related: Sequence[Text] = ()
) -> Iterator[tuple[int, Text]]:
    """Yield (columns to indent, line), one after the other."""
    names = {entity.id: entity for entity in record.entities}
    for line in _head(record, revision):
        yield 0, line
    for title, lines in (
        ("Summary", [_one_line(span.text) for span in record.about.summary]),
        ("Who said what", [line for quote in record.quotes for line in _said(quote, names)]),
        ("People", _entities(record, {"PERSON"})),
        ("Organisations", _entities(record, {"ORG"})),
        ("What happened", _events(record, names)),
        ("Dates", _dates(record)),
        ("Places", [Text(_places(record))] if record.places else []),
        ("Topics", [Text(_DOT.join(f"{t.label} {t.probability:.2f}" for t in record.about.topics))]),
        ("Tone", _tones(record, names)),
        ("Looks translated", _translated(record)),
        ("Warnings", [_one_line(warning) for warning in record.warnings]),
        ("Not decided", _abstentions(record)),
        ("Other articles", related),
        ("Came from", [_arrival(each) for each in came]),
        ("Made by", [_made_by(record)]),
    ):
        shown = [line for line in lines if line.plain.strip()]
        if shown:
            yield 0, Text(title, style="bold cyan")
            for line in shown:
                yield (4 if line.style == _WORDS else 2), line


def _head(record: Record, revision: int) -> Iterator[Text]:
    headline = Text(clean_line(record.headline.text) or "(no text)", style="bold")
    if record.headline.source == "derived":
        headline.append("  (first words; the publisher gave no headline)", style="dim not bold")
    yield headline
    language = record.language or "unknown language"
    if record.language_confidence is not None:
        language += f" {record.language_confidence:.2f}"
    facts = [record.id[:12], f"revision {revision}", record.collection, record.media_type, language]
    yield Text(clean_line(_DOT.join(facts)), style="dim")
    yield _stamp("Published", record.published, record.text)
    if record.modified:
        yield _stamp("Modified", record.modified, record.text)
    for label, value in (
        ("By", ", ".join(record.byline)),
        ("Agency", record.agency),
        ("Address", record.canonical_url),
    ):
        if value:
            yield Text(f"{label} {clean_line(value)}")


def _stamp(label: str, stamp: Stamp | None, text: str) -> Text:
    if stamp is None:
        return Text(f"{label}: the article does not say when")
    line = Text.assemble(f"{label} ", (clean_line(stamp.value), "bold"))
    evidence = f"  by {stamp.evidence.replace('_', ' ')}"
    if stamp.start is not None and stamp.end is not None:
        evidence += f" “{clean_line(text[stamp.start : stamp.end])}”"
    line.append(f"{evidence}, {stamp.confidence:.2f}", style="dim")
    return line


def _one_line(text: str) -> Text:
    return Text(" ".join(clean_line(text).split()))


def _said(quote: Quote, names: dict[str, Entity]) -> list[Text]:
    line = Text()
    if quote.speaker is None:
        line.append("(unknown speaker)", style="italic")
    else:
        entity = names.get(quote.speaker.entity or "")
        line.append(clean_line(entity.name if entity else quote.speaker.text), style="bold")
        if entity and entity.roles:
            line.append(f", {clean_line(entity.roles[0].title)}")
    cue = f"{clean_line(quote.cue.text)}, " if quote.cue else ""
    line.append(f"  {cue}{quote.kind}, {quote.confidence:.2f}", style="dim")
    words = " … ".join(" ".join(clean_line(segment.text).split()) for segment in quote.segments)
    if len(words) > QUOTE_CHARACTERS:
        words = words[:QUOTE_CHARACTERS].rsplit(" ", 1)[0] + " …"
    return [line, Text(f"“{words}”" if quote.kind == "direct" else words, style=_WORDS)]


def _entities(record: Record, types: set[str]) -> list[Text]:
    found = sorted((e for e in record.entities if e.type in types), key=lambda e: -e.salience)
    lines = []
    for entity in found[:MOST]:
        line = Text(clean_line(entity.name), style="bold")
        roles = "; ".join(dict.fromkeys(_role(role) for role in entity.roles))
        line.append(f"  {clean_line(roles)}" if roles else "", style="not bold")
        country = f"{entity.country}, " if entity.country else ""
        line.append(f"  {country}{_count(len(entity.mentions), 'mention')}", style="dim not bold")
        lines.append(line)
    return [*lines, *_more(found)]


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _role(role: Any) -> str:
    status = (
        "" if role.status == "current" or role.title.lower().startswith(role.status) else f" ({role.status})"
    )
    return f"{role.title}{status}"


def _more(found: Sequence[object]) -> list[Text]:
    return [Text(f"and {len(found) - MOST} more", style="dim")] if len(found) > MOST else []


def _events(record: Record, names: dict[str, Entity]) -> list[Text]:
    lines = []
    for event in record.events[:MOST]:
        line = Text.assemble((event.kind, "bold"), (f"  {event.status}", "dim"))
        facts = (
            _names(event.who, names),
            f"→ {_names(event.whom, names)}" if event.whom else "",
            f"in {event.where.text}" if event.where else "",
            f"on {event.when.text}" if event.when else "",
        )
        line.append(f"  {clean_line(' '.join(fact for fact in facts if fact))}")
        lines.append(line)
    return [*lines, *_more(record.events)]


def _names(ids: Iterable[str], names: dict[str, Entity]) -> str:
    return ", ".join(names[id_].name if id_ in names else id_ for id_ in ids)


def _dates(record: Record) -> list[Text]:
    lines = []
    for timex in record.timexes[:MOST]:
        line = Text.assemble(clean_line(timex.text), " → ", (clean_line(timex.value or "unresolved"), "bold"))
        for remark in (timex.mod, timex.conflict, timex.unresolved):
            if remark:
                line.append(f"  {clean_line(remark)}", style="dim")
        lines.append(line)
    return [*lines, *_more(record.timexes)]


def _places(record: Record) -> str:
    counted: Counter[str] = Counter()
    for place in record.places:
        where = place.country or place.status
        if place.within:
            where += f", in {place.within}"
        elif place.lat is not None and place.lon is not None:
            where += f" {place.lat:.2f} {place.lon:.2f}"
        counted[f"{place.name} ({where})"] += 1
    return clean_line(_DOT.join(f"{name} x{n}" if n > 1 else name for name, n in counted.items()))


def _tones(record: Record, names: dict[str, Entity]) -> list[Text]:
    tone = record.about.tone
    voices = [("author", tone.author), *((_names([id_], names), t) for id_, t in tone.speakers.items())]
    return [Text(clean_line(_DOT.join(f"{who} {_score(t)}" for who, t in voices if t)))]


def _score(tone: Tone) -> str:
    return f"{tone.score:+.2f} ({_count(tone.sentences, 'sentence')})"


def _translated(record: Record) -> list[Text]:
    if record.translation.verdict == "unlikely":
        return []
    signs = Counter(sign.kind for sign in record.translation.signs)
    named = ", ".join(f"{kind} x{count}" if count > 1 else kind for kind, count in signs.items())
    return [Text(clean_line(f"{record.translation.verdict} ({record.translation.score:.2f}): {named}"))]


def _abstentions(record: Record) -> list[Text]:
    """Group by component and reason; the places stand in the JSON."""
    counted = Counter((each.component, each.why) for each in record.abstentions)
    lines = [
        Text(clean_line(f"{component}: {why}" + (f" x{count}" if count > 1 else "")))
        for (component, why), count in counted.most_common(MOST)
    ]
    return [*lines, *_more(list(counted))]


def _arrival(each: dict[str, Any]) -> Text:
    member = f" [{each['member']}]" if each["member"] else ""
    return Text.assemble(clean_line(f"{each['source']}{member}"), (f"  {each['at']}", "dim"))


def _made_by(record: Record) -> Text:
    prints = _DOT.join(f"{stage} {print_[:8]}" for stage, print_ in record.provenance.fingerprints.items())
    components = ", ".join(f"{c.name} {c.version}" for c in record.provenance.components)
    return Text(clean_line(f"{prints}{_DOT}{components}" if components else prints), style="dim")
