"""What a capitalised sequence names: rules from head words, lists and the words around it.

High precision first. What no rule decides is left `sure=False` for `name_evidence`, which looks at the rest
of the article.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tasks.extract.lexicon import lexicon
from tasks.extract.name_runs import Name, Run, function_words

if TYPE_CHECKING:
    from tasks.extract.lexer import Words
    from tasks.extract.roles import KnownAt, RolePhrase
    from worker.record import EntityType

_LONGEST_NAME = 5
_ACRONYM = 7
_OF = frozenset({"of", "for", "on"})
_BATTLES = frozenset({"Battle", "Siege", "Treaty", "Declaration", "Convention", "Charter", "Act", "Statute"})
_IN = frozenset({"in", "near", "outside", "across", "throughout"})


class Typer:
    """Decides the runs of one article."""

    def __init__(self, words: Words, known: list[KnownAt], roles: list[RolePhrase]) -> None:
        self.words = words
        self.known = {match.first: match for match in known}
        self.role_at = {i: role for role in roles for i in range(role.start, role.last)}
        self.role_before = {role.last: role for role in roles}
        self.lex = lexicon()
        self.done = 0

    def names(self, run: Run) -> list[Name]:
        """Return the names in a run, in order; they do not overlap, nor with those of earlier runs."""
        first = max(run.first, self.done)
        found: list[Name] = []
        if run.initial and first == run.first:
            first = self._drop_opener(run)
        while first < run.last:
            name, first = self._next(first, run)
            if name is not None:
                name.heading = run.heading
                name.initial = run.initial and name.first == run.first
                found.append(name)
        self.done = max(self.done, first)
        return found

    def _drop_opener(self, run: Run) -> int:
        """Return the first word of the run without a common word that only starts the sentence."""
        first = run.first
        word = self.words.lower[first]
        if first in self.known or first in self.role_at:
            return first
        if word in function_words() and not (self.words.text[first].isupper() and len(word) > 1):
            return first + 1
        if word in self.lex.common:
            tail = self.words.text[run.last - 1]
            alone = run.last - first == 1
            if alone or not (self._is_head(tail) and first + 1 not in self.known):
                return first + 1
        return first

    def _is_head(self, word: str) -> bool:
        lex = self.lex
        return (
            word in lex.org_heads or word in lex.fac_heads or word in lex.law_heads
            or word in lex.event_heads or word in lex.loc_heads
        )  # fmt: skip

    def _next(self, first: int, run: Run) -> tuple[Name | None, int]:
        """Return the name that starts at `first`, or None, and the word to go on with."""
        words = self.words
        match = self.known.get(first)
        headed = self._headed(first, run)
        if headed is not None:
            return headed, headed.last
        role = self.role_at.get(first)
        if role is not None and role.last > first:
            return self._role_words(role, first, run)
        if match is not None and match.last >= min(run.last, match.last):
            return self._listed(match, run), match.last
        lower = words.lower[first]
        if lower in self.lex.honorifics and first + 1 < run.last:
            return self._honoured(first, run)
        if lower in function_words() and not words.text[first].isupper():
            return None, first + 1
        return self._plain(first, run)

    def _role_words(self, role: RolePhrase, first: int, run: Run) -> tuple[Name | None, int]:
        known = role.known
        if known is not None and known.first == first:
            return self._listed(known, run), known.last
        return None, max(first + 1, min(role.last, run.last))

    def _listed(self, match: KnownAt, run: Run) -> Name:
        entry = match.entry
        confidence = 0.7 if entry.rule in {"city", "known_name", "known_product"} else 0.9
        lower_head = self._follows(match.last, self.lex.law_lower_heads)
        if entry.type == "LOC" and lower_head and match.last - match.first <= 2:  # noqa: PLR2004
            return Name(match.first, match.last + 1, "LAW", 0.7, "place_and_agreement")
        if entry.type == "NORP" and entry.rule == "people" and entry.words[0] == "Democratic":
            confidence = 0.6
        name = Name(match.first, match.last, entry.type, confidence, entry.rule, entry.country, entry.canonical)
        del run
        return name

    def _follows(self, at: int, heads: frozenset[str]) -> bool:
        return at < len(self.words) and self.words.text[at] in heads

    def _honoured(self, first: int, run: Run) -> tuple[Name | None, int]:
        at = first + 1
        if self.words.text[at] == ".":
            at += 1
        if at >= run.last:
            return None, run.last
        gender = self.lex.honorifics[self.words.lower[first]]
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
            if self.words.text[end] in self.lex.suffixes:
                break
            end += 1
        while end > first + 1 and self.words.text[end - 1] in {".", "&"}:
            end -= 1
        return end

    def _headed(self, first: int, run: Run) -> Name | None:
        """Return a name that its head word decides: `Atlantic Council`, `Bank of England`, `Mount Etna`."""
        words, lex = self.words, self.lex
        last = run.last
        for end in range(last, first, -1):
            tail = words.text[end - 1]
            size = end - first
            if size > 1 and any(i in self.role_at and self._role_cuts(i, end) for i in range(first, end)):
                continue
            kind = self._kind_of_head(tail, size)
            if kind is None:
                continue
            longer = self._of_extension(end, kind) if end == last else end
            if size == 1 and longer == end:
                if tail in lex.org_alone and self._after_the(first):
                    return Name(first, end, "ORG", 0.7, "head_word_alone")
                return None
            begin = self._and_extension(first)
            return Name(begin, longer, kind, 0.8, f"head_word:{tail}", self._country_in(first, longer))
        if words.text[first] in lex.loc_prefixes and last - first in {2, 3}:
            return Name(first, last, "LOC", 0.8, "place_prefix")
        if words.text[first] in lex.event_prefixes and last - first > 1:
            return Name(first, last, "EVENT", 0.8, "event_prefix")
        return None

    def _role_cuts(self, at: int, end: int) -> bool:
        """Whether the office at word `at` ends a name here: `Acme Chairman`, not `Attorney General's Office`."""
        role = self.role_at[at]
        return role.last <= end and not (role.last < end and role.head == role.start and role.last - role.start == 1)

    def _kind_of_head(self, tail: str, size: int) -> EntityType | None:
        lex = self.lex
        if tail in lex.org_heads:
            return "ORG"
        if size > 1 or tail in _BATTLES:
            if tail in lex.law_heads:
                return "LAW"
            if tail in lex.event_heads:
                return "EVENT"
            if tail == "Battle":
                return "EVENT"
        if size > 1:
            if tail in lex.fac_heads:
                return "FAC"
            if tail in lex.loc_heads:
                return "LOC"
        return None

    def _after_the(self, first: int) -> bool:
        return first > 0 and (self.words.lower[first - 1] == "the" or first in self.known)

    def _of_extension(self, end: int, kind: EntityType) -> int:
        """Return the word past `of ...`, `for ... and ...` behind a head word."""
        words = self.words
        if kind not in {"ORG", "LAW", "EVENT"} or end + 1 >= len(words) or words.lower[end] not in _OF:
            return end
        limit = words.sentences[words.sentence[end - 1]][1]
        at = end + 1
        if at < limit and words.lower[at] == "the":
            at += 1
        stop = self._caps_end(at, limit)
        if stop == at:
            return end
        while stop + 1 < limit and words.lower[stop] in {"and", "of"} and words.cap[stop + 1]:
            if words.lower[stop] == "and" and (stop + 1 in self.known or words.lower[stop + 1] not in self.lex.common):
                break
            stop = self._caps_end(stop + 1, limit)
        return stop

    def _caps_end(self, at: int, limit: int) -> int:
        words = self.words
        end = at
        while end < limit and words.cap[end] and not (end in self.role_at and end == self.role_at[end].start and end > at):
            end += 1
        return end

    def _and_extension(self, first: int) -> int:
        """Return the first word of `Food and Drug Administration` from `Drug`."""
        words = self.words
        low = words.sentences[words.sentence[first]][0]
        if first - 2 >= max(low, self.done) and words.lower[first - 1] == "and" and words.cap[first - 2]:
            before = first - 2
            both_common = words.lower[before] in self.lex.common and words.lower[first] in self.lex.common
            if both_common and words.lower[before] not in function_words() and before > low:
                return before
        return first

    def _country_in(self, first: int, last: int) -> str | None:
        for at in range(first, last):
            match = self.known.get(at)
            if match is not None and match.entry.country and match.entry.rule in {"country", "demonym"}:
                return match.entry.country
        return None

    def _plain(self, first: int, run: Run) -> tuple[Name | None, int]:
        """Type a sequence that has neither head word nor listed name at its start."""
        words, lex = self.words, self.lex
        last = self._plain_end(first, run)
        size = last - first
        role = self.role_before.get(first)
        text = words.text[first]
        if self._follows(last, lex.loc_lower_heads) and not (text in lex.given and size > 1):
            return Name(first, last, "LOC", 0.7, "place_noun_behind"), last
        if self._follows(last, lex.law_lower_heads) and size == 1:
            return Name(first, last + 1, "LAW", 0.6, "name_and_agreement"), last
        if self._follows(last, lex.org_lower_heads) and text not in lex.given:
            return Name(first, last, "ORG", 0.6, "organization_noun_behind"), last
        if size == 1 and text.isupper() and len(text) > 1:
            return self._acronym(first, run), last
        if role is not None:
            return Name(first, last, "PERSON", 0.9, "role_before", gender=role.gender, role=role), last
        if text in lex.given and size > 1:
            confidence = 0.9 if words.lower[last - 1] not in lex.common else 0.6
            return Name(first, last, "PERSON", confidence, "given_name", gender=self.gender(text)), last
        return self._unsure(first, last, run), last

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

    def _acronym(self, first: int, run: Run) -> Name | None:
        text = self.words.text[first]
        if len(text) > _ACRONYM or text in self.lex.not_org or run.heading:
            return None
        return Name(first, first + 1, "ORG", 0.6, "acronym", sure=not run.initial)

    def _unsure(self, first: int, last: int, run: Run) -> Name | None:
        words, lex = self.words, self.lex
        size = last - first
        lowers = words.lower[first:last]
        common = sum(word in lex.common for word in lowers)
        before = words.lower[first - 1] if first > 0 else ""
        if size == 1:
            if common and run.initial:
                return None
            kind: EntityType = "LOC" if before in _IN else "MISC"
            return Name(first, last, kind, 0.4, "capital_alone", sure=False)
        if before in _IN and not common:
            return Name(first, last, "LOC", 0.5, "preposition_of_place", sure=False)
        if common == 0 and size <= _LONGEST_NAME:
            return Name(first, last, "PERSON", 0.55, "capitals", sure=False)
        return Name(first, last, "MISC", 0.35, "capitals_with_common_words", sure=False)
