"""`copydesk export`: current records for other programs."""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, TextIO

import typer

from worker.cli.common import escape_json, examples, existing_desk, note, parse_day, settings_for
from worker.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator


@examples(
    "copydesk export jsonl > records.jsonl",
    "copydesk export jsonl -o december.jsonl --where 'date:2021-12 topic:politics'",
    "copydesk export jsonl --since 2021-12-06T08:00 | jq -r .headline.text",
)
def export(
    form: Annotated[Literal["jsonl"], typer.Argument(metavar="FORMAT", help="jsonl: one record a line.")],
    output: Annotated[
        str, typer.Option("--output", "-o", metavar="FILE", help="File to write; - is standard output.")
    ] = "-",
    where: Annotated[
        str | None, typer.Option("--where", metavar="QUERY", help="Only what `copydesk search QUERY` finds.")
    ] = None,
    since: Annotated[
        str | None,
        typer.Option(
            "--since",
            metavar="DATE",
            help="Only revisions made at this time (UTC) or later, not published then.",
        ),
    ] = None,
) -> None:
    """Write current records with `revision`, `arrivals` and `relations`, in the order in which they came.

    A file appears under its name only when it is whole.
    """
    from worker.desk.queries import current_records
    from worker.desk.query_text import parse_query

    query = parse_query(where) if where is not None else None
    moment = parse_day(since, "--since") if since is not None else None
    count = 0
    with existing_desk(settings_for()) as desk, _writing(output) as stream:
        for record in current_records(desk, query, since=moment):
            stream.write(escape_json(record) + "\n")
            count += 1
    note(f"{count} records ({form}){'' if output == '-' else f' in {output}'}.")


@contextlib.contextmanager
def _writing(output: str) -> Iterator[TextIO]:
    """Standard output, or a file that takes its name when it is complete and on the disk itself."""
    if output == "-":
        yield sys.stdout
        return
    target = Path(output)
    if not target.name or target.is_dir():
        raise UsageError(f"{output} is a folder: name a file in it.")
    scratch = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with scratch.open("x", encoding="utf-8", newline="\n") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.replace(scratch, target)
        _put_on_disk(target.absolute().parent)
    except OSError as error:
        raise UsageError(f"{output} cannot be written: {error.strerror or error}.") from error
    finally:
        scratch.unlink(missing_ok=True)


def _put_on_disk(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
