"""Lines that recur in a source: counted over the articles of a desk, kept as a numbered snapshot, marked.

A source is a collection, or the host within it where the article has an address. `copydesk learn` counts and
writes a snapshot; the setting `learned_lines` names the one that `read` obeys. It is part of the stage's
fingerprint, so that the same bytes still give the same record, whatever came before or after.
"""

from __future__ import annotations

import functools
import hashlib
import json
from collections import defaultdict
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from tasks.read.words import count, fold
from worker.config_dir import load_toml
from worker.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from worker.record import Block

COMPONENT = "copydesk.read.learned"
VERSION = "1.0"
RULE = "learned"
_KINDS = frozenset({"heading", "paragraph"})
_PRUNE_AT = 2_000_000
"""Lines held before those seen once are forgotten (lossy counting, Manku and Motwani 2002)."""

Count = Annotated[int, Field(ge=1)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Source(_Strict):
    """The lines of one source, folded, with the number of articles each stood in, of how many."""

    articles: Count
    lines: dict[str, Count]


class Snapshot(_Strict):
    """What was learned up to one moment."""

    number: Count
    sources: dict[str, Source]


class Learned:
    """A snapshot as `read` uses it; `digest` is over the file's bytes."""

    def __init__(self, data: bytes) -> None:
        self.snapshot = Snapshot.model_validate_json(data)
        self.digest = hashlib.sha256(data).hexdigest()

    def mark(self, text: str, blocks: list[Block], source: str) -> list[Block]:
        """Return the blocks, those that recur in their source marked as boilerplate with the evidence."""
        known = self.snapshot.sources.get(source)
        if known is None:
            return blocks
        marked = []
        for block in blocks:
            times = known.lines.get(fold(text[block.start : block.end])) if block.kind in _KINDS else None
            if times:
                rule = f"{RULE}:{times} of {known.articles} articles, snapshot {self.snapshot.number}"
                marked.append(block.model_copy(update={"kind": "boilerplate", "rule": rule}))
            else:
                marked.append(block)
        return marked


@functools.lru_cache(maxsize=2)
def load(path: Path) -> Learned:
    """Return the snapshot of a file, read once a process. Raises SettingsError where it cannot be used."""
    try:
        return Learned(path.expanduser().read_bytes())
    except OSError as error:
        raise SettingsError(f"learned_lines: {path} cannot be read: {error.strerror}.") from error
    except ValidationError as error:
        what = error.errors()[0]["msg"]
        raise SettingsError(f"learned_lines: {path} is no snapshot of `copydesk learn`: {what}.") from error


def source_of(collection: str, url: str | None) -> str:
    """Return the source of an article: its collection, and the host of its address where it has one."""
    try:
        host = (urlsplit(url or "").hostname or "").removeprefix("www.")
    except ValueError:
        host = ""
    return f"{collection} {host}".strip()


class Counts:
    """Counts lines over articles. The order of the articles does not matter below two million lines."""

    def __init__(self) -> None:
        self._settings = load_toml("read/learned.toml")
        self._leads: defaultdict[str, set[int]] = defaultdict(set)
        self._lines: dict[tuple[str, str], set[int]] = {}
        self._prune_at = _PRUNE_AT

    def add(self, source: str, text: str, blocks: Iterable[Mapping[str, object]]) -> None:
        """Count an article; `blocks` are those of its record, as JSON has them."""
        lines = [fold(text[_int(b["start"]) : _int(b["end"])]) for b in blocks if _counts(b)]
        if not lines:
            return
        lead = _hash(max(lines, key=len))  # a recurring line is hardly ever the longest
        self._leads[source].add(lead)
        for line in set(lines):
            if line and count(line) <= self._settings["most_words"]:
                self._lines.setdefault((source, line), set()).add(lead)
        if len(self._lines) > self._prune_at:
            self._lines = {key: leads for key, leads in self._lines.items() if len(leads) > 1}
            self._prune_at = max(_PRUNE_AT, 2 * len(self._lines))

    def snapshot(self, number: int) -> Snapshot:
        """Return the lines that recur often enough, in the order of the alphabet."""
        least, share = self._settings["least_articles"], self._settings["least_share"]
        found: defaultdict[str, dict[str, int]] = defaultdict(dict)
        for (source, line), leads in sorted(self._lines.items()):
            if len(leads) >= max(least, share * len(self._leads[source])):
                found[source][line] = len(leads)
        return Snapshot(
            number=number,
            sources={
                source: Source(articles=len(self._leads[source]), lines=lines)
                for source, lines in sorted(found.items())
            },
        )


def _counts(block: Mapping[str, object]) -> bool:
    return block["kind"] in _KINDS or str(block["rule"]).startswith(f"{RULE}:")


def _int(value: object) -> int:
    if not isinstance(value, int):
        raise TypeError(f"{value!r} is no offset")
    return value


def _hash(line: str) -> int:
    return int.from_bytes(hashlib.blake2b(line.encode(errors="surrogatepass"), digest_size=8).digest(), "big")


def as_json(snapshot: Snapshot) -> str:
    """Return the snapshot as a file that people can read."""
    return json.dumps(snapshot.model_dump(), ensure_ascii=False, indent=1) + "\n"


def count_records(records: Iterable[str], number: int) -> Snapshot:
    """Return the snapshot of records, each the JSON of one."""
    counts = Counts()
    for body in records:
        record = json.loads(body)
        source = source_of(record["collection"], record["canonical_url"])
        counts.add(source, record["text"], record["blocks"])
    return counts.snapshot(number)


def next_number(names: Sequence[str]) -> int:
    """Return the number behind the highest in names of snapshots: `lines-0003.json` -> 4."""
    numbers = [int(name[6:-5]) for name in names if name.startswith("lines-") and name[6:-5].isdigit()]
    return max(numbers, default=0) + 1
