"""Who said what, about whom, where and when: spaCy components over the text that `read` decoded.

The order of the components is the setting `extract_components`. Where they are:

- `quote/marks.py`       `copydesk.quote_marks`, the first: what the quote marks of the text mean
- `sentences.py`         `copydesk.sentences`
- `timex/component.py`   `copydesk.timexes`
- `name/component.py`    `copydesk.names`: people, organisations and others, with roles and coreference
- `place/component.py`   `copydesk.places`, over the gazetteer
- `quote/component.py`   `copydesk.quotes`: who said what
- `event/component.py`   `copydesk.events`: what happened, over trees, names, places, dates and quotes
- `encoder/`             `copydesk.encoder`, `.entities`, `.syntax`, `.attribution`, `.target_tone`: the model

Each folder's `__init__` is a map of it. What several of them use lies here: `lexer` (words and paragraphs),
`grammar` (closed classes of words), `lexicon` (lists of names), `cue_verbs` (verbs of speech and thought).
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, NamedTuple

from tasks import pipeline
from tasks.extract import sentences  # noqa: F401 - each of these registers a component
from tasks.extract.encoder import (  # noqa: F401 - target_tone registers a component
    attribution,
    entities,
    syntax,
    target_tone,
)
from tasks.extract.encoder import component as encoder
from tasks.extract.event import component as events  # noqa: F401
from tasks.extract.name import component as names  # noqa: F401
from tasks.extract.place import component as places  # noqa: F401
from tasks.extract.quote import component as quotes  # noqa: F401
from tasks.extract.quote import marks
from tasks.extract.timex import component as timexes  # noqa: F401
from tasks.fingerprint import stage_fingerprint
from worker.errors import SettingsError
from worker.record import Extraction

if TYPE_CHECKING:
    from spacy.language import Language

    from worker.record import Article
    from worker.settings import Settings


_MAKERS = {"doc._.encoded": encoder.NAME, "doc._.quote_marks": marks.NAME}
"""What components cannot do without, and who makes it."""


class _Choices(NamedTuple):
    """The settings that the pipeline is built from."""

    components: tuple[str, ...]
    plugins: tuple[str, ...]
    news_model: str | None
    max_pieces: int
    entities_pipeline: str | None
    syntax_pipeline: str | None


@functools.lru_cache(maxsize=4)
def _load(choices: _Choices) -> Language:
    folder = {"folder": choices.news_model}
    configs: dict[str, dict[str, Any]] = {
        encoder.NAME: {**folder, "max_pieces": choices.max_pieces},
        entities.NAME: {**folder, "pipeline": choices.entities_pipeline},
        syntax.NAME: {**folder, "pipeline": choices.syntax_pipeline},
        attribution.NAME: folder,
    }
    language = pipeline.build(choices.components, plugins=choices.plugins, configs=configs)
    _refuse_gaps(language, choices)
    return language


def _refuse_gaps(language: Language, choices: _Choices) -> None:
    """Raise SettingsError when a component lacks one before it without which every article would fail."""
    elsewhere = {entities.NAME: choices.entities_pipeline, syntax.NAME: choices.syntax_pipeline}
    for name, missing in (language.analyze_pipes() or {"problems": {}})["problems"].items():
        for attribute, maker in _MAKERS.items():
            if attribute in missing and not elsewhere.get(name):
                raise SettingsError(
                    f"extract_components: {name} needs {maker} before it. Add it, or leave out both."
                )


def load(settings: Settings) -> Language:
    """Return the pipeline of this stage, loaded once a process."""
    return _load(
        _Choices(
            tuple(settings.extract_components),
            tuple(settings.plugins),
            str(settings.news_model.expanduser()) if settings.news_model else None,
            settings.encoder_max_pieces,
            settings.entities_pipeline,
            settings.syntax_pipeline,
        )
    )


def extract(article: Article, *, collection: str, settings: Settings) -> Extraction:
    """Return the part of `extract` for one article. Pure: the same article gives the same part."""
    doc, part = pipeline.run(load(settings), article, collection=settings.collection(collection))
    return Extraction(
        entities=doc._.entities or [],
        quotes=doc._.quotes or [],
        timexes=doc._.timexes or [],
        places=doc._.places or [],
        events=doc._.events or [],
        mention_tones=doc._.mention_tones or [],
        **part,
    )


def fingerprint(settings: Settings) -> str:
    """Return the fingerprint of this stage's code, word lists, components and settings."""
    return stage_fingerprint(
        "extract",
        settings,
        settings_used=("extract_components", "plugins", "collections", "encoder_max_pieces"),
        components=pipeline.versions(load(settings)),
        libraries=("numpy", "onnxruntime", "spacy"),
        config_used=("extract/*", "gazetteer/*"),
        code_used=("lost_space.py",),
    )
