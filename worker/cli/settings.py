"""`copydesk settings` and `copydesk schema`: what can be set, and what a record looks like."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

from worker.cli.common import clean_line, examples, note, print_json, print_table, said, settings_for

if TYPE_CHECKING:
    from collections.abc import Sequence

    from worker.monitor.settings_page import Value


@examples(
    "copydesk settings",
    "COPYDESK_BATCH_SIZE=8 copydesk settings --changed",
    "copydesk settings --json | jq .batch_size.value",
)
def settings(
    changed: Annotated[bool, typer.Option("--changed", help="Only what is not a default.")] = False,
    write: Annotated[
        bool,
        typer.Option(
            "--write",
            help="In a checkout: write config/copydesk.toml, docs/settings.md and docs/cli.md anew.",
        ),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object, by setting.")] = False,
) -> None:
    """Show every setting: its value here, where that comes from, and what it is for. Secrets are masked."""
    if write:
        _write()
        return
    from worker.monitor.settings_page import in_force

    values = [value for value in in_force(settings_for(), said()) if not changed or value.source != "default"]
    if as_json:
        print_json(
            {
                value.setting.name: {
                    "value": value.shown,
                    "source": value.source,
                    "help": value.setting.help,
                    "variable": value.setting.variable,
                }
                for value in values
            }
        )
    else:
        _print(values)


def _print(values: Sequence[Value]) -> None:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD)
    for heading in ("setting", "value", "from", "what it is"):
        table.add_column(heading, overflow="fold")
    for value in values:
        shown = "" if value.shown is None else value.shown
        text = shown if isinstance(shown, str) else json.dumps(shown, ensure_ascii=False)
        style = "" if value.source == "default" else "bold"
        table.add_row(
            Text(value.setting.name, style=style),
            Text(clean_line(text), style=style),
            value.source,
            Text(value.setting.help, style="dim"),
        )
    print_table(table)


def _write() -> None:
    from worker.cli.page import cli_page
    from worker.monitor.settings_page import checkout, markdown_text, toml_text

    root = checkout()
    for name, text in (
        ("config/copydesk.toml", toml_text()),
        ("docs/settings.md", markdown_text()),
        ("docs/cli.md", cli_page()),
    ):
        (root / name).write_text(text, encoding="utf-8")
        note(f"wrote {name}")


@examples("copydesk schema > record.schema.json")
def schema() -> None:
    """Print the JSON Schema (draft 2020-12) of the record."""
    from worker.schema import schema as record_schema

    print(json.dumps(record_schema(), indent=2))
