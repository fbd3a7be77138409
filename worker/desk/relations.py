"""What articles are to one another: copies, near texts, corrections, stories. Worked out when somebody asks.

The answer is a function of the set of articles in the desk:

- Two texts are *candidates* when they share a rare key (at most `RARE` texts have it), or two keys that at
  most `MOST_IN_BUCKET` texts have. A fuller bucket says nothing to anybody: it is a stock phrase.
- A pair is judged by the two texts alone (`worker.desk.likeness`, `worker.desk.story`).
- A *cluster* is a connected component of copies, a *story* one of copies and same events. Its id is the
  smallest id in it, its source is the earliest member. One with more texts than `MOST_TEXTS` is none: nobody
  can tell what such a chain has in common.
"""

from __future__ import annotations

import functools
import itertools
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import literal, select

from worker.desk.likeness import COPIES, Likeness, Rule, Text, compare
from worker.desk.sql import comma_list, number_list, numbers
from worker.desk.story import DAY_S, StoryPrints, same_story
from worker.desk.story import SHARED_KEYS as SHARED_WORDS
from worker.desk.tables import articles, prints, story_keys, text_keys, texts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from sqlalchemy import Connection, Select, Table

RARE = 16
MOST_IN_BUCKET = 256
ENOUGH = 2
MOST_TEXTS = 500
MOST_NEAR = 10
MOST_KEPT = 20_000
"""Texts that an index remembers before it begins anew: bounds the memory of a long export."""
CORRECTED_WITHIN_DAYS = 30
CORRECTED_LIKENESS = 0.4
_AT_ONCE = 400
_WORD = (1 << 32) - 1

Graph = dict[int, set[int]]
Component = frozenset[int] | None


@dataclass(frozen=True)
class Member:
    """An article of a text."""

    id: str
    moment: int | None
    address: int | None
    corrects: bool
    story: StoryPrints | None

    def order(self) -> tuple[bool, int, str]:
        """Sort by: the earliest first, those without a date last, then by id."""
        return self.moment is None, self.moment or 0, self.id


