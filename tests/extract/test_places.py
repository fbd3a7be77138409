"""Places: tables of (sentence, what is found), the gazetteer's file, and what must hold for any text."""

from __future__ import annotations

import hashlib
import os
import time
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks import pipeline
from tasks.extract.place.component import annotate
from tasks.extract.place.gazetteer import DATA, Gazetteer, distance_km, fold, gazetteer, preload
from worker.config_dir import config_dir
from worker.desk.sqlite import sqlite_module
from worker.errors import UsageError
from worker.record import Article, Block, BlockKind, Coverage, Entity, EntityType, Mention, Place, Translation

if TYPE_CHECKING:
    from pathlib import Path


def article(*pieces: tuple[BlockKind, str] | str) -> Article:
    """Make an article of (kind, text) blocks; a mere text is a paragraph."""
    text, blocks = "", []
    for piece in pieces:
        kind, words = piece if isinstance(piece, tuple) else ("paragraph", piece)
        start, text = len(text), text + words + "\n\n"
        blocks.append(Block(start=start, end=len(text), kind=kind, rule="test"))
    return Article(
        coverage=Coverage(characters_read=len(text)),
        media_type="text/plain",
        text=text,
        language="en",
        blocks=blocks,
        translation=Translation(score=0, verdict="unlikely", signs=[]),
    )


def entity(one: Article, name: str, kind: EntityType) -> Entity:
    """Make an entity with every mention of this name."""
    mentions, start = [], one.text.find(name)
    while start >= 0:
        mentions.append(Mention(start=start, end=start + len(name), text=name, kind="name", rule="test"))
        start = one.text.find(name, start + 1)
    assert mentions
    return Entity(
        id="e1", type=kind, name=name, mentions=mentions, component="test", rule="test", confidence=1
    )


def found(*pieces: tuple[BlockKind, str] | str, names: dict[str, EntityType] | None = None) -> list[Place]:
    """Return the places; every one of them keeps the promises on offsets, status and reasons."""
    one = article(*pieces)
    places, abstentions = annotate(one, [entity(one, name, kind) for name, kind in (names or {}).items()])
    check(one, places)
    assert [a.what for a in abstentions] == [p.text for p in places if p.status != "resolved"]
    return places


def check(one: Article, places: list[Place]) -> None:
    end = 0
    for place in places:
        assert one.text[place.start : place.end] == place.text
        assert end <= place.start < place.end
        assert (place.lat is None) == (place.lon is None)
        assert (place.lat is not None) == (place.status in {"resolved", "approximate"})
        assert (place.within is not None) == (place.status == "approximate")
        end = place.end


