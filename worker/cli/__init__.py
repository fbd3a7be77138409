"""The command line. Each command lives in a module of its own, which is imported when it is called."""

from __future__ import annotations

import difflib
import gc
import importlib
import os
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup
from typer.exceptions import TyperException

from worker.cli import common
from worker.errors import CopydeskError, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

COMMANDS = {
    "run": "worker.cli.run:run",
    "watch": "worker.cli.serve:watch",
    "batch": "worker.cli.run:batch",
    "worker": "worker.cli.serve:worker",
    "up": "worker.cli.serve:up",
    "flower": "worker.cli.serve:flower",
    "show": "worker.cli.show:show",
    "search": "worker.cli.search:search",
    "status": "worker.cli.status:status",
    "audit": "worker.cli.status:audit",
    "quarantine": "worker.cli.quarantine:app",
    "export": "worker.cli.export:export",
    "learn": "worker.cli.learn:learn",
    "doctor": "worker.cli.doctor:doctor",
    "settings": "worker.cli.settings:settings",
    "schema": "worker.cli.settings:schema",
}
"""Name -> where it is: a function (its docstring is the help) or a `typer.Typer` of sub-commands.

These modules import nothing slow at their top, so that `copydesk --help` may read all of them.
"""


COLLECT_AFTER = 20_000
"""New objects until Python looks for garbage; at its own 700 a fifth of a short command's time went there."""


class LazyGroup(TyperGroup):
    """Knows the names of all commands, and imports one when it is needed."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002 - the signature is typer's
        """Return the commands in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002
        """Return one command, or None when there is none of this name."""
        if cmd_name not in COMMANDS:
            return None
        if cmd_name not in self.commands:
            self.commands[cmd_name] = load_command(cmd_name)
        return self.commands[cmd_name]

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Return the command that is called. Raises UsageError with the nearest name for an unknown one."""
        if args[0] not in COMMANDS and not args[0].startswith("-"):
            near = difflib.get_close_matches(args[0], COMMANDS, n=1)
            hint = f"Did you mean `copydesk {near[0]}`?" if near else "`copydesk --help` lists them all."
            raise UsageError(f"There is no command {args[0]}. {hint}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write each command with the whole first sentence of its help."""
        sentences = [(n, self.get_command(ctx, n).help or "") for n in self.list_commands(ctx)]
        with formatter.section("Commands"):
            formatter.write_dl([(n, " ".join(text.split("\n\n")[0].split())) for n, text in sentences])


def load_command(name: str) -> Any:
    """Import a command and return it as typer wants it."""
    module, _, attribute = COMMANDS[name].partition(":")
    found = getattr(importlib.import_module(module), attribute)
    if not isinstance(found, typer.Typer):
        single = new_app()
        single.command(name, epilog=common.epilog_of(found))(found)
        found = single
    command = typer.main.get_command(found)
    command.name = name
    return command


def new_app(**options: Any) -> typer.Typer:
    """Return a typer app that prints plain help and leaves errors to `main`."""
    return typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False, **options)


app = new_app(cls=LazyGroup)


def _print_version(value: bool) -> None:
    if value:
        from importlib.metadata import version

        print(f"copydesk {version('copydesk')}")
        raise typer.Exit


@app.callback(
    help="Drop article files into a folder, get structured, searchable, traceable records.",
    epilog=common.examples_text(
        "copydesk run seeds/",
        "copydesk search 'said-by:blinken \"defensive alliance\"'",
        "copydesk --desk /srv/news/desk status",
    )
    + f"\n\n\b\n{common.EXIT_CODES}",
)
def _globals(
    desk: Annotated[
        str | None, typer.Option(metavar="DIR", help="Folder of the desk (setting `desk`).")
    ] = None,
    config: Annotated[
        str | None, typer.Option(metavar="FILE", help="TOML file with settings (COPYDESK_CONFIG).")
    ] = None,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="Log everything (log_level=debug).")
    ] = False,
    version: Annotated[  # noqa: ARG001 - its callback has answered
        bool,
        typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and exit."),
    ] = False,
) -> None:
    common.say_globally(desk=desk, config=config, verbose=verbose)


def answer(argv: Sequence[str]) -> int:
    """Run one command line; return its exit code. Errors of ours are one line on standard error."""
    command = typer.main.get_command(app)
    try:
        code = command.main(args=list(argv) or ["--help"], prog_name="copydesk", standalone_mode=False)
        sys.stdout.flush()
    except TyperException as error:
        context = getattr(error, "ctx", None)
        hint = f" Try `{context.command_path} --help`." if context is not None else ""
        message = error.format_message()
        common.complain(message + ("" if message.endswith((".", "?", ")")) else ".") + hint)
        return error.exit_code
    except CopydeskError as error:
        common.complain(str(error))
        return common.USAGE if isinstance(error, UsageError) else common.FAILED
    except KeyboardInterrupt:
        return common.INTERRUPTED
    except BrokenPipeError:  # whoever read our output has read enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return common.FAILED
    except Exception as error:
        if (trouble := common.database_trouble(error)) is None:
            raise
        common.complain(trouble)
        return common.USAGE
    return code if isinstance(code, int) else common.OK


def main() -> None:
    """Entry point of `copydesk`."""
    gc.set_threshold(COLLECT_AFTER)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    sys.exit(answer(sys.argv[1:]))