class Index:
    """The desk's index as one connection sees it. Remembers what it has read; make a new one to see more."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._forget()

    def _forget(self) -> None:
        self._texts: dict[int, Text] = {}
        self._members: dict[int, list[Member]] = {}
        self._near: dict[int, list[tuple[int, Likeness, Rule]]] = {}
        self._told: Graph = {}
        self._clusters: dict[int, Component] = {}
        self._stories: dict[int, Component] = {}

    def use(self, connection: Connection) -> None:
        """Go on with another connection, forgetting what was read when it has become much."""
        if max(len(self._texts), len(self._members)) > MOST_KEPT:
            self._forget()
        self._connection = connection

    def relations(self, ids: Sequence[str]) -> dict[str, dict[str, Any]]:
        """Return the relations of articles, by id, as they are joined to a record; see `docs/record.md`."""
        query = select(articles.c.id, prints.c.text).join(prints, prints.c.seq == articles.c.seq)
        text_of = {
            row.id: row.text
            for at in range(0, len(ids), _AT_ONCE)
            for row in self._connection.execute(query.where(articles.c.id.in_(ids[at : at + _AT_ONCE])))
        }
        self._judge(text_of.values())
        return {id_: self._of(id_, text_of[id_]) if id_ in text_of else nothing() for id_ in ids}

    def _of(self, id_: str, text_: int) -> dict[str, Any]:
        cluster = self._group(text_, self._clusters, self._copies)
        story = self._group(text_, self._stories, self._tellers)
        near = self._neighbours(id_, text_)
        corrected, rule = self._corrected(id_, text_)
        first = cluster[0].id if cluster else id_
        return {
            "duplicate_of": first if first != id_ and corrected is None else None,
            "cluster": min(member.id for member in cluster) if cluster else None,
            "cluster_size": len(cluster) or 1,
            "story": min(member.id for member in story) if story else None,
            "story_size": len(story) or 1,
            "near": near,
            "corrects": corrected,
            "corrects_rule": rule,
        }

    def _group(
        self,
        text_: int,
        known: dict[int, Component],
        edges: Callable[[Iterable[int]], Graph],
    ) -> list[Member]:
        """Return the articles of a component, the earliest first; none for one article alone."""
        if text_ not in known:
            found = _component(text_, edges)
            for each in found if found is not None else [text_]:
                known[each] = found
        component = known[text_]
        members = [member for each in component or () for member in self._members[each]]
        return sorted(members, key=Member.order) if len(members) > 1 else []

    def _neighbours(self, id_: str, text_: int) -> list[dict[str, Any]]:
        found = []
        same = [member.id for member in self._members[text_] if member.id != id_]
        if same:
            found.append((-1.0, same[0], 1.0, "identical_text"))
        for other, likeness, rule in self._near[text_]:
            first = self._members[other][0].id
            found.append((-round(likeness.similarity, 3), first, round(likeness.ours, 3), rule))
        return [
            {"id": other, "similarity": -similarity, "containment": containment, "rule": rule}
            for similarity, other, containment, rule in sorted(found)[:MOST_NEAR]
        ]

    def _corrected(self, id_: str, text_: int) -> tuple[str | None, str | None]:
        """Return the article that this one corrects, and why: it says so, or came later at one address."""
        own = next(member for member in self._members[text_] if member.id == id_)
        found = []
        for other, likeness, _ in self._near[text_]:
            if likeness.similarity < CORRECTED_LIKENESS:
                continue
            for member in self._members[other]:
                rule = _correction(own, member)
                if rule:
                    found.append((rule, -round(likeness.similarity, 3), member.order()))
        if not found:
            return None, None
        rule, _, (_, _, first) = min(found)
        return first, rule

    # --- the graph ----------------------------------------------------------------------------------------

    def _copies(self, of: Iterable[int]) -> Graph:
        of = list(of)
        self._judge(of)
        return {each: {other for other, _, rule in self._near[each] if rule in COPIES} for each in of}

    def _tellers(self, of: Iterable[int]) -> Graph:
        of = list(of)
        copies = self._copies(of)
        self._compare_stories(each for each in of if each not in self._told)
        return {each: copies[each] | self._told[each] for each in of}

    def _judge(self, of: Iterable[int]) -> None:
        """Find the candidates of texts and compare them."""
        new = sorted({each for each in of if each not in self._near})
        self._load(new)
        keys = {each: self._texts[each].found_by() for each in new}
        buckets = self._buckets(text_keys, {key for mine in keys.values() for key in mine})
        candidates = {}
        for each in new:
            found: Counter[int] = Counter()
            for bucket in (buckets[key] for key in keys[each] if key in buckets):
                found.update(bucket if len(bucket) > RARE else bucket * ENOUGH)
            candidates[each] = sorted(o for o, count in found.items() if count >= ENOUGH and o != each)
        self._load({other for found in candidates.values() for other in found})
        for each in new:
            self._near[each] = []
            for other in candidates[each]:
                likeness = compare(self._texts[each], self._texts[other])
                rule = likeness.rule()
                if rule:
                    self._near[each].append((other, likeness, rule))

    def _compare_stories(self, of: Iterable[int]) -> None:
        new = sorted(set(of))
        told = {each: story for each in new if (story := self._story(each))}
        keys = {each: story.found_by(around=True) for each, story in told.items()}
        buckets = self._buckets(story_keys, {key for mine in keys.values() for key in mine})
        candidates: Graph = {}
        for each, mine in keys.items():
            by_word: defaultdict[int, set[int]] = defaultdict(set)
            for key in mine:
                by_word[key & _WORD].update(buckets.get(key, ()))
            shared = Counter(itertools.chain.from_iterable(by_word.values()))
            candidates[each] = {o for o, words in shared.items() if words >= SHARED_WORDS and o != each}
        self._load({other for found in candidates.values() for other in found})
        for each in new:
            self._told[each] = {
                other
                for other in candidates.get(each, ())
                if (story := self._story(other)) and same_story(told[each], story)
            }

    def _story(self, text_: int) -> StoryPrints | None:
        """Return the story's prints of the earliest article of a text that has some."""
        return next((member.story for member in self._members[text_] if member.story), None)

    # --- the tables ---------------------------------------------------------------------------------------

    def _buckets(self, table: Table, keys: Iterable[int]) -> dict[int, list[int]]:
        """Return the texts in the buckets of keys, without the buckets that are too full."""
        rows = self._ask(_in_buckets, table, sorted(keys))
        return {key: [int(member) for member in members.split(",")] for key, members in rows}

    def _load(self, ids: Iterable[int]) -> None:
        """Read texts and their articles that have not been read yet."""
        wanted = sorted({each for each in ids if each not in self._texts})
        for row in self._ask(_of_texts, texts, wanted):
            self._texts[row.id] = Text.unpacked(row.sketch, row.facts)
            self._members[row.id] = []
        for row in self._ask(_of_texts, prints, wanted):
            story = StoryPrints.unpacked(row.story, row.moment) if row.story is not None else None
            member = Member(row.id, row.moment, row.address, row.corrects, story)
            self._members[row.text].append(member)
        for each in wanted:
            self._members[each].sort(key=Member.order)

    def _ask(
        self, statement: Callable[[str, Table], Select[Any]], table: Table, values: Sequence[int]
    ) -> Iterator[Any]:
        query = statement(self._connection.dialect.name, table)
        for at in range(0, len(values), _AT_ONCE):
            chunk = number_list(self._connection, values[at : at + _AT_ONCE])
            yield from self._connection.execute(query, chunk)


