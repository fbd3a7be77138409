"""Who an article is: nothing but its bytes and the collection it came to."""

from __future__ import annotations

import hashlib


def digest_of(data: bytes) -> str:
    """Return the SHA-256 of the raw bytes, as 64 hex digits."""
    return hashlib.sha256(data).hexdigest()


def article_id(collection: str, data: bytes) -> str:
    """Return the SHA-256 of collection name, NUL, raw bytes, as 64 hex digits."""
    return hashlib.sha256(collection.encode() + b"\0" + data).hexdigest()
