"""What is left after processes died: nothing lost, nothing doubled, nobody charged without guilt."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time

import psutil
import pytest
from worker_house import ROOT, House, wait_until

from worker.group import workers_alive
from worker.settings import to_environment

SLOW = "odd-slow 700 ms"


def processes_of(group):
    parent = psutil.Process(group.pid)
    return [parent, *parent.children(recursive=True)]


def all_gone(processes, *, timeout_s=20):
    def gone():
        return not [p for p in processes if p.is_running() and p.status() != psutil.STATUS_ZOMBIE]

    wait_until(gone, timeout_s=timeout_s, why="every process ends")


def test_a_killed_child_costs_its_article_one_strike_and_its_mates_none(house):
    ids = house.drop_in(house.texts(6, SLOW))
    claim = wait_until(lambda: [c for c in house.claims() if c.stage == "extract"])[0]
    marker = house.settings.desk_dir / "run" / "current" / str(claim.token)
    wait_until(lambda: marker.exists() and ids[0] in marker.read_text())
    os.kill(int(claim.child.split(":")[0]), signal.SIGKILL)

    assert set(house.finished(ids)) == {"published"}
    assert [house.row(id_).strikes for id_ in ids] == [1, 0, 0, 0, 0, 0]
    house.exactly_once(ids)


def test_the_housekeeper_is_replaced(house):
    keeper = house.keeper_of(house.groups[0])
    keeper.kill()
    wait_until(lambda: not keeper.is_running(), why="it is reaped and replaced")
    assert house.finished(house.drop_in(house.texts(2))) == ["published"] * 2


def test_an_emptied_queue_loses_nothing(house):
    ids = house.drop_in(house.texts(40, SLOW, SLOW))
    wait_until(house.claims)
    with house.redis() as redis:
        redis.flushall()
    assert set(house.finished(ids)) == {"published"}
    house.exactly_once(ids)


def test_a_killed_server_loses_nothing(house):
    ids = house.drop_in(house.texts(40, SLOW, SLOW))
    wait_until(house.claims)
    house.kill_server()
    assert set(house.finished(ids)) == {"published"}
    house.exactly_once(ids)


def test_a_killed_group_leaves_everything_to_the_next(empty_house):
    house = empty_house
    group = house.group()
    ids = house.drop_in(house.texts(40, SLOW, SLOW, SLOW))
    house.working()
    os.killpg(group.pid, signal.SIGKILL)
    assert house.claims()
    house.group()
    assert set(house.finished(ids)) == {"published"}
    assert {house.row(id_).strikes for id_ in ids} == {0}
    house.exactly_once(ids)


def test_a_stopped_group_hands_back_quickly(empty_house):
    house = empty_house
    group = house.group()
    ids = house.drop_in(house.texts(40, *[SLOW] * 40))
    wait_until(lambda: [c for c in house.claims() if c.stage == "extract"])
    processes = processes_of(group)

    started = time.monotonic()
    os.kill(group.pid, signal.SIGTERM)
    all_gone(processes)

    assert time.monotonic() - started < 6
    assert not house.claims()
    assert not house.held()
    assert not workers_alive(house.settings)
    rows = [house.row(id_) for id_ in ids]
    assert {(r.strikes, r.interrupts, r.group_deaths, r.alone) for r in rows} == {(0, 0, 0, False)}
    assert {r.state for r in rows} <= {"in_flight", "waiting", "published"}


def test_when_only_the_parent_dies_children_and_housekeeper_end(empty_house):
    house = empty_house
    group = house.group()
    ids = house.drop_in(house.texts(20, SLOW, SLOW))
    house.working()
    processes = processes_of(group)
    assert len(processes) == 4
    os.kill(group.pid, signal.SIGKILL)
    all_gone(processes)

    house.group()
    assert set(house.finished(ids)) == {"published"}
    assert {house.row(id_).strikes for id_ in ids} == {0}
    house.exactly_once(ids)


def test_when_the_command_dies_its_worker_ends_itself(empty_house):
    house = empty_house
    code = (
        "import time; from worker.group import Process, worker_command;"
        "from worker.settings import current_settings as s;"
        "p = Process(worker_command(s()), s(), log_name='owned.log'); p.start();"
        "print(p.pid, flush=True); time.sleep(600)"
    )
    environment = {**os.environ, **to_environment(house.settings)}
    with subprocess.Popen(
        [sys.executable, "-c", code], env=environment, cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as owner:
        parent = psutil.Process(int(owner.stdout.readline()))
        wait_until(lambda: len(parent.children()) == 3, why="workers and housekeeper run")
        processes = [parent, *parent.children(recursive=True)]
        os.kill(owner.pid, signal.SIGKILL)  # not reaped yet: a zombie is as dead as one that is
        try:
            all_gone(processes)
        finally:
            for each in processes:
                with contextlib.suppress(psutil.NoSuchProcess):
                    each.kill()


@pytest.mark.soak  # Celery replaces a child that has done its share with a delay of five seconds
@pytest.mark.usefixtures("_environment")
def test_children_are_replaced_after_their_share_of_messages(tmp_path):
    house = House.open(tmp_path, max_tasks_per_child=3, concurrency=1, batch_size=1)
    try:
        group = house.group()
        first = house.children_of(group)[0].pid
        ids = house.drop_in(house.texts(1))  # four messages
        assert set(house.finished(ids)) == {"published"}
        assert first not in {child.pid for child in house.children_of(group)}
        assert {house.row(id_).strikes for id_ in ids} == {0}
    finally:
        house.close()


def test_two_groups_share_the_stages(empty_house):
    house = empty_house
    house.group("extract", name="extractors")
    ids = house.drop_in(house.texts(5))
    with house.redis() as redis:
        wait_until(lambda: redis.llen("read"), why="read waits for somebody")
    time.sleep(2 * house.settings.reconcile_s)
    assert {house.row(id_).mask for id_ in ids} == {0}
    house.group("read", "classify", "publish", name="others")
    assert set(house.finished(ids)) == {"published"}
    house.exactly_once(ids)


@pytest.mark.soak
@pytest.mark.usefixtures("_environment")
def test_a_frozen_child_is_killed_at_the_hard_limit(tmp_path):
    house = House.open(tmp_path, batch_time_limit_s=8)
    try:
        house.group()
        ids = house.drop_in(house.texts(3, SLOW))
        claim = wait_until(lambda: [c for c in house.claims() if c.stage == "extract"])[0]
        os.kill(int(claim.child.split(":")[0]), signal.SIGSTOP)
        assert set(house.finished(ids, timeout_s=40)) == {"published"}
        assert sum(house.row(id_).strikes for id_ in ids) <= 1
        house.exactly_once(ids)
    finally:
        house.close()
