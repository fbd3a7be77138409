"""Is anything lost, doubled, or condemned without guilt while processes are killed at random?

    python -m benchmarks.conservation                 20,000 articles, 60 kills of the worker group,
                                                      5 of the server (restarted empty), 5 of the intake
    python -m benchmarks.conservation --articles 1500 --kills 6 --server-kills 2 --intake-kills 2

What makes it honest: only kills that leave a claim behind are counted; what arrived is known from a
manifest made here, not from the ledger; sink, search table and flat tables are counted too; and records are
compared with what the plain loop makes of the same bytes. It is bounded and stops by itself.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select, text

from benchmarks.corpus import article
from benchmarks.poison import KINDS, MARK, NAME
from worker.desk.engine import open_desk
from worker.desk.tables import ArticleState, articles, claims, quarantine, records
from worker.embedded import client, ensure_server, stop_server
from worker.group import Process, worker_command
from worker.identity import article_id
from worker.settings import Settings, load_settings, to_environment

if TYPE_CHECKING:
    from worker.desk.engine import Desk

COLLECTION = "default"
LINES_PER_FILE = 1000
# On a busy machine the time runs out before the memory does.
PERMITTED = {
    "crash": {"crashed"},
    "hang": {"time_limit", "crashed"},
    "memory": {"memory", "crashed", "time_limit"},
}


@dataclass
class Manifest:
    """What was handed over, by our own count."""

    good: dict[str, bytes] = field(default_factory=dict)
    poison: dict[str, str] = field(default_factory=dict)


def settings_for(desk: Path) -> Settings:
    """Short times, so that recovery is quick; the ratios between them are those of the defaults."""
    defaults = Settings()
    return load_settings(
        desk=desk,
        extract_components=[*defaults.extract_components, NAME],
        plugins=["benchmarks.poison"],
        sinks=["jsonl"],
        article_time_limit_s=3,
        article_kill_after_s=2,
        batch_time_limit_s=30,
        lease_s=60,
        memory_limit_mb=1024,
        reconcile_s=0.5,
        ring_again_s=6,
        retry_after_s=0.5,
        max_in_flight=1000,
        log_format="json",
    )


def write_corpus(folder: Path, *, count: int, poison: int, words: int, seed: int) -> Manifest:
    """Write JSON Lines files with poison among the articles; return what they hold."""
    chance = random.Random(seed)
    places = set(chance.sample(range(count), poison))
    manifest = Manifest()
    folder.mkdir(parents=True)
    lines: list[bytes] = []
    for number in range(count):
        body = article(number, words=words, seed=seed)
        kind = KINDS[len(manifest.poison) % len(KINDS)] if number in places else None
        if kind:
            body = f"{MARK} {kind}. {body}"
        line = json.dumps({"text": body}).encode()
        if kind:
            manifest.poison[article_id(COLLECTION, line)] = kind
        else:
            manifest.good[article_id(COLLECTION, line)] = line
        lines.append(line)
        if len(lines) == LINES_PER_FILE or number == count - 1:
            (folder / f"{number // LINES_PER_FILE:05d}.jsonl").write_bytes(b"\n".join(lines) + b"\n")
            lines = []
    return manifest


class Storm:
    """Kills worker groups, the server and the intake at random moments, and starts them again."""

    def __init__(
        self,
        settings: Settings,
        corpus: Path,
        desk: Desk,
        *,
        seed: int,
        deadline: float,
        life_s: float,
    ) -> None:
        self.settings = settings
        self.desk = desk
        self.deadline = deadline
        self.chance = random.Random(seed + 1)
        self.workers = Process(worker_command(settings), settings, log_name="worker.log")
        self.life_s = life_s
        self._corpus = corpus
        self._intake: subprocess.Popen[bytes] | None = None
        self.counts: Counter[str] = Counter()

    def start(self) -> None:
        """Start everything."""
        ensure_server(self.settings)
        self.workers.start()
        self._start_intake()

    def stop(self) -> None:
        """Stop everything."""
        self.workers.stop()
        if self._intake:
            self._intake.kill()
            self._intake.wait()
        stop_server(self.settings)

    def kill_workers(self) -> None:
        """Let the group work for a while, then SIGKILL it; count it only if a claim was left behind."""
        if not self._wait_for_claim():
            return
        time.sleep(self.chance.uniform(0, self.life_s))
        if not self._wait_for_claim():
            return
        assert self.workers.pid is not None
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.workers.pid, signal.SIGKILL)
        self.counts["worker_kills_all"] += 1
        if self._claims():
            self.counts["worker_kills"] += 1
        self.workers.stop(0)
        self.workers.start()

    def kill_server(self) -> None:
        """SIGKILL the queue's server; it comes back empty."""
        pid = int((self.settings.desk_dir / "run" / "redis.pid").read_text())
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):
            os.waitpid(pid, 0)
        time.sleep(self.chance.uniform(0, 1))
        ensure_server(self.settings)
        with contextlib.closing(client(self.settings)) as connection:
            assert not connection.llen("read")
        self.counts["server_kills"] += 1

    def kill_intake(self) -> None:
        """SIGKILL the intake in the middle, and start the same command again."""
        assert self._intake is not None
        if self._intake.poll() is None:
            self._intake.kill()
            self.counts["intake_kills"] += 1
        self._intake.wait()
        self._start_intake()

    def intake_ended(self) -> bool:
        """Whether the intake has followed everything to its end; started again when it failed."""
        assert self._intake is not None
        code = self._intake.poll()
        if code is not None and code not in {0, 3}:
            self._start_intake()
            return False
        return code is not None

    def _start_intake(self) -> None:
        command = [sys.executable, "-m", "copydesk", "batch", "--no-own-workers", "--json", str(self._corpus)]
        with (self.settings.desk_dir / "logs" / "intake.log").open("ab") as log:
            self._intake = subprocess.Popen(
                command, stdout=log, stderr=log, env={**os.environ, **to_environment(self.settings)}
            )

    def _wait_for_claim(self) -> bool:
        while time.monotonic() < self.deadline:
            if self._claims():
                return True
            if self.intake_ended():
                return False
            if not self.workers.is_running():
                self.workers.look_after()
            time.sleep(0.01)
        return False

    def _claims(self) -> int:
        """Return how many claims the living group holds; those of dead ones are not counted."""
        mine = claims.c.parent.startswith(f"{self.workers.pid}:")
        with self.desk.reading() as connection:
            return connection.scalar(select(func.count()).select_from(claims).where(mine)) or 0


