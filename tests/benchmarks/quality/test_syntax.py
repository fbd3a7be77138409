from __future__ import annotations

import pytest
import spacy
from quality_corpora import only
from spacy.tokens import Doc

from benchmarks.quality import conllu, syntax

# Two documents; a contraction that is the sum of its words, one that is not, an empty node, a tight end.
TREES = """\
# newdoc id = a
# newpar
# text = She's gonna wait.
1-2\tShe's\t_\t_\t_\t_\t_\t_\t_\t_
1\tShe\tshe\tPRON\tPRP\t_\t5\tnsubj\t_\t_
2\t's\tbe\tAUX\tVBZ\t_\t5\taux:be\t_\t_
3-4\tgonna\t_\t_\t_\t_\t_\t_\t_\t_
3\tgoing\tgo\tVERB\tVBG\t_\t5\taux\t_\t_
4\tto\tto\tPART\tTO\t_\t5\tmark\t_\t_
5\twait\twait\tVERB\tVB\t_\t0\troot\t_\tSpaceAfter=No
5.1\twait\twait\tVERB\tVB\t_\t_\t_\t_\t_
6\t.\t.\tPUNCT\t.\t_\t5\tpunct\t_\t_

# text = Why?
1\tWhy\twhy\tADV\tWRB\t_\t0\troot\t_\tSpaceAfter=No
2\t?\t_\tPUNCT\t.\t_\t1\tpunct\t_\t_

# newpar
# text = No.
1\tNo\tno\tINTJ\tUH\t_\t0\troot\t_\tSpaceAfter=No
2\t.\t.\tPUNCT\t.\t_\t1\tpunct\t_\t_

# newdoc id = b
# text = Rain
1\tRain\train\tNOUN\tNN\t_\t0\troot\t_\t_

"""
RIGHT = {
    "She": ("she", "PRON", "PRP", 4, "nsubj"),
    "'s": ("be", "AUX", "VBZ", 3, "aux"),
    "gon": ("go", "VERB", "VBG", 2, "aux"),
    "na": ("to", "PART", "TO", 1, "mark"),
    "going": ("go", "VERB", "VBG", 2, "aux"),
    "to": ("to", "PART", "TO", 1, "mark"),
    "wait": ("wait", "VERB", "VB", 0, "ROOT"),
    ".": (".", "PUNCT", ".", -1, "punct"),
    "Why": ("why", "ADV", "WRB", 0, "root"),
    "?": ("?", "PUNCT", ".", -1, "punct"),
    "No": ("no", "INTJ", "UH", 0, "root"),
    "Rain": ("rain", "NOUN", "NN", 0, "root"),
}
"""Form -> lemma, UPOS, XPOS, distance to the head, relation."""

VOCAB = spacy.blank("en").vocab


@pytest.fixture
def corpus(tmp_path):
    folder = tmp_path / "syntax" / "invented"
    folder.mkdir(parents=True)
    (folder / "dev.conllu").write_text(TREES)
    return only(tmp_path, "syntax")


def parser(changes: dict[str, tuple] | None = None):
    """Return a parser that knows the words above, with some changes."""
    nlp = spacy.blank("en")
    table = {**RIGHT, **(changes or {})}

    def annotate(given: str | Doc) -> Doc:
        doc = nlp(given) if isinstance(given, str) else given
        for token in doc:
            if token.is_space:
                token.head, token.dep_ = doc[token.i - 1], "dep"
                continue
            token.lemma_, token.pos_, token.tag_, step, token.dep_ = table[token.text]
            token.head = doc[token.i + step]
        return doc

    return annotate


def test_raw_text_of_documents(corpus):
    documents = list(conllu.documents(corpus))

    assert [document.text for document in documents] == ["She's gonna wait. Why?\n\nNo.", "Rain"]
    assert " ".join(word.form for word in documents[0].words) == "She 's going to wait . Why ? No ."
    assert [documents[0].text[word.start : word.end] for word in documents[0].words[:5]] == [
        "She",
        "'s",
        "gonna",
        "gonna",
        "wait",
    ]