# (sentence, [(text, country, kind), ...])
RESOLVED = [
    ("They met in Stockholm.", [("Stockholm", "SE", "city")]),
    ("Russia and Ukraine signed.", [("Russia", "RU", "country"), ("Ukraine", "UA", "country")]),
    (
        "The US, the U.S. and the UK agreed.",
        [("US", "US", "country"), ("U.S.", "US", "country"), ("UK", "GB", "country")],
    ),
    ("US President Ann Lee spoke.", [("US", "US", "country")]),
    ("He was born in Kiev, now Kyiv.", [("Kiev", "UA", "city"), ("Kyiv", "UA", "city")]),
    (
        "In Kyiv, Lviv and Odesa sirens went off.",
        [("Kyiv", "UA", "city"), ("Lviv", "UA", "city"), ("Odesa", "UA", "city")],
    ),
    ("He lives in Paris.", [("Paris", "FR", "city")]),
    ("He lives in Paris, Texas.", [("Paris", "US", "city"), ("Texas", "US", "region")]),
    ("He lives in Springfield, Ill., today.", [("Springfield", "US", "city"), ("Ill.", "US", "region")]),
    ("He lives in London, Ontario.", [("London", "CA", "city"), ("Ontario", "CA", "region")]),
    ("He left Albany, N.Y., by bus.", [("Albany", "US", "city"), ("N.Y.", "US", "region")]),
    ("He left Athens, Georgia, by bus.", [("Athens", "US", "city"), ("Georgia", "US", "region")]),
    ("Georgia and Armenia talked.", [("Georgia", "GE", "country"), ("Armenia", "AM", "country")]),
    ("Washington said no.", [("Washington", "US", "city")]),
    ("It rained across northern Italy.", [("Italy", "IT", "country")]),
    ("In Côte d'Ivoire cocoa is grown.", [("Côte d'Ivoire", "CI", "country")]),
    (
        "They fled São Paulo for Rio de Janeiro.",
        [("São Paulo", "BR", "city"), ("Rio de Janeiro", "BR", "city")],
    ),
    ("Ships left St. Petersburg.", [("St. Petersburg", "RU", "city")]),
    ("It rained in Bavaria and Catalonia.", [("Bavaria", "DE", "region"), ("Catalonia", "ES", "region")]),
    ("Ships cross the Black Sea.", [("Black Sea", None, "other")]),
    ("Trade with Europe grew.", [("Europe", None, "continent")]),
    ("Aid reached the Gaza Strip.", [("Gaza Strip", "PS", "region")]),
    ("They met in Nice.", [("Nice", "FR", "city")]),
    (
        "He drove from Mobile, Ala., to Texas.",
        [("Mobile", "US", "city"), ("Ala.", "US", "region"), ("Texas", "US", "region")],
    ),
    ("Moscow Mayor Ivan Petrov spoke.", [("Moscow", "RU", "city")]),
    ("He moved to San Jose, Calif., in May.", [("San Jose", "US", "city"), ("Calif.", "US", "region")]),
    # a row of regions; the region's own words
    (
        "It snowed in Oregon, Washington and Idaho.",
        [("Oregon", "US", "region"), ("Washington", "US", "region"), ("Idaho", "US", "region")],
    ),
    (
        "Voters in Ohio, New York, Washington, Pennsylvania and Maine wait.",
        [(name, "US", "region") for name in ("Ohio", "New York", "Washington", "Pennsylvania", "Maine")],
    ),
    ("New York Governor Ann Lee spoke.", [("New York", "US", "region")]),
    ("Ferries in the state of Washington are late.", [("Washington", "US", "region")]),
    (
        "He flew to Boston, New York and Chicago.",
        [(n, "US", "city") for n in ("Boston", "New York", "Chicago")],
    ),
    # authorities: the place they are of
    ("The Kentucky State Police sent two divers.", [("Kentucky", "US", "region")]),
    ("The U.S. Department of Energy paid.", [("U.S.", "US", "country")]),
    ("Metcalfe County Sheriff Ron Tull left early.", [("Metcalfe County", "US", "region")]),
    # the larger Congo, unless the other one is spoken of
    ("Rangers in Congo count okapis.", [("Congo", "CD", "country")]),
    (
        "In Brazzaville and Pointe-Noire, Congo's ports, ships wait.",
        [("Brazzaville", "CG", "city"), ("Pointe-Noire", "CG", "city"), ("Congo", "CG", "country")],
    ),
    # another city's own name is no spelling of a larger one
    ("The tram in Vienne was late.", [("Vienne", "FR", "city")]),
    ("The tram in Vienna was late.", [("Vienna", "AT", "city")]),
    ("It was hot near Siracusa.", [("Siracusa", "IT", "city")]),
    (
        "Syracuse, Italy, was hot, and Syracuse baked.",
        [("Syracuse", "IT", "city"), ("Italy", "IT", "country"), ("Syracuse", "IT", "city")],
    ),
    # far better known abroad, and nothing speaks for the others
    ("The fair in Venice was shut.", [("Venice", "IT", "city")]),
    # islands, provinces, territories
    ("Ferries to Paros and Saaremaa stopped.", [("Paros", "GR", "region"), ("Saaremaa", "EE", "region")]),
    ("It rained in Zeeland and Flanders.", [("Zeeland", "NL", "region"), ("Flanders", "BE", "region")]),
    (
        "Farmers in Cape Verde and São Vicente wait.",
        [("Cape Verde", "CV", "country"), ("São Vicente", "CV", "region")],
    ),
    ("Brazil and São Vicente talk.", [("Brazil", "BR", "country"), ("São Vicente", "BR", "city")]),
    (
        "Aid went to North Korea and South Sudan.",
        [("North Korea", "KP", "country"), ("South Sudan", "SS", "country")],
    ),
]