def storm(settings: Settings, corpus: Path, arguments: argparse.Namespace) -> Counter[str]:
    """Hand the corpus over and kill; return how often what was killed."""
    desk = open_desk(settings, durable=True)
    deadline = time.monotonic() + arguments.limit_s
    (settings.desk_dir / "logs").mkdir(exist_ok=True)
    weather = Storm(settings, corpus, desk, seed=arguments.seed, deadline=deadline, life_s=arguments.life_s)
    weather.start()
    others = ["server"] * arguments.server_kills + ["intake"] * arguments.intake_kills
    weather.chance.shuffle(others)
    planned = len(others)
    try:
        while weather.counts["worker_kills"] < arguments.kills and time.monotonic() < deadline:
            if weather.intake_ended():
                break
            weather.kill_workers()
            due = weather.counts["worker_kills"] * planned // max(arguments.kills - 1, 1)
            while planned - len(others) < due and others:
                getattr(weather, f"kill_{others.pop()}")()
        while not weather.intake_ended() and time.monotonic() < deadline:
            weather.workers.look_after()
            time.sleep(0.2)
        time.sleep(3 * settings.reconcile_s)  # the last records go to the sink
    finally:
        weather.stop()
        desk.close()
    return weather.counts


def judge(settings: Settings, manifest: Manifest, *, compare: int) -> dict[str, Any]:
    """Hold the desk, the sink and a fresh plain loop against the manifest."""
    desk = open_desk(settings)
    with desk.reading() as connection:
        states = {row.id: row.state for row in connection.execute(select(articles.c.id, articles.c.state))}
        codes = {row.article_id: row.code for row in connection.execute(select(quarantine))}
        revisions = Counter(connection.scalars(select(records.c.article_id)))
        found = Counter(connection.scalars(text("SELECT article_id FROM search")))
        bodies = {row.article_id: row.body for row in connection.execute(select(records))}
    desk.close()
    published = {id_ for id_, state in states.items() if state == ArticleState.PUBLISHED}
    quarantined = {id_ for id_, state in states.items() if state == ArticleState.QUARANTINED}
    sink = Counter(
        json.loads(line)["key"] for line in (settings.desk_dir / "out" / "records.jsonl").open("rb")
    )
    good = set(manifest.good)
    return {
        "articles": len(good) + len(manifest.poison),
        "poison": len(manifest.poison),
        "published": len(published),
        "quarantined": len(quarantined),
        "lost": len((good | set(manifest.poison)) - published - quarantined)
        + len([id_ for id_ in published if not revisions[id_] or not found[id_] or not sink[f"{id_}:1"]]),
        "invented": len((published | quarantined) - good - set(manifest.poison)),
        "doubled": sum(n > 1 for counts in (revisions, found, sink) for n in counts.values()),
        "innocents": len(quarantined & good),
        "poison_published": len(published & set(manifest.poison)),
        "wrong_reason": sum(codes.get(id_) not in PERMITTED[kind] for id_, kind in manifest.poison.items()),
        "compared": min(compare, len(good)),
        "different_from_plain_loop": _different(settings, manifest, bodies, compare),
    }