@functools.cache
def _in_buckets(dialect: str, table: Table) -> Select[Any]:
    """Return SELECT key, texts of the buckets that hold few enough: a row for each, of numbers and commas."""
    wanted = numbers(dialect).cte("wanted")
    counted = table.alias()
    too_full = select(literal(1)).where(counted.c.key == wanted.c.value).offset(MOST_IN_BUCKET).limit(1)
    live = select(wanted.c.value).where(too_full.scalar_subquery().is_(None)).cte("live")
    members = comma_list(dialect, table.c.text)
    return select(table.c.key, members).where(table.c.key.in_(select(live.c.value))).group_by(table.c.key)


@functools.cache
def _of_texts(dialect: str, table: Table) -> Select[Any]:
    """Return SELECT of texts, or of the articles that have them."""
    if table is texts:
        return select(texts).where(texts.c.id.in_(numbers(dialect)))
    joined = select(articles.c.id, prints).join(prints, prints.c.seq == articles.c.seq)
    return joined.where(prints.c.text.in_(numbers(dialect)))


def nothing() -> dict[str, Any]:
    """Return the relations of an article that has none."""
    empty = dict.fromkeys(("duplicate_of", "cluster", "story", "corrects", "corrects_rule"))
    return {**empty, "cluster_size": 1, "story_size": 1, "near": []}


def relations_of(connection: Connection, ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Return the relations of articles, by id."""
    return Index(connection).relations(ids)


def _component(start: int, edges: Callable[[Iterable[int]], Graph]) -> Component:
    """Return the connected component, or None when it has more texts than `MOST_TEXTS`."""
    seen = {start}
    frontier = {start}
    while frontier:
        frontier = {other for found in edges(sorted(frontier)).values() for other in found} - seen
        seen |= frontier
        if len(seen) > MOST_TEXTS:
            return None
    return frozenset(seen)


def _correction(later: Member, earlier: Member) -> str | None:
    """Return why one article of a near text corrects the other, or None when it does not."""
    if later.moment is not None and earlier.moment is not None:
        apart = later.moment - earlier.moment
        if not 0 <= apart <= CORRECTED_WITHIN_DAYS * DAY_S:
            return None
        if apart and later.address is not None and later.address == earlier.address:
            return "same_address"
    return "says_so" if later.corrects and not earlier.corrects else None
