"""Key phrases of an article, in its own spelling: frequent, early, named phrases first.

A candidate is a name (words with capitals, `of` and `the` allowed between them) or a run of at most three
words between stop words and punctuation that comes twice. Its score is how often it stands in the body,
weighted by how early it comes, whether it is a name, how many words it has and whether the title says it too;
a surname counts for the longer name it is part of. The idea of candidates between stop words is RAKE's (Rose
et al. 2010); no other text is needed.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from spacy.language import Language

from tasks.classify.body import Body, Sentence, body_of
from worker.config_dir import load_lines
from worker.record import Abstention, Keyword

if TYPE_CHECKING:
    from spacy.tokens import Doc

NAME = "copydesk.keywords"
MOST = 10
MAX_WORDS = 8
MAX_RUN = 3
MIN_LETTERS = 3
NAME_WEIGHT = 1.6
TITLE_WEIGHT = 2.0
_LINKS = frozenset(
    {"of", "the", "for", "de", "da", "do", "del", "la", "al", "el", "von", "van", "der", "bin"}
)
_NO_NAMES = frozenset(
    {
        *("i", "mr", "mrs", "ms", "dr", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"),
        *("sunday", "january", "february", "march", "april", "may", "june", "july", "august", "september"),
        *("october", "november", "december"),
    }
)


@functools.cache
def stop_words() -> frozenset[str]:
    """Return the words that are no keywords, in lower case."""
    return frozenset(word for line in load_lines("classify/stop_words.txt") for word in line.split())


@dataclass(slots=True)
class _Candidate:
    words: tuple[str, ...]
    name: bool
    weight: float = 0.0
    count: int = 0
    first: int = 0
    spellings: dict[str, int] = field(default_factory=dict)


def keyphrases(body: Body, *, most: int = MOST) -> list[Keyword]:
    """Return at most `most` phrases, best first; scores are relative to the best one (1.0)."""
    found = _merge(_candidates(body))
    for candidate in found:
        candidate.weight *= 1.0 + 0.25 * (len(candidate.words) - 1)
    found = [c for c in found if c.name or c.count > 1]
    found.sort(key=lambda c: (-c.weight, c.first, c.words))
    chosen: list[_Candidate] = []
    for candidate in found:
        if len(chosen) == most:
            break
        if not any(_overlap(candidate.words, other.words) for other in chosen):
            chosen.append(candidate)
    best = chosen[0].weight if chosen else 1.0
    return [Keyword(text=_spelling(c), score=round(c.weight / best, 4)) for c in chosen]


def _candidates(body: Body) -> dict[tuple[str, ...], _Candidate]:
    """Return the candidates of headings and paragraphs; the title only lends weight to them."""
    found: dict[tuple[str, ...], _Candidate] = {}
    length = max(1, len(body.tokens))
    title = {word for s in body.of_kind("title") for word in body.lowers[s.first : s.last]}
    for sentence in body.of_kind("heading", "paragraph"):
        for first, last, name in _runs(body, sentence):
            words = tuple(body.lowers[first:last])
            candidate = found.get(words)
            if candidate is None:
                candidate = found[words] = _Candidate(words, name, first=first)
            candidate.name = candidate.name or name
            candidate.count += 1
            early = 1.5 - first / length  # 1.5 at the start, 0.5 at the end
            titled = TITLE_WEIGHT if title and title.issuperset(words) else 1.0
            candidate.weight += titled * early * (NAME_WEIGHT if name else 1.0)
            if last - first == 1:
                spelling = body.tokens[first]
            else:
                spelling = " ".join(body.text[body.starts[first] : body.ends[last - 1]].split())
            candidate.spellings[spelling] = candidate.spellings.get(spelling, 0) + 1
    return found


def _runs(body: Body, sentence: Sentence) -> list[tuple[int, int, bool]]:
    """Return (first, last, is a name) of the candidates of one sentence."""
    capital = _capitals(body, sentence)
    lowers, end = body.lowers, sentence.last
    runs = []
    at = sentence.first
    while at < end:
        if at in capital:
            last = _name_end(body, at, end, capital)
            if last > at + 1 or lowers[at] not in stop_words() or _is_acronym(body.tokens[at]):
                runs.append((at, last, True))
            at = last
        elif _is_content(lowers[at]):
            last = at + 1
            while last < end and last not in capital and _is_content(lowers[last]):
                last += 1
            runs.append((at if last - at <= MAX_RUN else last - MAX_RUN, last, False))
            at = last
        else:
            at += 1
    return runs


def _name_end(body: Body, at: int, end: int, capital: set[int]) -> int:
    """Return where the name that starts at `at` ends."""
    last = at + 1
    while last < min(end, at + MAX_WORDS):
        if last in capital:
            last += 1
        elif last + 1 < at + MAX_WORDS and last + 1 in capital and body.lowers[last] in _LINKS:
            last += 2
        else:
            break
    return last


def _capitals(body: Body, sentence: Sentence) -> set[int]:
    """Return the tokens that look like a part of a name.

    The first word of a sentence has a capital anyway: it counts when it is no stop word and has another
    capital or is followed by one.
    """
    tokens, lowers, first = body.tokens, body.lowers, sentence.first
    found = {
        at for at in range(first, sentence.last) if tokens[at][0].isupper() and lowers[at] not in _NO_NAMES
    }
    while first < sentence.last and not tokens[first][0].isalnum():
        first += 1
    if first in found and not tokens[first][1:].isupper():
        more = not tokens[first][1:].islower() or first + 1 in found
        if lowers[first] in stop_words() or not more:
            found.discard(first)
    return found


def _is_acronym(token: str) -> bool:
    return len(token) > 1 and token.isupper()


@functools.lru_cache(maxsize=100_000)
def _is_content(lower: str) -> bool:
    letters = MIN_LETTERS if lower[:MIN_LETTERS].isalpha() and len(lower) >= MIN_LETTERS else 0
    known = lower in stop_words() or lower in _LINKS or lower in _NO_NAMES
    return letters == MIN_LETTERS and not known and not lower.endswith("ly")


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


def _overlap(words: tuple[str, ...], others: tuple[str, ...]) -> bool:
    """Tell whether one phrase is made of words of the other."""
    one, two = set(words), set(others)
    return one <= two or two <= one


def _spelling(candidate: _Candidate) -> str:
    return max(candidate.spellings, key=lambda spelling: candidate.spellings[spelling])


class Keywords:
    """Writes `doc._.keywords`. Works for languages with spaces; stop words are English so far."""

    version: ClassVar[str] = "1.0"
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
