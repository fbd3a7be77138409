"""CoNLL-U (https://universaldependencies.org/format.html) as documents of sentences of words."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from benchmarks.quality import corpora

if TYPE_CHECKING:
    from collections.abc import Iterator

FORM, LEMMA, UPOS, XPOS, HEAD, DEPREL, MISC = 1, 2, 3, 4, 6, 7, 9


@dataclass(slots=True)
class Word:
    """A syntactic word. `head` counts words within the sentence from 0; -1 is the root.

    `start`, `end` are offsets into the document's text; the words of a contraction that is not the sum of its
    words all have the whole contraction's.
    """

    form: str
    lemma: str
    upos: str
    xpos: str
    head: int
    relation: str
    start: int = 0
    end: int = 0
    space_after: bool = True
    shared: bool = False


@dataclass(slots=True)
class Sentence:
    """Words in order; `paragraph` says that a paragraph begins with it."""

    words: list[Word] = field(default_factory=list)
    paragraph: bool = False


@dataclass(slots=True)
class Document:
    """Raw text and its sentences."""

    name: str
    text: str = ""
    sentences: list[Sentence] = field(default_factory=list)

    @property
    def words(self) -> list[Word]:
        """All words in order."""
        return [word for sentence in self.sentences for word in sentence.words]


def documents(corpus: corpora.Corpus) -> Iterator[Document]:
    """Yield the documents (`# newdoc`) of a corpus.

    Raw text: the tokens' forms, a blank line before `# newpar`, else a space unless `SpaceAfter=No`.
    """
    document: Document | None = None
    for lines in corpora.blocks(corpus):
        comments = [line for line in lines if line.startswith("#")]
        starts = [line for line in comments if line.startswith("# newdoc")]
        if starts or document is None:
            if document is not None:
                yield document
            document = Document(starts[0].partition("=")[2].strip() if starts else corpus.name)
        paragraph = any(line.startswith("# newpar") for line in comments) or not document.sentences
        _append(
            document, [line.split("\t") for line in lines if not line.startswith("#")], paragraph=paragraph
        )
    if document is not None:
        yield document


def _append(document: Document, rows: list[list[str]], *, paragraph: bool) -> None:
    text = document.text
    if document.sentences:
        if paragraph:
            text = text.rstrip(" ") + "\n\n"
        elif document.sentences[-1].words[-1].space_after:
            text += " "
    sentence = Sentence(paragraph=paragraph)
    left = 0  # words of the contraction that still come
    for row in rows:
        number = row[0]
        if "." in number:  # an empty node of the enhanced graph
            continue
        if "-" in number:
            first, last = map(int, number.split("-"))
            left = last - first + 1
            contraction = row
            parts = [r for r in rows if r[0].isdigit() and first <= int(r[0]) <= last]
            whole = "".join(part[FORM] for part in parts) == row[FORM]
            begin = len(text)
            text += row[FORM]
            at = begin
            continue
        word = Word(row[FORM], row[LEMMA], row[UPOS], row[XPOS], int(row[HEAD]) - 1, row[DEPREL])
        if left:
            left -= 1
            word.start, word.end = (at, at + len(word.form)) if whole else (begin, len(text))
            word.shared = not whole
            at += len(word.form)
            word.space_after = not left and not _tight(contraction)
            if not left and word.space_after:
                text += " "
        else:
            word.start, word.end = len(text), len(text) + len(word.form)
            word.space_after = not _tight(row)
            text += word.form + (" " if word.space_after else "")
        sentence.words.append(word)
    document.sentences.append(sentence)
    document.text = text.rstrip(" ")


def _tight(row: list[str]) -> bool:
    return "SpaceAfter=No" in row[MISC].split("|")
