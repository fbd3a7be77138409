"""The door for people who write Python: `from copydesk import enrich, enrich_many, Record`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tasks import Record, enrich, enrich_many

__all__ = ["Record", "enrich", "enrich_many"]
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import tasks  # noqa: PLC0415 - `python -m copydesk` needs none of it

    return getattr(tasks, name)
