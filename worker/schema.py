"""The record as others see it: its JSON Schema."""

from __future__ import annotations

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
