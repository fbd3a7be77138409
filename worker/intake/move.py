"""Where finished files go: `done/` or `failed/` beside the inbox, with the reason beside a failed one.

A move is crash-safe: the target is written to the ledger first (durably, and with it everything that the
workers wrote before), then the file is renamed, then the source is settled. After the rename the file is
looked at once more: if it is no longer the one that was read, it goes back into the inbox as a new arrival.
A file that somebody is writing to is left alone until they have closed it.
"""

from __future__ import annotations

import errno
import logging
import os
import shutil
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update

from worker.desk.tables import ArticleState, SourceState, arrivals, articles, quarantine, sources
from worker.identity import digest_of
from worker.intake.names import label_of, path_of, text_of
from worker.intake.whole import written_to
from worker.settings import MB

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from sqlalchemy import Connection

    from worker.desk.engine import Desk
    from worker.settings import Settings

log = logging.getLogger(__name__)
AT_ONCE = 64
TRY_AGAIN_S = 10.0
MOST_HASHED_BYTES = 64 * MB
MAX_NAME_BYTES = 255
MAX_REASONS = 50
REASON_ENDING = ".reason.txt"
NOWHERE = "(gone)"
"""`moved_to` of a file that was deleted, or that somebody else took away or changed."""


@dataclass(frozen=True)
class Reason:
    """Why a file ends in `failed/`: the source's own error, or an article in quarantine."""

    who: str
    code: str
    detail: str

    def line(self) -> str:
        """One line for a person."""
        return f"{self.who}: {self.code}: {self.detail}"


class Mover:
    """Settles the watched sources whose articles are all final."""

    def __init__(self, desk: Desk, inbox: Path, settings: Settings) -> None:
        self.desk = desk
        self.inbox = inbox
        self.after = settings.after
        self._later: dict[int, float] = {}  # sources that could not be settled: when to try again

    def settle(self) -> int:
        """Move, keep or delete what is finished; return how many sources were settled."""
        settled, last = 0, 0
        while rows := self._finished(after=last):
            last = rows[-1].id
            due = [row for row in rows if time.monotonic() >= self._later.get(row.id, 0)]
            settled += self._settle([row for row in due if self._path(row).is_relative_to(self.inbox)])
        return settled

    def _finished(self, *, after: int) -> Sequence[Any]:
        query = (
            select(sources)
            .where(
                sources.c.watched.is_(True),
                sources.c.settled_at.is_(None),
                sources.c.pending == 0,
                sources.c.state != SourceState.SPLITTING,
                sources.c.id > after,
            )
            .order_by(sources.c.id)
            .limit(AT_ONCE)
        )
        with self.desk.reading() as connection:
            return connection.execute(query).all()

    def _settle(self, rows: Sequence[Any]) -> int:
        """Settle these: one durable transaction before the files are moved, and one after."""
        if not rows:
            return 0
        where: dict[int, str | None] = {}  # source -> where its file is now
        moves = []
        for row in rows:
            if row.state == SourceState.GONE or self.after == "keep":
                where[row.id] = None
            elif not row.moved_to and not _is_as_read(self._path(row), row):
                where[row.id] = NOWHERE
            elif row.moved_to or not written_to(row.path):
                moves.append(row)
        failed: list[int] = []
        for row, target, reasons in self._plan(moves):
            try:
                where[row.id] = self._carry_away(row, target, reasons)
            except OSError as error:
                self._later[row.id] = time.monotonic() + TRY_AGAIN_S
                failed.append(row.id)
                log.error(  # noqa: TRY400 - it is tried again; a traceback every time helps nobody
                    "a finished file cannot be moved",
                    extra={"path": row.path, "to": text_of(str(target)), "error": str(error)},
                )
        with self.desk.writing() as connection:
            now = self.desk.now(connection)
            for id_, moved_to in where.items():
                change = {"settled_at": now, "moved_to": moved_to}
                connection.execute(update(sources).where(sources.c.id == id_).values(change))
                self._later.pop(id_, None)
            connection.execute(update(sources).where(sources.c.id.in_(failed)).values(moved_to=None))
        return len(where)

    def _plan(self, rows: Sequence[Any]) -> list[tuple[Any, Path, list[Reason]]]:
        """Choose where each file goes, and write it down before anything is moved."""
        if not rows:
            return []
        plan: list[tuple[Any, Path, list[Reason]]] = []
        chosen: set[Path] = set()
        with self.desk.writing() as connection:  # durable: the desk was opened so
            for row in rows:
                reasons = _reasons(connection, row)
                if row.moved_to:
                    target = Path(path_of(row.moved_to))
                else:
                    target = self._target(row, chosen, failed=bool(reasons))
                    values = {"moved_to": text_of(str(target))}
                    connection.execute(update(sources).where(sources.c.id == row.id).values(values))
                chosen.add(target)
                plan.append((row, target, reasons))
        return plan

    def _carry_away(self, row: Any, target: Path, reasons: list[Reason]) -> str:
        """Move or delete the file, unless it is no longer the one that was read; return where it is."""
        path = self._path(row)
        copied = False
        if _is_as_read(path, row):
            copied = _move(path, target)
            if copied and not _is_as_read(path, row):  # it changed while it was copied
                target.unlink()
                return NOWHERE
            if copied:
                path.unlink()
        if not os.path.lexists(target):
            return NOWHERE
        if written_to(text_of(str(target))) or not (copied or _is_the_one(target, row)):
            back = _free_name(path, str(row.id)) if os.path.lexists(path) else path
            if _move(target, back):
                target.unlink()
            log.warning(
                "a file changed after it was read; it is taken in again", extra={"path": text_of(str(back))}
            )
            return NOWHERE
        if self.after == "delete" and not reasons:
            target.unlink()
            return NOWHERE
        if reasons:
            text = "\n".join(reason.line() for reason in reasons) + "\n"
            beside = target.with_name(_fitting(target.name, REASON_ENDING))
            scratch = target.with_name(_fitting(f".{target.name}", ".part"))
            scratch.write_text(text, encoding="utf-8")
            scratch.replace(beside)  # whoever watches `failed/` never sees half a reason
        log.info("source settled", extra={"path": row.path, "moved_to": text_of(str(target))})
        return text_of(str(target))

    def _path(self, row: Any) -> Path:
        return Path(path_of(row.path))

    def _target(self, row: Any, chosen: set[Path], *, failed: bool) -> Path:
        """Return a free name under `done/` or `failed/`; a folder whose name is a file's gets a number."""
        steps = self._path(row).relative_to(self.inbox).parts
        folder = self.inbox.parent / ("failed" if failed else "done")
        for step in steps[:-1]:
            below, number = folder / step, 1
            while os.path.lexists(below) and not below.is_dir():
                number += 1
                below = folder / _fitting(step, f".{number}")
            folder = below
        target = folder / steps[-1]
        if target in chosen or os.path.lexists(target):
            return _free_name(target, f"{row.digest or ''}"[:8] or str(row.id), chosen)
        return target


