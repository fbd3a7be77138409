"""The watched folder: whatever way a file comes, it is taken once, when it is whole, and then put away."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from house import BAD, names

import worker.intake.move
import worker.intake.walk
from worker.desk.tables import sources
from worker.intake.move import NOWHERE, Mover
from worker.intake.walk import files_below
from worker.intake.whole import nobody_writes
from worker.settings import load_settings, to_environment

HAS_LEASES = sys.platform == "linux"


@pytest.fixture
def live(make_house, watching, until):
    """A watcher at work, with somebody who processes what it takes in."""
    stop = threading.Event()
    threads = []

    def start(before=None, **settings):
        house = make_house(rescan_s=60, reconcile_s=0.1, **settings)
        if before:
            before(house)
        house.end = watching(house)

        def work():
            while not stop.wait(0.05):
                house.process()

        threads.append(threading.Thread(target=work))
        threads[-1].start()
        return house

    yield start
    stop.set()
    for thread in threads:
        thread.join()


def write(path, data):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("poll", ["never", "always"])
def test_every_way_a_file_may_come(live, until, tmp_path, poll):
    house = live(before=lambda house: write(house.inbox / "before.txt", b"before"), poll=poll, poll_s=0.2)
    write(house.inbox / "plain.txt", b"plain")
    write(tmp_path / "elsewhere.txt", b"renamed").rename(house.inbox / "renamed.txt")
    write(tmp_path / "folder/deep/a.txt", b"in a folder").parent.parent.rename(house.inbox / "folder")
    write(house.inbox / "new/deeper/b.txt", b"in new folders")
    with (house.inbox / "slow.txt").open("wb") as slow:
        for _ in range(10):
            slow.write(b"slowly ")
            slow.flush()
            time.sleep(0.05)
            assert not (house.done / "slow.txt").exists()
    expected = ["before.txt", "folder/deep/a.txt", "new/deeper/b.txt", "plain.txt", "renamed.txt", "slow.txt"]
    until(lambda: names(house.done) == expected)
    assert names(house.inbox) == names(house.failed) == []
    assert (house.done / "slow.txt").read_bytes() == b"slowly " * 10
    assert sorted(house.bytes()) == sorted((house.done / name).read_bytes() for name in expected)
    assert {row.collection for row in house.rows(sources)} == {"default", "folder", "new"}


def test_failed_with_the_reason_beside_it(live, until):
    house = live()
    write(house.inbox / "wire/bad.txt", BAD)
    write(house.inbox / "wire/rows.jsonl", b"one\n" + BAD + b"\nthree\n")
    write(house.inbox / "broken.zip", b"PK\x03\x04 no archive")
    write(house.inbox / "good.txt", b"good")
    failed = ["broken.zip", "wire/bad.txt", "wire/rows.jsonl"]
    expected = sorted([*failed, *(f"{name}.reason.txt" for name in failed)])
    until(lambda: names(house.failed) == expected and names(house.done) == ["good.txt"])
    assert names(house.inbox) == []
    assert "bad: it said so" in (house.failed / "wire/bad.txt.reason.txt").read_text()
    assert "rows.jsonl:2" in (house.failed / "wire/rows.jsonl.reason.txt").read_text()
    assert "damaged" in (house.failed / "broken.zip.reason.txt").read_text()


def test_what_is_left_alone(live, until, tmp_path):
    outside = write(tmp_path / "secret.txt", b"secret")
    house = live(ignore=[".*", "*.tmp"])
    alone = [".hidden", "half.tmp", ".folder/a.txt", "x.tmp/a.txt", "mine/draft-1.txt", "mine/old/b.txt"]
    write(house.inbox / "mine/.copydeskignore", b"# ours\ndraft-*\nold/\n")
    for name in alone:
        write(house.inbox / name, b"left")
    (house.inbox / "link.txt").symlink_to(outside)
    (house.inbox / "linked").symlink_to(tmp_path)
    os.mkfifo(house.inbox / "fifo")
    write(house.inbox / "mine/good.txt", b"good")
    write(house.inbox / "last.txt", b"last")
    until(lambda: names(house.done) == ["last.txt", "mine/good.txt"])
    assert len(house.sources()) == 2
    assert set(alone) < set(names(house.inbox))
    assert outside.exists()


def test_a_link_inside_the_inbox_is_followed(house):
    write(house.inbox / "a/real.txt", b"real")
    (house.inbox / "a/link.txt").symlink_to(house.inbox / "a/real.txt")
    found = [entry.name for entry in files_below(house.inbox, house.settings)]
    assert found == ["link.txt", "real.txt"]


@pytest.mark.parametrize("after", ["move", "keep", "delete"])
def test_stays_or_goes_as_set(live, until, after):
    house = live(after=after)
    path = write(house.inbox / "a.txt", b"first")
    until(lambda: [row.settled_at is not None for row in house.rows(sources)] == [True])
    assert names(house.inbox) == (["a.txt"] if after == "keep" else [])
    assert names(house.done) == (["a.txt"] if after == "move" else [])
    write(path, b"second")
    until(lambda: [row.settled_at is not None for row in house.rows(sources)] == [True, True])
    assert house.bytes() == [b"first", b"second"]
    if after == "move":
        assert len(names(house.done)) == 2


def test_names_that_are_no_text(live, until):
    raw = b"caf\xe9.txt"
    house = live()
    for folder in (b".", b"r\xe9gion"):
        os.makedirs(os.path.join(os.fsencode(house.inbox), folder), exist_ok=True)
        with open(os.path.join(os.fsencode(house.inbox), folder, raw), "wb") as file:
            file.write(BAD if folder == b"." else b"good")
    until(lambda: all(row.settled_at for row in house.rows(sources)) and len(house.rows(sources)) == 2)
    assert os.path.exists(os.path.join(os.fsencode(house.done), b"r\xe9gion", raw))
    assert sorted(os.listdir(os.fsencode(house.failed))) == [raw, raw + b".reason.txt"]
    assert sorted(row.collection for row in house.rows(sources)) == ["default", "r\\xe9gion"]
    assert all(row.path.startswith("file:///") and "caf%E9.txt" in row.path for row in house.rows(sources))
    write(house.inbox / "later.txt", b"later")
    until((house.done / "later.txt").exists)


def test_a_very_long_name_that_fails(live, until):
    house = live()
    name = "é" * 120 + ".txt"
    for data in (BAD, BAD + b" again"):
        write(house.inbox / name, data)
        until(lambda: names(house.inbox) == [])
    until(lambda: len(names(house.failed)) == 4)  # the reason is written just behind the move
    found = names(house.failed)
    assert len(found) == 4
    assert sum(each.endswith(".reason.txt") for each in found) == 2


def test_the_desk_inside_a_folder_is_not_taken_in(tmp_path, house):
    write(house.settings.desk_dir / "note.txt", b"of the desk")
    found = [entry.name for entry in files_below(tmp_path, house.settings)]
    assert found == []
    write(tmp_path / "note.txt", b"not of the desk")
    assert [entry.name for entry in files_below(tmp_path, house.settings)] == ["note.txt"]


def test_ten_thousand_levels_are_no_recursion(house):
    """A hostile tree: as deep as the system allows."""
    depth, here = 0, os.open(house.inbox, os.O_RDONLY)
    while depth < 1500:
        os.mkdir("d", dir_fd=here)
        below = os.open("d", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here, depth = below, depth + 1
    os.close(os.open("deep.txt", os.O_CREAT | os.O_WRONLY, dir_fd=here))
    os.close(here)
    try:
        assert [entry.name for entry in files_below(house.inbox, house.settings)] == ["deep.txt"]
    finally:
        subprocess.run(["rm", "-rf", str(house.inbox)], check=True)


def test_large_folders_are_read_in_runs(house, monkeypatch):
    monkeypatch.setattr(worker.intake.walk, "AT_ONCE", 10)
    for number in range(35):
        write(house.inbox / f"{number:02d}.txt", b"x")
    found = [entry.name for entry in files_below(house.inbox, house.settings)]
    assert sorted(found) == names(house.inbox)
    assert all(found[start : start + 10] == sorted(found[start : start + 10]) for start in range(0, 35, 10))


def test_what_run_took_is_taken_again_and_moved(house):
    path = write(house.inbox / "a.txt", b"one")
    house.take(path, watched=False)
    house.process()
    watcher = house.watcher()
    assert [found.path for found in watcher.unknown()] == [str(path)]
    house.take(path)
    assert watcher._mover.settle() == 1
    assert names(house.done) == ["a.txt"]
    assert len(house.states()) == 1


# --- is it whole? ---------------------------------------------------------------------------------------


@pytest.mark.skipif(not HAS_LEASES, reason="only Linux tells who has a file open")
def test_a_file_open_for_writing_is_not_whole(tmp_path):
    path = write(tmp_path / "a.txt", b"half")
    assert nobody_writes(str(path))
    with path.open("ab"):
        assert not nobody_writes(str(path))
    with path.open("rb"):
        assert nobody_writes(str(path))


@pytest.mark.skipif(not HAS_LEASES, reason="only Linux tells who has a file open")
def test_asking_survives_those_who_begin_to_write_meanwhile(tmp_path):
    """The kernel's answer to a broken lease is a signal that would end the process."""
    path = write(tmp_path / "a.txt", b"one")
    program = (
        "import sys, time; from worker.intake.whole import nobody_writes; end = time.monotonic() + 1.5\n"
        "while time.monotonic() < end: nobody_writes(sys.argv[1])\n"
    )
    asking = subprocess.Popen([sys.executable, "-c", program, str(path)])
    while asking.poll() is None:
        with contextlib.suppress(BlockingIOError):
            os.close(os.open(path, os.O_WRONLY | os.O_NONBLOCK))
    assert asking.returncode == 0


