"""Places that the gazetteer does not have: villages, and where the text says that a place lies."""

from __future__ import annotations

import pytest

from tasks.extract.place.gazetteer import gazetteer
from tests.extract.test_places import found

# (sentence, unknown name, what it lies in)
WITHIN = [
    ("A fire broke out in Xyzbera, a slum in Nairobi.", "Xyzbera", "Nairobi"),
    ("A fire broke out in the Nairobi slum of Xyzbera.", "Xyzbera", "Nairobi"),
    ("A fire broke out in Nairobi's Xyzbera.", "Xyzbera", "Nairobi"),
    ("It was made in the Xyzmiyah district of Baghdad.", "Xyzmiyah", "Baghdad"),
    ("It burned in Xyzvuku, a poor suburb of Harare.", "Xyzvuku", "Harare"),
    ("She was seen in Xyzlane, Auckland, New Zealand.", "Xyzlane", "Auckland"),
    ("He was born in Xyzford, Ontario.", "Xyzford", "Ontario"),
    ("They left Xyzby and Xyzdal in northern Queensland.", "Xyzby", "Queensland"),
]
NOT_WITHIN = [
    ("They left Xyzbera and met in Nairobi.", "Xyzbera"),  # a verb between
    ("They saw Xyzbera, Nairobi and Mombasa.", "Xyzbera"),  # a list
    ("They went from Xyzbera to Nairobi.", "Xyzbera"),
    ("They went to Xyzbera near Nairobi.", "Xyzbera"),  # beside it is not in it
    ("They went to Xyzbera, just north of Nairobi.", "Xyzbera"),
    ("They left Xyzbera, the town in which Nairobi lost.", "Xyzbera"),
    ("Xyzbera was in Nairobi for a match.", "Xyzbera"),  # a visit
    ("They left Xyzbera, Nairobi. Kenya said so.", "Xyzbera"),
]


@pytest.mark.parametrize(("sentence", "name", "area"), WITHIN)
def test_a_place_lies_where_the_text_says(sentence: str, name: str, area: str) -> None:
    places = found(sentence, names={each: "LOC" for each in (name, "Xyzdal") if each in sentence})
    place = next(each for each in places if each.text == name)
    outer = next(each for each in places if each.text == area)

    assert (place.status, place.within, place.geonames_id, place.kind) == ("approximate", area, None, None)
    assert (place.lat, place.lon, place.country) == (outer.lat, outer.lon, outer.country)


@pytest.mark.parametrize(("sentence", "name"), NOT_WITHIN)
def test_other_words_between_two_places_tell_nothing(sentence: str, name: str) -> None:
    place = next(each for each in found(sentence, names={name: "LOC"}) if each.text == name)

    assert (place.status, place.lat, place.within) == ("unresolved", None, None)


def test_what_is_said_once_holds_for_the_article() -> None:
    places = found("Xyzbera slept.", "Xyzbera, a slum in Nairobi, woke.", names={"Xyzbera": "LOC"})

    assert [each.within for each in places if each.text == "Xyzbera"] == ["Nairobi", "Nairobi"]


def test_of_a_place_in_a_country_only_the_country_is_known() -> None:
    place, _ = found("It rained in the village of Xyzby in Nepal.")

    assert (place.text, place.status, place.country, place.lat) == ("Xyzby", "unresolved", "NP", None)


def test_a_village_is_resolved_where_a_model_or_a_noun_takes_its_name_for_a_place() -> None:
    (village,) = gazetteer().villages("weiswampach")
    assert not gazetteer().find("weiswampach")
    assert found("He spoke of Weiswampach.") == []  # its name alone says nothing

    for sentence, names in (
        ("He spoke of Weiswampach.", {"Weiswampach": "LOC"}),
        ("He lives in the village of Weiswampach.", {}),
    ):
        (place,) = found(sentence, names=names)  # type: ignore[arg-type]
        assert (place.status, place.geonames_id, place.country) == ("resolved", village.geonames_id, "LU")


def test_a_small_town_in_a_country_that_nobody_speaks_of_is_not_meant() -> None:
    (alone,) = found("They met in Weiswampach.", names={"Weiswampach": "LOC"})
    talk = "Kenya, Nairobi and Mombasa mourn; Kisumu, Nakuru and Eldoret too."
    *_, far = found(talk, "They met in Weiswampach.", names={"Weiswampach": "LOC"})

    assert alone.status == "resolved"
    assert (far.status, far.candidates, far.lat, far.country) == ("ambiguous", 1, None, None)


VISITS = [
    ("Mexico was in Missouri on Friday for a friendly.", "Mexico", "MX"),
    ("Governors of Texas, Ohio and Iowa met in Washington.", "Washington", "US"),
    ("Russia, China, India, Iran and Japan met in Davos.", "Davos", "CH"),
]


@pytest.mark.parametrize(("text", "name", "country"), VISITS)
def test_a_well_known_name_stays_what_it_is(text: str, name: str, country: str) -> None:
    places = [place for place in found(text) if place.text == name]

    assert {(place.status, place.country) for place in places} == {("resolved", country)}
    assert {place.kind for place in places} <= {"country", "city"}


# (text, kind of the last `New York`)
NEW_YORK = [
    ("There are three cases in Texas, two in Kansas and one in Ohio. New York has 28.", "region"),
    ("New York Governor Ann Xy spoke. Cases rise in New York.", "region"),
    ("There are cases in Texas, Kansas, Ohio and Houston. New York has 28.", "city"),
    ("New York City is in New York state. People die in New York.", "city"),
    ("They met in New York.", "city"),
    ("Lawmakers from Texas, Ohio and Iowa spoke at a meeting in New York.", "city"),
    ("New York state has a plan. In New York they met in Manhattan.", "city"),
]


