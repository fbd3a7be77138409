"""A desk's tables: made once, upgraded whole, never by an older copydesk."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect

from worker.desk import migrate
from worker.desk.engine import Desk, database_url, open_desk
from worker.desk.place import make_desk_dir
from worker.desk.tables import metadata
from worker.errors import DeskError
from worker.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
VERSIONS = migrate.MIGRATIONS / "versions"


@pytest.fixture
def settings(tmp_path):
    return Settings(desk=tmp_path / "desk")


def schema(desk):
    with desk.reading() as connection:
        rows = connection.exec_driver_sql(
            "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name"
        ).all()
    return {name: re.sub(r"\s+", " ", sql) for name, sql in rows if not name.startswith("sqlite_")}


def test_migrations_make_the_tables_that_the_code_knows(settings):
    desk = open_desk(settings)
    with desk.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        ours = [
            change
            for change in compare_metadata(context, metadata)
            if not (change[0] == "remove_table" and re.match("search|alembic", change[1].name))
        ]
        assert ours == []
        names = set(inspect(connection).get_table_names())
    assert {name for name in names if not name.startswith(("search_", "alembic_"))} == {
        *metadata.tables,
        "search",
    }
    desk.close()


def test_migrations_make_exactly_what_create_all_makes(settings, tmp_path):
    """Also what Alembic does not compare: AUTOINCREMENT, which fences tokens."""
    desk = open_desk(settings)
    other = Settings(desk=tmp_path / "other")
    make_desk_dir(other)
    plain = Desk(database_url(other), durable=False)
    with plain.writing() as connection:
        metadata.create_all(connection)
    migrated = {name: sql for name, sql in schema(desk).items() if not name.startswith(("search", "alembic"))}
    assert migrated == schema(plain)
    desk.close()
    plain.close()


def test_head_is_the_newest_migration():
    assert ScriptDirectory.from_config(migrate.alembic_config()).get_heads() == [migrate.HEAD]


@pytest.mark.parametrize("path", sorted(VERSIONS.glob("*.py")), ids=lambda path: path.stem)
def test_migrations_are_frozen(path):
    """They must make tomorrow what they make today."""
    assert not re.search(r"^\s*(from|import) (worker|tasks)", path.read_text(), re.MULTILINE)


def test_a_desk_of_a_newer_copydesk_is_refused(settings):
    desk = open_desk(settings)
    with desk.writing() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    desk.close()
    with pytest.raises(DeskError, match=r"newer copydesk \(tables 9999"):
        open_desk(settings)


def test_two_processes_may_open_a_new_desk_at_once(settings):
    code = (
        "from worker.settings import Settings; from worker.desk.engine import open_desk\n"
        f"desk = open_desk(Settings(desk={str(settings.desk)!r}))\n"
        "from worker.desk.migrate import version_of; print(version_of(desk))"
    )
    running = [
        subprocess.Popen(
            [sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        for _ in range(3)
    ]
    for each in running:
        out, err = each.communicate(timeout=60)
        assert (out.strip(), each.returncode) == (migrate.HEAD, 0), err


def test_an_upgrade_that_fails_leaves_nothing_behind(settings, monkeypatch):
    make_desk_dir(settings)
    upgrade = command.upgrade

    def break_off(config, revision):
        upgrade(config, revision)
        raise RuntimeError("power cut")

    monkeypatch.setattr(command, "upgrade", break_off)
    with pytest.raises(RuntimeError):
        open_desk(settings)
    monkeypatch.undo()

    desk = Desk(database_url(settings), durable=False)
    assert schema(desk) == {}
    migrate.upgrade(desk, settings)
    assert migrate.version_of(desk) == migrate.HEAD
    desk.close()


def test_opening_again_changes_nothing(settings):
    first = open_desk(settings)
    before = schema(first)
    first.close()
    second = open_desk(settings)
    assert schema(second) == before
    second.close()
