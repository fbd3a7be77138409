"""The syntax of an article as plain lists, and small questions about it; each answer takes bounded time.

Relations are those of Universal Dependencies. A word's children are cut off after `MOST`, and nobody climbs
more than `HIGHEST` steps, so that a hostile tree costs no more than a plain one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tasks.extract.timex.words import lexicon

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spacy.tokens import Doc

    from tasks.extract.event.lexicon import Operators

MOST = 40
HIGHEST = 8
SUBJECTS = frozenset({"nsubj", "nsubj:pass", "nsubj:outer", "csubj"})
OBJECTS = frozenset({"obj", "iobj"})
NOMINAL = frozenset({"nmod", "nmod:poss", "nmod:unmarked", "nmod:desc", "appos", "flat", "compound", "conj"})
CLAUSES = frozenset(
    {"root", "ccomp", "xcomp", "advcl", "advcl:relcl", "acl", "acl:relcl", "conj", "parataxis", "csubj"}
)
RELATIVES = frozenset({"who", "which", "that", "whom"})


@dataclass(frozen=True, slots=True)
class Tree:
    """Lists with one item a token. `words` are lower case; the head of a root is itself."""

    words: list[str]
    tags: list[str]
    pos: list[str]
    deps: list[str]
    heads: list[int]
    kids: list[list[int]]
    starts: list[int]
    ends: list[int]

    def children(self, token: int, *deps: str) -> Iterator[int]:
        """Yield the children with one of these relations, in order."""
        return (kid for kid in self.kids[token] if self.deps[kid] in deps)

    def is_verb(self, token: int) -> bool:
        """Say whether a token is a verb that heads a clause."""
        return self.pos[token] in {"VERB", "AUX"} and self.deps[token] in CLAUSES

    def case(self, token: int) -> frozenset[str]:
        """Return the prepositions of a noun, or what introduces a clause."""
        return frozenset(self.words[kid] for kid in self.children(token, "case", "mark") if kid < token)

    def conjuncts(self, token: int) -> Iterator[int]:
        """Yield a word and those joined to it."""
        yield token
        yield from self.children(token, "conj")

    def is_bare_object(self, token: int) -> bool:
        """Say whether a noun that the parser calls oblique is an object: `will visit Riga`.

        It stands right behind its active verb without a preposition, and is no time.
        """
        verb, known = self.heads[token], lexicon()
        if self.deps[token] != "obl" or self.pos[verb] != "VERB" or token < verb or self.case(token):
            return False
        word, times = self.words[token], (known.weekdays, known.months, known.units, known.dayparts)
        if any(word in table for table in times):
            return False
        own = {*self.children(token, "det", "amod", "compound", "nmod:poss", "nmod:desc", "nummod")}
        if any(other not in own for other in range(verb + 1, token)):
            return False
        return not any(self.deps[kid] in {"obj", "aux:pass"} for kid in self.kids[verb])

    def is_passive(self, verb: int) -> bool:
        """Say whether the subject of a verb is the one it is done to."""
        if any(self.deps[kid] in {"nsubj:pass", "aux:pass"} for kid in self.kids[verb]):
            return True
        if self.tags[verb] != "VBN":
            return False
        if self.deps[verb] == "acl":
            return True
        own = any(self.deps[kid] in {*SUBJECTS, "aux", "obj"} for kid in self.kids[verb])
        head = self.heads[verb]
        return self.deps[verb] == "conj" and not own and head != verb and self._has_passive(head)

    def _has_passive(self, verb: int) -> bool:
        return any(self.deps[kid] in {"nsubj:pass", "aux:pass"} for kid in self.kids[verb])

    def subject(self, verb: int) -> int | None:
        """Return the head of a verb's subject, also where it stands with the verb above."""
        for _ in range(HIGHEST):
            own = self._own_subject(verb)
            dep, head = self.deps[verb], self.heads[verb]
            if own is not None:
                relative = self.words[own] in RELATIVES and dep in {"acl:relcl", "advcl:relcl"}
                return head if relative else own
            if dep == "acl" and self.tags[verb] in {"VBG", "VBN"}:
                return head
            if dep == "xcomp" and (given := next(self.children(head, "obj", "iobj"), None)) is not None:
                return given
            if dep == "acl":  # plans to meet: whose plans they are
                head = self._verb_over(head)
            elif dep not in {"conj", "xcomp", "advcl"}:
                return None
            if head == verb or self.pos[head] not in {"VERB", "AUX", "ADJ"}:
                return None
            verb = head
        return None

    def _own_subject(self, verb: int) -> int | None:
        """Return the subject that hangs from a verb, or in front of it from a word that hangs from it.

        Of several the one next to the verb: parsers hang `thousands` and `Kurds` of one phrase side by side.
        """
        own = [kid for kid in self.kids[verb] if self.deps[kid] in SUBJECTS]
        before = [kid for kid in own if kid < verb]
        if own:
            return max(before) if before else own[0]
        below = (kid for kid in self.kids[verb] if kid > verb and self.deps[kid] in {"advcl", "obj", "obl"})
        stray = [one for kid in below for one in self.kids[kid] if one < verb and self.deps[one] in SUBJECTS]
        return max(stray, default=None)

    def _verb_over(self, noun: int) -> int:
        return self.heads[noun] if self.deps[noun] in {"obj", "obl"} else noun

    def complement(self, verb: int, rest: tuple[str, ...]) -> tuple[bool, int | None]:
        """Say whether the words `rest` belong to a verb, and which child they introduce, if one."""
        if not rest:
            return True, None
        end = verb + 1 + len(rest)
        literal = tuple(self.words[verb + 1 : end]) == rest
        if len(rest) > 1 and not literal:
            return False, None
        last = rest[-1]
        for kid in self.kids[verb]:
            if (
                self.deps[kid] in {"obl", "nmod", "xcomp", "advcl", "ccomp", "obj", "obl:agent"}
                and kid > verb
            ):
                marks = (grandkid for grandkid in self.children(kid, "case", "mark") if grandkid < kid)
                if any(self.words[mark] == last for mark in marks):
                    return True, kid
        if literal:
            return True, None
        particles = self.children(verb, "compound:prt", "advmod", "xcomp")
        return any(self.words[kid] == last and kid > verb for kid in particles), None

    def is_one_of(self, verb: int, operators: Operators) -> bool:
        """Say whether a verb, with what belongs to it, is on a list."""
        uses = operators.words.get(self.words[verb], ())
        return any(self.complement(verb, rest)[0] for rest in uses)


def tree_of(doc: Doc) -> Tree:
    """Return the tree of a doc that has one."""
    heads = [token.head.i for token in doc]
    deps = ["root" if head == token else doc[token].dep_ for token, head in enumerate(heads)]
    kids: list[list[int]] = [[] for _ in heads]
    for token, head in enumerate(heads):
        if head != token and len(kids[head]) < MOST:
            kids[head].append(token)
    words = [token.lower_ for token in doc]
    tree = Tree(
        words,
        [token.tag_ for token in doc],
        [token.pos_ for token in doc],
        deps,
        heads,
        kids,
        [token.idx for token in doc],
        [token.idx + len(token) for token in doc],
    )
    for token in range(len(words)):
        if tree.is_bare_object(token):
            deps[token] = "obj"
    return tree
