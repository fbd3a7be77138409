"""The tone of each sentence, from -1 (bad news, blame) to 1 (good news, praise), with the words that say so.

A word list with phrases, negation (`not`, `no`), verbs that turn what follows round (`end the war`, `lose
support`), and verbs of rise and fall that take their sign from what rises or falls (`shares plunged`, `crime
plunged`). The sum s of a sentence becomes s / sqrt(s^2 + half^2), after VADER (Hutto and Gilbert 2014).
Editor's notes are not read. A sentence without a word of the list is neutral: 0, no evidence.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import TypeAdapter
from spacy.language import Language

from tasks.classify.body import body_of
from tasks.classify.phrases import Match
from tasks.classify.tone_lexicon import Entry, ToneLexicon, tone_lexicon
from worker.record import Abstention, SentenceTone

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spacy.tokens import Doc

    from tasks.classify.body import Body, Sentence

NAME = "copydesk.tone"
SUBJECT_BEFORE = 8
SUBJECT_AFTER = 4
_CLAUSE_ENDS = frozenset('.;:,!?()–—“”"')  # noqa: RUF001 - dashes as typed
_TONES = TypeAdapter(list[SentenceTone])
"""All of an article at once: one by one they take twice as long."""


class Tone:
    """Writes `doc._.sentence_tones`: one for every sentence of title, headings and paragraphs."""

    version: ClassVar[str] = "1.1"
    reads_tokens: ClassVar[bool] = False
    languages: ClassVar[tuple[str, ...]] = ("en",)

    def __init__(self, lexicon: ToneLexicon) -> None:
        self._lexicon = lexicon

    def __call__(self, doc: Doc) -> Doc:
        """Set the tones, or abstain when there is no sentence."""
        body = body_of(doc)
        matches = self._matches(body)
        doc._.sentence_tones = _TONES.validate_python(
            [
                self._tone(body, sentence, found)
                for sentence, found in zip(body.sentences, matches, strict=True)
            ]
        )
        if not body.sentences:
            doc._.abstentions.append(Abstention(component=NAME, what="tone", why="the body has no sentence"))
        return doc

    def _matches(self, body: Body) -> list[list[Match[Entry]]]:
        """Return the terms of each sentence."""
        phrases = self._lexicon.phrases
        found = phrases.matches(body, body.sentences)
        matches = [
            Match(first, last, phrases.values[number])
            for first, last, number in zip(*(row.tolist() for row in found), strict=True)
        ]
        bounds = found.firsts.searchsorted([sentence.first for sentence in body.sentences]).tolist()
        return [matches[low:high] for low, high in pairwise([*bounds, len(matches)])]

    def _tone(self, body: Body, sentence: Sentence, matches: Sequence[Match[Entry]]) -> dict[str, Any]:
        """Return the fields of the sentence's tone."""
        total, evidence = self._sum(body, sentence, matches) if matches else (0.0, [])
        score = total / (total * total + self._lexicon.half**2) ** 0.5
        return {
            "start": sentence.start,
            "end": sentence.end,
            "score": round(score, 4),
            "evidence": evidence,
        }

    def _sum(
        self, body: Body, sentence: Sentence, matches: Sequence[Match[Entry]]
    ) -> tuple[float, list[str]]:
        scores = [match.value.score for match in matches]
        taken: set[int] = set()  # tokens that say what rises or falls: they have no say of their own
        for number, match in enumerate(matches):
            at = self._subject(body, sentence, match) if match.value.direction else None
            if at is not None:
                taken.add(at)
                if at > sentence.first and self._lexicon.quantity(body.lowers[at - 1]):
                    taken.add(at - 1)  # `death toll` is one thing
                scores[number] = (
                    self._lexicon.quantity(body.lowers[at]) * match.value.direction * self._lexicon.strength
                )
        total = 0.0
        evidence = []
        for match, score in zip(matches, scores, strict=True):
            if (
                score
                and taken.isdisjoint(range(match.first, match.last))
                and not _is_name(body, sentence, match)
            ):
                total += score * self._turn(body, sentence, match, score)
                evidence.append(body.text[body.starts[match.first] : body.ends[match.last - 1]])
        return total, evidence

    def _subject(self, body: Body, sentence: Sentence, match: Match[Entry]) -> int | None:
        """Return the token that says what rises or falls: the nearest before the verb, else behind it."""
        for at in range(match.first - 1, max(sentence.first, match.first - SUBJECT_BEFORE) - 1, -1):
            if body.lowers[at] in {".", ";", ":"}:
                break
            if self._lexicon.quantity(body.lowers[at]):
                return at
        for at in range(match.last, min(sentence.last, match.last + SUBJECT_AFTER)):
            if self._lexicon.quantity(body.lowers[at]):
                return at
        return None

    def _turn(self, body: Body, sentence: Sentence, match: Match[Entry], score: float) -> float:
        """Return the factor that words before the match put on its score."""
        lexicon = self._lexicon
        factor = 1.0
        object_of_verb = True  # a preposition in between: `ended in an agreement` ends no agreement
        reach = max(lexicon.negation_reach, lexicon.reversal_reach)
        for at in range(match.first - 1, max(sentence.first, match.first - reach) - 1, -1):
            word = body.lowers[at]
            if word in _CLAUSE_ENDS:
                break
            distance = match.first - at
            if word in lexicon.intensity and distance == 1:
                factor *= lexicon.intensity[word]
            elif word in lexicon.negators and distance <= lexicon.negation_reach:
                return factor * (lexicon.not_good if score > 0 else lexicon.not_bad)
            elif word in lexicon.prepositions:
                object_of_verb = False
            elif (
                object_of_verb
                and distance <= lexicon.reversal_reach
                and self._reverses(body, at, match.first, score)
            ):
                return factor * (lexicon.reverse_good if score > 0 else lexicon.reverse_bad)
        return factor

    def _reverses(self, body: Body, at: int, limit: int, score: float) -> bool:
        phrases = self._lexicon.reverses_good if score > 0 else self._lexicon.reverses_bad
        return phrases.starts_at(body.tokens, body.lowers, at, limit)


def _is_name(body: Body, sentence: Sentence, match: Match[Entry]) -> bool:
    """Tell whether a single word with a capital inside a sentence is a name: `Judge Lynch`, `Best Foods`."""
    at = match.first
    if sentence.kind != "paragraph" or match.last - at > 1 or at == sentence.first:
        return False
    return body.tokens[at].istitle() and body.tokens[at - 1][0].isalnum()


@Language.factory(NAME.replace(".", "_"), requires=["doc._.article"], assigns=["doc._.sentence_tones"])
def create(nlp: Language, name: str) -> Tone:  # noqa: ARG001 - the signature is spaCy's
    """Make the component."""
    return Tone(tone_lexicon())
