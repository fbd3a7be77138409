# ruff: noqa: RUF001 - typographic marks as they stand in news
"""`copydesk.names`: types, roles, coreference, and what is no name."""

from __future__ import annotations

import time

import pytest
from extraction import annotate, check_offsets
from hypothesis import given, settings
from hypothesis import strategies as st

# (text, {name: type})
TYPES: list[tuple[str, dict[str, str]]] = [
    ("The talks in Oslo were held by Anna Bergqvist.", {"Oslo": "LOC", "Anna Bergqvist": "PERSON"}),
    ("Yesterday Mr. Tarquinio left.", {"Tarquinio": "PERSON"}),
    ("He works for the Harbour Council.", {"Harbour Council": "ORG"}),
    ("The Bank of Lithuania raised rates.", {"Bank of Lithuania": "ORG"}),
    ("They called the Ministry of Trade and Industry.", {"Ministry of Trade and Industry": "ORG"}),
    ("It was approved by the Food and Drug Administration.", {"Food and Drug Administration": "ORG"}),
    ("Ministers of NATO and the OSCE met.", {"NATO": "ORG", "OSCE": "ORG"}),
    ("The Russian Foreign Ministry denied it.", {"Russian Foreign Ministry": "ORG"}),
    ("The Minsk agreements were signed.", {"Minsk agreements": "LAW"}),
    ("They signed the Helsinki Treaty.", {"Helsinki Treaty": "LAW"}),
    ("French and Polish farmers met.", {"French": "NORP", "Polish": "NORP"}),
    ("Western countries agreed.", {"Western": "NORP"}),
    ("The Donetsk region was calm.", {"Donetsk": "LOC"}),
    ("Near Mount Kasbek it snowed.", {"Mount Kasbek": "LOC"}),
    # organisations: by their head, by the noun beside them, by what they do
    ("The vote of the Tram Drivers’ Union was lost.", {"Tram Drivers’ Union": "ORG"}),
    ("It was read by the Women's Housing Council.", {"Women's Housing Council": "ORG"}),
    ("Talks with Orvana Seaways failed.", {"Orvana Seaways": "ORG"}),
    ("She told Radio Tarma so.", {"Radio Tarma": "ORG"}),
    ("The Museum of Old Toys was shut.", {"Museum of Old Toys": "ORG"}),
    ("He won it with Deportivo Arriaga.", {"Deportivo Arriaga": "ORG"}),
    ("Shares of the insurer Velmora fell. Velmora was sold.", {"Velmora": "ORG"}),
    ("She spoke to the magazine Grüne Woge.", {"Grüne Woge": "ORG"}),
    ("Orvana Velt, a Danish company that makes pumps, was sold.", {"Orvana Velt": "ORG", "Danish": "NORP"}),
    ("The dock’s operator, Orvana Velt, said it regretted the delay.", {"Orvana Velt": "ORG"}),
    ("Shares in Orvana Velt fell.", {"Orvana Velt": "ORG"}),
    ("Orvana Seaways was sold. Orvana rose.", {"Orvana Seaways": "ORG"}),
    # and people beside such nouns
    ("A spokeswoman for the company, Ilka Vosberg, left.", {"Ilka Vosberg": "PERSON"}),
    ("Ilka Vosberg, a company director, left.", {"Ilka Vosberg": "PERSON"}),
    ("Ilka Vosberg, Finland’s housing minister, left.", {"Ilka Vosberg": "PERSON", "Finland": "LOC"}),
    ("The Minister of Energy of Latvia Ilka Vosberg left.", {"Latvia": "LOC", "Ilka Vosberg": "PERSON"}),
    ("Near Monte Serrano it snowed.", {"Monte Serrano": "LOC"}),
    ("Flemish farmers met.", {"Flemish": "NORP"}),
    # surnames that are also something else
    ("Mayor Ilka Porto came. Porto said no.", {"Ilka Porto": "PERSON"}),
    ("Mayor Ilka Porto came. She lives in Porto.", {"Ilka Porto": "PERSON", "Porto": "LOC"}),
    ("Theresa May came. May said no. It snowed in May.", {"Theresa May": "PERSON"}),
    # what is no name
    ("However, the talks failed. Nobody knew.", {}),
    ("I think I am late.", {}),
    ("On Monday, December 6, it rained.", {}),
    ("The GDP fell, said TV.", {}),
    ("Talks went on. Later they failed.", {}),
]

