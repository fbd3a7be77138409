"""What all commands share: settings and desk of this call, output for people and programs, exit codes.

Everything that comes from an article, a file name or a database may be hostile: it goes to the terminal
through `clean` and as `rich.text.Text`, never as markup.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar

from worker.errors import DeskError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rich.console import Console, RenderableType
    from rich.text import Text

    from worker.desk.engine import Desk
    from worker.settings import Settings

OK, FAILED, USAGE, QUARANTINE, INTERRUPTED = 0, 1, 2, 3, 130
EXIT_CODES = """Exit codes:
  0    done
  1    a check failed, or the one thing asked for is not there
  2    wrong usage, a wrong setting, or the desk cannot be used
  3    something is in quarantine
  130  interrupted"""

WIDE = 200
_said: dict[str, Any] = {}
_F = TypeVar("_F", bound="Callable[..., Any]")


def examples(*lines: str) -> Callable[[_F], _F]:
    """Put examples under a command's help."""

    def mark(function: _F) -> _F:
        function.__dict__["epilog"] = examples_text(*lines)
        return function

    return mark


def examples_text(*lines: str) -> str:
    """Return examples as an epilog that is printed line by line, not filled as a paragraph."""
    return "\b\nExamples:\n" + "\n".join(f"  {line}" for line in lines)


def epilog_of(function: Callable[..., Any]) -> str | None:
    """Return what `examples` put under the help of a command."""
    return function.__dict__.get("epilog")


# --- settings and desk --------------------------------------------------------------------------------


def say_globally(*, desk: str | None, config: str | None, verbose: bool) -> None:
    """Take the options that stand before the command."""
    _said.clear()
    if config is not None:
        from worker.settings import CONFIG_ENV

        os.environ[CONFIG_ENV] = config
    if desk is not None:
        _said["desk"] = desk
    if verbose:
        _said["log_level"] = "debug"


def said() -> dict[str, Any]:
    """Return the settings that the command line has said."""
    return dict(_said)


def settings_for(**flags: Any) -> Settings:
    """Load the settings of this call: flags over environment over file; None means not said.

    What the command line says is put into the environment too, so that `current_settings()` and processes
    that this one starts agree with it. Raises SettingsError.
    """
    from worker.settings import ENV_PREFIX, current_settings, load_settings

    _said.update({name: value for name, value in flags.items() if value is not None})
    settings = load_settings(**_said)
    for name, value in _said.items():
        plain = isinstance(value, (str, int, float, os.PathLike)) and not isinstance(value, bool)
        os.environ[ENV_PREFIX + name.upper()] = str(value) if plain else json.dumps(value)
    current_settings.cache_clear()
    if _said.get("log_level") == "debug":
        from worker.logs import configure_logging

        configure_logging(settings)
    return settings


@contextlib.contextmanager
def existing_desk(settings: Settings) -> Iterator[Desk]:
    """The desk, which has to be there: reading makes none. Raises DeskError."""
    from worker.desk.engine import open_desk

    if settings.database_url is None and not (settings.desk_dir / "desk.db").is_file():
        raise DeskError(
            f"There is no desk at {settings.desk_dir}. `copydesk run PATH` makes one; "
            "name another with --desk or COPYDESK_DESK."
        )
    desk = open_desk(settings)
    try:
        yield desk
    finally:
        desk.close()


def database_trouble(error: BaseException) -> str | None:
    """Return what to tell about an error of the desk's database, or None when it is another error."""
    if "sqlalchemy" not in sys.modules:
        return None
    from sqlalchemy.exc import DBAPIError

    if not isinstance(error, DBAPIError):
        return None
    return f"The desk's database cannot be read: {error.orig}. `copydesk doctor` looks into it."


# --- output -------------------------------------------------------------------------------------------

