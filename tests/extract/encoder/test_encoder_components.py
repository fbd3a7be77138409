"""The components over a model of a few words: offsets, sentences, trees, entities, links, coverage."""

from __future__ import annotations

import functools
import tempfile
from pathlib import Path

import numpy as np
import pytest
from spacy.tokens import Doc
from tiny_news_model import article, write_tiny_model

from tasks import extract, pipeline
from tasks.extract.encoder.doc_words import doc_words
from tasks.extract.encoder.span_groups import attributions_of
from tasks.extract.encoder.syntax import tree_of
from tasks.extract.encoder.trees import ROOT
from worker.errors import ModelError, SettingsError
from worker.settings import load_settings

NAMES = ("copydesk.encoder", "copydesk.syntax", "copydesk.entities", "copydesk.attribution")


@functools.cache
def tiny() -> Path:
    return write_tiny_model(Path(tempfile.mkdtemp()) / "tiny")


@functools.cache
def language(names=NAMES, max_pieces=100_000):
    configs = {name: {"folder": str(tiny())} for name in NAMES}
    configs["copydesk.encoder"]["max_pieces"] = max_pieces
    return pipeline.build(names, configs=configs)


def annotate(text, **options):
    return pipeline.run(language(**options), article(text))


ANNA = "Anna Berg said that it rained ."


def test_the_words_of_a_doc():
    doc = language().make_doc(" Anna  Berg's\nhat.\n\n \nShe")
    words = doc_words(doc)
    assert words.texts == ["Anna", "Berg", "'s", "hat", ".", "She"]
    assert words.gaps == [4, 2, 1, 3, 1, 4]
    assert [doc[token].text for token in words.tokens] == words.texts


# ------------------------------------------------------------------------------------------------ syntax


def test_tags_lemmas_and_tree():
    doc, _ = annotate(ANNA)
    assert [(t.text, t.tag_, t.pos_, t.lemma_, t.dep_, t.head.text) for t in doc] == [
        ("Anna", "NNP", "PROPN", "Anna", "obj", "said"),
        ("Berg", "NNP", "PROPN", "Berg", "obj", "said"),
        ("said", "VBD", "VERB", "say", "root", "said"),
        ("that", "NN", "NOUN", "that", "obj", "said"),
        ("it", "NN", "NOUN", "it", "nsubj", "said"),
        ("rained", "VBD", "VERB", "rained", "obj", "said"),
        (".", ".", "PUNCT", ".", "punct", "said"),
    ]
    assert doc[2].morph.get("Tense") == ["Past"]


def test_white_space_hangs_from_the_word_before_it():
    doc, _ = annotate(" \nAnna  said\n\n\nThen it rained \n")
    spaces = {token.i: token for token in doc if token.is_space}
    assert {i: (token.tag_, token.pos_, token.dep_) for i, token in spaces.items()} == dict.fromkeys(
        spaces, ("_SP", "SPACE", "dep")
    )
    assert [token.head.text for token in spaces.values()] == ["Anna", "Anna", "said", "rained"]
    assert [sentence.text for sentence in doc.sents] == [" \nAnna  said\n\n\n", "Then it rained \n"]


def test_sentences_start_where_the_model_and_blank_lines_say():
    doc, _ = annotate("it rained . then it rained .\n\nShe said . She said .")
    assert [sentence.text.strip() for sentence in doc.sents] == [
        "it rained .",
        "then it rained .",
        "She said . She said .",
    ]
    assert doc._.encoded.sentence_starts().round(3).tolist()[:5] == [0, 0, 0, 1, 0]


def test_sentence_starts_that_are_set_stay():
    names = ("copydesk.encoder", "copydesk.quote_marks", "copydesk.sentences", "copydesk.syntax")
    text = "She said then it rained. She said then it rained.\n\nThen she said."
    doc, _ = annotate(text, names=names)
    sentences = [sentence.text.strip() for sentence in doc.sents]
    assert sentences == ["She said then it rained.", "She said then it rained.", "Then she said."]
    assert [sentence.root.text for sentence in doc.sents] == ["said", "said", "said"]


