"""Takes sources in: bytes to the spool, rows to the ledger, and only then the bell."""

from __future__ import annotations

import errno
import logging
import os
import shutil
import time
from pathlib import Path
from typing import TYPE_CHECKING

from worker import bell
from worker.desk import arrive, ledger
from worker.desk.tables import SourceState
from worker.errors import RejectSource, RetryLater
from worker.identity import article_id, digest_of
from worker.intake.kinds import HEAD_BYTES, container_kind
from worker.intake.names import label_of, path_of, text_of
from worker.intake.splitter import Piece, Splitter, Unreadable
from worker.settings import MB
from worker.spool import Spool

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from celery import Celery
    from sqlalchemy import Connection

    from worker.desk.engine import Desk
    from worker.settings import Settings

log = logging.getLogger(__name__)
CHUNK_ARTICLES = 1024
FILES_AT_ONCE = 256
OUT_OF_BREATH = {errno.EMFILE, errno.ENFILE, errno.ENOMEM}
"""Errors of the machine, not of the file that was to be opened."""
CHUNK_BYTES = 8 * MB
MAX_UNREADABLE_NAMED = 20


def look_at(path: Path, collection: str) -> arrive.Found:
    """Return what the file system says of a file. Raises OSError."""
    stat = path.stat()
    return arrive.Found(text_of(str(path.absolute())), collection, stat.st_size, stat.st_mtime_ns)


class Taker:
    """Takes in files and containers. One process at a time does so for one inbox or one batch."""

    def __init__(
        self, desk: Desk, app: Celery, settings: Settings, *, watched: bool, run: str | None
    ) -> None:
        self.desk = desk
        self.app = app
        self.settings = settings
        self.spool = Spool(settings)
        self.spool.sweep()
        self.watched = watched
        self.run = run
        self._splitter: Splitter | None = None

    def close(self) -> None:
        """End the process that takes containers apart."""
        if self._splitter is not None:
            self._splitter.close()
            self._splitter = None

    def unknown(self, found: Sequence[arrive.Found]) -> list[arrive.Found]:
        """Return those files that have not been taken in to their end as they are now."""
        with self.desk.reading() as connection:
            known = arrive.known_sources(connection, found, watched=self.watched)
        return [each for each in found if each.path not in known]

    def take(self, found: Sequence[arrive.Found], *, on_progress: Callable[[], None]) -> None:
        """Take in files, in their order. `on_progress` is called after every chunk and may raise.

        Raises RetryLater while the disk is short, the desk is locked or the spool is out of reach.
        """
        plain: list[arrive.Found] = []
        for each in found:
            self._wait_for_disk()
            if _is_container(each):
                self._take_plain(plain)
                plain = []
                self._take_container(each, on_progress)
            else:
                plain.append(each)
            if len(plain) >= FILES_AT_ONCE or sum(f.size for f in plain) > CHUNK_BYTES:
                self._take_plain(plain)
                plain = []
            on_progress()
        self._take_plain(plain)

    def _wait_for_disk(self) -> None:
        free_mb = shutil.disk_usage(self.settings.desk_dir).free // MB
        if free_mb < self.settings.min_free_disk_mb:
            raise RetryLater(
                f"only {free_mb} MB of disk are free at the desk; nothing is taken in below "
                f"{self.settings.min_free_disk_mb} (min_free_disk_mb)"
            )

    # --- files that are one article -------------------------------------------------------------------

    def _take_plain(self, found: Sequence[arrive.Found]) -> None:
        """Take in single-article files, all in one transaction."""
        if not found:
            return
        with self.desk.reading() as connection:
            known = arrive.known_sources(connection, found, watched=self.watched)
        new = [each for each in found if each.path not in known]
        wholes = [self._spool_whole(each) for each in new]
        self.spool.flush()
        with self.desk.writing() as connection:
            now = self.desk.now(connection)
            arrive.touch_sources(connection, list(known.values()), run=self.run)
            # The same path twice in one chunk, or one that came before: one after the other, to be sure.
            seen = arrive.seen_before(connection, new)
            first = {whole.found.path: whole for whole in reversed(wholes) if whole.found.path not in seen}
            arrive.register_files(
                connection,
                [whole for whole in wholes if first.get(whole.found.path) is whole],
                watched=self.watched,
                run=self.run,
                now=now,
            )
            for whole in wholes:
                if first.get(whole.found.path) is not whole:
                    self._register_whole(connection, whole, now)
            rings = ledger.admit(connection, now=now, settings=self.settings)
        self._ring(rings, _label(found[0]) if len(found) == 1 else found[0].collection)

    def _register_whole(self, connection: Connection, whole: arrive.WholeFile, now: float) -> None:
        source = arrive.open_source(connection, whole.found, watched=self.watched, run=self.run, now=now)
        if source.state != SourceState.SPLITTING:
            return
        digest = None
        if whole.member is not None:
            arrive.register(connection, source.id, whole.found.collection, [whole.member], now=now)
            digest = whole.member.digest
        arrive.close_source(
            connection,
            source.id,
            whole.state,
            digest=digest,
            error_code=whole.error_code,
            error_detail=whole.error_detail,
        )

    def _spool_whole(self, found: arrive.Found) -> arrive.WholeFile:
        salt = found.collection.encode() + b"\0"
        try:
            with open(path_of(found.path), "rb") as file:
                digest, id_, size = self.spool.put_file(file, salt=salt)
                after = os.fstat(file.fileno())
        except OSError as error:
            return arrive.WholeFile(found, None, *_why_not_read(error))
        if (after.st_size, after.st_mtime_ns) != (found.size, found.mtime_ns):
            detail = "the file changed while it was read"
            return arrive.WholeFile(found, None, SourceState.GONE, "changed", detail)
        return arrive.WholeFile(found, arrive.Member(id_, digest, size, 0, None))

    # --- containers -----------------------------------------------------------------------------------

    def _take_container(self, found: arrive.Found, on_progress: Callable[[], None]) -> None:
        """Take a container apart from where it was left, chunk by chunk."""
        with self.desk.writing() as connection:
            now = self.desk.now(connection)
            source = arrive.open_source(connection, found, watched=self.watched, run=self.run, now=now)
        if source.state != SourceState.SPLITTING:
            return
        unreadable: list[Unreadable] = []
        state, code, detail = SourceState.SPLIT, None, None
        try:
            self._check_unchanged(found)
            for chunk in _chunks(self._pieces(found, source.taken, unreadable)):
                self._take_chunk(source.id, found, chunk)
                self._wait_for_disk()
                on_progress()
            self._check_unchanged(found)
        except RejectSource as error:
            state, code, detail = SourceState.FAILED, error.code, error.detail
            if error.code in {"vanished", "changed"}:
                state = SourceState.GONE
        if unreadable:
            named = "; ".join(f"{u.member}: {u.why}" for u in unreadable[:MAX_UNREADABLE_NAMED])
            detail = f"{detail}; " if detail else ""
            detail += f"{len(unreadable)} members could not be read: {named}"
            state, code = (SourceState.FAILED, code or "members_unreadable")
        with self.desk.writing() as connection:
            arrive.close_source(connection, source.id, state, error_code=code, error_detail=detail)

    def _check_unchanged(self, found: arrive.Found) -> None:
        try:
            now = look_at(Path(path_of(found.path)), found.collection)
        except OSError as error:
            state, code, detail = _why_not_read(error)
            raise RejectSource("vanished" if state == SourceState.GONE else code, detail) from None
        if now != found:
            raise RejectSource("changed", "the file changed while it was read; it is taken as a new one")

    def _pieces(self, found: arrive.Found, skip: int, unreadable: list[Unreadable]) -> Iterator[Piece]:
        if self._splitter is None:
            self._splitter = Splitter(self.settings)
        for piece in self._splitter.split(found.path, skip=skip):
            if isinstance(piece, Unreadable):
                unreadable.append(piece)
            else:
                yield piece

    def _take_chunk(self, source_id: int, found: arrive.Found, pieces: Sequence[Piece]) -> None:
        members = [self._spool_piece(piece, found.collection) for piece in pieces]
        self.spool.flush()
        refused = {
            member.id: piece.refuse
            for member, piece in zip(members, pieces, strict=True)
            if piece.refuse is not None
        }
        welcome = [m.id for m, piece in zip(members, pieces, strict=True) if piece.refuse is None]
        with self.desk.writing() as connection:
            now = self.desk.now(connection)
            refusable = arrive.refusable(connection, list(refused), welcome, now=now)
            arrive.register(connection, source_id, found.collection, members, now=now)
            ledger.refuse(connection, {id_: refused[id_] for id_ in refusable}, now=now)
            rings = ledger.admit(connection, now=now, settings=self.settings)
        self._ring(rings, _label(found))

    def _spool_piece(self, piece: Piece, collection: str) -> arrive.Member:
        if piece.file is None:
            digest = digest_of(piece.data)
            self.spool.put(piece.data, digest)
            return arrive.Member(
                article_id(collection, piece.data), digest, len(piece.data), piece.position, piece.member
            )
        with piece.file.open("rb") as file:
            digest, id_, size = self.spool.put_file(file, salt=collection.encode() + b"\0")
        piece.file.unlink()
        return arrive.Member(id_, digest, size, piece.position, piece.member)

    def _ring(self, rings: ledger.Rings, label: str) -> None:
        bell.ring(self.app, rings, batch_size=self.settings.batch_size, label=label)


