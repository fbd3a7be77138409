"""The join of the three parts: cheap, pure, and checked before anybody sees it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tasks.publish.check import check
from tasks.publish.headline import headline_of
from tasks.publish.towards import tone_towards
from tasks.publish.voices import tone_by_voice
from worker.record import About, Component, Provenance, Record

if TYPE_CHECKING:
    from worker.record import Article, Classification, Extraction

NAME = "copydesk.publish"
VERSION = "1.0"


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the article is: see `worker.identity`."""

    id: str
    digest: str
    collection: str


def join(
    article: Article,
    extraction: Extraction,
    classification: Classification,
    *,
    identity: Identity,
    fingerprints: dict[str, str],
) -> Record:
    """Return the record of one article. Raises InvalidRecord when a part breaks the record's contract."""
    parts = {"read": article, "extract": extraction, "classify": classification}
    components = [component for part in parts.values() for component in part.components]
    components.append(Component(name=NAME, version=VERSION))
    record = Record(
        id=identity.id,
        digest=identity.digest,
        collection=identity.collection,
        media_type=article.media_type,
        canonical_url=article.canonical_url,
        title=article.title,
        headline=headline_of(article),
        byline=article.byline,
        agency=article.agency,
        text=article.text,
        language=article.language,
        language_confidence=article.language_confidence,
        blocks=article.blocks,
        notes=article.notes,
        published=article.published,
        modified=article.modified,
        entities=extraction.entities,
        quotes=extraction.quotes,
        timexes=extraction.timexes,
        places=extraction.places,
        events=extraction.events,
        about=About(
            topics=classification.topics,
            tone=tone_by_voice(article, extraction, classification).model_copy(
                update={"towards": tone_towards(extraction)}
            ),
            keywords=classification.keywords,
            summary=classification.summary,
        ),
        translation=article.translation,
        coverage={stage: part.coverage for stage, part in parts.items()},
        abstentions=[abstention for part in parts.values() for abstention in part.abstentions],
        warnings=article.warnings,
        provenance=Provenance(
            fingerprints={stage: fingerprints[stage] for stage in sorted(fingerprints)},
            components=_once(components),
        ),
    )
    check(record)
    return record


def _once(components: list[Component]) -> list[Component]:
    seen: dict[tuple[str, str, str | None], Component] = {}
    for component in components:
        seen.setdefault((component.name, component.version, component.model), component)
    return list(seen.values())
