from __future__ import annotations

import os
from dataclasses import dataclass

import pytest
from desks import DeskForTest, Story

import worker.cli
from worker.settings import CONFIG_ENV, ENV_PREFIX, current_settings

KELLER = Story(
    text="Mayor Anna Keller said in Lyon on 5 December: “We will wait for the report.” "
    "Keller heads the Harbour Board.",
    headline="Lyon waits for a report",
    published="2021-12-06",
    people=("Anna Keller",),
    orgs=("Harbour Board",),
    said=(("Anna Keller", "We will wait for the report."),),
    places=(("Lyon", "FR"),),
    topics=(("medtop:11000000", "politics"),),
    dates=(("5 December", "2021-12-05"), ("wait", None)),
    warnings=("one warning",),
)
MUELLER = Story(
    text="Jörg Müller spoke of peace in München. The spokeswoman said: “No comment.” Board meetings follow.",
    headline="Müller speaks",
    published="2022-01-15T10:00:00Z",
    language="de",
    people=("Jörg Müller",),
    said=(("The spokeswoman", "No comment."),),
    places=(("München", "DE"),),
    topics=(("medtop:16000000", "conflict, war and peace"),),
)
UNDATED = Story(text="The board said nothing at all about wages.", headline="Nothing said", published=None)


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
