"""`copydesk show`: one record, for people, as text with its annotations, or as JSON."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from worker.cli.common import (
    FAILED,
    QUARANTINE,
    clean_line,
    complain,
    console,
    escape_json,
    examples,
    existing_desk,
    note,
    print_indented,
    settings_for,
)
from worker.errors import UsageError

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from worker.desk.queries import Found, Stored
    from worker.settings import Settings

MOST_LISTED = 10


@examples(
    "copydesk show e0e4488e",
    "copydesk show inbox/wire/story.txt --text",
    "copydesk show e0e4488e --json | jq '.quotes[].speaker.text'",
)
def show(
    which: Annotated[
        str, typer.Argument(metavar="ID|FILE", help="Article id, its first 6 digits or more, or a file.")
    ],
    revision: Annotated[
        int | None, typer.Option("--revision", min=1, help="A revision other than the current one.")
    ] = None,
    as_text: Annotated[bool, typer.Option("--text", help="The text with annotations marked in it.")] = False,
    as_json: Annotated[
        bool,
        typer.Option("--json", help="The full record with `revision`, `arrivals` and `relations`, as JSON."),
    ] = False,
) -> None:
    """Show one record: who said what, people, dates, places, topics, and where it came from.

    A file is found by the path it had when it was taken in, by where it was moved to, or by its bytes. Exit
    code 1: there is no such article, or no record of it yet; 3: it is in quarantine.
    """
    if as_text and as_json:
        raise UsageError("--text or --json, not both.")
    settings = settings_for()
    from worker.cli.relatives import named, relatives
    from worker.desk.queries import arrivals_of, headlines_of, joined
    from worker.desk.relations import relations_of

    with existing_desk(settings) as desk, desk.reading() as connection:
        found = _find(connection, which, settings)
        stored = _stored(connection, found, revision)
        came = arrivals_of(connection, [found.id])[found.id]
        related = relations_of(connection, [found.id])[found.id]
        others = headlines_of(connection, named(related))
    if as_json:
        print(escape_json(joined(stored, came, related)))
        return
    from worker.record import Record

    record = Record.model_validate_json(stored.body)
    out = console()
    if as_text:
        from worker.cli.marked_text import marked_text

        out.print(marked_text(record, colour=out.color_system is not None))
    else:
        from worker.cli.portrait import portrait

        for indent, line in portrait(record, stored.revision, came, relatives(related, others)):
            print_indented(out, indent, line)


def _find(connection: Connection, which: str, settings: Settings) -> Found:
    """Return the one article that is meant; exit 1 when there is none, UsageError when there are several."""
    from worker.desk.queries import by_id, by_path, looks_like_id

    found: list[Found] = []
    if looks_like_id(which):
        found = by_id(connection, which, limit=MOST_LISTED + 1)
    path = Path(which)
    if not found:
        names = dict.fromkeys((which, str(path.absolute()), os.path.realpath(which)))
        found = _by_bytes(connection, path, settings)
        if (
            not found
            and (found := by_path(connection, list(names), limit=MOST_LISTED + 1))
            and path.is_file()
        ):
            note(f"{which} is not what it was when it was taken in; this is what came then.")
    if not found:
        complain(f"There is no article {which} in the desk {settings.desk_dir}.")
        raise typer.Exit(FAILED)
    if len(found) > 1:
        raise UsageError("\n".join([f"{which} is more than one article. Name one:", *_listed(found)]))
    return found[0]


def _by_bytes(connection: Connection, path: Path, settings: Settings) -> list[Found]:
    """Return the articles with the bytes of this file; none for what cannot be one article."""
    from worker.desk.queries import by_digest

    try:
        if not path.is_file() or path.stat().st_size > settings.max_article_bytes:
            return []
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return []
    return by_digest(connection, digest, limit=MOST_LISTED + 1)


def _listed(found: list[Found]) -> list[str]:
    lines = [
        f"  {each.id[:12]}  {clean_line(each.collection)}  {clean_line(each.headline or each.state)[:80]}"
        for each in found[:MOST_LISTED]
    ]
    return [*lines, "  ..."] if len(found) > MOST_LISTED else lines


def _stored(connection: Connection, found: Found, revision: int | None) -> Stored:
    from worker.desk.queries import quarantined, record_of, revisions_of

    stored = record_of(connection, found.id, revision)
    if stored is not None:
        return stored
    short = found.id[:12]
    row: Any = quarantined(connection, found.id)
    if revision is not None:
        there = ", ".join(map(str, revisions_of(connection, found.id))) or "none"
        complain(f"{short} has no revision {revision}. There are: {there}.")
    elif row is not None:
        complain(f"{short} is in quarantine: {row.code}: {clean_line(row.detail)}")
        complain(f"`copydesk quarantine show {short}` says more.")
        raise typer.Exit(QUARANTINE)
    else:
        complain(f"{short} has no record yet: it is {found.state}.")
    raise typer.Exit(FAILED)
