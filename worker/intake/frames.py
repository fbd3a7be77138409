"""What the process that takes containers apart says: numbered articles, counted bytes, frames.

Standard library only. The frames are described in `worker.intake.split`.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from typing import TYPE_CHECKING, Any

from worker.intake.names import label_of

if TYPE_CHECKING:
    from collections.abc import Iterator

RATIO_FREE_BYTES = 100 * 1024 * 1024
IN_FRAME_BYTES = 4 * 1024 * 1024
FILES_AHEAD = 4
"""So many large articles may wait for the reader; then we wait for it, so that the disk does not fill up."""
ALIVE_EVERY_S = 1.0


class Stop(Exception):  # noqa: N818 - it ends a container, whether by fault or by limit
    """The container cannot be taken apart any further: code and detail for the ledger."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail


class Out:
    """Numbers articles, counts bytes, and writes frames for those behind the cursor."""

    def __init__(self, request: dict[str, Any], size: int, scratch_dir: str) -> None:
        self.skip: int = request["skip"]
        self.limits: dict[str, int] = request["limits"]
        self.position = 0
        self.unpacked = 0
        self.repacked = 0
        self._last_frame = time.monotonic()
        self.container_size = max(size, 1)
        self.scratch_dir = scratch_dir
        self._stream = sys.stdout.buffer

    def count(self, number: int, *, packed: bool = False) -> None:
        """Count unpacked bytes; raise Stop when they are more than a container may hold.

        `packed` ones came out of a wrapper or an inner container, and are counted again as articles.
        """
        if packed:
            self.repacked += number
        else:
            self.unpacked += number
        self.alive()
        most = max(self.unpacked, self.repacked)
        if most > self.limits["bytes"]:
            raise Stop(
                "too_large", f"unpacks to more than {self.limits['bytes']} bytes (max_container_bytes)"
            )
        if most > RATIO_FREE_BYTES and most > self.limits["ratio"] * self.container_size:
            raise Stop(
                "bomb",
                f"unpacks to more than {self.limits['ratio']} times its size (max_container_ratio)",
            )

    def article(self, member: str, chunks: Iterator[bytes], *, refuse: tuple[str, str] | None = None) -> None:
        """Write one article. Its bytes stay in memory up to 4 MB, then go to a file.

        One whose bytes cannot be read to their end is not written, and its number is given to the next.
        """
        if self.position >= self.limits["members"]:
            raise Stop(
                "too_many", f"holds more than {self.limits['members']} articles (max_container_members)"
            )
        head: dict[str, Any] = {"position": self.position, "member": label_of(member)}
        if refuse:
            head["refuse"] = list(refuse)
        if self.position < self.skip:
            for chunk in chunks:
                self.count(len(chunk))
        else:
            body = self._gather(chunks, head)
            head["size"] = len(body)
            self.frame(head, body)
        self.position += 1

    def _gather(self, chunks: Iterator[bytes], head: dict[str, Any]) -> bytearray:
        """Return an article's bytes; for a large one put them into a file, and its name into `head`."""
        buffer = bytearray()
        for chunk in chunks:
            self.count(len(chunk))
            buffer += chunk
            if len(buffer) > IN_FRAME_BYTES:
                break
        else:
            return buffer
        self._wait_for_reader()
        descriptor, path = tempfile.mkstemp(dir=self.scratch_dir)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(buffer)
                for chunk in chunks:
                    self.count(len(chunk))
                    file.write(chunk)
                head["bytes"] = file.tell()
        except BaseException:
            os.unlink(path)
            raise
        head["file"] = path
        return bytearray()

    def _wait_for_reader(self) -> None:
        while len(os.listdir(self.scratch_dir)) >= FILES_AHEAD:
            time.sleep(0.01)
            self.alive()

    def unreadable(self, member: str, why: str) -> None:
        """Say that a member gives no bytes."""
        self.frame({"unreadable": label_of(member), "why": label_of(why)})

    def alive(self) -> None:
        """Say now and then that work goes on, while there is nothing else to say."""
        if time.monotonic() - self._last_frame > ALIVE_EVERY_S:
            self.frame({"alive": True})

    def frame(self, head: dict[str, Any], body: bytes | bytearray = b"") -> None:
        """Write one frame."""
        self._stream.write(json.dumps(head).encode() + b"\n" + body)
        self._stream.flush()
        self._last_frame = time.monotonic()
