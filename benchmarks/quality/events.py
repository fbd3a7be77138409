"""Events and who takes part in them, against coded records.

Texts go through `read` and the whole of `extract`; predictions are the record's events that have a PLOVER
category, whatever their status (the gold has none) and voice.

Gold with PLOVER categories (`event`, `source`, `target` with the words that name the actors):

- `category`: a predicted and a gold event of a text with the same category, one to one.
- `event`: those of them where an entity that the record has on either side is mentioned in the words of the
  gold's source or target, or these words name a country that the entity belongs to. An event without entities
  is not right. This is the figure that goals are set for.
- `marked`: precision of the category alone over predictions whose trigger shares a word with what the gold
  marks as the event. The records exemplify one category each, and other events of a sentence (`demanded ...
  while rebels attacked`) are not marked; as predictions they count as wrong in the two above.
- `categories`: `category` for each.

Gold with numeric codes mixes schemes and invented actors: there `found` alone is counted, of texts. A text is
right when it has an event in both; an empty list says that it has none.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from benchmarks.quality import corpora, predict
from benchmarks.quality.matching import Counts, exact
from tasks.extract.place.gazetteer import gazetteer
from worker.components import EXTRACT

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from spacy.tokens import Doc

    from benchmarks.quality.report import Figures
    from worker.record import Entity, Event

COMPONENTS = EXTRACT[: EXTRACT.index("copydesk.events") + 1]
_MARKED = re.compile(r"EVT:([^)}]*)")
_WORD = re.compile(r"\w{3,}")


def measure(options: corpora.Options) -> Figures:
    """Return the figures of every corpus of the kind `events`."""
    found = corpora.find(options, "events")
    read = predict.reader(options.pipeline or ",".join(COMPONENTS))
    return {corpus.name: score(list(corpus.rows()), read) for corpus in found}


def score(rows: Sequence[dict[str, Any]], read: Callable[[str, str | None], Doc]) -> Figures:
    """Return the figures of one corpus."""
    if any("event" in gold for row in rows for gold in row["events"]):
        return _plover(rows, read)
    found = Counts()
    for row in rows:
        has = bool(coded(read(row["text"], row.get("date"))))
        found += Counts(int(has and bool(row["events"])), int(has), int(bool(row["events"])))
    return {"texts": len(rows), "found": found.figures()}


def coded(doc: Doc) -> list[Event]:
    """Return the events that have a PLOVER category."""
    return [event for event in doc._.events or [] if event.plover]


def _plover(rows: Sequence[dict[str, Any]], read: Callable[[str, str | None], Doc]) -> Figures:
    category, event, marked = Counts(), Counts(), Counts()
    each: defaultdict[str, Counts] = defaultdict(Counts)
    for row in rows:
        doc = read(row["text"], None)
        events, gold = coded(doc), row["events"]
        category += exact([one["event"] for one in gold], [one.plover for one in events])
        event += Counts(matched(events, gold, doc._.entities or []), len(events), len(gold))
        for name in sorted({one["event"] for one in gold} | {one.plover or "" for one in events}):
            wanted = [one["event"] for one in gold if one["event"] == name]
            each[name] += exact(wanted, [one.plover for one in events if one.plover == name])
        on_it = [one for one in events if words(one.text) & marked_words(gold)]
        marked += exact([one["event"] for one in gold], [one.plover for one in on_it])
    return {
        "texts": len(rows),
        "event": event.figures(),
        "category": category.figures(),
        "marked": marked.figures(),
        "categories": {name: counts.figures() for name, counts in sorted(each.items())},
    }


def matched(events: Sequence[Event], gold: Sequence[dict[str, Any]], entities: Sequence[Entity]) -> int:
    """Return how many gold events have a prediction of their category and of one of their actors."""
    by_id = {entity.id: entity for entity in entities}
    free = list(events)
    right = 0
    for one in gold:
        actors = [actor for side in ("source", "target") for actor in one.get(side) or ()]
        named = " | ".join(actor_text(actor) for actor in actors).lower()
        for event in free:
            sides = [by_id[number] for number in (*event.who, *event.whom)]
            if event.plover == one["event"] and any(names(entity, named) for entity in sides):
                free.remove(event)
                right += 1
                break
    return right


def actor_text(actor: dict[str, str] | str) -> str:
    """Return the words that name an actor."""
    return actor if isinstance(actor, str) else actor.get("actorText") or ""


def names(entity: Entity, named: str) -> bool:
    """Say whether the words of the gold name an entity, or the country that it belongs to."""
    parts = named.split(" | ")
    if entity.country is not None and entity.country in countries(named):
        return True
    return any(
        mention.text.lower() in named or any(part and part in mention.text.lower() for part in parts)
        for mention in entity.mentions
        if mention.kind != "pronoun"
    )


def countries(named: str) -> set[str]:
    """Return the countries (ISO 3166-1) whose adjectives stand among words: `turkish authorities`."""
    demonyms = gazetteer().demonyms
    found = {demonyms.get(word.capitalize()) for word in _WORD.findall(named)}
    return {code for code in found if code is not None}


def words(text: str) -> set[str]:
    """Return the words of a text that have three letters or more, in lower case."""
    return set(_WORD.findall(text.lower()))


def marked_words(gold: Sequence[dict[str, Any]]) -> set[str]:
    """Return the words that the gold marks as events."""
    found: set[str] = set()
    for one in gold:
        info = one.get("textInfo")
        markup = info.get("markup", "") if isinstance(info, dict) else info or ""
        found |= words(" ".join([one.get("eventText") or "", *_MARKED.findall(markup)]))
    return found
