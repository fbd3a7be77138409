"""setup.sh finds a Python, says what is missing, and gets to the end from every half-finished state.

The interpreters are stand-ins (shell scripts) on a PATH of their own, so nothing is downloaded; `.ci/run`
goes the real way.
"""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FILES = [
    "setup.sh",
    "pyproject.toml",
    "requirements.lock",
    "requirements-build.lock",
    "requirements-dev.lock",
]
TOOLS = [
    "cat",
    "cksum",
    "cp",
    "dirname",
    "grep",
    "mkdir",
    "mv",
    "ps",
    "rm",
    "sed",
    "sh",
    "sleep",
    "tail",
    "uname",
]
SHELLS = [shell for shell in ("dash", "bash", "ksh", "busybox") if shutil.which(shell)]

# Answers what setup.sh asks of an interpreter; pip's calls are written to pip.log beside setup.sh.
INTERPRETER = """#!/bin/sh
case "$1 $2" in
    "-m venv" | "-m virtualenv")
        for folder in "$@"; do :; done
        mkdir -p "$folder/bin" && cp "$0" "$folder/bin/python" ;;
    "-m pip")
        shift 2
        [ "$1" = --version ] && exit 0
        echo "$@" >>pip.log
        [ ! -e pip-fails ] || {{ echo "ERROR: no route to the index" >&2; exit 1; }}
        case "$*" in *"-e .") cp "$0" .venv/bin/copydesk ;; esac ;;
    "-c "*)
        case "$2" in
            *__import__*) echo "{version} {modules}" ;;
            *base_prefix*) echo "{version}.1 /usr" ;;
            *version_info*) echo "{version}" ;;
        esac ;;
esac
"""