LONG = " ".join(["it", "rained", "then"] * 300)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\n\n \n",
        "x",
        "Anna",
        ANNA,
        "\n" + ANNA + "\n\n\n",
        "said " * 500,
        "Oslo " * 500,
        LONG,
        "( " * 700,
    ],
)
@pytest.mark.parametrize("max_pieces", [10, 100_000])
def test_every_sentence_is_a_tree_whatever_the_text(text, max_pieces):
    doc, _ = annotate(text, max_pieces=max_pieces)
    assert doc.text == text
    for sentence in doc.sents:
        roots = [token for token in sentence if token.head.i == token.i]
        assert len(roots) == 1
        assert [token for token in sentence if token.dep_ == "root"] == roots
        assert {token.head.i in range(sentence.start, sentence.end) for token in sentence} == {True}
        assert len(list(roots[0].subtree)) == len(sentence)
    assert all(token.dep_ and token.tag_ and token.pos_ and token.lemma_ for token in doc)


def test_a_sentence_that_no_window_holds_is_one_tree_of_pieces():
    doc, _ = annotate("it said " + "Oslo " * 80 + "it said it")
    encoded = doc._.encoded
    assert len(encoded.paired) > 2
    assert encoded.window_of(0, encoded.words) is None
    tree = tree_of(encoded, 0, encoded.words)
    assert tree.heads.count(ROOT) == tree.relations.count("root") == 1
    tops = [word for word, relation in enumerate(tree.relations) if relation == "dep"]
    assert len(tops) == len(encoded.paired) - 1
    assert {tree.heads[top] for top in tops} == {tree.heads.index(ROOT)} == {1}


# ------------------------------------------------------------------------------ entities and attribution


def test_entities_have_probabilities_and_tones():
    doc, _ = annotate("Anna Berg left\nOslo .")
    assert [(e.text, e.label_, e.start_char) for e in doc.ents] == [
        ("Anna Berg", "PERSON", 0),
        ("Oslo", "LOC", 15),
    ]
    group = doc.spans["entities"]
    assert [(span.text, span.label_) for span in group] == [("Anna Berg", "PERSON"), ("Oslo", "LOC")]
    # the temperature of this head is 2: 8 of logit against eight others
    expected = np.exp(4.0) / (np.exp(4.0) + 8)
    assert group.attrs["probability"] == pytest.approx([expected, expected], abs=1e-4)
    assert [tone.index(max(tone)) for tone in map(list, group.attrs["tone"])] == [1, 2]


def test_no_entity_goes_on_over_a_blank_line():
    assert [entity.text for entity in annotate("Anna\nBerg")[0].ents] == ["Anna\nBerg"]
    assert [entity.text for entity in annotate("Anna\n\nBerg")[0].ents] == []  # each is but half a name


def test_contents_are_linked_to_sources_and_cues():
    doc, _ = annotate(ANNA + " She said that it rained .")
    found = list(attributions_of(doc))
    assert [(a.content.text, a.source and a.source.text, a.cue and a.cue.text) for a in found] == [
        ("that it rained", "Anna Berg", "said"),
        ("that it rained", "Anna Berg", "said"),
    ]
    assert {span.label_ for kind in ("source", "cue", "content") for span in doc.spans[kind]} == {
        "source",
        "cue",
        "content",
    }
    # Anna's key 6, She's 2, none's 4, over the root of the width
    weights = np.exp(np.array([3.0, 1.0, 2.0]))
    assert found[0].source_probability == pytest.approx(weights[0] / weights.sum(), abs=1e-4)


def test_a_content_may_be_nobodys():
    doc, _ = annotate("She said that it rained .")  # her key is less than the root's
    (found,) = attributions_of(doc)
    assert (found.source, found.cue.text) == (None, "said")
    doc, _ = annotate("that it rained .")
    (found,) = attributions_of(doc)
    assert (found.source, found.cue, found.source_probability, found.cue_probability) == (
        None,
        None,
        1.0,
        1.0,
    )


def test_nothing_is_attributed_where_the_component_did_not_run():
    assert list(attributions_of(language().make_doc(ANNA))) == []


# --------------------------------------------------------------------------------- the frame around them


def snapshot(doc):
    columns = [(t.tag_, t.pos_, t.lemma_, t.dep_, t.head.i, t.is_sent_start, str(t.morph)) for t in doc]
    groups = {
        key: ([(s.start, s.end, s.label_) for s in group], group.attrs) for key, group in doc.spans.items()
    }
    return columns, [(e.start, e.end, e.label_) for e in doc.ents], groups


