"""The extractive summary, held against the publisher's own title: no corpus here has summaries by people.

`raw/`: `{"title","text"}`. The text goes through `read` and `copydesk.summary` without its title. What is
measured is the share of the title's words (at least three letters, no stop words, lower case) that stand in
the chosen sentences, averaged over the articles.

- `recall`: of the summary; `lead`: of as many sentences from the beginning, the strongest plain rule for news
  (a summary that only copies the lead has the same figure); `random`: of as many sentences drawn from a seed.
- `words`: words of the chosen sentences, on average; `lead_words` of the lead's.
- `verbatim`: share of summaries whose every span is, character for character, in the text and in a paragraph;
  anything under 100 is a fault.
- `answered`: share of articles with a summary. Only articles with five sentences or more are counted.

A title is no summary: it has few words and often other ones than the article. The figure tells good choices
from bad ones; it does not tell how well a summary reads.
"""

from __future__ import annotations

import random
import re
from typing import TYPE_CHECKING

from benchmarks.quality import corpora, predict
from tasks.classify.body import body_of
from tasks.classify.stop_words import stop_words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from spacy.tokens import Doc

    from benchmarks.quality.report import Figures

LEAST_SENTENCES = 5
_LETTERS = re.compile(r"[^\W\d_]{3,}")


def measure(options: corpora.Options) -> Figures:
    """Return the figures of every corpus of the kind `raw` that has titles."""
    classify = predict.classifier(options.pipeline or "copydesk.summary")
    train = corpora.Options(**{**vars(options), "split": options.split or "train"})
    found = {
        corpus.name: score(((row["title"], classify(row["text"])) for row in titled(corpus)), options.seed)
        for corpus in corpora.find(train, "raw")
    }
    figures = {name: each for name, each in found.items() if each["articles"]}
    if not figures:
        raise corpora.DataError(f"--data {options.data}: no corpus of the kind 'raw' has titles.")
    return figures


def titled(corpus: corpora.Corpus) -> Iterable[dict[str, str]]:
    """Return the rows with a title of three words or more, the title taken off the beginning of the text."""
    for row in corpus.rows():
        title = row.get("title") or ""
        if len(words_of(title)) >= 3:
            yield {"title": title, "text": row["text"].removeprefix(title).lstrip()}


def words_of(text: str) -> set[str]:
    """Return the words that count."""
    return {word for word in map(str.lower, _LETTERS.findall(text)) if word not in stop_words()}


def score(articles: Iterable[tuple[str, Doc]], seed: int = 1) -> Figures:
    """Return the figures of articles, each with its title."""
    chance = random.Random(seed)
    sums = dict.fromkeys(("recall", "lead", "random", "words", "lead_words", "verbatim"), 0.0)
    count = answered = 0
    for title, doc in articles:
        text = doc._.article.text
        sentences = [(s.start, s.end) for s in body_of(doc).of_kind("paragraph")]
        if len(sentences) < LEAST_SENTENCES:
            continue
        count += 1
        chosen = [(span.start, span.end) for span in doc._.summary or []]
        if not chosen:
            continue
        answered += 1
        wanted = words_of(title)
        drawn = chance.sample(sentences, len(chosen))
        for name, spans in (("recall", chosen), ("lead", sentences[: len(chosen)]), ("random", drawn)):
            there = words_of(" ".join(text[start:end] for start, end in spans))
            sums[name] += 100 * len(wanted & there) / len(wanted)
        sums["words"] += sum(len(text[start:end].split()) for start, end in chosen)
        sums["lead_words"] += sum(len(text[start:end].split()) for start, end in sentences[: len(chosen)])
        told = all(span.text == text[span.start : span.end] for span in doc._.summary)
        sums["verbatim"] += 100 * (told and set(chosen) <= set(sentences))
    means = {name: value / answered if answered else None for name, value in sums.items()}
    return {"articles": count, "answered": 100 * answered / count if count else None, **means}
