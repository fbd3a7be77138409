"""Time to write an article's prints and to ask for its relations, as the desk grows.

    python -m benchmarks.related [--articles 1000000] [--a-day 140] [--json]

The desk is filled with made-up prints (in bulk, straight into the tables: nobody waits a day for a figure),
then at each mark 150 batches of 32 articles go through `worker.desk.prints.write` and 150 articles are asked
for through `worker.desk.relations`, each in a transaction of its own, as a worker and `copydesk show` do.

What is made up: 400 runs of words an article, one in ten from stock phrases whose frequency falls by Zipf's
law, so that buckets of every size are met and some are too full; one article in ten is a copy of an earlier
one that lacks a fifth of its runs. Equally many come out every day, so that at each mark the weeks in which a
question looks for stories are full, and what differs is the desk's size alone: with 140 a day 10,000 articles
are ten weeks, and a million twenty years. `--a-day 2740` is a million in a year.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from sqlalchemy import insert

from worker.desk.engine import open_desk
from worker.desk.likeness import KEYS, SKETCH, Text
from worker.desk.prints import Prints, write
from worker.desk.relations import relations_of
from worker.desk.story import DAY_S, StoryPrints
from worker.desk.tables import articles
from worker.settings import Settings

if TYPE_CHECKING:
    import numpy.typing as npt
    from sqlalchemy import Connection

    from worker.desk.engine import Desk

    Numbers = npt.NDArray[np.uint64]

MARKS = (10_000, 100_000, 1_000_000)
BATCH, BATCHES, QUESTIONS = 32, 150, 150
BULK = 20_000
RUNS, STOCK, FACTS = 400, 40, 80
STORY_WORDS, STORY_KEPT, STORY_KEYS = 110, 96, 8
BEGAN, A_DAY = 1_000_000_000, 140
FULL = 1 << 32

Times = tuple[float, float]
"""Milliseconds on the wall's clock, and of this process's own work: a busy machine lengthens the first."""


class Made:
    """Made-up articles, the same in every run."""

    def __init__(self, a_day: int) -> None:
        self.chance = np.random.default_rng(1)
        self.a_day = a_day
        self.phrases = self._numbers(200_000)
        self.phrase_share = _zipf(1, 200_000, 1.0)
        self.words = self._numbers(60_000)
        self.word_share = _zipf(20, 60_000, 0.9)
        self.earlier: list[Numbers] = []

    def _numbers(self, *shape: int) -> Numbers:
        return self.chance.integers(0, FULL, size=shape, dtype=np.uint64)

    def moment(self, seq: int) -> int:
        """Return when an article came out: equally many every day."""
        return BEGAN + seq * DAY_S // self.a_day

    def prints(self, seq: int) -> Prints:
        """Return the prints of one article."""
        if self.earlier and seq % 10 == 0:
            base = self.earlier[int(self.chance.integers(len(self.earlier)))]
            runs = np.concatenate([base[self.chance.random(base.size) < 0.8], self._numbers(20)])
        else:
            stock = self.phrases[np.searchsorted(self.phrase_share, self.chance.random(STOCK))]
            runs = np.concatenate([self._numbers(RUNS - STOCK), stock])
        self.earlier = [*self.earlier[-999:], runs]
        frames = np.unique(self._numbers(FACTS))
        text = Text(
            np.unique(runs)[:SKETCH].astype(np.uint32),
            frames.astype(np.uint32),
            self._numbers(frames.size).astype(np.uint32),
        )
        words = np.unique(self.words[np.searchsorted(self.word_share, self.chance.random(STORY_WORDS))])
        weights = dict(zip(words.tolist(), (self.chance.random(words.size) + 0.5).tolist(), strict=True))
        sketch, facts = text.packed()
        return Prints(
            digest=int(self.chance.integers(1 << 62)),
            sketch=sketch,
            facts=facts,
            keys=tuple(text.found_by()),
            moment=self.moment(seq),
            story=StoryPrints.of(weights, self.moment(seq), most=STORY_KEPT),
        )

    def fill(self, connection: Connection, first: int, count: int) -> None:
        """Write many articles at once: keys by the same law, one body of prints for all of them."""
        one = self.prints(first)
        assert one.story is not None
        seqs = range(first, first + count)
        ids = connection.exec_driver_sql("SELECT coalesce(max(id), 0) FROM texts").scalar_one() + 1
        known = "(seq, id, collection, digest, size, state, mask, alone, strikes, interrupts, group_deaths, "
        rows: list[Any] = [(seq, id_of(seq), "made", "", 1, "published", 15, *[0] * 6) for seq in seqs]
        _many(connection, f"articles {known}due_at, created_at)", rows)
        digests = self.chance.integers(1 << 62, size=count).tolist()
        _many(connection, "texts (id, digest, sketch, facts)",
              [(ids + at, digest, one.sketch, one.facts) for at, digest in enumerate(digests)])  # fmt: skip
        story = one.story.packed()
        _many(connection, "prints (seq, text, moment, corrects, story)",
              [(seq, ids + at, self.moment(seq), 0, story) for at, seq in enumerate(seqs)])  # fmt: skip
        own = (self._numbers(count, KEYS) * KEYS // RUNS).astype(np.int64)  # the smallest of its runs
        of_phrases = self.phrases[np.searchsorted(self.phrase_share, self.chance.random((count, STOCK)))]
        rows = [(key, ids + at) for at, keys in enumerate(own.tolist()) for key in keys[: KEYS - 2]]
        low = of_phrases < FULL * KEYS // RUNS
        rows += [(key, ids + at) for at in range(count) for key in of_phrases[at][low[at]].tolist()]
        _many(connection, "text_keys (key, text)", sorted(rows))
        heavy = self.words[np.searchsorted(self.word_share, self.chance.random((count, STORY_KEYS)))]
        windows = [self.moment(seq) // (10 * DAY_S) for seq in seqs]
        rows = [
            (windows[at] << 32 | word, ids + at) for at, mine in enumerate(heavy.tolist()) for word in mine
        ]
        _many(connection, "story_keys (key, text)", sorted(rows))


def _zipf(first: int, count: int, power: float) -> npt.NDArray[np.float64]:
    shares = 1 / np.arange(first, first + count) ** power
    return np.asarray(np.cumsum(shares / shares.sum()))


def _many(connection: Connection, into: str, rows: list[Any]) -> None:
    marks = ", ".join("?" * len(rows[0]))
    connection.exec_driver_sql(f"INSERT OR IGNORE INTO {into} VALUES ({marks})", rows)


def id_of(seq: int) -> str:
    """Return the id of a made-up article."""
    return hashlib.sha256(str(seq).encode()).hexdigest()


def measure(marks: tuple[int, ...], a_day: int, folder: Path) -> dict[str, Any]:
    """Fill a desk and return milliseconds by mark: `insert` an article, `query` an article."""
    desk = open_desk(Settings(desk=folder))
    made = Made(a_day)
    figures: dict[str, Any] = {}
    seq = 1
    for mark in marks:
        while seq < mark - BATCH * BATCHES:
            count = min(BULK, mark - BATCH * BATCHES - seq)
            with desk.writing() as connection:
                made.fill(connection, seq, count)
            seq += count
        insert_ms, seq = _inserts(desk, made, seq)
        query_ms = _queries(desk, seq)
        figures[str(mark)] = {
            "insert_ms": statistics.median(wall for wall, _ in insert_ms),
            "insert_cpu_ms": statistics.median(cpu for _, cpu in insert_ms),
            "query_ms": statistics.median(wall for wall, _ in query_ms),
            "query_cpu_ms": statistics.median(cpu for _, cpu in query_ms),
            "query_mean_cpu_ms": statistics.mean(cpu for _, cpu in query_ms),
            "megabytes": sum(each.stat().st_size for each in folder.rglob("*") if each.is_file()) >> 20,
        }
        print(mark, figures[str(mark)], file=sys.stderr, flush=True)
    desk.close()
    first, last = figures[str(marks[0])], figures[str(marks[-1])]
    figures["ratio"] = {name: last[name] / first[name] for name in first if name.endswith("ms")}
    return figures


def _clocks() -> tuple[float, float]:
    return time.perf_counter(), time.process_time()


def _since(began: tuple[float, float], articles_: int) -> Times:
    now = _clocks()
    return (now[0] - began[0]) / articles_ * 1000, (now[1] - began[1]) / articles_ * 1000


def _inserts(desk: Desk, made: Made, seq: int) -> tuple[list[Times], int]:
    times = []
    for _ in range(BATCHES):
        batch = {at: made.prints(at) for at in range(seq, seq + BATCH)}
        rows = [
            {"seq": at, "id": id_of(at), "collection": "made", "digest": "", "size": 1, "state": "published"}
            | {"due_at": 0, "created_at": 0}
            for at in batch
        ]
        with desk.writing() as connection:
            connection.execute(insert(articles), rows)
        began = _clocks()
        with desk.writing() as connection:
            write(connection, batch)
        times.append(_since(began, BATCH))
        seq += BATCH
    return times, seq


def _queries(desk: Desk, end: int) -> list[Times]:
    times = []
    for seq in np.random.default_rng(7).integers(end - BATCH * BATCHES, end, size=QUESTIONS).tolist():
        began = _clocks()
        with desk.reading() as connection:
            relations_of(connection, [id_of(seq)])
        times.append(_since(began, 1))
    return times


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Time for relations, as the desk grows.")
    parser.add_argument("--articles", type=int, default=MARKS[-1])
    parser.add_argument("--a-day", type=int, default=A_DAY, help="articles that come out every day")
    parser.add_argument("--json", action="store_true", help="one JSON object on one line")
    given = parser.parse_args()
    marks = tuple(mark for mark in MARKS if mark < given.articles)
    with tempfile.TemporaryDirectory() as folder:
        figures = measure((*marks, given.articles), given.a_day, Path(folder))
    if given.json:
        print(json.dumps(figures))
        return
    for mark, values in figures.items():
        print(f"{mark:>10}  " + "  ".join(f"{name} {value:.2f}" for name, value in values.items()))


if __name__ == "__main__":
    main()