def test_many_at_once_are_read_as_one_by_one():
    texts = [ANNA, "Oslo", "", LONG, ANNA * 9, "Then she said it .\n\nAnna Berg rained ."]
    docs = [language().make_doc(text) for text in texts]
    assert [snapshot(doc) for doc in language().pipe(docs, batch_size=4)] == [
        snapshot(language()(text)) for text in texts
    ]
    assert [snapshot(doc) for doc in language().pipe(texts[::-1])] == [
        snapshot(language()(t)) for t in texts[::-1]
    ]


def test_strings_outlive_a_memory_zone():
    nlp = pipeline.build(NAMES, configs={name: {"folder": str(tiny())} for name in NAMES})
    for _ in range(2):
        with nlp.memory_zone():
            first = snapshot(pipeline.run(nlp, article(ANNA))[0])
        assert first == snapshot(annotate(ANNA)[0])


def test_what_is_not_read_is_said():
    doc, part = annotate("it rained . " * 5, max_pieces=7)
    assert doc._.encoded.words == 7
    coverage = part["coverage"]
    assert (coverage.characters_read, coverage.characters_skipped) == (27, 33)
    assert "encoder_max_pieces" in coverage.why_skipped
    (abstention,) = part["abstentions"]
    assert (abstention.component, abstention.what) == ("copydesk.encoder", "the end of the article")
    assert doc.text[abstention.start : abstention.end] == doc.text[27:]
    assert [token.pos_ for token in doc[7:]] == ["X"] * 8


def test_all_of_an_article_is_covered_however_long():
    doc, part = annotate(LONG)
    assert doc._.encoded.words == 900
    assert (part["coverage"].characters_read, part["coverage"].characters_skipped) == (len(LONG), 0)
    assert part["abstentions"] == []


def test_a_word_of_too_many_pieces_is_named():
    text = "it " + "(" * 40 + " rained"
    doc = Doc(language().vocab, words=["it", "(" * 40, "rained"])
    doc._.abstentions = []
    language().get_pipe("copydesk.encoder")(doc)
    (abstention,) = doc._.abstentions
    assert abstention.what == "the end of a word"
    assert text[abstention.start : abstention.end] == "(" * 40
    assert doc._.encoded.truncated == [1]


def test_the_models_digest_stands_in_provenance_and_fingerprint(tmp_path):
    _, part = annotate(ANNA)
    digests = {component.model for component in part["components"]}
    assert digests == {language().get_pipe("copydesk.encoder").model_digest}
    settings = load_settings(extract_components=list(NAMES), news_model=tiny())
    other = write_tiny_model(tmp_path / "other", version="1")
    assert extract.fingerprint(settings) != extract.fingerprint(
        settings.model_copy(update={"news_model": other})
    )
    same = write_tiny_model(tmp_path / "same")
    assert extract.fingerprint(settings) == extract.fingerprint(
        settings.model_copy(update={"news_model": same})
    )


def test_another_language_is_left_alone():
    doc, part = pipeline.run(language(), article("Anna Berg regnet", language="de"))
    assert doc._.encoded is None
    assert doc.ents == ()
    assert {abstention.component for abstention in part["abstentions"]} == set(NAMES)
    assert part["coverage"].characters_read == 0


@pytest.mark.parametrize("name", NAMES[1:])
def test_what_needs_the_encoder_says_so(name):
    with pytest.raises(SettingsError, match=rf"extract_components: {name} needs copydesk\.encoder before it"):
        annotate(ANNA, names=(name,))


def test_components_say_what_they_need():
    analysis = language().analyze_pipes()
    assert not any(analysis["problems"].values())
    missing = language(names=NAMES[1:]).analyze_pipes()["problems"]
    assert missing == {name: ["doc._.encoded"] for name in NAMES[1:]}


def test_a_missing_model_stops_the_start(tmp_path):
    settings = load_settings(extract_components=list(NAMES), news_model=tmp_path)
    with pytest.raises(ModelError, match=r"model\.json cannot be read"):
        extract.load(settings)


@pytest.mark.parametrize("gone", ["copydesk.encoder", "copydesk.quote_marks"])
def test_what_others_cannot_do_without_is_missed_before_the_first_article(gone):
    left = [name for name in load_settings().extract_components if name != gone]
    with pytest.raises(SettingsError, match=f"needs {gone} before it"):
        extract.load(load_settings(extract_components=left))
