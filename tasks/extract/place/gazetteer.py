"""The gazetteer: names of countries, regions and cities, from config/gazetteer/places.tsv.gz.

Loaded once a process, at first use or by `preload()` before workers fork, so that they share the memory.
Rows stay packed as text; a row is unpacked when its name is looked up. Data: GeoNames, CC BY 4.0, see
config/gazetteer/README.md.
"""

from __future__ import annotations

import functools
import gzip
import re
import unicodedata
from dataclasses import dataclass
from typing import Literal, NamedTuple, cast

from worker.config_dir import config_dir, load_toml

DATA = "gazetteer/places.tsv.gz"
Kind = Literal["country", "city", "region", "continent", "other"]
MAX_WORDS = 6
"""Words of the longest name that is looked for."""
_WORD = re.compile(r"[^\W\d_]+")
_SHORT = 3


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


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """Names to places. Keys are folded names (`fold`); short names in capitals are looked up as typed."""

    rows: list[str]
    by_name: dict[str, int | tuple[int, ...]]
    by_capitals: dict[str, int]
    regions: dict[tuple[str, str], int]
    longest: dict[str, int]
    demonyms: dict[str, str]

    def find(self, key: str) -> list[Toponym]:
        """Return every place of this folded name, in the order of the data file."""
        found = self.by_name.get(key, ())
        numbers = (found,) if isinstance(found, int) else found
        return [_unpack(self.rows[number]) for number in numbers]

    def knows(self, key: str) -> bool:
        """Tell whether any place has this folded name."""
        return key in self.by_name

    def region(self, country: str, admin1: str) -> Toponym | None:
        """Return the region with this admin1 code."""
        number = self.regions.get((country, admin1))
        return None if number is None else _unpack(self.rows[number])

    def capitals(self, letters: str) -> Toponym | None:
        """Return the country of a short name in capitals, without full stops: `US`, `UK`, `UAE`."""
        number = self.by_capitals.get(letters)
        return None if number is None else _unpack(self.rows[number])


def fold(name: str) -> str:
    """Return the key of a name: its words in lower case, without accents, joined by single blanks."""
    if not name.isascii():
        name = unicodedata.normalize("NFKD", name)
        name = "".join(letter for letter in name if not unicodedata.combining(letter))
    return " ".join(_WORD.findall(name.lower()))


def preload() -> None:
    """Load the gazetteer and its word lists now: call before forking workers."""
    gazetteer()
    load_toml("gazetteer/context.toml")
    load_toml("gazetteer/names.toml")


@functools.cache
def gazetteer() -> Gazetteer:
    """Return the gazetteer, loaded once a process."""
    text = gzip.decompress((config_dir() / DATA).read_bytes()).decode("utf-8")
    rows: list[str] = []
    by_name: dict[str, int | tuple[int, ...]] = {}
    by_capitals: dict[str, int] = {}
    regions: dict[tuple[str, str], int] = {}
    demonyms: dict[str, str] = {}
    for line in text.splitlines():
        kind, _, name, country, admin1, _, _, _, _, others, _ = line.split("\t")
        if kind == "demonym":
            if _larger(country, demonyms.get(name)):
                demonyms[name] = country
            continue
        number = len(rows)
        rows.append(line)
        if kind == "region" and admin1:
            regions[country, admin1] = number
        for other in (name, *others.split("|")) if others else (name,):
            if kind == "country" and other.isupper() and len(other.replace(".", "")) <= _SHORT + 1:
                by_capitals[other.replace(".", "")] = number
            else:
                _enter(by_name, fold(other), number)
    longest: dict[str, int] = {}
    for key in by_name:
        words = key.count(" ") + 1
        first = key if words == 1 else key[: key.index(" ")]
        if words > longest.get(first, 0):
            longest[first] = min(words, MAX_WORDS)
    return Gazetteer(rows, by_name, by_capitals, regions, longest, demonyms)


_MAIN_COUNTRIES = frozenset({"US", "CN", "FR", "NO", "IN", "RS", "ME"})
"""Countries whose demonym countryinfo also gives to their territories."""


def _larger(country: str, known: str | None) -> bool:
    return known is None or country in _MAIN_COUNTRIES


def _enter(by_name: dict[str, int | tuple[int, ...]], key: str, number: int) -> None:
    if not key:
        return
    for form in (key, "st " + key.removeprefix("saint ")) if key.startswith("saint ") else (key,):
        known = by_name.get(form)
        if known is None:
            by_name[form] = number
        elif isinstance(known, int):
            if known != number:
                by_name[form] = (known, number)
        elif number not in known:
            by_name[form] = (*known, number)


@functools.lru_cache(maxsize=4096)
def _unpack(line: str) -> Toponym:
    kind, identity, name, country, admin1, lat, lon, population, capital, _, names = line.split("\t")
    return Toponym(
        kind=cast("Kind", kind),
        geonames_id=int(identity) if identity else None,
        name=name,
        country=country or None,
        admin1=admin1,
        lat=float(lat) if lat else None,
        lon=float(lon) if lon else None,
        population=int(population),
        capital=capital == "1",
        names=int(names) if names else 0,
    )