ROLES: list[tuple[str, str, str, str | None, str | None, str]] = [
    # text, name, title, country, organization, status
    (
        "US Secretary of State Anthony Blinken spoke.",
        "Anthony Blinken",
        "US Secretary of State",
        "US",
        None,
        "current",
    ),
    (
        "Former French President Paul Marchand spoke.",
        "Paul Marchand",
        "French President",
        "FR",
        None,
        "former",
    ),
    ("Acting Prime Minister Olga Lind spoke.", "Olga Lind", "Prime Minister", None, None, "acting"),
    (
        "Anna Berg, the Swedish foreign minister, left.",
        "Anna Berg",
        "Swedish foreign minister",
        "SE",
        None,
        "current",
    ),
    (
        "Paul Marchand, director of the Harbour Council, left.",
        "Paul Marchand",
        "director",
        None,
        "Harbour Council",
        "current",
    ),
    ("The president of Ukraine, Oleh Taran, left.", "Oleh Taran", "president", "UA", None, "current"),
    ("President of Ukraine Oleh Taran left.", "Oleh Taran", "President", "UA", None, "current"),
    (
        "NATO Secretary General Erik Holm left.",
        "Erik Holm",
        "NATO Secretary General",
        None,
        "NATO",
        "current",
    ),
    ("Poland's defense minister Jan Nowak left.", "Jan Nowak", "defense minister", "PL", None, "current"),
    ("Deputy Prime Minister Olga Lind spoke.", "Olga Lind", "Deputy Prime Minister", None, None, "deputy"),
    ("Deputy governor Olga Lind spoke.", "Olga Lind", "Deputy governor", None, None, "deputy"),
    # nouns pile up before the head where a boundary shows the whole pile
    ("Traffic safety chief Olga Lind left.", "Olga Lind", "Traffic safety chief", None, None, "current"),
    (
        "On Monday, lake rescue spokesman Jan Roth left.",
        "Jan Roth",
        "lake rescue spokesman",
        None,
        None,
        "current",
    ),
    (
        "Jan Roth, a retired ski jump trainer, left.",
        "Jan Roth",
        "retired ski jump trainer",
        None,
        None,
        "current",
    ),
    ("Jan Roth, the club’s ruling director, left.", "Jan Roth", "ruling director", None, None, "current"),
    # occupations by their ending, ranks
    ("Volcanologist Olga Lind left.", "Olga Lind", "Volcanologist", None, None, "current"),
    ("Commodore Jan Roth left.", "Jan Roth", "Commodore", None, None, "current"),
    # one person, two offices
    (
        "“We win,” said founder and managing director Olga Lind.",
        "Olga Lind",
        "founder and managing director",
        None,
        None,
        "current",
    ),
    # before and behind the name, with whose office it is
    ("The crew’s skipper, Olga Lind, left.", "Olga Lind", "skipper", None, None, "current"),
    ("Its treasurer, Olga Lind, left.", "Olga Lind", "treasurer", None, None, "current"),
    ("Olga Lind, 44, the yard’s chief designer, left.", "Olga Lind", "chief designer", None, None, "current"),
    (
        "Latvia’s deputy fisheries minister, Jan Roth, left.",
        "Jan Roth",
        "deputy fisheries minister",
        "LV",
        None,
        "deputy",
    ),
    (
        "The Minister of Justice of Latvia Olga Lind left.",
        "Olga Lind",
        "Minister of Justice",
        "LV",
        None,
        "current",
    ),
    ("The bishop of Upper Lindau, Jan Roth, left.", "Jan Roth", "bishop", None, None, "current"),
    (
        "Jan Roth, the head of the search mission, left.",
        "Jan Roth",
        "head of the search mission",
        None,
        None,
        "current",
    ),
    ("A spokeswoman for the port, Olga Lind, left.", "Olga Lind", "spokeswoman", None, None, "current"),
    # he is
    (
        "Jan Roth spoke. He is Latvia’s transport minister.",
        "Jan Roth",
        "transport minister",
        "LV",
        None,
        "current",
    ),
]

