"""Key phrases of an article, in its own spelling: frequent, early, named phrases first.

A candidate is a name (words with capitals, `of` and `the` allowed between them) or a run of at most three
words between stop words and punctuation that comes twice. Its score is how often it stands in the body,
weighted by how early it comes, whether it is a name, how many words it has and whether the title says it too;
a surname counts for the longer name it is part of. The idea of candidates between stop words is RAKE's (Rose
et al. 2010); no other text is needed.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from spacy.language import Language

from tasks.classify.body import Body, body_of
from tasks.classify.runs import runs_of
from worker.record import Abstention, Keyword

if TYPE_CHECKING:
    from spacy.tokens import Doc

    from tasks.classify.runs import Run

NAME = "copydesk.keywords"
MOST = 10
NAME_WEIGHT = 1.6
TITLE_WEIGHT = 2.0


@dataclass(slots=True)
class _Candidate:
    words: tuple[str, ...]
    name: bool
    weight: float = 0.0
    count: int = 0
    first: int = 0
    runs: list[Run] = field(default_factory=list)
    """Where it stands."""


def keyphrases(body: Body, *, most: int = MOST) -> list[Keyword]:
    """Return at most `most` phrases, best first; scores are relative to the best one (1.0)."""
    found = _merge(_candidates(body))
    for candidate in found:
        candidate.weight *= 1.0 + 0.25 * (len(candidate.words) - 1)
    found = [c for c in found if c.name or c.count > 1]
    found.sort(key=lambda c: (-c.weight, c.first, c.words))
    chosen: list[_Candidate] = []
    taken: list[set[str]] = []
    for candidate in found:
        if len(chosen) == most:
            break
        words = set(candidate.words)
        if not any(words <= other or other <= words for other in taken):
            chosen.append(candidate)
            taken.append(words)
    best = chosen[0].weight if chosen else 1.0
    return [Keyword(text=_spelling(body, c), score=round(c.weight / best, 4)) for c in chosen]


def _candidates(body: Body) -> dict[tuple[str, ...], _Candidate]:
    """Return the candidates of headings and paragraphs; the title only lends weight to them."""
    found: dict[tuple[str, ...], _Candidate] = {}
    length = max(1, len(body.tokens))
    title = {word for s in body.of_kind("title") for word in body.lowers[s.first : s.last]}
    for run in runs_of(body):  # of the others none can be a candidate
        words = tuple(body.lowers[run.first : run.last])
        candidate = found.get(words)
        if candidate is None:
            candidate = found[words] = _Candidate(words, run.name, first=run.first)
        candidate.name = candidate.name or run.name
        candidate.count += 1
        early = 1.5 - run.first / length  # 1.5 at the start, 0.5 at the end
        titled = TITLE_WEIGHT if title and title.issuperset(words) else 1.0
        candidate.weight += titled * early * (NAME_WEIGHT if run.name else 1.0)
        candidate.runs.append(run)
    return found


def _merge(found: dict[tuple[str, ...], _Candidate]) -> list[_Candidate]:
    """Let a single word that ends or begins one longer name count for that name, else keep it."""
    longer: dict[str, list[_Candidate]] = {}
    for candidate in found.values():
        if len(candidate.words) > 1:
            for word in {candidate.words[0], candidate.words[-1]}:
                longer.setdefault(word, []).append(candidate)
    kept = []
    for candidate in found.values():
        hosts = longer.get(candidate.words[0], []) if len(candidate.words) == 1 else []
        names = [host for host in hosts if host.name and host.words[-1] == candidate.words[0]]
        if candidate.name and names:
            host = max(names, key=lambda c: (c.weight, -c.first))
            host.weight += candidate.weight
            host.count += candidate.count
            host.first = min(host.first, candidate.first)
        else:
            kept.append(candidate)
    return kept


def _spelling(body: Body, candidate: _Candidate) -> str:
    """Return how the phrase is written most often, of equals the first."""
    spellings = [body.written(run.first, run.last) for run in candidate.runs]
    if len(set(spellings)) == 1:
        return spellings[0]
    return Counter(spellings).most_common(1)[0][0]


class Keywords:
    """Writes `doc._.keywords`. Works for languages with spaces; stop words are English so far."""

    version: ClassVar[str] = "1.1"
    reads_tokens: ClassVar[bool] = False

    def __call__(self, doc: Doc) -> Doc:
        """Set the key phrases, or abstain where the body has none."""
        doc._.keywords = keyphrases(body_of(doc))
        if not doc._.keywords:
            why = "no name and no phrase that comes twice"
            doc._.abstentions.append(Abstention(component=NAME, what="keywords", why=why))
        return doc


@Language.factory(NAME.replace(".", "_"), requires=["doc._.article"], assigns=["doc._.keywords"])
def create(nlp: Language, name: str) -> Keywords:  # noqa: ARG001 - the signature is spaCy's
    """Make the component."""
    return Keywords()
