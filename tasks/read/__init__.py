"""Bytes to an article: its text, blocks over it, and what the file says about itself.

The format is told from the bytes; the part depends on bytes, collection and fingerprint alone. Readers are
found by entry point (`copydesk.readers`): each turns bytes into a `Draft`, common code makes the `Article`.
"""

from __future__ import annotations

import functools
import hashlib
from importlib.metadata import version
from typing import TYPE_CHECKING

from tasks.fingerprint import stage_fingerprint
from tasks.read import json_fields, language, learned
from tasks.read.draft import Context, DateClaim, Draft, Hint, Reader
from tasks.read.finish import finish
from tasks.read.registry import reader_for, readers
from worker.errors import RejectArticle

if TYPE_CHECKING:
    from worker.record import Article
    from worker.settings import Settings

__all__ = ["Context", "DateClaim", "Draft", "Hint", "Reader", "fingerprint", "read"]

_LIBRARIES = ("lxml", "py3langid", "trafilatura")


def read(data: bytes, *, collection: str, settings: Settings) -> Article:
    """Return the part of `read` for one article. Pure: the same bytes and collection give the same part.

    Raises RejectArticle with one of the codes `empty`, `too_large`, `not_text`, `undecodable`,
    `unknown_format`, `broken_json`, `broken_html`, `too_deep`, `no_text`.
    """
    if not data.strip():
        raise RejectArticle("empty", f"The file has {len(data)} bytes, and nothing in them.")
    if len(data) > settings.max_article_bytes:
        raise RejectArticle(
            "too_large", f"The file has {len(data)} bytes; max_article_bytes is {settings.max_article_bytes}."
        )
    chosen = settings.collection(collection)
    context = Context(
        collection=collection,
        json_fields=json_fields.merged(chosen.json_fields),
        day_first=chosen.day_first,
        max_characters=settings.max_article_characters,
        learned=learned.load(settings.learned_lines) if settings.learned_lines else None,
    )
    reader = reader_for(data)
    return finish(reader.read(data, context), reader=reader, context=context, languages=settings.languages)


def preload(settings: Settings, *, everything: bool = True) -> None:
    """Load readers and the language model, so that worker processes share them.

    Without `everything`, what only some articles need waits for the first of them: a reader's `preload`.
    """
    for reader in readers():
        if everything and hasattr(reader, "preload"):
            reader.preload()
    if settings.learned_lines:
        learned.load(settings.learned_lines)
    language.identify("Load the model now, before the process forks.", settings.languages)


def fingerprint(settings: Settings) -> str:
    """Return the fingerprint of this stage's code, word lists, libraries, readers and settings."""
    stage = stage_fingerprint(
        "read",
        settings,
        settings_used=("collections", "languages", "max_article_bytes", "max_article_characters"),
        config_used=("json_fields.toml", "read/*"),
    )
    known = learned.load(settings.learned_lines).digest if settings.learned_lines else ""
    return hashlib.sha256(f"{stage} {_made_with()} {known}".encode()).hexdigest()[:16]


@functools.cache
def _made_with() -> str:
    libraries = [f"{name} {version(name)}" for name in _LIBRARIES]
    return ", ".join(
        libraries + [f"{type(r).__module__}:{type(r).__qualname__} {r.version}" for r in readers()]
    )
