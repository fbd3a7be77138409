"""Logs of processes: one JSON object a line, with what the caller added; no library for terminals."""

from __future__ import annotations

import json
import logging
import subprocess
import sys

from worker.logs import JsonFormatter


def line_of(message, *arguments, level=logging.INFO, exc_info=None, **added):
    record = logging.getLogger("desk").makeRecord(
        "desk", level, "file.py", 1, message, arguments, exc_info, extra=added
    )
    line = JsonFormatter().format(record)
    assert "\n" not in line
    return json.loads(line)


def test_what_a_line_holds():
    line = line_of("batch %s", "done", stage="read", made=3, level=logging.WARNING)
    assert list(line) == ["event", "level", "logger", "stage", "made", "timestamp"]
    assert line["event"] == "batch done"
    assert (line["level"], line["logger"], line["stage"], line["made"]) == ("warning", "desk", "read", 3)
    assert line["timestamp"].endswith("Z")


def test_an_error_has_its_traceback_and_an_object_its_repr():
    try:
        float("two\nlines")
    except ValueError:
        line = line_of("failed", exc_info=sys.exc_info(), where={1, 2})
    assert line["exception"].startswith("Traceback (most recent call last):")
    assert line["exception"].endswith(r"could not convert string to float: 'two\nlines'")
    assert line["where"] == "{1, 2}"


def test_json_needs_no_library_for_terminals():
    code = (
        "import sys, logging\n"
        "from worker.logs import configure_logging\n"
        "from worker.settings import load_settings\n"
        "configure_logging(load_settings(log_format='json'))\n"
        "logging.getLogger('a').info('here')\n"
        "print(*({'structlog', 'rich', 'pygments'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert json.loads(done.stderr)["event"] == "here"
    assert done.stdout.strip() == ""
