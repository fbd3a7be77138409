"""`docs/cli.md`: the help of every command, as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import typer

from worker.cli.common import EXIT_CODES

if TYPE_CHECKING:
    from collections.abc import Iterator

WIDTH = 100
JSON_KEYS = {
    "search": "id revision collection published language headline snippet hits score relations",
    "status": "desk articles missing held oldest_waiting_s finished sources unsettled quarantine "
    "outbox keeper queues",
    "audit": "ok arrived accounted published duplicates quarantined dropped in_flight sources checked "
    "gap_count gap_counts gaps note_count notes",
    "quarantine list": "articles signature stage code example detail",
    "quarantine list --all": "id stage code detail signature tries at",
    "quarantine show": "id collection stage code detail signature tries at traceback arrivals size digest "
    "spool first_bytes",
    "doctor": "ok checks",
}
"""The keys that `--json` prints, by command; a test holds them against the output."""


def cli_page() -> str:
    """Return the page."""
    from worker.cli import app

    command = typer.main.get_command(app)
    pieces = [
        "# Command line",
        "",
        "<!-- Generated from the commands' help by `copydesk settings --write`; do not edit. -->",
        "",
        "Options before the command hold for all commands; a flag is stronger than the environment and the",
        "settings file ([settings](settings.md)). `--json` prints one JSON object, or one a line where there",
        "are many, with stable keys; notes and errors go to standard error. No command asks a question.",
        "",
        "```",
        EXIT_CODES,
        "```",
        "",
        "## Keys of `--json`",
        "",
        "`show` and `export jsonl` print the record (`copydesk schema`) with `revision`, `arrivals`",
        "(`source`, `member`, `position`, `at`, `moved_to`) and `relations` added. `settings` prints one",
        "object by setting: `value`, `source`, `help`, `variable`. Keys are added, never renamed or taken",
        "away.",
        "",
        "`relations` are what is known because other articles came, as of now: `duplicate_of` (the earliest",
        "of the copies, or null), `cluster` with `cluster_size`, `story` with `story_size` (the smallest id",
        "in each, null for one article alone), `near` (at most 10: `id`, `similarity`, `containment`, which",
        "is the share of this article that stands in the other, and `rule`: `identical_text`, `copy`,",
        "`contains`, `contained`, `figures_differ`, `names_differ`), `corrects` with `corrects_rule`",
        "(`says_so`, `same_address`).",
        "",
        "| command | keys |",
        "|---|---|",
        *(
            f"| `{name}` | {', '.join(f'`{key}`' for key in keys.split())} |"
            for name, keys in JSON_KEYS.items()
        ),
    ]
    for path, each in _commands(command, "copydesk", None):
        level = "#" * min(4, 1 + len(path.split()))
        pieces += ["", f"{level} {path}", "", "```", _help(each, path), "```"]
    return "\n".join(pieces) + "\n"


def _help(command: Any, path: str) -> str:
    context = typer.Context(command, info_name=path, terminal_width=WIDTH, max_content_width=WIDTH)
    return "\n".join(line.rstrip() for line in command.get_help(context).splitlines())


def _commands(command: Any, path: str, parent: Any) -> Iterator[tuple[str, Any]]:
    yield path, command
    context = typer.Context(command, info_name=path, parent=parent)
    for name in command.list_commands(context) if hasattr(command, "list_commands") else ():
        yield from _commands(command.get_command(context, name), f"{path} {name}", context)
