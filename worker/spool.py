"""Where raw bytes wait, named by their hash: a folder by default, any fsspec URL for many machines.

Bytes are written once and never changed, so a name is proof of its content. On a local disk a file gets its
name in `flush`, when its bytes are on the disk itself; once `flush` has returned the name is there too, and
only then may the ledger hold it.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import functools
import hashlib
import os
import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Any

import fsspec

from worker.errors import RetryLater
from worker.process import host_key, is_alive, process_key

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import BinaryIO

    from worker.settings import Settings

CHUNK_BYTES = 1024 * 1024
INCOMING = "incoming-"
SYNC_ALL_FROM = 16
"""So many new files at once are put on the disk by one `syncfs` instead of an `fsync` each (5x as fast)."""


class Spool:
    """Bytes by SHA-256, one folder deep (`ab/abcd...`). What is put is there after `flush`."""

    def __init__(self, settings: Settings) -> None:
        url = settings.spool_url or (settings.desk_dir / "spool").as_uri()
        self.fs, self.root = fsspec.core.url_to_fs(url)
        self.is_local = "file" in (
            [self.fs.protocol] if isinstance(self.fs.protocol, str) else self.fs.protocol
        )
        self._folders_made: set[str] = set()
        self._pending: dict[str, str] = {}  # digest -> scratch file

    def path_of(self, digest: str) -> str:
        """Return the path of these bytes within the file system."""
        return f"{self.root}/{digest[:2]}/{digest}"

    def put(self, data: bytes, digest: str) -> None:
        """Store bytes under their digest; known ones cost nothing. Call `flush` before the ledger row.

        Raises RetryLater when the disk is full or the store cannot be reached.
        """
        with _writing():
            if not self.is_local:
                if not self.fs.exists(self.path_of(digest)):
                    self.fs.pipe_file(self.path_of(digest), data)
            elif digest not in self._pending and not os.path.exists(self.path_of(digest)):
                scratch, descriptor = self._scratch()
                with _removed_on_error(scratch), os.fdopen(descriptor, "wb", buffering=0) as file:
                    view = memoryview(data)
                    while view:
                        view = view[file.write(view) or 0 :]
                self._pending[digest] = scratch

    def put_file(self, source: BinaryIO, *, salt: bytes = b"") -> tuple[str, str, int]:
        """Copy a stream of any length; return (digest, digest with `salt` in front, size in bytes).

        Raises RetryLater as `put` does, and OSError when `source` cannot be read.
        """
        if self.is_local:
            with _writing():
                scratch, descriptor = self._scratch()
            with _removed_on_error(scratch), os.fdopen(descriptor, "wb", buffering=0) as target:
                plain, salted, size = _copy(source, target.write, salt)
            if plain in self._pending:
                os.unlink(scratch)
            else:
                self._pending[plain] = scratch
            return plain, salted, size
        scratch = f"{self.root}/{INCOMING}{secrets.token_hex(8)}"
        try:
            with _writing():
                target = self.fs.open(scratch, "wb")
            with target:
                plain, salted, size = _copy(source, target.write, salt)
            with _writing():
                self.fs.mv(scratch, self.path_of(plain))
        except BaseException:
            with contextlib.suppress(OSError):
                self.fs.rm(scratch)
            raise
        return plain, salted, size

    def flush(self) -> None:
        """Put what was stored on the disk itself, under its name. Raises RetryLater as `put` does."""
        if not self._pending:
            return
        try:
            with _writing():
                self._sync(self._pending.values())
                folders = {os.path.dirname(self.path_of(digest)) for digest in self._pending}
                made = [folder for folder in folders if folder not in self._folders_made]
                for folder in made:
                    os.makedirs(folder, mode=0o700, exist_ok=True)
                for digest, scratch in self._pending.items():
                    os.rename(scratch, self.path_of(digest))
                self._sync([*folders, *([self.root] if made else [])])
                self._folders_made.update(made)  # at most 256 of them
        except BaseException:
            self._folders_made.clear()  # somebody may have taken them away
            for scratch in self._pending.values():
                with contextlib.suppress(OSError):
                    os.unlink(scratch)
            raise
        finally:
            self._pending.clear()

    def get(self, digest: str) -> bytes:
        """Return the bytes. Raises FileNotFoundError when the spool has lost them."""
        if self.is_local:
            with open(self.path_of(digest), "rb") as file:
                return file.read()
        return bytes(self.fs.cat_file(self.path_of(digest)))

    def has(self, digest: str) -> bool:
        """Whether the bytes are there."""
        return bool(self.fs.exists(self.path_of(digest)))

    def digests(self) -> Iterator[str]:
        """Yield every digest in the spool, folder by folder."""
        for folder in sorted(self.fs.glob(f"{self.root}/??")):
            for path in self.fs.ls(folder, detail=False):
                yield Path(path).name

    def sweep(self) -> None:
        """Remove what dead processes of this host left half written. Local folders only."""
        if not self.is_local or not os.path.isdir(self.root):
            return
        ours = f"{INCOMING}{_host()}-"
        for name in os.listdir(self.root):
            if name.startswith(ours) and not is_alive(name.removeprefix(ours).rpartition("-")[0]):
                with contextlib.suppress(FileNotFoundError):
                    os.unlink(f"{self.root}/{name}")

    def _scratch(self) -> tuple[str, int]:
        name = f"{INCOMING}{_host()}-{_process(os.getpid())}-{secrets.token_hex(8)}"
        path = f"{self.root}/{name}"
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
        try:
            return path, os.open(path, flags, 0o600)
        except FileNotFoundError:
            os.makedirs(self.root, mode=0o700, exist_ok=True)
            return path, os.open(path, flags, 0o600)

    def _sync(self, paths: Iterable[str]) -> None:
        """Put files or folders on the disk itself."""
        several = list(paths)
        if len(several) >= SYNC_ALL_FROM and _syncfs(self.root):
            return
        for path in several:
            _fsync(path)


def _copy(source: BinaryIO, write: Callable[[Any], int | None], salt: bytes) -> tuple[str, str, int]:
    plain, salted, size = hashlib.sha256(), hashlib.sha256(salt), 0
    while block := source.read(CHUNK_BYTES):
        plain.update(block)
        salted.update(block)
        size += len(block)
        view = memoryview(block)
        with _writing():
            while view:
                written = write(view)
                view = view[len(view) if written is None else written :]
    return plain.hexdigest(), salted.hexdigest(), size


@contextlib.contextmanager
def _writing() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise RetryLater(f"the spool cannot be written now: {error}") from error


@contextlib.contextmanager
def _removed_on_error(path: str) -> Iterator[None]:
    try:
        yield
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(path)
        raise


def _fsync(path: str) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _syncfs(folder: str) -> bool:
    """Put everything on this file system on the disk itself; False where the system has no such call.

    Linux returns only when that is done, and reports what could not be written (since 5.8).
    """
    call = _syncfs_call()
    if call is None:
        return False
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        if call(descriptor) != 0:
            number = ctypes.get_errno()
            if number == errno.ENOSYS:
                return False
            raise OSError(number, os.strerror(number), folder)
    finally:
        os.close(descriptor)
    return True


@functools.cache
def _syncfs_call() -> Callable[[int], int] | None:
    found: Callable[[int], int] | None = getattr(ctypes.CDLL(None, use_errno=True), "syncfs", None)
    return found


@functools.cache
def _host() -> str:
    return hashlib.sha256(host_key().encode()).hexdigest()[:8]


@functools.cache
def _process(pid: int) -> str:
    return process_key(pid)
