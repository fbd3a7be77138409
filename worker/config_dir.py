"""The one place that knows where `config/` lies: beside the packages, or inside the installed wheel."""

from __future__ import annotations

import functools
import tomllib
from pathlib import Path
from typing import Any

_CHECKOUT = Path(__file__).resolve().parent.parent / "config"
_WHEEL = Path(__file__).resolve().parent.parent / "copydesk" / "config"


@functools.cache
def config_dir() -> Path:
    """Return the folder with lexicons, mappings and the commented settings file."""
    for place in (_WHEEL, _CHECKOUT):
        if (place / CONFIG_MARK).is_file():
            return place
    raise FileNotFoundError(
        f"config/ is neither at {_WHEEL} nor at {_CHECKOUT}: the installation is damaged."
    )


CONFIG_MARK = "copydesk.toml"


@functools.cache
def load_toml(name: str) -> dict[str, Any]:
    """Return `config/NAME` parsed. Callers share the object and must not change it."""
    return tomllib.loads((config_dir() / name).read_text(encoding="utf-8"))


@functools.cache
def load_lines(name: str) -> tuple[str, ...]:
    """Return the lines of the word list `config/NAME`, without comments (`#`) and empty lines."""
    lines = (config_dir() / name).read_text(encoding="utf-8").splitlines()
    return tuple(line.strip() for line in lines if line.strip() and not line.lstrip().startswith("#"))
