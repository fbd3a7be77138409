"""`copydesk.names` where a model has read the article too: rules and model put to one vote."""

from __future__ import annotations

import functools
import time
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from extraction import article, check_offsets
from spacy.attrs import DEP, HEAD

from tasks import pipeline
from tasks.extract.encoder.span_groups import set_spans
from tasks.extract.lexer import words_of
from tasks.extract.name.component import NamesComponent
from tasks.extract.name.learned import Learned, learned_of
from tasks.extract.name.votes import share_of
from worker.config_dir import load_toml

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc, Span

    from worker.record import Entity

BEFORE = ("copydesk.quote_marks", "copydesk.sentences", "copydesk.timexes")

Said = dict[str, tuple[str, float | None]]
"""Name -> type and probability by the model, at its first place in the text; `name#1`: at its second."""


@functools.cache
def language() -> Language:
    return pipeline.build(BEFORE)


def spans_of(doc: Doc, said: Said) -> list[Span]:
    found = []
    for key, (kind, _) in said.items():
        name, _, number = key.partition("#")
        at = -1
        for _ in range(int(number or 0) + 1):
            at = doc.text.index(name, at + 1)
        span = doc.char_span(at, at + len(name), label=kind)
        assert span is not None, f"{name!r} is not on the borders of tokens"
        found.append(span)
    return found


def read(text: str, said: Said) -> Doc:
    doc, _ = pipeline.run(language(), article(text))
    spans = spans_of(doc, said)
    by_place = sorted(
        zip(spans, (share for _, share in said.values()), strict=True), key=lambda s: s[0].start
    )
    set_spans(doc, "entities", [span for span, _ in by_place], probability=[share for _, share in by_place])
    return doc


def vote(text: str, said: Said) -> list[Entity]:
    doc = NamesComponent()(read(text, said))
    doc._.quotes = []
    check_offsets(doc)
    entities: list[Entity] = doc._.entities
    return entities


def named(entities: list[Entity]) -> list[tuple[str, str]]:
    """Return (text, type) of every mention by name, in order."""
    found = [(m.start, m.text, e.type) for e in entities for m in e.mentions if m.kind == "name"]
    return [(text, kind) for _, text, kind in sorted(found)]


