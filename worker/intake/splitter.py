"""Our side of the child that takes containers apart: requests, frames, limits, and killing it."""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from worker.errors import RejectSource, RetryLater
from worker.process import is_alive, process_key

if TYPE_CHECKING:
    from collections.abc import Iterator

    from worker.settings import Settings

READ_BYTES = 1024 * 1024
MAX_HEADER_BYTES = 1024 * 1024
SCRATCH = "split-"


@dataclass(frozen=True)
class Piece:
    """One article out of a container: its bytes, or the path of a file that holds them."""

    position: int
    member: str
    data: bytes
    size: int = 0
    file: Path | None = None
    refuse: tuple[str, str] | None = None


@dataclass(frozen=True)
class Unreadable:
    """A member that gives no bytes: a link, something encrypted, a damaged inner archive."""

    member: str
    why: str


class Splitter:
    """Starts the child when it is needed, and kills it when it hangs. Use as a context manager."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._child: subprocess.Popen[bytes] | None = None
        self._buffer = bytearray()
        folder = settings.desk_dir / "run"
        _sweep(folder)
        self._scratch = tempfile.mkdtemp(prefix=f"{SCRATCH}{process_key(os.getpid())}-", dir=folder)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the child and remove what it left."""
        self._kill()
        shutil.rmtree(self._scratch, ignore_errors=True)

    def split(self, path: str, *, skip: int) -> Iterator[Piece | Unreadable]:
        """Yield the articles of a container from number `skip` on.

        `path` is written as in the ledger. The file of a large piece is the reader's to remove, and soon:
        the child makes only a few ahead. Raises RejectSource when the container cannot be read to its end;
        what was yielded before stays good. Raises RetryLater when no process can be started.
        """
        finished = False
        try:
            self._ask({"path": path, "skip": skip, "limits": self._limits()})
            while True:
                head = self._header()
                if "end" in head:
                    finished = True
                    return
                if "failed" in head:
                    finished = True
                    raise RejectSource(*head["failed"])
                if "alive" in head:
                    continue
                if "unreadable" in head:
                    yield Unreadable(head["unreadable"], head["why"])
                else:
                    yield self._piece(head)
        finally:
            if not finished:  # the reader left in the middle, or the child is broken: start afresh next time
                self._kill()

    def _ask(self, request: dict[str, Any]) -> None:
        child = self._started()
        assert child.stdin is not None
        try:
            child.stdin.write(json.dumps(request).encode() + b"\n")
            child.stdin.flush()
        except BrokenPipeError:
            raise RejectSource("splitter_died", "the process that takes it apart ended at once") from None

    def _limits(self) -> dict[str, int]:
        settings = self._settings
        return {
            "bytes": settings.max_container_bytes,
            "members": settings.max_container_members,
            "ratio": settings.max_container_ratio,
            "depth": settings.max_container_depth,
            "article": settings.max_article_bytes,
        }

    def _piece(self, head: dict[str, Any]) -> Piece:
        data = self._take(head["size"])
        refuse = tuple(head["refuse"]) if "refuse" in head else None
        file = Path(head["file"]) if "file" in head else None
        size = head.get("bytes", len(data))
        return Piece(head["position"], head["member"], data, size, file, refuse)

    def _started(self) -> subprocess.Popen[bytes]:
        if self._child is None or self._child.poll() is not None:
            self._buffer.clear()
            for left in Path(self._scratch).iterdir():  # of one that was killed; its pieces are used by now
                left.unlink()
            command = [sys.executable, "-m", "worker.intake.split", str(self._settings.split_memory_mb)]
            root = str(Path(__file__).resolve().parent.parent.parent)
            try:
                self._child = subprocess.Popen(  # noqa: S603 - our own module
                    [*command, self._scratch],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    cwd=root,
                    start_new_session=True,  # Ctrl-C is for the parent, which ends it in good order
                )
            except OSError as error:
                raise RetryLater(f"no process can be started to take archives apart: {error}") from error
        return self._child

    def _header(self) -> dict[str, Any]:
        while (end := self._buffer.find(b"\n")) < 0:
            if len(self._buffer) > MAX_HEADER_BYTES:
                raise RejectSource("splitter_broken", "the process that takes containers apart went wrong")
            self._fill()
        line = bytes(self._buffer[:end])
        del self._buffer[: end + 1]
        try:
            head: dict[str, Any] = json.loads(line)
        except ValueError:
            raise RejectSource("splitter_broken", "the process that takes it apart went wrong") from None
        return head

    def _take(self, size: int) -> bytes:
        while len(self._buffer) < size:
            self._fill()
        data = bytes(self._buffer[:size])
        del self._buffer[:size]
        return data

    def _fill(self) -> None:
        """Read more of the child's output, or give it up when nothing comes any more."""
        assert self._child is not None
        assert self._child.stdout is not None
        deadline = time.monotonic() + self._settings.split_timeout_s
        with selectors.DefaultSelector() as selector:
            selector.register(self._child.stdout, selectors.EVENT_READ)
            if not selector.select(max(0.0, deadline - time.monotonic())):
                raise RejectSource(
                    "timeout", f"yielded nothing for {self._settings.split_timeout_s:g} s (split_timeout_s)"
                )
        data = os.read(self._child.stdout.fileno(), READ_BYTES)
        if not data:
            code = self._child.wait()
            raise RejectSource("splitter_died", f"taking it apart ended the process (exit {code})")
        self._buffer += data

    def _kill(self) -> None:
        if self._child is not None:
            self._child.kill()
            self._child.wait()
            for pipe in (self._child.stdin, self._child.stdout):
                if pipe is not None:
                    with contextlib.suppress(OSError):
                        pipe.close()
            self._child = None
        self._buffer.clear()


def _sweep(folder: Path) -> None:
    """Remove what processes that were killed left behind."""
    for left in folder.glob(f"{SCRATCH}*"):
        if not is_alive(left.name.removeprefix(SCRATCH).rpartition("-")[0]):
            shutil.rmtree(left, ignore_errors=True)