def _reasons(connection: Connection, row: Any) -> list[Reason]:
    reasons = []
    name = label_of(Path(path_of(row.path)).name)
    if row.error_code:
        reasons.append(Reason(name, row.error_code, row.error_detail or ""))
    query = (
        select(arrivals.c.member, articles.c.id, quarantine.c.code, quarantine.c.detail)
        .join(articles, articles.c.id == arrivals.c.article_id)
        .join(quarantine, quarantine.c.article_id == articles.c.id)
        .where(arrivals.c.source_id == row.id, articles.c.state == ArticleState.QUARANTINED)
        .order_by(arrivals.c.position)
        .limit(MAX_REASONS)
    )
    for member, id_, code, detail in connection.execute(query):
        reasons.append(Reason(f"{member or name} (article {id_[:12]})", code, detail))
    return reasons


def _is_as_read(path: Path, row: Any) -> bool:
    """Whether the file that was read still lies there, told by size and mtime; a link counts as it is."""
    try:
        stat = path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    same = (stat.st_size, stat.st_mtime_ns) == (row.size, row.mtime_ns)
    return bool(same) or path.is_symlink()


def _is_the_one(path: Path, row: Any) -> bool:
    """Whether these are the bytes that were read; in small files they are looked at."""
    if not _is_as_read(path, row):
        return False
    if row.digest is None or row.size > MOST_HASHED_BYTES or path.is_symlink():
        return True
    try:
        return bool(digest_of(path.read_bytes()) == row.digest)
    except PermissionError:
        return True


def _fitting(name: str, ending: str) -> str:
    """Return name and ending, the name cut where both are too long for a file system."""
    room = MAX_NAME_BYTES - len(os.fsencode(ending))
    raw = os.fsencode(name)
    if len(raw) > room:  # never in the middle of a character
        name = raw[:room].decode("utf-8", "ignore")
    return name + ending


def _free_name(path: Path, mark: str, chosen: Collection[Path] = ()) -> Path:
    """Return a name beside `path` that nobody has: `name.MARK.txt`, `name.MARK-2.txt`, ..."""
    number = 1
    while True:
        suffix = mark if number == 1 else f"{mark}-{number}"
        candidate = path.with_name(_fitting(path.stem, f".{suffix}{path.suffix}"))
        if candidate not in chosen and not os.path.lexists(candidate):
            return candidate
        number += 1


def _move(path: Path, target: Path) -> bool:
    """Rename. Across devices copy, put the copy on the disk itself, leave the original, and return True."""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.rename(path, target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
    else:
        return False
    scratch = target.with_name(_fitting(f".{target.name}", ".part"))
    try:
        shutil.copy2(path, scratch, follow_symlinks=False)
        if not scratch.is_symlink():
            with scratch.open("rb") as file:
                os.fsync(file.fileno())
        os.replace(scratch, target)
    except OSError:
        scratch.unlink(missing_ok=True)
        raise
    return True
