"""`copydesk.target_tone`: whether each mention of an entity is spoken of badly, neutrally or well.

By the head of the news model that was trained on NewsMTSC (Hamborg and Donnay 2021). `publish` joins the
mentions of an entity.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING, ClassVar

from spacy.language import Language

from worker.record import Abstention, MentionTone

if TYPE_CHECKING:
    from spacy.tokens import Doc

    from tasks.extract.encoder.encoded import Encoded
    from worker.record import Mention

NAME = "copydesk.target_tone"
_DIGITS = 4


class TargetTone:
    """Writes `doc._.mention_tones`; abstains where no news model with this head has read the article."""

    version: ClassVar[str] = "1"
    languages: ClassVar[tuple[str, ...]] = ("en",)

    def __call__(self, doc: Doc) -> Doc:
        """Set the tones of the mentions whose words the model has read, in the order of the text."""
        encoded: Encoded | None = doc._.encoded
        if encoded is None or "tone" not in encoded.scored:
            why = "no news model with a head for tone has read the article"
            doc._.abstentions.append(Abstention(component=NAME, what="tone towards entities", why=why))
            return doc
        mentions = {(m.start, m.end): m for entity in doc._.entities or [] for m in entity.mentions}
        starts = [doc[token].idx for token in encoded.tokens.tolist()[: encoded.words]]
        ends = [at + len(doc[token]) for at, token in zip(starts, encoded.tokens.tolist(), strict=False)]
        tones = [_tone(encoded, starts, ends, mentions[place]) for place in sorted(mentions)]
        doc._.mention_tones = [tone for tone in tones if tone]
        return doc


def _tone(encoded: Encoded, starts: list[int], ends: list[int], mention: Mention) -> MentionTone | None:
    first, last = bisect_left(ends, mention.start + 1), bisect_left(starts, mention.end)
    if first >= last:
        return None
    negative, _, positive = (round(share, _DIGITS) for share in encoded.tone(first, last))
    return MentionTone(
        start=mention.start,
        end=mention.end,
        negative=negative,
        neutral=round(max(0.0, 1 - negative - positive), _DIGITS),
        positive=positive,
    )


@Language.factory(NAME.replace(".", "_"), requires=["doc._.entities"], assigns=["doc._.mention_tones"])
def create(nlp: Language, name: str) -> TargetTone:  # noqa: ARG001 - the signature is spaCy's
    """Make the component."""
    return TargetTone()
