"""Toponyms found in a text and put on the map, against coordinates.

Texts go through `read` and the whole of `extract`; predictions are the record's places.

- `recognised`: a predicted and a gold toponym that share a character, one to one; `exact`: the same start
  and end.
- `within_161_km` (100 miles, as usual in the field): of the recognised gold toponyms with coordinates,
  those whose prediction is at most 161 km away along a great circle, or has the same GeoNames id. A
  prediction without coordinates is not within; one that is `approximate` has those of the place it is said to
  lie in. `of_all`: of all gold toponyms with coordinates, recognised or not. `unresolved`: of the recognised,
  those without coordinates in the record.
- Some corpora take adjectives and peoples (`Turkish`, `Russians`) for toponyms; here they are none, by
  design. `adjectives` says how many of the gold's end in a word of `ADJECTIVES`, and `without_adjectives`
  gives recall and `of_all` over the rest. Precision is not touched.
- The middle of a large country is a matter of convention: Wikipedia's Canada (GeoVirus) and GeoNames'
  Canada (ours) are 1,031 km apart. `or_same_area` is `within_161_km`, counting also a country or continent
  that has the title of the gold's Wikipedia page. Published figures do not have this allowance.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from benchmarks.quality import corpora, predict
from benchmarks.quality.matching import Counts, exact, pairs

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from benchmarks.quality.report import Figures
    from worker.record import Place

KILOMETRES = 161
EARTH_KM = 6371.0
_WORDS = """
Afghan African Albanian Algerian American Andorran Angolan Arab Argentine Argentinian Armenian Asian
Australian Austrian Azerbaijani Bahraini Balkan Baltic Bangladeshi Basque Belarusian Belgian Bolivian
Bosnian Brazilian British Bulgarian Burmese Cambodian Cameroonian Canadian Caribbean Catalan Chadian
Chechen Chilean Chinese Colombian Congolese Cornish Croatian Cuban Cypriot Czech Danish Dutch Ecuadorian
Egyptian Emirati English Eritrean Estonian Ethiopian European Filipino Finnish Flemish French Gabonese
Gambian Georgian German Ghanaian Greek Guatemalan Guinean Haitian Honduran Hungarian Icelandic Indian
Indonesian Iranian Iraqi Irish Israeli Italian Ivorian Jamaican Japanese Jordanian Kazakh Kenyan Korean
Kosovar Kurdish Kuwaiti Kyrgyz Latvian Lebanese Liberian Libyan Lithuanian Macedonian Malagasy Malawian
Malaysian Malian Maltese Mauritanian Mexican Moldovan Mongolian Montenegrin Moroccan Mozambican Namibian
Nepalese Nepali Nicaraguan Nigerian Nigerien Norwegian Omani Ossetian Pakistani Palestinian Panamanian
Paraguayan Persian Peruvian Philippine Polish Portuguese Qatari Romanian Russian Rwandan Salvadoran
Saudi Scandinavian Scottish Senegalese Serbian Siberian Sicilian Singaporean Slovak Slovenian Somali
Spanish Sudanese Swedish Swiss Syrian Taiwanese Tajik Tanzanian Thai Tibetan Tunisian Turkish Turkmen
Ugandan Ukrainian Uruguayan Uzbek Venezuelan Vietnamese Welsh Western Yemeni Zambian Zimbabwean
"""
ADJECTIVES = frozenset(_WORDS.split())
"""Adjectives of nationality and of regions; peoples add an -s."""


def measure(options: corpora.Options) -> Figures:
    """Return the figures of every corpus of the kind `geo`."""
    read = predict.reader(options.pipeline)
    return {
        corpus.name: score(corpus, lambda text: read(text, None)._.places or [])
        for corpus in corpora.find(options, "geo")
    }


def score(corpus: corpora.Corpus, places_of: Callable[[str], Sequence[Place]]) -> Figures:
    """Return the figures of one corpus."""
    recognised, spans, plain = Counts(), Counts(), Counts()
    located = near = located_plain = near_plain = here = unresolved = adjectives = texts = allowed = 0
    for row in corpus.rows():
        texts += 1
        gold = row["toponyms"]
        found = places_of(row["text"])
        paired = match(gold, found)
        recognised += Counts(len(paired), len(found), len(gold))
        spans += exact([(g["start"], g["end"]) for g in gold], [(p.start, p.end) for p in found])
        plain_gold = [number for number, g in enumerate(gold) if not is_adjective(g["name"])]
        adjectives += len(gold) - len(plain_gold)
        plain += Counts(sum(number in paired for number in plain_gold), len(found), len(plain_gold))
        for number, g in enumerate(gold):
            if g["lat"] is None or g["lon"] is None:
                continue
            place = found[paired[number]] if number in paired else None
            right = place is not None and is_near(g, place)
            located += 1
            near += right
            allowed += place is not None and (right or same_area(g, place))
            here += place is not None
            unresolved += place is not None and place.lat is None
            if number in plain_gold:
                located_plain += 1
                near_plain += right
    return {
        "texts": texts,
        "recognised": recognised.figures(),
        "exact": spans.figures(),
        "within_161_km": _share(near, here),
        "or_same_area": _share(allowed, here),
        "unresolved": _share(unresolved, here),
        "of_all": _share(near, located),
        "adjectives": adjectives,
        "without_adjectives": {"recall": plain.recall, "of_all": _share(near_plain, located_plain)},
    }


def _share(part: int, whole: int) -> float | None:
    return 100 * part / whole if whole else None


def match(gold: Sequence[dict[str, int]], found: Sequence[Place]) -> dict[int, int]:
    """Return gold number -> number of the prediction that shares most of the union with it."""
    paired = pairs(
        [frozenset(range(g["start"], g["end"])) for g in gold],
        [frozenset(range(p.start, p.end)) for p in found],
        at_least=0.0,
    )
    return {number: other for number, other, _ in paired}


def is_near(gold: dict[str, float], place: Place) -> bool:
    """Say whether a prediction is the gold place: the same GeoNames id, or at most 161 km away."""
    if place.geonames_id is not None and place.geonames_id == gold.get("geonameid"):
        return True
    if place.lat is None or place.lon is None:
        return False
    return kilometres(gold["lat"], gold["lon"], place.lat, place.lon) <= KILOMETRES


def kilometres(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    """Distance along a great circle (haversine), coordinates in degrees."""
    one, other = math.radians(lat), math.radians(other_lat)
    half = (
        math.sin((other - one) / 2) ** 2
        + math.cos(one) * math.cos(other) * math.sin(math.radians(other_lon - lon) / 2) ** 2
    )
    return 2 * EARTH_KM * math.asin(min(1.0, math.sqrt(half)))


def is_adjective(name: str) -> bool:
    """Say whether a toponym ends as an adjective of nationality or a people: `South Korean`, `Russians`."""
    last = name.rsplit(maxsplit=1)[-1]
    return last in ADJECTIVES or last.removesuffix("s") in ADJECTIVES


def same_area(gold: dict[str, str], place: Place) -> bool:
    """Say whether both are the same country or continent, by the title of the gold's Wikipedia page."""
    title = (gold.get("page") or "").rpartition("/")[2].replace("_", " ")
    return place.kind in {"country", "continent"} and title == place.name
