"""The component `copydesk.places`: the toponyms of an article, each with a status.

Names come from the gazetteer and, where the pipeline has it, from `copydesk.names` (LOC and FAC); inside the
names of people, organisations and agreements nothing is a place. One place that cannot be resolved hides no
other. `focus` marks places in the countries that the article is mainly about.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from spacy.language import Language

from tasks.extract.place.containing import approximate
from tasks.extract.place.lists import settle_city_first, settle_counties, settle_lists, state_containers
from tasks.extract.place.mentions import Seen, mentions
from tasks.extract.place.resolve import decide, focus
from tasks.extract.place.spans import PLACES, READ, marked
from tasks.extract.place.unknown import with_unknown
from worker.record import Abstention, Place

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spacy.tokens import Doc

    from tasks.extract.place.gazetteer import Toponym
    from tasks.extract.place.resolve import Decision
    from tasks.extract.place.spans import Mention
    from worker.record import Article, Block, Entity

NAME = "copydesk.places"


class Places:
    """Fills `doc._.places`."""

    version = "5"
    languages = ("en",)

    def __call__(self, doc: Doc) -> Doc:
        """Annotate one article."""
        learned = [(span.start_char, span.end_char) for span in doc.ents if span.label_ in PLACES]
        places, abstentions = annotate(doc._.article, doc._.entities or [], learned)
        doc._.places = places
        doc._.abstentions = [*(doc._.abstentions or []), *abstentions]
        return doc


@Language.factory(
    NAME.replace(".", "_"), requires=["doc._.article", "doc._.entities"], assigns=["doc._.places"]
)
def make_places(nlp: Language, name: str) -> Places:  # noqa: ARG001 - spaCy's signature
    """Return the component."""
    return Places()


def annotate(
    article: Article, entities: list[Entity], learned: Sequence[tuple[int, int]] = ()
) -> tuple[list[Place], list[Abstention]]:
    """Return the places of an article in the order of the text, and what was left undecided.

    `learned` are the offsets of places in `doc.ents`, if the pipeline has a model for entities.
    """
    blocks = [block for block in article.blocks if block.kind in READ]
    spans = marked(entities, learned)
    seen = Seen()
    found = [mention for block in blocks for mention in mentions(article.text, block, spans, seen)]
    found, rejected = _settle_doubtful(found, seen)
    found = with_unknown(article.text, blocks, spans, found, rejected)
    settle_lists(article.text, found)
    settle_city_first(article.text, found)
    settle_counties(found)
    state_containers(article.text, found)
    lead = _lead(blocks)
    decisions = approximate(article.text, found, decide(found, seen.demonyms, lead))
    decided = list(zip(found, decisions, strict=True))
    about = focus(decided, seen.demonyms, lead)
    places = [_place(article.text, mention, decision, about) for mention, decision in decided]
    return places, [
        Abstention(component=NAME, what=place.text, why=_why(place), start=place.start, end=place.end)
        for place in places
        if place.status != "resolved"
    ]


def _lead(blocks: list[Block]) -> set[int]:
    """Return the starts of the title and of the first paragraph."""
    lead = {block.start for block in blocks if block.kind == "title"}
    first = next((block for block in blocks if block.kind == "paragraph"), None)
    return lead | ({first.start} if first else set())


def _settle_doubtful(found: list[Mention], seen: Seen) -> tuple[list[Mention], list[Mention]]:
    """Return the places with the doubtful ones that are named elsewhere as well, and what is no place."""
    keys = {mention.key for mention in found}
    sure = [mention for mention in seen.doubtful if mention.key in keys]
    no_places = [mention for mention in seen.doubtful if mention.key not in keys]
    return sorted([*found, *sure], key=lambda mention: mention.start), [*seen.rejected, *no_places]


def _place(text: str, mention: Mention, decision: Decision, about: frozenset[str]) -> Place:
    resolved = decision.place if decision.status == "resolved" else None
    near = decision.place if decision.status == "approximate" else None
    at = resolved or near
    return Place(
        start=mention.start,
        end=mention.end,
        text=text[mention.start : mention.end],
        component=NAME,
        rule=decision.rule,
        confidence=decision.confidence,
        name=resolved.name if resolved else text[mention.start : mention.end],
        kind=_kind(resolved) if resolved else None,
        geonames_id=resolved.geonames_id if resolved else None,
        country=decision.country,
        lat=at.lat if at else None,
        lon=at.lon if at else None,
        within=near.name if near else None,
        focus=at is not None and decision.country in about,
        status=decision.status,
        candidates=decision.candidates,
    )


def _kind(place: Toponym) -> Literal["country", "city", "region", "continent", "other"]:
    return "region" if place.kind == "county" else place.kind


def _why(place: Place) -> str:
    if place.status == "ambiguous" and place.candidates == 1:
        return "a town of this name is known, but nothing else in the article speaks for it"
    if place.status == "ambiguous":
        return f"{place.candidates} places of this name, none clearly meant"
    return f"not in the gazetteer; said to lie in {place.within}" if place.within else "not in the gazetteer"
