"""JSON Lines: one record a line, appended to a file. Exactly once: the cursor is the file's good length."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from worker.settings import Settings
    from worker.sinks import Delivery


class JsonLinesSink:
    """Appends records to `jsonl_path`, each as `{"key", "revision", "record"}`."""

    name = "jsonl"

    def __init__(self, settings: Settings) -> None:
        self.path = settings.jsonl_path or settings.desk_dir / "out" / "records.jsonl"

    def position(self) -> str:
        """Return how long the file is before anything of ours is in it."""
        return str(self.path.stat().st_size if self.path.exists() else 0)

    def deliver(self, deliveries: list[Delivery], cursor: str | None) -> str:
        """Cut off what a crash left behind the cursor, append, and put it on the disk itself."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        with os.fdopen(descriptor, "r+b") as file:
            length = file.seek(0, os.SEEK_END)
            if cursor is not None and length > int(cursor):
                file.truncate(int(cursor))
                file.seek(int(cursor))
            for each in deliveries:
                head = json.dumps({"key": each.key, "revision": each.revision})[:-1]
                file.write(f'{head}, "record": {each.body}}}\n'.encode())
            file.flush()
            os.fsync(file.fileno())
            return str(file.tell())
