"""Where and when an event was: the places and dates of the record that its own words carry, and no others.

A date belongs to an event when it hangs from the trigger, or from the verb of its clause; never because it is
the only one about.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tasks.extract.event.lexicon import lexicon
from tasks.extract.event.triggers import BESIDE, clause_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tasks.extract.event.cast import Cast
    from tasks.extract.event.tree import Tree
    from tasks.extract.event.triggers import Trigger
    from worker.record import Place, Timex


@dataclass(frozen=True, slots=True)
class Site:
    """A place or date in the tree."""

    token: int
    case: frozenset[str]
    top: int
    """The noun of the chain that hangs from the verb."""
    chain: tuple[int, ...]
    what: Any


class Circumstances:
    """Finds where and when, for the triggers of one article."""

    def __init__(self, tree: Tree, cast: Cast, triggers: Sequence[Trigger]) -> None:
        self.tree = tree
        self.cast = cast
        self.classes = lexicon().classes
        self.kinds = {trigger.head: trigger.kind for trigger in triggers}
        self.where_by_clause = self._by_clause(cast.places)
        self.when_by_clause = self._by_clause(self._time_heads())

    def _time_heads(self) -> dict[int, Timex]:
        """Return expressions of time by their highest token."""
        times = self.cast.times
        return {
            token: timex
            for token, timex in times.items()
            if times.get(self.tree.heads[token]) is not timex or self.tree.heads[token] == token
        }

    def _by_clause(self, things: dict[int, Any]) -> dict[int, list[Site]]:
        found: defaultdict[int, list[Site]] = defaultdict(list)
        for token, what in sorted(things.items()):
            if token < 0:
                continue
            noun = self._head_of(token, what)
            clause, chain = clause_of(self.tree, noun)
            found[clause].append(Site(noun, self.tree.case(noun), chain[-1], tuple(chain), what))
        return found

    def _head_of(self, token: int, what: Any) -> int:
        """Climb to the highest token of a span."""
        tree = self.tree
        while tree.heads[token] != token and what.start <= tree.starts[tree.heads[token]] < what.end:
            token = tree.heads[token]
        return token

    def where(self, trigger: Trigger) -> Place | None:
        """Return the place of an event, or None."""
        if trigger.kind.name == "visit":
            goal = self._goal(trigger)
            if goal is not None:
                return goal
        sites = (site for site in self._sites(trigger, self.where_by_clause) if self._locates(site))
        return next((site.what for site in sites), None)

    def when(self, trigger: Trigger) -> Timex | None:
        """Return the date of an event, or None."""
        for site in self._sites(trigger, self.when_by_clause):
            if not site.case & self.classes["not_when"]:
                return site.what  # type: ignore[no-any-return]
        return None

    def _locates(self, site: Site) -> bool:
        return bool(site.case & self.classes["where"]) and self.tree.deps[site.top] != "nsubj"

    def _goal(self, trigger: Trigger) -> Place | None:
        tree = self.tree
        heads = [trigger.head] if trigger.verb in {None, trigger.head} else [trigger.head, trigger.verb or 0]
        for head in heads:
            for kid in tree.children(head, "obj", "nmod", "obl"):
                if kid in self.cast.places and (tree.deps[kid] == "obj" or tree.case(kid) & {"to", "in"}):
                    return self.cast.places[kid]
        return None

    def _sites(self, trigger: Trigger, by_clause: dict[int, list[Site]]) -> list[Site]:
        """Return what belongs to an event, what is nearest in the tree first."""
        noun = trigger.head if trigger.head != trigger.verb else None
        clause = clause_of(self.tree, noun)[0] if noun is not None else trigger.head
        clauses = {clause, trigger.verb if trigger.verb is not None else clause}
        sites = [site for one in sorted(clauses) for site in by_clause.get(one, ())]
        ranked = [(rank, site) for site in sites if (rank := self._rank(trigger, noun, site)) is not None]
        return [site for _, site in sorted(ranked, key=lambda pair: (pair[0], pair[1].token))]

    def _rank(  # noqa: PLR0911 - one way of hanging after the other
        self, trigger: Trigger, noun: int | None, site: Site
    ) -> int | None:
        """Return how loosely a site hangs from an event, or None when it does not."""
        if noun is not None and noun in site.chain:
            return 0
        others = [token for token in site.chain if token in self.kinds]
        if noun is None or trigger.verb is not None:
            inside = [token for token in others if not self.tree.case(token) & self.classes["joined"]]
            if trigger.verb is not None and self._over_clause(site) != trigger.verb:
                return None
            return 1 if not inside else None
        top = clause_of(self.tree, noun)[1][-1]
        if any(self.kinds[token] is trigger.kind for token in others):
            return 2
        if site.top == top and not others and self.tree.deps[top] in BESIDE and site.token > noun:
            return 3 if self.tree.case(noun) & self.classes["joined"] else None
        if others or self.tree.deps[top] != "obl" or not self.tree.case(top) & self.classes["joined"]:
            return None
        over = len(site.chain) == 1 or site.top < noun  # hung from a word in front of the noun, past it
        return 3 if over and site.token > noun else None

    def _over_clause(self, site: Site) -> int:
        return self.tree.heads[site.top]
