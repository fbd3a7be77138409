"""What word order says of a tree where the parser is seldom right: names as subjects, objects; auxiliaries.

English is strict here: a name right behind an active verb, with no preposition, is its object; one right
before a verb without another subject is its subject; a modal belongs to the next verb. Trees stay trees.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tasks.extract.timex.words import lexicon

if TYPE_CHECKING:
    from spacy.tokens import Doc

_DEEPEST = 60
_BEFORE_NOUNS = frozenset({"amod", "compound", "nummod"})
_IN_PHRASE = frozenset({"ADJ", "NOUN", "PROPN", "NUM"})
_NOMINAL = frozenset({"NOUN", "PROPN"})
_VERBAL = frozenset({"VERB", "AUX"})
_SUBJECTS = frozenset({"nsubj", "nsubj:pass", "csubj", "nsubj:outer"})
_LOOSE = frozenset(
    {"obl", "nmod", "nmod:desc", "list", "dep", "compound", "appos", "vocative", "nmod:unmarked"}
)
_JOINING = frozenset({"and", "or", "&"})
_INSIDE = frozenset({"DET", "ADJ", "NUM", "ADV"})
_LONGEST = 8
"""Words of a noun phrase up to its head."""
_BETWEEN = frozenset({"ADV", "PART", "AUX"})


class Repair:
    """The heads and relations of a doc, mended."""

    def __init__(self, doc: Doc) -> None:
        self.heads = [token.head.i for token in doc]
        self.deps = [token.dep_ for token in doc]
        self.pos = [token.pos_ for token in doc]
        self.tags = [token.tag_ for token in doc]
        self.words = [token.lower_ for token in doc]
        self.kids: list[list[int]] = [[] for _ in self.heads]
        for token, head in enumerate(self.heads):
            if head != token:
                self.kids[head].append(token)

    def mend(self) -> None:
        """Mend in place; linear in the words."""
        self._phrases()
        for token, pos in enumerate(self.pos):
            if pos == "ADP" and self.deps[token] in {"case", "mark"}:
                self._preposition(token)
        for token, word in enumerate(self.words):
            if word in _JOINING:
                self._joined(token)
        for token, pos in enumerate(self.pos):
            if pos in _NOMINAL:
                self._crossing(token)
        for token, pos in enumerate(self.pos):
            if pos == "AUX" and self.tags[token] == "MD":
                self._modal(token)
            elif pos == "VERB":
                self._subject(token)
                self._object(token)

    def _preposition(self, token: int) -> None:
        """A preposition belongs to the noun phrase behind it."""
        behind = self._noun_behind(token)
        if behind is not None and self.heads[token] < token:
            self._hang(token, behind, "case")

    def _noun_behind(self, token: int) -> int | None:
        """Return the highest noun of the phrase that begins right behind a token."""
        nouns = []
        for one in range(token + 1, min(token + 1 + _LONGEST, len(self.heads))):
            if self.pos[one] in _NOMINAL:
                nouns.append(one)
            elif self.pos[one] not in _INSIDE and self.deps[one] != "nmod:poss":
                break
        inside = set(nouns)
        return next((one for one in nouns if self.heads[one] not in inside), None)

    def _joined(self, token: int) -> None:
        """`France and Spain signed`: what stands on both sides of `and`, before a verb, is one subject."""
        left = token - 1
        right = self._noun_behind(token)
        if left < 0 or right is None or self.pos[left] not in _NOMINAL or self.deps[right] == "conj":
            return
        while self.deps[left] in {"flat", "compound"} and self.heads[left] < left:
            left = self.heads[left]
        head = self.heads[left]
        stray = self.heads[right] == head or self.heads[right] > right
        if stray and self._hang(right, left, "conj"):
            self._hang(token, right, "cc")
            if head > right and self.pos[head] == "VERB" and not self._has_case(left):
                self.deps[left] = "nsubj"

    def _crossing(self, token: int) -> None:
        """A noun that hangs from one beyond their verb hangs from the verb, or from what is on its side."""
        head = self.heads[token]
        if self.pos[head] == "VERB" and token < head and self.deps[token] in {"obl", "nmod"}:
            self._beside_subject(token, head)
            return
        verb = self.heads[head]
        if self.pos[verb] != "VERB" or head == verb or not min(head, token) < verb < max(head, token):
            return
        if self.deps[token] == "conj" and self.pos[head] in _NOMINAL and token < verb:
            return
        case = self._has_case(token)
        if token > verb:
            if case:
                self._hang(token, verb, "obl")
            elif self._noun_behind(verb) == token and not any(self.deps[k] == "obj" for k in self.kids[verb]):
                self._hang(token, verb, "obj")
        elif case:
            before = min(kid for kid in self.kids[token] if self.deps[kid] == "case") - 1
            if before >= 0 and self.pos[before] in _NOMINAL:
                self._hang(token, before, "nmod")
        elif not any(self.deps[kid] in _SUBJECTS for kid in self.kids[verb]) and not self._is_time(token):
            self._hang(token, verb, "nsubj")

    def _beside_subject(self, token: int, verb: int) -> None:
        """`demonstrators in Baghdad blocked`: what stands between subject and verb is part of the subject."""
        cases = [kid for kid in self.kids[token] if self.deps[kid] == "case"]
        before = min(cases, default=0) - 1
        if before >= 0 and self.heads[before] == verb and self.deps[before] in _SUBJECTS:
            self._hang(token, before, "nmod")

    def _hang(self, token: int, head: int, dep: str) -> bool:
        """Hang a token anew, unless it is above its new head."""
        above = head
        for _ in range(_DEEPEST):
            if above == token:
                return False
            if self.heads[above] == above:
                break
            above = self.heads[above]
        else:
            return False
        old = self.heads[token]
        if old != head:
            if token in self.kids[old]:
                self.kids[old].remove(token)
            self.kids[head].append(token)
            self.kids[head].sort()
        self.heads[token], self.deps[token] = head, dep
        return True

    def _phrases(self) -> None:
        """What stands before a noun belongs to it: `Irish nationalist guerrillas`."""
        last = -1
        for token in range(len(self.heads) - 1, -1, -1):
            if self.pos[token] not in _IN_PHRASE:
                last = -1
            elif last < 0 and self.pos[token] in _NOMINAL:
                last = token
            elif self.deps[token] in _BEFORE_NOUNS and last >= 0 and not token < self.heads[token] <= last:
                self._hang(token, last, self.deps[token])

    def _modal(self, token: int) -> None:
        for verb in range(token + 1, min(token + 5, len(self.heads))):
            if self.pos[verb] == "VERB" or (self.pos[verb] == "AUX" and self.deps[verb] == "cop"):
                if self.heads[token] != verb and self.pos[verb] == "VERB":
                    self._hang(token, verb, "aux")
                return
            if self.pos[verb] not in _BETWEEN:
                return

    def _subject(self, verb: int) -> None:
        """Give a finite verb the name right before it: `Kenyan police arrested Juma Otieno`."""
        if self.tags[verb] in {"VBG", "VB"} or any(self.deps[kid] in _SUBJECTS for kid in self.kids[verb]):
            if self.tags[verb] != "VB" or not any(self.tags[kid] == "MD" for kid in self.kids[verb]):
                return
            if any(self.deps[kid] in _SUBJECTS for kid in self.kids[verb]):
                return
        loose = [k for k in self.kids[verb] if k < verb and self.deps[k] == "obl" and self.pos[k] in _NOMINAL]
        bare = [kid for kid in loose if not self._has_case(kid) and not self._is_time(kid)]
        if bare:
            self.deps[bare[0]] = "nsubj"
            return
        before = verb - 1
        while before >= 0 and self.pos[before] in _BETWEEN and self.pos[before] != "PART":
            before -= 1
        if before < 0 or self.pos[before] not in _NOMINAL:
            return
        noun = self._top(before, verb)
        if noun is None or self._has_case(noun) or self._is_time(noun) or self.deps[noun] == "conj":
            return
        if self.heads[noun] < verb and self.heads[noun] != noun:
            return
        passive = any(self.deps[kid] == "aux:pass" for kid in self.kids[verb])
        self._hang(noun, verb, "nsubj:pass" if passive else "nsubj")

    def _object(self, verb: int) -> None:
        """Give a verb the name right behind it: `arrested Juma Otieno`, `will visit Riga`."""
        if self.deps[verb] in {"amod", "aux"} or any(
            self.deps[kid] in {"obj", "aux:pass"} for kid in self.kids[verb]
        ):
            return
        first = verb + 1
        while first < len(self.heads) and (self.pos[first] == "DET" or self.deps[first] == "nmod:poss"):
            first += 1
        last = first
        while last < len(self.heads) and self.pos[last] in _IN_PHRASE:
            last += 1
        names = [token for token in range(first, last) if self.pos[token] in _NOMINAL]
        for noun in names:
            if self.heads[noun] == verb and self.deps[noun] in _LOOSE:
                if not self._has_case(noun) and not self._is_time(noun):
                    self.deps[noun] = "obj"
                return

    def _top(self, token: int, verb: int) -> int | None:
        """Return the highest word of the phrase that ends at a token, before the verb."""
        for _ in range(_DEEPEST):
            head = self.heads[token]
            if head == token or head >= verb or self.pos[head] not in _NOMINAL:
                return token
            token = head
        return None

    def _has_case(self, noun: int) -> bool:
        return any(self.deps[kid] == "case" and kid < noun for kid in self.kids[noun])

    def _is_time(self, noun: int) -> bool:
        known = lexicon()
        low = self.words[noun]
        return low in known.weekdays or low in known.months or low in known.units or low in known.dayparts


def mended(doc: Doc) -> tuple[list[int], list[str]]:
    """Return heads and relations; the head of a root is itself, its relation `root`."""
    repair = Repair(doc)
    repair.mend()
    deps = ["root" if head == token else repair.deps[token] for token, head in enumerate(repair.heads)]
    return repair.heads, deps