# (text, what the model says, names that stay)
CASES: list[tuple[str, Said, list[tuple[str, str]]]] = [
    # the model knows names that no rule does
    ("It was sold to orvana velt last year.", {"orvana velt": ("ORG", 0.9)}, []),  # but not without a capital
    ("We met Qashti Lomo Brek there.", {"Qashti Lomo Brek": ("ORG", 0.9)}, [("Qashti Lomo Brek", "ORG")]),
    ("They like Tuvali there.", {"Tuvali": ("NORP", 0.9)}, [("Tuvali", "NORP")]),
    # it is not sure enough, and no rule speaks for it
    ("They like Tuvali there.", {"Tuvali": ("NORP", 0.4)}, []),
    # it says nothing of what a rule is surer of
    ("We met in Norway.", {}, [("Norway", "LOC")]),
    ("Yesterday Mr. Tarquinio left.", {}, [("Tarquinio", "PERSON")]),
    ("Mayor Ilka Vosberg left.", {}, [("Ilka Vosberg", "PERSON")]),
    # a common noun inside speaks against the model's bounds
    (
        "It went to the Danish line Orvana Shipping.",
        {"Danish line Orvana Shipping": ("ORG", 0.5)},
        [("Danish", "NORP"), ("Orvana Shipping", "ORG")],
    ),
    # what only a vessel does
    (
        "The Orvana Velt, on its way to Oslo, sank.",
        {"Orvana Velt": ("LOC", 0.8)},
        [("Orvana Velt", "MISC"), ("Oslo", "LOC")],
    ),
    # and the rule knows the type better
    ("We met in Norway.", {"Norway": ("PERSON", 0.9)}, [("Norway", "LOC")]),
    ("The Polish farmers met.", {"Polish": ("LOC", 0.9)}, [("Polish", "NORP")]),
    # the rule only guesses: the model knows better
    ("They met Lomo Brek there.", {"Lomo Brek": ("LOC", 0.9)}, [("Lomo Brek", "LOC")]),
    # a guess that the model does not share goes
    ("They went over the Tuvali Bright there.", {}, []),
    # bounds
    ("Mr. Tarquinio left.", {"Mr. Tarquinio": ("PERSON", 0.9)}, [("Tarquinio", "PERSON")]),
    ("We saw the Orvana Hall.", {"the Orvana Hall": ("FAC", 0.9)}, [("Orvana Hall", "FAC")]),
    ("We saw Orvana's bus.", {"Orvana's": ("ORG", 0.9)}, [("Orvana", "ORG")]),
    ("An Orvana-based firm left.", {"Orvana": ("LOC", 0.9)}, [("Orvana", "LOC")]),
    ("Berg left. Roth left. The Berg-Roth talks failed.",
     {"Berg-Roth": ("PERSON", 0.9), "Berg": ("PERSON", 0.9), "Roth": ("PERSON", 0.9)},
     [("Berg", "PERSON"), ("Roth", "PERSON"), ("Berg", "PERSON"), ("Roth", "PERSON")]),
    ("The Union of Lomo Bakers met.", {"Union of Lomo": ("ORG", 0.7)}, [("Union of Lomo Bakers", "ORG")]),
    ("The Minsk agreements hold.", {"Minsk": ("LOC", 0.95)}, [("Minsk agreements", "LAW")]),
    ("Anna “the Fox” Berg left.", {"Anna": ("PERSON", 0.9), "Berg": ("PERSON", 0.9)},
     [("Anna “the Fox” Berg", "PERSON")]),
    # no names
    ("It cost US$ 300 in all.", {}, []),
    ("It cost QR39,750 in all.", {"QR39,750": ("MONEY", 0.9)}, []),
    ("It was on Monday, December 6.", {"December": ("PERSON", 0.9)}, []),
    ("The Secretary of State left.", {"State": ("LOC", 0.9)}, []),
    ("Wolves were seen. The wolves are shy.", {"Wolves": ("PERSON", 0.9)}, []),
    # but a nationality is one, in a sum of money as well
    ("It cost 3 Swiss francs.", {"3 Swiss francs": ("MONEY", 0.9)}, [("Swiss", "NORP")]),
    # words beside a name
    ("The ferry Lomo Tarn sank.", {"Lomo Tarn": ("PERSON", 0.9)}, [("Lomo Tarn", "PRODUCT")]),
    ("The Lomo Tarn sank.", {"Lomo Tarn": ("PERSON", 0.9)}, [("Lomo Tarn", "MISC")]),
    # our types inside the model's widest
    ("The Helsinki Treaty holds.", {"Helsinki Treaty": ("MISC", 0.9)}, [("Helsinki Treaty", "LAW")]),
    # the rest of the article: repeats, surnames, initials, one type
    ("We met Qashti Lomo. Later Lomo left.", {"Qashti Lomo": ("PERSON", 0.97)},
     [("Qashti Lomo", "PERSON"), ("Lomo", "PERSON")]),
    ("The Tuvali Bakers Guild (TBG) met. It was the TBG who left.", {"Tuvali Bakers Guild": ("ORG", 0.9)},
     [("Tuvali Bakers Guild", "ORG"), ("TBG", "ORG"), ("TBG", "ORG")]),
    ("The Bank of Tuvali (BoT) met. They like BoT.", {},
     [("Bank of Tuvali", "ORG"), ("BoT", "ORG"), ("BoT", "ORG")]),
    ("Tuvali won. It was Tuvali again. All like Tuvali now.",
     {"Tuvali": ("ORG", 0.9), "Tuvali#1": ("ORG", 0.9), "Tuvali#2": ("ORG", 0.9)},
     [("Tuvali", "ORG")] * 3),
]  # fmt: skip


@pytest.mark.parametrize(("text", "said", "expected"), CASES)
def test_names(text: str, said: Said, expected: list[tuple[str, str]]) -> None:
    assert named(vote(text, said)) == expected


