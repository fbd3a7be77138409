"""Places: where areas have their middle, and what an area, a county or an institution says about a name."""

from __future__ import annotations

import importlib.util
import io
import json
import sys
import tarfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tasks.extract.place.gazetteer import fold, gazetteer
from tests.extract.test_places import found

if TYPE_CHECKING:
    from types import ModuleType

    from worker.record import EntityType

TOOLS = Path(__file__).parents[2] / "tools"

# (sentence, entities, [(text, status, kind, country)])
AREAS: list[tuple[str, dict[str, EntityType], list[tuple[str, str, str | None, str | None]]]] = [
    (
        "He grew up in Vienna in northern Virginia.",
        {},
        [("Vienna", "resolved", "city", "US"), ("Virginia", "resolved", "region", "US")],
    ),
    (
        "She sang in Tripoli in Lebanon.",
        {},
        [("Tripoli", "resolved", "city", "LB"), ("Lebanon", "resolved", "country", "LB")],
    ),
    # only what is a place anyway is narrowed down
    ("It was cold, said Young in Texas.", {}, [("Texas", "resolved", "region", "US")]),
    # a province, by its noun; a town in a province
    ("A bridge fell in Fukuoka Prefecture.", {}, [("Fukuoka", "resolved", "region", "JP")]),
    (
        "Nets were mended in San Fernando, La Union, in May.",
        {},
        [("San Fernando", "resolved", "city", "PH"), ("La Union", "resolved", "region", "PH")],
    ),
    # a direction is no name without its noun
    ("The fair moved to Eastern and Southern Europe.", {}, [("Southern Europe", "resolved", "region", None)]),
    ("The City of Turku paid.", {"City of Turku": "LOC"}, [("Turku", "resolved", "city", "FI")]),
    # what stands in the place that its name begins with, and what may not
    ("They sang at Seoul City Hall.", {"Seoul City Hall": "FAC"}, [("Seoul", "resolved", "city", "KR")]),
    (
        "They sang in Turku and at Turku Airport.",
        {"Turku Airport": "FAC"},
        [("Turku", "resolved", "city", "FI"), ("Turku", "resolved", "city", "FI")],
    ),
    (
        "They sang at Turku Airport.",
        {"Turku Airport": "FAC"},
        [("Turku Airport", "unresolved", None, None)],
    ),
    (
        "They sang in Seoul Street.",
        {"Seoul Street": "FAC"},
        [("Seoul Street", "unresolved", None, None)],
    ),
    # names of the past
    (
        "He sailed to Stamboul from Christiania.",
        {},
        [("Stamboul", "resolved", "city", "TR"), ("Christiania", "resolved", "city", "NO")],
    ),
    # a province begins a longer name
    ("He works at St. Mark's Coptic Hospital.", {}, []),
    ("A judge of the Southern District of Ohio spoke.", {}, [("Ohio", "resolved", "region", "US")]),
]


@pytest.mark.parametrize(("sentence", "names", "expected"), AREAS)
def test_areas_say_which_place_is_meant(
    sentence: str,
    names: dict[str, EntityType],
    expected: list[tuple[str, str, str | None, str | None]],
) -> None:
    places = found(sentence, names=names)
    assert [(p.text, p.status, p.kind, p.country) for p in places] == expected


def test_a_county_is_of_the_state_that_is_spoken_of() -> None:
    (county, _) = found("Deputies in Monroe County in northeast Missouri found it.")
    assert (county.lat, county.lon) == (pytest.approx(39.5, abs=0.3), pytest.approx(-92.0, abs=0.3))

    text = "Michigan closed a lake. The wind blew through Michigan. Deputies in Monroe County waited."
    (county,) = [p for p in found(text) if p.text == "Monroe County"]
    assert county.lat == pytest.approx(41.9, abs=0.3)


# (name, country, latitude, longitude): the middle of the land, not where the towns are
MIDDLES = [
    ("Alberta", "CA", 55.0, -114.4),
    ("Queensland", "AU", -22.5, 144.5),
    ("Western Australia", "AU", -25.3, 122.3),
    ("England", "GB", 52.6, -1.4),
    ("Sicily", "IT", 37.6, 14.1),
    ("Texas", "US", 31.5, -99.3),
    ("Xinjiang", "CN", 41.0, 85.0),
]


