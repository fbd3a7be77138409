"""The door for people who write Python: `from copydesk import enrich, enrich_many, Record`."""

from tasks import Record, enrich, enrich_many

__all__ = ["Record", "enrich", "enrich_many"]
__version__ = "0.1.0"
