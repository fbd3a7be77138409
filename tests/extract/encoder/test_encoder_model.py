"""The model's files are checked before use, and one loaded model serves a process and its children."""

from __future__ import annotations

import json
import multiprocessing
import subprocess
import sys

import numpy as np
import psutil
import pytest
from tiny_news_model import sha256, write_tiny_model

from tasks.extract.encoder import model as news
from worker.errors import ModelError, UsageError

INPUTS = [np.array(values, dtype=np.int64) for values in ([2, 4, 5, 3], [30, 9, 7, 30], [0, 1, 2])]


@pytest.fixture
def folder(tmp_path):
    return write_tiny_model(tmp_path / "tiny")


def test_a_model_runs(folder):
    model = news.load(folder)
    scores = model.scores(*INPUTS)
    assert (model.name, model.version, model.max_pieces) == ("tiny", "0", 32)
    assert scores.shape == (3, max(last for _, last in model.slices.values()))
    assert model.digest == sha256(folder / "model.json")
    assert (model.temperature("entities"), model.temperature("cue")) == (2.0, 1.0)


def test_a_model_is_loaded_once_a_process(folder):
    assert news.load(folder) is news.load(folder)


def test_a_session_has_no_threads_of_its_own(folder):
    news.load(write_tiny_model(folder / "another"))  # whatever the library itself starts
    before = psutil.Process().num_threads()
    news.load(folder).scores(*INPUTS)
    assert psutil.Process().num_threads() == before


def scores_in_child(folder, queue):
    queue.put(news.load(folder).scores(*INPUTS))


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_model_loaded_before_a_fork_runs_in_the_child(folder):
    expected = news.load(folder).scores(*INPUTS)
    context = multiprocessing.get_context("fork")
    queue = context.SimpleQueue()
    child = context.Process(target=scores_in_child, args=(folder, queue))
    child.start()
    child.join(30)
    assert child.exitcode == 0
    assert (queue.get() == expected).all()


@pytest.mark.parametrize("name", ["news.onnx", "vocab.txt"])
def test_a_damaged_file_is_named(folder, name):
    with (folder / name).open("ab") as file:
        file.write(b"x")
    with pytest.raises(ModelError, match=rf"{name} is not the file .* SHA-256") as caught:
        news.load(folder)
    assert isinstance(caught.value, UsageError)


@pytest.mark.parametrize("name", ["news.onnx", "vocab.txt", "model.json"])
def test_a_missing_file_is_named(folder, name):
    (folder / name).unlink()
    with pytest.raises(ModelError, match=rf"{name} cannot be read: No such file"):
        news.load(folder)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "{}",
        '{"files": []}',
        '{"files": {}, "slices": {"a": 3}, "labels": {}, "temperatures": {}}',
    ],
)
def test_a_description_that_describes_nothing_is_named(folder, text):
    (folder / "model.json").write_text(text)
    with pytest.raises(ModelError, match=r"model\.json does not describe a model"):
        news.load(folder)


def test_a_file_without_a_digest_is_not_run(tmp_path):
    folder = write_tiny_model(tmp_path, files={})
    with pytest.raises(ModelError, match=r"is not the file that model\.json describes"):
        news.load(folder)


def test_weights_that_cannot_be_run_are_named(folder):
    (folder / "news.onnx").write_bytes(b"no graph")
    about = json.loads((folder / "model.json").read_text())
    about["files"]["news.onnx"] = sha256(folder / "news.onnx")
    (folder / "model.json").write_text(json.dumps(about))
    with pytest.raises(ModelError, match=r"news\.onnx cannot be run by onnxruntime"):
        news.load(folder)


def test_onnxruntime_is_imported_only_where_a_model_is_run():
    code = "import sys, tasks.extract; print([name for name in sys.modules if name.startswith('onnx')])"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout == "[]\n"
