"""Which copy of SQLite a process uses.

Only pysqlite3 opens the desk (SQLite 3.53, without the WAL-reset race of 3.7.0 to 3.51.2), never the
standard library's copy in the same process: two copies of SQLite drop each other's locks. Where there is no
pysqlite3 (Linux on arm64, Intel Macs), the standard library's is the only one and does it all; if that one
has the race, the desk is kept without a write-ahead log: slower, and safe.
"""

from __future__ import annotations

import importlib
from typing import Any

WAL_RACE = ((3, 7, 0), (3, 51, 2))
"""SQLite versions, first to last, in which a reset of the write-ahead log can lose commits."""


def sqlite_module() -> Any:
    """Return the one SQLite of this process: pysqlite3, or where it cannot be had the standard library's."""
    try:
        return importlib.import_module("pysqlite3.dbapi2")
    except ImportError:
        return importlib.import_module("sqlite3.dbapi2")


def has_wal_race(version: tuple[int, ...]) -> bool:
    """Whether this version of SQLite can lose commits when a write-ahead log is reset."""
    first, last = WAL_RACE
    return first <= tuple(version) <= last
