"""The gazetteer: names of countries, regions and cities, in the SQLite file config/gazetteer/places.sqlite.

Nobody writes the file: it is opened read-only and immutable (no locks), each process maps it into memory
at first use, and all of them share the system's one copy of its pages. No connection is open while a process
forks. Data: GeoNames, CC BY 4.0, see config/gazetteer/README.md.
"""

from __future__ import annotations

import functools
import math
import os
import re
import unicodedata
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, cast
from urllib.parse import quote

from worker.config_dir import config_dir, load_toml
from worker.desk.sqlite import sqlite_module
from worker.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

DATA = "gazetteer/places.sqlite"
SCHEMA_VERSION = 2
DEGREE = 10_000
"""Units of a degree in the file."""
Kind = Literal["country", "city", "region", "county", "continent", "other"]
"""As in the record; a county is a region in a region, known by name alone."""
MAX_WORDS = 6
"""Words of the longest name that is looked for."""
KEPT = 2048
"""Looked-up names that a process keeps: most words of an article come again."""
MAPPED_BYTES = 256 * 1024 * 1024
PAGE_CACHE_KB = 256
_EARTH_KM = 6371.0
_PLAIN = str.maketrans(
    {
        "ł": "l",
        "Ł": "L",
        "ø": "o",
        "Ø": "O",
        "đ": "d",
        "Đ": "D",
        "\u0131": "i",
        "ß": "ss",
        "æ": "ae",
        "Æ": "Ae",
    }
)
"""Letters that Unicode does not take apart, as English writes them."""
_WORD = re.compile(r"[^\W\d_]+")
_COLUMNS = "kind, geonames_id, name, country, admin1, lat, lon, population, capital, names"


class Toponym(NamedTuple):
    """One place. Coordinates in degrees (WGS 84); `admin1` is GeoNames' code of the region.

    `names` counts the names of a city in all languages: how well known it is abroad.
    """

    kind: Kind
    geonames_id: int | None
    name: str
    country: str | None
    admin1: str
    lat: float | None
    lon: float | None
    population: int
    capital: bool
    names: int


