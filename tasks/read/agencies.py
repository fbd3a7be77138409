"""News agencies by the forms in which they stand in datelines, bylines and credit lines."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from worker.config_dir import load_toml

if TYPE_CHECKING:
    from collections.abc import Mapping


@functools.cache
def _forms() -> Mapping[str, str]:
    return {form: name for name, forms in load_toml("read/agencies.toml").items() for form in forms}


def known_agency(written: str) -> str | None:
    """Return the agency's name for a form such as `AP`; None for one not in config/read/agencies.toml."""
    return _forms().get(written.strip(" .,()"))
