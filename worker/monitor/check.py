"""What the doctor's checks say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Level = Literal["ok", "warn", "fail"]


@dataclass(frozen=True)
class Check:
    """One thing that was looked at. `remedy` is empty when nothing has to be done."""

    name: str
    level: Level
    found: str
    remedy: str = ""
