"""Short versions of the long measurements: real server, real workers, real kills."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def run_module(name: str, *arguments: str, timeout_s: float) -> dict:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("COPYDESK_")}
    done = subprocess.run(
        [sys.executable, "-m", f"benchmarks.{name}", "--json", *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=timeout_s,
        check=False,
    )
    assert done.stdout, done.stderr[-4000:]
    figures = json.loads(done.stdout.splitlines()[-1])
    figures["exit"] = done.returncode
    return figures


@pytest.mark.timeout(900)
def test_nothing_is_lost_doubled_or_condemned_in_a_small_storm():
    figures = run_module(
        "conservation",
        *("--articles", "600", "--poison", "3", "--kills", "4", "--server-kills", "1", "--intake-kills", "1"),
        *("--compare", "60", "--limit-s", "600"),
        timeout_s=880,
    )

    assert figures["worker_kills"] == 4
    assert figures["server_kills"] == 1
    assert figures["published"] == 597
    assert figures["quarantined"] == 3
    for name in ("lost", "invented", "doubled", "innocents", "poison_published", "wrong_reason"):
        assert figures[name] == 0, figures
    assert figures["different_from_plain_loop"] == 0
    assert figures["audit_exit"] == 0
    assert figures["exit"] == 0


@pytest.mark.timeout(180)
def test_a_dropped_file_is_searchable_soon():
    figures = run_module("latency", "--files", "6", timeout_s=170)

    assert figures["files"] == 6
    assert figures["median_s"] <= 1.5, figures


@pytest.mark.soak
@pytest.mark.timeout(3700)
def test_nothing_is_lost_doubled_or_condemned_in_a_long_storm():
    figures = run_module("conservation", timeout_s=3600)

    assert figures["exit"] == 0, figures


@pytest.mark.timeout(900)
def test_the_whole_path_keeps_up_with_the_plain_loop():
    """A loose floor: CI machines are shared. The figure that counts stands in benchmarks/RESULTS.md."""
    figures = run_module("overhead", "--articles", "200", "--batches", "32", timeout_s=880)

    assert figures["batches"]["32"]["ratio"] >= 0.7, figures
