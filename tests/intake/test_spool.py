"""The spool: what is there after `flush`, and what is not when something goes wrong."""

from __future__ import annotations

import contextlib
import errno
import io
import os
import subprocess
import sys

import pytest
from house import names

import worker.spool
from worker.errors import RetryLater
from worker.identity import article_id, digest_of
from worker.settings import load_settings
from worker.spool import Spool

DATA = [b"%d" % number for number in range(50)]


@pytest.fixture
def settings(tmp_path):
    return load_settings(desk=tmp_path / "desk")


@pytest.mark.parametrize("count", [1, 50])
@pytest.mark.parametrize("has_syncfs", [True, False])
def test_what_was_put_is_there_after_flush(settings, monkeypatch, count, has_syncfs):
    synced = []
    monkeypatch.setattr(worker.spool, "_fsync", synced.append)
    if not has_syncfs:
        monkeypatch.setattr(worker.spool, "_syncfs_call", lambda: None)
    spool = Spool(settings)
    for data in DATA[:count]:
        spool.put(data, digest_of(data))
        spool.put(data, digest_of(data))
    assert list(spool.digests()) == []
    spool.flush()
    assert sorted(spool.digests()) == sorted(map(digest_of, DATA[:count]))
    assert all(spool.get(digest_of(data)) == data for data in DATA[:count])
    if count == 1 or not has_syncfs:  # the file, its folder, and the folder of that one
        folders = {os.path.dirname(spool.path_of(digest_of(data))) for data in DATA[:count]}
        assert len(synced) == count + len(folders) + 1
        assert {*folders, spool.root} <= set(synced)
    assert not [name for name in os.listdir(spool.root) if name.startswith("incoming")]


def test_a_stream_is_hashed_twice_on_its_way(settings):
    spool = Spool(settings)
    data = b"x" * 3_000_000
    digest, id_, size = spool.put_file(io.BytesIO(data), salt=b"wire\0")
    spool.flush()
    assert (digest, id_, size) == (digest_of(data), article_id("wire", data), len(data))
    assert spool.get(digest) == data


def _store(spool, by):
    if by == "put_file":
        spool.put_file(io.BytesIO(b"second"))
    else:
        spool.put(b"second", digest_of(b"second"))
        spool.flush()


@pytest.mark.parametrize("by", ["put", "put_file", "flush"])
def test_a_full_disk_leaves_nothing_behind(settings, monkeypatch, by):
    spool = Spool(settings)
    spool.put(b"first", digest_of(b"first"))
    spool.flush()
    if by == "flush":
        monkeypatch.setattr(
            worker.spool, "_fsync", lambda _: (_ for _ in ()).throw(OSError(errno.ENOSPC, "No space"))
        )
    else:
        real = os.open

        def full(path, flags, *more, **options):
            if flags & os.O_CREAT:
                raise OSError(errno.ENOSPC, "No space left on device", path)
            return real(path, flags, *more, **options)

        monkeypatch.setattr(os, "open", full)
    with pytest.raises(RetryLater, match="No space"):
        _store(spool, by)
    monkeypatch.undo()
    assert list(spool.digests()) == [digest_of(b"first")]
    assert len(os.listdir(spool.root)) == 1
    spool.put(b"second", digest_of(b"second"))
    spool.flush()
    assert spool.get(digest_of(b"second")) == b"second"


def test_a_file_that_grows_beyond_the_limit_is_removed(settings):
    """A real write that fails half-way: the size of files is limited in a process of its own."""
    program = """
import io, os, resource, signal, sys
from worker.errors import RetryLater
from worker.settings import load_settings
from worker.spool import Spool

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
spool = Spool(load_settings(desk=sys.argv[1]))
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
try:
    spool.put_file(io.BytesIO(b"x" * 3_000_000))
except RetryLater:
    print(os.listdir(spool.root))
"""
    command = [sys.executable, "-c", program, str(settings.desk_dir)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_what_cannot_be_read_is_not_the_spools_fault(settings):
    class Broken(io.RawIOBase):
        def read(self, size=-1):
            raise OSError(errno.EIO, "Input/output error")

    spool = Spool(settings)
    with pytest.raises(OSError, match="Input/output") as raised:
        spool.put_file(Broken())
    assert not isinstance(raised.value, RetryLater)
    assert os.listdir(spool.root) == []


def test_a_spool_that_was_taken_away_is_made_again(settings):
    spool = Spool(settings)
    spool.put(b"a", digest_of(b"a"))
    spool.flush()
    os.rename(spool.root, spool.root + ".away")
    for _ in range(2):  # once to notice
        with contextlib.suppress(RetryLater):
            spool.put(b"a", digest_of(b"a"))
            spool.flush()
    assert spool.get(digest_of(b"a")) == b"a"


def test_sweep_removes_what_the_dead_left(settings):
    spool = Spool(settings)
    spool.put(b"mine", digest_of(b"mine"))  # pending: this process lives
    program = """
import os, sys
from worker.settings import load_settings
from worker.spool import Spool

Spool(load_settings(desk=sys.argv[1])).put(b"theirs", "x")
os._exit(1)
"""
    subprocess.run([sys.executable, "-c", program, str(settings.desk_dir)], check=False)
    foreign = f"{spool.root}/incoming-otherhost-1:1.00-abc"
    with open(foreign, "wb"):
        assert len(os.listdir(spool.root)) == 3
    spool.sweep()
    assert len(os.listdir(spool.root)) == 2
    assert os.path.exists(foreign)
    spool.flush()
    assert spool.get(digest_of(b"mine")) == b"mine"


def test_a_store_elsewhere(tmp_path):
    spool = Spool(load_settings(desk=tmp_path / "desk", spool_url="memory://spool"))
    digest, _, _ = spool.put_file(io.BytesIO(b"one"))
    spool.put(b"two", digest_of(b"two"))
    spool.flush()
    assert spool.get(digest) == b"one"
    assert sorted(spool.digests()) == sorted([digest, digest_of(b"two")])
    assert names(tmp_path) == []