@pytest.mark.parametrize(("sentence", "expected"), RESOLVED)
def test_resolved_without_entities(sentence: str, expected: list[tuple[str, str | None, str]]) -> None:
    places = found(sentence)
    assert [(p.text, p.country, p.kind) for p in places] == expected
    assert {p.status for p in places} == {"resolved"}


NO_PLACES = [
    "Russian, Ukrainian and Swedish officials met.",
    "The Minsk agreements and the Paris climate agreement hold.",
    "An essay by the Atlantic Council appeared.",
    "The EU and NATO disagree.",
    "Nice weather; of course, most of them man the bar, reading.",
    "Of all of us, he is the best. Reading is fun.",
    "Paris Hilton and Jack London, Mr Jordan and Michael Jordan.",
    "The Washington Post, the New York Times and the Kyiv Post wrote.",
    "The Bank of England and the University of Oxford.",
    "Russia Today and China Daily reported.",
    "Tell us more about it, US GIVES US ALL.",
    "It happened in March, in May and in August.",
]


@pytest.mark.parametrize("sentence", NO_PLACES)
def test_what_is_no_place(sentence: str) -> None:
    assert found(sentence) == []


# (sentence, entities, [(text, status)])
WITH_ENTITIES: list[tuple[str, dict[str, EntityType], list[tuple[str, str]]]] = [
    ("He met Jordan in Paris.", {"Jordan": "PERSON"}, [("Paris", "resolved")]),
    ("The Moscow Art Theatre toured Kyiv.", {"Moscow Art Theatre": "ORG"}, [("Kyiv", "resolved")]),
    ("The Minsk Protocol of Kyiv.", {"Minsk Protocol": "LAW"}, [("Kyiv", "resolved")]),
    (
        "They live in Xyzburg, near Kyiv.",
        {"Xyzburg": "LOC"},
        [("Xyzburg", "unresolved"), ("Kyiv", "resolved")],
    ),
    ("It rained in southern Ukraine.", {"southern Ukraine": "LOC"}, [("Ukraine", "resolved")]),
    (
        "Planes left Kyiv Zhuliany Airport.",
        {"Kyiv Zhuliany Airport": "FAC"},
        [("Kyiv", "resolved")],
    ),
    (
        "He left Washington, D.C., early.",
        {"Washington, D.C.": "LOC"},
        [("Washington", "resolved"), ("D.C.", "resolved")],
    ),
    ("Reading won.", {"Reading": "LOC"}, [("Reading", "resolved")]),
    ("Kyiv said no.", {"Kyiv": "MISC"}, [("Kyiv", "resolved")]),
    ("The Kyiv Waltz was played.", {"Kyiv Waltz": "MISC"}, []),
    # names that are pieces of a place's name
    (
        "A rocket left French Guiana.",
        {"French": "NORP", "Guiana": "MISC"},
        [("French Guiana", "resolved")],
    ),
    ("A French Guiana Opera left.", {"French Guiana Opera": "ORG"}, []),
    # a person's surname, and the place behind a preposition
    ("Ana Sofia Lima lost. Lima left.", {"Ana Sofia Lima": "PERSON"}, []),
    ("Ana Lima lost. Lima left.", {"Ana Lima": "PERSON", "Lima left": "MISC"}, []),
    ("Ana Sofia Lima lost in Lima.", {"Ana Sofia Lima": "PERSON"}, [("Lima", "resolved")]),
    ("Ana Malta left. Malta is dry.", {"Ana Malta": "PERSON"}, [("Malta", "resolved")]),
    # the head of a longer name, against a modifier in one
    ("He left União de Tomar. União lost.", {"União de Tomar": "ORG", "União lost": "MISC"}, []),
    # the first word of a longer name, unless the place is named elsewhere
    ("The maker, Zanzibar Biologics, sold it.", {"Zanzibar": "LOC", "Biologics": "MISC"}, []),
    ("The maker, Utrecht Optics, sold it.", {"Utrecht": "LOC"}, []),
    (
        "The Utrecht Optics fair in Utrecht opened.",
        {},
        [("Utrecht", "resolved")],
    ),
    ("Utrecht Mayor Jo Bos spoke.", {"Utrecht": "LOC", "Jo Bos": "PERSON"}, [("Utrecht", "resolved")]),
    ("Analysts of Elm Street Research agree.", {"Elm Street": "FAC"}, []),
    ("They met in Elm Street on Monday.", {"Elm Street": "FAC"}, [("Elm Street", "unresolved")]),
    # apposition, not containment
    ("Pekka Xy, Finland's minister, wept.", {"Pekka Xy": "LOC"}, [("Finland", "resolved")]),
    ("Xyby, the island's main town, slept.", {"Xyby": "LOC"}, [("Xyby", "unresolved")]),
]


