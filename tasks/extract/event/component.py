"""`copydesk.events`: who did what to whom, where and when, and whether it happened.

It reads the trees of `copydesk.syntax`; without them it abstains, once. Who acts are entities of the record,
where and when are its places and expressions of time; an event without anybody that the record knows is left
out. A word that names an event of which nobody can tell whether it happened is an abstention.
"""

from __future__ import annotations

import bisect
from typing import TYPE_CHECKING, ClassVar

from spacy.language import Language

from tasks.extract.event.cast import cast_of
from tasks.extract.event.circumstances import Circumstances
from tasks.extract.event.lexicon import lexicon
from tasks.extract.event.roles import Roles
from tasks.extract.event.status import Status, Statuses
from tasks.extract.event.tree import tree_of
from tasks.extract.event.triggers import find
from worker.record import Abstention, Event, Span

if TYPE_CHECKING:
    from collections.abc import Iterable

    from spacy.tokens import Doc

    from tasks.extract.event.cast import Cast
    from tasks.extract.event.tree import Tree
    from tasks.extract.event.triggers import Trigger
    from worker.record import Article, Place, Timex

NAME = "copydesk.events"
READ = frozenset({"title", "heading", "paragraph"})
HEADLINES = frozenset({"title", "heading"})
_LARGE = 2
_VIOLENCE = frozenset({"attack", "protest", "fight"})
_CALLS = frozenset({"appeal", "demand"})
_DURING = frozenset({"in", "with", "during"})


class EventsComponent:
    """Fills `doc._.events`."""

    version: ClassVar[str] = "2"
    languages: ClassVar[tuple[str, ...]] = ("en",)

    def __call__(self, doc: Doc) -> Doc:
        """Annotate one article."""
        abstentions: list[Abstention] = []
        if len(doc) and not doc.has_annotation("DEP"):
            why = "needs the trees of copydesk.syntax, which did not run"
            abstentions.append(Abstention(component=NAME, what="events of the article", why=why))
            doc._.events = []
        else:
            tree = tree_of(doc)
            cast = cast_of(
                tree, doc._.entities or [], doc._.places or [], doc._.timexes or [], doc._.quotes or []
            )
            doc._.events, abstentions = find_events(doc._.article, tree, cast)
        doc._.abstentions = [*(doc._.abstentions or []), *abstentions]
        return doc


def find_events(article: Article, tree: Tree, cast: Cast) -> tuple[list[Event], list[Abstention]]:
    """Return the events of an article in the order of its text, and what was left undecided. Pure."""
    read, headline = _tokens_of(article, tree)
    triggers = [one for one in find(tree, cast) if one.head in read]
    finder = _Finder(article.text, tree, cast, headline, triggers)
    found = [event for trigger in triggers if (event := finder.event(trigger)) is not None]
    found.sort(key=lambda event: (event.start, event.end, event.kind))
    events = _distinct(found)
    events = _joined(events, tree)
    numbered = [event.model_copy(update={"id": f"ev{number}"}) for number, event in enumerate(events, 1)]
    return numbered, finder.abstentions


class _Finder:
    """Makes events of triggers."""

    def __init__(
        self, text: str, tree: Tree, cast: Cast, headline: set[int], triggers: list[Trigger]
    ) -> None:
        self.text, self.tree, self.cast = text, tree, cast
        self.roles = Roles(tree, cast)
        self.statuses = Statuses(tree, headline)
        self.circumstances = Circumstances(tree, cast, triggers)
        self.violent = {one.head for one in triggers if one.kind.name in _VIOLENCE}
        self.words = {trigger.head: trigger for trigger in triggers if trigger.kind.is_word}
        self.unarmed = lexicon().classes["against_the_unarmed"]
        self.abstentions: list[Abstention] = []

    def event(self, trigger: Trigger) -> Event | None:
        """Return the event that a trigger names, or None."""
        if self._is_content(trigger):
            return None
        who, whom = self.roles.of(trigger)
        where = self.circumstances.where(trigger)
        if not self._enough(trigger, who, whom, where):
            return None
        status = self.statuses.of(trigger)
        start, end = self.tree.starts[trigger.first], self.tree.ends[trigger.last]
        if status is None:
            why = "the words do not say whether it happened, will happen or only may"
            self.abstentions.append(
                Abstention(component=NAME, what=trigger.kind.name, why=why, start=start, end=end)
            )
            return None
        return Event(
            start=start,
            end=end,
            text=self.text[start:end],
            component=NAME,
            rule=trigger.rule,
            confidence=_confidence(trigger, who, whom),
            id="ev0",
            kind=trigger.kind.name,
            plover=self._plover(trigger, status),
            who=who,
            whom=whom,
            where=_span(where),
            when=_span(self.circumstances.when(trigger)),
            status=status,
            reported_by=self.cast.voice(start, end),
        )

    def _plover(self, trigger: Trigger, status: Status) -> str | None:
        """Return PLOVER's category.

        What is announced agrees or threatens there; what may be or is denied is no event; an attack by armed
        forces is a fight, other than what is done to captives and the like.
        """
        if status in {"hypothetical", "denied"}:
            return None
        if status == "planned" and trigger.kind.intent:
            return trigger.kind.intent
        word = self.tree.words[trigger.head]
        fight = trigger.kind.name == "attack" and word not in self.unarmed and self.roles.armed(trigger)[0]
        return "FIGHT" if fight else trigger.kind.plover

    def _enough(self, trigger: Trigger, who: list[str], whom: list[str], where: Place | None) -> bool:
        """Say whether the record knows enough of those who took part."""
        kind = trigger.kind
        if trigger.needs_object:
            return bool(whom)
        if kind.symmetric:
            known = len(who) >= _LARGE
            return known or (trigger.verb is not None and bool(who) and self.roles.parties(trigger) >= _LARGE)
        if kind.name == "visit" and self.roles.armed(trigger)[0]:
            return False
        if trigger.verb is None:
            return bool(
                who and (whom or kind.joined)
            )  # of what is only mentioned both sides have to be known
        return bool(who or whom) or (kind.name in _VIOLENCE and where is not None)

    def _is_content(self, trigger: Trigger) -> bool:
        """Say whether an event is what another one asks for, promises or refuses: `urged X to withdraw`."""
        tree = self.tree
        token = trigger.head if trigger.verb is None else trigger.verb
        for _ in range(4):
            head, dep = tree.heads[token], tree.deps[token]
            if head == token:
                return False
            if self._is_beside_violence(trigger, token):
                return head in self.violent
            over = self.words.get(head)
            if over is not None and head != trigger.head:
                if dep in {"xcomp", "advcl", "ccomp"} and tree.pos[token] == "VERB":
                    return dep != "advcl" or bool({"to", "of", "for"} & tree.case(token))
                return dep == "obj" and trigger.verb is None and not self.statuses.definite(trigger.head)
            if dep not in {"conj", "xcomp", "nmod", "obj", "acl"}:
                return False
            token = head
        return False

    def _is_beside_violence(self, trigger: Trigger, token: int) -> bool:
        """Say whether a trigger only adds to the word above it, if that is one of violence.

        `shelled the town, killing 12`; `marched, demanding that he resign`; `killed two in an attack`.
        """
        tree, kind = self.tree, trigger.kind.name
        dep = tree.deps[token]
        if dep == "advcl":
            calls = kind in _CALLS and tree.heads[token] in self.violent
            return calls or (kind in _VIOLENCE and tree.tags[token] == "VBG")
        during = dep == "obl" and trigger.verb is None and bool(tree.case(token) & _DURING)
        return during and kind in _VIOLENCE and tree.heads[token] in self.violent


