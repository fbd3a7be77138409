"""Takes containers apart, in a process of its own that may be killed. Standard library only.

Reads one request a line from standard input (`{"path", "skip", "limits"}`) and answers on standard output
with frames: a JSON header on one line, then `size` raw bytes. Headers are

    {"position", "member", "size"}                     an article's bytes follow
    {"position", "member", "size", "refuse": [c, d]}   bytes follow, but the article is not to be processed
    {"position", "member", "file", "bytes"}            a large article, in a file that the reader removes
    {"unreadable": member, "why"}                      a member that gives no bytes
    {"alive": true}                                    nothing to give yet, but it goes on
    {"end": true} | {"failed": [code, detail]}         the last frame of a request

Nothing is ever written under a member's name: names are labels. Every byte is counted while it is read.
Articles are numbered from 0 in the container's own order, so that `skip` of them is a cursor. Every frame
is sent at once: what was read before a crash, or before this process is killed, is with the reader already.
"""

from __future__ import annotations

import bz2
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
from typing import TYPE_CHECKING, Any, BinaryIO, Self

from worker.intake.frames import Out, Stop
from worker.intake.kinds import HEAD_BYTES, container_kind
from worker.intake.names import label_of, path_of
from worker.intake.rows import CHUNK, split_csv, split_json_array, split_jsonl

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

DAMAGE = (
    zipfile.BadZipFile,
    tarfile.TarError,
    zlib.error,
    lzma.LZMAError,
    gzip.BadGzipFile,
    EOFError,
    NotImplementedError,  # a zip method that the standard library does not know
)


def open_container(name: str, file: BinaryIO, out: Out, depth: int) -> None:
    """Take one container apart; `file` stands at its start and can be peeked into."""
    peekable = file if hasattr(file, "peek") else io.BufferedReader(file, CHUNK)  # type: ignore[type-var]
    kind = container_kind(name, peekable.peek(HEAD_BYTES)[:HEAD_BYTES])
    if kind in _WRAPPERS:
        _unwrap(name, _WRAPPERS[kind](peekable), out, depth)
    elif kind in _SPLITTERS:
        _SPLITTERS[kind](name, peekable, out, depth)
    elif kind == "damaged":
        raise Stop("damaged", f"{name} is not what its ending says, or its beginning is damaged")
    else:
        out.article(name, _chunks(peekable))


def _unwrap(name: str, opened: Any, out: Out, depth: int) -> None:
    """Go on with what a compressed file holds. In it, only a tar or lines cost no further depth."""
    inner = io.BufferedReader(_Counting(opened, out), CHUNK)
    name = _unwrapped_name(name)
    kind = container_kind(name, inner.peek(HEAD_BYTES)[:HEAD_BYTES])
    if kind != "zip" and kind not in _WRAPPERS:
        open_container(name, inner, out, depth)
    elif depth >= out.limits["depth"]:
        raise Stop("nested_too_deep", _too_deep(out))
    elif kind == "zip":
        with tempfile.TemporaryFile(dir=out.scratch_dir) as copy:  # its table of contents is at its end
            for chunk in _chunks(inner):
                copy.write(chunk)
            copy.seek(0)
            open_container(name, copy, out, depth + 1)
    else:
        open_container(name, inner, out, depth + 1)


def _too_deep(out: Out) -> str:
    return f"lies deeper than {out.limits['depth']} containers (max_container_depth)"


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
        # Not `read`: where the stream is cut off, that loses what was unpacked before.
        data = self._inner.read1(len(buffer))
        self._out.count(len(data), packed=True)
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
        out.article(name, _chunks(peekable), refuse=("nested_too_deep", _too_deep(out)))
    else:
        with tempfile.TemporaryFile(dir=out.scratch_dir) as copy:
            for chunk in _chunks(peekable):
                out.count(len(chunk), packed=True)
                copy.write(chunk)
            copy.seek(0)
            _inner_container(name, copy, out, depth + 1)


def _inner_container(name: str, copy: BinaryIO, out: Out, depth: int) -> None:
    """Take a container within a container apart; what is wrong with it is its own affair."""
    before = out.position
    try:
        open_container(name, copy, _Within(out, name), depth)  # type: ignore[arg-type]
    except Exception as error:
        stop = _stop_for(error)
        if stop.code in _ENDS_ALL:
            raise
        out.unreadable(name, f"{stop.detail} (after {out.position - before} articles)")


