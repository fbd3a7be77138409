"""Flower with our settings: what it shows, what it keeps secret, and that it never outlives its command."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time

import psutil
import pytest

from worker.errors import UsageError
from worker.monitor.flower import TASK_COLUMNS, flower_command, flower_environment, require_free_port
from worker.settings import Settings


def test_columns_are_flowers_own():
    from flower.views import tasks  # noqa: PLC0415 - slow to import

    names = TASK_COLUMNS.split(",")
    assert [name for name in names if name not in tasks.TASK_COLUMNS] == []
    assert "received" in names, "the page sorts by it"


def test_the_password_is_in_the_environment_alone(tmp_path):
    settings = Settings(desk=tmp_path, flower_address="0.0.0.0", flower_basic_auth="ed:hush")
    assert flower_environment(settings)["FLOWER_BASIC_AUTH"] == "ed:hush"
    assert "hush" not in " ".join(flower_command(settings))


def test_a_port_in_use_is_said_before_anything_starts(tmp_path, copydesk):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(UsageError, match=f"cannot listen at 127.0.0.1:{port}"):
            require_free_port(Settings(flower_port=port))
        os.environ["COPYDESK_FLOWER_PORT"] = str(port)
        answer = copydesk("--desk", str(tmp_path / "desk"), "up", str(tmp_path / "inbox"))
    assert answer.code == 2
    assert "COPYDESK_FLOWER_PORT" in answer.err
    assert not (tmp_path / "desk").exists()
    require_free_port(Settings(flower_port=port))


def test_flower_wants_a_queue_and_no_desk(tmp_path, copydesk):
    answer = copydesk("--desk", str(tmp_path / "desk"), "flower")
    assert answer.code == 2
    assert "No queue server answers" in answer.err


def test_flower_ends_when_its_command_is_killed(tmp_path):
    """Its parent is a stand-in for `copydesk up`, which is killed and can stop nothing."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    parent_of_flower = (
        "import time\n"
        "from worker.group import Process\n"
        "from worker.monitor.flower import flower_command\n"
        "from worker.settings import load_settings\n"
        "settings = load_settings()\n"
        "process = Process(flower_command(settings), settings, log_name='flower.log')\n"
        "process.start()\n"
        "print(process.pid, flush=True)\n"
        "time.sleep(60)\n"
    )
    settings = {"COPYDESK_DESK": str(tmp_path / "desk"), "COPYDESK_FLOWER_PORT": str(port)}
    (tmp_path / "desk").mkdir()
    with subprocess.Popen(
        [sys.executable, "-c", parent_of_flower],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, **settings},
    ) as parent:
        flower = psutil.Process(int(parent.stdout.readline()))
        until(lambda: listens(port), 20)
        parent.send_signal(signal.SIGKILL)
    until(lambda: not flower.is_running() or flower.status() == psutil.STATUS_ZOMBIE, 20)


def listens(port: int) -> bool:
    with socket.socket() as trial:
        return trial.connect_ex(("127.0.0.1", port)) == 0


def until(true, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.1)
