"""The two or three sentences that stand for the article: early ones whose words the whole body shares.

Lead and centrality: cosine of a sentence with the body's word counts (the centroid method, Radev et al.
2004), times a weight for its place; then a sentence too close to a chosen one is passed over (Carbonell and
Goldstein 1998). Only whole sentences of paragraphs; never headings, datelines or boilerplate.
"""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from spacy.language import Language

from tasks.classify.body import Body, Sentence, body_of
from tasks.classify.keywords import stop_words
from worker.record import Abstention, Span

if TYPE_CHECKING:
    from spacy.tokens import Doc

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
_LEANING = frozenset(
    {
        *("he", "she", "it", "they", "this", "that", "these", "those", "his", "her", "its", "their", "him"),
        *("them", "there", "i", "we", "you", "such", "but", "however", "and", "also", "then", "instead"),
        *("so", "or", "nor", "meanwhile", "moreover", "nevertheless", "still", "yet"),
    }
)


class _Bag(NamedTuple):
    """How often each word stands in a piece of text, and the Euclidean length of these counts."""

    counts: Counter[str]
    length: float


def summarise(body: Body) -> list[tuple[int, int]]:
    """Return (start, end) of the chosen sentences, in their order; none when no sentence will do."""
    sentences = body.of_kind("paragraph")
    counts = [_counts(body, sentence) for sentence in sentences]
    total: Counter[str] = Counter()
    for count in counts:
        total.update(count)
    centroid = _bag(total)
    scored = []
    for place, (sentence, count) in enumerate(zip(sentences, counts, strict=True)):
        if _is_candidate(body, sentence):
            lead = 0.35 + 0.65 / (1.0 + place / _LEAD_DECAY)
            form = (0.6 if _leans(body, sentence) else 1.0) * (0.7 if _is_speech(body, sentence) else 1.0)
            scored.append((-_cosine(_bag(count), centroid) * lead * form, place))
    scored.sort()
    wanted = 3 if len(sentences) >= LONG_BODY else 2
    chosen: list[int] = []
    bags: list[_Bag] = []
    for _, place in scored:
        if len(chosen) == wanted:
            break
        bag = _bag(counts[place])
        if all(_cosine(bag, other) <= MAX_SIMILARITY for other in bags):
            chosen.append(place)
            bags.append(bag)
    return [(sentences[place].start, sentences[place].end) for place in sorted(chosen)]


def _counts(body: Body, sentence: Sentence) -> Counter[str]:
    stops = stop_words()
    words = body.lowers[sentence.first : sentence.last]
    return Counter([word for word in words if word not in stops and word[0].isalnum()])


def _bag(counts: Counter[str]) -> _Bag:
    return _Bag(counts, math.sqrt(sum([count * count for count in counts.values()])))


def _cosine(one: _Bag, two: _Bag) -> float:
    if not one.length or not two.length:
        return 0.0
    if len(one.counts) > len(two.counts):
        one, two = two, one
    product = sum([count * two.counts[word] for word, count in one.counts.items() if word in two.counts])
    return product / (one.length * two.length)


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
    return any(word in _LEANING for word in words[: 2 if words and not words[0][0].isalnum() else 1])


def _is_speech(body: Body, sentence: Sentence) -> bool:
    """Tell whether the sentence opens with words that somebody says: a quote mark, or `Name Name:`."""
    tokens = body.tokens[sentence.first : sentence.first + SPEAKER_WORDS]
    if not tokens or tokens[0] in _OPENERS:
        return True
    return ":" in tokens and all(token[0].isupper() for token in tokens[: tokens.index(":")])


class Summary:
    """Writes `doc._.summary`. Works for every language that puts spaces between words."""

    version: ClassVar[str] = "1.0"
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
