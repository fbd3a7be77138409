"""The words that name an event: verbs in their frames, nouns, and nouns with a light verb."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tasks.extract.event.lexicon import lexicon
from tasks.extract.event.tree import CLAUSES, NOMINAL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tasks.extract.event.cast import Cast
    from tasks.extract.event.lexicon import Kind, NounEntry, VerbEntry
    from tasks.extract.event.tree import Tree

_RETURNING = frozenset({"it", "he", "she", "they", "we", "i", "you"})
BESIDE = frozenset({"obl:agent", "obj"})
"""Where a noun of circumstance may hang from that is said of the clause: `told by X in an interview`."""
_NEAR = 4
"""A verb and its noun farther apart than this many words are no one trigger; the verb is."""


@dataclass(frozen=True, slots=True)
class Trigger:
    """What names an event. `first` to `last` are its tokens, `last` included."""

    kind: Kind
    head: int
    first: int
    last: int
    rule: str
    verb: int | None
    """The verb whose subject acts and whose tense counts; None for a noun that stands alone."""
    complement: int | None = None
    """What a preposition of the frame introduces: `called on Russia`."""
    thing: int | None = None
    """The noun of `impose sanctions`."""
    needs_object: bool = False


def find(tree: Tree, cast: Cast) -> Iterator[Trigger]:
    """Yield the triggers, those of verbs first."""
    taken: set[int] = set()
    for token, word in enumerate(tree.words):
        if word in lexicon().verbs and tree.is_verb(token) and token not in cast.named:
            trigger = None if _is_outcome(tree, token) else _of_verb(tree, token)
            if trigger is not None:
                taken.update({token, trigger.thing if trigger.thing is not None else token})
                yield trigger
    yield from _musts(tree, taken)
    for token, word in enumerate(tree.words):
        if word in lexicon().nouns and token not in taken and token not in cast.named:
            trigger = _of_noun(tree, token)
            if trigger is not None:
                yield trigger


def _musts(tree: Tree, taken: set[int]) -> Iterator[Trigger]:
    """Yield the demands of `Russia said that Sudan must return it`."""
    kind = lexicon().kinds["demand"]
    for token, word in enumerate(tree.words):
        if word != "must" or tree.deps[token] != "aux":
            continue
        clause = tree.heads[token]
        verb, whom = tree.heads[clause], tree.subject(clause)
        said = tree.words[verb] in lexicon().classes["speaking"] and tree.deps[clause] == "ccomp"
        if said and verb not in taken and whom is not None and tree.words[whom] not in _RETURNING:
            taken.add(verb)
            yield Trigger(kind, verb, verb, verb, "said must", verb, complement=whom, needs_object=True)


def _is_outcome(tree: Tree, verb: int) -> bool:
    """Say whether a verb tells what came of the event that is its subject: `the attack killed 12`."""
    if not tree.is_one_of(verb, lexicon().light["happen"]):
        return False
    subject = tree.subject(verb)
    return subject is not None and tree.pos[subject] == "NOUN" and tree.words[subject] in lexicon().nouns


def _of_verb(tree: Tree, verb: int) -> Trigger | None:
    for entry in lexicon().verbs[tree.words[verb]]:
        if entry.need == "thing":
            thing = _thing(tree, verb, entry)
            if thing is not None:
                near = abs(thing - verb) <= _NEAR
                first, last = (min(verb, thing), max(verb, thing)) if near else (verb, verb)
                return Trigger(entry.kind, verb, first, last, f"verb:{entry.base} noun", verb, thing=thing)
            continue
        belongs, complement = tree.complement(verb, entry.rest)
        if not belongs:
            continue
        literal = tuple(tree.words[verb + 1 : verb + 1 + len(entry.rest)]) == entry.rest
        last = verb + len(entry.rest) if literal and entry.rest[-1:] != ("to",) else verb
        rule = "verb:" + " ".join((entry.base, *entry.rest))
        return Trigger(
            entry.kind,
            verb,
            verb,
            last,
            rule,
            verb,
            complement=complement,
            needs_object=entry.need == "object",
        )
    return None


def _thing(tree: Tree, verb: int, entry: VerbEntry) -> int | None:
    """Return the noun that the verb needs: its object, its subject in the passive, or what it modifies."""
    found = list(tree.children(verb, "obj", "nsubj:pass"))
    if tree.is_passive(verb) and not found and (subject := tree.subject(verb)) is not None:
        found = [subject]
    for kid in found:
        for noun in tree.conjuncts(kid):
            part = tree.words[noun] in lexicon().classes["parts"]
            inner = [one for one in tree.children(noun, "nmod") if part and "of" in tree.case(one)]
            for one in (noun, *inner):
                if tree.words[one] in entry.things:
                    return one
    return None


def _of_noun(tree: Tree, noun: int) -> Trigger | None:
    if tree.pos[noun] != "NOUN" or tree.deps[noun] in {"compound", "amod", "case", "flat"}:
        return None
    entry = next((entry for entry in lexicon().nouns[tree.words[noun]] if _stands(tree, noun, entry)), None)
    if entry is None:
        return None
    verb = light_verb(tree, noun)
    if entry.kind.acted and verb is None:
        return None
    rule = f"noun:{entry.base}" if verb is None else f"light verb:{entry.base}"
    return Trigger(entry.kind, noun, noun - len(entry.before), noun, rule, verb)


def _stands(tree: Tree, noun: int, entry: NounEntry) -> bool:
    start = noun - len(entry.before)
    return start >= 0 and tuple(reversed(tree.words[start:noun])) == entry.before


def light_verb(tree: Tree, noun: int) -> int | None:
    """Return the verb that says no more of a noun than that it happens: `held talks`, `talks took place`."""
    light = lexicon().light
    while tree.deps[noun] == "conj" and tree.pos[tree.heads[noun]] == "NOUN" and tree.heads[noun] < noun:
        noun = tree.heads[noun]
    head, dep = tree.heads[noun], tree.deps[noun]
    if dep in {"obj", "nsubj:pass"} and tree.is_one_of(head, light["do"]):
        return head
    if dep == "obl" and any(
        rest and tree.complement(head, rest)[1] == noun
        for rest in light["do"].words.get(tree.words[head], ())
    ):
        return head
    if dep == "nsubj" and tree.is_one_of(head, light["happen"]):
        return head
    for kid in tree.children(noun, "acl", "acl:relcl"):
        if tree.is_passive(kid) and tree.is_one_of(kid, light["do"]):
            return kid
        if tree.subject(kid) == noun and tree.is_one_of(kid, light["happen"]):
            return kid
    return None


def clause_of(tree: Tree, token: int) -> tuple[int, list[int]]:
    """Return the word that heads the clause of a noun, and the nouns on the way there, the first included."""
    chain = [token]
    for _ in range(12):
        head = tree.heads[token]
        if head == token or (tree.deps[token] in CLAUSES and tree.deps[token] not in NOMINAL):
            return token, chain
        if any(tree.deps[kid] in {"cop", "nsubj"} for kid in tree.kids[token]):
            return token, chain  # a clause without a verb: `one topic will be the situation around X`
        token = head
        if tree.pos[token] in {"VERB", "AUX"}:
            return token, chain
        chain.append(token)
    return token, chain