def test_an_entity_says_who_found_it() -> None:
    entities = vote("Qashti met Norway's envoy in Oslo.", {"Qashti": ("PERSON", 0.9), "Norway": ("LOC", 0.9)})
    assert [(e.name, e.rule) for e in entities] == [
        ("Qashti", "news_model"),
        ("Norway", "country+news_model"),
        ("Oslo", "capital"),
    ]
    assert entities[1].confidence > entities[2].confidence > 0.5
    assert all(mention.rule == entity.rule for entity in entities for mention in entity.mentions)


def test_initials_are_an_alias() -> None:
    (guild,) = vote("The Tuvali Bakers Guild (TBG) met.", {"Tuvali Bakers Guild": ("ORG", 0.9)})
    assert guild.aliases == ["TBG"]
    assert guild.mentions[1].rule == "initials_in_brackets"


def test_a_person_of_the_model_has_office_and_gender() -> None:
    text = "Finance minister Qashti Brek left. He did not say why."
    (person,) = vote(text, {"Qashti Brek": ("PERSON", 0.95)})
    assert [role.title for role in person.roles] == ["Finance minister"]
    assert [mention.text for mention in person.mentions] == ["Qashti Brek", "He"]


def test_a_model_without_probabilities_has_a_vote() -> None:
    text = "We met Qashti Lomo Brek in Norway."
    assert named(vote(text, {"Qashti Lomo Brek": ("PERSON", None)})) == [
        ("Qashti Lomo Brek", "PERSON"),
        ("Norway", "LOC"),
    ]


def test_without_a_model_the_rules_decide() -> None:
    doc, _ = pipeline.run(language(), article("We met in Norway."))
    assert learned_of(doc, words_of(doc)) is None
    (entity,) = NamesComponent()(doc)._.entities
    assert (entity.rule, entity.confidence) == ("country", 0.9)


# (text, word -> its head and relation, title)
TREES: list[tuple[str, dict[str, tuple[str, str]], list[str]]] = [
    (
        "Ilka Vosberg, who has lived in the town for long, director of the mill, left.",
        {"Vosberg": ("left", "nsubj"), "director": ("Vosberg", "appos")},
        ["director of the mill"],
    ),
    (
        "The director since the spring of last year, Ilka Vosberg, left.",
        {"director": ("left", "nsubj"), "Vosberg": ("director", "appos")},
        ["director"],
    ),
    (
        "Ilka Vosberg, they say, was for long the director.",
        {"Vosberg": ("director", "nsubj"), "was": ("director", "cop")},
        ["director"],
    ),
    (
        "Ilka Vosberg, they say, saw the director.",
        {"Vosberg": ("saw", "nsubj"), "director": ("saw", "obj")},
        [],
    ),
]


@pytest.mark.parametrize(("text", "tree", "titles"), TREES)
def test_offices_by_the_tree_of_the_sentence(
    text: str, tree: dict[str, tuple[str, str]], titles: list[str]
) -> None:
    doc = read(text, {"Ilka Vosberg": ("PERSON", 0.9)})
    at = {token.text: token.i for token in doc}
    root = next(at[head] for head, _ in tree.values() if head not in tree)
    heads = [root] * len(doc)
    labels = ["dep"] * len(doc)
    labels[root] = "root"
    heads[at["Ilka"]], labels[at["Ilka"]] = at["Vosberg"], "flat"
    for word, (head, label) in tree.items():
        heads[at[word]], labels[at[word]] = at[head], label
    rows = [
        [head - i, doc.vocab.strings.add(label)]
        for i, (head, label) in enumerate(zip(heads, labels, strict=True))
    ]
    array: Any = np.array(rows, dtype=np.int64).astype(np.uint64)
    doc.from_array([HEAD, DEP], array)
    (person,) = NamesComponent()(doc)._.entities
    assert [role.title for role in person.roles] == titles
    assert all(role.rule.endswith("_by_syntax") for role in person.roles)


