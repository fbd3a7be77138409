"""The record as others see it: its JSON Schema, and the digest that tells whether it changed."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from worker.record import SCHEMA_VERSION, Record


def schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of the record."""
    described = Record.model_json_schema(mode="serialization")
    described.pop("title", None)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:copydesk:record:{SCHEMA_VERSION}",
        "title": "copydesk record",
        "version": SCHEMA_VERSION,
        **described,
    }


def record_digest(record: Record) -> str:
    """Return the SHA-256, as 64 hex digits, of the record as JSON with sorted keys and no white space.

    Text that no UTF-8 can hold (lone surrogates) is written as JSON escapes, so every record has a digest.
    """
    plain = record.model_dump(mode="python")
    canonical = json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)
    return hashlib.sha256(canonical.encode("ascii")).hexdigest()
