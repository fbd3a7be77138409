"""The parent of a worker group: what it loads and leaves out, and how it ends."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys

import psutil
import pytest

LOADED = """
import sys, gc
from tasks import flow
flow._before_the_fork()
import json, threading
print(json.dumps({
    "modules": sorted(sys.modules),
    "threads": threading.active_count(),
    "frozen": gc.get_freeze_count(),
    "collects": gc.isenabled(),
    "interval": sys.getswitchinterval(),
}))
"""


def loaded(**environment):
    """Return what a worker has loaded when it forks its children."""
    done = subprocess.run(
        [sys.executable, "-c", LOADED],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


def test_nothing_heavy_that_nobody_calls():
    found = loaded()
    modules = set(found["modules"])
    unused = {
        "spacy.cli",
        "weasel",
        "typer",
        "requests",
        "jinja2",
        "rich",
        "huggingface_hub",
        "torch",
        "scipy",
    }
    assert sorted(modules & unused) == []
    assert {"spacy", "onnxruntime", "trafilatura", "py3langid"} <= modules


def test_the_parent_is_ready_to_fork():
    """No thread but the first, all that was loaded frozen, and the collector awake."""
    found = loaded()
    assert found["threads"] == 1
    assert found["frozen"] > 100_000
    assert found["collects"]
    assert found["interval"] == pytest.approx(0.005)


def test_in_a_hurry_what_few_articles_need_waits():
    modules = set(loaded(_COPYDESK_HURRY="1")["modules"])
    assert "trafilatura" not in modules
    assert {"spacy", "onnxruntime", "py3langid"} <= modules


def test_an_idle_group_ends_at_once(empty_house):
    house = empty_house
    group = house.group()
    processes = [psutil.Process(group.pid), *psutil.Process(group.pid).children(recursive=True)]
    os.kill(group.pid, signal.SIGTERM)
    psutil.wait_procs(processes, timeout=20)
    group.stop(5)
    assert not [each for each in processes if each.is_running()]
    assert "stopped: nothing in hand" in house.log(group)
    with house.desk.reading() as connection:
        leases = connection.exec_driver_sql("SELECT count(*) FROM leases WHERE name = 'keeper'").scalar()
    assert leases == 0, "the housekeeper has given its lease back"