# --- moving ---------------------------------------------------------------------------------------------


@pytest.fixture
def finished(house):
    """A file that was taken in and processed, and lies in the inbox still."""

    def make(name="a.txt", data=b"one", *, to=house):
        path = write(to.inbox / name, data)
        to.take(path)
        to.process()
        return path

    return make


def mover(house):
    return Mover(house.desk, house.watcher().inbox, house.settings)


def test_appended_after_it_was_taken(house, finished):
    path = finished()
    with path.open("ab") as more:
        more.write(b" and two")
    mover(house).settle()
    assert names(house.done) == []
    assert [Path(found.path).name for found in house.watcher().unknown()] == ["a.txt"]
    house.take(path)
    house.process()
    mover(house).settle()
    assert house.bytes() == [b"one", b"one and two"]
    assert (house.done / "a.txt").read_bytes() == b"one and two"
    assert [row.moved_to for row in house.rows(sources)] == [NOWHERE, str(house.done / "a.txt")]


@pytest.mark.skipif(not HAS_LEASES, reason="only Linux tells who has a file open")
def test_a_file_that_somebody_has_opened_again_stays(house, finished):
    path = finished()
    with path.open("ab") as writer:
        assert mover(house).settle() == 0
        assert path.exists()
        writer.write(b" and two")
    assert mover(house).settle() == 1
    assert path.read_bytes() == b"one and two"
    assert [Path(found.path).name for found in house.watcher().unknown()] == ["a.txt"]


