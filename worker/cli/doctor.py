"""`copydesk doctor`: what is wrong with this installation, and what to do."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from worker.cli.common import FAILED, clean_line, console, examples, print_json, settings_for
from worker.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from worker.monitor.check import Check
    from worker.settings import Settings

_STYLES = {"ok": "green", "warn": "yellow", "fail": "bold red"}
_SAMPLE = 'PARIS, March 3, 2021 - "We will wait for the report," Mayor Anna Keller said on Tuesday.'


@examples(
    "copydesk doctor",
    "copydesk doctor --quick",
    "copydesk doctor --json | jq '.checks[] | select(.level != \"ok\")'",
)
def doctor(
    quick: Annotated[bool, typer.Option("--quick", help="Desk and server alone, for health checks.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Look into versions, desk, server, workers, settings, folders and models, and say what to do.

    Changes nothing and shows no secret. Exit code 1 when a check fails; a warning is none.
    """
    checks = []
    for check in _checks(quick):
        checks.append(check)
        if not as_json:
            _print(check)
    failed = any(check.level == "fail" for check in checks)
    if as_json:
        print_json({"ok": not failed, "checks": [asdict(check) for check in checks]})
    if failed:
        raise typer.Exit(FAILED)


def _checks(quick: bool) -> Iterator[Check]:
    from worker.monitor.check import Check
    from worker.monitor.doctor import examine

    try:
        settings = settings_for()
    except SettingsError as error:
        yield Check("settings", "fail", str(error), "Correct it: file, environment or flag.")
        return
    yield from examine(settings, quick=quick, load_models=_load_models)


def _load_models(settings: Settings) -> str:
    """Take a sentence through all stages; the models are those that workers load."""
    from tasks import enrich

    record = enrich(_SAMPLE, settings=settings)
    return f"{len(record.provenance.components)} components ran"


def _print(check: Check) -> None:
    from rich.text import Text

    line: list[Any] = [
        (f"{check.level:<5}", _STYLES[check.level]),
        f"{check.name:<19} ",
        clean_line(check.found),
    ]
    out = console()
    out.print(Text.assemble(*line))
    if check.remedy:
        out.print(Text(f"      {'':<19} {clean_line(check.remedy)}", style="dim"))
