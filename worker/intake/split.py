"""Takes containers apart, in a process of its own that may be killed. Standard library only.

Reads one request a line from standard input (`{"path", "skip", "limits"}`) and answers on standard output
with frames: a JSON header on one line, then `size` raw bytes. Headers are

    {"position", "member", "size"}                     an article's bytes follow
    {"position", "member", "size", "refuse": [c, d]}   bytes follow, but the article is not to be processed
    {"position", "member", "file"}                     a large article, in a file that the reader removes
    {"unreadable": member, "why"}                      a member that gives no bytes
    {"end": true} | {"failed": [code, detail]}         the last frame of a request

Nothing is ever written under a member's name: names are labels. Every byte is counted while it is read.
Articles are numbered from 0 in the container's own order, so that `skip` of them is a cursor.
"""

from __future__ import annotations

import bz2
import codecs
import csv
import gzip
import io
import json
import lzma
import os
import resource
import sys
import tarfile
import tempfile
import zipfile
import zlib
from typing import TYPE_CHECKING, Any, BinaryIO

from worker.intake.kinds import HEAD_BYTES, container_kind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

CHUNK = 256 * 1024
RATIO_FREE_BYTES = 100 * 1024 * 1024
IN_FRAME_BYTES = 4 * 1024 * 1024
UTF8_BOM = b"\xef\xbb\xbf"
DAMAGE = (
    zipfile.BadZipFile,
    tarfile.TarError,
    zlib.error,
    lzma.LZMAError,
    gzip.BadGzipFile,
    EOFError,
    NotImplementedError,  # a zip method that the standard library does not know
)


