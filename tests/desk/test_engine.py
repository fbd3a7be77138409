"""How the desk is opened: one SQLite, writers first in line, nothing open while a process forks."""

from __future__ import annotations

import ast
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import psutil
import pysqlite3.dbapi2
import pytest
from sqlalchemy import select

from worker.desk import engine, place
from worker.desk.engine import Desk, database_url, open_desk
from worker.desk.sqlite import has_wal_race, sqlite_module
from worker.desk.tables import leases
from worker.errors import DeskError, RetryLater
from worker.settings import Settings

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def settings(tmp_path):
    return Settings(desk=tmp_path / "desk")


def pragma(desk, name):
    with desk.reading() as connection:
        return connection.exec_driver_sql(f"PRAGMA {name}").scalar()


@pytest.mark.parametrize(("durable", "level"), [(True, 2), (False, 1)])
def test_commits_are_as_durable_as_declared(settings, durable, level):
    desk = open_desk(settings, durable=durable)
    assert pragma(desk, "synchronous") == level
    assert pragma(desk, "journal_mode") == "wal"
    assert pragma(desk, "mmap_size") in {0, None}
    desk.close()


def test_pysqlite3_opens_it(settings):
    desk = open_desk(settings)
    with desk.reading() as connection:
        assert isinstance(connection.connection.dbapi_connection, pysqlite3.dbapi2.Connection)
        assert (
            connection.exec_driver_sql("SELECT sqlite_version()").scalar() == pysqlite3.dbapi2.sqlite_version
        )
    desk.close()


def test_nobody_else_imports_a_sqlite():
    for path in [*(ROOT / "worker").rglob("*.py"), *(ROOT / "tasks").rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not [n for n in names if n.split(".")[0] in {"sqlite3", "pysqlite3"}], path


def test_a_process_that_works_with_the_desk_has_one_sqlite(settings):
    code = (
        "import sys\nfrom worker.settings import Settings\nfrom worker.desk.engine import open_desk\n"
        "import tasks.flow, worker.keeper\n"
        f"open_desk(Settings(desk={str(settings.desk)!r})).close()\n"
        "print('_sqlite3' in sys.modules, 'pysqlite3._sqlite3' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "True"]


@pytest.mark.parametrize(
    ("version", "race"),
    [((3, 6, 23), False), ((3, 7, 0), True), ((3, 40, 1), True), ((3, 51, 2), True), ((3, 51, 3), False)],
)
def test_which_versions_have_the_race(version, race):
    assert has_wal_race(version) is race


def test_without_pysqlite3_and_with_the_race_there_is_no_write_ahead_log(settings, monkeypatch):
    monkeypatch.setitem(sys.modules, "pysqlite3.dbapi2", None)
    assert sqlite_module() is sqlite3.dbapi2
    monkeypatch.setattr(sqlite3.dbapi2, "sqlite_version_info", (3, 40, 1))
    desk = open_desk(settings)
    assert pragma(desk, "journal_mode") == "truncate"
    assert pragma(desk, "synchronous") == 2
    desk.close()
    monkeypatch.undo()
    again = open_desk(settings)  # the same desk on a better machine
    assert pragma(again, "journal_mode") == "wal"
    again.close()


def test_a_writer_begins_at_once_and_a_second_waits(settings, monkeypatch):
    monkeypatch.setattr(engine, "BUSY_TIMEOUT_S", 0.05)
    desk = open_desk(settings)
    with desk.writing() as first:
        with pytest.raises(RetryLater, match="locked"), desk.writing():
            pass  # it fails at its beginning, before anything was read
        with desk.reading() as reader:
            assert reader.execute(select(leases)).all() == []
        first.execute(leases.insert().values(name="a", holder="b", until=1))
    desk.close()


def test_an_error_rolls_back(settings):
    desk = open_desk(settings)
    with pytest.raises(ZeroDivisionError), desk.writing() as connection:  # noqa: PT012
        connection.execute(leases.insert().values(name="a", holder="b", until=1))
        raise ZeroDivisionError
    with desk.reading() as connection:
        assert connection.execute(select(leases)).all() == []
    desk.close()


def test_no_connection_is_open_while_a_process_forks(settings):
    desk = open_desk(settings)
    with desk.reading() as connection:
        connection.execute(select(leases)).all()
    assert desk.engine.pool.checkedin() == 1
    open_here = {file.path for file in psutil.Process().open_files()}
    assert str(settings.desk_dir / "desk.db") in open_here

    pid = os.fork()
    if pid == 0:
        found = [file.path for file in psutil.Process().open_files() if "desk.db" in file.path]
        os._exit(len(found))
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    assert desk.engine.pool.checkedin() == 0
    with desk.writing() as connection:  # and it opens again
        connection.execute(leases.insert().values(name="a", holder="b", until=1))
    desk.close()


def test_a_network_file_system_is_refused(settings, monkeypatch):
    monkeypatch.setattr(place, "file_system_of", lambda _: "nfs4")
    with pytest.raises(DeskError, match=r"nfs4.*local disk.*PostgreSQL"):
        open_desk(settings)
    assert not (settings.desk_dir / "desk.db").exists()


def test_a_file_that_is_no_database_is_told(settings):
    settings.desk_dir.mkdir()
    (settings.desk_dir / "desk.db").write_bytes(b"no database, only text" * 100)
    with pytest.raises(DeskError, match="doctor"):
        open_desk(settings)


def test_a_folder_that_cannot_be_made_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(DeskError, match="--desk"):
        open_desk(Settings(desk=tmp_path / "file" / "desk"))


def test_the_desk_is_its_owners_alone(settings):
    open_desk(settings).close()
    assert settings.desk_dir.stat().st_mode & 0o077 == 0


def test_the_celery_parent_keeps_nothing_open(settings):
    open_desk(settings).close()
    desk = Desk(database_url(settings), durable=False, pooled=False)
    with desk.reading() as connection:
        connection.execute(select(leases)).all()
    assert not [file for file in psutil.Process().open_files() if "desk.db" in file.path]
