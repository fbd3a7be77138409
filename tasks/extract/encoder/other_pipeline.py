"""Another spaCy pipeline in the place of the news model: the settings `entities_pipeline`, `syntax_pipeline`.

It reads our tokens and our sentences, so that what it finds lies on them. A pipeline that is named for both
runs once an article.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, NamedTuple

import spacy
from spacy.attrs import DEP, HEAD, LEMMA, MORPH, POS, SENT_START, TAG
from spacy.tokens import Doc, Span

from tasks.extract.encoder.span_groups import set_spans
from worker.config_dir import load_toml
from worker.errors import SettingsError

if TYPE_CHECKING:
    from spacy.language import Language

_KEY = "copydesk.other_pipeline"


class Reading(NamedTuple):
    """What a pipeline says, without its strings' numbers: those of one vocabulary mean nothing in another."""

    entities: list[tuple[int, int, str]]
    tokens: dict[str, list[Any]]


@functools.cache
def load_pipeline(name: str) -> Language:
    """Return an installed spaCy pipeline, by the name of its package or its folder. Nothing is downloaded.

    Raises SettingsError when there is none.
    """
    try:
        return spacy.load(name)
    except (OSError, ValueError) as error:
        raise SettingsError(
            f"entities_pipeline or syntax_pipeline={name!r} cannot be loaded: {error} "
            "Install the package, or name the folder of a pipeline."
        ) from error


def version_of(name: str) -> str:
    """Return name and version of a pipeline as its own description has them."""
    meta = load_pipeline(name).meta
    return f"{meta['lang']}_{meta['name']}-{meta['version']}"


def read(doc: Doc, name: str) -> Reading:
    """Return what the pipeline says about the tokens of `doc`; it runs once a doc."""
    key = f"{_KEY}.{name}"
    made: Reading | None = doc.user_data.get(key)
    if made is None:
        made = doc.user_data[key] = _read(doc, load_pipeline(name))
    return made


def _read(doc: Doc, pipeline: Language) -> Reading:
    with pipeline.memory_zone():
        other = Doc(
            pipeline.vocab,
            words=[token.text for token in doc],
            spaces=[bool(token.whitespace_) for token in doc],
        )
        if doc.has_annotation("SENT_START"):
            starts: Any = doc.to_array([SENT_START])
            other = other.from_array([SENT_START], starts)
        for _, component in pipeline.pipeline:
            other = component(other)
        return Reading(
            [(span.start, span.end, span.label_) for span in other.ents],
            {
                "tags": [token.tag_ for token in other],
                "pos": [token.pos_ for token in other],
                "morphs": [str(token.morph) for token in other],
                "lemmas": [token.lemma_ for token in other],
                "deps": [token.dep_ for token in other],
                "heads": [token.head.i for token in other],
                "sent_starts": [token.is_sent_start for token in other],
            },
        )


class OtherEntities:
    """Sets `doc.ents` and `doc.spans["entities"]`; `config/extract/entity_labels.toml` maps the labels.

    The probabilities are None: spaCy's pipelines give none.
    """

    def __init__(self, pipeline: str) -> None:
        self._pipeline = pipeline
        self.version = "1"
        self.model_digest = version_of(pipeline)
        self._labels: dict[str, str] = load_toml("extract/entity_labels.toml")["labels"]

    def __call__(self, doc: Doc) -> Doc:
        """Copy the entities whose labels have a place in the record."""
        entities = [
            Span(doc, first, last, label=self._labels.get(label, "MISC"))
            for first, last, label in read(doc, self._pipeline).entities
            if self._labels.get(label, "MISC")
        ]
        doc.ents = entities
        set_spans(doc, "entities", entities, probability=[None] * len(entities))
        return doc


class OtherSyntax:
    """Copies tags, lemmas and trees from another pipeline, with its own labels."""

    def __init__(self, pipeline: str) -> None:
        self._pipeline = pipeline
        self.version = "1"
        self.model_digest = version_of(pipeline)

    def __call__(self, doc: Doc) -> Doc:
        """Annotate the doc with what the pipeline has; sentence starts stay where they are set."""
        tokens: dict[str, Any] = dict(read(doc, self._pipeline).tokens)
        attributes = [TAG, POS, MORPH, LEMMA]
        if any(tokens["deps"]):
            attributes += [DEP, HEAD]  # heads tell sentence starts, and these were kept to
        else:
            del tokens["deps"], tokens["heads"]
            if not doc.has_annotation("SENT_START") and None not in tokens["sent_starts"]:
                attributes.append(SENT_START)
        copy = Doc(
            doc.vocab,
            words=[token.text for token in doc],
            spaces=[bool(token.whitespace_) for token in doc],
            **tokens,
        )
        array: Any = copy.to_array(attributes)
        return doc.from_array(attributes, array)