@pytest.mark.parametrize(("sentence", "names", "expected"), WITH_ENTITIES)
def test_entities_guard_and_add(
    sentence: str, names: dict[str, EntityType], expected: list[tuple[str, str]]
) -> None:
    assert [(p.text, p.status) for p in found(sentence, names=names)] == expected


# (sentence, [(text, status, country)])
UNKNOWN = [
    ("A wolf was seen near the village of Xyzby.", [("Xyzby", "unresolved", None)]),
    ("They left the harbour of Port Xyz at dawn.", [("Port Xyz", "unresolved", None)]),
    ("The ice of the Xyzdal glacier melts.", [("Xyzdal", "unresolved", None)]),
    ("The chairman of Xyzby and the Xyzdal committee met.", []),
    ("The village of the future is here.", []),
]


@pytest.mark.parametrize(("sentence", "expected"), UNKNOWN)
def test_a_noun_beside_an_unknown_name_makes_it_a_place(
    sentence: str, expected: list[tuple[str, str, str | None]]
) -> None:
    assert [(p.text, p.status, p.country) for p in found(sentence)] == expected


# (dateline, paragraph, entities, [(text, status, country)])
STATED: list[tuple[str, str, dict[str, EntityType], list[tuple[str, str, str | None]]]] = [
    (
        "TURIN, Brazil -",
        "The mayor of Turin spoke.",
        {},
        [("TURIN", "unresolved", "BR"), ("Brazil", "resolved", "BR"), ("Turin", "unresolved", "BR")],
    ),
    (
        "XYZBY, Latvia -",
        "It rained in Xyzby.",
        {"XYZBY": "LOC", "Xyzby": "LOC"},
        [("XYZBY", "unresolved", "LV"), ("Latvia", "resolved", "LV"), ("Xyzby", "unresolved", "LV")],
    ),
    (
        "RIGA, Nov. 3 -",
        "Guests from Turin, Brazil and Chile came.",
        {},
        [
            ("RIGA", "resolved", "LV"),
            ("Turin", "resolved", "IT"),
            ("Brazil", "resolved", "BR"),
            ("Chile", "resolved", "CL"),
        ],
    ),
]


@pytest.mark.parametrize(("dateline", "paragraph", "names", "expected"), STATED)
def test_a_stated_country_decides_where_the_gazetteer_has_no_such_place(
    dateline: str, paragraph: str, names: dict[str, EntityType], expected: list[tuple[str, str, str | None]]
) -> None:
    places = found(("dateline", dateline), paragraph, names=names)
    assert [(p.text, p.status, p.country) for p in places] == expected


def test_a_town_is_not_resolved_to_another_region_than_the_one_behind_it() -> None:
    first, second, *_ = found("It burned in Fargo, Wyoming, on Monday; Fargo is small.")

    assert (first.text, first.status, first.country) == ("Fargo", "approximate", "US")
    assert (first.within, first.lat, first.geonames_id) == ("Wyoming", second.lat, None)
    assert (second.text, second.status, second.kind) == ("Wyoming", "resolved", "region")


def test_a_county_lies_among_its_towns() -> None:
    (county,) = found("Deputies in Metcalfe County found it.")

    assert county.kind == "region"
    assert county.lat == pytest.approx(37.0, abs=0.3)
    assert county.lon == pytest.approx(-85.6, abs=0.3)


