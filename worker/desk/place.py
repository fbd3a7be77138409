"""The folder that the desk lies in: made for its owner alone, and never on a network file system."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import psutil

from worker.errors import DeskError

if TYPE_CHECKING:
    from pathlib import Path

    from worker.settings import Settings

NETWORK_FILE_SYSTEMS = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "fuse.sshfs", "afs", "ceph"})


def make_desk_dir(settings: Settings) -> None:
    """Make the desk's folder, readable by its owner only."""
    try:
        settings.desk_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        (settings.desk_dir / "run").mkdir(exist_ok=True, mode=0o700)
    except OSError as error:
        raise DeskError(
            f"The desk's folder {settings.desk_dir} cannot be made: {error.strerror}. "
            "Name another with --desk or COPYDESK_DESK."
        ) from error


def file_system_of(path: Path) -> str:
    """Return the type of the file system that `path` lies on, or an empty string when unknown."""
    best, kind = "", ""
    target = os.path.realpath(path)
    for partition in psutil.disk_partitions(all=True):
        mount = partition.mountpoint
        inside = target == mount or target.startswith(mount.rstrip("/") + "/")
        if inside and len(mount) >= len(best):
            best, kind = mount, partition.fstype
    return kind


def refuse_network_file_system(path: Path) -> None:
    """Raise DeskError when the SQLite desk would lie on a network file system: its locks do not hold."""
    kind = file_system_of(path)
    if kind in NETWORK_FILE_SYSTEMS:
        raise DeskError(
            f"The desk {path} lies on {kind}, where SQLite's locks do not hold. "
            "Put it on a local disk (--desk), or use PostgreSQL (database_url)."
        )
