"""The ledger's rules, one by one. What they are for stands in `worker.desk.ledger`."""

from __future__ import annotations

import pytest
from desk_of_articles import CRASH, ERROR, FINAL, LedgerForTest, id_of, rung

from worker.desk import arrive, ledger
from worker.desk.tables import articles, parts
from worker.errors import LostClaim
from worker.identity import digest_of
from worker.witness import merge


@pytest.fixture
def desk(tmp_path):
    made = LedgerForTest.make(tmp_path)
    yield made
    made.desk.close()


@pytest.fixture
def abc(desk):
    desk.drop_in("abc")
    desk.admit()
    return desk


def test_an_article_goes_through_the_stages_and_publish_is_rung_once(abc):
    assert rung(abc.run("read", "abc")) == {"extract": ["a", "b", "c"], "classify": ["a", "b", "c"]}
    assert rung(abc.run("extract", "ab")) == {}
    assert rung(abc.run("classify", "abc")) == {"publish": ["a", "b"]}
    assert rung(abc.run("extract", "c")) == {"publish": ["c"]}
    assert rung(abc.run("publish", "abc")) == {}

    assert {abc.article(name).state for name in "abc"} == {"published"}
    assert {abc.article(name).mask for name in "abc"} == {15}
    assert abc.source(1).pending == 0
    assert not abc.held()
    assert not abc.claims()
    assert len(abc.rows(parts)) == 9


def test_a_stage_gets_the_parts_it_needs(abc):
    abc.run("read", "abc")
    abc.run("extract", "abc")
    abc.run("classify", "abc")
    work = abc.claim("publish", "b").work[0]
    assert work.parts == {"read": b"read b", "extract": b"extract b", "classify": b"classify b"}
    assert set(work.fingerprints.values()) == {"f" * 16}


@pytest.mark.parametrize("stage", ["extract", "classify", "publish"])
def test_nothing_is_claimed_before_what_it_needs(abc, stage):
    assert abc.claim(stage, "abc") is None


def test_publish_needs_both(abc):
    abc.run("read", "abc")
    abc.run("extract", "abc")
    assert abc.claim("publish", "abc") is None


def test_only_what_is_in_flight_is_claimed(desk):
    desk.drop_in("a")
    assert desk.claim("read", "a") is None


def test_nothing_is_claimed_twice(abc):
    first = abc.claim("read", "ab")
    second = abc.claim("read", "abc")
    assert [work.id for work in second.work] == [id_of("c")]
    assert second.token > first.token
    assert abc.claim("read", "abc") is None


def test_a_message_twice_finds_nothing_after_the_work(abc):
    abc.run("read", "abc")
    assert abc.claim("read", "abc") is None


def test_both_sides_of_the_fork_may_be_held_at_once(abc):
    abc.run("read", "a")
    assert abc.claim("extract", "a")
    assert abc.claim("classify", "a")


@pytest.mark.parametrize("cause", ["witnessed", "group", "stopped"])
def test_a_lost_token_writes_nothing(abc, cause):
    claim = abc.claim("read", "ab")
    abc.bury(claim, cause)
    before = abc.rows(articles)

    with pytest.raises(LostClaim):
        abc.finish(claim, made="a", failed={"b": FINAL})

    assert abc.rows(articles) == before
    assert not abc.rows(parts)
    assert abc.reason("b") is None


def test_a_lost_token_is_not_renewed(abc):
    claim = abc.claim("read", "a")
    with abc.desk.writing() as connection:
        ledger.renew(connection, claim.token, now=2000, lease_s=5)
    abc.bury(claim, "group")
    with abc.desk.writing() as connection, pytest.raises(LostClaim):
        ledger.renew(connection, claim.token, now=2000, lease_s=5)


def test_a_token_is_never_given_twice(abc):
    first = abc.claim("read", "a")
    abc.bury(first, "stopped")
    assert not abc.claims()
    assert abc.claim("read", "a").token > first.token


def test_burying_twice_is_burying_once(abc):
    claim = abc.claim("read", "ab")
    assert abc.bury(claim, "witnessed", current="a")
    before = abc.rows(articles)
    assert abc.bury(claim, "witnessed", current="a") == {}
    assert abc.rows(articles) == before


# who is charged


def test_a_witnessed_death_charges_only_the_article_in_hand(abc):
    claim = abc.claim("read", "abc")
    rings = abc.bury(claim, "witnessed", current="b")

    assert rung(rings) == {"read": ["a!", "c!"]}
    assert [abc.article(name).strikes for name in "abc"] == [0, 1, 0]
    assert [abc.article(name).group_deaths for name in "abc"] == [0, 0, 0]
    assert abc.article("b").due_at == abc.now + 2


