"""Articles built by hand, as `read` would hand them over."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tasks import classify
from worker.record import Article, Block, Classification, Coverage, Note, Translation
from worker.settings import Settings

if TYPE_CHECKING:
    from worker.record import BlockKind

SETTINGS = Settings()


def article(
    *pieces: str | tuple[BlockKind, str], language: str | None = "en", notes: tuple[str, ...] = ()
) -> Article:
    """Return an article of these blocks, a blank line between them; a bare string is a paragraph."""
    text, blocks = "", []
    for number, piece in enumerate(pieces):
        kind, words = ("paragraph", piece) if isinstance(piece, str) else piece
        words += "\n\n" if number < len(pieces) - 1 else ""
        if words:
            blocks.append(Block(start=len(text), end=len(text) + len(words), kind=kind, rule="test"))
        text += words
    return Article(
        media_type="text/plain",
        text=text,
        language=language,
        blocks=blocks,
        notes=[_note(text, note) for note in notes],
        translation=Translation(score=0.0, verdict="unlikely", signs=[]),
        coverage=Coverage(characters_read=len(text)),
    )


def _note(text: str, note: str) -> Note:
    at = text.index(note)
    return Note(
        start=at,
        end=at + len(note),
        text=note,
        kind="editor",
        component="test",
        rule="test",
        confidence=1.0,
    )


def classified(*pieces: str | tuple[BlockKind, str], language: str | None = "en") -> Classification:
    """Return the part of `classify` for an article of these blocks."""
    return classify.classify(article(*pieces, language=language), settings=SETTINGS)


def folded(text: str) -> str:
    """Return the text with its white space folded."""
    return re.sub(r"\s+", " ", text).strip()
