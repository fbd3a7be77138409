"""Containers: what comes out of whole, damaged and hostile ones."""

from __future__ import annotations

import bz2
import gzip
import hashlib
import io
import json
import lzma
import os
import tarfile
import time
import zipfile

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from worker.errors import RejectSource
from worker.intake.splitter import Piece, Splitter, Unreadable
from worker.settings import MB, load_settings

LINES = [
    json.dumps({"text": f"Article {number}: {hashlib.sha256(b'%d' % number).hexdigest()}"}).encode()
    for number in range(30)
]
JSONL = b"\n".join(LINES) + b"\n"


def make_zip(members, *, compression=zipfile.ZIP_DEFLATED):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return buffer.getvalue()


def make_tar(members, mode="w"):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode=mode) as archive:
        for name, data in members:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return buffer.getvalue()


MEMBERS = [(f"{number}.txt", line) for number, line in enumerate(LINES)]
CSV = b"title,text\n" + b"".join(b'"Title %d","Text, %d"\n' % (n, n) for n in range(30))
ARRAY = b"[" + b", ".join(LINES) + b"]"
WHOLE = {
    "a.jsonl": JSONL,
    "a.jsonl.gz": gzip.compress(JSONL),
    "a.jsonl.bz2": bz2.compress(JSONL),
    "a.jsonl.xz": lzma.compress(JSONL),
    "a.zip": make_zip(MEMBERS),
    "a.tar": make_tar(MEMBERS),
    "a.tar.gz": make_tar(MEMBERS, "w:gz"),
    "a.tgz": make_tar(MEMBERS, "w:gz"),
    "a.csv": CSV,
    "a.json": ARRAY,
    "a.zip.gz": gzip.compress(make_zip(MEMBERS)),
}


@pytest.fixture(scope="module")
def splitting(tmp_path_factory):
    folder = tmp_path_factory.mktemp("split")

    def make(**settings):
        chosen = load_settings(desk=folder / "desk", **settings)
        (chosen.desk_dir / "run").mkdir(parents=True, exist_ok=True)
        return Splitter(chosen)

    return make


@pytest.fixture(scope="module")
def splitter(splitting):
    with splitting() as made:
        yield made


@pytest.fixture
def split(splitter, tmp_path):
    def run(name, data, *, skip=0, by=None):
        path = tmp_path / name
        path.write_bytes(data)
        return take(by or splitter, path, skip=skip)

    return run


def take(splitter, path, *, skip=0):
    """Return the pieces, the members that gave none, and how it ended."""
    pieces, unreadable, error = [], [], None
    try:
        for each in splitter.split(str(path), skip=skip):
            (unreadable if isinstance(each, Unreadable) else pieces).append(each)
            if isinstance(each, Piece) and each.file:
                assert each.file.stat().st_size == each.size
                each.file.unlink()
    except RejectSource as rejected:
        error = rejected
    return pieces, unreadable, error


@pytest.mark.parametrize("name", WHOLE)
def test_whole_containers(split, name):
    pieces, unreadable, error = split(name, WHOLE[name])
    assert (unreadable, error) == ([], None)
    assert [piece.position for piece in pieces] == list(range(30))
    if not name.endswith(".csv"):
        assert [piece.data for piece in pieces] == LINES
    else:
        assert [json.loads(piece.data) for piece in pieces] == [
            {"title": f"Title {n}", "text": f"Text, {n}"} for n in range(30)
        ]


@pytest.mark.parametrize("name", WHOLE)
@pytest.mark.parametrize("skip", [1, 17, 30])
def test_a_cursor_goes_on_where_it_was(split, name, skip):
    pieces, _, error = split(name, WHOLE[name], skip=skip)
    assert error is None
    assert pieces == split(name, WHOLE[name])[0][skip:]


# What is cut off costs only what it took with it; a zip's table of contents is at its end.
CUT = [
    ("a.jsonl.gz", "damaged", 10),
    ("a.jsonl.bz2", "damaged", 0),
    ("a.jsonl.xz", "damaged", 0),
    ("a.tar", "damaged", 10),
    ("a.tar.gz", "damaged", 10),
    ("a.json", "broken_json", 14),
    ("a.zip", "damaged", 0),
]


