# ruff: noqa: RUF001 - typographic marks as they stand in news
"""Whether an event happened: past, planned, hypothetical or denied, by the words over and beside its trigger.

None stands for neither: habits, definitions, instructions, and what the words leave open.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from tasks.extract.event.lexicon import lexicon
from tasks.extract.event.tree import HIGHEST, SUBJECTS
from tasks.extract.event.triggers import light_verb

if TYPE_CHECKING:
    from tasks.extract.event.tree import Tree
    from tasks.extract.event.triggers import Trigger

Status = Literal["past", "planned", "hypothetical", "denied"]
_HAVE = frozenset({"have", "has", "had", "having", "'ve", "’ve", "'d", "’d"})
_WAS = frozenset({"was", "were", "been", "being"})
_HOLDS_ANYWAY = frozenset({"criticism", "support", "rejection"})
"""Condemning, praising and mourning presuppose what is condemned."""


class Statuses:
    """Tells the status of triggers. `headline(token)`: the token stands in a title or heading."""

    def __init__(self, tree: Tree, headline: set[int]) -> None:
        self.tree = tree
        self.headline = headline
        lex = lexicon()
        self.classes, self.operators = lex.classes, lex.operators

    def of(self, trigger: Trigger) -> Status | None:
        """Return the status of the event that a trigger names."""
        is_word = trigger.kind.is_word
        if trigger.verb == trigger.head:
            status = self.clause(trigger.head, is_word=is_word)
            thing = trigger.thing
            none = thing is not None and any(self.tree.words[kid] == "no" for kid in self.tree.kids[thing])
            return "denied" if none and status is not None else status
        beside = self._beside(trigger.head)
        if beside is not None:
            return beside
        if trigger.verb is not None:
            return self.clause(trigger.verb, is_word=is_word)
        return self._of_noun(trigger.head)

    # --- verbs

    def clause(self, verb: int, *, is_word: bool = False, deep: int = HIGHEST) -> Status | None:  # noqa: PLR0911 - one a form
        """Return whether what a verb says happened."""
        if deep == 0:
            return None
        tree, words = self.tree, self.tree.words
        kids = tree.kids[verb]
        aux = {words[kid] for kid in kids if tree.deps[kid] in {"aux", "aux:pass", "cop"}}
        denied = self._negated(verb)
        if any(
            words[kid] in self.classes["conditional"] and tree.deps[kid] in {"mark", "advmod", "aux"}
            for kid in kids
            if kid < verb and words[kid] != "should"
        ):
            return "hypothetical"
        if aux & self.classes["future"]:
            return "denied" if denied else "planned"
        if "would" in aux and self._reported_will(verb):
            return "denied" if denied else "planned"
        if aux & self.classes["modal"] and not (aux & {"'d", "’d"} and tree.tags[verb] == "VBN"):
            return "denied" if denied else "hypothetical"
        status = self._unmodal(verb, aux, is_word=is_word, deep=deep)
        if denied:
            return "denied" if status in {"past", None} else status
        return status

    def _reported_will(self, verb: int) -> bool:
        """Say whether `would` is the `will` of a speaker about themselves: `NATO said it would ...`."""
        tree = self.tree
        head = tree.heads[verb]
        if tree.deps[verb] != "ccomp" or tree.words[head] not in self.classes["speaking"]:
            return False
        if any(tree.case(kid) & {"if", "unless"} for kid in tree.children(verb, "advcl")):
            return False
        subject = tree.subject(verb)
        return subject is not None and tree.words[subject] in self.classes["returning"]

    def _unmodal(self, verb: int, aux: set[str], *, is_word: bool, deep: int) -> Status | None:  # noqa: PLR0911 - one a form
        tree = self.tree
        dep, tag, head = tree.deps[verb], tree.tags[verb], tree.heads[verb]
        marks = {tree.words[kid] for kid in tree.children(verb, "mark", "case")}
        if "to" in marks:
            return self._infinitive(verb, head, deep=deep)
        if tag == "VBG" and not aux:
            return self._gerund(verb, marks, deep=deep)
        if tag == "VBN" and not aux:
            return self._participle(verb, deep=deep)
        if tag == "VB" and "did" not in aux:
            return self.clause(head, deep=deep - 1) if dep == "conj" and not self._own_subject(verb) else None
        over = self._over(verb) if dep == "ccomp" else None
        if over in {"hypothetical", "denied"}:
            return over
        if any(tree.words[kid] in self.classes["habitual"] for kid in tree.children(verb, "advmod")):
            return None
        if tag == "VBD" or "did" in aux or aux & _HAVE or aux & _WAS or tag == "VBG":
            return "past"
        if tag in {"VBZ", "VBP", "VBN"} and (is_word or verb in self.headline):
            return "past"
        return None

    def _infinitive(self, verb: int, head: int, *, deep: int) -> Status | None:  # noqa: PLR0911 - one a use
        """Return what the word over `to meet` says of it."""
        tree, dep = self.tree, self.tree.deps[verb]
        if dep == "conj":
            return self._infinitive(head, tree.heads[head], deep=deep - 1) if deep > 1 else None
        if tree.pos[head] in {"ADJ", "ADV"}:
            word = tree.words[head]
            if word in self.classes["planned_words"]:
                return "denied" if self._negated(head) else "planned"
            return "hypothetical" if word in {"possible", "able", "unlikely", "willing", "eager"} else None
        if tree.pos[head] in {"NOUN", "PROPN"}:
            if dep == "acl":
                named = self._noun_over(head)
                return named or ("planned" if light_verb(tree, head) == verb else None)
            return None
        over = self._over(verb)
        if over is not None:
            own = self.clause(head, is_word=True, deep=deep - 1)
            if own == "denied" and over == "denied":
                return None
            return own if own in {"denied", "hypothetical"} else over
        if dep == "xcomp" and tree.is_one_of(head, self.operators["happened"]):
            return self.clause(head, deep=deep - 1)
        if tree.words[head] in self.operators["moving"].words:
            own = self.clause(head, deep=deep - 1)
            return "planned" if own in {"past", "planned"} else own
        return None

    def _gerund(self, verb: int, marks: set[str], *, deep: int) -> Status | None:
        tree = self.tree
        dep, head = tree.deps[verb], tree.heads[verb]
        if "without" in marks:
            return "denied"
        if marks & {"after", "while", "when", "since", "by"} or (not marks and dep in {"advcl", "conj"}):
            return self.clause(head, is_word=True, deep=deep - 1)
        if marks:
            return None
        if dep in {"xcomp", "ccomp"}:
            over = self._over(verb)
            if over is not None:
                return over
            happened = tree.is_one_of(head, self.operators["happened"])
            return self.clause(head, deep=deep - 1) if happened else None
        return "past" if dep in {"acl", "root"} else None

    def _participle(self, verb: int, *, deep: int) -> Status | None:
        tree = self.tree
        dep, head = tree.deps[verb], tree.heads[verb]
        if dep == "conj" and not self._own_subject(verb):
            return self.clause(head, is_word=True, deep=deep - 1)
        return "past" if dep in {"acl", "root", "advcl", "conj", "parataxis", "ccomp"} else None

    def _own_subject(self, verb: int) -> bool:
        return any(self.tree.deps[kid] in SUBJECTS for kid in self.tree.kids[verb])

    def _over(self, verb: int) -> Status | None:
        """Return what the verb above says of what it governs: `plans to`, `denied that`."""
        head = self.tree.heads[verb]
        if head == verb:
            return None
        names: tuple[Status, ...] = ("denied", "planned", "hypothetical")
        return next((name for name in names if self.tree.is_one_of(head, self.operators[name])), None)

    def _negated(self, token: int) -> bool:
        tree, words = self.tree, self.tree.words
        for kid in tree.kids[token]:
            only = kid + 1 < len(words) and words[kid + 1] in {"only", "just"}
            if words[kid] in self.classes["negators"] and tree.deps[kid] in {"advmod", "cc", "cc:preconj"}:
                if not only:
                    return True
            elif tree.deps[kid] in SUBJECTS:
                none = {kid, *tree.children(kid, "det", "cc:preconj")}
                if any(words[one] in self.classes["no_subject"] for one in none):
                    return True
        return False

    # --- nouns

    def _beside(self, noun: int) -> Status | None:
        """Return what the words beside a noun say: `planned`, `possible`, `no`."""
        tree, words = self.tree, self.tree.words
        for kid in tree.children(noun, "amod", "det", "advmod"):
            word = words[kid]
            if word == "no":
                return "denied"
            for name in ("denied", "planned", "hypothetical"):
                if word in self.classes[f"{name}_words"] and tree.deps[kid] != "advmod":
                    return name
        return None

    def _noun_over(self, noun: int) -> Status | None:
        word = self.tree.words[noun]
        names: tuple[Status, ...] = ("denied", "planned", "hypothetical")
        return next((name for name in names if word in self.classes[f"{name}_nouns"]), None)

    def _of_noun(self, noun: int) -> Status | None:
        """Return the status of a noun without a light verb."""
        tree = self.tree
        definite = self.definite(noun)
        for _ in range(HIGHEST):
            head, dep = tree.heads[noun], tree.deps[noun]
            if head == noun or dep not in {"nmod", "conj", "appos", "nmod:unmarked"}:
                break
            if tree.pos[head] in {"VERB", "AUX"}:
                break
            found = self._noun_over(head) or self._beside(head)
            if found is not None and dep == "nmod":
                return found
            noun = head
        head, dep = tree.heads[noun], tree.deps[noun]
        if head == noun or tree.pos[head] not in {"VERB", "AUX", "ADJ"}:
            return "past" if definite and noun not in self.headline else None
        return self._governed(noun, dep, head, definite=definite)

    def _governed(  # noqa: PLR0911 - one a construction
        self, noun: int, dep: str, head: int, *, definite: bool
    ) -> Status | None:
        tree, lex = self.tree, lexicon()
        case = tree.case(noun)
        if case & {"without", "despite"}:
            return "denied" if "without" in case else None
        if dep in {"obj", "nsubj:pass", "obl"} and (dep != "obl" or self._frame_noun(head, noun)):
            over = self._over(noun)
            if over is not None and (over != "hypothetical" or not definite):
                return None if self._negated(head) else over
        if definite:
            return "past"
        clause = self.clause(head, is_word=True)
        if clause in {"hypothetical", "planned"}:
            return clause
        if dep == "obl" and case & self.classes["joined"]:
            return clause
        if dep in {"obj", "obl"} and clause == "past":
            kinds = {entry.kind.name for entry in lex.verbs.get(tree.words[head], ())}
            return "past" if kinds & _HOLDS_ANYWAY else None
        return clause if dep in {"nsubj", "nsubj:pass"} and clause == "past" else None

    def _frame_noun(self, verb: int, noun: int) -> bool:
        uses = (
            rest
            for name in ("denied", "planned", "hypothetical")
            for rest in self.operators[name].words.get(self.tree.words[verb], ())
        )
        return any(rest and self.tree.complement(verb, rest)[1] == noun for rest in uses)

    def definite(self, noun: int) -> bool:
        """Say whether a noun stands for something known: `the attack`, `his recent visit`."""
        tree = self.tree
        return any(
            tree.deps[kid] == "nmod:poss" or tree.words[kid] in self.classes["definite"]
            for kid in tree.children(noun, "det", "nmod:poss", "amod")
        )
