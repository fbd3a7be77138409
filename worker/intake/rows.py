"""Takes files apart that hold an article a row: JSON Lines, CSV, a JSON array. Standard library only."""

from __future__ import annotations

import codecs
import csv
import io
import itertools
import json
import os
import re
from typing import TYPE_CHECKING, Any, BinaryIO

from worker.intake.frames import Stop

if TYPE_CHECKING:
    from collections.abc import Iterator

    from worker.intake.frames import Out

CHUNK = 256 * 1024
UTF8_BOM = b"\xef\xbb\xbf"
_BETWEEN = re.compile(r"[ \t\r\n,]*")


def split_jsonl(name: str, file: BinaryIO, out: Out, depth: int) -> None:
    """Cut out every line that is not blank, as it stands."""
    del depth
    number = 0
    while line := file.readline(CHUNK):
        number += 1
        if number == 1:
            if line.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
                raise Stop("undecodable", "JSON Lines have to be UTF-8, and this is UTF-16")
            line = line.removeprefix(UTF8_BOM)
        if line.strip() or not line.endswith(b"\n"):
            out.article(f"{os.path.basename(name)}:{number}", _line_chunks(line, file))


def _line_chunks(first: bytes, file: BinaryIO) -> Iterator[bytes]:
    """Yield a line of any length without its line break."""
    chunk = first
    while chunk and not chunk.endswith(b"\n"):
        yield chunk
        chunk = file.readline(CHUNK)
    if chunk:
        yield chunk.rstrip(b"\r\n")


def split_csv(name: str, file: BinaryIO, out: Out, depth: int) -> None:
    """Make a JSON object of every row. Bytes that are no text go through as they are, to be judged later."""
    del depth
    csv.field_size_limit(max(out.limits["article"], 1))
    text = io.TextIOWrapper(file, encoding=_csv_encoding(file), errors="surrogateescape", newline="")
    first = text.readline(CHUNK)
    rows = csv.reader(itertools.chain([first], text), delimiter=max(",;\t|", key=first.count))
    try:
        header = _distinct(next(rows, []))
        if not any(header):
            raise Stop("no_header", "the first line of a CSV file has to name its columns")
        for row in rows:
            if any(cell.strip() for cell in row):
                fields: dict[str, Any] = dict(zip(header, row, strict=False))
                if len(row) > len(header):
                    fields["_more"] = row[len(header) :]
                data = json.dumps(fields, ensure_ascii=False).encode("utf-8", "surrogateescape")
                out.article(f"{os.path.basename(name)}:{rows.line_num}", iter([data]))
    except csv.Error as error:
        raise Stop("broken_csv", f"line {rows.line_num}: {error}") from None


def _distinct(header: list[str]) -> list[str]:
    """Number columns that have the name of an earlier one, so that none overwrites another."""
    seen: dict[str, int] = {}
    names = []
    for name in header:
        seen[name] = seen.get(name, 0) + 1
        names.append(name if seen[name] == 1 else f"{name}_{seen[name]}")
    return names


def _csv_encoding(file: Any) -> str:
    """Tell the encoding from a byte order mark, or from whether the beginning is UTF-8."""
    head = file.peek(CHUNK)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"


def split_json_array(name: str, file: BinaryIO, out: Out, depth: int) -> None:
    """Cut the elements of a JSON array out as they stand, holding one element at a time."""
    del depth
    decoder = json.JSONDecoder(parse_int=str, parse_float=str)  # the values are not wanted, only their ends
    reader = io.TextIOWrapper(file, encoding="utf-8-sig", errors="surrogateescape")
    text = reader.read(CHUNK)
    at = len(text) - len(text.lstrip()) + 1  # behind the [
    while True:
        at = _BETWEEN.match(text, at).end()  # type: ignore[union-attr]
        if text.startswith("]", at):
            return
        try:
            _, end = decoder.raw_decode(text, at)
            ended = end < len(text)  # a number at the end of the chunk may go on
            problem = "it ends without ]"
        except json.JSONDecodeError as error:
            ended, end, problem = False, at, error.msg
        if ended:
            member = f"{os.path.basename(name)}:{out.position + 1}"
            out.article(member, iter([text[at:end].encode("utf-8", "surrogateescape")]))
            at = end
            continue
        text, at = text[at:], 0
        if len(text) > 4 * out.limits["article"]:
            raise Stop(
                "broken_json", f"after {out.position} articles: one element is too long to be an article"
            )
        more = reader.read(max(CHUNK, len(text)))
        if not more:
            raise Stop("broken_json", f"after {out.position} articles: {problem}")
        text += more