@pytest.mark.parametrize("after", ["move", "delete"])
def test_other_bytes_of_the_same_size_and_time(make_house, finished, after):
    house = make_house(after=after)
    path = finished(to=house)
    stat = path.stat()
    path.write_bytes(b"two")
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    mover(house).settle()
    assert path.read_bytes() == b"two"
    assert [Path(found.path).name for found in house.watcher().unknown()] == ["a.txt"]


def test_changed_between_the_look_and_the_move(house, finished, monkeypatch):
    path = finished()
    real = os.rename

    def meanwhile(source, target):
        if Path(source) == path:
            Path(source).write_bytes(b"changed in between")
        real(source, target)

    monkeypatch.setattr(os, "rename", meanwhile)
    mover(house).settle()
    assert path.read_bytes() == b"changed in between"
    assert names(house.done) == []


class Killed(BaseException):
    """Stands for a process that ends here."""


@pytest.mark.parametrize("after", ["move", "delete"])
@pytest.mark.parametrize("changed", [False, True])
def test_a_crash_between_the_move_and_the_ledger(make_house, finished, monkeypatch, after, changed):
    house = make_house(after=after)
    path = finished(to=house)
    real = os.rename

    def die(source, target):
        real(source, target)
        if changed:
            Path(target).write_bytes(b"changed in between")
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(os, "rename", die)
        with pytest.raises(Killed):
            mover(house).settle()
    assert names(house.done) == ["a.txt"]
    mover(house).settle()
    assert names(house.done) == ([] if after == "delete" or changed else ["a.txt"])
    assert names(house.inbox) == (["a.txt"] if changed else [])
    if changed:
        assert path.read_bytes() == b"changed in between"
    assert all(row.settled_at for row in house.rows(sources))


def test_names_that_collide(house, finished):
    for number in range(3):
        finished(data=b"%d" % number)
        mover(house).settle()
    assert sorted((house.done / name).read_bytes() for name in names(house.done)) == [b"0", b"1", b"2"]
    assert all(row.moved_to and Path(row.moved_to).exists() for row in house.rows(sources))


def test_a_folder_whose_name_is_taken_by_a_file(house, finished):
    finished("wire", b"a file without an ending")
    mover(house).settle()
    finished("wire/a.txt", b"one")
    mover(house).settle()
    assert names(house.done) == ["wire", "wire.2/a.txt"]


@pytest.mark.parametrize("changed", [False, True])
def test_across_devices(house, finished, monkeypatch, changed):
    path = finished()

    def elsewhere(source, target):
        if changed:
            path.write_bytes(b"changed in between")
        raise OSError(errno.EXDEV, "Invalid cross-device link", source, None, target)

    with monkeypatch.context() as patch:
        patch.setattr(os, "rename", elsewhere)
        mover(house).settle()
    assert names(house.done) == ([] if changed else ["a.txt"])
    assert names(house.inbox) == (["a.txt"] if changed else [])


