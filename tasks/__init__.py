"""What is done to an article: `read`, then `extract` and `classify` side by side, then `publish`.

    from tasks import enrich, enrich_many

    record = enrich("KYIV, Dec. 6 - ...")     # text, bytes or a path
    for record in enrich_many(paths): ...

gives the same record as the workers make, with no queue and no desk.
"""

from __future__ import annotations

from tasks.enrich import enrich, enrich_many
from worker.record import Record

__all__ = ["Record", "enrich", "enrich_many"]
