# ruff: noqa: RUF001 - typographic marks as they stand in news
"""From the words that name a source to the entity they stand for. When in doubt: nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tasks.extract.cue_verbs import speech_forms
from tasks.extract.name.coreference import PRONOUNS
from tasks.extract.name.roles import is_head
from worker.record import Speaker

if TYPE_CHECKING:
    from tasks.extract.quote.page import MentionAt, Page
    from tasks.extract.quote.subjects import Subject

_OF = frozenset({"of", "for", "to", "with", "at", "from", "in", "by", "on"})
_NOUN_PHRASE = 6
_FAR = 2
"""Paragraphs that a pronoun may reach back to the last speaker."""


class Speakers:
    """Resolves sources in the order of the text and remembers who spoke last."""

    def __init__(self, page: Page, genders: dict[str, str]) -> None:
        self.page = page
        self.genders = genders
        self.last: tuple[str, int] | None = None
        """(entity id of the last person who spoke, paragraph)."""

    def speaker(self, subject: Subject, paragraph: int, *, named: Subject | None = None) -> Speaker:
        """Return the speaker that a noun phrase names; `named` are the words in it that say who."""
        start, end = self.page.offsets(subject.first, subject.last)
        entity, how, confidence = self._resolve(named or subject, paragraph)
        if entity is not None and how not in {"organization_or_place", "opening_organization"}:
            self.last = (entity, paragraph)
        return Speaker(
            start=start,
            end=end,
            text=self.page.text[start:end],
            entity=entity,
            resolved_by=how,
            confidence=confidence,
        )

    def _resolve(self, subject: Subject, paragraph: int) -> tuple[str | None, str, float]:
        words = self.page.words
        word = words.lower[subject.first]
        inside = self._mentions(subject)
        if word == "it" and subject.last - subject.first == 1:
            return self._opening_organization(subject)
        if subject.last - subject.first == 1 and word in PRONOUNS:
            if inside:
                return inside[0].entity.id, "pronoun", 0.8
            return self._last_speaker(PRONOUNS[word], paragraph)
        head = self._head(subject, inside)
        if head is None:
            shouted = self._in_capitals(subject)
            return (shouted, "name_in_capitals", 0.85) if shouted else (None, "nominal", 0.5)
        if head.entity.type == "PERSON":
            return (
                head.entity.id,
                {"name": "name", "role": "role"}.get(head.kind, head.kind),
                0.95 if head.kind == "name" else 0.85,
            )
        return head.entity.id, "organization_or_place", 0.8

    def _in_capitals(self, subject: Subject) -> str | None:
        """`ROTH:` of a transcript, where the article names one Roth."""
        text = self.page.words.text[subject.last - 1]
        if not text.isupper() or subject.last - subject.first > 1:
            return None
        people = [entity for entity in self.page.entities if entity.type == "PERSON"]
        same = [person.id for person in people if person.name.upper().split()[-1] == text]
        return same[0] if len(same) == 1 else None

    def _opening_organization(self, subject: Subject) -> tuple[str | None, str, float]:
        """`Acme has sold its yard, it said`: the organisation that opens the sentence."""
        words = self.page.words
        first = words.sentences[words.sentence[subject.first]][0]
        mention = self.page.mentions.get(first + 1 if words.lower[first] == "the" else first)
        if mention is None or mention.entity.type != "ORG" or words.lower[mention.last] in {"'s", "’s"}:
            return None, "pronoun", 0.3
        return mention.entity.id, "opening_organization", 0.75

    def _mentions(self, subject: Subject) -> list[MentionAt]:
        return [self.page.mentions[i] for i in range(subject.first, subject.last) if i in self.page.mentions]

    def _head(self, subject: Subject, inside: list[MentionAt]) -> MentionAt | None:
        """Return the mention that is the source itself, not its country, its boss or its paper."""
        words = self.page.words
        if len(inside) > 1 and inside[-1].last == subject.last and self._role_before(inside[-1]):
            between = words.lower[inside[-2].last : inside[-1].first]
            if not any(word in {"and", "or", "but"} or word in speech_forms() for word in between):
                return inside[-1]  # `Acme spokesman Paul Roth`
        for mention in inside:
            if words.lower[mention.first] in {"his", "her"} and mention.last < subject.last:
                continue
            if any(
                words.lower[i] in _OF for i in range(subject.first, mention.first)
            ) and not self._role_before(mention):
                return None
            possessive = mention.last < len(words) and words.lower[mention.last] in {"’s", "'s"}
            if mention.entity.type == "PERSON" and not possessive:
                return mention
            if possessive and mention.last < subject.last:
                continue
            if mention.entity.type in {"ORG", "LOC"} and mention.last >= subject.last:
                plain = all(
                    words.lower[i] in {"the", "a", "an"} or not words.lower[i].isalpha() or self._named(i)
                    for i in range(subject.first, mention.first)
                )
                return mention if plain else None
        return None

    def _role_before(self, mention: MentionAt) -> bool:
        """`the President of Ukraine Volodymyr Zelensky`: a person's own name right behind the office.

        Not `a man accused of threatening Volodymyr Zelensky`.
        """
        if mention.entity.type != "PERSON" or mention.kind != "name":
            return False
        before = self.page.words.lower[mention.first - 1]
        return before not in _OF | {"the", "and"} and (before == "king" or not before.endswith("ing"))

    def _named(self, at: int) -> bool:
        return self.page.words.cap[at]

    def _last_speaker(self, gender: str, paragraph: int) -> tuple[str | None, str, float]:
        if self.last is not None and paragraph - self.last[1] <= _FAR and not self._somebody_new(paragraph):
            known = self.genders.get(self.last[0])
            if known in {None, gender}:
                return self.last[0], "pronoun_last_speaker", 0.65
        return None, "pronoun", 0.3

    def _somebody_new(self, paragraph: int) -> bool:
        """Whether the paragraph opens with somebody who has no name: `A market trader described ...`."""
        words = self.page.words
        first, last = self.page.paragraph_words[paragraph]
        if words.lower[first] not in {"a", "an", "one", "another"} or self.page.masked[first]:
            return False
        last = min(last, first + _NOUN_PHRASE)
        named = (self.page.mentions.get(i) for i in range(first, last))
        if any(mention is not None and mention.entity.type == "PERSON" for mention in named):
            return False
        return any(is_head(words.lower[i]) for i in range(first + 1, last))
