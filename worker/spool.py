"""Where raw bytes wait, named by their hash: a folder by default, any fsspec URL for many machines.

Bytes are written once and never changed, so a name is proof of its content. On a local disk a file and its
folder are on the disk itself (fsync) before `put` or `flush` returns: only then may the ledger name them.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from pathlib import Path
from typing import TYPE_CHECKING

import fsspec

from worker.errors import RetryLater

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

    from worker.settings import Settings

CHUNK_BYTES = 1024 * 1024


class Spool:
    """Bytes by SHA-256, two folders deep (`ab/cd/abcd...`)."""

    def __init__(self, settings: Settings) -> None:
        url = settings.spool_url or (settings.desk_dir / "spool").as_uri()
        self.fs, self.root = fsspec.core.url_to_fs(url)
        self.is_local = "file" in (
            [self.fs.protocol] if isinstance(self.fs.protocol, str) else self.fs.protocol
        )
        self._folders_made: set[str] = set()
        self._folders_dirty: set[str] = set()

    def path_of(self, digest: str) -> str:
        """Return the path of these bytes within the file system."""
        return f"{self.root}/{digest[:2]}/{digest[2:4]}/{digest}"

    def put(self, data: bytes, digest: str) -> None:
        """Store bytes under their digest; known ones cost nothing. Call `flush` before the ledger row.

        Raises RetryLater when the disk is full or the store cannot be reached.
        """
        path = self.path_of(digest)
        try:
            if self.is_local:
                self._put_local(path, data)
            elif not self.fs.exists(path):
                self.fs.pipe_file(path, data)
        except OSError as error:
            raise RetryLater(f"the spool cannot be written now: {error}") from error

    def put_file(self, source: BinaryIO, *, salt: bytes = b"") -> tuple[str, str, int]:
        """Copy a stream of any length; return (digest, digest with `salt` in front, size in bytes)."""
        plain, salted, size = hashlib.sha256(), hashlib.sha256(salt), 0
        scratch = f"{self.root}/incoming-{secrets.token_hex(8)}"
        try:
            self.fs.makedirs(self.root, exist_ok=True)
            with self.fs.open(scratch, "wb") as target:
                while block := source.read(CHUNK_BYTES):
                    plain.update(block)
                    salted.update(block)
                    size += len(block)
                    target.write(block)
                if self.is_local:
                    target.flush()
                    os.fsync(target.fileno())
            path = self.path_of(plain.hexdigest())
            if self.is_local:
                self._folder(os.path.dirname(path))
                os.replace(scratch, path)
            else:
                self.fs.mv(scratch, path)
        except OSError as error:
            if self.fs.exists(scratch):
                self.fs.rm(scratch)
            raise RetryLater(f"the spool cannot be written now: {error}") from error
        return plain.hexdigest(), salted.hexdigest(), size

    def flush(self) -> None:
        """Put the folders of what was stored on the disk itself."""
        for folder in self._folders_dirty:
            _fsync_folder(folder)
        self._folders_dirty.clear()

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
        for folder in sorted(self.fs.glob(f"{self.root}/??/??")):
            for path in self.fs.ls(folder, detail=False):
                yield Path(path).name

    def _put_local(self, path: str, data: bytes) -> None:
        if os.path.exists(path):
            return
        folder = os.path.dirname(path)
        self._folder(folder)
        scratch = f"{path}.{secrets.token_hex(4)}"
        descriptor = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "wb", buffering=0) as file:
                view = memoryview(data)
                while view:
                    view = view[file.write(view) or 0 :]
                os.fsync(file.fileno())
            os.rename(scratch, path)
        except OSError:
            os.unlink(scratch)
            raise

    def _folder(self, folder: str) -> None:
        if folder not in self._folders_made:
            os.makedirs(folder, mode=0o700, exist_ok=True)
            self._folders_made.add(folder)  # at most 65,536 of them
            self._folders_dirty.add(os.path.dirname(folder))
            self._folders_dirty.add(self.root)
        self._folders_dirty.add(folder)


def _fsync_folder(folder: str) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
