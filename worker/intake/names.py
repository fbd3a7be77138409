"""Names of files that are no valid text: how they are written down, and found again.

A file name on Linux is bytes. The ledger and every message hold text, and a name with bytes that are no
UTF-8 cannot be written into them. Such a path is written down as a file URI (`file:///inbox/caf%E9.txt`),
which leads back to it exactly; all others, and all paths begin with `/`, stand as they are.
"""

from __future__ import annotations

import os
from urllib.parse import quote_from_bytes, unquote_to_bytes

_URI = "file://"
MAX_LABEL_CHARACTERS = 1000


def text_of(path: str) -> str:
    """Return an absolute path as it is written into the ledger."""
    try:
        path.encode()
    except UnicodeEncodeError:
        return _URI + quote_from_bytes(os.fsencode(path))
    return path


def path_of(text: str) -> str:
    """Return the path that `text_of` wrote down."""
    return os.fsdecode(unquote_to_bytes(text.removeprefix(_URI))) if text.startswith(_URI) else text


def label_of(name: str) -> str:
    r"""Return a name for people: bytes that are no text and NUL as `\xe9`, cut when it is very long."""
    if len(name) > MAX_LABEL_CHARACTERS:
        name = name[: MAX_LABEL_CHARACTERS - 1] + "…"
    try:
        name.encode()
    except UnicodeEncodeError:
        try:
            raw = name.encode("utf-8", "surrogateescape")
        except UnicodeEncodeError:  # half of a pair, out of somebody's JSON
            raw = name.encode("utf-8", "surrogatepass")
        name = raw.decode("utf-8", "backslashreplace")
    return name.replace("\0", "\\x00")
