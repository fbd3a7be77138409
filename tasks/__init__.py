"""What is done to an article: `read`, then `extract` and `classify` side by side, then `publish`.

    from tasks import enrich, enrich_many

    record = enrich("KYIV, Dec. 6 - ...")     # text, bytes or a path
    for record in enrich_many(paths): ...

gives the same record as the workers make, with no queue and no desk. The stages are loaded when one of these
names is asked for, not before.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tasks.enriching import enrich, enrich_many
    from worker.record import Record

__all__ = ["Record", "enrich", "enrich_many"]

_WHERE = {"Record": "worker.record", "enrich": "tasks.enriching", "enrich_many": "tasks.enriching"}


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(_WHERE[name]), name)