# (text, name, [(mention, kind)])
MENTIONS: list[tuple[str, str, list[tuple[str, str]]]] = [
    (
        "Anna Berg spoke. Berg left early.",
        "Anna Berg",
        [("Anna Berg", "name"), ("Berg", "name")],
    ),
    (
        "Anthony Keller spoke. Antony Keller left.",
        "Anthony Keller",
        [("Anthony Keller", "name"), ("Antony Keller", "name")],
    ),
    (
        "Swedish Foreign Minister Anna Berg met Paul Roth. The Swedish minister left.",
        "Paul Roth",
        [("Paul Roth", "name")],
    ),
    (
        "US Secretary of State Anna Berg met Paul Roth. The Secretary of State left.",
        "Anna Berg",
        [("Anna Berg", "name"), ("The Secretary of State", "role")],
    ),
    ("Paul Roth spoke. He left.", "Paul Roth", [("Paul Roth", "name"), ("He", "pronoun")]),
    (
        "Anna Berg met Paul Roth. She left.",
        "Anna Berg",
        [("Anna Berg", "name"), ("She", "pronoun")],
    ),
    # two men, and neither opens the sentence: nobody is guessed
    ("Later on in the town of Kalmar Jan Berg met Paul Roth. He left.", "Paul Roth", [("Paul Roth", "name")]),
    ("Paul Roth said that he was ill.", "Paul Roth", [("Paul Roth", "name"), ("he", "pronoun")]),
    (
        "Ilka “the Fox” Berg came. Berg left.",
        "Ilka Berg",
        [("Ilka “the Fox” Berg", "name"), ("Berg", "name")],
    ),
    (
        "Anna van Dalen spoke. At noon van Dalen left.",
        "Anna van Dalen",
        [("Anna van Dalen", "name"), ("van Dalen", "name")],
    ),
    (
        "Anna Berg met Paul Roth. It rained at the Berg-Roth talks.",
        "Paul Roth",
        [("Paul Roth", "name"), ("Roth", "name")],
    ),
    (
        "Minister of Trade Anna Berg met Paul Roth. The Minister left.",
        "Anna Berg",
        [("Anna Berg", "name"), ("The Minister", "role")],
    ),
    # spellings: other romanisations, neighbouring languages, short forms
    (
        "Alexei Velt spoke. Oleksiy Velt left.",
        "Alexei Velt",
        [("Alexei Velt", "name"), ("Oleksiy Velt", "name")],
    ),
    (
        "Volodymyr Tarasenskyy came. Tarasensky spoke. Vladimir Tarasenskiy left.",
        "Volodymyr Tarasenskyy",
        [
            ("Volodymyr Tarasenskyy", "name"),
            ("Tarasensky", "name"),
            ("Vladimir Tarasenskiy", "name"),
        ],
    ),
    (
        "Yulia Timoshkina came. Julia Tymoshkina left.",
        "Yulia Timoshkina",
        [("Yulia Timoshkina", "name"), ("Julia Tymoshkina", "name")],
    ),
    ("William Roth came. Bill Roth left.", "William Roth", [("William Roth", "name"), ("Bill Roth", "name")]),
    ("Paul Roth came. Jan Roth left.", "Paul Roth", [("Paul Roth", "name")]),
    (
        "Abdullah al-Harith spoke. At noon Harith left.",
        "Abdullah al-Harith",
        [("Abdullah al-Harith", "name"), ("Harith", "name")],
    ),
    # a given name that is also a prize; an honorific before a nickname
    ("Oscar P. Velt came. Velt left.", "Oscar P. Velt", [("Oscar P. Velt", "name"), ("Velt", "name")]),
    ("Rep. Ilka “Fox” Berg came.", "Ilka Berg", [("Ilka “Fox” Berg", "name")]),
    # a name inside a quote is not who speaks outside
    (
        "Lawmaker Ilka Vosberg was angry. “The old Mary Roth was very wrong,” she said.",
        "Ilka Vosberg",
        [("Ilka Vosberg", "name"), ("she", "pronoun")],
    ),
    ("John Roth met Mary Roth. Mr Roth left.", "John Roth", [("John Roth", "name"), ("Roth", "name")]),
]


@pytest.mark.parametrize(("text", "expected"), TYPES)
def test_types(text: str, expected: dict[str, str]) -> None:
    doc = annotate(text)
    check_offsets(doc)
    assert {entity.name: entity.type for entity in doc._.entities} == expected


@pytest.mark.parametrize(("text", "name", "title", "country", "organization", "status"), ROLES)
def test_roles(
    text: str, *, name: str, title: str, country: str | None, organization: str | None, status: str
) -> None:
    doc = annotate(text)
    check_offsets(doc)
    person = next(entity for entity in doc._.entities if entity.name == name)
    assert person.type == "PERSON"
    assert [(r.title, r.country, r.organization, r.status) for r in person.roles] == [
        (title, country, organization, status)
    ]
    assert person.country == country


