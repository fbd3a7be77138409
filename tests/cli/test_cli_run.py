"""`copydesk run` and `batch` as a person meets them: wrong paths, known files, being ended by a signal."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from benchmarks.corpus import articles
from worker.desk.engine import open_desk
from worker.desk.tables import articles as article_table
from worker.settings import load_settings

SEED = Path(__file__).resolve().parents[2] / "seeds" / "000_e0e4488e8881e827.txt"
PROGRAM = Path(sys.executable).parent / "copydesk"


def call(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [PROGRAM, *arguments],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["run", "nowhere.txt"], "nowhere.txt is not there"),
        (["run", "*.nothing"], "matches nothing"),
        (["run", "https://example.org/story.html"], "is a web address, and this version fetches none"),
        (["batch", "HTTP://example.org/"], "is a web address"),
        (["run"], "Missing argument"),
        (["run", "x", "--workers", "0"], "--workers"),
        (["run", "x", "--show", "-1"], "--show"),
        (["runn", "x"], "Did you mean `copydesk run`?"),
    ],
)
def test_mistakes_are_said_before_anything_starts(arguments, said, tmp_path, copydesk):
    answer = copydesk("--desk", str(tmp_path / "desk"), *arguments)
    assert (answer.code, answer.out) == (2, "")
    assert said in answer.err
    assert not (tmp_path / "desk").exists()


def test_what_a_run_says(tmp_path):
    desk, empty, bad = tmp_path / "desk", tmp_path / "empty", tmp_path / "bad"
    empty.mkdir()
    (empty / ".hidden.txt").write_text("left alone")
    bad.mkdir()
    (bad / "nothing.txt").touch()

    first = call("--desk", str(desk), "run", str(SEED))
    assert first.returncode == 0, first.stderr
    assert "1 of 1 article from 1 file is in the desk" in first.stdout
    assert "known" not in first.stdout
    assert "said    Anthony Blinken: " in first.stdout
    assert f"{PROGRAM} --desk {desk} show 5dbc8d14f064" in first.stdout, "the command can be pasted"

    again = call("--desk", str(desk), "run", str(SEED))
    assert "All of them were known and are not done again." in again.stdout

    nothing = call("--desk", str(desk), "run", str(empty))
    assert (nothing.returncode, nothing.stdout.count("\n")) == (0, 1)
    assert "no file to take in" in nothing.stdout

    mixed = call("--desk", str(desk), "run", str(SEED), str(bad), "--json")
    summary = json.loads(mixed.stdout)
    assert (mixed.returncode, mixed.stderr) == (3, "")
    assert {key: summary[key] for key in ("arrived", "known", "quarantined", "sources")} == {
        "arrived": 2,
        "known": 1,
        "quarantined": 1,
        "sources": 2,
    }
    assert summary["quarantine"][0]["code"] == "empty"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_a_batch_and_all_that_belongs_to_it(number, tmp_path):
    """Nothing stays behind, nothing is printed but one sentence, and the same command goes on."""
    desk = tmp_path / "desk"
    archive = tmp_path / "archive.jsonl"
    archive.write_text("".join(json.dumps({"text": text}) + "\n" for text in articles(150, words=200)))
    command = [PROGRAM, "--desk", str(desk), "batch", str(archive)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as batch:
        until(lambda: published(desk) > 0)
        batch.send_signal(number)
        out, err = batch.communicate(timeout=40)
    assert (batch.returncode, out) == (130, "")
    *progress, last = err.splitlines()
    assert last == "Interrupted. Nothing is lost: the same command goes on from here."
    assert all(line.split()[1:4] == ["of", "150", "articles,"] for line in progress)  # on a slow machine
    assert belonging_to(desk) == []
    if number != signal.SIGINT:
        return  # going on is the same after each
    done = call("--desk", str(desk), "batch", str(archive), "--json")
    assert done.returncode == 0, done.stderr
    summary = json.loads(done.stdout)
    assert summary["arrived"] == 150
    assert 0 < summary["known"] <= 150
    assert belonging_to(desk) == []


def published(desk: Path) -> int:
    if not (desk / "desk.db").is_file():
        return 0
    with contextlib.closing(open_desk(load_settings(desk=desk))) as opened, opened.reading() as connection:
        rows = connection.execute(article_table.select().where(article_table.c.state == "published"))
        return len(rows.all())


def belonging_to(desk: Path) -> list[str]:
    """Return the command lines of processes that name this desk in their arguments or environment."""
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if process.pid == os.getpid() or process.status() == psutil.STATUS_ZOMBIE:
                continue
            line = " ".join(process.cmdline())
            if str(desk) in line or process.environ().get("COPYDESK_DESK") == str(desk):
                found.append(line)
    return found


def until(true, seconds: float = 90) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.1)