TAGS = ("O", "B-PERSON", "I-PERSON", "L-PERSON", "U-PERSON", "U-ORG", "U-LOC", "U-LAW", "U-MISC", "U-DATE")


def scored(doc: Doc, rows: list[dict[str, float]]) -> Learned:
    """Return what is read out of these probabilities, one row a word; the rest is `O`."""
    table = np.zeros((len(rows), len(TAGS)), dtype=np.float32)
    for number, row in enumerate(rows):
        table[number, 0] = 1 - sum(row.values())
        for tag, share in row.items():
            table[number, TAGS.index(tag)] = share
    doc._.encoded = SimpleNamespace(
        scored={"entities": table},
        tokens=np.arange(len(rows)),
        probabilities={"entities": table}.__getitem__,
        model=SimpleNamespace(labels={"entities": list(TAGS)}),
    )
    return Learned(doc, words_of(doc))


def test_the_model_answers_for_any_span() -> None:
    doc = read("Qashti Brek met Tuvali", {})
    one = {"B-PERSON": 0.9, "U-PERSON": 0.05}
    two = {"L-PERSON": 0.6, "U-PERSON": 0.3}
    three = {"U-LAW": 0.3, "U-MISC": 0.2, "U-ORG": 0.25, "U-DATE": 0.1}
    learned = scored(doc, [one, two, {}, three])
    assert learned.span(0, 11) == pytest.approx(0.6)  # of the least certain word
    assert learned.span(0, 6) == pytest.approx(0.05)
    assert learned.span(16, 22) == pytest.approx(0.75)  # a date is no name
    assert learned.span(12, 15) == 0
    types = learned.types(16, 22)
    assert types["MISC"] / types["ORG"] == pytest.approx(2)  # LAW is a kind of MISC
    assert sum(types.values()) == pytest.approx(1)
    assert max(learned.types(0, 11), key=learned.types(0, 11).__getitem__) == "PERSON"


@pytest.mark.parametrize(("row", "kind"), [
    ({"U-PERSON": 0.3, "U-ORG": 0.28, "U-LOC": 0.27, "U-MISC": 0.1}, "MISC"),
    ({"U-PERSON": 0.7, "U-ORG": 0.1, "U-LOC": 0.1, "U-MISC": 0.05}, "PERSON"),
])  # fmt: skip
def test_a_type_that_is_not_likely_enough_is_not_told(row: dict[str, float], kind: str) -> None:
    doc = read("They like Tuvali", {"Tuvali": ("PERSON", 0.9)})
    scored(doc, [{}, {}, row])
    assert [entity.type for entity in NamesComponent()(doc)._.entities] == [kind]


def test_shares_are_of_rules_and_types() -> None:
    table = load_toml("extract/name_votes.toml")["rules"]
    assert all(0 < entry["span"] < 1 and 0 < entry["type"] < 1 for entry in table.values())
    assert share_of("head_word:Bank", "ORG") == share_of("head_word:Council", "ORG")
    assert share_of("head_word:Bank", "ORG") != share_of("head_word:Hill", "LOC")
    assert share_of("no such rule", "ORG") == share_of("other", "ORG")


def test_the_time_is_in_proportion() -> None:
    paragraph = "We met Qashti Lomo of the Tuvali Bakers Guild (TBG) in Norway. Lomo told the TBG so.\n\n"

    def seconds(size: int) -> float:
        doc, _ = pipeline.run(language(), article(paragraph * size))
        names = {"Qashti Lomo": "PERSON", "Tuvali Bakers Guild": "ORG"}
        places = {name: range(paragraph.index(name), len(doc.text), len(paragraph)) for name in names}
        spans = [
            doc.char_span(at, at + len(name), label=names[name])
            for at, name in sorted((at, name) for name, starts in places.items() for at in starts)
        ]
        set_spans(doc, "entities", list(filter(None, spans)), probability=[0.9] * len(spans))
        words_of(doc)
        begin = time.perf_counter()
        NamesComponent()(doc)
        return time.perf_counter() - begin

    seconds(10)
    assert seconds(600) < 30 * seconds(60) + 0.5