@dataclass
class Machine:
    """A checkout, and a PATH with nothing on it but a few tools and the interpreters of the test."""

    checkout: Path
    bin: Path

    def python(self, name: str, version: str, modules: str = "venv ensurepip pip") -> None:
        self.program(name, INTERPRETER.format(version=version, modules=modules))

    def program(self, name: str, text: str) -> None:
        path = self.bin / name
        path.write_text(text, encoding="utf-8")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)

    def start(self, *arguments: str, shell: str = "sh", **environment: str) -> subprocess.Popen[str]:
        command = [shutil.which(shell), *(["sh"] if shell == "busybox" else []), "setup.sh", *arguments]
        return subprocess.Popen(
            command,
            cwd=self.checkout,
            env={"PATH": str(self.bin)} | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def setup(self, *arguments: str, shell: str = "sh", **environment: str) -> tuple[int, str, str]:
        with self.start(*arguments, shell=shell, **environment) as process:
            out, err = process.communicate(timeout=60)
        return process.returncode, out, err

    def pip_calls(self) -> list[str]:
        log = self.checkout / "pip.log"
        calls = log.read_text(encoding="utf-8").splitlines() if log.exists() else []
        log.unlink(missing_ok=True)
        return calls


@pytest.fixture
def machine(tmp_path):
    here = Machine(tmp_path / "a checkout", tmp_path / "bin")
    here.checkout.mkdir()
    here.bin.mkdir()
    for name in FILES:
        shutil.copy(ROOT / name, here.checkout)
    for tool in TOOLS:
        (here.bin / tool).symlink_to(shutil.which(tool))
    return here


@pytest.mark.parametrize("shell", SHELLS)
def test_a_fresh_machine(machine, shell):
    machine.python("python3", "3.11")
    code, out, err = machine.setup(shell=shell)
    assert (code, err) == (0, "")
    assert "making .venv with Python 3.11" in out
    assert "Next:  .venv/bin/copydesk run seeds/" in out
    assert machine.pip_calls() == [
        "install -q --require-hashes -r requirements.lock -r requirements-build.lock",
        "install -q --no-deps --no-build-isolation -e .",
        "check",
    ]


def test_the_second_time_nothing_is_done(machine):
    machine.python("python3", "3.11")
    machine.setup()
    machine.pip_calls()
    code, out, _ = machine.setup()
    assert (code, out) == (0, "setup: .venv is up to date\n")
    assert machine.pip_calls() == []


# (name on PATH, version, modules there) of each interpreter, and which one is taken
CHOICES = [
    ([("python3", "3.12", "venv ensurepip pip")], "3.12 (", ""),
    # The newest that fits, whatever `python3` is.
    (
        [("python3", "3.14", "venv ensurepip"), ("python3.13", "3.13", "venv ensurepip")],
        "3.13 (",
        "/python3.13)",
    ),
    ([("python3.11", "3.11", "venv ensurepip"), ("python3.12", "3.12", "venv ensurepip")], "3.12 (", ""),
    # One that is complete before a newer one that is not.
    ([("python3.13", "3.13", "venv pip"), ("python3.11", "3.11", "venv ensurepip")], "3.11 (", ""),
    # Debian without python3-venv, but with pip or virtualenv: no root needed.
    ([("python3", "3.11", "venv pip")], "3.11 (", ""),
    ([("python3", "3.11", "venv virtualenv")], "3.11 (", ""),
    # An old `python` beside it is passed over.
    ([("python", "2.7", ""), ("python3", "3.12", "venv ensurepip")], "3.12 (", ""),
]


@pytest.mark.parametrize(("interpreters", "version", "path"), CHOICES)
def test_the_interpreter_that_is_taken(machine, interpreters, version, path):
    for interpreter in interpreters:
        machine.python(*interpreter)
    code, out, err = machine.setup()
    assert (code, err) == (0, "")
    assert f"with Python {version}" in out
    assert path in out


def test_a_virtualenv_command_helps_out(machine):
    machine.python("python3", "3.11", modules="")
    machine.program("virtualenv", '#!/bin/sh\nexec "$3" -m venv "$4"\n')
    code, _, err = machine.setup()
    assert (code, err) == (0, "")


# (interpreters, what the message must name)
MISSING = [
    ([], ["There is no Python on PATH", "3.11 to 3.13", "sudo apt install python3 python3-venv"]),
    (
        [("python3", "3.11", "venv")],
        ["Python 3.11", "lacks", "ensurepip", "sudo apt install python3.11-venv"],
    ),
    ([("python3", "3.12", "")], ["Python 3.12", "lacks the module venv", "python3.12-venv", "Without root:"]),
    ([("python3", "3.9", "venv ensurepip")], ["3.11 to 3.13", "Found only:", "python3 (3.9)"]),
    ([("python3", "3.14", "venv ensurepip")], ["3.11 to 3.13", "python3 (3.14)", "PYTHON="]),
]


@pytest.mark.parametrize(("interpreters", "words"), MISSING)
def test_what_is_missing_is_said(machine, interpreters, words):
    for interpreter in interpreters:
        machine.python(*interpreter)
    code, _, err = machine.setup()
    assert code == 1
    assert [word for word in words if word not in err] == []
    assert not (machine.checkout / ".venv").exists()


def test_what_is_missing_is_installed_and_then_it_works(machine):
    machine.python("python3", "3.11", modules="venv")
    assert machine.setup()[0] == 1
    machine.python("python3", "3.11")
    assert machine.setup()[0] == 0


def test_a_named_interpreter_is_the_one_taken(machine):
    machine.python("python3.13", "3.13")
    machine.python("mine", "3.11")
    code, out, _ = machine.setup(PYTHON=str(machine.bin / "mine"))
    assert code == 0
    assert f"with Python 3.11 ({machine.bin}/mine)" in out


def test_a_named_interpreter_that_is_not_there(machine):
    machine.python("python3.13", "3.13")
    code, _, err = machine.setup(PYTHON="/nowhere/python3")
    assert code == 1
    assert "PYTHON=/nowhere/python3: there is no such interpreter" in err


def test_another_interpreter_asks_for_a_new_environment(machine):
    machine.python("python3.13", "3.13")
    machine.python("mine", "3.11")
    machine.setup()
    _, out, _ = machine.setup(PYTHON=str(machine.bin / "mine"))
    assert "making .venv with Python 3.11" in out


def test_a_wrong_argument(machine):
    code, _, err = machine.setup("prod")
    assert code == 1
    assert "'prod' is not known" in err


def test_the_tools_of_the_tests_come_on_top(machine):
    machine.python("python3", "3.11")
    machine.setup()
    machine.pip_calls()
    _, out, _ = machine.setup("dev")
    assert "bringing .venv up to date" in out
    assert machine.pip_calls()[0] == (
        "install -q --require-hashes -r requirements-dev.lock -r requirements-build.lock"
    )
    assert machine.setup()[1] == "setup: .venv is up to date\n"  # what runs the tests runs the program too
    assert machine.setup("dev")[1] == "setup: .venv is up to date\n"


@pytest.mark.parametrize("name", FILES)
def test_a_changed_file_is_followed(machine, name):
    machine.python("python3", "3.11")
    machine.setup()
    machine.pip_calls()
    with (machine.checkout / name).open("a", encoding="utf-8") as file:
        file.write("# changed\n")
    code, out, _ = machine.setup()
    assert code == 0
    assert "bringing .venv up to date" in out
    assert len(machine.pip_calls()) == 3


def test_pip_fails_and_the_next_run_makes_it_good(machine):
    machine.python("python3", "3.11")
    (machine.checkout / "pip-fails").touch()
    code, _, err = machine.setup()
    assert code == 1
    assert "ERROR: no route to the index" in err
    assert "Run this again" in err
    (machine.checkout / "pip-fails").unlink()
    code, out, err = machine.setup()
    assert (code, err) == (0, "")
    assert "making it anew" in out


def test_what_worked_still_works_when_an_update_fails(machine):
    """Without the network, `make test` fails, and `make run` works as before."""
    machine.python("python3", "3.11")
    machine.setup()
    (machine.checkout / "pip-fails").touch()
    assert machine.setup("dev")[0] == 1
    assert machine.setup() == (0, "setup: .venv is up to date\n", "")


def test_an_environment_of_ones_own_is_not_removed_when_pip_fails(machine):
    machine.python("python3", "3.11")
    venv = machine.checkout / ".venv"
    (venv / "bin").mkdir(parents=True)
    shutil.copy(machine.bin / "python3", venv / "bin/python")
    (machine.checkout / "pip-fails").touch()
    assert machine.setup()[0] == 1
    (machine.checkout / "pip-fails").unlink()
    code, out, _ = machine.setup()
    assert code == 0
    assert "bringing .venv up to date" in out


def _nothing(venv):
    shutil.rmtree(venv)
    venv.mkdir()


def _killed(venv):
    (venv / "setup-finished").unlink()
    (venv / "setup-running").write_text("999999999\n", encoding="utf-8")


def _killed_before_the_number(venv):
    (venv / "setup-finished").unlink()
    (venv / "setup-running").touch()


def _no_command(venv):
    (venv / "bin/copydesk").unlink()


def _no_interpreter(venv):
    (venv / "bin/python").unlink()


def _dead_link(venv):
    (venv / "bin/python").unlink()
    (venv / "bin/python").symlink_to("/nowhere/python3")


def _file_in_the_way(venv):
    shutil.rmtree(venv)
    venv.touch()


def _link_in_the_way(venv):
    shutil.rmtree(venv)
    venv.symlink_to("/nowhere")


DAMAGES = [
    _nothing,
    _killed,
    _killed_before_the_number,
    _no_command,
    _no_interpreter,
    _dead_link,
    _file_in_the_way,
    _link_in_the_way,
]


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_half_made_environment_is_made_good(machine, damage):
    machine.python("python3", "3.11")
    machine.setup()
    damage(machine.checkout / ".venv")
    code, out, err = machine.setup()
    assert (code, err) == (0, "")
    assert "done." in out
    assert machine.setup()[1] == "setup: .venv is up to date\n"


def test_a_moved_checkout_gets_a_new_environment(machine):
    machine.python("python3", "3.11")
    machine.setup()
    machine.checkout = machine.checkout.rename(machine.checkout.parent / "elsewhere")
    code, out, _ = machine.setup()
    assert code == 0
    assert "making it anew" in out


def test_an_environment_of_ones_own_is_completed_and_not_removed(machine):
    machine.python("python3", "3.11")
    venv = machine.checkout / ".venv"
    (venv / "bin").mkdir(parents=True)
    shutil.copy(machine.bin / "python3", venv / "bin/python")
    (venv / "mine").touch()
    code, out, _ = machine.setup()
    assert code == 0
    assert "bringing .venv up to date" in out
    assert (venv / "mine").exists()


def test_a_second_set_up_waits_for_the_first(machine):
    machine.python("python3", "3.11")
    slow = (machine.bin / "python3").read_text(encoding="utf-8").replace('echo "$@"', 'sleep 0.7; echo "$@"')
    machine.program("python3", slow)
    with machine.start() as first:
        while not (machine.checkout / ".venv/setup-running").exists():
            time.sleep(0.01)
        time.sleep(0.1)
        code, out, _ = machine.setup()
        first.communicate(timeout=30)
    assert (first.returncode, code) == (0, 0)
    assert "waiting for it" in out
    assert out.endswith("setup: .venv is up to date\n")
    assert len(machine.pip_calls()) == 3


def test_what_would_lead_pip_astray_is_put_aside(machine):
    machine.python("python3", "3.11")
    report = 'echo "$PYTHONPATH|$PIP_TARGET|$PIP_USER" >>env.log; echo "$@"'
    program = (machine.bin / "python3").read_text(encoding="utf-8").replace('echo "$@"', report)
    machine.program("python3", program)
    machine.setup(PYTHONPATH="/elsewhere", PIP_TARGET="/elsewhere", PIP_USER="1")
    assert set((machine.checkout / "env.log").read_text(encoding="utf-8").split()) == {"||0"}


def test_make_and_ci_go_the_same_way():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert "make test" in (ROOT / ".ci/run").read_text(encoding="utf-8")
    assert os.access(ROOT / ".ci/run", os.X_OK)
    assert "$(BIN)/copydesk run $(ARTICLES)" in makefile
    assert "ARTICLES ?= seeds/" in makefile


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not here")
def test_make_alone_lists_the_targets():
    done = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, timeout=30, check=True)
    for target in ("run", "test", "soak", "lock", "wheel", "clean"):
        assert f"make {target} " in done.stdout
