"""`batch`: paths, globs, archives and standard input; stopped anywhere and run again."""

from __future__ import annotations

import gzip
import io
import os
import subprocess
import sys
import threading

import pytest
from house import BAD, House

import worker.intake.bulk
import worker.intake.take
import worker.intake.walk
from worker.desk.tables import articles
from worker.errors import UsageError
from worker.intake.bulk import Bulk, keep_stdin
from worker.intake.walk import check_named, named_files


@pytest.fixture
def working(house):
    """Somebody who processes what comes, while a batch is followed."""
    stop = threading.Event()
    other = House(house.settings)

    def work():
        while not stop.wait(0.05):
            other.process()

    thread = threading.Thread(target=work)
    thread.start()
    yield
    stop.set()
    thread.join()
    other.close()


def bulk(house, seen=None):
    return Bulk(house.desk, house.app, house.settings, on_progress=(seen if seen is not None else []).append)


def write(path, data):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def lines(count):
    return b"".join(b'{"n": %d}\n' % number for number in range(count))


def test_from_the_first_to_the_last(house, working, tmp_path):
    paths = [
        write(tmp_path / "in/a.jsonl.gz", gzip.compress(lines(700))),
        write(tmp_path / "in/b.txt", b"one"),
        write(tmp_path / "in/bad.txt", BAD),
        write(tmp_path / "in/c.zip", b"PK\x03\x04 broken"),
    ]
    before = {path: path.read_bytes() for path in paths}
    seen = []
    run = bulk(house, seen)
    last = run.work(paths, collection="wire")
    assert (last.sources, last.articles, last.pending, last.failed_sources) == (4, 702, 0, 1)
    assert last.done == 702
    assert [progress.done for progress in seen] == sorted(progress.done for progress in seen)
    assert [(path, code) for _, path, code, _ in run.quarantined()] == [(str(paths[2]), "bad")]
    assert [(path, code) for path, code, _ in run.failed_sources()] == [(str(paths[3]), "damaged")]
    assert run.article_ids(1000) == [row.id for row in house.rows(articles) if row.state == "published"]
    assert {path: path.read_bytes() for path in paths} == before


class Interrupted(BaseException):
    """Ctrl-C."""


@pytest.mark.parametrize("after", [1, 3, 6])
def test_interrupted_and_run_again(house, working, tmp_path, monkeypatch, after):
    monkeypatch.setattr("worker.intake.take.CHUNK_ARTICLES", 100)
    monkeypatch.setattr(worker.intake.bulk, "FOLLOW_PAUSE_S", 0)
    paths = [write(tmp_path / "in/a.jsonl", lines(500)), write(tmp_path / "in/b.txt", b"one")]
    calls = []

    def stop(progress):
        calls.append(progress)
        if len(calls) > after:
            raise Interrupted

    with pytest.raises(Interrupted):
        Bulk(house.desk, house.app, house.settings, on_progress=stop).work(paths, collection="c")
    taken = len(house.members())
    last = bulk(house).work(paths, collection="c")
    assert (last.sources, last.articles, last.pending) == (2, 501, 0)
    assert taken <= len(house.members()) == 501
    again = bulk(house).work(paths, collection="c")
    assert (again.sources, again.articles, len(house.members())) == (2, 501, 501)


def test_killed_at_a_random_line_and_run_again(house, working, tmp_path):
    """A process of its own, SIGKILLed while it takes in."""
    path = write(tmp_path / "a.jsonl", lines(8_000))
    program = (
        "import sys; from pathlib import Path; from worker.settings import load_settings; "
        "from worker.desk.engine import open_desk; from worker.celery import make_app; "
        "from worker.intake.bulk import Bulk\n"
        "settings = load_settings(desk=sys.argv[1], broker_url=sys.argv[2], min_free_disk_mb=0)\n"
        "def say(progress): print(progress.articles, flush=True)\n"
        "bulk = Bulk(open_desk(settings, durable=True), make_app(settings), settings, on_progress=say)\n"
        "bulk.work([Path(sys.argv[3])], collection='c')\n"
    )
    broker = house.settings.broker_url.get_secret_value()
    command = [sys.executable, "-c", program, str(house.settings.desk_dir), broker, str(path)]
    running = subprocess.Popen(command, stdout=subprocess.PIPE)
    while int(running.stdout.readline()) < 1000:
        pass
    running.kill()
    running.wait()
    running.stdout.close()
    taken = len(house.members())
    assert 0 < taken < 8_000
    last = bulk(house).work([path], collection="c")
    assert (last.articles, last.pending) == (8_000, 0)
    assert [position for position, _ in house.members()] == list(range(8_000))
    assert not [name for name in os.listdir(house.settings.desk_dir / "run") if name.startswith("split-")]


