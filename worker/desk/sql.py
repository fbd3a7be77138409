"""What SQLite and PostgreSQL say differently from plain SQL."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, String, bindparam, cast, column, func, literal_column, select
from sqlalchemy.dialects import sqlite

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import ColumnElement, Connection, Select, Table
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
        from sqlalchemy.dialects import postgresql  # noqa: PLC0415 - as in `numbers`

        return postgresql.insert(table)
    return sqlite.insert(table)


def numbers(dialect: str) -> Select[Any]:
    """Return SELECT of the whole numbers that `number_list` packs into the parameter `numbers`.

    One parameter for any number of them: the statement stays the same and is compiled once.
    """
    if dialect == "postgresql":
        from sqlalchemy.dialects import postgresql  # noqa: PLC0415 - 20 modules, for those who use it

        packed = bindparam("numbers", type_=postgresql.ARRAY(BigInteger))
        return select(func.unnest(packed).table_valued(column("value", BigInteger)).c.value)
    return select(func.json_each(bindparam("numbers")).table_valued(column("value", BigInteger)).c.value)


def comma_list(dialect: str, number: ColumnElement[int]) -> ColumnElement[str]:
    """Return the aggregate that joins a group's whole numbers by commas: one row to fetch for many."""
    if dialect == "postgresql":
        return func.string_agg(cast(number, String), literal_column("','"))
    return func.group_concat(number)


def number_list(connection: Connection, values: Iterable[int]) -> dict[str, Any]:
    """Return the parameter of a statement with `numbers` in it."""
    some = list(values)
    return {"numbers": some if connection.dialect.name == "postgresql" else json.dumps(some)}


def insert_pairs(connection: Connection, table: Table, pairs: Sequence[tuple[int, int]]) -> None:
    """Insert rows of two numbers that are not there yet.

    By the driver itself: SQLAlchemy's care for each row takes longer than the database.
    """
    if pairs:
        mark = "?" if connection.dialect.name == "sqlite" else "%s"
        names = ", ".join(column_.name for column_ in table.columns)
        connection.exec_driver_sql(
            f"INSERT INTO {table.name} ({names}) VALUES ({mark}, {mark}) ON CONFLICT DO NOTHING",  # noqa: S608
            list(pairs),
        )
