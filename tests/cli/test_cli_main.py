from __future__ import annotations

import json
import subprocess
import sys

import pytest

from worker.cli import COMMANDS, common
from worker.settings import current_settings

ENGINE = ("spacy", "thinc", "onnxruntime", "trafilatura", "py3langid", "tasks.flow", "tasks.extract")
READING = {*ENGINE, "alembic", "celery", "kombu", "redis", "lxml", "httpx"}
"""What nobody needs who only reads the desk."""
HEAVY = ("spacy", "alembic", "trafilatura", "sqlalchemy", "celery", "redis", "lxml", "py3langid")


def command_line(*arguments, stdin=None, **options):
    code = "from worker.cli import main; main()"
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        capture_output=True,
        text=True,
        input=stdin,
        check=False,
        **options,
    )


def imported_by(*arguments, cwd=None):
    """Return what a command prints, and the names of all modules that are imported when it ends."""
    code = (
        "import sys, worker.cli\n"
        f"worker.cli.answer({list(arguments)!r})\n"
        "print(*sorted(sys.modules), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=cwd)
    return done.stdout, set(done.stderr.splitlines()[-1].split())


def test_help_imports_nothing_slow():
    printed, modules = imported_by("--help")
    assert sorted(modules & {*HEAVY, *ENGINE, "pydantic", "rich", "numpy", "asyncio"}) == []
    assert len(modules) < 300
    assert all(f"\n  {name} " in printed for name in COMMANDS)


@pytest.mark.parametrize(
    ("arguments", "not_needed", "most"),
    [
        (["schema"], {*HEAVY, *ENGINE, "numpy"}, 500),
        (["settings"], {*HEAVY, *ENGINE, "numpy"}, 600),
        (["status"], READING, 750),
        (["audit"], READING, 950),
        (["search", "keller"], READING, 900),
        (["export", "jsonl"], READING, 900),
        (["quarantine", "list"], READING, 900),
        (["doctor", "--quick"], ENGINE, 900),
    ],
)
def test_a_command_imports_little_beyond_what_it_needs(arguments, not_needed, most, full_house):
    """Modules are counted, not seconds: the same on every machine. Each took 0.5 to 1.5 ms."""
    full_house.desk.close()
    printed, modules = imported_by("--desk", str(full_house.settings.desk_dir), *arguments)
    assert printed or arguments[0] == "quarantine"  # nothing is in it
    assert sorted(modules & set(not_needed)) == []
    assert len(modules) < most


def test_show_imports_no_engine(full_house):
    full_house.desk.close()
    desk = str(full_house.settings.desk_dir)
    printed, modules = imported_by("--desk", desk, "show", full_house.ids[0])
    assert "Keller" in printed
    assert sorted(modules & set(READING)) == []
    assert len(modules) < 900


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_an_example(copydesk, name):
    answer = copydesk(name, "--help")
    assert answer.code == 0
    if name == "quarantine":
        answer = copydesk(name, "list", "--help")
    assert f"copydesk {name}" in answer.out.partition("Examples:")[2]


def test_no_arguments_is_help(copydesk):
    assert copydesk().out == copydesk("--help").out != ""


def test_version(copydesk):
    answer = copydesk("--version")
    assert (answer.code, answer.out) == (0, "copydesk 0.1.0\n")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["serch"], "There is no command serch. Did you mean `copydesk search`?"),
        (["quarantine", "lst"], "No such command 'lst'. Did you mean 'list'?"),
        (["xyzzy"], "There is no command xyzzy. `copydesk --help` lists them all."),
        (["show"], "Missing argument 'ID|FILE'. Try `copydesk show --help`."),
        (["show", "--revison", "1"], "--revision"),
        (["search", "x", "--sort", "up"], "'rank', 'date'"),
        (["--desk", "nowhere", "status"], "There is no desk at"),
        (["--config", "none.toml", "status"], "COPYDESK_CONFIG=none.toml: there is no such file."),
        (["show", "a\x1b[31mb"], "There is no desk"),
    ],
)
def test_wrong_usage_is_one_line_and_exit_2(copydesk, arguments, said):
    answer = copydesk(*arguments)
    assert answer.code == 2
    assert answer.out == ""
    assert answer.err.startswith("copydesk: ")
    assert answer.err.count("\n") == 1
    assert said in answer.err
    assert "\x1b" not in answer.err


def test_a_wrong_setting_names_key_value_and_remedy(copydesk, monkeypatch):
    monkeypatch.setenv("COPYDESK_BATCH_SIZE", "0")
    answer = copydesk("status")
    assert answer.code == 2
    assert answer.err.startswith("copydesk: batch_size='0': ")


def test_a_flag_is_stronger_than_environment_and_file(copydesk, monkeypatch, tmp_path):
    (tmp_path / "some.toml").write_text('desk = "from-file"\nbatch_size = 7\nconcurrency = 2\n')
    monkeypatch.setenv("COPYDESK_CONCURRENCY", "3")
    values = json.loads(copydesk("--config", "some.toml", "--desk", "from-flag", "settings", "--json").out)
    assert [values[name]["value"] for name in ("desk", "batch_size", "concurrency")] == ["from-flag", 7, 3]
    assert [values[name]["source"] for name in ("desk", "batch_size", "concurrency", "after")] == [
        "flag",
        "file",
        "environment",
        "default",
    ]


def test_what_a_flag_says_reaches_other_processes(monkeypatch):
    monkeypatch.setenv("COPYDESK_AFTER", "keep")
    common.say_globally(desk="here", config=None, verbose=False)
    settings = common.settings_for(after="move", concurrency=None)
    assert (settings.after, current_settings()) == ("move", settings)


def test_a_damaged_database_is_one_line(copydesk, tmp_path):
    (tmp_path / "desk").mkdir()
    (tmp_path / "desk" / "desk.db").write_bytes(b"no database" * 1000)
    answer = copydesk("status")
    assert answer.code == 2
    assert answer.err.startswith("copydesk: The desk's database ")
    assert answer.err.count("\n") == 1


def test_reading_makes_no_desk(copydesk, tmp_path):
    for command in (["status"], ["audit"], ["search", "x"], ["show", "abcdef"], ["export", "jsonl"]):
        assert copydesk(*command).code == 2
    assert list(tmp_path.iterdir()) == []


def test_interrupted(copydesk, monkeypatch):
    def interrupt():
        raise KeyboardInterrupt

    monkeypatch.setattr("worker.cli.settings.schema", interrupt)
    assert copydesk("schema").code == 130


def test_a_reader_that_goes_away_is_no_error(full_house):
    done = subprocess.run(
        f'{sys.executable} -c "from worker.cli import main; main()" schema | head -c 10',
        shell=True,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout, done.stderr) == ('{\n  "$sche', "")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain\ttext\n", "plain\ttext\n"),
        ("\x1b[2Jgone", "␛[2Jgone"),
        ("a\rb\x00c\x7f", "a␍b␀c␡"),
        ("\x9b31m", "\ufffd31m"),
        ("abc\u202egpj.exe", "abc\ufffdgpj.exe"),
        ("\ud800", "\ufffd"),
        ("Müller שלום 北京", "Müller שלום 北京"),
    ],
)
def test_clean_disarms_and_keeps_offsets(text, shown):
    assert common.clean(text) == shown
    assert len(common.clean(text)) == len(text)


def test_json_for_terminals_is_the_same_json():
    value = {"a": "\x9b31m\u202e\u2028\x7f\x1b", "b": ["ü", 1]}
    line = common.json_line(value)
    assert json.loads(line) == value
    assert not set(line) & set("\x9b\u202e\u2028\x7f\x1b")