def test_an_ambiguous_name_says_how_many_candidates_there_are() -> None:
    (place,) = found("They met in Cambridge.")
    assert (place.status, place.lat, place.geonames_id) == ("ambiguous", None, None)
    assert place.candidates > 1


def test_the_articles_countries_decide() -> None:
    text = "They met in Cambridge. The Massachusetts and Boston police helped, and so did American troops."
    assert [p.country for p in found(text) if p.text == "Cambridge"] == ["US"]
    text = "They met in Cambridge. British police from London, England and Scotland helped."
    assert [p.country for p in found(text) if p.text == "Cambridge"] == ["GB"]


def test_one_sense_an_article() -> None:
    places = found("He lives in Paris, Texas. Later he left Paris.")
    assert [p.geonames_id for p in places if p.text == "Paris"] == [4717560, 4717560]


def test_a_person_of_this_name_makes_the_bare_name_doubtful() -> None:
    assert [p.text for p in found("Michael Jordan smiled. Jordan scored again.")] == []
    assert [p.text for p in found("Jordan said it would help.")] == ["Jordan"]


def test_datelines_need_no_cue_and_may_shout() -> None:
    assert [p.text for p in found(("dateline", "KYIV, Ukraine, Dec. 6 -"), "It rained.")] == [
        "KYIV",
        "Ukraine",
    ]
    assert [p.text for p in found("BEIJING (AP) - It rained in AIDS wards.")] == ["BEIJING"]


def test_only_the_articles_own_words_are_read() -> None:
    places = found(
        ("title", "Storm Hits Riga"), ("boilerplate", "Offices in Paris"), ("related", "Oslo"), "Rain."
    )
    assert [p.text for p in places] == ["Riga"]


def test_focus_is_the_countries_the_article_is_about() -> None:
    places = found(
        ("title", "Ukraine asks for help"),
        "Kyiv wants more aid, Ukraine said in Stockholm. Ukrainian towns burn.",
        "Ukraine counts on its friends.",
    )
    assert {(p.text, p.focus) for p in places} == {("Ukraine", True), ("Kyiv", True), ("Stockholm", False)}


def test_coordinates() -> None:
    (place,) = found("They met in Stockholm.")
    assert place.lat == pytest.approx(59.33, abs=0.05)
    assert place.lon == pytest.approx(18.07, abs=0.05)
    assert place.geonames_id == 2673730


def test_component_in_a_pipeline_without_names() -> None:
    nlp = pipeline.build(["copydesk.places"])
    doc, part = pipeline.run(nlp, article("They met in Stockholm and in Cambridge."))
    assert [(p.text, p.status) for p in doc._.places] == [
        ("Stockholm", "resolved"),
        ("Cambridge", "ambiguous"),
    ]
    assert [a.what for a in part["abstentions"]] == ["Cambridge"]


def test_the_gazetteers_file() -> None:
    path = config_dir() / DATA
    assert path.stat().st_size < 16_000_000
    meta = gazetteer().meta()
    assert meta["lists"] == lists_digest(), "a list changed: run tools/build_gazetteer.py"
    assert "GeoNames" in meta["sources"]
    assert "CC BY 4.0" in meta["licence"]
    assert "creativecommons.org/licenses/by/4.0" in (config_dir() / "gazetteer" / "README.md").read_text()


def lists_digest() -> str:
    state = hashlib.sha256()
    for name in ("areas.toml", "names.toml", "regions.toml"):
        state.update(name.encode() + b"\0" + (config_dir() / "gazetteer" / name).read_bytes() + b"\0")
    return state.hexdigest()


def test_nobody_can_write_the_gazetteer() -> None:
    before = (config_dir() / DATA).read_bytes()
    places = gazetteer()
    with pytest.raises(sqlite_module().OperationalError):
        places._rows("DELETE FROM place")
    assert (config_dir() / DATA).read_bytes() == before
    assert [path.name for path in (config_dir() / "gazetteer").glob("places.sqlite?*")] == []


