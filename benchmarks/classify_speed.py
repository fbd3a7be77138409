"""How many articles a second `classify` carries on one core, as a whole and component by component.

Articles of 500 words: those of a corpus (`--data DIR`, its kind `raw/`: paragraphs until 500 words are
reached), or made by rule where no DIR is given. Time is the process's own work, the median of five rounds
over the same articles; caches are warm and the collector leaves what was loaded alone, as in a worker after
its first articles. `unseen` is the whole for as many other articles, each read once and for the first time:
some of their words are new to the process. The goals are 200 articles a second as a whole and 1,000 for the
topics. On a shared machine even a process's own time stretches: `yardstick` is a loop of a million additions
in the same process, and `tokenizer` what spaCy's tokenizer alone takes for the same articles (`classify` does
without it).
"""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import argparse
import gc
import gzip
import json
import statistics
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks import corpus
from tasks import classify
from tasks.classify.body import body_of
from tasks.read import read
from worker.cli import COLLECT_AFTER
from worker.errors import RejectArticle
from worker.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from worker.record import Article

WORDS = 500
ROUNDS = 5


def articles(data: Path | None, count: int) -> list[Article]:
    """Return articles of about 500 words, as `read` hands them over, their language taken for English."""
    texts = [*_of_corpus(data)] if data else [corpus.article(number, words=WORDS) for number in range(count)]
    found = []
    for text in texts:
        try:
            article = read(text.encode(), collection="benchmark", settings=Settings())
        except RejectArticle:
            continue
        found.append(article.model_copy(update={"language": "en"}))
        if len(found) == count:
            break
    return found


def _of_corpus(data: Path) -> list[str]:
    texts = []
    for path in sorted((data / "raw").glob("*/train.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as file:
            for line in file:
                pieces, words = [], 0
                for piece in json.loads(line)["text"].split("\n"):
                    if words < WORDS:
                        pieces.append(piece)
                        words += len(piece.split())
                if 0.9 * WORDS <= words <= 1.2 * WORDS:
                    texts.append("\n".join(pieces))
    return texts[:: max(1, len(texts) // 200)]


def measure(found: list[Article], unseen: list[Article]) -> dict[str, Any]:
    """Return milliseconds an article and articles a second, for the whole and for each part."""
    settings = Settings()
    nlp = classify.load(settings)
    _time(lambda a: classify.classify(a, settings=settings), found)
    gc.collect()
    gc.freeze()  # as `tasks.warm_up` does
    gc.set_threshold(COLLECT_AFTER)  # as the command does
    parts: dict[str, list[float]] = {"yardstick": [], "tokenizer": [], "whole": [], "body": []}
    parts |= {name: [] for name, _ in nlp.pipeline}
    for _ in range(ROUNDS):
        parts["whole"].append(_time(lambda a: classify.classify(a, settings=settings), found))
        parts["yardstick"].append(_time(lambda count: sum(range(count)), [1_000_000]))
        parts["tokenizer"].append(_time(lambda a: nlp.make_doc(a.text), found))
        docs = [nlp.make_doc("") for _ in found]
        for doc, article in zip(docs, found, strict=True):
            doc._.article, doc._.abstentions = article, []
        parts["body"].append(_time(body_of, docs))
        for name, component in nlp.pipeline:
            parts[name].append(_time(component, docs))
    if unseen:
        parts["unseen"] = [_time(lambda a: classify.classify(a, settings=settings), unseen)]
    figures: dict[str, Any] = {
        "articles": len(found),
        "words": statistics.mean(len(article.text.split()) for article in found),
    }
    for name, times in parts.items():
        median = statistics.median(times)
        figures[name] = {"ms": 1000 * median, "per_s": 1 / median}
    return figures


def _time(work: Callable[[Any], Any], things: list[Any]) -> float:
    began = time.process_time()
    for each in things:
        work(each)
    return (time.process_time() - began) / len(things)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Articles a second of `classify` on one core.")
    parser.add_argument("--data", type=Path, help="folder of corpora")
    parser.add_argument("--articles", type=int, default=100)
    parser.add_argument("--json", action="store_true", help="one JSON object on one line")
    given = parser.parse_args()
    found = articles(given.data, 2 * given.articles)
    figures = measure(found[: given.articles], found[given.articles :])
    if given.json:
        print(json.dumps(figures))
        return
    print(f"{figures['articles']} articles, {figures['words']:.0f} words on average")
    for name, values in figures.items():
        if isinstance(values, dict):
            print(f"{name:<20} {values['ms']:7.3f} ms {values['per_s']:9.0f} articles/s")


if __name__ == "__main__":
    main()