_NO = "\N{REPLACEMENT CHARACTER}"
_BIDI = (*range(0x202A, 0x202F), *range(0x2066, 0x206A))
_VISIBLE: dict[int, str] = {
    **{code: chr(0x2400 + code) for code in range(0x20) if chr(code) not in "\n\t"},
    0x7F: "\N{SYMBOL FOR DELETE}",
    **dict.fromkeys((*range(0x80, 0xA0), *_BIDI, 0x2028, 0x2029, *range(0xD800, 0xE000)), _NO),
}
_ONE_LINE = {**_VISIBLE, 0x0A: " ", 0x09: " "}
_JSON_ESCAPES = {code: f"\\u{code:04x}" for code in _VISIBLE if code >= ord(" ")}


def clean(text: str) -> str:
    """Make control characters visible, one character for one: offsets stay. Line feeds and tabs remain.

    Escape sequences, characters that turn the direction of writing, and lone surrogates are disarmed.
    """
    return text.translate(_VISIBLE)


def clean_line(text: str) -> str:
    """Return `clean(text)` on one line."""
    return text.translate(_ONE_LINE)


def console(*, stderr: bool = False) -> Console:
    """Return a console that takes nothing it prints for markup.

    On a terminal it folds lines at words; elsewhere lines stay whole, and there is no colour.
    """
    from rich.console import Console

    out = Console(markup=False, emoji=False, highlight=False, stderr=stderr)
    out.soft_wrap = not out.is_terminal
    return out


def print_indented(out: Console, indent: int, text: Text) -> None:
    """Print a text some columns to the right, all of its lines on a terminal."""
    from rich.padding import Padding

    if out.is_terminal:
        out.print(Padding(text, (0, 0, 0, indent), expand=False))
    else:
        out.print(" " * indent, text, sep="")


def print_table(table: RenderableType) -> None:
    """Print something with columns: as wide as the terminal, or as wide as it needs up to 200."""
    from rich.console import Console

    wide = None if sys.stdout.isatty() or "COLUMNS" in os.environ else WIDE
    Console(markup=False, emoji=False, highlight=False, width=wide).print(table)


def complain(message: str) -> None:
    """Say on standard error what is wrong."""
    for line in message.splitlines() or [""]:
        print(f"copydesk: {clean(line)}", file=sys.stderr)


def note(message: str) -> None:
    """Say something on standard error that is not part of the output."""
    print(clean(message), file=sys.stderr)


def json_line(value: Any) -> str:
    """Return JSON on one line, UTF-8, with everything escaped that a terminal might obey."""
    return escape_json(json.dumps(value, ensure_ascii=False))


def escape_json(text: str) -> str:
    """Escape in JSON text what a terminal might obey; it stays the same JSON."""
    return text.translate(_JSON_ESCAPES)


def print_json(value: Any) -> None:
    """Print one JSON object on one line."""
    print(json_line(value))


def moment(seconds: float | None) -> str | None:
    """Return a time of the desk as ISO 8601 in UTC, to the second."""
    if seconds is None:
        return None
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def span_of_time(seconds: float) -> str:
    """Return a length of time for people: `42 s`, `3 min`, `5 h`, `2 d`."""
    for unit, length in (("d", 86400), ("h", 3600), ("min", 60)):
        if seconds >= 2 * length:
            return f"{seconds / length:.0f} {unit}"
    return f"{max(0.0, seconds):.0f} s"


def byte_size(count: float) -> str:
    """Return a number of bytes for people, in powers of 1024."""
    for unit in ("B", "KB", "MB", "GB"):
        if count < 1024:  # noqa: PLR2004
            return f"{count:.0f} {unit}" if unit == "B" else f"{count:.1f} {unit}"
        count /= 1024
    return f"{count:.1f} TB"


def parse_day(text: str, option: str) -> float:
    """Return the beginning of a day, or a moment, in UTC as seconds. Raises UsageError."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{option} {text}: not a date. Write 2021-12-06 or 2021-12-06T08:00.") from None
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()
