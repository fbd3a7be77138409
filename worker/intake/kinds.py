"""Which files hold many articles, told from the name's ending and the first bytes. Standard library only."""

from __future__ import annotations

HEAD_BYTES = 512
_MAGIC = (
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"\x1f\x8b", "gzip"),
    (b"BZh", "bz2"),
    (b"\xfd7zXZ\x00", "xz"),
)
_ENDINGS = {".jsonl": "jsonl", ".ndjson": "jsonl", ".csv": "csv", ".tsv": "csv"}
_NO_ARTICLES = (".docx", ".xlsx", ".pptx", ".odt", ".epub", ".jar", ".apk")  # zip files, but no archives


def container_kind(name: str, head: bytes) -> str | None:
    """Return `zip`, `tar`, `gzip`, `bz2`, `xz`, `jsonl`, `csv`, `json_array`, or None for a single article.

    `head` is the first 512 bytes or all there are.
    """
    lower = name.lower()
    if lower.endswith(_NO_ARTICLES):
        return None
    kind = next((kind for magic, kind in _MAGIC if head.startswith(magic)), None)
    kind = kind or ("tar" if head[257:262] == b"ustar" else None)
    kind = kind or next((kind for ending, kind in _ENDINGS.items() if lower.endswith(ending)), None)
    if kind:
        return kind
    if lower.endswith(".json") and head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"[":
        return "json_array"
    if lower.endswith((".zip", ".tar", ".tgz", ".gz", ".bz2", ".xz")) and head:
        return "damaged"
    return None