@pytest.mark.parametrize(("text", "kind"), NEW_YORK)
def test_new_york_among_states_is_the_state(text: str, kind: str) -> None:
    last = [place for place in found(text) if place.text == "New York"][-1]

    assert last.kind == kind


# (sentence, what the model takes for a place, the toponym, its name in the gazetteer, country)
WRITTEN_OTHERWISE = [
    ("They came from Ceamurlia de Jos.", "Ceamurlia", "Ceamurlia de Jos", "Ceamurlia de Jos", "RO"),
    ("They came from Dogu Beyazit.", "Dogu Beyazit", "Dogu Beyazit", "Doğubayazıt", "TR"),  # noqa: RUF001 - Turkish
    ("It was sent to CDC Atlanta.", "CDC Atlanta", "Atlanta", "Atlanta", "US"),
    ("They live in Mid-Jutland.", "Mid-Jutland", "Jutland", "Jutland", "DK"),
]


@pytest.mark.parametrize(("sentence", "marked", "text", "name", "country"), WRITTEN_OTHERWISE)
def test_a_known_name_in_what_a_model_marks(
    sentence: str, marked: str, text: str, name: str, country: str
) -> None:
    (place,) = found(sentence, names={marked: "LOC"})

    assert (place.status, place.text, place.name, place.country) == ("resolved", text, name, country)


@pytest.mark.parametrize(
    "marked", ["CDC Xyzby", "Mid-Xyzby", "Xyzby Xyzdal", "Xyzby", "USS Missouri", "CAMP BAGHDAD"]
)
def test_an_unknown_name_stays_as_it_was_marked(marked: str) -> None:
    (place,) = found(f"They live in {marked} and went.", names={marked: "LOC"})

    assert (place.status, place.text) == ("unresolved", marked)


def test_a_town_lies_in_no_other_region_than_the_text_says() -> None:
    places = found("He was held in Stroud, Ontario, Canada.", "A court in Bradford, Ontario, sat.")

    assert [(p.status, p.within) for p in places if p.text in {"Stroud", "Bradford"}] == [
        ("approximate", "Ontario"),
        ("approximate", "Ontario"),
    ]
    small, county, _ = found("They were in the Rice Lake area of Fulton County located in Illinois.")
    assert (small.status, small.within) == ("approximate", "Fulton County")
    assert (small.lat, small.lon) == (county.lat, county.lon)


def test_a_village_in_what_stands_behind_its_comma() -> None:
    village, _ = found("They ran in Weiswampach, Luxembourg.", names={"Weiswampach": "FAC"})

    assert (village.status, village.country) == ("resolved", "LU")


def test_a_borough_lies_in_the_city_and_a_town_in_the_state() -> None:
    _, city = found("She taught in Queens, New York.")
    _, state = found("She taught in Albany, New York.")
    _, country, again = found("Police in Villa Nueva, Guatemala, waited.", "Guatemala has high crime.")

    assert (city.kind, state.kind) == ("city", "region")
    assert (country.kind, again.kind) == ("country", "country")


# (sentence, name, its country)
LISTED = [
    ("Boston, Washington, D.C., and Chicago were hit.", "Boston", "US"),
    ("They have offices in Berlin, Munich, Ontario, Canada.", "Munich", "DE"),
    ("Pahalgam, a town in Kashmir, was hit.", "Pahalgam", "IN"),
]


@pytest.mark.parametrize(("sentence", "name", "country"), LISTED)
def test_a_town_stays_where_it_is(sentence: str, name: str, country: str) -> None:
    (place,) = [each for each in found(sentence, names={name: "LOC"}) if each.text == name]

    assert (place.status, place.country) == ("resolved", country)


def test_a_name_ends_before_a_common_word() -> None:
    (place,) = found("People left Dierkow west of the sea.", names={"Dierkow": "LOC"})

    assert place.text == "Dierkow"


def test_names_that_differ_by_a_letter_have_each_its_own_place() -> None:
    places = found(
        "It burned in Xorah, a slum in Nairobi.",
        "It burned in Xora, a suburb of Harare.",
        names={"Xorah": "LOC"},
    )

    assert [place.within for place in places if place.status == "approximate"] == ["Nairobi"]


def test_two_spellings_of_one_unknown_name() -> None:
    places = found(
        "He lives in the village of Xyzmiya.",
        "It burned in the Xyzmiyah district of Baghdad.",
        names={"Xyzmiyah": "LOC"},
    )

    assert [place.within for place in places] == ["Baghdad", "Baghdad", None]


def test_an_area_is_no_short_form_of_a_city_in_it() -> None:
    (place,) = found("It rained on Long Island.", names={"Long Island": "LOC"})

    assert (place.kind, place.name) == ("region", "Long Island")


def test_a_longer_village_overlaps_with_nothing_else() -> None:
    both = found("They left Ceamurlia de Jos.", names={"Ceamurlia": "LOC", "Jos": "LOC"})
    (village,) = found("They left the village of Ceamurlia de Jos.", names={"Jos": "LOC"})

    assert [place.text for place in both] == ["Ceamurlia", "Jos"]  # Jos is a city elsewhere
    assert village.text == "Ceamurlia de Jos"
