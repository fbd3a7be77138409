"""A desk with the real server and real worker processes."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil
from odd_articles import NAME as ODD
from sqlalchemy import func, select

from benchmarks.corpus import article
from benchmarks.poison import NAME as POISON
from worker.celery import make_app
from worker.desk import arrive
from worker.desk.engine import Desk, open_desk
from worker.desk.tables import SourceState, articles, claims, holds, outbox, quarantine, records
from worker.embedded import client, ensure_server, stop_server
from worker.group import Process, worker_command
from worker.identity import article_id, digest_of
from worker.settings import Settings, load_settings
from worker.spool import Spool

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parents[2]
FINAL = {"published", "quarantined", "dropped"}


def wait_until(what: Callable[[], Any], *, timeout_s: float = 30, why: str = "") -> Any:
    """Wait until `what()` is true and return it."""
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline:
        if found := what():
            return found
        time.sleep(0.02)
    raise AssertionError(f"not within {timeout_s} s: {why or what}")


def settings_for(desk: Path, **options: Any) -> Settings:
    """Short times, so that recovery is quick; the ratios between them are those of the defaults."""
    defaults = Settings()
    values = {
        "desk": desk,
        "extract_components": [*defaults.extract_components, POISON, ODD],
        "plugins": ["benchmarks.poison", "odd_articles"],
        "sinks": ["jsonl"],
        "concurrency": 2,
        "article_time_limit_s": 3,
        "article_kill_after_s": 1,
        "batch_time_limit_s": 30,
        "lease_s": 60,
        "memory_limit_mb": 1024,
        "reconcile_s": 0.2,
        "ring_again_s": 3,
        "retry_after_s": 0.1,
        "log_format": "json",
    }
    return load_settings(**(values | options))


@dataclass
class House:
    settings: Settings
    desk: Desk
    numbers: int = 0
    groups: list[Process] = field(default_factory=list)

    @classmethod
    def open(cls, folder: Path, **options: Any) -> House:
        settings = settings_for(folder / "desk", **options)
        house = cls(settings, open_desk(settings))
        ensure_server(settings)
        return house

    def close(self) -> None:
        for group in self.groups:
            group.stop(5)
        stop_server(self.settings)
        self.desk.close()

    def group(self, *queues: str, name: str = "test") -> Process:
        """A new worker group, ready to work."""
        command = worker_command(self.settings, name=name, **({"queues": queues} if queues else {}))
        log_name = f"worker-{len(self.groups)}.log"
        group = Process(command, self.settings, log_name=log_name)
        group.start()
        self.groups.append(group)
        wait_until(lambda: self.children_of(group), why=self.log(group))
        return group

    def children_of(self, group: Process) -> list[psutil.Process]:
        """The worker processes, without the housekeeper; none before the group is ready."""
        with contextlib.suppress(psutil.NoSuchProcess):
            below = psutil.Process(group.pid).children()
            workers = [each for each in below if not self._is_keeper(each)]
            return workers if len(workers) < len(below) else []
        return []

    def keeper_of(self, group: Process) -> psutil.Process:
        return next(each for each in psutil.Process(group.pid).children() if self._is_keeper(each))

    @staticmethod
    def _is_keeper(process: psutil.Process) -> bool:
        with contextlib.suppress(psutil.NoSuchProcess):
            return "worker.keeper" in process.cmdline()
        return False

    def log(self, group: Process) -> str:
        return group.log_path.read_text() if group.log_path.exists() else ""

    def texts(self, count: int, *marks: str) -> list[str]:
        """Texts that no test has had before; the first ones carry the marks."""
        made = []
        for index in range(count):
            self.numbers += 1
            mark = f"{marks[index]}. " if index < len(marks) else ""
            made.append(mark + article(self.numbers, words=30, seed=7))
        return made

    def drop_in(self, texts: list[str]) -> list[str]:
        """Let one source arrive with these articles; whoever keeps house lets them in."""
        spool = Spool(self.settings)
        members = []
        for position, each in enumerate(texts):
            data = each.encode()
            spool.put(data, digest_of(data))
            members.append(
                arrive.Member(article_id("default", data), digest_of(data), len(data), position, None)
            )
        spool.flush()
        self.numbers += 1
        with self.desk.writing() as connection:
            found = arrive.Found(f"/made/{self.numbers}.zip", "default", 1, self.numbers)
            source = arrive.open_source(connection, found, watched=False, run=None, now=time.time())
            arrive.register(connection, source.id, "default", members, now=time.time())
            arrive.close_source(connection, source.id, SourceState.SPLIT)
        return [member.id for member in members]

    def states(self, ids: list[str]) -> dict[str, str]:
        with self.desk.reading() as connection:
            query = select(articles.c.id, articles.c.state).where(articles.c.id.in_(ids))
            return {row.id: row.state for row in connection.execute(query)}

    def finished(self, ids: list[str], *, timeout_s: float = 60) -> list[str]:
        """Wait until all are final; return their states in order."""
        wait_until(
            lambda: set(self.states(ids).values()) <= FINAL,
            timeout_s=timeout_s,
            why=f"{Counter(self.states(ids).values())} {self.log(self.groups[-1])[-3000:]}",
        )
        states = self.states(ids)
        return [states[id_] for id_ in ids]

    def row(self, id_: str) -> Any:
        with self.desk.reading() as connection:
            return connection.execute(select(articles).where(articles.c.id == id_)).one()

    def code(self, id_: str) -> str | None:
        with self.desk.reading() as connection:
            return connection.scalar(select(quarantine.c.code).where(quarantine.c.article_id == id_))

    def claims(self) -> list[Any]:
        with self.desk.reading() as connection:
            return list(connection.execute(select(claims)).all())

    def held(self) -> list[Any]:
        with self.desk.reading() as connection:
            return list(connection.execute(select(holds)).all())

    def working(self) -> Any:
        """Wait until somebody holds a claim; return it."""
        return wait_until(self.claims, why="a claim")[0]

    def revisions(self, ids: list[str]) -> Counter[str]:
        with self.desk.reading() as connection:
            return Counter(
                connection.scalars(select(records.c.article_id).where(records.c.article_id.in_(ids)))
            )

    def delivered(self, ids: list[str]) -> Counter[str]:
        """How often each article stands in the sink's file, once everything is delivered."""

        def is_empty() -> bool:
            query = select(func.count()).select_from(outbox).where(outbox.c.delivered_at.is_(None))
            with self.desk.reading() as connection:
                return not connection.scalar(query)

        wait_until(is_empty, why="the outbox is empty")
        lines = (self.settings.desk_dir / "out" / "records.jsonl").read_text().splitlines()
        keys = Counter(json.loads(line)["key"].partition(":")[0] for line in lines)
        return Counter({id_: keys[id_] for id_ in ids if keys[id_]})

    def exactly_once(self, ids: list[str]) -> None:
        once = dict.fromkeys(ids, 1)
        assert self.revisions(ids) == once
        assert self.delivered(ids) == once

    def app(self) -> Any:
        return make_app(self.settings)

    def kill_server(self) -> None:
        """SIGKILL the server and start an empty one."""
        pid = int((self.settings.desk_dir / "run" / "redis.pid").read_text())
        os.kill(pid, signal.SIGKILL)
        wait_until(lambda: not psutil.pid_exists(pid) or psutil.Process(pid).status() == "zombie")
        ensure_server(self.settings)

    def redis(self) -> Any:
        return contextlib.closing(client(self.settings))
