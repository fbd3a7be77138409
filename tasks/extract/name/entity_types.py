# ruff: noqa: RUF001 - typographic marks as they stand in news
"""What a capitalised sequence names: rules from head words, lists and the words around it.

High precision first. What no rule decides is left `sure=False` for `evidence`, which looks at the rest
of the article.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tasks.extract.lexicon import lexicon
from tasks.extract.name.head_words import HeadWords
from tasks.extract.name.runs import Name, Run, function_words
from tasks.extract.name.signs import bracketed_in_dateline, surely_organization

if TYPE_CHECKING:
    from tasks.extract.name.roles import KnownAt, RolePhrase
    from worker.record import EntityType

_LONGEST_NAME = 5
_ACRONYM = 7
_IN = frozenset({"in", "near", "outside", "across", "throughout"})
_OPENING = frozenset("“\"‘'«„")
_CLOSING = frozenset("”“\"’'»")
_NO_PARTICLE = frozenset({"la", "le", "el", "y", "e", "da"})


class Typer(HeadWords):
    """Decides the runs of one article, in order; `found` are the names."""

    month_surnames: frozenset[str] = frozenset()
    """Months that are a surname in this article: `Theresa May`."""

    def add(self, run: Run) -> None:
        """Add the names in a run to `found`; they do not overlap with those of earlier runs."""
        done = self.found[-1].last if self.found else 0
        first = max(run.first, done)
        if run.initial and first == run.first:
            first = self._drop_opener(run)
        while first < run.last:
            name, first = self._next(first, run)
            if name is not None:
                name.heading = run.heading
                name.initial = run.initial and name.first == run.first
                self.found.append(name)

    def _drop_opener(self, run: Run) -> int:
        """Return the first word of the run without a common word that only starts the sentence."""
        first = run.first
        word = self.words.lower[first]
        if first in self.known or first in self.role_at or self.words.text[first] in self.month_surnames:
            return first
        if word in function_words() and not (self.words.text[first].isupper() and len(word) > 1):
            return first + 1
        if self.common(first):
            tail = self.words.text[run.last - 1]
            alone = run.last - first == 1
            if alone or not (tail in self.heads and first + 1 not in self.known):
                return first + 1
        return first

    def _next(self, first: int, run: Run) -> tuple[Name | None, int]:
        """Return the name that starts at `first`, or None, and the word to go on with."""
        words = self.words
        match = self.known.get(first)
        whole = self._nicknamed(first, run) or self.headed(first, run)
        if match is not None and match.entry.type == "ORG" and whole is not None and match.last > whole.last:
            return self._listed(match), match.last
        if whole is not None:
            return whole, whole.last
        role = self.role_at.get(first)
        if role is not None and role.last > first:
            return self._role_words(role, first, run)
        if match is not None and not self._given_name(match, run):
            return self._listed(match), match.last
        lower = words.lower[first].rstrip(".")
        if lower in self.lex.honorifics and first + 1 < run.last:
            return self._honoured(first, run)
        return self._unlisted(first, run)

    def _given_name(self, match: KnownAt, run: Run) -> bool:
        """`Oscar P. Berg` is no prize: a listed thing that is a given name before more of a name."""
        behind = match.last
        if match.last - match.first > 1 or match.entry.type != "MISC" or behind >= run.last:
            return False
        free = behind not in self.known and behind not in self.role_at and not self.common(behind)
        return free and self.words.text[match.first] in self.lex.given

    def _unlisted(self, first: int, run: Run) -> tuple[Name | None, int]:
        text, lower = self.words.text[first], self.words.lower[first]
        if text in self.month_surnames:
            return Name(first, first + 1, "PERSON", 0.7, "surname_like_a_month", sure=False), first + 1
        if lower.rstrip(".") in function_words() and (len(lower.rstrip(".")) == 1 or not text.isupper()):
            return None, first + 1
        return self._plain(first, run)

    def _role_words(self, role: RolePhrase, first: int, run: Run) -> tuple[Name | None, int]:
        known = role.known
        if known is not None and known.first == first:
            return self._listed(known), known.last
        return None, max(first + 1, min(role.last, run.last))

    def _listed(self, match: KnownAt) -> Name:
        entry = match.entry
        confidence = 0.7 if entry.rule in {"city", "known_name", "known_product"} else 0.9
        lower_head = self._follows(match.last, self.lex.law_lower_heads)
        if entry.type == "LOC" and lower_head and match.last - match.first <= 2:  # noqa: PLR2004
            return Name(match.first, match.last + 1, "LAW", 0.7, "place_and_agreement")
        if entry.type == "NORP" and entry.rule == "people" and entry.words[0] == "Democratic":
            confidence = 0.6
        return Name(
            match.first, match.last, entry.type, confidence, entry.rule, entry.country, entry.canonical
        )

    def _follows(self, at: int, heads: frozenset[str]) -> bool:
        return at < len(self.words) and self.words.text[at] in heads

    def _honoured(self, first: int, run: Run) -> tuple[Name | None, int]:
        at = first + 1
        while at < run.last and self.words.lower[at].rstrip(".") in self.lex.honorifics:
            at += 1
        if at >= run.last:
            return None, run.last
        gender = self.lex.honorifics[self.words.lower[first].rstrip(".")]
        if at in self.role_at and self.role_at[at].last < run.last:
            at = self.role_at[at].last
        end = self._person_end(at, run.last)
        name = Name(at, end, "PERSON", 0.95, "honorific", gender=None if gender == "neutral" else gender)
        name.role = self.role_before.get(at)
        return name, end

    def _person_end(self, first: int, last: int) -> int:
        """Return the word past a person's name: at most five words, not into a role or a listed name."""
        end = first + 1
        while end < last and end - first < _LONGEST_NAME + 2:
            if end in self.role_at and self.words.text[end] != ".":
                break
            if self.words.text[end].rstrip(".") in self.lex.suffixes:
                break
            end += 1
        while end > first + 1 and self.words.text[end - 1] in {".", "&"}:
            end -= 1
        return end

    def _plain(self, first: int, run: Run) -> tuple[Name | None, int]:
        """Type a sequence that has neither head word nor listed name at its start."""
        words = self.words
        last = self._plain_end(first, run)
        if last - first > 1 and self._is_acronym(first) and not self._is_acronym(first + 1):
            return self._acronym(first, run), first + 1
        name = self._by_word_behind(first, last)
        if name is not None:
            return name, name.last
        text = words.text[first]
        if last - first == 1 and text.isupper() and len(text) > 1:
            return self._acronym(first, run), last
        return self._by_neighbours(first, last) or self._unsure(first, last, run), last

    def _by_neighbours(self, first: int, last: int) -> Name | None:
        """Type a plain sequence by a dateline's bracket, a noun, an office or a given name beside it."""
        words = self.words
        text = words.text[first]
        person = text in self.lex.given and last - first > 1
        if bracketed_in_dateline(words, first, last):
            return Name(first, last, "ORG", 0.8, "agency_of_dateline")
        if not person and not self.common(first) and surely_organization(words, first, last):
            return Name(first, last, "ORG", 0.75, "organization_noun")
        role = self.role_before.get(first)
        if role is not None:
            return Name(first, last, "PERSON", 0.9, "role_before", gender=role.gender, role=role)
        if person:
            confidence = 0.9 if words.lower[last - 1] not in self.lex.common else 0.6
            return Name(first, last, "PERSON", confidence, "given_name", gender=self.gender(text))
        return None

    def _nicknamed(self, first: int, run: Run) -> Name | None:
        """`Anna “the Fox” Berg`: one name around the nickname."""
        words = self.words
        at = run.last
        while first < at - 1 and words.lower[first].rstrip(".") in self.lex.honorifics:
            first += 1
        high = words.sentences[words.sentence[first]][1]
        if not 1 <= at - first <= 2 or at + 3 >= high or words.text[at] not in _OPENING:  # noqa: PLR2004
            return None
        close = next((i for i in range(at + 2, min(high - 1, at + 5)) if words.text[i] in _CLOSING), 0)
        inner = range(at + 2 if words.lower[at + 1] == "the" else at + 1, close)
        if not inner or not all(words.cap[i] for i in inner):
            return None
        if not words.cap[close + 1] or self.blocked[close + 1] or self.common(first):
            return None
        end = self._person_end(close + 1, self._caps_end(close + 1, min(high, close + 4)))
        role = self.role_before.get(first)
        gender = self.gender(words.text[first])
        return Name(first, end, "PERSON", 0.9, "nickname", gender=gender, role=role)

    def _by_word_behind(self, first: int, last: int) -> Name | None:
        """`Donetsk region`, `Minsk agreements`, `Pravda newspaper`: the small word behind decides."""
        lex = self.lex
        given = self.words.text[first] in lex.given
        if self._follows(last, lex.loc_lower_heads) and not (given and last - first > 1):
            return Name(first, last, "LOC", 0.7, "place_noun_behind")
        if self._follows(last, lex.law_lower_heads) and last - first == 1:
            return Name(first, last + 1, "LAW", 0.6, "name_and_agreement")
        if self._follows(last, lex.org_lower_heads) and not given:
            return Name(first, last, "ORG", 0.6, "organization_noun_behind")
        return None

    def _plain_end(self, first: int, run: Run) -> int:
        """Return where a plain sequence ends: before a listed name or an office, at most five words."""
        end = self._person_end(first, run.last)
        for at in range(first + 1, end):
            match = self.known.get(at)
            if match is not None and at > first + 1 and match.entry.rule in {"country", "acronym", "demonym"}:
                return at
        return end

    def gender(self, given: str) -> str | None:
        """Return what a given name says about the gender."""
        return "male" if given in self.lex.male else "female" if given in self.lex.female else None

    def _is_acronym(self, at: int) -> bool:
        text = self.words.text[at]
        return text.isupper() and text.isalpha() and 1 < len(text) <= _ACRONYM

    def _acronym(self, first: int, run: Run) -> Name | None:
        text = self.words.text[first]
        if len(text) > _ACRONYM or text in self.lex.not_org or run.heading or self.common(first):
            return None
        return Name(first, first + 1, "ORG", 0.6, "acronym", sure=not run.initial)

    def _unsure(self, first: int, last: int, run: Run) -> Name | None:
        common = sum(self.common(i) for i in range(first, last))
        before = self.words.lower[first - 1] if first > 0 else ""
        if last - first == 1:
            return self._unsure_word(first, before, run, common=bool(common))
        kind: EntityType = "MISC"
        confidence, rule = 0.35, "capitals_with_common_words"
        if any(self._is_acronym(i) for i in range(first, last)):
            kind, confidence, rule = "ORG", 0.45, "capitals_with_acronym"
        elif before in _IN and not common:
            kind, confidence, rule = "LOC", 0.5, "preposition_of_place"
        elif not common and last - first <= _LONGEST_NAME and before != "the":
            kind, confidence, rule = "PERSON", 0.55, "capitals"
        return Name(first, last, kind, confidence, rule, sure=False)

    def _unsure_word(self, first: int, before: str, run: Run, *, common: bool) -> Name | None:
        shouted = self.words.text[first].isupper()
        if common and (run.initial or shouted or before in function_words()):
            return None
        particle = before in lexicon().particles and before not in _NO_PARTICLE
        if particle and not (self.found and self.found[-1].last >= first):
            return Name(first - 1, first + 1, "PERSON", 0.6, "particle", sure=False)
        kind: EntityType = "LOC" if before in _IN else "MISC"
        return Name(first, first + 1, kind, 0.4, "capital_alone", sure=False)
