"""What SQLite and PostgreSQL say differently from plain SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy.dialects import postgresql, sqlite

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection
    from sqlalchemy.sql.dml import Insert


def upsert(connection: Connection, table: Any, keys: Iterable[str], values: Iterable[str]) -> Any:
    """Return INSERT ... ON CONFLICT (keys) DO UPDATE SET values, in the database's dialect."""
    statement = dialect_insert(connection, table)
    return statement.on_conflict_do_update(
        index_elements=list(keys), set_={name: statement.excluded[name] for name in values}
    )


def new_key(connection: Connection, statement: Insert) -> int:
    """Insert one row and return the number that the database gave it."""
    key = connection.execute(statement).inserted_primary_key
    assert key is not None
    return int(key[0])


def dialect_insert(connection: Connection, table: Any) -> Any:
    """Return the dialect's own INSERT, which knows ON CONFLICT."""
    if connection.dialect.name == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)