@pytest.mark.parametrize(("name", "code", "lat", "lon"), MIDDLES)
def test_regions_lie_in_the_middle_of_their_land(name: str, code: str, lat: float, lon: float) -> None:
    (place,) = [p for p in gazetteer().find(fold(name)) if p.kind == "region" and p.country == code]
    assert (place.lat, place.lon) == (pytest.approx(lat, abs=0.4), pytest.approx(lon, abs=0.4))
    assert place.geonames_id is not None or name == "Sicily"  # its provinces have ids, it is their sum


# Natural Earth still draws the province that they were once parts of.
DIVIDED = [("Ituri", 1.6, 30.2), ("Haut-Katanga", -11.7, 27.5), ("Tanganyika", -5.9, 29.2)]


@pytest.mark.parametrize(("name", "lat", "lon"), DIVIDED)
def test_new_regions_lie_at_their_seats(name: str, lat: float, lon: float) -> None:
    (place,) = [p for p in gazetteer().find(fold(name)) if p.kind == "region" and p.country == "CD"]
    assert (place.lat, place.lon) == (pytest.approx(lat, abs=0.1), pytest.approx(lon, abs=0.1))


@pytest.fixture(scope="module")
def natural_earth() -> ModuleType:
    """Load the tool's part."""
    spec = importlib.util.spec_from_file_location("natural_earth", TOOLS / "natural_earth.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["natural_earth"] = module
    spec.loader.exec_module(module)
    return module


def square(west: float, south: float, size: float) -> list[list[float]]:
    """Return a ring, anticlockwise."""
    east, north = west + size, south + size
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


def package(folder: Path) -> Path:
    """Write a package as npm packs it: a square with a hole, and a small one."""
    hole = square(0, 0, 2)
    shapes = [
        {"type": "Polygon", "coordinates": [square(-5, -5, 10), hole]},
        {"type": "MultiPolygon", "coordinates": [[square(20, -1, 2)[::-1]]]},
    ]
    said = {
        "iso_a2": "XX",
        "gn_level": 1,
        "gn_a1_code": "XX.07",
        "gn_id": 12,
        "name": "Ix",
        "type_en": "State",
    }
    files = {
        "package/data/states/admin1.json": {
            "features": [{"properties": said, "geometry": shape} for shape in shapes]
        },
    }
    path = folder / "package.tgz"
    with tarfile.open(path, "w:gz") as archive:
        for name, content in files.items():
            data = json.dumps(content).encode()
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return path


def test_the_middle_of_areas(tmp_path: Path, natural_earth: ModuleType) -> None:
    large, small = natural_earth.areas(package(tmp_path))

    assert (large.country, large.names, large.admin1, large.geonames_id) == ("XX", ("Ix",), "07", 12)
    lat, lon = natural_earth.middle([large])
    assert -0.1 < lat < 0  # the hole lies to the north-east
    assert lat == pytest.approx(lon, abs=0.01)
    assert natural_earth.middle([small]) == pytest.approx((0.0, 21.0), abs=0.01)
    _, between = natural_earth.middle([large, small])
    assert between == pytest.approx((96 * lon + 4 * 21) / 100, abs=0.1)


def test_what_lies_in_an_area(tmp_path: Path, natural_earth: ModuleType) -> None:
    large, small = natural_earth.areas(package(tmp_path))

    assert large.holds((-3.0, 4.0))
    assert not large.holds((1.0, 1.0))  # in the hole
    assert not large.holds((0.0, 6.0))
    assert small.degrees_off((1.1, 22.0)) == pytest.approx(0.1)
    assert small.degrees_off((3.0, 22.0)) == float("inf")


def test_points_that_agree_outweigh_the_one_that_does_not(natural_earth: ModuleType) -> None:
    far, one, other = (60.0, -100.0), (10.0, 20.0), (10.2, 20.2)

    assert natural_earth.agreed([far, one, other]) in {one, other}
    assert natural_earth.agreed([one, far, one]) == one
    assert natural_earth.agreed([far, one]) == far
    assert natural_earth.agreed([(0.0, 179.0), (0.0, -179.0), (0.0, 170.0)]) == (0.0, 179.0)
