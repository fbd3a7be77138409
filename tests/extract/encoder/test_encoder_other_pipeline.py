"""Another spaCy pipeline named in the settings, in the place of the news model."""

from __future__ import annotations

import pytest
import spacy
from spacy.language import Language
from tiny_news_model import article

from tasks import extract, pipeline
from worker.errors import SettingsError
from worker.settings import load_settings

TEXT = "Anna Berg went to Oslo. It rained."


@Language.component("test_first_word_heads")
def first_word_heads(doc):
    """Hang every word of a sentence from its first word."""
    for sentence in list(doc.sents):
        for token in sentence:
            token.head = doc[sentence.start]
            token.dep_ = "ROOT" if token.i == sentence.start else "flat"
    return doc


@pytest.fixture
def other(tmp_path):
    """A pipeline in a folder, as somebody's own package would be."""
    nlp = spacy.blank("en")
    ruler = nlp.add_pipe("entity_ruler")
    ruler.add_patterns(
        [
            {"label": "GPE", "pattern": "Oslo"},
            {"label": "PERSON", "pattern": "Anna Berg"},
            {"label": "CARDINAL", "pattern": "It"},
            {"label": "VESSEL", "pattern": "rained"},
        ]
    )
    tagger = nlp.add_pipe("attribute_ruler")
    tagger.add(patterns=[[{"LOWER": "rained"}]], attrs={"TAG": "VBD", "POS": "VERB", "LEMMA": "rain"})
    nlp.to_disk(tmp_path / "other")
    return str(tmp_path / "other")


def with_trees(folder):
    nlp = spacy.load(folder)
    nlp.add_pipe("sentencizer")
    nlp.add_pipe("test_first_word_heads")
    nlp.meta["version"] = "2.0"
    nlp.to_disk(folder + "-trees")
    return folder + "-trees"


def built(**settings):
    components = ["copydesk.entities", "copydesk.syntax"]
    return extract.load(load_settings(extract_components=components, **settings))


def test_its_entities_are_taken_with_our_types(other):
    doc, part = pipeline.run(built(entities_pipeline=other, syntax_pipeline=other), article(TEXT))
    found = [(entity.text, entity.label_) for entity in doc.ents]
    assert found == [("Anna Berg", "PERSON"), ("Oslo", "LOC"), ("rained", "MISC")]
    assert [(span.text, span.label_) for span in doc.spans["entities"]] == found
    assert doc.spans["entities"].attrs["probability"] == [None, None, None]
    assert {component.model for component in part["components"]} == {"en_pipeline-0.0.0"}


def test_its_tags_are_taken(other):
    doc, _ = pipeline.run(built(entities_pipeline=other, syntax_pipeline=other), article(TEXT))
    assert [(t.tag_, t.pos_, t.lemma_) for t in doc if t.text == "rained"] == [("VBD", "VERB", "rain")]
    assert not doc.has_annotation("DEP")


def test_its_trees_are_taken(other):
    nlp = built(entities_pipeline=other, syntax_pipeline=with_trees(other))
    doc, _ = pipeline.run(nlp, article(TEXT))
    assert [sentence.text for sentence in doc.sents] == ["Anna Berg went to Oslo.", "It rained."]
    assert [(token.head.text, token.dep_) for token in doc][-3:] == [
        ("It", "ROOT"),
        ("It", "flat"),
        ("It", "flat"),
    ]


def test_its_version_is_part_of_the_fingerprint(other):
    def fingerprint(name):
        components = ["copydesk.entities", "copydesk.syntax"]
        return extract.fingerprint(
            load_settings(extract_components=components, entities_pipeline=other, syntax_pipeline=name)
        )

    assert fingerprint(other) != fingerprint(with_trees(other))


def test_one_that_is_not_there_stops_the_start():
    with pytest.raises(SettingsError, match=r"'no_such_pipeline' cannot be loaded: .*Install the package"):
        built(entities_pipeline="no_such_pipeline", syntax_pipeline="no_such_pipeline")
