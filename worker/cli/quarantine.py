"""`copydesk quarantine`: look at what could not be processed, and decide what becomes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from worker.cli.common import (
    FAILED,
    byte_size,
    clean,
    clean_line,
    complain,
    console,
    epilog_of,
    examples,
    existing_desk,
    moment,
    note,
    print_json,
    print_table,
    settings_for,
)
from worker.errors import UsageError

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from worker.desk.queries import Found
    from worker.settings import Settings

FIRST_BYTES = 400
_GROUP_HELP = "List, show, replay or drop what is in quarantine."

app = typer.Typer(
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help=_GROUP_HELP,
    no_args_is_help=True,
)

Ids = Annotated[
    list[str] | None, typer.Argument(metavar="ID...", help="Article ids, or their first 6 digits or more.")
]
Signature = Annotated[
    str | None,
    typer.Option("--signature", "-s", metavar="S", help="All with this signature, as `list` shows it."),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]


@examples("copydesk quarantine list", "copydesk quarantine list --all --json")
def list_(
    every: Annotated[bool, typer.Option("--all", help="Every article, not grouped.")] = False,
    as_json: Json = False,
) -> None:
    """List what is in quarantine, grouped by what went wrong; the most frequent first."""
    from worker.desk.queries import quarantine_groups, quarantine_rows

    with existing_desk(settings_for()) as desk, desk.reading() as connection:
        rows = quarantine_rows(connection) if every else quarantine_groups(connection)
        shown = 0
        table = _table(
            *(("article", "code", "tries", "detail") if every else ("articles", "signature", "example"))
        )
        for row in rows:
            shown += 1
            if as_json:
                print_json({**row, "at": moment(row["at"])} if every else row)
            elif every:
                table.add_row(*_cells(row["id"][:12], row["code"], row["tries"], row["detail"]))
            else:
                table.add_row(
                    *_cells(row["articles"], row["signature"], f"{row['example'][:12]} {row['detail']}")
                )
    if as_json:
        return
    if shown:
        print_table(table)
    else:
        note("Nothing is in quarantine.")


@examples("copydesk quarantine show e0e4488e", "copydesk quarantine show e0e4488e --json")
def show(
    id_: Annotated[str, typer.Argument(metavar="ID", help="Article id, or its first 6 digits or more.")],
    as_json: Json = False,
) -> None:
    """Show why an article is in quarantine: reason, tries, traceback, source, its first bytes, its file."""
    from worker.desk.queries import arrivals_of, quarantined
    from worker.spool import Spool

    settings = settings_for()
    with existing_desk(settings) as desk, desk.reading() as connection:
        article = _one(connection, id_).id
        row = quarantined(connection, article)
        if row is None:
            complain(f"{article[:12]} is not in quarantine.")
            raise typer.Exit(FAILED)
        came = arrivals_of(connection, [article])[article]
    spool = Spool(settings)
    path = spool.path_of(row.digest)
    found: dict[str, Any] = {
        "id": article,
        "collection": row.collection,
        "stage": row.stage,
        "code": row.code,
        "detail": row.detail,
        "signature": row.signature,
        "tries": row.tries,
        "at": moment(row.at),
        "traceback": row.traceback,
        "arrivals": came,
        "size": row.size,
        "digest": row.digest,
        "spool": path,
        "first_bytes": _first_bytes(spool, path),
    }
    if as_json:
        print_json(found)
    else:
        _print(found)


def _first_bytes(spool: Any, path: str) -> str | None:
    """Return the beginning of the bytes, everything but printable ASCII escaped; None when they are gone."""
    try:
        with spool.fs.open(path, "rb") as file:
            data: bytes = file.read(FIRST_BYTES)
    except OSError:
        return None
    return repr(data)[2:-1]


def _print(found: dict[str, Any]) -> None:
    from rich.text import Text

    out = console()

    def line(label: str, value: str, style: str = "") -> None:
        out.print(Text.assemble((f"{label:<10} ", "dim"), (clean(value), style)))

    line("article", found["id"])
    line("reason", f"{found['code']}: {found['detail']}", "bold red")
    line("stage", f"{found['stage']}, {found['tries']} tries, {found['at']}")
    line("signature", found["signature"])
    for each in found["arrivals"]:
        member = f" [{each['member']}]" if each["member"] else ""
        line("source", clean_line(f"{each['source']}{member}, {each['at']}"))
    line("bytes", f"{byte_size(found['size'])}: {found['spool']}")
    line("begins", found["first_bytes"] if found["first_bytes"] is not None else "(not in the spool)")
    if found["traceback"]:
        line("traceback", "")
        out.print(Text(clean(found["traceback"]), style="dim"))
    short = found["id"][:12]
    note(f"Again: copydesk quarantine replay {short}; given up: copydesk quarantine drop {short}")


@examples(
    "copydesk quarantine replay e0e4488e 1b2c3d4e",
    "copydesk quarantine replay --signature 'extract:time_limit'",
    "copydesk quarantine replay --all",
)
def replay(
    ids: Ids = None,
    signature: Signature = None,
    every: Annotated[bool, typer.Option("--all", help="Everything in quarantine.")] = False,
    as_json: Json = False,
) -> None:
    """Give articles another chance, from the first stage on; dropped ones too, when named by id."""
    from worker.desk import ledger

    states = ("quarantined", "dropped")
    count = _decide(settings_for(), ids, signature, ledger.replay, every=every, states=states)
    if as_json:
        print_json({"replayed": count})
    else:
        note(f"{count} wait again. A running `copydesk watch`, `up` or `worker` takes them up.")


@examples("copydesk quarantine drop e0e4488e", "copydesk quarantine drop --all --yes")
def drop(
    ids: Ids = None,
    signature: Signature = None,
    every: Annotated[bool, typer.Option("--all", help="Everything in quarantine; needs --yes.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Yes, all of it.")] = False,
    as_json: Json = False,
) -> None:
    """Give articles up for good. Their bytes stay in the spool; what came and was dropped stays on record."""
    from worker.desk import ledger

    if every and not yes:
        raise UsageError("drop --all gives up everything in quarantine: say --yes to mean it.")
    count = _decide(settings_for(), ids, signature, ledger.drop, every=every)
    if as_json:
        print_json({"dropped": count})
    else:
        note(f"{count} dropped.")


def _decide(
    settings: Settings,
    ids: list[str] | None,
    signature: str | None,
    move: Any,
    *,
    every: bool,
    states: tuple[str, ...] = ("quarantined",),
) -> int:
    """Apply `move` to what was named; refuse what is in none of `states` before anything is moved."""
    from worker.desk.queries import quarantined_ids

    if sum((bool(ids), signature is not None, every)) != 1:
        raise UsageError("Name articles, or give --signature S, or --all: one of the three.")
    count = 0
    with existing_desk(settings) as desk:
        if ids:
            with desk.writing() as connection:
                chosen = {found.id: found for found in (_one(connection, id_) for id_ in ids)}
                for id_, found in chosen.items():
                    if found.state not in states:
                        complain(f"{id_[:12]} is {found.state}, not {' or '.join(states)}. Nothing was done.")
                        raise typer.Exit(FAILED)
                return int(move(connection, list(chosen), now=desk.now(connection)))
        while True:  # in short transactions: workers want to write too
            with desk.writing() as connection:
                page = quarantined_ids(connection, signature)
                if not page:
                    break
                count += int(move(connection, page, now=desk.now(connection)))
    if signature is not None and not count:
        complain(f"nothing in quarantine has the signature {signature}")
        raise typer.Exit(FAILED)
    return count


def _one(connection: Connection, prefix: str) -> Found:
    """Return the article whose id begins so. Raises UsageError when several do, exits when none does."""
    from worker.desk.queries import by_id, check_prefix

    found = by_id(connection, check_prefix(prefix), limit=2)
    if len(found) > 1:
        raise UsageError(f"{prefix} is the beginning of several ids; give more digits.")
    if not found:
        complain(f"There is no article {prefix}.")
        raise typer.Exit(FAILED)
    return found[0]


def _table(*headings: str) -> Any:
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD)
    for heading in headings:
        table.add_column(
            heading, justify="right" if heading in {"articles", "tries"} else "left", overflow="fold"
        )
    return table


def _cells(*values: object) -> list[Any]:
    from rich.text import Text

    return [Text(clean_line(str(value))) for value in values]


app.command("list", epilog=epilog_of(list_))(list_)
app.command("show", epilog=epilog_of(show))(show)
app.command("replay", epilog=epilog_of(replay))(replay)
app.command("drop", epilog=epilog_of(drop))(drop)
