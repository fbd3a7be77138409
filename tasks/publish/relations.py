"""What is kept of an article to find its copies, corrections and story among all others: its prints.

A pure function of record and signature. The text's prints (signature, facts in their frames) depend on the
words of the body alone, so that the same words in other bytes have the same ones. A fact is a figure, a date
or a name; its frame are the two words on each side. Equal frames with different facts in them tell a
correction, or another report of the same form, from a copy (`worker.desk.likeness`).
"""

from __future__ import annotations

import functools
import hashlib
import re
import unicodedata
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from tasks.publish.story import story_prints
from worker.config_dir import load_lines
from worker.desk.likeness import FIGURE, NAME, Text
from worker.desk.prints import Prints

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from worker.desk.likeness import Fact
    from worker.record import Record, Stamp

MOST_FACTS = 128
SIGN_CHARACTERS = 600
_ENDS = frozenset('.!?:;\n"“”„»«')
_TOKEN = re.compile(r"[^\W_]+(?:[.,:\u2019'-][^\W_]+)*|[" + re.escape("".join(sorted(_ENDS))) + "]")
_MASK, _EDGE = "#", ""
_MOST_EMPTY = 2
"""Words of a frame, of four, that may be facts themselves or beyond the edge of the text."""


def prints_of(record: Record, signature: Sequence[int]) -> Prints | None:
    """Return the prints of an article; None when its body has no words."""
    tokens = _TOKEN.findall(unicodedata.normalize("NFKC", record.body))
    said = " ".join(token for token in tokens if token not in _ENDS)
    if not said:
        return None
    text = Text.of(signature, facts(tokens))
    sketch, packed = text.packed()
    moment = _moment(record.published)
    return Prints(
        digest=_hash(said.encode(errors="surrogatepass") + b"\0" + sketch + packed) >> 1,
        sketch=sketch,
        facts=packed,
        keys=tuple(text.found_by()),
        moment=moment,
        address=_address(record.canonical_url),
        corrects=_says_so(record),
        story=story_prints(record, moment),
    )


def facts(tokens: Iterable[str]) -> list[Fact]:
    """Return figures, dates and names, each with its frame; at most 128, those of the smallest frames.

    A frame with two different facts in one article tells nothing and is left out.
    """
    pieces, kinds = _pieces(tokens)
    plain = [piece if kind is None else _MASK for piece, kind in zip(pieces, kinds, strict=True)]
    plain = [_EDGE, _EDGE, *plain, _EDGE, _EDGE]
    found: dict[int, int] = {}
    unclear: set[int] = set()
    for at, kind in enumerate(kinds):
        if kind is None:
            continue
        before, last, _, next_, after = plain[at : at + 5]
        frame = (before, last, next_, after)
        if frame.count(_MASK) + frame.count(_EDGE) > _MOST_EMPTY:
            continue
        key = _hash("\0".join(frame).encode(errors="surrogatepass")) & 0xFFFF_FFFF
        value = _hash_fact(pieces[at]) & 0xFFFF_FFFE | kind
        if found.setdefault(key, value) != value:
            unclear.add(key)
    return [(key, found[key]) for key in sorted(found.keys() - unclear)[:MOST_FACTS]]


def _pieces(tokens: Iterable[str]) -> tuple[list[str], list[int | None]]:
    """Return words in lower case with their kind: FIGURE, NAME or None.

    A name of several words is one piece, its last word. The first word of a sentence is no name: it has its
    capital from its place.
    """
    pieces: list[str] = []
    kinds: list[int | None] = []
    begins, named = True, False
    for token in tokens:
        if token in _ENDS:
            begins, named = True, False
            continue
        piece, kind = _piece(token)
        if kind == NAME and named:
            pieces[-1] = piece
            continue
        named = kind == NAME and not begins
        pieces.append(piece)
        kinds.append(None if kind == NAME and begins else kind)
        begins = False
    return pieces, kinds


@functools.lru_cache(maxsize=50_000)
def _piece(token: str) -> tuple[str, int | None]:
    """Return a word as it is compared, and what it would be in the middle of a sentence."""
    lower = token.lower().removesuffix("'s").removesuffix("\u2019s")
    if lower in _figures():
        return _figures()[lower], FIGURE
    if any(c.isdigit() for c in lower):
        return lower.replace(",", ""), FIGURE
    return lower, NAME if token[0].isupper() else None


@functools.cache
def _figures() -> dict[str, str]:
    return dict(line.split(maxsplit=1) for line in load_lines("publish/figures.txt"))


def _says_so(record: Record) -> bool:
    ends = (record.headline.text, record.text[:SIGN_CHARACTERS], record.text[-SIGN_CHARACTERS:])
    said = " ".join("\n".join(ends).lower().split())
    return any(sign in said for sign in load_lines("publish/correction_signs.txt"))


def _moment(published: Stamp | None) -> int | None:
    """Return the first second that the stamp may mean, in seconds since 1970, UTC where no zone is given."""
    if published is None:
        return None
    value = published.value
    padded = value + {4: "-01-01", 7: "-01"}.get(len(value), "")
    try:
        moment = datetime.fromisoformat(padded)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return int(moment.timestamp())


def _address(url: str | None) -> int | None:
    """Return a number for host and path of an article's own address; None for the address of a whole site."""
    try:
        parts = urlsplit(url or "")
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return None
    path = parts.path.rstrip("/")
    return _hash(f"{host}{path}?{parts.query}".encode(errors="surrogatepass")) >> 1 if host and path else None


@functools.lru_cache(maxsize=50_000)
def _hash_fact(word: str) -> int:
    return _hash(word.encode(errors="surrogatepass"))


def _hash(data: bytes) -> int:
    return int.from_bytes(hashlib.blake2b(data, digest_size=8).digest(), "big")