def test_no_connection_is_open_across_a_fork() -> None:
    places = gazetteer()
    assert places.region("US", "TX") is not None
    child = os.fork()
    if child == 0:
        alone = places._connection is None
        found = places.region("US", "TX")
        os._exit(0 if alone and found is not None and found.name == "Texas" else 1)
    assert os.waitpid(child, 0)[1] == 0
    assert places.region("US", "UT").name == "Utah"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("content", "said"),
    [(None, "cannot be read"), (b"not a database" * 100, "cannot be read"), ("1", "has version 1")],
)
def test_a_damaged_gazetteer_is_named(tmp_path: Path, content: bytes | str | None, said: str) -> None:
    path = tmp_path / "places.sqlite"
    if isinstance(content, bytes):
        path.write_bytes(content)
    elif content:
        connection = sqlite_module().connect(path)
        connection.execute("CREATE TABLE meta (key TEXT, value TEXT)")
        connection.execute("INSERT INTO meta VALUES ('schema', ?)", (content,))
        connection.commit()
        connection.close()
    with pytest.raises(UsageError, match=said) as raised:
        Gazetteer(path).find("paris")
    assert str(path) in str(raised.value)
    assert "install" in str(raised.value)


def test_the_gazetteer_knows_every_capital_and_country() -> None:
    preload()
    places = gazetteer()
    for name in ("Vienna", "Naypyidaw", "Port-au-Prince", "N'Djamena", "Sana'a", "Washington", "Canberra"):
        assert any(place.capital for place in places.find(fold(name))), name
    for name in ("Myanmar", "Burma", "Ivory Coast", "Czech Republic", "North Macedonia", "Kosovo", "Taiwan"):
        assert [p.kind for p in places.find(fold(name)) if p.kind == "country"] == ["country"], name


# (name, country, latitude, longitude): countries lie where they are, also those that sources leave out
COUNTRIES = [
    ("Palestine", "PS", 31.9, 35.2),
    ("Kosovo", "XK", 42.6, 20.9),
    ("Aland Islands", "AX", 60.2, 20.0),
    ("Curacao", "CW", 12.2, -69.0),
    ("Libya", "LY", 27.0, 18.0),
    ("Canada", "CA", 60.4, -96.5),
    ("United States", "US", 39.8, -98.5),
]


@pytest.mark.parametrize(("name", "code", "lat", "lon"), COUNTRIES)
def test_countries_lie_where_they_are(name: str, code: str, lat: float, lon: float) -> None:
    (place,) = [p for p in gazetteer().find(fold(name)) if p.kind == "country"]
    assert (place.country, place.lat, place.lon) == (
        code,
        pytest.approx(lat, abs=0.1),
        pytest.approx(lon, abs=0.1),
    )


def test_no_spelling_of_a_city_is_another_citys_name() -> None:
    places = [(p.name, p.country, p.kind) for p in gazetteer().find("vienne")]
    assert places == [("Vienne", "FR", "county"), ("Vienne", "FR", "city")]


def test_distance() -> None:
    (paris,) = [p for p in gazetteer().find("paris") if p.country == "FR" and p.kind == "city"]
    (kyiv,) = [p for p in gazetteer().find("kyiv") if p.kind == "city"]
    assert distance_km(paris, kyiv) == pytest.approx(2025, rel=0.01)


VOCABULARY = (
    "Paris , Texas St. Rio de Janeiro U.S. US the of Nice in Jordan New York - ' \u00c9 \u2163 N.Y. \n"
)
WORDS = st.sampled_from(VOCABULARY.split(" "))
TEXTS = st.one_of(
    st.lists(WORDS, max_size=30).map(" ".join),
    st.lists(WORDS, max_size=30).map("".join),
    st.text(max_size=60),
)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(TEXTS, st.sampled_from(["paragraph", "title", "dateline"]))
def test_any_text_is_read_without_an_error(text: str, kind: BlockKind) -> None:
    found((kind, text))


@pytest.mark.parametrize(
    "piece",
    ["Paris, Texas, ", "U.S. ", "St. Rio de ", "A.", "New ", "Kyiv\n\n", "the isle of Xab Yab Zab "],
)
def test_time_is_linear(piece: str) -> None:
    def seconds(times: int) -> float:
        one = article(piece * times)
        begin = time.process_time()
        annotate(one, [])
        return time.process_time() - begin

    seconds(100)
    assert seconds(8000) < 20 * seconds(1000) + 0.5
