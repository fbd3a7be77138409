"""`python -m benchmarks.quality AREA --data DIR [--json] [--limit N]`."""

from __future__ import annotations

import argparse
import importlib
import sys
from pathlib import Path

from benchmarks.quality import report
from benchmarks.quality.corpora import DataError, Options
from worker.errors import SettingsError

AREAS = {
    "entities": "named entities, clean and corrupted",
    "attribution": "source, cue and content by the model alone",
    "syntax": "tags, lemmas and trees, from raw text and on gold tokens",
    "quotes": "quotes and speakers of the record; quote marks",
    "timex": "time expressions and their values",
    "dates": "publication dates of pages",
    "places": "toponyms found and resolved",
    "events": "events, their categories and actors",
    "topics": "IPTC Media Topics, top level",
    "tone": "tone towards a named entity",
    "summary": "the extractive summary against the publisher's title",
    "duplicates": "copies of articles, and stories told by several outlets",
}


def main(arguments: list[str] | None = None) -> int:
    """Measure one area and print its figures. Exit code 2 when there is nothing to measure."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.quality",
        description="Quality of the annotations against annotated corpora.",
        epilog="Areas: " + "; ".join(f"{name}: {what}" for name, what in AREAS.items()),
    )
    parser.add_argument("area", choices=AREAS)
    parser.add_argument("--data", type=Path, required=True, help="folder of corpora, or of one corpus")
    parser.add_argument("--json", action="store_true", help="one JSON object on one line")
    parser.add_argument("--limit", type=int, help="only the first N texts of each corpus")
    parser.add_argument("--split", help="file of a corpus; unset: dev, else test, else what is not train")
    parser.add_argument("--corpus", action="append", help="only this corpus (may be given again)")
    parser.add_argument(
        "--pipeline",
        help="components, comma between them, instead of the area's own; `settings`: those of the "
        "settings; `spacy:NAME`: an installed spaCy pipeline",
    )
    parser.add_argument("--seed", type=int, default=1, help="seed of the corruption")
    given = parser.parse_args(arguments)
    options = Options(
        data=given.data,
        limit=given.limit,
        split=given.split,
        only=frozenset(given.corpus or ()),
        pipeline=given.pipeline,
        seed=given.seed,
    )
    area = importlib.import_module(f"benchmarks.quality.{given.area}")
    try:
        figures = area.measure(options)
    except (DataError, SettingsError) as problem:
        print(problem, file=sys.stderr)
        return 2
    print(report.as_json(figures) if given.json else report.as_table(given.area, figures))
    return 0


if __name__ == "__main__":
    sys.exit(main())
