# ruff: noqa: RUF001, RUF002 - typographic marks as they stand in news
"""Names that their head word decides: `Atlantic Council`, `Bank of England`, `Mount Etna`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tasks.extract.lexicon import lexicon
from tasks.extract.name.runs import Name, Run, function_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tasks.extract.lexer import Words
    from tasks.extract.name.roles import KnownAt, RolePhrase
    from worker.record import EntityType

_OF = frozenset({"of", "for", "on"})
_WITH_ON = frozenset(
    [
        "Committee",
        "Commission",
        "Council",
        "Conference",
        "Convention",
        "Treaty",
        "Declaration",
        "Agreement",
        "Institute",
        "Center",
        "Centre",
        "Act",
        "Forum",
        "Summit",
    ]
)
_BATTLES = frozenset({"Battle", "Siege", "Treaty", "Declaration", "Convention", "Charter", "Act", "Statute"})
_GENERIC_ENDINGS = ("al", "ing", "ure", "ment", "ity", "ion", "ance", "ence", "ics", "ism", "try")
_PLAIN_APOSTROPHES = frozenset({"'", "’"})
_APOSTROPHES = _PLAIN_APOSTROPHES | {"'s", "’s"}
_DOERS = ("ers", "ors", "ists", "ants", "ents", "women", "men", "children")
_LONGEST_PREFIXED = 4
_LONGEST_EXTENSION = 16
"""Words behind the head word."""


class HeadWords:
    """What the rules for one article look at, and the rules for head words."""

    def __init__(
        self, words: Words, known: list[KnownAt], roles: list[RolePhrase], blocked: Sequence[bool]
    ) -> None:
        self.words = words
        self.blocked = blocked
        self.here = frozenset(word for word, cap in zip(words.lower, words.cap, strict=True) if not cap)
        self.known = {match.first: match for match in known}
        self.role_at = {i: role for role in roles for i in range(role.start, role.last)}
        self.role_before = {role.reach: role for role in roles} | {role.last: role for role in roles}
        self.lex = lexicon()
        self.found: list[Name] = []
        self.heads = (
            self.lex.org_heads
            | self.lex.fac_heads
            | self.lex.law_heads
            | self.lex.event_heads
            | self.lex.loc_heads
        )

    def common(self, at: int) -> bool:
        """Whether a word is an everyday word: listed, or written small elsewhere in this article."""
        return self.words.lower[at] in self.lex.common or self.words.lower[at] in self.here

    def headed(self, first: int, run: Run) -> Name | None:
        """Return the name from `first` that a head word decides, the longest first."""
        words, lex = self.words, self.lex
        role = self.role_at.get(first)
        if role is not None and role.head < first:  # `Energy` in `Minister of Energy`
            return None
        last = self._past_apostrophe(run.last)
        for end in range(last, first, -1):
            tail = words.text[end - 1]
            if end == first + 1 and (prefixed := self._org_prefix(first, run)) is not None:
                return prefixed
            if tail not in self.heads or self._has_role(first, end):
                continue
            if end > run.last and tail not in lex.org_heads:
                continue
            kind = self._kind(tail, end - first)
            if kind is not None:
                return self._with_head(first, end, kind, at_end=end == last)
        if words.text[first] in lex.loc_prefixes and last - first in {2, 3}:
            return Name(first, last, "LOC", 0.8, "place_prefix")
        if words.text[first] in lex.event_prefixes and last - first > 1:
            return Name(first, last, "EVENT", 0.8, "event_prefix")
        return None

    def _org_prefix(self, first: int, run: Run) -> Name | None:
        """`Radio Nord`, `Museum of Toys`: the first word decides."""
        words, lex = self.words, self.lex
        if words.text[first] in lex.org_of_prefixes and words.lower[first + 1 : first + 2] == ["of"]:
            last = self._of_extension(first + 1, "ORG")
            return Name(first, last, "ORG", 0.75, "organization_prefix") if last > first + 1 else None
        particle = first + 2 < run.last and words.lower[first + 1] in lex.particles
        second = first + 2 if particle else first + 1
        named = second < run.last and not self.common(second) and second not in self.role_at
        if words.text[first] in lex.org_prefixes and named and not run.heading:
            last = min(run.last, first + _LONGEST_PREFIXED)
            return Name(first, last, "ORG", 0.75, "organization_prefix")
        return None

    def _past_apostrophe(self, last: int) -> int:
        """Return the word past `Dockers’ Union` for a run that the apostrophe ended; else `last`."""
        words = self.words
        if last + 1 >= len(words) or words.text[last] not in _APOSTROPHES or not words.cap[last + 1]:
            return last
        if words.start[last] != words.end[last - 1] or words.sentence[last + 1] != words.sentence[last - 1]:
            return last
        owner = words.lower[last - 1]
        many = owner.endswith("s") if words.text[last] in _PLAIN_APOSTROPHES else not owner.endswith("s")
        if not many or not (self.common(last - 1) or owner.endswith(_DOERS)) or last - 1 in self.known:
            return last
        return self._caps_end(last + 1, min(len(words), last + 1 + _LONGEST_PREFIXED))

    def _with_head(self, first: int, end: int, kind: EntityType, *, at_end: bool) -> Name | None:
        tail = self.words.text[end - 1]
        last = self._of_extension(end, kind) if at_end else end
        if end - first == 1 and last == end:
            alone = tail in self.lex.org_alone and self._not_initial(first)
            return Name(first, end, "ORG", 0.7, "head_word_alone") if alone else None
        begin = self._and_extension(first)
        return Name(begin, last, kind, 0.8, f"head_word:{tail}", self._country_in(first, last))

    def _has_role(self, first: int, end: int) -> bool:
        """Whether an office ends a name in these words: `Acme Chairman`, but not `General Assembly`."""
        if end - first == 1:
            return False
        for at in range(first, end):
            role = self.role_at.get(at)
            if role is None or role.last > end:
                continue
            one_word = role.head == role.start and role.last - role.start == 1
            if role.last == end or not one_word:
                return True
        return False

    def _kind(self, tail: str, size: int) -> EntityType | None:
        lex = self.lex
        if tail in lex.org_heads:
            return "ORG"
        kinds: list[tuple[frozenset[str], EntityType]] = []
        if size > 1 or tail in _BATTLES:
            kinds += [(lex.law_heads, "LAW"), (lex.event_heads, "EVENT")]
        if size > 1:
            kinds += [(lex.fac_heads, "FAC"), (lex.loc_heads, "LOC")]
        return next((kind for heads, kind in kinds if tail in heads), None)

    def _not_initial(self, first: int) -> bool:
        return first > self.words.sentences[self.words.sentence[first]][0] or first in self.known

    def _of_extension(self, end: int, kind: EntityType) -> int:
        """Return the word past `of ...`, `for ... and ...` behind a head word."""
        words = self.words
        if kind not in {"ORG", "LAW", "EVENT"} or end + 1 >= len(words) or words.lower[end] not in _OF:
            return end
        if words.lower[end] == "on" and words.text[end - 1] not in _WITH_ON:
            return end
        limit = min(words.sentences[words.sentence[end - 1]][1], end + _LONGEST_EXTENSION)
        at = end + 1
        if at < limit and words.lower[at] == "the":
            at += 1
        stop = self._caps_end(at, limit)
        if stop == at:
            return end
        while stop + 1 < limit and words.lower[stop] in {"and", "of"} and words.cap[stop + 1]:
            if words.lower[stop] == "and" and self._is_new_name(stop + 1):
                break
            stop = self._caps_end(stop + 1, limit)
        return stop

    def _is_new_name(self, at: int) -> bool:
        text = self.words.text[at]
        honorific = text.lower().rstrip(".") in self.lex.honorifics
        return at in self.known or text in self.lex.given or honorific or text.isupper()

    def _caps_end(self, at: int, limit: int) -> int:
        end = at
        while end < limit and self.words.cap[end] and not self.blocked[end]:
            role = self.role_at.get(end)
            if role is not None and role.start == end and end > at:
                break
            end += 1
        return end

    def _and_extension(self, first: int) -> int:
        """Return the first word of `Food and Drug Administration` from `Drug`; drops the name `Food`."""
        words = self.words
        low = words.sentences[words.sentence[first]][0]
        before = first - 2
        if before <= low or words.lower[first - 1] != "and" or not words.cap[before]:
            return first
        generic = self.common(before) or words.lower[before].endswith(_GENERIC_ENDINGS)
        if not generic or words.lower[before] in function_words() or before in self.role_at:
            return first
        if self.found and self.found[-1].last > before:
            if self.found[-1].sure:
                return first
            before = self.found.pop().first
        return before

    def _country_in(self, first: int, last: int) -> str | None:
        for at in range(first, last):
            match = self.known.get(at)
            if match is not None and match.entry.country and match.entry.rule in {"country", "demonym"}:
                return match.entry.country
        return None