def test_all_right(corpus):
    figures = syntax.score(corpus, parser(), VOCAB)

    for name in (*syntax.MEASURES, "words", "sentences"):
        assert figures[name] == (100 if name != "las_subtypes" else pytest.approx(90.91, abs=0.01)), name
    for name in ("upos", "xpos", "lemma", "uas", "las"):
        assert figures["gold_tokens"][name] == 100
        assert figures["gold_tokens"]["own_sentences"][name] == 100


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"Rain": ("rain", "VERB", "NN", 0, "root")}, {"upos"}),
        ({"Rain": ("rain", "NOUN", "NNS", 0, "root")}, {"xpos"}),
        ({"Rain": ("Rain", "NOUN", "NN", 0, "root")}, {"lemma"}),
        ({"Rain": ("rain", "NOUN", "NN", 0, "obj")}, {"las", "las_subtypes"}),
        ({"She": ("she", "PRON", "PRP", 1, "nsubj")}, {"uas", "las", "las_subtypes"}),
        ({"na": ("to", "PART", "TO", -1, "mark")}, {"uas", "las", "las_subtypes"}),
        # a lemma that the gold does not give is never wrong
        ({"?": ("whatever", "PUNCT", ".", -1, "punct")}, set()),
    ],
)
def test_one_word_wrong_shows_where_it_should(corpus, changes, wrong):
    right = syntax.score(corpus, parser(), VOCAB)
    figures = syntax.score(corpus, parser(changes), VOCAB)

    for name in syntax.MEASURES:
        assert figures[name] == pytest.approx(right[name] - (100 / 11 if name in wrong else 0)), name


def test_sentences_of_our_own_and_of_the_gold(corpus):
    joined = {"Why": ("why", "ADV", "WRB", -2, "dep"), "No": ("no", "INTJ", "UH", -3, "dep")}

    figures = syntax.score(corpus, parser(joined), VOCAB)

    assert figures["sentences"] == pytest.approx(100 * 2 * 1 / (4 + 2))  # `Rain`
    assert figures["gold_tokens"]["own_sentences"]["sentences"] == pytest.approx(
        100 * 2 * 1 / (4 + 2)
    )  # `Rain`


def words(*found: tuple[int, int]) -> list[syntax.Predicted]:
    return [syntax.Predicted(*span, "", "", "", -1, "", sentence_start=False) for span in found]


def golden(*found: tuple[int, int, bool]) -> list[conllu.Word]:
    return [conllu.Word("", "", "", "", -1, "", start, end, shared=shared) for start, end, shared in found]


@pytest.mark.parametrize(
    ("gold", "found", "aligned"),
    [
        ([(0, 3, False), (4, 6, False)], [(0, 3), (4, 6)], [0, 1]),
        # split in another way
        ([(0, 3, False), (4, 6, False)], [(0, 2), (2, 3), (4, 6)], [None, 2]),
        ([(0, 3, False), (4, 6, False)], [(0, 6)], [None, None]),
        # the words of a contraction in order, if there are as many
        ([(0, 5, True), (0, 5, True), (6, 7, False)], [(0, 3), (3, 5), (6, 7)], [0, 1, 2]),
        ([(0, 5, True), (0, 5, True), (6, 7, False)], [(0, 5), (6, 7)], [None, None, 1]),
    ],
)
def test_alignment_by_characters(gold, found, aligned):
    assert syntax.align(golden(*gold), words(*found)) == aligned


def test_heads_on_white_space_are_handed_on():
    doc = Doc(
        VOCAB,
        words=["Stop", "\n\n", "here"],
        spaces=[False, False, False],
        heads=[0, 0, 1],
        deps=["ROOT", "dep", "x"],
    )

    assert [word.head for word in syntax.words_of(doc)] == [-1, 0]