@pytest.mark.parametrize(("name", "code", "at_least"), CUT)
def test_what_came_before_the_cut_is_kept(split, name, code, at_least):
    data = WHOLE[name]
    pieces, _, error = split(name, data[: len(data) // 2])
    assert error is not None
    assert error.code == code
    assert at_least <= len(pieces) < 30
    assert [piece.data for piece in pieces] == LINES[: len(pieces)]


@pytest.mark.parametrize("cut", [512, 1024, 3 * 1024])
def test_a_tar_cut_between_two_members_is_no_whole_one(split, cut):
    pieces, _, error = split("a.tar", WHOLE["a.tar"][:cut])
    assert error.code == "damaged"
    assert len(pieces) == cut // 1024


def test_a_damaged_header_in_a_tar_is_not_its_end(split):
    data = bytearray(WHOLE["a.tar"])
    data[10 * 1024 : 10 * 1024 + 100] = b"\xff" * 100
    pieces, _, error = split("a.tar", bytes(data))
    assert (len(pieces), error.code) == (10, "damaged")


def test_a_wrong_checksum_behind_the_last_member_is_seen(split):
    data = bytearray(WHOLE["a.tar.gz"])
    data[-8] ^= 0xFF
    pieces, _, error = split("a.tar.gz", bytes(data))
    assert (len(pieces), error.code) == (30, "damaged")


def test_a_second_tar_behind_the_first_is_not_lost_in_silence(split):
    pieces, _, error = split("a.tar", 2 * WHOLE["a.tar"])
    assert (len(pieces), error.code) == (30, "damaged")


def test_one_damaged_member_of_a_zip_harms_no_other(split):
    data = make_zip(MEMBERS, compression=zipfile.ZIP_STORED)
    pieces, unreadable, error = split("a.zip", data.replace(LINES[3], LINES[3][::-1]))
    assert error is None
    assert [piece.data for piece in pieces] == LINES[:3] + LINES[4:]
    assert [piece.position for piece in pieces] == list(range(29))
    assert [each.member for each in unreadable] == ["3.txt"]


def test_names_that_point_outside_are_refused_and_are_only_labels(split, tmp_path):
    members = [
        ("../../evil.txt", b"one"),
        ("/etc/evil", b"two"),
        ("a\\..\\b", b"three"),
        ("good.txt", b"four"),
    ]
    before = set(tmp_path.rglob("*"))
    for name, data in ("a.zip", make_zip(members)), ("a.tar", make_tar(members)):
        pieces, _, error = split(name, data)
        assert error is None
        assert [piece.refuse and piece.refuse[0] for piece in pieces] == ["unsafe_name"] * 3 + [None]
        assert [piece.data for piece in pieces] == [b"one", b"two", b"three", b"four"]
    assert set(tmp_path.rglob("*")) - before == {tmp_path / "a.zip", tmp_path / "a.tar"}


def test_links_and_devices_give_no_bytes(split):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, kind in ("soft", tarfile.SYMTYPE), ("hard", tarfile.LNKTYPE), ("null", tarfile.CHRTYPE):
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, "/etc/passwd"
            archive.addfile(info)
        info = tarfile.TarInfo("good.txt")
        info.size = 4
        archive.addfile(info, io.BytesIO(b"good"))
    pieces, unreadable, error = split("a.tar", buffer.getvalue())
    assert error is None
    assert [piece.data for piece in pieces] == [b"good"]
    assert [each.member for each in unreadable] == ["soft", "hard", "null"]


def test_nested_containers(split):
    inner = make_zip(MEMBERS[:2])
    middle = make_zip([("inner.zip", inner), ("x.txt", b"x")])
    pieces, _, error = split("a.zip", make_zip([("one.zip", inner), ("two.zip", middle), ("b.jsonl", JSONL)]))
    assert error is None
    assert [piece.member for piece in pieces[:4]] == [
        "one.zip/0.txt",
        "one.zip/1.txt",
        "two.zip/inner.zip",
        "two.zip/x.txt",
    ]
    assert pieces[2].refuse[0] == "nested_too_deep"
    assert [piece.data for piece in pieces[4:]] == LINES


def test_a_damaged_inner_container_harms_no_other(split):
    inner = make_zip(MEMBERS[:2])
    pieces, unreadable, error = split(
        "a.zip", make_zip([("one.zip", inner[:50]), ("two.zip", inner), ("three.json", b'[{"a": 1}, {')])
    )
    assert error is None
    assert [piece.member for piece in pieces] == ["two.zip/0.txt", "two.zip/1.txt", "three.json/three.json:3"]
    assert [each.member for each in unreadable] == ["one.zip", "three.json"]


def test_compressed_over_and_over_is_nested(split):
    data = JSONL
    for _ in range(20):
        data = gzip.compress(data)
    _, _, error = split("a.gz", data)
    assert error.code == "nested_too_deep"


ZEROS = b"\0" * (101 * MB)
BOMBS = {
    "a.zip": lambda: make_zip([("0.txt", b"first"), ("bomb.txt", ZEROS)]),
    "a.gz": lambda: gzip.compress(ZEROS),
    "a.tar.xz": lambda: lzma.compress(make_tar([("0.txt", b"first"), ("bomb.txt", ZEROS)])),
    "nested.zip": lambda: make_zip([("0.txt", b"first"), ("inner.zip", make_zip([("bomb.txt", ZEROS)]))]),
}


@pytest.mark.parametrize("name", BOMBS)
def test_bombs_stop_early(split, name):
    pieces, _, error = split(name, BOMBS[name]())
    assert error.code == "bomb"
    assert "max_container_ratio" in error.detail
    assert [piece.data for piece in pieces] == ([] if name == "a.gz" else [b"first"])


def test_limits_on_bytes_and_members(split, splitting):
    with splitting(max_container_bytes=1000, max_container_members=20) as limited:
        assert split("a.zip", make_zip([("big.txt", os.urandom(2000))]), by=limited)[2].code == "too_large"
        pieces, _, error = split("b.jsonl", b"1\n" * 25, by=limited)
        assert (len(pieces), error.code) == (20, "too_many")
        assert split("c.jsonl", b"1\n" * 20, by=limited)[2] is None


def test_an_encrypted_member_is_named(split):
    data = bytearray(make_zip([("secret.txt", b"secret")], compression=zipfile.ZIP_STORED))
    data[6] |= 1  # the flag in the local header, and in the table of contents
    data[data.index(b"PK\x01\x02") + 8] |= 1
    pieces, unreadable, error = split("a.zip", bytes(data))
    assert (pieces, error) == ([], None)
    assert "encrypted" in unreadable[0].why


ODD = [
    ("blank lines and a byte order mark", "a.jsonl", b"\xef\xbb\xbf{}\n\n  \n{}\r\n", [b"{}", b"{}"]),
    ("no line break at the end", "a.jsonl", b"{}\n{", [b"{}", b"{"]),
    ("one broken row is a piece like any other", "a.jsonl", b"{}\n{broken\n{}\n", [b"{}", b"{broken", b"{}"]),
    ("an empty array", "a.json", b" [ ]", []),
    ("numbers that Python would refuse", "a.json", b"[" + b"9" * 5000 + b", 1]", [b"9" * 5000, b"1"]),
    ("strings with brackets", "a.json", b'["]", "[", {"a": ["]"]}]', [b'"]"', b'"["', b'{"a": ["]"]}']),
    ("one byte that is no UTF-8", "a.json", b'["caf\xe9", "b"]', [b'"caf\xe9"', b'"b"']),
    (
        "a header in quotes with a line break",
        "a.csv",
        b'"ti\ntle",text\na,b\n',
        [b'{"ti\\ntle": "a", "text": "b"}'],
    ),
    ("two columns of one name", "a.csv", b"a,a\n1,2\n", [b'{"a": "1", "a_2": "2"}']),
    ("more cells than columns", "a.csv", b"a,b\n1,2,3\n", [b'{"a": "1", "b": "2", "_more": ["3"]}']),
    ("fewer cells than columns", "a.csv", b"a,b\n1\n", [b'{"a": "1"}']),
    ("semicolons", "a.csv", b"a;b\n1;2\n", [b'{"a": "1", "b": "2"}']),
    ("Windows-1252", "a.csv", b"a,b\n1,caf\xe9\n", ['{"a": "1", "b": "café"}'.encode()]),
    ("a byte that Windows-1252 has not", "a.csv", b"a,b\n\xe9,\x81\n", [b'{"a": "\xc3\xa9", "b": "\x81"}']),
    ("UTF-16", "a.csv", "a,b\n1,é\n".encode("utf-16"), ['{"a": "1", "b": "é"}'.encode()]),
    ("only a header", "a.csv", b"a,b\n", []),
]


@pytest.mark.parametrize(("what", "name", "data", "expected"), ODD, ids=[case[0] for case in ODD])
def test_odd_rows(split, what, name, data, expected):
    pieces, unreadable, error = split(name, data)
    assert (unreadable, error) == ([], None)
    assert [piece.data for piece in pieces] == expected


REFUSED = [
    ("a.csv", b"\n\n", "no_header"),
    ("a.csv", b'a,b\n"' + b"x" * 2000, "broken_csv"),
    ("a.json", b'["a", b, "c"]', "broken_json"),
    ("a.json", b"[" * 100_000, "nested_too_deep"),
    ("a.json", b'["a"', "broken_json"),
    ("a.json", b'["' + b"x" * 5000, "broken_json"),
    ("a.jsonl", "{}\n{}\n".encode("utf-16"), "undecodable"),
    ("a.zip", b"no archive at all", "damaged"),
    ("a.gz", b"\x1f\x8b\x08garbage garbage garbage", "damaged"),
]


@pytest.mark.parametrize(("name", "data", "code"), REFUSED)
def test_refused_with_a_reason(split, splitting, name, data, code):
    with splitting(max_article_bytes=1000) as limited:
        _, _, error = split(name, data, by=limited)
    assert error.code == code
    assert len(error.detail) > 10


def test_many_small_elements_behind_a_large_one(split):
    """Cutting the text anew for every element took time with the square of its length."""
    array = b'["' + b"x" * (8 * MB) + b'"' + b",1" * 200_000 + b"]"
    started = time.monotonic()
    pieces, _, error = split("a.json", array)
    assert (len(pieces), error) == (200_001, None)
    assert time.monotonic() - started < 20


def test_large_pieces_go_through_files_and_few_at_a_time(splitter, tmp_path):
    path = tmp_path / "a.zip"
    path.write_bytes(
        make_zip([(f"{n}.txt", os.urandom(5 * MB)) for n in range(12)], compression=zipfile.ZIP_STORED)
    )
    most = 0
    for piece in splitter.split(str(path), skip=0):
        time.sleep(0.05)
        most = max(most, len(list(piece.file.parent.iterdir())))
        assert (piece.data, piece.size) == (b"", 5 * MB)
        piece.file.unlink()
    assert most <= 5


def test_a_hundred_megabytes_in_one_line(split):
    pieces, _, error = split("a.jsonl", b"{}\n" + b"x" * (100 * MB) + b"\n{}\n")
    assert error is None
    assert [piece.size for piece in pieces] == [2, 100 * MB, 2]


def test_a_long_way_to_the_cursor_is_no_hang(split, splitting, monkeypatch):
    with splitting(split_timeout_s=1.5) as quick:
        data = gzip.compress(b'{"text": "all the same"}\n' * 4_000_000, 1)
        pieces, _, error = split("a.jsonl.gz", data, by=quick, skip=3_999_999)
    assert (len(pieces), error) == (1, None)


def test_a_child_that_hangs_is_killed_and_another_goes_on(splitting, split, tmp_path):
    fifo = tmp_path / "fifo.zip"
    os.mkfifo(fifo)
    with splitting(split_timeout_s=0.5) as impatient:
        started = time.monotonic()
        _, _, error = take(impatient, fifo)
        assert error.code == "timeout"
        assert time.monotonic() - started < 5
        assert len(split("a.zip", WHOLE["a.zip"], by=impatient)[0]) == 30


def test_a_child_that_dies_is_replaced(splitting, split):
    with splitting(split_memory_mb=64) as poor:
        _, _, error = split("a.json", b'["' + b"x" * (60 * MB) + b'"]', by=poor)
        assert error.code in {"memory", "splitter_died", "broken_json"}
        assert len(split("a.zip", WHOLE["a.zip"], by=poor)[0]) == 30


def test_scratch_of_the_dead_is_swept(splitting):
    with splitting() as first:
        run = first._settings.desk_dir / "run"
        (run / "split-999999:1.00-abc").mkdir()
        (run / "split-999999:1.00-abc" / "piece").write_bytes(b"left")
        with splitting() as second:
            left = {path.name for path in run.glob("split-*")}
        assert "split-999999:1.00-abc" not in left
        assert {os.path.basename(each._scratch) for each in (first, second)} <= left


def test_undecodable_and_endless_member_names(split):
    members = [("caf\udce9.txt", b"one"), ("x" * 5000 + ".txt", b"two")]
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", errors="surrogateescape") as archive:
        for name, data in members:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    pieces, _, error = split("a.tar", buffer.getvalue())
    assert error is None
    assert pieces[0].member == "caf\\xe9.txt"
    assert len(pieces[1].member) == 1000


@pytest.mark.parametrize(
    "name", ["a.jsonl.gz", "a.zip", "a.tar", "a.tar.gz", "a.csv", "a.json", "a.jsonl.xz"]
)
@hypothesis_settings(
    max_examples=15, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
@given(data=st.data())
def test_garbled_containers_end_in_a_reason_or_in_articles(splitter, tmp_path, name, data):
    raw = bytearray(WHOLE[name])
    for _ in range(data.draw(st.integers(1, 8))):
        at = data.draw(st.integers(0, len(raw) - 1))
        raw[at : at + data.draw(st.integers(1, 4))] = data.draw(st.binary(max_size=6))
        if not raw:
            break
    raw = raw[: data.draw(st.integers(1, len(raw)))] if data.draw(st.booleans()) else raw
    path = tmp_path / name
    path.write_bytes(bytes(raw))
    pieces, unreadable, error = take(splitter, path)
    assert error is None or error.code not in {"timeout", "splitter_died", "splitter_broken"}
    assert [piece.position for piece in pieces] == list(range(len(pieces)))
    skip = len(pieces) // 2
    again, same_unreadable, same_error = take(splitter, path, skip=skip)
    assert again == pieces[skip:]
    assert same_unreadable == unreadable
    assert str(same_error) == str(error)