def test_it_waits_while_the_disk_is_short(house, working, tmp_path, monkeypatch):
    answers = iter([0, 0])
    real = worker.intake.take.shutil.disk_usage
    monkeypatch.setattr(
        worker.intake.take.shutil,
        "disk_usage",
        lambda path: type(real(path))(1, 1, next(answers, 2**40)),
    )
    patient = house.settings.model_copy(update={"min_free_disk_mb": 1, "retry_after_s": 0.01})
    seen = []
    last = Bulk(house.desk, house.app, patient, on_progress=seen.append).work(
        [write(tmp_path / "a.txt", b"one")], collection="c"
    )
    assert last.articles == 1
    assert "min_free_disk_mb" in next(progress.waiting_for for progress in seen if progress.waiting_for)


# --- what is named --------------------------------------------------------------------------------------


def test_paths_folders_and_globs(house, tmp_path, monkeypatch):
    for name in ("in/b.txt", "in/a.txt", "in/.hidden", "in/deep/c.txt", "x1.log", "x2.log"):
        write(tmp_path / name, b"x")
    monkeypatch.chdir(tmp_path)
    found = named_files(["x2.log", "in", "x*.log"], house.settings)
    assert [str(path.relative_to(tmp_path) if path.is_absolute() else path) for path in found] == [
        "x2.log",
        "in/a.txt",
        "in/b.txt",
        "in/deep/c.txt",
        "x1.log",
        "x2.log",
    ]


@pytest.mark.parametrize(
    ("argument", "words"),
    [("nothing.txt", "is not there"), ("no*.txt", "matches nothing"), ("file.txt/below", "is not there")],
)
def test_what_is_not_there_is_said_at_once(tmp_path, monkeypatch, argument, words):
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "file.txt", b"x")
    with pytest.raises(UsageError, match=words):
        check_named(["file.txt", argument])


def test_a_glob_over_very_many_files_is_read_in_runs(tmp_path, house, monkeypatch):
    monkeypatch.setattr(worker.intake.walk, "AT_ONCE", 3)
    for number in range(10):
        write(tmp_path / f"{number}.txt", b"x")
    found = [path.name for path in named_files([str(tmp_path / "*.txt")], house.settings)]
    assert sorted(found) == [f"{number}.txt" for number in range(10)]


STDIN = [
    (b'{"a": 1}\n{"b": 2}\n', ".jsonl", 2),
    (b'{broken\n{"b": 2}\n', ".jsonl", 2),
    (b'{\n  "text": "one article over lines"\n}\n', ".json", 1),
    (b'[{"a": 1}, {"b": 2}, {"c": 3}]', ".json", 3),
    (b"Just a text.", ".txt", 1),
    (b"", ".txt", 1),
    (gzip.compress(b'{"a": 1}\n'), "", 1),
]


@pytest.mark.parametrize(("data", "ending", "count"), STDIN)
def test_standard_input(house, data, ending, count):
    path = keep_stdin(io.BytesIO(data), house.settings)
    assert path.suffix == ending
    assert path.read_bytes() == data
    stat = path.stat()
    assert keep_stdin(io.BytesIO(data), house.settings) == path
    assert path.stat().st_mtime_ns == stat.st_mtime_ns
    assert len(list(path.parent.iterdir())) == 1
    house.take(path, watched=False)
    assert len(house.members()) == count


def test_standard_input_that_breaks_off_leaves_nothing(house):
    class Broken(io.RawIOBase):
        def read(self, size=-1):
            raise OSError(5, "Input/output error")

    with pytest.raises(UsageError, match="Input/output error"):
        keep_stdin(Broken(), house.settings)
    assert os.listdir(house.settings.desk_dir / "stdin") == []


def test_names_that_are_no_text(house, working, tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    with open(os.path.join(os.fsencode(folder), b"caf\xe9.jsonl"), "wb") as file:
        file.write(lines(3))
    last = bulk(house).work(named_files([str(folder)], house.settings), collection="c")
    assert (last.articles, last.failed_sources) == (3, 0)


def test_a_file_that_vanishes_before_it_is_looked_at(house, working, tmp_path):
    last = bulk(house).work([tmp_path / "gone.txt", write(tmp_path / "a.txt", b"one")], collection="c")
    assert (last.sources, last.articles) == (1, 1)
