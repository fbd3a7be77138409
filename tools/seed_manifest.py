# ruff: noqa: INP001 - a script beside the packages
"""Build the sample articles that no editor can type, and keep `seeds/manifest.json` true.

    python tools/seed_manifest.py --check    compare every file with the manifest; exit 1 and say what differs
    python tools/seed_manifest.py --write    build the binary files again and write sizes, digests and counts

The line `shows` of each file is written by hand in the manifest and kept. Text in cp1252 and UTF-16 and the
members of the zip archive have their sources, in UTF-8, under `tests/seeds/sources/`.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import io
import json
import sys
import zipfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SEEDS = ROOT / "seeds"
SOURCES = ROOT / "tests" / "seeds" / "sources"
MANIFEST = SEEDS / "manifest.json"

MEDIA_TYPES = {
    ".txt": "text/plain",
    ".html": "text/html",
    ".json": "application/json",
    ".jsonl": "application/jsonl",
    ".csv": "text/csv",
    ".zip": "application/zip",
}
CONTAINERS = frozenset({".jsonl", ".csv", ".zip"})
NOT_ARTICLES = frozenset({"manifest.json", "README.md"})


def seed_files() -> list[Path]:
    """Return the sample files, in the order of their names."""
    return sorted(
        path
        for path in SEEDS.iterdir()
        if path.is_file() and not path.name.startswith(".") and path.name not in NOT_ARTICLES
    )


def articles_in(path: Path) -> list[bytes]:
    """Return the bytes of every article in one sample file, opened by the standard library alone.

    A row of a CSV file is a JSON object of its columns; a line of a JSON Lines file, and a member of an
    archive, are taken as they are.
    """
    data = path.read_bytes()
    if path.suffix == ".jsonl":
        return data.splitlines()
    if path.suffix == ".csv":
        rows = csv.DictReader(io.StringIO(data.decode("utf-8"), newline=""))
        return [json.dumps(row, ensure_ascii=False).encode() for row in rows]
    if path.suffix == ".zip":
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return [archive.read(member) for member in archive.infolist() if not member.is_dir()]
    return [data]


def built() -> dict[str, bytes]:
    """Return the files that are made from `tests/seeds/sources/`: name -> bytes, always the same."""
    members = sorted((SOURCES / "zip").rglob("*.*"))
    return {
        "006_transfer_cp1252.txt": _source("006_transfer_cp1252.txt").encode("cp1252"),
        "007_earthquake_utf16.txt": b"\xff\xfe" + _source("007_earthquake_utf16.txt").encode("utf-16-le"),
        "015_bundle.zip": _zip(
            {path.relative_to(SOURCES / "zip").as_posix(): path.read_bytes() for path in members}
        ),
    }


def describe(path: Path, shows: str) -> dict[str, Any]:
    """Return the manifest's entry for one sample file."""
    data = path.read_bytes()
    return {
        "name": path.name,
        "bytes": len(data),
        "sha256": hashlib.sha256(data).hexdigest(),
        "media_type": MEDIA_TYPES[path.suffix],
        "articles": len(articles_in(path)),
        "shows": shows,
    }


def entries() -> list[dict[str, Any]]:
    """Return the manifest as it stands on disk."""
    if not MANIFEST.is_file():
        return []
    found: list[dict[str, Any]] = json.loads(MANIFEST.read_text(encoding="utf-8"))["files"]
    return found


def problems() -> list[str]:
    """Return what differs between the files, their sources and the manifest; empty when all is well."""
    listed = {entry["name"]: entry for entry in entries()}
    present = {path.name: path for path in seed_files()}
    found = [f"{name}: in the manifest, not on disk" for name in listed if name not in present]
    for name, path in present.items():
        if name not in listed:
            found.append(f"{name}: on disk, not in the manifest")
            continue
        entry = listed[name]
        if not entry["shows"]:
            found.append(f"{name}: `shows` is empty; write one line in seeds/manifest.json")
        now = describe(path, entry["shows"])
        found += [
            f"{name}: {key} is {now[key]}, the manifest says {entry.get(key)}"
            for key in now
            if now[key] != entry.get(key)
        ]
    for name, data in built().items():
        if name in present and present[name].read_bytes() != data:
            found.append(f"{name}: differs from what its source gives; run --write")
    return found


def write() -> None:
    """Build the binary files again and write the manifest, keeping the `shows` lines."""
    for name, data in built().items():
        (SEEDS / name).write_bytes(data)
    shows = {entry["name"]: entry["shows"] for entry in entries()}
    files = [describe(path, shows.get(path.name, "")) for path in seed_files()]
    text = json.dumps({"files": files}, indent=2, ensure_ascii=False) + "\n"
    MANIFEST.write_text(text, encoding="utf-8", newline="\n")


def main() -> int:
    """Run the command line; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    mode = parser.add_mutually_exclusive_group(required=True)
    mode.add_argument("--check", action="store_true", help="compare only")
    mode.add_argument("--write", action="store_true", help="build and write, then compare")
    if parser.parse_args().write:
        write()
    found = problems()
    for line in found:
        sys.stderr.write(line + "\n")
    return 1 if found else 0


def _source(name: str) -> str:
    return (SOURCES / name).read_text(encoding="utf-8")


def _zip(members: dict[str, bytes]) -> bytes:
    # Stored, not deflated, and with one fixed time: the same bytes under every zlib and on every day.
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for name, data in members.items():
            info = zipfile.ZipInfo(name, date_time=(2020, 11, 15, 12, 0, 0))
            info.create_system = 3
            info.external_attr = 0o644 << 16
            archive.writestr(info, data)
    return target.getvalue()


if __name__ == "__main__":
    raise SystemExit(main())
