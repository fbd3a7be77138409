"""`copydesk.entities`: names and other entities by the news model, each with its probability."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from spacy.language import Language

from tasks.extract.encoder.component import encoded_of
from tasks.extract.encoder.model import load
from tasks.extract.encoder.other_pipeline import OtherEntities
from tasks.extract.encoder.span_groups import set_spans, spans_of
from tasks.extract.encoder.spans import Tags, find_spans

if TYPE_CHECKING:
    from spacy.tokens import Doc

    from tasks.extract.encoder.model import NewsModel

NAME = "copydesk.entities"
GROUP = "entities"


class EntitiesComponent:
    """Sets `doc.ents`, and the same spans as `doc.spans["entities"]` with their probabilities beside them.

    `attrs["probability"]` of the group are the spans' probabilities, `attrs["tone"]` the probabilities of a
    negative, neutral and positive tone towards each, where the model has that head.
    """

    version: ClassVar[str] = "1"
    languages: ClassVar[tuple[str, ...]] = ("en",)

    def __init__(self, nlp: Language, model: NewsModel) -> None:
        self.model_digest = model.digest
        self._tags = Tags.of(model.labels["entities"])
        for name in self._tags.names:
            nlp.vocab.strings.add(name[2:])  # inside a memory zone it would be forgotten

    def __call__(self, doc: Doc) -> Doc:
        """Find the entities; none goes on over a blank line."""
        encoded = encoded_of(doc, NAME)
        found = find_spans(encoded.probabilities("entities"), self._tags, fresh=encoded.fresh)
        spans = spans_of(doc, encoded, found)
        doc.ents = spans
        tones = [encoded.tone(one.first, one.last) for one in found] if "tone" in encoded.scored else []
        beside = {"tone": tones} if tones else {}
        set_spans(doc, GROUP, spans, probability=[one.probability for one in found], **beside)
        return doc


@Language.factory(
    NAME.replace(".", "_"),
    requires=["doc._.encoded"],
    assigns=["doc.ents", "doc.spans"],
    default_config={"folder": None, "pipeline": None},
)
def make_entities(
    nlp: Language,
    name: str,  # noqa: ARG001 - spaCy's signature
    folder: str | None,
    pipeline: str | None,
) -> EntitiesComponent | OtherEntities:
    """Return the component, or one that asks another spaCy pipeline."""
    if pipeline:
        return OtherEntities(pipeline)
    return EntitiesComponent(nlp, load(Path(folder) if folder else None))
