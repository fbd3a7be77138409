"""The ledger under any order of its moves: what must hold after each of them."""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path

from desk_of_articles import CRASH, ERROR, FINAL, LedgerForTest, id_of
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from worker.desk.stages import STAGES
from worker.desk.tables import FINAL_STATES, arrivals, articles, claims, holds, parts, quarantine, sources
from worker.errors import LostClaim

NAMES = "abcdef"
some_names = st.lists(st.sampled_from(NAMES), min_size=1, max_size=5).map("".join)
some_stage = st.sampled_from(list(STAGES))
fates = st.lists(st.sampled_from(["made", "error", "final", "handed_back", "later"]), min_size=6, max_size=6)


class LedgerMachine(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.desk = LedgerForTest.make(
            Path(self.folder.name), max_strikes=2, max_interrupts=2, max_in_flight=4, batch_size=2
        )
        self.claims = []
        self.lost = []
        self.masks = {}
        self.replayed = set()
        self.just_replayed = set()

    def teardown(self):
        self.desk.desk.close()
        self.folder.cleanup()

    @rule(names=some_names)
    def arrive(self, names):
        self.desk.drop_in(names)

    @rule(pause=st.sampled_from([0, 1, 40]))
    def admit(self, pause):
        self.desk.now += pause
        self.desk.admit()

    @rule(busy=st.sets(some_stage))
    def ring_again(self, busy):
        for stage, rings in self.desk.forgotten(busy=busy).items():
            for ring in rings:
                article = next(row for row in self.desk.rows(articles) if row.id == ring.id)
                assert article.state == "in_flight"
                assert not article.mask & STAGES[stage].bit
                assert ring.alone or stage not in busy

    @rule(stage=some_stage, names=some_names)
    def claim(self, stage, names):
        before = {row.id: row for row in self.desk.rows(articles)}
        held = self.desk.held()
        found = self.desk.claim(stage, names)
        if found is None:
            return
        for work in found.work:
            row = before[work.id]
            assert row.state == "in_flight"
            assert not row.mask & STAGES[stage].bit
            assert all(row.mask & STAGES[need].bit for need in STAGES[stage].needs)
            assert (work.id, stage) not in held
            assert not row.alone or len(names) == 1
            assert set(work.parts) == set(STAGES[stage].needs)
        self.claims.append(found)

    def take(self, pick):
        return self.claims.pop(pick % len(self.claims)) if self.claims else None

    @rule(pick=st.integers(0, 9), fates=fates)
    def finish(self, pick, fates):
        claim = self.take(pick)
        if claim is None:
            return
        held = {id_ for id_, stage in self.desk.held() if stage == claim.stage}
        before = {row.id: row for row in self.desk.rows(articles)}
        by_id = {id_of(name): name for name in NAMES}
        outcome = {"made": "", "failed": {}, "handed_back": "", "later": ""}
        for work, fate in zip(claim.work, fates, strict=False):
            if fate in {"error", "final"}:
                outcome["failed"][by_id[work.id]] = ERROR if fate == "error" else FINAL
            else:
                outcome[fate] += by_id[work.id]
        rings = self.desk.finish(claim, **outcome)
        after = {row.id: row for row in self.desk.rows(articles)}
        for name in outcome["made"]:
            if id_of(name) in held:
                assert after[id_of(name)].mask == before[id_of(name)].mask | STAGES[claim.stage].bit
        for name in outcome["handed_back"] + outcome["later"]:
            assert after[id_of(name)].strikes == before[id_of(name)].strikes
        complete = [
            id_of(name)
            for name in outcome["made"]
            if after[id_of(name)].mask == 7 and after[id_of(name)].state == "in_flight"
        ]
        if claim.stage in {"extract", "classify"}:
            assert [ring.id for ring in rings.get("publish", [])] == [
                id_ for id_ in complete if before[id_].mask != 7
            ]
        self.lost.append(claim)

    @rule(
        pick=st.integers(0, 9),
        cause=st.sampled_from(["witnessed", "group", "stopped"]),
        current=st.booleans(),
    )
    def bury(self, pick, cause, current):
        claim = self.take(pick)
        if claim is None:
            return
        before = {row.id: row for row in self.desk.rows(articles)}
        held = [work.id for work in claim.work if (work.id, claim.stage) in self.desk.held()]
        name = next(n for n in NAMES if id_of(n) == claim.work[0].id) if current else None
        self.desk.bury(claim, cause, current=name, failure=CRASH)
        for row in self.desk.rows(articles):
            charged = cause == "witnessed" and name is not None and row.id == id_of(name) and row.id in held
            assert row.strikes - before[row.id].strikes == charged
            if row.interrupts > before[row.id].interrupts:
                assert before[row.id].alone
                assert cause != "stopped"
        self.lost.append(claim)

    @rule(pick=st.integers(0, 99), fates=fates)
    def a_dead_one_comes_back(self, pick, fates):
        if not self.lost:
            return
        claim = self.lost[pick % len(self.lost)]
        before = self.everything()
        name = next(n for n in NAMES if id_of(n) == claim.work[0].id)
        try:
            self.desk.finish(claim, made=name)
        except LostClaim:
            assert self.everything() == before
        else:
            raise AssertionError("a lost token wrote something")

    @rule(names=some_names)
    def replay(self, names):
        self.desk.replay(names)
        self.just_replayed = {id_of(name) for name in names}
        self.replayed |= self.just_replayed

    @rule(names=some_names)
    def give_up(self, names):
        self.desk.drop(names)

    def everything(self):
        return [
            self.desk.rows(table) for table in (articles, arrivals, sources, parts, holds, claims, quarantine)
        ]

    @invariant()
    def all_is_in_order(self):
        rows = {row.id: row for row in self.desk.rows(articles)}
        here = self.desk.rows(arrivals)
        # conservation: everything that arrived is in the ledger, once
        assert {row.article_id for row in here} == set(rows)
        # a source waits for its unsettled arrivals, and only final articles are settled or replayed ones
        open_arrivals = Counter(row.source_id for row in here if not row.settled)
        counted = Counter(row.source_id for row in here)
        for source in self.desk.rows(sources):
            assert source.pending == open_arrivals[source.id]
            assert source.articles == counted[source.id]
        for row in here:
            if rows[row.article_id].state in FINAL_STATES:
                assert row.settled
            elif row.settled:
                assert row.article_id in self.replayed
        # no hold without a claim, none of a final or waiting article, and every living claim is known
        held = self.desk.rows(holds)
        assert {row.token for row in held} <= self.desk.claims()
        assert {rows[row.article_id].state for row in held} <= {"in_flight"}
        assert self.desk.claims() == {claim.token for claim in self.claims}
        # quarantine and its reason come and go together
        assert {row.article_id for row in self.desk.rows(quarantine)} == {
            row.id for row in rows.values() if row.state == "quarantined"
        }
        have = {(row.article_id, row.stage) for row in self.desk.rows(parts)}
        for row in rows.values():
            # bits are only ever added, but for a replay
            assert (
                row.mask & self.masks.get(row.id, 0) == self.masks.get(row.id, 0)
                or row.id in self.just_replayed
            )
            for stage in ("read", "extract", "classify"):
                assert not row.mask & STAGES[stage].bit or (row.id, stage) in have
            assert (row.mask & 8 != 0) == (row.state == "published")
        self.masks = {row.id: row.mask for row in rows.values()}
        self.just_replayed = set()


LedgerMachine.TestCase.settings = settings(
    max_examples=40,
    stateful_step_count=30,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
TestLedger = LedgerMachine.TestCase
