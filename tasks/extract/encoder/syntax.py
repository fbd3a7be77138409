"""`copydesk.syntax`: tags, lemmas and dependency trees, and sentence starts where nobody has set them.

Labels are those of Universal Dependencies: `token.pos_` UPOS, `token.tag_` the Penn treebank's tags,
`token.dep_` relations, `root` only for the one root of a sentence. White space is a token of its own in
spaCy: it hangs from the word before it in its sentence, with tag `_SP` and relation `dep`.
"""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

import numpy as np
from spacy.attrs import DEP, HEAD, IS_SPACE, LEMMA, MORPH, ORTH, POS, SENT_START, TAG
from spacy.language import Language
from spacy.parts_of_speech import IDS as POS_NUMBERS

from tasks.extract.encoder.component import encoded_of
from tasks.extract.encoder.lemmas import lemma_of
from tasks.extract.encoder.model import load
from tasks.extract.encoder.other_pipeline import OtherSyntax
from tasks.extract.encoder.trees import ROOT, heads_of
from worker.config_dir import load_toml

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from spacy.tokens import Doc

    from tasks.extract.encoder.encoded import Encoded, Rows
    from tasks.extract.encoder.model import NewsModel

NAME = "copydesk.syntax"
ROOT_LABEL = "root"
LOOSE = "dep"
"""Universal Dependencies' relation for what has no better one: white space, and words out of reach."""
SPACE_TAG = "_SP"
UNREAD_TAG, UNREAD_POS = "XX", "X"
STARTS_FROM = 0.5
_ATTRIBUTES = (TAG, POS, MORPH, LEMMA, DEP, HEAD)


class Tree(NamedTuple):
    """Heads (word numbers of the article, ROOT for the root) and relations of the words of one sentence."""

    heads: list[int]
    relations: list[str]


def starts_of(encoded: Encoded) -> NDArray[np.bool_]:
    """Return for each word whether a sentence starts there, by the model and blank lines alone."""
    starts = encoded.sentence_starts() >= STARTS_FROM
    starts |= encoded.fresh
    starts[:1] = True
    return np.asarray(starts, dtype=np.bool_)


def tree_of(encoded: Encoded, first: int, last: int) -> Tree:
    """Return the tree of the sentence of words `first` to `last` (exclusive, at least one).

    A sentence that no window holds is read in pieces, whose roots hang loosely from the first one's.
    """
    rows = encoded.window_of(first, last)
    if rows is not None:
        return _tree_in(encoded.model, rows, first, last)
    homes = encoded.home[first:last]
    bounds = [first, *(first + 1 + np.flatnonzero(np.diff(homes))).tolist(), last]
    heads: list[int] = []
    relations: list[str] = []
    top = ROOT
    for start, end in pairwise(bounds):
        piece = _tree_in(encoded.model, encoded.paired[encoded.home[start]], start, end)
        root = piece.heads.index(ROOT)
        if top == ROOT:
            top = start + root
        else:
            piece.heads[root], piece.relations[root] = top, LOOSE
        heads += piece.heads
        relations += piece.relations
    return Tree(heads, relations)


def _tree_in(model: NewsModel, rows: Rows, first: int, last: int) -> Tree:
    dependents = rows.of("arc_dependent", first, last)
    candidates = np.concatenate(([rows.root("arc_head")], rows.of("arc_head", first, last)))
    # Not BLAS, whose sums depend on its number of threads.
    arcs = np.einsum("ik,jk->ij", dependents, candidates) / np.float32(np.sqrt(dependents.shape[1]))
    heads = heads_of(arcs)
    of_heads = np.concatenate(([rows.root("relation_head")], rows.of("relation_head", first, last)))
    scores = rows.of("relation_dependent", first, last) + of_heads[heads + 1]
    names = model.labels["relation"]
    if ROOT_LABEL in names:
        scores[:, names.index(ROOT_LABEL)] = -np.inf
    relations = [names[number] for number in scores.argmax(axis=1).tolist()]
    relations[int(np.flatnonzero(heads == ROOT)[0])] = ROOT_LABEL
    return Tree([first + head if head != ROOT else ROOT for head in heads.tolist()], relations)


