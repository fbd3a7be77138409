"""Joins the parts of `read`, `extract` and `classify` into the record, checks it, and describes its schema.

Pure: nothing here writes anywhere. Who writes is the ledger.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tasks.fingerprint import stage_fingerprint
from tasks.publish.check import InvalidRecord, check
from tasks.publish.join import Identity, join
from tasks.publish.relations import prints_of
from worker.schema import schema

if TYPE_CHECKING:
    from worker.settings import Settings

__all__ = ["Identity", "InvalidRecord", "check", "fingerprint", "join", "prints_of", "schema"]

_CODE = ("classify/sentences.py", "classify/stop_words.py", "lost_space.py")
_LISTS = ("classify/abbreviations.txt", "classify/stop_words.txt", "publish/*")


def fingerprint(settings: Settings) -> str:
    """Return the fingerprint of the join's code and of the record's model; no setting bears on it."""
    return stage_fingerprint("publish", settings, settings_used=(), config_used=_LISTS, code_used=_CODE)
