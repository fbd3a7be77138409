"""`copydesk.encoder`: one pass of the news model over the article, for all components that build on it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from spacy.language import Language

from tasks.extract.encoder.doc_words import doc_words
from tasks.extract.encoder.encoded import encode
from tasks.extract.encoder.model import load
from worker.errors import SettingsError
from worker.record import Abstention, Coverage

if TYPE_CHECKING:
    from spacy.tokens import Doc

    from tasks.extract.encoder.encoded import Encoded
    from tasks.extract.encoder.model import NewsModel

NAME = "copydesk.encoder"
MAX_PIECES = 50_000


class EncoderComponent:
    """Writes `doc._.encoded`, and `doc._.coverage` where the article is longer than what is read of it."""

    version: ClassVar[str] = "2"
    languages: ClassVar[tuple[str, ...]] = ("en",)

    def __init__(self, model: NewsModel, max_pieces: int = MAX_PIECES) -> None:
        self._model = model
        self._max_pieces = max_pieces
        self.model_digest = model.digest

    def __call__(self, doc: Doc) -> Doc:
        """Encode the article."""
        words = doc_words(doc)
        encoded = encode(self._model, words, max_pieces=self._max_pieces)
        doc._.encoded = encoded
        for word in encoded.truncated:
            token = doc[words.tokens[word]]
            what, why = "the end of a word", "it has more word pieces than the news model reads at once"
            self._abstain(doc, what, why, token.idx, token.idx + len(token))
        if encoded.words < len(words.texts):
            start = doc[words.tokens[encoded.words]].idx
            why = f"the news model reads {self._max_pieces} word pieces of an article (encoder_max_pieces)"
            self._abstain(doc, "the end of the article", why, start, len(doc.text))
            doc._.coverage = Coverage(
                characters_read=start, characters_skipped=len(doc.text) - start, why_skipped=why
            )
        return doc

    @staticmethod
    def _abstain(doc: Doc, what: str, why: str, start: int, end: int) -> None:
        doc._.abstentions = [
            *(doc._.abstentions or []),
            Abstention(component=NAME, what=what, why=why, start=start, end=end),
        ]


def encoded_of(doc: Doc, component: str) -> Encoded:
    """Return what the encoder left on the doc. Raises SettingsError when it did not run before."""
    encoded: Encoded | None = doc._.encoded
    if encoded is None:
        raise SettingsError(
            f"extract_components: {component} needs {NAME} before it. "
            "Add it, or name another pipeline for entities or syntax."
        )
    return encoded


@Language.factory(
    NAME.replace(".", "_"),
    assigns=["doc._.encoded"],
    default_config={"folder": None, "max_pieces": MAX_PIECES},
)
def make_encoder(
    nlp: Language,  # noqa: ARG001 - spaCy's signature
    name: str,  # noqa: ARG001
    folder: str | None,
    max_pieces: int,
) -> EncoderComponent:
    """Return the component. Raises ModelError when the model cannot be loaded."""
    return EncoderComponent(load(Path(folder) if folder else None), max_pieces)
