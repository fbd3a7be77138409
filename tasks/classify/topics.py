"""IPTC Media Topics of an article, several at once, with the terms that argued for each."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from spacy.language import Language

from tasks.classify.body import body_of
from tasks.classify.topic_model import Shares, TopicModel, shares_of, topic_model
from worker.record import Abstention, Topic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spacy.tokens import Doc

NAME = "copydesk.topics"
MIN_PROBABILITY = 0.4
DRAWS = 5
MOST = 8
MOST_EVIDENCE = 8


class Topics:
    """Writes `doc._.topics`, most probable first; a narrower topic only along with its broader one."""

    version: ClassVar[str] = "1.0"
    languages: ClassVar[tuple[str, ...]] = ("en",)

    def __init__(self, model: TopicModel) -> None:
        self._model = model

    def __call__(self, doc: Doc) -> Doc:
        """Set the topics, or abstain when none is probable enough."""
        shares = shares_of(body_of(doc), self._model)
        found = sorted(self._probable(shares), key=lambda t: (-t.probability, t.code))[:MOST]
        doc._.topics = found
        if not found:
            why = f"no topic reaches a probability of {MIN_PROBABILITY}"
            doc._.abstentions.append(Abstention(component=NAME, what="topics", why=why))
        return doc

    def _probable(self, shares: Shares) -> Iterator[Topic]:
        for number, topic in enumerate(self._model.topics):
            probability = probability_of(shares, number)
            if probability >= MIN_PROBABILITY:
                weights = shares.evidence[number]
                words = sorted(weights, key=lambda word: -weights[word])[:MOST_EVIDENCE]
                yield Topic(
                    code=topic.code,
                    label=topic.label,
                    probability=round(probability, 4),
                    evidence=words,
                    component=NAME,
                    rule="terms",
                )


def probability_of(shares: Shares, topic: int) -> float:
    """Return how probable it is that one of five sentences drawn from the article is about the topic.

    A shorter article is drawn from as often as it has sentences.
    """
    share = shares.share.get(topic, 0.0) / shares.weight if shares.weight else 0.0
    return 1.0 - (1.0 - min(share, 1.0)) ** min(DRAWS, max(1, shares.sentences))


@Language.factory(NAME.replace(".", "_"), requires=["doc._.article"], assigns=["doc._.topics"])
def create(nlp: Language, name: str) -> Topics:  # noqa: ARG001 - the signature is spaCy's
    """Make the component."""
    return Topics(topic_model())
