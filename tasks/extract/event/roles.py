"""Who takes part in an event, as entities of the record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tasks.extract.event.lexicon import lexicon
from tasks.extract.event.triggers import BESIDE, clause_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tasks.extract.event.cast import Cast
    from tasks.extract.event.tree import Tree
    from tasks.extract.event.triggers import Trigger

_DEEP = 3
_LONGEST = 8
"""Tokens of a noun phrase that are looked at behind a preposition."""
_PHRASE = frozenset({"DET", "ADJ", "NOUN", "PROPN", "NUM"})
_INSIDE = frozenset({"amod", "compound", "nmod:poss", "nmod:desc"})
_WITH = frozenset({"with", "between", "among"})


class Roles:
    """Finds the participants of triggers of one article."""

    def __init__(self, tree: Tree, cast: Cast) -> None:
        self.tree = tree
        self.cast = cast
        self.classes = lexicon().classes
        self.crowds = self.classes["kin"] | self.classes["parts"]

    def of(self, trigger: Trigger) -> tuple[list[str], list[str]]:
        """Return entity ids: who, whom. Somebody is on one side only."""
        who, whom = self._heads(trigger)
        people = trigger.kind.people
        acting, acted_on = self._ids(who, people=people), self._ids(whom, people=people)
        if trigger.kind.is_word and not acted_on:
            acted_on = self._in_content(trigger)
        if trigger.kind.symmetric:
            return _unique([*acting, *acted_on]), []
        acting = _unique(acting)
        return acting, [one for one in _unique(acted_on) if one not in acting]

    def armed(self, trigger: Trigger) -> tuple[bool, bool]:
        """Say whether somebody with weapons is on either side: (who, whom)."""
        armed = self.classes["armed"]
        who, whom = ({self.tree.words[head] for head in heads} & armed for heads in self._heads(trigger))
        return bool(who), bool(whom)

    def parties(self, trigger: Trigger) -> int:
        """Return how many parties the words name, known to the record or not."""
        who, whom = self._heads(trigger)
        return sum(1 + sum(1 for _ in self.tree.children(head, "conj")) for head in {*who, *whom})

    def _in_content(self, trigger: Trigger) -> list[str]:
        """Return whom an act of saying is about: in what is asked, refused, promised, and its object."""
        tree = self.tree
        if trigger.verb is None:
            return []
        for kid in tree.children(trigger.verb, "obj", "xcomp", "ccomp", "advcl", "obl"):
            if tree.pos[kid] not in {"VERB", "AUX"}:
                heads = [
                    one
                    for one in tree.kids[kid]
                    if tree.deps[one] in {"amod", "compound", "nmod:poss"}
                    or (tree.deps[one] == "nmod" and tree.case(one) & {"from", "by", "with", "to", "against"})
                ]
            elif tree.deps[kid] != "advcl" or tree.case(kid) & {"to", "of", "for"}:
                heads = [
                    one for one in tree.kids[kid] if tree.deps[one] in {"nsubj", "nsubj:pass", "obj", "obl"}
                ]
            else:
                continue
            found = self._ids(head for head in heads if not tree.case(head) & {"in", "on", "at"})
            if found:
                return found
        return []

    def _heads(self, trigger: Trigger) -> tuple[list[int], list[int]]:
        who: list[int] = []
        whom: list[int] = []
        verb = trigger.verb
        if verb is not None:
            acts, is_done_to = self._of_verb(trigger, verb)
            who += acts
            whom += is_done_to
        if trigger.head != verb:
            acts, is_done_to = self._of_noun(trigger, trigger.head)
            who += acts
            whom += is_done_to
            if verb is None and trigger.kind.joined:
                who += self._joined(trigger.head)
        elif trigger.thing is not None:
            whom += self._under(trigger.thing, trigger)
        return who, whom

    def _of_verb(self, trigger: Trigger, verb: int) -> tuple[list[int], list[int]]:
        tree = self.tree
        subject = tree.subject(verb)
        is_noun = trigger.head != verb
        if tree.is_passive(verb):
            agents = list(tree.children(verb, "obl:agent"))
            agents += [kid for kid in tree.children(verb, "obl") if "by" in tree.case(kid)]
            patient = [subject] if subject is not None and not is_noun else []
        else:
            agents = [subject] if subject is not None and subject != trigger.head else []
            patient = [] if is_noun and subject != trigger.head else list(tree.children(verb, "obj", "iobj"))
            if trigger.kind.is_word:
                patient += [kid for kid in tree.children(verb, "xcomp") if tree.pos[kid] == "PROPN"]
            agents += self._speaker(verb, subject)
        if trigger.thing is not None:
            patient = [kid for kid in patient if kid != trigger.thing]
        if trigger.complement is not None and tree.pos[trigger.complement] not in {"VERB", "AUX"}:
            patient.append(trigger.complement)
        elif trigger.complement is None or not patient:
            patient += self._under(verb, trigger)
        return [head for head in agents if head != trigger.thing], patient

    def _speaker(self, verb: int, subject: int | None) -> list[int]:
        """Return who says that `it` did something: `Japan said it had halted aid`."""
        tree = self.tree
        if subject is None or subject in self.cast.actors:
            return []
        if tree.words[subject] not in self.classes["returning"] or tree.deps[verb] not in {"ccomp", "xcomp"}:
            return []
        head = tree.heads[verb]
        speaker = tree.subject(head) if tree.words[head] in self.classes["speaking"] else None
        return [] if speaker is None else [speaker]

    def _under(self, token: int, trigger: Trigger) -> list[int]:
        """Return the nouns under a word behind one of the kind's prepositions."""
        tree, by = self.tree, trigger.kind.whom_by
        return [kid for kid in tree.children(token, "obl", "nmod") if tree.case(kid) & by]

    def _of_noun(self, trigger: Trigger, noun: int) -> tuple[list[int], list[int]]:
        tree, kind = self.tree, trigger.kind
        who: list[int] = []
        whom: list[int] = []
        for kid in tree.kids[noun]:
            dep, case = tree.deps[kid], tree.case(kid)
            if dep in {"nmod:poss", "amod", "compound"}:
                who.append(kid)
            elif dep in {"nmod", "obl"} and (case & kind.whom_by):
                whom.append(kid)
            elif dep == "nmod" and "of" in case and kind.of:
                (who if kind.of == "who" else whom).append(kid)
            elif dep in {"nmod", "obl:agent"} and case & {"by", "from"}:
                who.append(kid)
        return who, whom or self._right_behind(noun, kind.whom_by)

    def _right_behind(self, noun: int, by: frozenset[str]) -> list[int]:
        """Return the noun phrase behind a preposition that stands right behind the trigger, however it hangs.

        `held a video call with Russian President Vladimir Putin`
        """
        tree, start = self.tree, noun + 1
        if start >= len(tree.words) or tree.words[start] not in by:
            return []
        for token in range(start + 1, min(start + 1 + _LONGEST, len(tree.words))):
            if tree.pos[token] not in _PHRASE:
                break
            own = self.cast.actors.get(token)
            if own is not None and tree.pos[token] in {"NOUN", "PROPN"} and tree.deps[token] not in _INSIDE:
                return [token]
        return []

    def _joined(self, noun: int) -> list[int]:
        """Return who speaks at a meeting, in an interview."""
        tree = self.tree
        clause, chain = clause_of(tree, noun)
        top = chain[-1]
        beside = tree.deps[top] in BESIDE and tree.deps[noun] in {"list", "nmod", "obl"}
        at = noun if beside else top
        if len(chain) > 2 or not (beside or tree.deps[top] == "obl"):  # noqa: PLR2004
            return []
        if not tree.case(at) & self.classes["joined"]:
            return []
        if any(tree.words[kid] in _WITH for kid in tree.children(noun, "det")):
            return []
        if tree.is_passive(clause):
            return list(tree.children(clause, "obl:agent"))
        subject = tree.subject(clause)
        return [] if subject is None else [subject]

    def _ids(self, heads: Iterable[int], *, people: bool = False) -> list[str]:
        return [one for head in heads for one in self._entities(head, _DEEP, people=people)]

    def _entities(self, head: int, deep: int, *, people: bool) -> list[str]:
        """Return the entities that a noun phrase stands for, those joined to it included."""
        tree, cast = self.tree, self.cast
        found: list[str] = []
        for noun in tree.conjuncts(head):
            own = cast.actors.get(noun)
            if own is None:
                own = next(
                    (cast.actors[kid] for kid in tree.children(noun, "flat") if kid in cast.actors), None
                )
            adjective = tree.pos[noun] == "ADJ" or tree.deps[noun] in {"amod", "compound"}
            if own is not None:
                found.append(cast.country_of(own) if adjective else own)
            elif deep and (not people or tree.words[noun] in self.crowds):
                found += self._modifiers(noun, deep, people=people)
            if tree.deps[noun] == "compound" or tree.deps[noun] == "nmod:poss":
                found += [cast.actors[kid] for kid in tree.children(noun, "flat") if kid in cast.actors]
        return found

    def _modifiers(self, noun: int, deep: int, *, people: bool) -> list[str]:
        tree, cast = self.tree, self.cast
        named = [kid for kid in tree.children(noun, "appos", "nmod:desc") if cast.actors.get(kid)]
        if named:
            return [cast.actors[kid] for kid in named]
        found: list[str] = []
        # Who condemns the arrest of X does not condemn X; who rejects the demand of X rejects X.
        is_act = any(not entry.kind.is_word for entry in lexicon().nouns.get(tree.words[noun], ()))
        for kid in tree.kids[noun]:
            dep = tree.deps[kid]
            if dep in {"amod", "compound", "nmod:poss"}:
                known = (cast.actors[one] for one in tree.conjuncts(kid) if one in cast.actors)
                found += [cast.country_of(one) for one in known]
            elif dep == "nmod" and tree.case(kid) & {"of", "from"} and not is_act:
                found += self._entities(kid, deep - 1, people=people)
        return found or self._at_home(noun, deep)

    def _at_home(self, noun: int, deep: int) -> list[str]:
        """Return the place that people are named by: `protesters in Baghdad`, `a court in Lagos`."""
        tree, cast = self.tree, self.cast
        if tree.words[noun] not in self.crowds:
            return []
        for kid in tree.children(noun, "nmod"):
            if tree.case(kid) & {"in", "at"}:
                own = cast.actors.get(kid)
                if own is not None:
                    return [own] if cast.types.get(own) == "LOC" else []
                return self._entities(kid, deep - 1, people=False) if deep > 1 else []
        return []


def _unique(ids: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(ids))
