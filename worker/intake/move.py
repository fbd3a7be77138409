"""Where finished files go: `done/` or `failed/` beside the inbox, with the reason beside a failed one.

A move is crash-safe: the target is written to the ledger first (durably, and with it everything that the
workers wrote before), then the file is renamed, then the source is settled. After the rename the file is
looked at once more: if it is no longer the one that was read, it goes back into the inbox as a new arrival.
"""

from __future__ import annotations

import errno
import logging
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update

from worker.desk.tables import ArticleState, SourceState, arrivals, articles, quarantine, sources

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from worker.desk.engine import Desk
    from worker.settings import Settings

log = logging.getLogger(__name__)
AT_ONCE = 500
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

    def settle(self) -> int:
        """Move, keep or delete what is finished; return how many sources were settled."""
        with self.desk.reading() as connection:
            rows = connection.execute(
                select(sources)
                .where(
                    sources.c.watched.is_(True),
                    sources.c.settled_at.is_(None),
                    sources.c.pending == 0,
                    sources.c.state != SourceState.SPLITTING,
                    sources.c.path.startswith(f"{self.inbox}{os.sep}", autoescape=True),
                )
                .order_by(sources.c.id)
                .limit(AT_ONCE)
            ).all()
        for row in rows:
            self._settle_one(row)
        return len(rows)

    def _settle_one(self, row: Any) -> None:
        if row.state == SourceState.GONE or self.after == "keep":
            self._mark_settled(row.id)
            return
        with self.desk.writing() as connection:  # durable: the desk was opened so
            reasons = _reasons(connection, row)
            target = row.moved_to or str(self._target(row, failed=bool(reasons)))
            connection.execute(update(sources).where(sources.c.id == row.id).values(moved_to=target))
        try:
            self._carry_away(row, Path(target), delete=self.after == "delete" and not reasons)
            if reasons and Path(target).exists():
                text = "\n".join(reason.line() for reason in reasons) + "\n"
                Path(target + REASON_ENDING).write_text(text, encoding="utf-8")
        except OSError as error:
            log.error(  # noqa: TRY400 - the next round tries again; a traceback every 2 s helps nobody
                "a finished file cannot be moved", extra={"path": row.path, "to": target, "error": str(error)}
            )
            return
        self._mark_settled(row.id, moved_to=target if Path(target).exists() else NOWHERE)
        log.info("source settled", extra={"path": row.path, "moved_to": target, "failed": bool(reasons)})

    def _carry_away(self, row: Any, target: Path, *, delete: bool) -> None:
        """Move or delete the file, unless somebody else did or it is no longer the one that was read."""
        path = Path(row.path)
        if not _is_as_read(path, row):
            return
        if delete:
            path.unlink()
            return
        _move(path, target)
        self._look_once_more(row, path, target)

    def _look_once_more(self, row: Any, path: Path, target: Path) -> None:
        if _is_as_read(target, row):
            return
        back = path if not path.exists() else _free_name(path, str(row.id))
        os.rename(target, back)
        log.warning("a file changed after it was read; it is taken in again", extra={"path": str(back)})

    def _target(self, row: Any, *, failed: bool) -> Path:
        relative = Path(row.path).relative_to(self.inbox)
        folder = self.inbox.parent / ("failed" if failed else "done")
        target = folder / relative
        return target if not target.exists() else _free_name(target, f"{row.digest or ''}"[:8] or str(row.id))

    def _mark_settled(self, id_: int, *, moved_to: str | None = None) -> None:
        with self.desk.writing() as connection:
            now = self.desk.now(connection)
            connection.execute(
                update(sources).where(sources.c.id == id_).values(settled_at=now, moved_to=moved_to)
            )


def _reasons(connection: Connection, row: Any) -> list[Reason]:
    reasons = []
    if row.error_code:
        reasons.append(Reason(Path(row.path).name, row.error_code, row.error_detail or ""))
    query = (
        select(arrivals.c.member, articles.c.id, quarantine.c.code, quarantine.c.detail)
        .join(articles, articles.c.id == arrivals.c.article_id)
        .join(quarantine, quarantine.c.article_id == articles.c.id)
        .where(arrivals.c.source_id == row.id, articles.c.state == ArticleState.QUARANTINED)
        .order_by(arrivals.c.position)
        .limit(MAX_REASONS)
    )
    for member, id_, code, detail in connection.execute(query):
        reasons.append(Reason(f"{member or Path(row.path).name} (article {id_[:12]})", code, detail))
    return reasons


def _is_as_read(path: Path, row: Any) -> bool:
    try:
        stat = path.lstat() if path.is_symlink() else path.stat()
    except OSError:
        return False
    return (stat.st_size, stat.st_mtime_ns) == (row.size, row.mtime_ns) or path.is_symlink()


def _free_name(path: Path, mark: str) -> Path:
    """Return a name beside `path` that nobody has: `name.MARK.txt`, `name.MARK-2.txt`, ..."""
    number = 1
    while True:
        suffix = mark if number == 1 else f"{mark}-{number}"
        candidate = path.with_name(f"{path.stem}.{suffix}{path.suffix}")
        if not os.path.lexists(candidate):
            return candidate
        number += 1


def _move(path: Path, target: Path) -> None:
    """Rename; across devices copy, put on the disk itself, then unlink."""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.rename(path, target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        scratch = target.with_name(f".{target.name}.part")
        shutil.copy2(path, scratch)
        with scratch.open("rb") as file:
            os.fsync(file.fileno())
        os.replace(scratch, target)
        path.unlink()
