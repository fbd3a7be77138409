from __future__ import annotations

import json
import os
import socket
import subprocess
import threading
import time

import pytest
from pysqlite3 import dbapi2

from worker.desk.engine import open_desk
from worker.embedded import client, server_binary, socket_path
from worker.monitor import doctor, doctor_desk
from worker.settings import Settings, load_settings


@pytest.fixture
def settings(tmp_path):
    return Settings(desk=tmp_path / "desk", inbox=tmp_path / "news" / "inbox")


@pytest.fixture
def server(settings):
    """The desk's own kind of server, for the length of a test."""
    open_desk(settings).close()
    path = socket_path(settings)
    path.parent.mkdir(parents=True, exist_ok=True)
    command = [server_binary(), "--port", "0", "--unixsocket", str(path), "--save", ""]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process, client(settings) as connection:
        deadline = time.monotonic() + 10
        while not path.exists() and time.monotonic() < deadline:
            time.sleep(0.01)
        yield connection
        process.terminate()


def levels(checks):
    return {check.name: check.level for check in checks}


def test_everything_is_fine(settings):
    open_desk(settings).close()
    (settings.inbox.parent / "inbox").mkdir(parents=True)
    (settings.inbox.parent / "done").mkdir()
    found = levels(doctor.examine(settings, quick=False, load_models=lambda _: "fine"))
    assert set(found.values()) == {"ok"}
    assert {
        "SQLite",
        "desk",
        "database",
        "server",
        "workers",
        "sinks",
        "inbox",
        "done",
        "failed",
        "models",
    } <= set(found)


def test_no_desk_is_made(settings):
    found = levels(doctor.desk(settings))
    assert found["desk"] == "warn"
    assert not settings.desk_dir.exists()


@pytest.mark.parametrize(
    ("version", "level"),
    [((3, 40, 1), "warn"), ((3, 51, 2), "warn"), ((3, 51, 3), "ok"), ((3, 53, 4), "ok")],
)
def test_sqlite_with_the_wal_race_is_told(monkeypatch, version, level):
    monkeypatch.setattr(dbapi2, "sqlite_version_info", version)
    assert doctor_desk._sqlite().level == level


def test_the_desk_is_open_to_others(settings):
    open_desk(settings).close()
    settings.desk_dir.chmod(0o755)
    assert levels(doctor.desk(settings))["permissions"] == "warn"


def test_short_of_disk(settings):
    open_desk(settings).close()
    short = settings.model_copy(update={"min_free_disk_mb": 10**9})
    assert levels(doctor.desk(short))["disk"] == "fail"


def test_a_damaged_database(settings):
    settings.desk_dir.mkdir()
    (settings.desk_dir / "desk.db").write_bytes(b"garbage" * 1000)
    assert levels(doctor.desk(settings))["database"] == "fail"


def test_a_desk_of_a_newer_copydesk(settings):
    desk = open_desk(settings)
    with desk.writing() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    desk.close()
    assert levels(doctor.desk(settings))["database"] == "fail"


@pytest.mark.parametrize(
    ("policy", "limit", "level"),
    [("noeviction", "100mb", "ok"), ("allkeys-lru", "100mb", "fail"), ("allkeys-lru", "0", "warn")],
)
def test_a_server_that_evicts(settings, server, policy, limit, level):
    server.config_set("maxmemory", limit)
    server.config_set("maxmemory-policy", policy)
    found = levels(doctor.server(settings))
    assert (found["server"], found["eviction"]) == ("ok", level)


def test_no_worker_answers(settings, server):
    assert levels(doctor.workers(settings, server_runs=True)) == {
        "visibility timeout": "ok",
        "workers": "warn",
    }


def test_a_server_that_is_not_there_fails_and_keeps_the_secret(copydesk, monkeypatch):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    monkeypatch.setenv("COPYDESK_BROKER_URL", f"redis://user:hunter2@127.0.0.1:{port}/0")
    answer = copydesk("doctor", "--quick", "--json")
    assert answer.code == 1
    found = {check["name"]: check for check in json.loads(answer.out)["checks"]}
    assert found["server"]["level"] == "fail"
    assert "hunter2" not in answer.out + answer.err


def test_a_wrong_password_keeps_the_secret(copydesk, monkeypatch):
    """A server that repeats what it was sent."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def echo():
            while True:
                try:
                    peer, _ = server.accept()
                except OSError:
                    return
                with peer:
                    sent = peer.recv(4096).decode().replace("\r\n", " ")
                    peer.sendall(f"-WRONGPASS {sent}\r\n".encode())

        thread = threading.Thread(target=echo, daemon=True)
        thread.start()
        port = server.getsockname()[1]
        monkeypatch.setenv("COPYDESK_BROKER_URL", f"redis://user:hunter2@127.0.0.1:{port}/0")
        answer = copydesk("doctor", "--quick")
        assert answer.code == 1
        assert "hunter2" not in answer.out + answer.err


def test_a_wrong_setting_is_a_check_that_fails(copydesk, monkeypatch):
    monkeypatch.setenv("COPYDESK_BATCH_SIZE", "-1")
    answer = copydesk("doctor", "--quick", "--json")
    assert answer.code == 1
    assert "batch_size" in json.loads(answer.out)["checks"][0]["found"]


@pytest.mark.parametrize(
    ("options", "name", "level"),
    [
        ({"concurrency": 512}, "concurrency", "warn"),
        ({"max_in_flight": 1}, "max_in_flight", "warn"),
        ({"sinks": ["nowhere"]}, "sinks", "fail"),
        ({"sinks": ["jsonl"]}, "sinks", "ok"),
    ],
)
def test_settings_that_are_hardly_meant(options, name, level):
    assert levels(doctor.settings_lint(load_settings(**options)))[name] == level


def test_folders(settings, tmp_path):
    inbox = settings.inbox
    inbox.mkdir(parents=True)
    assert set(levels(doctor.folders(settings)).values()) == {"ok"}
    (inbox.parent / "done").symlink_to(tmp_path / "not-there")
    assert levels(doctor.folders(settings))["done"] == "fail"
    if os.stat("/dev/shm").st_dev != inbox.stat().st_dev:
        (inbox.parent / "failed").symlink_to("/dev/shm")
        assert levels(doctor.folders(settings))["failed"] == "warn"


def test_desk_and_inbox_within_one_another(tmp_path):
    settings = Settings(desk=tmp_path / "in" / "desk", inbox=tmp_path / "in")
    settings.inbox.mkdir()
    assert levels(doctor.folders(settings)) == {"inbox": "fail"}


def test_models_that_do_not_load(settings):
    def broken(_):
        raise OSError("model.bin is cut off")

    check = doctor.models(settings, broken)
    assert (check.level, check.found) == ("fail", "OSError: model.bin is cut off")


def test_models_load(copydesk, house):
    found = {check["name"]: check for check in json.loads(copydesk("doctor", "--json").out)["checks"]}
    assert found["models"]["level"] == "ok"
    assert found["database"]["level"] == "ok"
