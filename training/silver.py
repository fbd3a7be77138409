"""Layers that a corpus does not annotate, filled in by exported models: so that no layer is silent on news.

A head that is taught on its own corpora alone may say anything elsewhere: the first model of this project
read trees well in treebanks and badly in newswire, where only names were marked. So the documents of every
corpus get names, attributions and trees before the last training; what people annotated stays as it is.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from spacy.tokens import Doc

from tasks.extract.encoder.span_groups import attributions_of
from tasks.pipeline import build
from training.documents import Attribution, Document, Word

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from spacy.tokens import Span, Token
    from spacy.vocab import Vocab

    Annotate = Callable[[Doc], Doc]

SPACES = {3: "\n", 4: "\n\n"}
"""By gap (index into `pieces.GAPS`): the white space that spaCy makes a token of its own."""
INSIDE = 1
"""The gap of a word with no white space before it."""


def annotator(model: Path, trees: Path) -> tuple[Annotate, Vocab]:
    """A function that annotates a Doc: names and attributions by one exported model, trees by another."""
    import tasks.extract  # noqa: F401 - registers the components

    nlp = build(())
    for name, folder, number in (
        ("encoder", model, 1),
        ("entities", model, 1),
        ("attribution", model, 1),
        ("encoder", trees, 2),
        ("syntax", trees, 2),
    ):
        nlp.add_pipe(f"copydesk_{name}", name=f"{name}_{number}", config={"folder": str(folder)})

    def annotate(doc: Doc) -> Doc:
        for _, component in nlp.pipeline:
            doc = component(doc)
        return doc

    return annotate, nlp.vocab


def doc_of(document: Document, vocab: Vocab) -> Doc:
    """A Doc with the words of `document`; line breaks are tokens of their own."""
    forms: list[str] = []
    spaces: list[bool] = []
    for index, (word, gap) in enumerate(zip(document.words, document.gaps, strict=True)):
        if index and gap in SPACES:
            forms.append(SPACES[gap])
            spaces.append(False)
        elif index and gap > INSIDE:
            spaces[-1] = True
        forms.append(word)
        spaces.append(False)
    return Doc(vocab, words=forms, spaces=spaces)


def some(documents: Iterable[Document], share: float) -> Iterator[Document]:
    """A share of the documents, spread evenly over all of them."""
    for index, document in enumerate(documents):
        if int((index + 1) * share) > int(index * share):
            yield document


def fill(documents: Iterable[Document], annotate: Annotate, vocab: Vocab) -> Iterator[Document]:
    """The documents with every layer but tone; a layer that is there is left as it is."""
    for document in documents:
        doc = annotate(doc_of(document, vocab))
        words = [token for token in doc if not token.is_space]
        number = {token.i: index for index, token in enumerate(words)}
        filled = document
        if document.entities is None:
            filled = replace(filled, entities=[(*_span(e, number), e.label_) for e in doc.ents])
        if document.attributions is None:
            filled = replace(filled, attributions=_attributions(doc, number))
        if document.syntax is None:
            starts = [number[token.i] for token in words if _starts(token)]
            filled = replace(filled, syntax=[_word(t, number) for t in words], sentence_starts=starts)
        yield filled


def _span(span: Span, number: dict[int, int]) -> tuple[int, int]:
    return number[span.start], number[span.end - 1] + 1


def _starts(token: Token) -> bool:
    """Whether a sentence starts here, or started with the white space just before."""
    before = token.i - 1
    while before >= 0 and token.doc[before].is_space and not token.is_sent_start:
        token, before = token.doc[before], before - 1
    return bool(token.is_sent_start)


def _word(token: Token, number: dict[int, int]) -> Word:
    head = -1 if token.head.i == token.i else number[token.head.i]
    return Word(token.pos_, token.tag_, token.lemma_, head, token.dep_)


def _attributions(doc: Doc, number: dict[int, int]) -> list[Attribution]:
    """One report a content; what shares a cue or a source names it again."""
    return [
        Attribution(
            source=[_span(one.source, number)] if one.source else [],
            cue=[_span(one.cue, number)] if one.cue else [],
            content=[_span(one.content, number)],
        )
        for one in attributions_of(doc)
    ]