class Stop(Exception):  # noqa: N818 - it ends a container, whether by fault or by limit
    """The container cannot be taken apart any further: code and detail for the ledger."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail


class Out:
    """Numbers articles, counts bytes, and writes frames for those behind the cursor."""

    def __init__(self, request: dict[str, Any], size: int, scratch_dir: str) -> None:
        self.skip: int = request["skip"]
        self.limits: dict[str, int] = request["limits"]
        self.position = 0
        self.unpacked = 0
        self.container_size = max(size, 1)
        self.scratch_dir = scratch_dir
        self._stream = sys.stdout.buffer

    def count(self, number: int) -> None:
        """Count unpacked bytes; raise Stop when they are more than a container may hold."""
        self.unpacked += number
        if self.unpacked > self.limits["bytes"]:
            raise Stop(
                "too_large", f"unpacks to more than {self.limits['bytes']} bytes (max_container_bytes)"
            )
        if self.unpacked > RATIO_FREE_BYTES and self.unpacked > self.limits["ratio"] * self.container_size:
            raise Stop(
                "bomb",
                f"unpacks to more than {self.limits['ratio']} times its size (max_container_ratio)",
            )

    def article(self, member: str, chunks: Iterator[bytes], *, refuse: tuple[str, str] | None = None) -> None:
        """Write one article. Its bytes stay in memory up to 4 MB, then go to a file."""
        head: dict[str, Any] = {"position": self.position, "member": member}
        if refuse:
            head["refuse"] = list(refuse)
        self.position += 1
        if self.position > self.limits["members"]:
            raise Stop(
                "too_many", f"holds more than {self.limits['members']} articles (max_container_members)"
            )
        wanted = head["position"] >= self.skip
        buffer = bytearray()
        file: BinaryIO | None = None
        for chunk in chunks:
            self.count(len(chunk))
            if not wanted:
                continue
            if file is None and len(buffer) + len(chunk) > IN_FRAME_BYTES:
                descriptor, head["file"] = tempfile.mkstemp(dir=self.scratch_dir)
                file = os.fdopen(descriptor, "wb")
                file.write(buffer)
                buffer.clear()
            if file is None:
                buffer += chunk
            else:
                file.write(chunk)
        if file is not None:
            file.close()
        if wanted:
            head["size"] = len(buffer)
            self.frame(head, buffer)

    def frame(self, head: dict[str, Any], body: bytes | bytearray = b"") -> None:
        """Write one frame."""
        self._stream.write(json.dumps(head).encode() + b"\n" + body)

    def end(self, head: dict[str, Any]) -> None:
        """Write the last frame of a request."""
        self.frame(head)
        self._stream.flush()


def open_container(name: str, file: BinaryIO, out: Out, depth: int) -> None:
    """Take one container apart; `file` stands at its start and can be peeked into."""
    peekable = file if hasattr(file, "peek") else io.BufferedReader(file, CHUNK)
    kind = container_kind(name, peekable.peek(HEAD_BYTES)[:HEAD_BYTES])
    if kind in _WRAPPERS:
        opened = _WRAPPERS[kind](peekable)
        open_container(_unwrapped_name(name), io.BufferedReader(_Counting(opened, out), CHUNK), out, depth)  # type: ignore[arg-type]
    elif kind in _SPLITTERS:
        _SPLITTERS[kind](name, peekable, out, depth)
    elif kind == "damaged":
        raise Stop("damaged", f"{name} is not what its ending says, or its beginning is damaged")
    else:
        out.article(name, _chunks(peekable))


def _unwrapped_name(name: str) -> str:
    stem, dot, ending = name.rpartition(".")
    if ending.lower() == "tgz":
        return stem + ".tar"
    return stem if dot and ending.lower() in {"gz", "bz2", "xz"} else name


class _Counting(io.RawIOBase):
    """Counts what comes out of a compressed stream, so that a bomb stops early."""

    def __init__(self, inner: Any, out: Out) -> None:
        self._inner = inner
        self._out = out

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._inner.read(len(buffer))
        self._out.count(len(data))
        buffer[: len(data)] = data
        return len(data)


def _chunks(file: Any) -> Iterator[bytes]:
    while chunk := file.read(CHUNK):
        yield chunk


def _member(name: str, file: BinaryIO, out: Out, depth: int) -> None:
    """An article, a container within the container, or something that is refused."""
    parts = name.replace("\\", "/").split("/")
    if ".." in parts or name.startswith(("/", "\\")) or "\0" in name:
        detail = "its name in the archive points outside of it"
        out.article(name, _chunks(file), refuse=("unsafe_name", detail))
        return
    peekable = io.BufferedReader(file, CHUNK)  # type: ignore[type-var]
    if container_kind(name, peekable.peek(HEAD_BYTES)[:HEAD_BYTES]) is None:
        out.article(name, _chunks(peekable))
    elif depth >= out.limits["depth"]:
        detail = f"lies deeper than {out.limits['depth']} containers (max_container_depth)"
        out.article(name, _chunks(peekable), refuse=("nested_too_deep", detail))
    else:
        with tempfile.TemporaryFile(dir=out.scratch_dir) as copy:
            for chunk in _chunks(peekable):
                out.count(len(chunk))
                copy.write(chunk)
            copy.seek(0)
            before = out.position
            try:
                open_container(name, copy, _Within(out, name), depth + 1)  # type: ignore[arg-type]
            except (Stop, *DAMAGE) as error:
                if isinstance(error, Stop) and error.code in {"bomb", "too_large", "too_many"}:
                    raise
                out.frame({"unreadable": name, "why": f"{error} (after {out.position - before} articles)"})


class _Within:
    """The same output, with the inner container's name in front of every member's."""

    def __init__(self, out: Out, name: str) -> None:
        self._out = out
        self._name = name

    def __getattr__(self, attribute: str) -> Any:
        return getattr(self._out, attribute)

    def article(self, member: str, chunks: Iterator[bytes], **options: Any) -> None:
        self._out.article(f"{self._name}/{member}", chunks, **options)


def _skippable(name: str) -> bool:
    """Left behind by file managers; nobody means them as articles."""
    parts = name.split("/")
    return parts[0] == "__MACOSX" or parts[-1] in {".DS_Store", "Thumbs.db", "desktop.ini"}


def _split_zip(name: str, file: BinaryIO, out: Out, depth: int) -> None:
    del name
    with zipfile.ZipFile(file) as archive:
        for info in archive.infolist():
            if info.is_dir() or _skippable(info.filename):
                continue
            try:
                with archive.open(info) as member:
                    _member(info.filename, member, out, depth)  # type: ignore[arg-type]
            except RuntimeError as error:  # encrypted
                out.frame({"unreadable": info.filename, "why": str(error)})


def _split_tar(name: str, file: BinaryIO, out: Out, depth: int) -> None:
    del name
    with tarfile.open(fileobj=file, mode="r|") as archive:
        for info in archive:
            if info.isfile() and not _skippable(info.name):
                member = archive.extractfile(info)
                assert member is not None
                _member(info.name, member, out, depth)  # type: ignore[arg-type]
            elif not info.isfile() and not info.isdir():
                out.frame({"unreadable": info.name, "why": "it is a link or a device, not a file"})


def _split_jsonl(name: str, file: BinaryIO, out: Out, depth: int) -> None:
    del depth
    number = 0
    while True:
        line = file.readline(CHUNK)
        if not line:
            return
        number += 1
        line = line.removeprefix(UTF8_BOM) if number == 1 else line
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


def _split_csv(name: str, file: BinaryIO, out: Out, depth: int) -> None:
    del depth
    csv.field_size_limit(max(out.limits["article"], 1))
    text = io.TextIOWrapper(file, encoding=_csv_encoding(file), newline="")
    first = text.readline()
    delimiter = max(",;\t|", key=first.count)
    header = next(csv.reader([first], delimiter=delimiter), [])
    if len(header) < 2 and not header:  # noqa: PLR2004
        raise Stop("no_header", "the first line of a CSV file has to name its columns")
    rows = csv.reader(text, delimiter=delimiter)
    try:
        for number, row in enumerate(rows, start=2):
            if any(cell.strip() for cell in row):
                fields: dict[str, Any] = dict(zip(header, row, strict=False))
                if len(row) > len(header):
                    fields["_more"] = row[len(header) :]
                data = json.dumps(fields, ensure_ascii=False).encode("utf-8", "surrogatepass")
                out.article(f"{os.path.basename(name)}:{number}", iter([data]))
    except csv.Error as error:
        raise Stop("broken_csv", f"line {rows.line_num + 1}: {error}") from None


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


def _split_json_array(name: str, file: BinaryIO, out: Out, depth: int) -> None:
    """Cut the elements of a JSON array out as they stand, holding one element at a time."""
    del depth
    decoder = json.JSONDecoder()
    reader = io.TextIOWrapper(file, encoding="utf-8-sig")
    text = reader.read(CHUNK).lstrip().removeprefix("[")
    while True:
        text = text.lstrip(" \t\r\n,")
        if text.startswith("]"):
            return
        try:
            _, end = decoder.raw_decode(text)
            ended = end < len(text)  # a number at the end of the chunk may go on
        except json.JSONDecodeError as error:
            ended, end, problem = False, 0, str(error)
        else:
            problem = "it ends without ]"
        if ended:
            member = f"{os.path.basename(name)}:{out.position + 1}"
            out.article(member, iter([text[:end].encode("utf-8", "surrogatepass")]))
            text = text[end:]
            continue
        more = reader.read(max(CHUNK, len(text)))
        if not more:
            raise Stop("broken_json", f"after {out.position} articles: {problem}")
        if len(text) > 4 * out.limits["article"]:
            raise Stop(
                "broken_json", f"after {out.position} articles: one element is too long to be an article"
            )
        text += more


_WRAPPERS: dict[str | None, Callable[[Any], Any]] = {
    "gzip": lambda file: gzip.GzipFile(fileobj=file),
    "bz2": bz2.BZ2File,
    "xz": lzma.LZMAFile,
}
_SPLITTERS: dict[str | None, Callable[[str, Any, Out, int], None]] = {
    "zip": _split_zip,
    "tar": _split_tar,
    "jsonl": _split_jsonl,
    "csv": _split_csv,
    "json_array": _split_json_array,
}


def split(request: dict[str, Any], scratch_dir: str) -> None:
    """Answer one request."""
    path = request["path"]
    out: Out | None = None
    try:
        with open(path, "rb") as file:
            out = Out(request, os.fstat(file.fileno()).st_size, scratch_dir)
            open_container(os.path.basename(path), file, out, depth=1)
    except Stop as stop:
        _fail(out, stop.code, stop.detail)
    except FileNotFoundError:
        _fail(out, "vanished", "the file is gone")
    except PermissionError:
        _fail(out, "permission", "the file may not be read")
    except UnicodeDecodeError as error:
        _fail(out, "undecodable", f"not the encoding that its beginning promises: {error}")
    except RecursionError:
        _fail(out, "broken_json", "nested too deeply")
    except MemoryError:
        _fail(out, "memory", "needs more memory than split_memory_mb")
    except DAMAGE as error:
        position = out.position if out else 0
        _fail(out, "damaged", f"{error or 'it ends in the middle'} (after {position} articles)")
    except OSError as error:
        _fail(out, "unreadable", str(error))
    else:
        out.end({"end": True})


def _fail(out: Out | None, code: str, detail: str) -> None:
    frame = json.dumps({"failed": [code, detail]}).encode() + b"\n"
    sys.stdout.buffer.write(frame)
    sys.stdout.buffer.flush()
    del out


def main() -> None:
    """Answer requests until standard input ends. Arguments: memory limit in MB, folder for large articles."""
    megabytes, scratch_dir = int(sys.argv[1]), sys.argv[2]
    if sys.platform != "darwin":
        limit = megabytes * 1024 * 1024
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    for line in sys.stdin:
        split(json.loads(line), scratch_dir)


if __name__ == "__main__":
    main()
