"""Tags, lemmas and trees on Universal Dependencies, as the CoNLL 2018 shared task scores them.

The rules are those of https://universaldependencies.org/conll18/evaluation.html; the scorer is our own.

- `raw` (the figures at the top of a corpus): documents as raw text, our tokens and sentences. A predicted
  word is aligned with a gold word when both have the same characters; the words of a contraction that is
  not the sum of its words are aligned in order when both sides have equally many. Every figure is F1 over
  words: right are aligned words with the right UPOS, XPOS, lemma, head (UAS), head and relation (LAS). A
  head is right when it is aligned with the gold head, or both are roots. Relations are compared without
  their subtype (`nmod:poss` = `nmod`); `las_subtypes` compares them with it. A gold lemma `_` counts as
  right.
- `words` and `sentences`: F1 of the spans.
- `function_words`: the same components on the texts of the other kinds of corpora, see there.
- `gold_tokens`: a Doc of the gold words and spaces with gold sentence starts, the same measures. The figure
  is the share of words. `gold_tokens.own_sentences`: without the gold sentence starts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from spacy.tokens import Doc

from benchmarks.quality import conllu, corpora, function_words, predict
from benchmarks.quality.matching import Counts, exact

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from spacy.tokens import Token
    from spacy.vocab import Vocab

    from benchmarks.quality.report import Figures

MEASURES = ("upos", "xpos", "lemma", "uas", "las", "las_subtypes")


@dataclass(slots=True)
class Predicted:
    """One predicted word; `head` is a position in the document's list of words, -1 the root."""

    start: int
    end: int
    upos: str
    xpos: str
    lemma: str
    head: int
    relation: str
    sentence_start: bool


def measure(options: corpora.Options) -> Figures:
    """Return the figures of every corpus of the kind `syntax`."""
    found = corpora.find(options, "syntax")
    nlp = predict.build(options.pipeline, predict.SYNTAX)
    annotate = predict.annotator(nlp)
    figures = {corpus.name: score(corpus, annotate, nlp.vocab) for corpus in found}
    return {**figures, "function_words": function_words.measure(options, annotate)}


def score(corpus: corpora.Corpus, annotate: Callable[[str | Doc], Doc], vocab: Vocab) -> Figures:
    """Return the figures of one corpus."""
    raw: dict[str, Counts] = {name: Counts() for name in (*MEASURES, "words", "sentences")}
    gold: dict[str, Counts] = {name: Counts() for name in (*MEASURES, "sentences")}
    own: dict[str, Counts] = {name: Counts() for name in (*MEASURES, "sentences")}
    sentences = 0
    for document in conllu.documents(corpus):
        sentences += len(document.sentences)
        found = words_of(annotate(document.text))
        compare(document, found, align(document.words, found), raw)
        for counts, starts in ((gold, True), (own, False)):
            found = words_of(annotate(doc_of(document, vocab, sentence_starts=starts)))
            compare(document, found, list(range(len(found))), counts)
    return {
        "texts": sentences,
        **{name: count.f1 for name, count in raw.items()},
        "gold_tokens": {
            **{name: gold[name].f1 for name in MEASURES},
            "own_sentences": {name: count.f1 for name, count in own.items()},
        },
    }


def words_of(doc: Doc) -> list[Predicted]:
    """Return the words of a Doc without white space; a head that is white space hands on to its own head."""
    number = {token.i: at for at, token in enumerate(t for t in doc if not t.is_space)}
    found = []
    starts = _starts(doc)
    for token in doc:
        if token.is_space:
            continue
        head = _head(token)
        found.append(
            Predicted(
                token.idx,
                token.idx + len(token),
                token.pos_,
                token.tag_,
                token.lemma_,
                -1 if head is None else number[head.i],
                token.dep_,
                token.i in starts,
            )
        )
    return found


def _head(token: Token) -> Token | None:
    head = token.head
    while head.is_space and head.head is not head and head.head.i != head.i:
        head = head.head
    return None if head.i == token.i or head.is_space else head


