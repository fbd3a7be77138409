"""The two or three sentences that stand for the article: early ones whose words the whole body shares.

Lead and centrality: cosine of a sentence with the body's word counts (the centroid method, Radev et al.
2004), times a weight for its place; then a sentence too close to a chosen one is passed over (Carbonell and
Goldstein 1998). Only whole sentences of paragraphs; never headings, datelines or boilerplate.
"""

from __future__ import annotations

import math
from collections import Counter
from itertools import compress
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from spacy.language import Language

from tasks.classify.body import Body, Sentence, body_of
from tasks.classify.stop_words import stop_words
from tasks.classify.vocabulary import Column
from worker.record import Abstention, Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt
    from spacy.tokens import Doc

    Integers = npt.NDArray[np.int64]

NAME = "copydesk.summary"
MIN_WORDS = 6
MAX_WORDS = 70
LONG_BODY = 8
"""From so many sentences on, the summary has three of them."""
MAX_SIMILARITY = 0.6
SPEAKER_WORDS = 5
_OPENERS = frozenset("\"'“‘„«")  # noqa: RUF001 - quote marks as typed
_LEAD_DECAY = 6.0
_FINAL = tuple(".!?…。！？\"'”’»)]“")  # noqa: RUF001 - the full-width marks of Chinese and Japanese
_COUNTS = Column(lambda word: word not in stop_words() and word[0].isalnum(), np.bool_, lower=True)
_LEANING = frozenset(
    {
        *("he", "she", "it", "they", "this", "that", "these", "those", "his", "her", "its", "their", "him"),
        *("them", "there", "i", "we", "you", "such", "but", "however", "and", "also", "then", "instead"),
        *("so", "or", "nor", "meanwhile", "moreover", "nevertheless", "still", "yet"),
    }
)


def summarise(body: Body) -> list[tuple[int, int]]:
    """Return (start, end) of the chosen sentences, in their order; none when no sentence will do."""
    sentences = body.of_kind("paragraph")
    counted = body.column(_COUNTS) & body.within("paragraph")
    centralities = _centralities(body, sentences, counted.nonzero()[0])
    scored = []
    for place, (sentence, central) in enumerate(zip(sentences, centralities, strict=True)):
        if _is_candidate(body, sentence):
            lead = 0.35 + 0.65 / (1.0 + place / _LEAD_DECAY)
            form = (0.6 if _leans(body, sentence) else 1.0) * (0.7 if _is_speech(body, sentence) else 1.0)
            scored.append((-central * lead * form, place))
    scored.sort()
    wanted = 3 if len(sentences) >= LONG_BODY else 2
    chosen: list[int] = []
    bags: list[Counter[str]] = []
    for _, place in scored:
        if len(chosen) == wanted:
            break
        sentence = sentences[place]
        bag = _bag(body, sentence, counted[sentence.first : sentence.last].tolist())
        if all(_cosine(bag, other) <= MAX_SIMILARITY for other in bags):
            chosen.append(place)
            bags.append(bag)
    return [(sentences[place].start, sentences[place].end) for place in sorted(chosen)]


def _centralities(body: Body, sentences: Sequence[Sentence], counted: npt.NDArray[np.intp]) -> list[float]:
    """Return the cosine of each sentence's counts of the `counted` tokens with those of all sentences."""
    count = len(sentences)
    firsts = [sentence.first for sentence in sentences]
    if not counted.size:
        return [0.0] * count
    rows = np.array(firsts).searchsorted(counted, side="right") - 1
    pairs = body.lower_numbers.take(counted) * count + rows
    pairs.sort()
    at, times = _equal(pairs)
    words, rows = np.divmod(pairs.take(at), count)
    at, sizes = _equal(words)
    totals = np.add.reduceat(times, at)
    products = np.bincount(rows, weights=times * totals.repeat(sizes), minlength=count)
    squares = np.bincount(rows, weights=times * times, minlength=count)
    lengths = np.sqrt(squares) * math.sqrt(int((totals * totals).sum()))
    cosines: list[float] = np.divide(products, lengths, out=np.zeros(count), where=lengths > 0).tolist()
    return cosines


def _equal(ordered: Integers) -> tuple[Integers, Integers]:
    """Return where each run of equal numbers begins, and how long it is. Not for an empty row."""
    changes = (ordered[1:] != ordered[:-1]).nonzero()[0]
    bounds = np.zeros(changes.size + 2, dtype=np.int64)
    np.add(changes, 1, out=bounds[1:-1])
    bounds[-1] = ordered.size
    return bounds[:-1], bounds[1:] - bounds[:-1]


def _bag(body: Body, sentence: Sentence, counted: Sequence[bool]) -> Counter[str]:
    return Counter(list(compress(body.lowers[sentence.first : sentence.last], counted)))


def _cosine(one: Counter[str], two: Counter[str]) -> float:
    lengths = [math.sqrt(sum([count * count for count in bag.values()])) for bag in (one, two)]
    product = sum([count * two[word] for word, count in one.items()])
    return product / (lengths[0] * lengths[1]) if product else 0.0


def _is_candidate(body: Body, sentence: Sentence) -> bool:
    """Whole sentences only: a beginning, an end, quote marks that close, a bearable length."""
    text = body.text[sentence.start : sentence.end]
    words = sentence.last - sentence.first
    return (
        MIN_WORDS <= words <= MAX_WORDS
        and not text[0].islower()
        and text.endswith(_FINAL)
        and not text.endswith("?")
        and text.count('"') % 2 == 0
        and text.count("“") == text.count("”")
    )


def _leans(body: Body, sentence: Sentence) -> bool:
    """Tell whether the sentence leans on another one: it opens with a pronoun or a connective."""
    words = body.lowers[sentence.first : sentence.first + 2]
    if words and words[0][0].isalnum():
        return words[0] in _LEANING
    return not _LEANING.isdisjoint(words)


def _is_speech(body: Body, sentence: Sentence) -> bool:
    """Tell whether the sentence opens with words that somebody says: a quote mark, or `Name Name:`."""
    tokens = body.tokens[sentence.first : sentence.first + SPEAKER_WORDS]
    if not tokens or tokens[0] in _OPENERS:
        return True
    return ":" in tokens and all(token[0].isupper() for token in tokens[: tokens.index(":")])


class Summary:
    """Writes `doc._.summary`. Works for every language that puts spaces between words."""

    version: ClassVar[str] = "1.1"
    reads_tokens: ClassVar[bool] = False

    def __call__(self, doc: Doc) -> Doc:
        """Set the spans, or abstain."""
        text = doc._.article.text
        spans = summarise(body_of(doc))
        doc._.summary = [Span(start=start, end=end, text=text[start:end]) for start, end in spans]
        if not spans:
            why = "the body has no whole sentence of a bearable length"
            doc._.abstentions.append(Abstention(component=NAME, what="the summary", why=why))
        return doc


@Language.factory(NAME.replace(".", "_"), requires=["doc._.article"], assigns=["doc._.summary"])
def create(nlp: Language, name: str) -> Summary:  # noqa: ARG001 - the signature is spaCy's
    """Make the component."""
    return Summary()
