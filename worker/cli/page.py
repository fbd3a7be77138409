"""`docs/cli.md`: the help of every command, as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import typer

from worker.cli.common import EXIT_CODES

if TYPE_CHECKING:
    from collections.abc import Iterator

WIDTH = 100


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