def _starts(doc: Doc) -> set[int]:
    """Return the first word of every sentence; a sentence of white space alone is none."""
    starts = set()
    waiting = True
    for token in doc:
        waiting = waiting or bool(token.is_sent_start)
        if waiting and not token.is_space:
            starts.add(token.i)
            waiting = False
    return starts


def align(gold: Sequence[conllu.Word], found: Sequence[Predicted]) -> list[int | None]:
    """Return for every gold word the position of the predicted word with the same characters, or None."""
    by_span = {(word.start, word.end): at for at, word in enumerate(found)}
    aligned: list[int | None] = [None] * len(gold)
    at = 0
    while at < len(gold):
        word = gold[at]
        if not word.shared:
            aligned[at] = by_span.get((word.start, word.end))
            at += 1
            continue
        last = at
        while last < len(gold) and gold[last].shared and gold[last].start == word.start:
            last += 1
        inside = [n for n, p in enumerate(found) if word.start <= p.start and p.end <= word.end]
        if len(inside) == last - at:
            aligned[at:last] = inside
        at = last
    return aligned


def compare(
    document: conllu.Document,
    found: Sequence[Predicted],
    aligned: Sequence[int | None],
    counts: dict[str, Counts],
) -> None:
    """Add one document's counts of every measure that `counts` has."""
    words = document.words
    firsts: list[int] = []
    right = dict.fromkeys(MEASURES, 0)
    at = 0
    for sentence in document.sentences:
        firsts.append(at)
        for word in sentence.words:
            other = aligned[at]
            if other is not None:
                head = aligned[firsts[-1] + word.head] if word.head >= 0 else -1
                for name, is_right in _judge(word, found[other], same_head=head == found[other].head).items():
                    right[name] += is_right
            at += 1
    for name in MEASURES:
        counts[name] += Counts(right[name], len(found), len(words))
    if "words" in counts:
        hits = sum(other is not None for other in aligned)
        counts["words"] += Counts(hits, len(found), len(words))
    gold_spans = [(s.words[0].start, s.words[-1].end) for s in document.sentences]
    if "words" not in counts:  # gold tokens: spans count words
        gold_spans = list(zip(firsts, [*firsts[1:], len(words)], strict=True))
    counts["sentences"] += exact(gold_spans, _spans(found, words=("words" not in counts)))


def _judge(word: conllu.Word, found: Predicted, *, same_head: bool) -> dict[str, bool]:
    relation = found.relation.lower()
    plain = relation.split(":")[0] == word.relation.split(":")[0]
    return {
        "upos": word.upos == found.upos,
        "xpos": word.xpos == found.xpos,
        "lemma": word.lemma in {"_", found.lemma},
        "uas": same_head,
        "las": same_head and plain,
        "las_subtypes": same_head and relation == word.relation,
    }


def _spans(found: Sequence[Predicted], *, words: bool) -> list[tuple[int, int]]:
    starts = [at for at, word in enumerate(found) if word.sentence_start]
    ends = [*starts[1:], len(found)]
    if words:
        return list(zip(starts, ends, strict=True))
    return [(found[s].start, found[e - 1].end) for s, e in zip(starts, ends, strict=True)]


def doc_of(document: conllu.Document, vocab: Vocab, *, sentence_starts: bool) -> Doc:
    """Return a Doc of the gold words; between paragraphs a token of white space, as spaCy makes one."""
    forms: list[str] = []
    spaces: list[bool] = []
    starts: list[bool | int | None] = []
    for sentence in document.sentences:
        if sentence.paragraph and forms:
            spaces[-1] = False
            forms.append("\n\n")
            spaces.append(False)
            starts.append(False)
        for at, word in enumerate(sentence.words):
            forms.append(word.form)
            spaces.append(word.space_after)
            starts.append(at == 0)
    return Doc(vocab, words=forms, spaces=spaces, sent_starts=starts if sentence_starts else None)
