"""What quote marks, names and quotes cost: articles a second with and without them, and growth with length.

    python -m benchmarks.quotes_speed                      100 articles of 500 words, three rounds
    python -m benchmarks.quotes_speed --raw DIR            articles of a folder of jsonl.gz ("text") instead

Every article goes through `extract` as the settings have it, on one thread, and each component is timed for
itself. `with` is articles a second of all of them; `without`, of the same run with the time of the components
in `OURS` left out (others need what they set, so that these cannot be taken out of the pipeline). `growth` is
the time for one article of `LARGE` characters against one of `SMALL`, for each character: 1.0 is linear.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections import Counter
from typing import TYPE_CHECKING

from benchmarks.corpus import article, articles
from benchmarks.engine_speed import texts_of
from benchmarks.quality.predict import article_of
from tasks import pipeline
from worker.settings import load_settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from spacy.language import Language

OURS = ("copydesk.quote_marks", "copydesk.names", "copydesk.quotes")
SMALL, LARGE = 10_000, 1_000_000
_CHARACTERS_A_WORD = 5


def timed(nlp: Language) -> Callable[[str], Counter[str]]:
    """Return a function that reads a text and says how many seconds each component took."""

    def read(text: str) -> Counter[str]:
        taken: Counter[str] = Counter()
        doc = nlp.make_doc(text)
        doc._.article = article_of(text)
        doc._.abstentions = []
        for name, component in nlp.pipeline:
            began = time.perf_counter()
            doc = component(doc)
            taken[name] += time.perf_counter() - began
        return taken

    return read


def rate(taken: Counter[str], count: int, *, left_out: Iterable[str] = ()) -> float:
    """Return articles a second, the time of some components left out."""
    names = frozenset(left_out)
    return count / sum(seconds for name, seconds in taken.items() if name not in names)


def ours(taken: Counter[str]) -> float:
    """Return the seconds of the components in OURS."""
    return sum(taken[name] for name in OURS)


def measure(options: argparse.Namespace) -> dict[str, object]:
    """Return the figures: medians of the rounds."""
    import tasks.extract  # noqa: F401, PLC0415 - registers the components

    settings = load_settings()
    read = timed(pipeline.build(settings.extract_components, plugins=settings.plugins))
    texts = texts_of(options)
    for text in list(articles(10, words=500, seed=2)):
        read(text)
    rounds = []
    for _ in range(options.rounds):
        taken: Counter[str] = Counter()
        for text in texts:
            taken.update(read(text))
        rounds.append(taken)
    small, large = (article(1, words=size // _CHARACTERS_A_WORD)[:size] for size in (SMALL, LARGE))
    growth = [ours(read(large)) / sum(ours(read(small)) for _ in range(10)) for _ in range(options.rounds)]
    return {
        "articles": len(texts),
        "with_articles_per_s": statistics.median(rate(taken, len(texts)) for taken in rounds),
        "without_articles_per_s": statistics.median(rate(t, len(texts), left_out=OURS) for t in rounds),
        "share": statistics.median(ours(taken) / taken.total() for taken in rounds),
        "growth": statistics.median(growth) * 10 * SMALL / LARGE,
        "ms_per_article": {
            name: 1000 * statistics.median(taken[name] for taken in rounds) / len(texts) for name in rounds[0]
        },
    }


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.quotes_speed",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--articles", type=int, default=100)
    parser.add_argument("--words", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--raw", help="folder of jsonl.gz files with a text in each row")
    parser.add_argument("--json", action="store_true", help="one JSON object on one line")
    options = parser.parse_args()
    figures = measure(options)
    if options.json:
        print(json.dumps(figures))
        return 0
    print(f"{figures['articles']} articles, one thread, median of {options.rounds} rounds")
    for name in ("with_articles_per_s", "without_articles_per_s"):
        print(f"{name:24}{figures[name]:8.1f}")
    print(f"{'share of the time':24}{100 * float(str(figures['share'])):7.1f} %")
    print(f"{'growth, 10 kB to 1 MB':24}{figures['growth']:8.2f}")
    milliseconds = figures["ms_per_article"]
    assert isinstance(milliseconds, dict)
    for name, value in milliseconds.items():
        print(f"  {name:22}{value:8.2f} ms")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