def test_a_death_between_two_articles_charges_nobody(abc):
    claim = abc.claim("read", "abc")
    assert rung(abc.bury(claim, "witnessed")) == {"read": ["a", "b", "c"]}
    assert {abc.article(name).strikes for name in "abc"} == {0}


def test_deaths_between_two_articles_end(tmp_path):
    desk = LedgerForTest.make(tmp_path, max_interrupts=3)
    desk.drop_in("a")
    desk.admit()
    for _ in range(5):
        desk.bury(desk.claim("read", "a"), "witnessed")
    assert desk.reason("a").code == "group_died"


def test_a_marker_of_another_claim_charges_nobody(abc):
    claim = abc.claim("read", "ab")
    abc.bury(claim, "witnessed", current="c")
    assert {abc.article(name).strikes for name in "abc"} == {0}


def test_the_death_of_a_group_charges_no_strike_and_sends_alone_at_the_second(abc):
    assert rung(abc.bury(abc.claim("read", "ab"), "group")) == {"read": ["a", "b"]}
    assert rung(abc.bury(abc.claim("read", "ab"), "group")) == {"read": ["a!", "b!"]}
    assert {(abc.article(n).strikes, abc.article(n).interrupts) for n in "ab"} == {(0, 0)}


def test_interrupts_count_only_who_was_alone_and_end_in_quarantine(tmp_path):
    desk = LedgerForTest.make(tmp_path, max_interrupts=2)
    desk.drop_in("ab")
    desk.admit()
    for _ in range(2):
        desk.bury(desk.claim("read", "ab"), "group")
    desk.bury(desk.claim("read", "a"), "group")
    assert desk.article("a").interrupts == 1
    assert rung(desk.bury(desk.claim("read", "a"), "group")) == {}
    assert desk.article("a").state == "quarantined"
    assert desk.reason("a").code == "group_died"
    assert desk.article("b").interrupts == 0


def test_a_stop_in_good_order_charges_nobody_anything(abc):
    before = {name: abc.article(name) for name in "ab"}
    assert rung(abc.bury(abc.claim("read", "ab"), "stopped")) == {"read": ["a", "b"]}
    for name in "ab":
        after = abc.article(name)
        assert (after.strikes, after.interrupts, after.group_deaths, after.alone) == (0, 0, 0, False)
        assert after.due_at == abc.now
        assert after.created_at == before[name].created_at


def test_who_is_alone_is_not_claimed_in_a_batch(abc):
    abc.bury(abc.claim("read", "a"), "witnessed", current="a")
    assert [work.id for work in abc.claim("read", "abc").work] == [id_of("b"), id_of("c")]
    assert abc.claim("read", "a")


# errors, tries and quarantine


def test_pauses_double_and_the_last_strike_is_quarantine_with_its_reason(abc):
    pauses = []
    for _ in range(2):
        abc.finish(abc.claim("read", "a"), failed={"a": ERROR})
        pauses.append(abc.article("a").due_at - abc.now)
    assert pauses == [2, 4]
    abc.now += 100
    abc.finish(abc.claim("read", "a"), failed={"a": ERROR})

    assert abc.article("a").state == "quarantined"
    reason = abc.reason("a")
    assert (reason.stage, reason.code, reason.detail, reason.tries) == ("read", "error", ERROR.detail, 3)
    assert reason.at == abc.now
    assert abc.source(1).pending == 2


def test_a_final_failure_is_quarantined_at_once_and_its_mates_are_made(abc):
    rings = abc.finish(abc.claim("read", "abc"), made="ac", failed={"b": FINAL})
    assert rung(rings)["extract"] == ["a", "c"]
    assert abc.article("b").state == "quarantined"
    assert abc.reason("b").tries == 1
    assert [abc.article(name).strikes for name in "ac"] == [0, 0]


def test_a_reason_may_quote_anything(abc):
    failure = ledger.Failure("error", "bad \ud800 and \0", final=True, traceback="File \udfff")
    abc.finish(abc.claim("read", "a"), failed={"a": failure})
    assert abc.reason("a").detail == "bad \\ud800 and \\x00"
    assert abc.reason("a").traceback == "File \\udfff"


