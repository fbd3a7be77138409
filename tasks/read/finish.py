"""A reader's draft to an `Article`: blocks, notes, dates, language, signs of translation, provenance."""

from __future__ import annotations

from itertools import starmap
from typing import TYPE_CHECKING

from tasks.read import blocks, language, notes, stamps, translation
from tasks.read.learned import COMPONENT, VERSION, source_of
from worker.errors import RejectArticle
from worker.record import Abstention, Article, Component, Coverage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tasks.read.draft import Context, Draft, Reader
    from tasks.read.learned import Learned
    from worker.record import Block

BODY_KINDS = frozenset({"heading", "paragraph"})


def finish(draft: Draft, *, reader: Reader, context: Context, languages: Sequence[str]) -> Article:
    """Return the article of a draft. Raises RejectArticle: `no_text`, `too_large`."""
    text = draft.text
    if not text.strip():
        raise RejectArticle("no_text", "The file has no text in it besides markup and white space.")
    if len(text) > context.max_characters:
        raise RejectArticle(
            "too_large",
            f"The text has {len(text)} characters; max_article_characters is {context.max_characters}.",
        )
    found_blocks, openers = blocks.find_blocks(draft, day_first=context.day_first)
    if context.learned:
        source = source_of(context.collection, draft.canonical_url)
        found_blocks = context.learned.mark(text, found_blocks, source)
    body = [(block.start, block.end) for block in found_blocks if block.kind in BODY_KINDS]
    told = language.identify(_sample(text, body) or text, languages)
    dates = stamps.choose([*draft.dates, *openers.dates])
    warnings = [*draft.warnings, *dates.warnings]
    if draft.language_hint and told.code and draft.language_hint != told.code:
        warnings.append(
            f"the file says its language is {draft.language_hint!r}, the text looks {told.code!r}"
        )
    abstentions = [*draft.abstentions, *openers.abstentions]
    if told.why_not:
        abstentions.append(Abstention(component=language.COMPONENT, what="language", why=told.why_not))
    if dates.published is None and not any(a.what == "published" for a in abstentions):
        why = "no date line, no dateline with a year and no date field"
        abstentions.append(Abstention(component=stamps.COMPONENT, what="published", why=why))
    return Article(
        media_type=reader.media_type,
        encoding=draft.encoding,
        canonical_url=draft.canonical_url,
        title=draft.title or _title(text, found_blocks),
        byline=draft.byline or openers.byline,
        agency=draft.agency or openers.agency,
        text=text,
        language=told.code,
        language_confidence=told.confidence,
        blocks=found_blocks,
        notes=notes.find_notes(text),
        published=dates.published,
        modified=dates.modified,
        translation=translation.assess(text, body, told.code),
        warnings=warnings,
        coverage=Coverage(characters_read=len(text)),
        abstentions=abstentions,
        components=_components(reader, draft, context.learned),
    )


def _title(text: str, found: Sequence[Block]) -> str | None:
    for block in found:
        if block.kind == "title":
            return " ".join(text[block.start : block.end].split())
    return None


def _sample(text: str, body: Sequence[tuple[int, int]]) -> str:
    """Return the beginning of the body, as much as language identification reads."""
    pieces: list[str] = []
    length = 0
    for start, end in body:
        pieces.append(text[start : min(end, start + language.SAMPLE_CHARACTERS - length)])
        length += len(pieces[-1])
        if length >= language.SAMPLE_CHARACTERS:
            break
    return "".join(pieces)


def _components(reader: Reader, draft: Draft, learned: Learned | None) -> list[Component]:
    own = (
        (blocks.COMPONENT, blocks.VERSION, None),
        (notes.COMPONENT, notes.VERSION, None),
        (stamps.COMPONENT, stamps.VERSION, None),
        (language.COMPONENT, language.VERSION, language.model_name()),
        (translation.COMPONENT, translation.VERSION, None),
        *([(COMPONENT, VERSION, f"snapshot {learned.snapshot.number} {learned.digest}")] if learned else []),
    )
    return [
        Component(name=f"copydesk.read.{reader.name}", version=reader.version),
        *draft.components,
        *starmap(lambda name, version, model: Component(name=name, version=version, model=model), own),
    ]
