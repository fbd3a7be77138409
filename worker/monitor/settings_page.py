"""Describes every setting, from their declaration in `worker.settings`: a TOML file, a page, and a table.

The comments between the declarations are the headings.
"""

from __future__ import annotations

import inspect
import json
import os
import re
import tomllib
import types
import typing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pydantic import SecretStr
from pydantic_core import PydanticUndefined

from worker.config_dir import CONFIG_MARK, config_dir
from worker.errors import UsageError
from worker.settings import CONFIG_ENV, CONFIG_NAME, ENV_PREFIX, CollectionSettings, Settings, config_file

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

SECRET = "****"  # noqa: S105 - what is shown instead of one
WIDTH = 100
_HEADING = re.compile(r"    # (\S.*)")
_FIELD = re.compile(r"    (\w+): ")
_USER_INFO = re.compile(r"(?<=://)[^/@\s]*@")
_GENERATED = "Generated from worker/settings.py by `copydesk settings --write`; do not edit."


@dataclass(frozen=True)
class Setting:
    """One setting as declared. `default` is null for none; `computed` says that it depends on the machine."""

    name: str
    section: str
    type: str
    default: Any
    computed: bool
    help: str
    secret: bool

    @property
    def variable(self) -> str:
        """Its name in the environment."""
        return ENV_PREFIX + self.name.upper()


@dataclass(frozen=True)
class Value:
    """A setting as it is in force here. Secrets are masked in `shown`."""

    setting: Setting
    shown: Any
    source: Literal["default", "file", "environment", "flag"]


def declared() -> list[Setting]:
    """Return all settings in the order of their declaration."""
    sections = dict(_sections())
    found = []
    for name, field in Settings.model_fields.items():
        computed = field.default is PydanticUndefined
        found.append(
            Setting(
                name=name,
                section=sections[name],
                type=_type_name(field.annotation),
                default=None if computed or field.default is None else _plain(field.default),
                computed=computed,
                help=field.description or "",
                secret="SecretStr" in str(field.annotation),
            )
        )
    return found


def _sections() -> Iterator[tuple[str, str]]:
    """Yield (setting, heading), read from the declaration itself."""
    heading = ""
    for line in inspect.getsource(Settings).splitlines():
        if match := _HEADING.fullmatch(line):
            heading = match[1]
        elif (match := _FIELD.match(line)) and match[1] in Settings.model_fields:
            yield match[1], heading


def _type_name(annotation: Any) -> str:
    if annotation is SecretStr:
        return "secret text"
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is Literal:
        return " | ".join(json.dumps(argument) for argument in arguments)
    if origin in {typing.Union, types.UnionType}:
        return _type_name(next(a for a in arguments if a is not types.NoneType))
    if origin is list:
        return f"list of {_type_name(arguments[0])}"
    if origin is dict:
        return "table"
    return {Path: "path", str: "text", int: "integer", float: "number", bool: "true | false"}[annotation]


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, Path) else value


def in_force(settings: Settings, flags: Mapping[str, Any]) -> list[Value]:
    """Return every setting with its value and its source; `flags` is what the command line said."""
    path = config_file()
    in_file = tomllib.loads(path.read_text(encoding="utf-8")) if path else {}
    in_environment = {name.upper() for name in os.environ}
    values = []
    for setting in declared():
        source: Literal["default", "file", "environment", "flag"] = "default"
        if setting.name in flags:
            source = "flag"
        elif setting.variable in in_environment:
            source = "environment"
        elif setting.name in in_file:
            source = "file"
        values.append(Value(setting, _shown(getattr(settings, setting.name)), source))
    return values


def _shown(value: Any) -> Any:
    """Make a value fit to be shown: secrets masked, also user and password within URLs."""
    if isinstance(value, SecretStr):
        return SECRET
    if isinstance(value, str):
        return _USER_INFO.sub(f"{SECRET}@", value)
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, dict):
        return {name: item.model_dump(exclude_defaults=True) for name, item in value.items()}
    return value


# --- the TOML file ------------------------------------------------------------------------------------


