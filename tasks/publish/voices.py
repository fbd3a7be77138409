"""The tone of the author's own sentences and of each speaker's words.

A sentence belongs to the voice that has most of its characters: a speaker, by the segments of the quotes;
nobody, where a quote's speaker is unknown or an editor's note stands; the author otherwise. A heading that is
wholly in quote marks is nobody's: the author did not say it, and who did is not stated.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING

from worker.record import Tone, ToneByVoice

if TYPE_CHECKING:
    from collections.abc import Sequence

    from worker.record import Article, Classification, Extraction, SentenceTone

_AUTHOR = ""
_NOBODY = "?"
_MOST_EVIDENCE = 10
_OPENERS, _CLOSERS = "\"“„«'", "\"”“»'"

Voiced = tuple[int, int, str]
"""(start, end, entity id or nobody) of words that are not the author's."""


def tone_by_voice(article: Article, extraction: Extraction, classification: Classification) -> ToneByVoice:
    """Return the tones; the author's is null when no sentence is the author's own."""
    voiced = _voiced(article, extraction)
    by_voice: defaultdict[str, list[SentenceTone]] = defaultdict(list)
    at = 0
    for sentence in sorted(classification.sentence_tones, key=lambda s: (s.start, s.end)):
        while at < len(voiced) and voiced[at][1] <= sentence.start:
            at += 1
        by_voice[_voice(article.text, sentence, voiced, at)].append(sentence)
    author = by_voice.pop(_AUTHOR, None)
    by_voice.pop(_NOBODY, None)
    return ToneByVoice(
        author=_tone(author) if author else None,
        speakers={
            entity.id: _tone(by_voice[entity.id]) for entity in extraction.entities if entity.id in by_voice
        },
    )


def _voiced(article: Article, extraction: Extraction) -> list[Voiced]:
    """Return the spans that are not the author's, in order, without overlap; a note goes before a quote."""
    spans = [(note.start, note.end, 0, _NOBODY) for note in article.notes]
    for quote in extraction.quotes:
        voice = quote.speaker.entity if quote.speaker and quote.speaker.entity else _NOBODY
        spans += [(segment.start, segment.end, 1, voice) for segment in quote.segments]
    edges = sorted({edge for start, end, _, _ in spans for edge in (start, end)})
    pieces: list[Voiced] = []
    spans.sort()
    active: list[tuple[int, int, str]] = []  # (priority, end, voice)
    at = 0
    for begin, stop in pairwise(edges):
        while at < len(spans) and spans[at][0] <= begin:
            active.append((spans[at][2], spans[at][1], spans[at][3]))
            at += 1
        active = [item for item in active if item[1] > begin]
        if active:
            pieces.append((begin, stop, min(active)[2]))
    return pieces


def _voice(text: str, sentence: SentenceTone, voiced: Sequence[Voiced], at: int) -> str:
    words: Counter[str] = Counter()
    own = sentence.end - sentence.start
    while at < len(voiced) and voiced[at][0] < sentence.end:
        begin, stop, voice = voiced[at]
        share = min(stop, sentence.end) - max(begin, sentence.start)
        words[voice] += share
        own -= share
        at += 1
    if words:
        voice, most = max(words.items(), key=lambda item: (item[1], item[0]))
        if most >= own:
            return voice
    elif text[sentence.start] in _OPENERS and text[sentence.end - 1] in _CLOSERS:
        return _NOBODY
    return _AUTHOR


def _tone(sentences: Sequence[SentenceTone]) -> Tone:
    """Return the mean over the sentences, each weighted by its length, neutral ones included."""
    weight = sum(s.end - s.start for s in sentences)
    score = sum(s.score * (s.end - s.start) for s in sentences) / weight if weight else 0.0
    words = Counter(word for s in sentences for word in s.evidence)
    return Tone(
        score=round(max(-1.0, min(1.0, score)), 4),
        sentences=len(sentences),
        evidence=[word for word, _ in words.most_common(_MOST_EVIDENCE)],
    )