def test_one_that_cannot_be_moved_holds_up_nobody(house, finished, monkeypatch):
    monkeypatch.setattr(worker.intake.move, "AT_ONCE", 2)
    stuck = [finished(f"{number}.txt", b"%d" % number) for number in range(4)]
    finished("good.txt", b"good")
    real = os.rename

    def refuse(source, target):
        if Path(source) in stuck:
            raise OSError(errno.EACCES, "Permission denied", source)
        real(source, target)

    moving = mover(house)
    with monkeypatch.context() as patch:
        patch.setattr(os, "rename", refuse)
        assert moving.settle() == 1
        assert names(house.done) == ["good.txt"]
    assert moving.settle() == 0  # not again and again
    assert mover(house).settle() == 4
    assert names(house.inbox) == []


def test_folders_that_became_empty_stay(house, finished):
    """Somebody may be about to write into them."""
    path = finished("wire/2021/a.txt")
    mover(house).settle()
    assert path.parent.is_dir()


def test_somebody_took_the_file_away(house, finished):
    finished().unlink()
    assert mover(house).settle() == 1
    assert [row.moved_to for row in house.rows(sources)] == [NOWHERE]


# --- stopped in the middle ------------------------------------------------------------------------------


@pytest.mark.parametrize("meanwhile", ["nothing", "gone", "replaced"])
def test_a_container_half_read_when_the_watcher_stopped(house, watching, until, monkeypatch, meanwhile):
    monkeypatch.setattr("worker.intake.take.CHUNK_ARTICLES", 10)
    path = write(house.inbox / "a.jsonl", b"".join(b'{"n": %d}\n' % n for n in range(50)))

    def die():
        raise Killed

    taker = worker.intake.take.Taker(house.desk, house.app, house.settings, watched=True, run=None)
    with pytest.raises(Killed):
        taker.take([worker.intake.take.look_at(path, "default")], on_progress=die)
    taker.close()
    assert house.sources() == [("a.jsonl", "splitting", 10, None)]
    if meanwhile == "gone":
        path.unlink()
    elif meanwhile == "replaced":
        path.write_bytes(b"{}\n")
    watching(house)
    expected = {
        "nothing": [("a.jsonl", "split", 50, None)],
        "gone": [("a.jsonl", "gone", 10, "vanished")],
        "replaced": [("a.jsonl", "gone", 10, "vanished"), ("a.jsonl", "split", 1, None)],
    }
    until(lambda: house.sources() == expected[meanwhile])
    house.process()
    until(lambda: all(row.settled_at for row in house.rows(sources)))
    assert names(house.done) == ([] if meanwhile == "gone" else ["a.jsonl"])


def test_the_disk_is_short_for_a_while(live, until, monkeypatch):
    short = [True]
    real = worker.intake.take.shutil.disk_usage
    monkeypatch.setattr(
        worker.intake.take.shutil,
        "disk_usage",
        lambda path: type(real(path))(1, 1, 0) if short[0] else real(path),
    )
    house = live(min_free_disk_mb=1)
    write(house.inbox / "a.txt", b"one")
    time.sleep(0.5)
    assert house.sources() == []
    short[0] = False
    until(lambda: names(house.done) == ["a.txt"])


@pytest.mark.soak
def test_the_command_with_its_workers_killed_and_started_again(tmp_path, until):
    """The whole of it: `copydesk watch` and real workers, SIGKILLed in the middle."""
    settings = load_settings(desk=tmp_path / "desk", inbox=tmp_path / "inbox", concurrency=1, reconcile_s=0.3)
    inbox, done = tmp_path / "inbox", tmp_path / "done"
    article = "Lisbon, 6 December 2021 - Mayor Anna Keller said on Monday that {} bridges would be repaired."
    rows = [json.dumps({"text": article.format(number)}) for number in range(300)]
    write(inbox / "rows.jsonl", "\n".join(rows).encode())
    environment = {**os.environ, **to_environment(settings)}
    command = [sys.executable, "-m", "copydesk", "watch"]
    log = (tmp_path / "log").open("wb")

    def start():
        return subprocess.Popen(command, env=environment, stderr=log, stdout=log, start_new_session=True)

    running = start()
    try:
        until((tmp_path / "desk/run/current").exists, seconds=60)
        os.kill(running.pid, signal.SIGKILL)
        running.wait()
        write(inbox / "meanwhile.txt", article.format("no").encode())
        running = start()
        until(lambda: names(done) == ["meanwhile.txt", "rows.jsonl"], seconds=90)
        assert names(inbox) == names(tmp_path / "failed") == []
        running.send_signal(signal.SIGTERM)
        assert running.wait(40) == 0
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(running.pid, signal.SIGKILL)
        running.wait()
        log.close()
    audit = subprocess.run(
        [*command[:-1], "audit"], env=environment, capture_output=True, text=True, check=False
    )
    assert audit.returncode == 0, audit.stdout + audit.stderr
