"""IPTC Media Topics of an article, and topics of a user's own, with the terms that argued for each."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from spacy.language import Language

from tasks.classify.body import body_of
from tasks.classify.own_topics import OwnTopics
from tasks.classify.topic_evidence import evidence_for
from tasks.classify.topic_model import Reading, TopicModel, read, topic_model
from worker.record import Abstention, Topic

if TYPE_CHECKING:
    from spacy.tokens import Doc

    from tasks.classify.body import Body

NAME = "copydesk.topics"
MIN_PROBABILITY = 0.4
DRAWS = 5
MOST = 8


class Topics:
    """Writes `doc._.topics`, most probable first; a narrower topic only along with its broader one."""

    version: ClassVar[str] = "2.4"
    reads_tokens: ClassVar[bool] = False
    languages: ClassVar[tuple[str, ...]] = ("en",)

    def __init__(self, model: TopicModel, own: OwnTopics) -> None:
        self._model = model
        self._own = own
        self.model_digest = f"{model.vectors.digest}+{own.digest}" if len(own) else model.vectors.digest

    def __call__(self, doc: Doc) -> Doc:
        """Set the topics, or abstain when none is probable enough."""
        body = body_of(doc)
        reading = read(body, self._model)
        doc._.topics = self._topics(body, reading) if reading else []
        if not doc._.topics:
            why = f"no topic reaches a probability of {MIN_PROBABILITY}"
            doc._.abstentions.append(Abstention(component=NAME, what="topics", why=why))
        return doc

    def _topics(self, body: Body, reading: Reading) -> list[Topic]:
        draws = draws_of(reading)
        numbers = (reading.shares >= least_share(draws)).nonzero()[0]
        shares = zip(reading.shares.take(numbers).tolist(), numbers.tolist(), strict=True)
        probable = [(probability(share, draws), number) for share, number in shares]
        probable.sort(key=lambda each: (-each[0], len(self._model.topics[each[1]].path), each[1]))
        probable = probable[:MOST]
        evidence = evidence_for(body, reading, self._model, [number for _, number in probable])
        topics = [
            Topic(
                code=self._model.topics[number].code,
                label=self._model.topics[number].label,
                probability=round(chance, 4),
                evidence=words,
                component=NAME,
                rule="vectors",
            )
            for (chance, number), words in zip(probable, evidence, strict=True)
        ]
        return topics + self._own.topics(body, reading, least=MIN_PROBABILITY, draws=DRAWS, component=NAME)


def draws_of(reading: Reading) -> int:
    """Return how many passages are drawn: five, or as many as there are."""
    return min(DRAWS, len(reading.passages))


def least_share(draws: int) -> float:
    """Return the share of an article that gives a topic the least probability there is."""
    return float(1 - (1 - MIN_PROBABILITY) ** (1 / draws))


def probability(share: float, draws: int) -> float:
    """Return how probable it is that one of the passages drawn from an article is about a topic."""
    return float(1 - (1 - min(share, 1.0)) ** draws)


@Language.factory(
    NAME.replace(".", "_"),
    requires=["doc._.article"],
    assigns=["doc._.topics"],
    default_config={"taxonomies": []},
)
def create(nlp: Language, name: str, taxonomies: list[str]) -> Topics:  # noqa: ARG001 - the signature is spaCy's
    """Make the component. Raises SettingsError for a file of `taxonomies` that cannot be used."""
    model = topic_model()
    return Topics(model, OwnTopics([Path(path) for path in taxonomies], model.vectors))
