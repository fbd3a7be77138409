"""What the article is about, cheap by design: it needs only `read`'s part and runs beside `extract`.

The order of the components is the setting `classify_components`; each is a module of this folder.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from tasks import pipeline
from tasks.classify import keywords, shingles, summary, tone, topics  # noqa: F401 - they register
from tasks.fingerprint import stage_fingerprint
from worker.record import Classification

if TYPE_CHECKING:
    from spacy.language import Language

    from worker.record import Article
    from worker.settings import Settings


@functools.lru_cache(maxsize=4)
def _load(components: tuple[str, ...], plugins: tuple[str, ...], taxonomies: tuple[str, ...]) -> Language:
    configs = {topics.NAME: {"taxonomies": list(taxonomies)}}
    return pipeline.build(components, plugins=plugins, configs=configs)


def load(settings: Settings) -> Language:
    """Return the pipeline of this stage, loaded once a process."""
    return _load(
        tuple(settings.classify_components),
        tuple(settings.plugins),
        tuple(str(path.expanduser()) for path in settings.taxonomies),
    )


def classify(article: Article, *, settings: Settings) -> Classification:
    """Return the part of `classify` for one article. Pure: the same article gives the same part."""
    doc, part = pipeline.run(load(settings), article)
    return Classification(
        topics=doc._.topics or [],
        sentence_tones=doc._.sentence_tones or [],
        keywords=doc._.keywords or [],
        summary=doc._.summary or [],
        shingles=doc._.shingles or [],
        **part,
    )


def fingerprint(settings: Settings) -> str:
    """Return the fingerprint of this stage's code, word lists, components and settings."""
    return stage_fingerprint(
        "classify",
        settings,
        settings_used=("classify_components", "plugins"),
        components=pipeline.versions(load(settings)),
        libraries=("numpy", "spacy"),
        config_used=("classify/*",),
        code_used=("lost_space.py",),
    )
