from __future__ import annotations

import os
from dataclasses import dataclass

import pytest
from desks import KELLER, MUELLER, UNDATED, DeskForTest

import worker.cli
from worker.settings import CONFIG_ENV, ENV_PREFIX, current_settings


@dataclass
class Answer:
    """What a command printed, and how it ended."""

    code: int
    out: str
    err: str


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch, tmp_path):
    """No setting from outside, and none left behind; every test in a folder of its own."""
    before = dict(os.environ)
    for name in before:
        if name.startswith(ENV_PREFIX) or name == CONFIG_ENV:
            del os.environ[name]
    os.environ["COLUMNS"] = "120"
    monkeypatch.chdir(tmp_path)
    yield
    os.environ.clear()
    os.environ.update(before)
    current_settings.cache_clear()


@pytest.fixture
def house(tmp_path):
    made = DeskForTest.make(tmp_path)
    yield made
    made.desk.close()


@pytest.fixture
def full_house(house, tmp_path):
    """Three published articles; the first came twice."""
    first = tmp_path / "keller.txt"
    first.write_text(KELLER.text)
    house.ids = house.drop(first, KELLER)
    house.ids += house.drop("/archive/two.zip", MUELLER, UNDATED, collection="wire")
    house.drop("/archive/again.txt", KELLER)
    house.publish(house.ids)
    return house


@pytest.fixture
def copydesk(capsys):
    """Run a command line in this process."""

    def run(*arguments: str) -> Answer:
        capsys.readouterr()
        try:
            code = worker.cli.answer(arguments)
        except SystemExit as ended:
            code = ended.code
        printed = capsys.readouterr()
        return Answer(code, printed.out, printed.err)

    return run