def test_a_long_reason_is_cut_where_the_column_ends(abc):
    failure = ledger.Failure("c" * 100, "d" * 5000, final=True, traceback="t" * 500)
    abc.finish(abc.claim("read", "a"), failed={"a": failure})
    reason = abc.reason("a")
    assert (len(reason.code), len(reason.detail), len(reason.signature)) == (40, 2000, 200)


def test_equal_failures_have_equal_signatures():
    one, two = (
        ledger.Failure("error", f"number {n}", final=False, traceback=f"line {n}\nKeyError: 'x'")
        for n in (1, 2)
    )
    assert one.signature("read") == two.signature("read") == "read:error:KeyError: 'x'"


def test_handed_back_is_due_at_once_and_later_after_a_pause(abc):
    rings = abc.finish(abc.claim("read", "abc"), made="a", handed_back="b", later="c")
    assert rung(rings)["read"] == ["b"]
    assert abc.article("b").due_at == abc.now
    assert abc.article("c").due_at == abc.now + 2
    assert [abc.article(name).strikes for name in "bc"] == [0, 0]
    assert rung(abc.forgotten(busy={"extract", "classify"})) == {"read": ["b"]}
    abc.now += 2
    assert rung(abc.forgotten(busy={"extract", "classify"})) == {"read": ["c"]}


# the two sides of the fork


def test_what_one_side_quarantined_the_other_does_not_touch(abc):
    abc.run("read", "ab")
    classify = abc.claim("classify", "ab")
    abc.finish(abc.claim("extract", "ab"), made="b", failed={"a": FINAL})
    assert (id_of("a"), "classify") not in abc.held()

    rings = abc.finish(classify, made="ab")

    assert rung(rings) == {"publish": ["b"]}
    assert abc.article("a").mask == 1
    assert {(row.article_id, row.stage) for row in abc.rows(parts)} == {
        (id_of("a"), "read"),
        *((id_of("b"), stage) for stage in ("read", "extract", "classify")),
    }


def test_old_work_does_not_count_after_a_replay(abc):
    abc.run("read", "a")
    classify = abc.claim("classify", "a")
    abc.finish(abc.claim("extract", "a"), failed={"a": FINAL})
    assert abc.replay("a") == 1
    abc.finish(classify, failed={"a": FINAL})
    assert abc.article("a").state == "waiting"
    assert (abc.article("a").mask, abc.article("a").strikes) == (0, 0)


def test_a_failure_after_the_drop_changes_nothing(abc):
    abc.run("read", "a")
    classify = abc.claim("classify", "a")
    abc.finish(abc.claim("extract", "a"), failed={"a": FINAL})
    assert abc.drop("a") == 1
    abc.finish(classify, failed={"a": FINAL})
    assert abc.article("a").state == "dropped"
    assert abc.reason("a") is None


def test_one_that_pauses_keeps_its_time_when_the_other_side_is_done(abc):
    abc.run("read", "a")
    classify = abc.claim("classify", "a")
    abc.finish(abc.claim("extract", "a"), failed={"a": ERROR})
    abc.finish(classify, made="a")
    assert abc.article("a").due_at == abc.now + 2


# another chance, and the end


def test_replay_starts_from_the_first_stage_uncharged_and_alone(abc):
    abc.run("read", "abc")
    abc.finish(abc.claim("extract", "a"), failed={"a": FINAL})
    assert abc.replay("abc") == 1  # only what is in quarantine

    again = abc.article("a")
    assert (again.state, again.mask, again.strikes, again.alone) == ("waiting", 0, 0, True)
    assert again.finished_at is None
    assert rung(abc.admit()) == {"read": ["a!"]}
    for stage in ("read", "extract", "classify", "publish"):
        abc.run(stage, "a")
    assert abc.article("a").state == "published"
    assert abc.source(1).pending == 2


def test_a_replay_of_others_leaves_work_in_hand_alone(abc):
    claim = abc.claim("read", "abc")
    assert abc.replay("a") == 0
    assert rung(abc.finish(claim, made="abc"))["extract"] == ["a", "b", "c"]


def test_drop_takes_only_what_is_in_quarantine(abc):
    abc.finish(abc.claim("read", "a"), failed={"a": FINAL})
    assert abc.drop("abc") == 1
    assert [abc.article(name).state for name in "abc"] == ["dropped", "in_flight", "in_flight"]
    assert abc.reason("a") is None
    assert abc.replay("a") == 1


