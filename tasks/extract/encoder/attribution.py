"""`copydesk.attribution`: sources, cues and contents of what is reported, by the news model."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from spacy.language import Language

from tasks.extract.encoder.component import encoded_of
from tasks.extract.encoder.links import links_of
from tasks.extract.encoder.model import load
from tasks.extract.encoder.span_groups import LINKED, beside, set_spans, spans_of
from tasks.extract.encoder.spans import Tags, find_spans

if TYPE_CHECKING:
    from spacy.tokens import Doc

    from tasks.extract.encoder.model import NewsModel

NAME = "copydesk.attribution"
CONTENTS = ("content", "inner")
"""Contents, and contents inside another content where the model has that head."""
SPAN_TAGS = ("O", "B", "I")


class AttributionComponent:
    """Sets `doc.spans["source"]`, `["cue"]`, `["content"]`, `["inner"]`; see `span_groups` for the links."""

    version: ClassVar[str] = "1"
    languages: ClassVar[tuple[str, ...]] = ("en",)

    def __init__(self, nlp: Language, model: NewsModel) -> None:
        self.model_digest = model.digest
        self._tags = {
            kind: Tags.of(model.labels.get(kind, SPAN_TAGS))
            for kind in (*LINKED, *CONTENTS)
            if kind in model.slices
        }
        for kind in self._tags:
            nlp.vocab.strings.add(kind)  # inside a memory zone it would be forgotten

    def __call__(self, doc: Doc) -> Doc:
        """Find the spans and link them. A content may go on over a blank line, sources and cues may not."""
        encoded = encoded_of(doc, NAME)
        found = {
            kind: find_spans(
                encoded.probabilities(kind), tags, fresh=encoded.fresh if kind in LINKED else None
            )
            for kind, tags in self._tags.items()
        }
        for kind, spans in found.items():
            links: dict[str, list[Any]] = {}
            if kind in CONTENTS:
                for other in LINKED:
                    links |= beside(links_of(encoded, other, spans, found[other]), other)
            probability = [one.probability for one in spans]
            set_spans(doc, kind, spans_of(doc, encoded, spans, kind), probability=probability, **links)
        return doc


@Language.factory(
    NAME.replace(".", "_"),
    requires=["doc._.encoded"],
    assigns=["doc.spans"],
    default_config={"folder": None},
)
def make_attribution(nlp: Language, name: str, folder: str | None) -> AttributionComponent:  # noqa: ARG001
    """Return the component. Raises ModelError when the model cannot be loaded."""
    return AttributionComponent(nlp, load(Path(folder) if folder else None))