class Gazetteer:
    """Names to places. Keys are folded names (`fold`); short names in capitals are looked up as typed."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._connection: Any = None
        self.find = functools.lru_cache(maxsize=KEPT)(self._find)
        self.villages = functools.lru_cache(maxsize=KEPT)(self._villages)
        self.longest = functools.lru_cache(maxsize=KEPT)(self._longest)
        self.capitals = functools.lru_cache(maxsize=KEPT)(self._capitals)

    def _find(self, key: str) -> tuple[Toponym, ...]:
        """Return every place of this folded name, in the order of the file."""
        return self._places("JOIN name ON name.place = place.id WHERE name.key = ? ORDER BY place.id", key)

    def _villages(self, key: str) -> tuple[Toponym, ...]:
        """Return the villages of this folded name: too many and too little known to scan a text for."""
        return self._places(
            "JOIN village ON village.place = place.id WHERE village.key = ? ORDER BY place.id", key
        )

    def _longest(self, word: str) -> int:
        """Return how many words the longest name that begins with this folded word may have; at least 1."""
        rows = self._rows("SELECT words FROM longest WHERE word = ?", word)
        return int(rows[0][0]) if rows else 1

    def _capitals(self, letters: str) -> Toponym | None:
        """Return the country or region of a short name in capitals: `US`, `NSW`; `B.C.` with its stops."""
        found = self._places("JOIN short ON short.place = place.id WHERE short.letters = ?", letters)
        return found[0] if found else None

    def region(self, country: str, admin1: str) -> Toponym | None:
        """Return the region with this admin1 code."""
        found = self._places(
            "WHERE kind = 'region' AND country = ? AND admin1 = ? AND admin1 <> ''", country, admin1
        )
        return found[0] if found else None

    @functools.cached_property
    def demonyms(self) -> dict[str, str]:
        """Demonyms, as written, to countries: `Swedish` -> `SE`."""
        return dict(self._rows("SELECT word, country FROM demonym"))

    def meta(self) -> dict[str, str]:
        """Return what the file says about itself: schema, sources, licence, digest of its lists."""
        return dict(self._rows("SELECT key, value FROM meta"))

    def close(self) -> None:
        """Close the file; the next look-up opens it again."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _places(self, which: str, *values: str) -> tuple[Toponym, ...]:
        statement = f"SELECT {_COLUMNS} FROM place {which}"  # noqa: S608 - `which` stands in this class
        return tuple(_toponym(row) for row in self._rows(statement, *values))

    def _rows(self, statement: str, *values: str) -> list[tuple[Any, ...]]:
        if self._connection is None:
            self._connection = self._open()
        rows: list[tuple[Any, ...]] = self._connection.execute(statement, values).fetchall()
        return rows

    def _open(self) -> Any:
        """Open the file. Raises UsageError when it is missing or of another version."""
        sqlite = sqlite_module()
        remedy = "The installation is damaged: install copydesk again."
        try:
            address = f"file:{quote(str(self.path))}?mode=ro&immutable=1"
            connection = sqlite.connect(address, uri=True, check_same_thread=False)
            connection.execute(f"PRAGMA mmap_size={MAPPED_BYTES}")
            connection.execute(f"PRAGMA cache_size=-{PAGE_CACHE_KB}")
            ((version,),) = connection.execute("SELECT value FROM meta WHERE key = 'schema'").fetchall()
        except (sqlite.DatabaseError, ValueError) as error:
            raise UsageError(f"The gazetteer {self.path} cannot be read: {error}. {remedy}") from error
        if version != str(SCHEMA_VERSION):
            connection.close()
            raise UsageError(
                f"The gazetteer {self.path} has version {version}, not {SCHEMA_VERSION}. {remedy}"
            )
        return connection


def fold(name: str) -> str:
    """Return the key of a name: its words in lower case, without accents, joined by single blanks."""
    if not name.isascii():
        name = unicodedata.normalize("NFKD", name.translate(_PLAIN))
        name = "".join(letter for letter in name if not unicodedata.combining(letter))
    return " ".join(_WORD.findall(name.lower()))


def distance_km(one: Toponym, other: Toponym) -> float:
    """Return the great-circle distance; infinite where one has no coordinates."""
    if one.lat is None or one.lon is None or other.lat is None or other.lon is None:
        return math.inf
    lat1, lat2 = math.radians(one.lat), math.radians(other.lat)
    half = math.sin((lat2 - lat1) / 2) ** 2
    half += math.cos(lat1) * math.cos(lat2) * math.sin(math.radians(other.lon - one.lon) / 2) ** 2
    return 2 * _EARTH_KM * math.asin(min(1.0, math.sqrt(half)))


def preload() -> None:
    """Load the word lists, and see that the file can be read: call before forking workers."""
    places = gazetteer()
    places.demonyms  # noqa: B018 - read once, so that the children have it
    places.close()
    load_toml("gazetteer/context.toml")
    load_toml("gazetteer/names.toml")


@functools.cache
def gazetteer() -> Gazetteer:
    """Return the gazetteer of this process."""
    return Gazetteer(config_dir() / DATA)


def _close_before_fork() -> None:
    if gazetteer.cache_info().currsize:
        gazetteer().close()


os.register_at_fork(before=_close_before_fork)


def _toponym(row: tuple[Any, ...]) -> Toponym:
    kind, identity, name, country, admin1, lat, lon, population, capital, names = row
    return Toponym(
        kind=cast("Kind", "city" if kind == "village" else kind),
        geonames_id=identity,
        name=name,
        country=country,
        admin1=admin1,
        lat=None if lat is None else lat / DEGREE,
        lon=None if lon is None else lon / DEGREE,
        population=population,
        capital=bool(capital),
        names=names,
    )
