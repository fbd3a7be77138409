"""The text of a record with its annotations marked in it: in colour, or in brackets where there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from worker.cli.common import clean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from worker.record import Record

_BLOCKS = {"title": "bold", "heading": "bold", "boilerplate": "dim", "related": "dim", "byline": "italic"}
_ENTITIES = {"PERSON": "bold cyan", "ORG": "bold magenta"}
_OTHER_ENTITY = "magenta"
_QUOTE, _TIMEX, _PLACE, _NOTE = "green", "yellow", "blue underline", "dim italic"


def marked_text(record: Record, *, colour: bool) -> Text:
    """Return the text, every annotation at its place; without colour as `[PERSON Anthony Blinken]`."""
    if not colour:
        return Text(_bracketed(record))
    text = Text(clean(record.text))
    for block in record.blocks:
        if block.kind in _BLOCKS:
            text.stylize(_BLOCKS[block.kind], block.start, block.end)
    for start, end, _, style in _marks(record):
        text.stylize(style, start, end)
    legend = Text.assemble(
        "\n\n", ("person", _ENTITIES["PERSON"]), "  ", ("organisation", _ENTITIES["ORG"]), "  ",
        ("quote", _QUOTE), "  ", ("date", _TIMEX), "  ", ("place", _PLACE), "  ", ("note", _NOTE),
    )  # fmt: skip
    return text + legend


def _marks(record: Record) -> Iterator[tuple[int, int, str, str]]:
    """Yield (start, end, label, style): what encloses comes before what is enclosed."""
    names = {entity.id: entity.name for entity in record.entities}
    for quote in record.quotes:
        speaker = quote.speaker
        who = names.get(speaker.entity or "", speaker.text) if speaker else "?"
        for segment in quote.segments:
            yield segment.start, segment.end, f"SAID-BY {who}:", _QUOTE
    for entity in record.entities:
        for mention in entity.mentions:
            yield mention.start, mention.end, entity.type, _ENTITIES.get(entity.type, _OTHER_ENTITY)
    for timex in record.timexes:
        yield timex.start, timex.end, f"{timex.type} {timex.value or '?'}:", _TIMEX
    for place in record.places:
        yield place.start, place.end, f"PLACE {place.country or '?'}:", _PLACE
    for each in record.notes:
        yield each.start, each.end, "NOTE", _NOTE


def _bracketed(record: Record) -> str:
    """Put brackets around every annotation; of two that cross, the brackets cross too."""
    opening: dict[int, list[tuple[int, int, str]]] = {}
    closing: dict[int, int] = {}
    for order, (start, end, label, _) in enumerate(_marks(record)):
        opening.setdefault(start, []).append((-end, order, label))
        closing[end] = closing.get(end, 0) + 1
    text, pieces, last = clean(record.text), [], 0
    for offset in sorted({*opening, *closing}):
        pieces.append(text[last:offset])
        pieces.append("]" * closing.get(offset, 0))
        pieces += [f"[{clean(label)} " for _, _, label in sorted(opening.get(offset, []))]
        last = offset
    return "".join([*pieces, text[last:]])