def _label(found: arrive.Found) -> str:
    return f"{found.collection}/{label_of(os.path.basename(path_of(found.path)))}"


def _why_not_read(error: OSError) -> tuple[SourceState, str, str]:
    """Return state, code and detail for a file that cannot be read; RetryLater when it is not its fault."""
    if error.errno in OUT_OF_BREATH:
        raise RetryLater(f"no file can be read now: {error.strerror}") from error
    if isinstance(error, FileNotFoundError):
        return SourceState.GONE, "vanished", "the file was gone before it was read"
    if isinstance(error, IsADirectoryError | NotADirectoryError):
        return SourceState.GONE, "vanished", "something else has taken the file's place"
    if isinstance(error, PermissionError):
        return SourceState.FAILED, "permission", "the file may not be read"
    return SourceState.FAILED, "unreadable", f"the file cannot be read: {error.strerror or error}"


def _is_container(found: arrive.Found) -> bool:
    try:
        with open(path_of(found.path), "rb") as file:
            return container_kind(os.path.basename(path_of(found.path)), file.read(HEAD_BYTES)) is not None
    except OSError:
        return False  # taking it as a single file finds the reason


def _chunks(pieces: Iterable[Piece]) -> Iterator[list[Piece]]:
    """Gather pieces until there are many, they are large, or they have been waiting for a while."""
    chunk: list[Piece] = []
    size = 0
    started = time.monotonic()
    try:
        for piece in pieces:
            chunk.append(piece)
            size += piece.size
            if len(chunk) >= CHUNK_ARTICLES or size >= CHUNK_BYTES or time.monotonic() - started > 1:
                yield chunk
                chunk, size, started = [], 0, time.monotonic()
    except RejectSource:
        if chunk:  # what came before the fault is good
            yield chunk
        raise
    if chunk:
        yield chunk