def test_intake_refuses_only_what_nobody_has_begun(desk):
    desk.drop_in("a")
    desk.admit()
    desk.drop_in("b")
    with desk.desk.writing() as connection:
        ledger.refuse(connection, {id_of(n): ("too_large", "9 GB") for n in "ab"}, now=desk.now)
    assert [desk.article(name).state for name in "ab"] == ["in_flight", "quarantined"]
    assert desk.reason("b").stage == "intake"


# arrivals


def test_an_arrival_of_a_final_article_is_settled_at_once(abc):
    for stage in ("read", "extract", "classify", "publish"):
        abc.run(stage, "abc")
    second = abc.drop_in("ad")
    assert abc.source(second).pending == 1
    assert abc.source(second).articles == 2


def test_one_article_in_two_sources_and_twice_in_one_settles_all(desk):
    first, second = desk.drop_in("aba"), desk.drop_in("a")
    assert (desk.source(first).pending, desk.source(second).pending) == (3, 1)
    desk.admit()
    desk.finish(desk.claim("read", "a"), failed={"a": FINAL})
    assert (desk.source(first).pending, desk.source(second).pending) == (1, 0)


def test_members_offered_again_after_a_restart_count_once(desk):
    first = desk.drop_in("ab", path="/inbox/x")
    members = [arrive.Member(id_of(n), digest_of(n.encode()), 1, p, None) for p, n in enumerate("abc")]
    with desk.desk.writing() as connection:
        arrive.register(connection, first, "default", members, now=desk.now)
    assert (desk.source(first).articles, desk.source(first).pending) == (3, 3)


# letting in, ringing again


def test_no_more_than_max_in_flight_are_let_in_oldest_first(tmp_path):
    desk = LedgerForTest.make(tmp_path, max_in_flight=3, batch_size=2)
    desk.drop_in("abcdefg")
    assert rung(desk.admit()) == {"read": ["a", "b", "c"]}
    assert desk.admit() == {}
    desk.finish(desk.claim("read", "a"), failed={"a": FINAL})
    assert desk.admit() == {}  # room for less than a batch
    desk.finish(desk.claim("read", "b"), failed={"b": FINAL})
    assert rung(desk.admit()) == {"read": ["d", "e"]}


@pytest.mark.parametrize(
    ("done", "held", "busy", "expected"),
    [
        ((), None, (), {"read": ["a"]}),
        ((), None, ("read",), {}),
        ((), None, ("extract", "classify", "publish"), {"read": ["a"]}),
        ((), "read", (), {}),
        (("read",), None, (), {"extract": ["a"], "classify": ["a"]}),
        (("read",), None, ("classify",), {"extract": ["a"]}),
        (("read", "extract"), None, ("extract",), {"classify": ["a"]}),
        (("read", "extract", "classify"), None, (), {"publish": ["a"]}),
        (("read", "extract", "classify", "publish"), None, (), {}),
    ],
)
def test_who_is_rung_for_again(desk, done, held, busy, expected):
    desk.drop_in("a")
    desk.admit()
    for stage in done:
        desk.run(stage, "a")
    if held:
        desk.claim(held, "a")
    assert desk.forgotten(busy=busy) == {}  # not yet due
    desk.now += 31
    assert rung(desk.forgotten(busy=busy)) == expected
    assert desk.forgotten(busy=busy) == {}  # it has new time now


def test_a_long_queue_does_not_hide_what_waits_behind_it(desk):
    desk.drop_in("abcd")
    desk.admit()
    desk.run("read", "d")
    desk.now += 31
    assert rung(desk.forgotten(busy={"read"}, limit=1)) == {"extract": ["d"], "classify": ["d"]}


def test_who_is_charged_is_rung_for_though_the_queue_is_long(abc):
    abc.bury(abc.claim("read", "a"), "witnessed", current="a", failure=CRASH)
    abc.now += 2
    assert rung(abc.forgotten(busy={"read"})) == {"read": ["a!"]}


def test_nobody_is_rung_for_twice_in_one_round():
    rings = {"read": [ledger.Ring("a"), ledger.Ring("b")]}
    merge(rings, {"read": [ledger.Ring("b"), ledger.Ring("c")], "extract": [ledger.Ring("b")]})
    assert {stage: [ring.id for ring in found] for stage, found in rings.items()} == {
        "read": ["a", "b", "c"],
        "extract": ["b"],
    }


def test_a_server_that_came_up_empty_is_rung_at_once_but_for_pauses(abc):
    abc.finish(abc.claim("read", "a"), failed={"a": ERROR})
    assert rung(abc.forgotten()) == {}
    assert rung(abc.forgotten(bell_is_new=True)) == {"read": ["b", "c"]}
