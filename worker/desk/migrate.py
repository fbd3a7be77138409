"""Makes the desk's tables, and upgrades those of an older version (Alembic, in `migrations/`)."""

from __future__ import annotations

import contextlib
import fcntl
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import inspect, text

from worker.errors import DeskError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic.config import Config

    from worker.desk.engine import Desk
    from worker.settings import Settings

MIGRATIONS = Path(__file__).resolve().parent / "migrations"
HEAD = "0002"
"""The newest migration; a test holds it against the folder."""


def upgrade(desk: Desk, settings: Settings) -> None:
    """Bring the desk's tables to the newest version; does nothing when they are.

    Raises DeskError when the desk was made by a newer copydesk.
    """
    if version_of(desk) == HEAD:
        return
    with _one_at_a_time(settings.desk_dir / "run" / "migrate.lock"):
        version = version_of(desk)
        if version == HEAD:
            return
        if version is not None and version > HEAD:
            raise DeskError(
                f"The desk was made by a newer copydesk (tables {version}, this one knows {HEAD}). "
                "Upgrade copydesk, or name another desk with --desk."
            )
        from alembic import command  # noqa: PLC0415 - slow to import, needed once in a desk's life

        with desk.writing() as connection:
            config = alembic_config()
            config.attributes["connection"] = connection
            command.upgrade(config, "head")


def alembic_config() -> Config:
    """Return Alembic's configuration for our migrations."""
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config


def version_of(desk: Desk) -> str | None:
    """Return the version of the desk's tables, or None when there are none."""
    with desk.reading() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


@contextlib.contextmanager
def _one_at_a_time(path: Path) -> Iterator[None]:
    with path.open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