class SyntaxComponent:
    """Sets tags, parts of speech, morphology, lemmas, relations and heads of all tokens."""

    version: ClassVar[str] = "1"
    languages: ClassVar[tuple[str, ...]] = ("en",)

    def __init__(self, nlp: Language, model: NewsModel) -> None:
        self.model_digest = model.digest
        self._strings = nlp.vocab.strings
        # All labels now: what is first seen inside a memory zone is forgotten when that ends.
        self._tags = [self._strings.add(tag) for tag in model.labels["xpos"]]
        self._pos = [POS_NUMBERS[pos] for pos in model.labels["upos"]]
        self._relations = {
            name: self._strings.add(name) for name in (*model.labels["relation"], ROOT_LABEL, LOOSE)
        }
        self._others = {tag: self._strings.add(tag) for tag in (SPACE_TAG, UNREAD_TAG)}
        features: dict[str, str] = load_toml("extract/morphology.toml")["features"]
        known = nlp.vocab.morphology.add
        self._morphs = [known(features.get(tag, "")) for tag in model.labels["xpos"]]

    def __call__(self, doc: Doc) -> Doc:
        """Annotate the doc."""
        if not len(doc):
            return doc
        encoded = encoded_of(doc, NAME)
        spaces = doc.to_array([IS_SPACE]).reshape(-1) == 1
        starts = _sentence_starts(doc, encoded)
        relations, heads = self._trees(encoded, starts, spaces)
        columns = [*self._words(doc, encoded, spaces), relations, (heads - np.arange(len(doc)))]
        array: Any = np.stack([column.astype(np.uint64) for column in columns], axis=1)
        return doc.from_array(list(_ATTRIBUTES), array)

    def _words(self, doc: Doc, encoded: Encoded, spaces: NDArray[np.bool_]) -> list[NDArray[Any]]:
        """Return tags, parts of speech, morphology and lemmas [tokens]."""
        others = self._others
        tags = np.where(spaces, np.uint64(others[SPACE_TAG]), np.uint64(others[UNREAD_TAG]))
        pos = np.where(spaces, POS_NUMBERS["SPACE"], POS_NUMBERS[UNREAD_POS])
        morphs = np.zeros(len(doc), dtype=np.uint64)
        lemmas = doc.to_array([ORTH]).reshape(-1)
        tokens, named = encoded.tokens, encoded.named
        tags[tokens] = np.array(self._tags, dtype=np.uint64)[named["xpos"]]
        morphs[tokens] = np.array(self._morphs, dtype=np.uint64)[named["xpos"]]
        pos[tokens] = np.array(self._pos)[named["upos"]]
        scripts = encoded.model.label("lemma", named["lemma"])
        add = self._strings.add
        forms = map(self._strings.__getitem__, lemmas[tokens].tolist())
        found = [add(lemma_of(form, script)) for form, script in zip(forms, scripts, strict=True)]
        lemmas[tokens] = np.array(found, dtype=np.uint64)
        return [tags, pos, morphs, lemmas]

    def _trees(
        self, encoded: Encoded, starts: NDArray[np.intp], spaces: NDArray[np.bool_]
    ) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
        """Return relations and heads (indexes of tokens) of all tokens."""
        relations = np.full(len(spaces), self._relations[LOOSE], dtype=np.uint64)
        ends = np.append(starts[1:], len(spaces))
        heads = np.repeat(starts, ends - starts).astype(np.int64)
        tokens = encoded.tokens
        bounds = np.searchsorted(tokens, np.append(starts, len(spaces))).tolist()
        for start, end, (first, last) in zip(starts.tolist(), ends.tolist(), pairwise(bounds), strict=True):
            if first == last:  # only white space, or not read
                relations[start] = self._relations[ROOT_LABEL]
                continue
            tree = tree_of(encoded, first, last)
            own = tokens[first:last]
            top = int(own[tree.heads.index(ROOT)])
            heads[start:end] = top  # for the words that were not read
            heads[own] = [top if head == ROOT else tokens[head] for head in tree.heads]
            relations[own] = [self._relations[relation] for relation in tree.relations]
        return relations, _with_spaces(heads, spaces, starts, ends)


def _with_spaces(
    heads: NDArray[np.int64], spaces: NDArray[np.bool_], starts: NDArray[np.intp], ends: NDArray[np.intp]
) -> NDArray[np.int64]:
    """Return heads with white space hung from the word before it in its sentence, else the one behind it."""
    places = np.arange(len(heads))
    before = np.maximum.accumulate(np.where(spaces, -1, places))
    behind = np.minimum.accumulate(np.where(spaces, len(heads), places)[::-1])[::-1]
    opens, closes = (np.repeat(bounds, ends - starts) for bounds in (starts, ends))
    neighbour = np.where(before >= opens, before, np.where(behind < closes, behind, opens))
    return np.asarray(np.where(spaces, neighbour, heads), dtype=np.int64)


def _sentence_starts(doc: Doc, encoded: Encoded) -> NDArray[np.intp]:
    """Return the tokens at which sentences start: as set, else as the model says."""
    if doc.has_annotation("SENT_START"):
        flags = doc.to_array([SENT_START]).reshape(-1) == 1
    else:
        flags = np.zeros(len(doc), dtype=np.bool_)
        flags[encoded.tokens[starts_of(encoded)]] = True
        flags[encoded.tokens[:1]] = False  # the first word is no start where white space stands before it
    flags[0] = True
    return np.flatnonzero(flags)


@Language.factory(
    NAME.replace(".", "_"),
    requires=["doc._.encoded"],
    assigns=[
        "token.tag",
        "token.pos",
        "token.morph",
        "token.lemma",
        "token.dep",
        "token.head",
        "token.is_sent_start",
    ],
    default_config={"folder": None, "pipeline": None},
)
def make_syntax(
    nlp: Language,
    name: str,  # noqa: ARG001 - spaCy's signature
    folder: str | None,
    pipeline: str | None,
) -> SyntaxComponent | OtherSyntax:
    """Return the component, or one that asks another spaCy pipeline."""
    if pipeline:
        return OtherSyntax(pipeline)
    return SyntaxComponent(nlp, load(Path(folder) if folder else None))