def toml_text() -> str:
    """Return `config/copydesk.toml`: every setting with help and default, commented out."""
    lines = [
        "# All settings of copydesk, each with its default. Copy this file to copydesk.toml beside where",
        f"# copydesk is started (or name it with {CONFIG_ENV}), and take the # from what you change.",
        f"# Stronger than this file: the environment ({ENV_PREFIX}NAME), then flags.",
        f"# {_GENERATED}",
    ]
    section = ""
    for setting in declared():
        if setting.name == "collections":
            continue  # a table: it has to stand at the end
        if setting.section != section:
            section = setting.section
            lines += ["", f"# --- {section} ".ljust(WIDTH, "-")]
        lines += ["", *_comment(setting.help)]
        if setting.computed or setting.default is None:
            lines.append(f"# {setting.name} =")
        else:
            lines += [f"# {line}" for line in _assignment(setting.name, setting.default)]
    lines += ["", "# --- Single collections ".ljust(WIDTH, "-"), "", "# [collections.NAME]"]
    for name, field in CollectionSettings.model_fields.items():
        lines += ["", *_comment(field.description or "")]
        if isinstance(field.default, dict):
            lines.append(f'# {name}.title = ["headline", "meta.title"]')
        else:
            lines.append(f"# {name} =")
    return "\n".join(lines) + "\n"


def _comment(text: str) -> list[str]:
    lines, line = [], "#"
    for word in text.split():
        if len(line) + 1 + len(word) > WIDTH:
            lines.append(line)
            line = "#"
        line += " " + word
    return [*lines, line]


def _assignment(name: str, value: Any) -> list[str]:
    line = f"{name} = {toml_value(value)}"
    if len(line) <= WIDTH - 2 or not isinstance(value, list):
        return [line]
    return [f"{name} = [", *(f"  {toml_value(item)}," for item in value), "]"]


def toml_value(value: Any) -> str:
    """Write a default as TOML; large numbers get separators."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return f"{value:_}"
    if isinstance(value, list):
        return "[" + ", ".join(toml_value(item) for item in value) + "]"
    return json.dumps(value, ensure_ascii=False)


# --- the page -----------------------------------------------------------------------------------------


def markdown_text() -> str:
    """Return `docs/settings.md`."""
    lines = [
        "# Settings",
        "",
        f"<!-- {_GENERATED} -->",
        "",
        "Where a value comes from, stronger ones last: default, TOML file, environment, flag. The file is",
        f"the one that `{CONFIG_ENV}` (or `--config`) names, else `{CONFIG_NAME}` in the current folder;",
        f"`config/{CONFIG_MARK}` holds every setting to copy from. In the environment a setting is",
        f"`{ENV_PREFIX}` and its name in capitals; lists and tables are JSON there.",
        "",
        "A wrong value stops the start and is named with its remedy. `copydesk settings` prints what is in",
        "force and where it comes from; secrets are masked. Units are in the names: `_s` seconds, `_mb`",
        "megabytes (1,048,576 bytes).",
    ]
    section = ""
    for setting in declared():
        if setting.section != section:
            section = setting.section
            lines += [
                "",
                f"## {section}",
                "",
                "| setting | type | default | what it is |",
                "|---|---|---|---|",
            ]
        lines.append(
            f"| `{setting.name}` | {_cell(setting.type)} | {_default(setting)} | {_cell(setting.help)} |"
        )
    lines += ["", "## `[collections.NAME]`", "", "| setting | type | what it is |", "|---|---|---|"]
    for name, field in CollectionSettings.model_fields.items():
        lines.append(
            f"| `{name}` | {_cell(_type_name(field.annotation))} | {_cell(field.description or '')} |"
        )
    return "\n".join(lines) + "\n"


def _default(setting: Setting) -> str:
    if setting.computed:
        return "computed"
    if setting.default is None:
        return "unset"
    if isinstance(setting.default, list):
        return ", ".join(f"`{_cell(item)}`" for item in setting.default) or "none"
    return f"`{_cell(toml_value(setting.default))}`" if setting.default != {} else "none"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


# --- writing ------------------------------------------------------------------------------------------


def checkout() -> Path:
    """Return the root of the checkout. Raises UsageError in an installed copy: there is nothing to write."""
    root = config_dir().parent
    if not (root / "pyproject.toml").is_file():
        raise UsageError("--write works in a checkout of copydesk only: it writes config/ and docs/.")
    return root
