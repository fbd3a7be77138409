"""Words a second of the news model's components against a spaCy CNN of the same duties, on one core, in turn.

    python -m benchmarks.engine_speed                      200 articles of 500 words, three rounds
    python -m benchmarks.engine_speed --raw DIR            articles of a folder of jsonl.gz ("text") instead

The peer is a tagger, a parser and an entity recognizer with the sizes of en_core_web_sm 3.8 (hash embeddings
of 5000, 1000, 2500 and 2500 rows, 96 wide, four convolutions; the recognizer with layers of its own),
randomly initialised: its answers are worth nothing, its speed is that of a trained one. Both read the same
tokens; a word is a token that is not white space. Each round times both, one after the other, by the time
that the process had on a core: what else runs counts for neither, though it fills their caches.
Memory and cold load are taken in fresh processes.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from spacy.language import Language

ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
COMPONENTS = ("copydesk.encoder", "copydesk.entities", "copydesk.syntax", "copydesk.attribution")
TAGS, RELATIONS, ENTITY_LABELS = 50, 45, 18

_COLD = """
import json, sys, time
import numpy, spacy
began = time.perf_counter()
from tasks.extract.encoder.model import load
from tasks.extract.encoder.doc_words import doc_words
from tasks.extract.encoder.encoded import encode
model = load()
loaded = time.perf_counter()
doc = spacy.blank("en")("The minister said on Monday that talks would go on.")
encode(model, doc_words(doc), max_pieces=10000)
print(json.dumps({"load_s": loaded - began, "first_sentence_s": time.perf_counter() - loaded}))
"""

_WORKER = """
import json, resource, sys
from tasks import enrich
from benchmarks.corpus import article
for number in range(30):
    enrich(article(number, words=1000).encode())
enrich(article(99, words=20000).encode())
print(json.dumps({"peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
"""


def peer() -> Language:
    """Return the spaCy pipeline to compare with."""
    import spacy  # noqa: PLC0415 - after the number of threads is set

    def layers(rows: list[int]) -> dict[str, Any]:
        return {
            "@architectures": "spacy.Tok2Vec.v2",
            "embed": {
                "@architectures": "spacy.MultiHashEmbed.v2",
                "width": 96,
                "attrs": ["NORM", "PREFIX", "SUFFIX", "SHAPE"],
                "rows": rows,
                "include_static_vectors": False,
            },
            "encode": {
                "@architectures": "spacy.MaxoutWindowEncoder.v2",
                "width": 96,
                "depth": 4,
                "window_size": 1,
                "maxout_pieces": 3,
            },
        }

    listener = {"@architectures": "spacy.Tok2VecListener.v1", "width": 96, "upstream": "*"}
    nlp = spacy.blank("en")
    nlp.add_pipe("tok2vec", config={"model": layers([5000, 1000, 2500, 2500])})
    tagger = nlp.add_pipe(
        "tagger", config={"model": {"@architectures": "spacy.Tagger.v2", "tok2vec": listener}}
    )
    transition = {
        "@architectures": "spacy.TransitionBasedParser.v2",
        "extra_state_tokens": False,
        "hidden_width": 64,
        "maxout_pieces": 2,
        "use_upper": True,
    }
    parser = nlp.add_pipe(
        "parser", config={"model": {**transition, "state_type": "parser", "tok2vec": listener}}
    )
    recognizer = nlp.add_pipe(
        "ner",
        config={"model": {**transition, "state_type": "ner", "tok2vec": layers([5000, 1000, 2500, 2500])}},
    )
    for component, name, count in (
        (tagger, "T", TAGS),
        (parser, "r", RELATIONS),
        (recognizer, "E", ENTITY_LABELS),
    ):
        for number in range(count):
            component.add_label(f"{name}{number}")  # type: ignore[attr-defined]
    nlp.initialize()
    return nlp


def texts_of(options: argparse.Namespace) -> list[str]:
    """Return the articles to read."""
    from benchmarks.corpus import articles  # noqa: PLC0415

    if options.raw is None:
        return list(articles(options.articles, words=options.words, seed=1))
    texts: list[str] = []
    for path in sorted(Path(options.raw).rglob("*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as file:
            texts += [json.loads(line)["text"] for line in file]
    return texts[:: max(1, len(texts) // options.articles)][: options.articles]


def words_a_second(read: Callable[[str], int], texts: Sequence[str]) -> float:
    """Return words a second of the process's own time; `read` returns how many words it read."""
    began = time.process_time()
    words = sum(read(text) for text in texts)
    return words / (time.process_time() - began)


def readers() -> dict[str, Callable[[str], int]]:
    """Return what is compared: ours, then the peer's parts."""
    from benchmarks.quality.predict import annotator, build  # noqa: PLC0415 - loads spaCy

    ours = annotator(build(None, COMPONENTS))
    spacy_cnn = peer()

    def words(doc: Any) -> int:
        return sum(not token.is_space for token in doc)

    return {
        "copydesk": lambda text: words(ours(text)),
        "spacy_cnn": lambda text: words(spacy_cnn(text)),
    }


def _fresh(code: str) -> dict[str, float]:
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    figures: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return figures


def measure(options: argparse.Namespace) -> dict[str, Any]:
    """Return the figures: medians of the rounds, and the median of their ratios."""
    texts = texts_of(options)
    found = readers()
    for read in found.values():
        words_a_second(read, texts[:10])
    rounds = [
        {name: words_a_second(read, texts) for name, read in found.items()} for _ in range(options.rounds)
    ]
    return {
        **{f"{name}_words_per_s": statistics.median(r[name] for r in rounds) for name in found},
        "ratio": statistics.median(r["copydesk"] / r["spacy_cnn"] for r in rounds),
        "cold": _fresh(_COLD),
        "worker": _fresh(_WORKER),
        "articles": len(texts),
    }


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.engine_speed",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--articles", type=int, default=200)
    parser.add_argument("--words", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--raw", help="folder of jsonl.gz files with a text in each row")
    parser.add_argument("--json", action="store_true", help="one JSON object on one line")
    options = parser.parse_args()
    if any(os.environ.get(name) != value for name, value in ONE_THREAD.items()):
        again = [sys.executable, "-m", "benchmarks.engine_speed", *sys.argv[1:]]
        os.execve(sys.executable, again, {**os.environ, **ONE_THREAD})
    figures = measure(options)
    if options.json:
        print(json.dumps(figures))
        return 0
    print(f"{figures['articles']} articles, one core, median of {options.rounds} rounds")
    print(f"copydesk, all heads     {figures['copydesk_words_per_s']:8,.0f} words/s")
    print(f"spaCy CNN, same duties  {figures['spacy_cnn_words_per_s']:8,.0f} words/s")
    print(f"ratio                   {figures['ratio']:8.2f}")
    print(f"cold load               {figures['cold']['load_s']:8.2f} s")
    print(f"worker, at its highest  {figures['worker']['peak_mb']:8.0f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