class _Within:
    """The same output, with the inner container's name in front of every member's."""

    def __init__(self, out: Out, name: str) -> None:
        self._out = out
        self._name = name

    def __getattr__(self, attribute: str) -> Any:
        return getattr(self._out, attribute)

    def article(self, member: str, chunks: Iterator[bytes], **options: Any) -> None:
        self._out.article(f"{self._name}/{member}", chunks, **options)

    def unreadable(self, member: str, why: str) -> None:
        self._out.unreadable(f"{self._name}/{member}", why)


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
            except (RuntimeError, *DAMAGE) as error:  # encrypted, or damaged: the others are not
                if isinstance(error, RecursionError):
                    raise
                out.unreadable(info.filename, str(error) or "it is damaged")


class _StrictTar(tarfile.TarInfo):
    """A header that is damaged, or missing where one has to be, is an error.

    The standard library takes both for the archive's end, and what lies behind would be lost in silence.
    """

    @classmethod
    def fromtarfile(cls, tarfile_: tarfile.TarFile) -> Self:
        """Read the next header; raise Stop where there is none that is whole."""
        try:
            return super().fromtarfile(tarfile_)
        except tarfile.EOFHeaderError:  # type: ignore[attr-defined]
            raise
        except tarfile.HeaderError as error:
            raise Stop("damaged", f"{error} (at byte {tarfile_.offset})") from None


def _split_tar(name: str, file: BinaryIO, out: Out, depth: int) -> None:
    del name
    with tarfile.open(fileobj=file, mode="r|", tarinfo=_StrictTar) as archive:
        for info in archive:
            if info.isfile() and not _skippable(info.name):
                member = archive.extractfile(info)
                assert member is not None
                _member(info.name, member, out, depth)  # type: ignore[arg-type]
            elif not info.isfile() and not info.isdir():
                out.unreadable(info.name, "it is a link or a device, not a file")
            archive.members = []  # type: ignore[attr-defined]  # it would keep them all
    for chunk in _chunks(file):  # to the end, so that a wrapper's checksum is looked at too
        if chunk.strip(b"\0"):
            raise Stop("damaged", f"something follows behind its end mark (after {out.position} articles)")


_WRAPPERS: dict[str | None, Callable[[Any], Any]] = {
    "gzip": lambda file: gzip.GzipFile(fileobj=file),
    "bz2": bz2.BZ2File,
    "xz": lzma.LZMAFile,
}
_SPLITTERS: dict[str | None, Callable[[str, Any, Out, int], None]] = {
    "zip": _split_zip,
    "tar": _split_tar,
    "jsonl": split_jsonl,
    "csv": split_csv,
    "json_array": split_json_array,
}


_ENDS_ALL = {"bomb", "too_large", "too_many", "memory", "vanished"}
"""What ends the outer container too when it befalls an inner one."""


def _stop_for(error: Exception) -> Stop:
    """Say for the ledger what an error means."""
    if isinstance(error, Stop):
        return error
    found = next((code for kinds, code in _CODES if isinstance(error, kinds)), "damaged")
    known = {
        "vanished": "the file is gone",
        "permission": "the file may not be read",
        "nested_too_deep": "nested too deeply",
        "memory": "needs more memory than split_memory_mb",
    }
    plain = isinstance(error, (*DAMAGE, OSError)) and str(error)
    described = str(error) if plain else f"{type(error).__name__}: {error}" if str(error) else ""
    return Stop(found, known.get(found) or described or "it ends in the middle")


_CODES: tuple[tuple[Any, str], ...] = (
    (FileNotFoundError, "vanished"),
    (PermissionError, "permission"),
    (UnicodeDecodeError, "undecodable"),
    (RecursionError, "nested_too_deep"),
    (MemoryError, "memory"),
    (DAMAGE, "damaged"),
    (OSError, "unreadable"),
)


def split(request: dict[str, Any], scratch_dir: str) -> None:
    """Answer one request."""
    path = path_of(request["path"])
    out: Out | None = None
    try:
        with open(path, "rb") as file:
            out = Out(request, os.fstat(file.fileno()).st_size, scratch_dir)
            open_container(os.path.basename(path), file, out, depth=1)
    except BrokenPipeError:  # nobody reads any more
        os._exit(0)
    except Exception as error:  # noqa: BLE001 - the modules that unpack raise all kinds of errors on garbage
        stop = _stop_for(error)
        after = f" (after {out.position} articles)" if out and stop.code == "damaged" else ""
        detail = stop.detail if after.strip() in stop.detail else stop.detail + after
        _write({"failed": [stop.code, label_of(detail)]})
    else:
        _write({"end": True})


def _write(head: dict[str, Any]) -> None:
    sys.stdout.buffer.write(json.dumps(head).encode() + b"\n")
    sys.stdout.buffer.flush()


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