def _confidence(trigger: Trigger, who: list[str], whom: list[str]) -> float:
    base = 0.6 if trigger.verb is None else 0.7
    return base + 0.1 * bool(who) + 0.1 * bool(whom or len(who) >= _LARGE)


def _span(given: Place | Timex | None) -> Span | None:
    return None if given is None else Span(start=given.start, end=given.end, text=given.text)


def _tokens_of(article: Article, tree: Tree) -> tuple[set[int], set[int]]:
    """Return the tokens that are read, and of these the ones in titles and headings."""
    read: set[int] = set()
    headline: set[int] = set()
    blocks = sorted(article.blocks, key=lambda block: block.start)
    at = 0
    for token, start in enumerate(tree.starts):
        while at < len(blocks) and blocks[at].end <= start:
            at += 1
        if at < len(blocks) and blocks[at].start <= start and blocks[at].kind in READ:
            read.add(token)
            if blocks[at].kind in HEADLINES:
                headline.add(token)
    return read, headline


def _distinct(events: Iterable[Event]) -> list[Event]:
    """Return the events without those that say the same again, with no other place or date."""
    kept: dict[tuple[object, ...], list[Event]] = {}
    chosen = []
    for event in events:
        key = (event.kind, frozenset(event.who), frozenset(event.whom), event.status, event.reported_by)
        twins = kept.setdefault(key, [])
        if any(
            _adds_nothing(event.where, one.where) and _adds_nothing(event.when, one.when) for one in twins
        ):
            continue
        if len(twins) < 20:  # noqa: PLR2004 - so that a text of one word costs no square of its length
            twins.append(event)
        chosen.append(event)
    return chosen


def _joined(events: list[Event], tree: Tree) -> list[Event]:
    """Return the events without those that repeat one of their sentence: `killed two and wounded five`.

    Where and when they were is then said of both.
    """
    kept: list[Event] = []
    for event in events:
        near = range(len(kept) - 1, max(-1, len(kept) - 1 - _NEAR), -1)
        twin = next((at for at in near if _repeats(event, kept[at], tree)), None)
        if twin is None:
            kept.append(event)
        else:
            other = kept[twin]
            site = {"where": other.where or event.where, "when": other.when or event.when}
            kept[twin] = other.model_copy(update=site)
    return kept


def _repeats(event: Event, other: Event, tree: Tree) -> bool:
    same = (event.kind, event.plover, event.status, event.reported_by)
    if same != (other.kind, other.plover, other.status, other.reported_by) or event.kind not in _VIOLENCE:
        return False
    if not set(event.who) <= set(other.who) or not set(event.whom) <= set(other.whom):
        return False
    if _differ(event.where, other.where) or _differ(event.when, other.when):
        return False
    first, last = (bisect.bisect_left(tree.starts, one.start) for one in (other, event))
    return last - first <= _SENTENCE and not _ENDS & set(tree.words[first:last])


def _differ(span: Span | None, other: Span | None) -> bool:
    return span is not None and other is not None and span.text != other.text


_NEAR, _SENTENCE = 4, 30
"""Events, and tokens, within which one repeats another."""
_ENDS = frozenset({".", "!", "?", ";"})


def _adds_nothing(span: Span | None, other: Span | None) -> bool:
    return span is None or (other is not None and span.text == other.text)


@Language.factory(
    NAME.replace(".", "_"),
    requires=["doc._.article", "token.dep", "doc._.entities"],
    assigns=["doc._.events"],
)
def make_events(nlp: Language, name: str) -> EventsComponent:  # noqa: ARG001 - spaCy's signature
    """Return the component."""
    return EventsComponent()
