"""Opens the desk's database: SQLite in WAL mode by default, PostgreSQL when `database_url` says so.

Rules for SQLite that cost somebody data when broken:

- One copy of SQLite opens the desk, without the WAL-reset race: see `sqlite`.
- No connection is open while a process forks; every engine is disposed before.
- Writers begin IMMEDIATE: a transaction that reads first and writes later fails whatever the time-out.
"""

from __future__ import annotations

import contextlib
import os
import time
import weakref
from typing import TYPE_CHECKING, Any

from sqlalchemy import create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.pool import NullPool

from worker.desk import place
from worker.desk.sqlite import has_wal_race, sqlite_module
from worker.errors import DeskError, RetryLater

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Engine

    from worker.settings import Settings

BUSY_TIMEOUT_S = 60
QUICK_TRIES = 200
QUICK_PAUSE_S = 0.0005
_open_engines: weakref.WeakSet[Engine] = weakref.WeakSet()


class Desk:
    """The database, with one way to read and one way to write.

    `durable` says whether a commit survives a power cut (SQLite `synchronous=FULL`) or only the death of
    the process (`NORMAL`). Workers need only the second: whoever moves a source file away first commits
    durably, and that makes everything before it in the write-ahead log durable too.
    """

    def __init__(self, url: URL, *, durable: bool, pooled: bool = True) -> None:
        self.url = url
        self.is_sqlite = url.get_backend_name() == "sqlite"
        options: dict[str, Any] = {} if pooled else {"poolclass": NullPool}
        if self.is_sqlite:
            options["module"] = sqlite_module()
            options["connect_args"] = {"timeout": BUSY_TIMEOUT_S, "check_same_thread": False}
        self.engine = create_engine(url, **options)
        _open_engines.add(self.engine)
        if self.is_sqlite:
            wal = not has_wal_race(options["module"].sqlite_version_info)
            _prepare_sqlite(self.engine, wal=wal, durable=durable)

    @contextlib.contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection in a read transaction: one consistent view.

        Raises RetryLater as `writing` does.
        """
        try:
            with self.engine.connect() as connection:
                yield connection
        except DBAPIError as error:
            if _is_passing(error):
                raise RetryLater(f"the desk's database cannot be read now: {error.orig}") from error
            raise

    @contextlib.contextmanager
    def writing(self) -> Iterator[Connection]:
        """A connection in a write transaction; commits at the end, rolls back on any error.

        Raises RetryLater when the database stays locked, the disk is full or the server is gone.
        """
        try:
            with (
                self.engine.connect().execution_options(copydesk_writing=True) as connection,
                connection.begin(),
            ):
                yield connection
        except DBAPIError as error:
            if _is_passing(error):
                raise RetryLater(f"the desk's database cannot be written now: {error.orig}") from error
            raise

    def now(self, connection: Connection) -> float:
        """Return the desk's clock in seconds: leases go by it, whatever the hosts' clocks say."""
        if self.is_sqlite:
            return time.time()
        return float(connection.execute(text("SELECT extract(epoch FROM clock_timestamp())")).scalar_one())

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def database_url(settings: Settings) -> URL:
    """Return the URL of the desk's database."""
    if settings.database_url:
        return make_url(settings.database_url.get_secret_value())
    return URL.create("sqlite", database=str(settings.desk_dir / "desk.db"))


def open_desk(settings: Settings, *, durable: bool = False, pooled: bool = True) -> Desk:
    """Open the desk, making or upgrading it first where needed.

    Raises DeskError when it cannot be used here, with the reason and what to do.
    """
    from worker.desk.migrate import upgrade  # noqa: PLC0415 - alembic is slow to import and rarely needed

    url = database_url(settings)
    place.make_desk_dir(settings)
    if url.get_backend_name() == "sqlite":
        place.refuse_network_file_system(settings.desk_dir)
    desk = Desk(url, durable=durable, pooled=pooled)
    try:
        upgrade(desk, settings)
    except (OperationalError, DBAPIError) as error:
        shown = url.render_as_string(hide_password=True)
        raise DeskError(
            f"The desk's database {shown} cannot be opened: {error.orig}. `copydesk doctor` looks into it."
        ) from error
    return desk


def _prepare_sqlite(engine: Engine, *, wal: bool, durable: bool) -> None:
    @event.listens_for(engine, "connect")
    def _on_connect(raw: Any, _record: Any) -> None:
        raw.isolation_level = None  # we say BEGIN ourselves
        cursor = raw.cursor()
        cursor.execute(f"PRAGMA journal_mode={'WAL' if wal else 'TRUNCATE'}")
        # Without a write-ahead log NORMAL may damage the file in a power cut.
        cursor.execute(f"PRAGMA synchronous={'FULL' if durable or not wal else 'NORMAL'}")
        cursor.execute("PRAGMA cache_size=-16000")
        cursor.execute("PRAGMA temp_store=MEMORY")
        cursor.execute("PRAGMA wal_autocheckpoint=4000")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _on_begin(connection: Connection) -> None:
        if not connection.get_execution_options().get("copydesk_writing"):
            connection.exec_driver_sql("BEGIN")
        elif not _began_quickly(connection):
            connection.exec_driver_sql("BEGIN IMMEDIATE")


def _began_quickly(connection: Connection) -> bool:
    """Try for a moment to begin writing, in short steps.

    SQLite's own waiting sleeps up to 100 ms at a time, while our transactions take one or two: with two
    busy workers a third of their time went there.
    """
    raw: Any = connection.connection.driver_connection
    raw.execute("PRAGMA busy_timeout=0")
    try:
        for _ in range(QUICK_TRIES):
            try:
                raw.execute("BEGIN IMMEDIATE")
            except connection.dialect.loaded_dbapi.OperationalError as error:
                if "locked" not in str(error):
                    return False  # the slow way raises it as SQLAlchemy's error
                time.sleep(QUICK_PAUSE_S)
            else:
                return True
        return False
    finally:
        raw.execute(f"PRAGMA busy_timeout={round(BUSY_TIMEOUT_S * 1000)}")


def _is_passing(error: DBAPIError) -> bool:
    """Whether trying again later may help: locked, busy, full, or the connection broke."""
    words = str(error.orig).lower()
    return error.connection_invalidated or any(
        word in words for word in ("locked", "busy", "full", "disk i/o", "could not connect", "server closed")
    )


def _dispose_before_fork() -> None:
    for engine in list(_open_engines):
        engine.dispose()


os.register_at_fork(before=_dispose_before_fork)
