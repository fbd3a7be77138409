"""Writes the gazetteer's SQLite file; `build_gazetteer.py` says what is in it, this how it is kept.

Coordinates are kept as ten-thousandths of a degree (11 m): integers take a third of the room of floats.
"""

# ruff: noqa: INP001 - a script's part, not a package
from __future__ import annotations

import hashlib
import sqlite3
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tasks.extract.place.gazetteer import DEGREE, MAX_WORDS, SCHEMA_VERSION, fold

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

TABLES = """
    CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE place (
        id INTEGER PRIMARY KEY, kind TEXT NOT NULL, geonames_id INTEGER, name TEXT NOT NULL, country TEXT,
        admin1 TEXT NOT NULL, lat INTEGER, lon INTEGER, population INTEGER NOT NULL, capital INTEGER NOT NULL,
        names INTEGER NOT NULL
    );
    CREATE TABLE name (key TEXT, place INTEGER, PRIMARY KEY (key, place)) WITHOUT ROWID;
    CREATE TABLE village (key TEXT, place INTEGER, PRIMARY KEY (key, place)) WITHOUT ROWID;
    CREATE TABLE longest (word TEXT PRIMARY KEY, words INTEGER NOT NULL) WITHOUT ROWID;
    CREATE TABLE short (letters TEXT PRIMARY KEY, place INTEGER NOT NULL) WITHOUT ROWID;
    CREATE TABLE demonym (word TEXT PRIMARY KEY, country TEXT NOT NULL) WITHOUT ROWID;
    CREATE INDEX region ON place (country, admin1) WHERE kind = 'region' AND admin1 <> '';
"""
_PAGE_BYTES = 4096


@dataclass(frozen=True)
class Row:
    """One place.

    `also` are its other names, `short` those in capitals that are looked up as typed, `names` how many names
    GeoNames knows in all languages.
    """

    kind: str
    name: str
    geonames_id: int | None = None
    country: str | None = None
    admin1: str = ""
    at: tuple[float, float] | None = None
    population: int = 0
    capital: bool = False
    also: list[str] = field(default_factory=list)
    short: list[str] = field(default_factory=list)
    names: int = 0


def write(path: Path, rows: Iterable[Row], demonyms: dict[str, str], meta: dict[str, str]) -> None:
    """Write the file anew. The same rows give the same bytes with the same version of SQLite."""
    path.unlink(missing_ok=True)
    connection = sqlite3.connect(path)
    connection.executescript(f"PRAGMA page_size={_PAGE_BYTES}; PRAGMA journal_mode=OFF;" + TABLES)
    connection.executemany(
        "INSERT INTO meta VALUES (?, ?)", sorted({**meta, "schema": str(SCHEMA_VERSION)}.items())
    )
    names: set[tuple[str, int]] = set()
    villages: set[tuple[str, int]] = set()
    for number, row in enumerate(rows):
        connection.execute("INSERT INTO place VALUES (?,?,?,?,?,?,?,?,?,?,?)", _values(number, row))
        connection.executemany("INSERT INTO short VALUES (?, ?)", [(name, number) for name in row.short])
        kept = villages if row.kind == "village" else names
        kept |= {(key, number) for name in (row.name, *row.also) for key in _keys(name)}
    connection.executemany("INSERT INTO name VALUES (?, ?)", sorted(names))
    connection.executemany("INSERT INTO village VALUES (?, ?)", sorted(villages))
    connection.executemany("INSERT INTO longest VALUES (?, ?)", sorted(_longest(key for key, _ in names)))
    connection.executemany("INSERT INTO demonym VALUES (?, ?)", sorted(demonyms.items()))
    connection.commit()
    connection.execute("VACUUM")
    connection.close()


def digest(files: Iterable[Path]) -> str:
    """Return a digest over the lists that the gazetteer was built from."""
    state = hashlib.sha256()
    for path in files:
        state.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return state.hexdigest()


def _values(number: int, row: Row) -> tuple[object, ...]:
    lat, lon = (round(row.at[0] * DEGREE), round(row.at[1] * DEGREE)) if row.at else (None, None)
    head = (number, row.kind, row.geonames_id, row.name, row.country, row.admin1)
    return (*head, lat, lon, row.population, int(row.capital), row.names)


def _keys(name: str) -> list[str]:
    key = fold(name)
    if key.startswith("saint "):
        return [key, "st " + key.removeprefix("saint ")]
    return [key] if key else []


def _longest(keys: Iterable[str]) -> list[tuple[str, int]]:
    """Return the first words of names of several words, each with how many words its longest name has."""
    most: dict[str, int] = {}
    for key in keys:
        first, blank, rest = key.partition(" ")
        if blank:
            most[first] = max(most.get(first, 0), min(rest.count(" ") + 2, MAX_WORDS))
    return list(most.items())
