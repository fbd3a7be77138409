"""The doctor's look at the desk: SQLite, file system, disk, permissions, database."""

from __future__ import annotations

import os
import shutil
import stat
from typing import TYPE_CHECKING

from worker.desk.place import NETWORK_FILE_SYSTEMS, file_system_of
from worker.desk.sqlite import has_wal_race, sqlite_module
from worker.errors import CopydeskError
from worker.monitor.check import Check
from worker.settings import MB

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from worker.settings import Settings

PRIVATE = 0o077


def desk(settings: Settings) -> Iterator[Check]:
    """The desk's folder and database."""
    path = settings.desk_dir
    if not settings.database_url:
        yield _sqlite()
    if not path.is_dir():
        yield Check("desk", "warn", f"{path} is not there yet", "`copydesk run PATH` makes it.")
        return
    kind = file_system_of(path) or "unknown file system"
    if kind in NETWORK_FILE_SYSTEMS and not settings.database_url:
        remedy = "SQLite's locks do not hold there: use a local disk (desk) or PostgreSQL (database_url)."
        yield Check("desk", "fail", f"{path} on {kind}", remedy)
    else:
        yield Check("desk", "ok", f"{path} on {kind}")
    yield _free_disk(path, settings)
    yield _permissions(path)
    yield _database(settings)


def _sqlite() -> Check:
    sqlite = sqlite_module()
    if has_wal_race(sqlite.sqlite_version_info):
        return Check(
            "SQLite",
            "warn",
            f"{sqlite.sqlite_version} can lose commits in a write-ahead log; kept without one: slower",
            "Use a Python or a pysqlite3 that brings SQLite 3.51.3 or newer.",
        )
    return Check("SQLite", "ok", sqlite.sqlite_version)


def _free_disk(path: Path, settings: Settings) -> Check:
    free_mb = shutil.disk_usage(path).free // MB
    found = f"{free_mb} MB free; intake pauses below {settings.min_free_disk_mb}"
    if free_mb < settings.min_free_disk_mb:
        return Check("disk", "fail", found, "Free some space, or lower min_free_disk_mb.")
    if free_mb < 2 * settings.min_free_disk_mb:
        return Check("disk", "warn", found, "Free some space soon.")
    return Check("disk", "ok", found)


def _permissions(path: Path) -> Check:
    mode = stat.S_IMODE(path.stat().st_mode)
    if not os.access(path, os.R_OK | os.W_OK | os.X_OK):
        return Check(
            "permissions", "fail", f"{path} cannot be read and written by this user", f"chown {path}"
        )
    if mode & PRIVATE:
        return Check(
            "permissions",
            "warn",
            f"{path} is open to others ({mode:04o})",
            f"`chmod 700 {path}`, unless meant.",
        )
    return Check("permissions", "ok", f"{mode:04o}")


def _database(settings: Settings) -> Check:
    from sqlalchemy.exc import SQLAlchemyError  # noqa: PLC0415

    from worker.desk.engine import Desk, database_url  # noqa: PLC0415
    from worker.desk.migrate import HEAD, version_of  # noqa: PLC0415

    url = database_url(settings)
    shown = url.render_as_string(hide_password=True)
    if not settings.database_url and not (settings.desk_dir / "desk.db").is_file():
        return Check("database", "warn", f"{shown} is not there yet", "`copydesk run PATH` makes it.")
    try:
        opened = Desk(url, durable=False, pooled=False)
        try:
            version = version_of(opened)
            with opened.writing():  # the lock can be had
                pass
        finally:
            opened.close()
    except (SQLAlchemyError, CopydeskError, ImportError) as error:
        why = str(getattr(error, "orig", error))
        remedy = "Restore it from a backup, or name another desk; if it is locked, see what holds it."
        return Check("database", "fail", f"{shown}: {why}", remedy)
    if version is None or version < HEAD:
        return Check(
            "database", "warn", f"{shown}: tables {version or 'missing'}", "The next start upgrades it."
        )
    if version > HEAD:
        return Check("database", "fail", f"{shown}: made by a newer copydesk", "Upgrade copydesk.")
    return Check("database", "ok", f"{shown}, tables {version}")
