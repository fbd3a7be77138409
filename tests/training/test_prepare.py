"""Corpora of the described formats become documents; what is not annotated stays None."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING

import pytest

from training import documents
from training.labels import ENTITY_TAGS, INSIDE, OUTSIDE, TYPES, possible
from training.prepare import prepare

if TYPE_CHECKING:
    from pathlib import Path

TEXT = "Ms Ada Brook left.\n\n“I will return,” she said."
CONLLU = """# newdoc id = d
# sent_id = 1
# text = I don't know.
1\tI\tI\tPRON\tPRP\t_\t4\tnsubj\t_\t_
2-3\tdon't\t_\t_\t_\t_\t_\t_\t_\t_
2\tdo\tdo\tAUX\tVBP\t_\t4\taux\t_\t_
3\tn't\tnot\tPART\tRB\t_\t4\tadvmod\t_\t_
4\tknow\tknow\tVERB\tVB\t_\t0\troot\t_\tSpaceAfter=No
5\t.\t.\tPUNCT\t.\t_\t4\tpunct\t_\t_

# sent_id = 2
# newpar
1\tGo\tgo\tVERB\tVB\t_\t0\troot\t_\t_

"""


def put(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.write(text)


@pytest.fixture
def made(tmp_path: Path) -> dict[str, documents.Document]:
    data, out = tmp_path / "data", tmp_path / "out"
    entities = [
        {"start": 3, "end": 12, "label": "per"},
        {"start": 3, "end": 6, "label": "per"},
        {"start": 0, "end": 2, "label": "rank"},
    ]
    put(data / "ner/own/train.jsonl.gz", json.dumps({"id": "a", "text": TEXT, "entities": entities}))
    (data / "ner/labels.json").write_text(json.dumps({"own": {"per": "PERSON"}}))
    said = TEXT.index("said")
    report = {"source": [[said - 4, said - 1]], "cue": [[said, said + 4]], "content": [[20, 36]]}
    put(data / "quotes/own/train.jsonl.gz", json.dumps({"id": "b", "text": TEXT, "attributions": [report]}))
    put(data / "syntax/own/train.conllu.gz", CONLLU)
    row = {"id": "c", "text": TEXT, "target": [3, 12], "label": "negative"}
    put(data / "tone/own/train.jsonl.gz", json.dumps(row))
    corpora = ["ner/own", "quotes/own", "syntax/own", "tone/own"]
    assert set(prepare(data, out, corpora, "train").values()) == {1}
    assert prepare(data, out, corpora, "dev") == {}
    return {name: next(documents.read(out / f"{name.replace('/', '-')}.train.jsonl.gz")) for name in corpora}


def test_entities_keep_the_outermost_and_only_known_labels(made: dict[str, documents.Document]) -> None:
    document = made["ner/own"]
    assert document.entities == [(1, 3, "PERSON")]
    assert document.words[1:3] == ["Ada", "Brook"]
    assert document.attributions is document.syntax is document.tone is None
    assert document.gaps[0] == 4
    assert document.gaps[document.words.index("“")] == 4
    assert document.gaps[document.words.index("I")] == 1


def test_attributions_are_word_spans(made: dict[str, documents.Document]) -> None:
    document = made["quotes/own"]
    (report,) = document.attributions or []
    assert [document.words[a:b] for a, b in report.source] == [["she"]]
    assert [document.words[a:b] for a, b in report.cue] == [["said"]]
    assert document.words[slice(*report.content[0])] == ["“", "I", "will", "return", ",", "”"]
    assert document.entities is None


def test_syntax_has_heads_in_the_document_and_gaps_of_contractions(
    made: dict[str, documents.Document],
) -> None:
    document = made["syntax/own"]
    assert document.words == ["I", "do", "n't", "know", ".", "Go"]
    assert document.gaps == [4, 2, 1, 2, 1, 4]
    assert [word.head for word in document.syntax or ()] == [3, 3, 3, -1, 3, -1]
    assert document.sentence_starts == [0, 5]


def test_tone_marks_its_target(made: dict[str, documents.Document]) -> None:
    assert made["tone/own"].tone == [(1, 3, "negative")]


def test_a_missing_corpus_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        prepare(tmp_path, tmp_path / "out", ["ner/none"], "train")


def test_masks_name_only_labels_there_are() -> None:
    assert len(ENTITY_TAGS) == 1 + 4 * len(TYPES)
    for labels in (*OUTSIDE.values(), *INSIDE.values()):
        assert labels <= {"O", *TYPES}
    for (_, label), labels in INSIDE.items():
        assert label in labels


@pytest.mark.parametrize(
    ("words", "labels"),
    [
        ("World Cup", {"EVENT"}),
        ("First World War", {"EVENT"}),
        ("Indus Waters Treaty", {"LAW"}),
        ("Article 9", {"LAW"}),
        ("Article", {"MISC"}),
        ("Friday", {"DATE"}),
        ("Covid-19", {"MISC"}),
    ],
)
def test_wide_labels_are_read_by_their_words(words: str, labels: set[str]) -> None:
    assert possible("ner/en-worldwide-newswire", "MISC", words.split()) == labels
    assert possible("ner/en-worldwide-newswire", "ORG", words.split()) == {"ORG"}