@pytest.mark.parametrize(("text", "name", "mentions"), MENTIONS)
def test_mentions(text: str, name: str, mentions: list[tuple[str, str]]) -> None:
    doc = annotate(text)
    person = next(entity for entity in doc._.entities if entity.name == name)
    assert [(mention.text, mention.kind) for mention in person.mentions] == mentions


def test_country_of_a_demonym_and_of_a_place() -> None:
    entities = {
        entity.name: entity.country for entity in annotate("Polish farmers came to the US.")._.entities
    }
    assert entities == {"Polish": "PL", "US": "US"}


def test_acronym_and_full_name_are_one_entity() -> None:
    doc = annotate("The Baltic Harbour Council (BHC) met. The BHC voted.")
    council = next(entity for entity in doc._.entities if entity.name == "Baltic Harbour Council")
    assert [mention.text for mention in council.mentions] == ["Baltic Harbour Council", "BHC", "BHC"]
    assert council.aliases == ["BHC"]


ORGANIZATIONS: list[tuple[str, str, list[str]]] = [
    (
        "The US State Department met. The State Department voted. The department left.",
        "US State Department",
        ["US State Department", "State Department", "The department"],
    ),
    (
        "The Organization for Security and Co-operation in Europe met. The OSCE voted.",
        "Organization for Security and Co-operation in Europe",
        ["Organization for Security and Co-operation in Europe", "OSCE"],
    ),
    (
        "The OSCE voted. The Organization for Security and Co-operation in Europe met.",
        "OSCE",
        ["OSCE", "Organization for Security and Co-operation in Europe"],
    ),
    (
        "The Ministry of Fishing met. The ministry voted. The MoF left.",
        "Ministry of Fishing",
        ["Ministry of Fishing", "The ministry", "MoF"],
    ),
    ("The EU met. The bloc voted.", "EU", ["EU", "The bloc"]),
    # two of one kind: the plain name and the noun may mean either
    (
        "The Polish Fishing Council met the Danish Fishing Council. The Fishing Council left.",
        "Polish Fishing Council",
        ["Polish Fishing Council"],
    ),
]


@pytest.mark.parametrize(("text", "name", "mentions"), ORGANIZATIONS)
def test_organizations_by_other_names(text: str, name: str, mentions: list[str]) -> None:
    doc = annotate(text)
    check_offsets(doc)
    found = next(entity for entity in doc._.entities if entity.name == name)
    assert [mention.text for mention in found.mentions] == mentions


def test_names_in_a_heading_in_title_case_need_support() -> None:
    text = "Farmers Block Roads As Anna Berg Leaves\n\nFarmers blocked roads. Anna Berg left."
    names = [entity.name for entity in annotate(text, headings=[0])._.entities]
    assert names == ["Anna Berg"]


def test_salience_adds_up_and_the_lead_counts_more() -> None:
    entities = annotate("Anna Berg spoke.\n\nPaul Roth left.")._.entities
    assert entities[0].salience > entities[1].salience
    assert sum(entity.salience for entity in entities) == pytest.approx(1.0, abs=0.001)


PIECES = st.sampled_from(
    [
        "Anna",
        "Berg",
        "the",
        "US",
        "President",
        "of",
        "Ukraine",
        "and",
        "Council",
        "said",
        "he",
        "Mr.",
        ".",
        ",",
        " ",
        " ",
        "\n\n",
        "“",
        "”",
        "’s",
        "de",
        "NATO",
        "agreements",
        "-",
        "(",
        ")",
        "é",
        "\u0301",
    ]
)


@settings(max_examples=200, deadline=None)
@given(st.lists(PIECES, max_size=60))
def test_random_mixes_keep_offsets(pieces: list[str]) -> None:
    doc = annotate("".join(pieces))
    check_offsets(doc)
    ids = [entity.id for entity in doc._.entities]
    assert ids == [f"e{number}" for number in range(1, len(ids) + 1)]
    assert all(entity.mentions for entity in doc._.entities)


def test_the_same_text_gives_the_same_entities() -> None:
    text = "Anna Berg met Paul Roth in Oslo. NATO and the OSCE agreed with Berg."
    assert annotate(text)._.entities == annotate(text)._.entities


@pytest.mark.parametrize(
    "piece", ["Anna Berg said. ", "Anna Berg ", "the president of Ukraine and ", "Anna he "]
)
def test_time_is_linear(piece: str) -> None:
    def seconds(size: int) -> float:
        text = piece * (size // len(piece))
        started = time.perf_counter()
        annotate(text)
        return time.perf_counter() - started

    assert seconds(200_000) < 20 * 10 * max(seconds(20_000), 0.002)