def _different(settings: Settings, manifest: Manifest, bodies: dict[str, str], compare: int) -> int:
    from tasks import enrich  # noqa: PLC0415 - loads the engine

    different = 0
    for id_, data in list(manifest.good.items())[:: max(1, len(manifest.good) // max(compare, 1))][:compare]:
        record = enrich(data, collection=COLLECTION, settings=settings)
        different += record.model_dump_json() != bodies.get(id_)
    return different


def main() -> int:
    """Run the storm and print the figures; exit 1 when anything was lost, doubled or wrongly condemned."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.conservation", description=__doc__.split("\n")[0]
    )
    parser.add_argument("--articles", type=int, default=20_000)
    parser.add_argument("--words", type=int, default=60, help="words an article")
    parser.add_argument("--poison", type=int, default=20)
    parser.add_argument("--kills", type=int, default=60, help="kills of the worker group that hit a claim")
    parser.add_argument(
        "--life-s", type=float, default=4, help="longest life of a group after its first claim"
    )
    parser.add_argument("--server-kills", type=int, default=5)
    parser.add_argument("--intake-kills", type=int, default=5)
    parser.add_argument("--compare", type=int, default=500, help="records compared with the plain loop")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--limit-s", type=float, default=3600)
    parser.add_argument("--keep", type=Path, help="folder for the desk, kept afterwards")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="conservation-") as scratch:
        root = arguments.keep or Path(scratch)
        settings = settings_for(root / "desk")
        manifest = write_corpus(
            root / "corpus",
            count=arguments.articles,
            poison=arguments.poison,
            words=arguments.words,
            seed=arguments.seed,
        )
        started = time.monotonic()
        counts = storm(settings, root / "corpus", arguments)
        seconds = time.monotonic() - started
        figures = {
            **{f"{name}_kills": counts[f"{name}_kills"] for name in ("worker", "server", "intake")},
            **judge(settings, manifest, compare=arguments.compare),
            "audit_exit": _audit(settings),
            "seconds": round(seconds),
        }
    if arguments.json:
        print(json.dumps(figures))
    else:
        for name, value in figures.items():
            print(f"{name.replace('_', ' '):<28} {value}")
    bad = (
        "lost",
        "invented",
        "doubled",
        "innocents",
        "poison_published",
        "different_from_plain_loop",
        "audit_exit",
    )
    missed = figures["worker_kills"] < arguments.kills or figures["server_kills"] < arguments.server_kills
    return 1 if missed or any(figures[name] for name in bad) else 0


def _audit(settings: Settings) -> int:
    command = [sys.executable, "-m", "copydesk", "audit"]
    environment = {**os.environ, **to_environment(settings)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        print(done.stdout[-4000:], done.stderr[-2000:], file=sys.stderr)
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
