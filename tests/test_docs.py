"""What the pages say is what happens: commands are run or parsed, Python runs, the record is real.

Code blocks are told by their language. `console`: lines after `$ ` are commands, the others what they print,
in this order, `...` standing for any lines or any piece of a line. `pycon`: doctests. `python`: a file, named
in its first line. `json`: a piece of the seed article's record. `sh`: commands that are only parsed.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

import pytest

import worker.cli
from tasks import enrich
from worker.settings import CONFIG_ENV, ENV_PREFIX, current_settings

ROOT = Path(__file__).resolve().parent.parent
SEED = "seeds/000_e0e4488e8881e827.txt"
GENERATED = {"cli.md", "settings.md", "record.md"}
PAGES = [ROOT / "README.md", *sorted(p for p in (ROOT / "docs").glob("*.md") if p.name not in GENERATED)]

ONLY_PARSED = {
    "copydesk up inbox/": "stays until it is interrupted",
    "copydesk batch /archive/2021 --collection archive": "its archive is the reader's",
    "zcat dump.jsonl.gz | copydesk batch -": "its archive is the reader's",
    "make run": "tests/test_setup.py runs it; what it prints is held against `copydesk run seeds/`",
}
"""Commands in `console` blocks that are not run, each with the reason."""

NOT_OURS = {"cp", "mkdir", "docker", "make", "pip", "sudo", "sh", "kill", "curl", "export"}
"""First words of commands in `sh` blocks that are somebody else's; tests/test_compose.py reads docker's."""

NO_COMMAND = {"copydesk needs Python 3.11 to 3.13. Found only: ..."}
"""What begins like a command within a sentence, and is none."""


@dataclass(frozen=True)
class Fence:
    """One code block: where it stands, its language, its lines."""

    page: str
    line: int
    language: str
    text: str

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"


def fences(page: Path) -> list[Fence]:
    found = []
    lines = page.read_text(encoding="utf-8").splitlines()
    start = None
    for number, line in enumerate(lines):
        if line.startswith("```"):
            if start is None:
                start = number
            else:
                text = "\n".join(lines[start + 1 : number]) + "\n"
                found.append(Fence(page.name, start + 1, lines[start][3:].strip(), text))
                start = None
    assert start is None, f"{page.name}: a code block is not closed"
    return found


ALL = [fence for page in PAGES for fence in fences(page)]


def of(language: str, page: str | None = None) -> list[Fence]:
    return [f for f in ALL if f.language == language and page in (None, f.page)]


def commands(fence: Fence) -> list[tuple[str, list[str]]]:
    """Return (command, what it prints) for each `$ ` line."""
    found: list[tuple[str, list[str]]] = []
    for line in fence.text.splitlines():
        if line.startswith("$ "):
            found.append((line[2:].replace(".venv/bin/", ""), []))
        else:
            found[-1][1].append(line)
    return found


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch):
    for name in list(os.environ):
        if name.startswith(ENV_PREFIX) or name == CONFIG_ENV:
            monkeypatch.delenv(name)
    yield
    current_settings.cache_clear()


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder like a fresh checkout, with the seed articles processed."""
    made = tmp_path_factory.mktemp("docs")
    shutil.copytree(ROOT / "seeds", made / "seeds")
    return made


def call(command: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env={**os.environ, "PATH": path, "COLUMNS": "200", **environment},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )


@pytest.fixture(scope="module")
def first_run(folder):
    return call("copydesk run seeds/", folder)


def missing(expected: list[str], printed: str) -> list[str]:
    """Return the expected lines that are not printed, or not in this order."""
    pattern_of = {line: re.escape(line).replace(r"\.\.\.", ".*") for line in expected}
    rest = printed.splitlines()
    absent = []
    for line in expected:
        if line == "...":
            continue
        at = next((n for n, each in enumerate(rest) if re.fullmatch(pattern_of[line], each)), None)
        if at is None:
            absent.append(line)
        else:
            rest = rest[at + 1 :]
    return absent


def test_pages_have_blocks_of_known_kinds_only():
    known = {"console", "pycon", "python", "json", "toml", "sh", "text", ""}
    assert [f"{f}: {f.language}" for f in ALL if f.language not in known] == []
    assert len(of("console")) >= 4
    assert len(of("pycon")) >= 4


CONSOLE = [(str(f), command, expected) for f in of("console") for command, expected in commands(f)]


@pytest.mark.parametrize(("where", "command", "expected"), CONSOLE, ids=[f"{w} {c}" for w, c, _ in CONSOLE])
def test_commands_do_what_the_page_says(where, command, expected, folder, first_run):
    assert first_run.returncode == 0, first_run.stderr
    if command == "make run":
        assert missing(expected, first_run.stdout) == [], first_run.stdout
    elif command in ONLY_PARSED:
        parse(command)
    else:
        done = call(command, folder)
        assert (done.returncode, "Traceback" in done.stderr) == (0, False), done.stderr
        assert missing(expected, done.stdout) == [], done.stdout


def parse(line: str) -> None:
    """Hold every copydesk command of a shell line against its help: the command and its options exist."""
    for part in re.split(r"[|;>]|&&", line):
        words = shlex.split(part, comments=True)
        while words and re.fullmatch(r"[A-Z_]+=\S*", words[0]):
            words.pop(0)
        if words[:1] == ["copydesk"]:
            assert worker.cli.answer([*words[1:], "--help"]) == 0, part


def test_only_commands_of_the_pages_are_excused_from_running():
    there = {command for _, command, _ in CONSOLE}
    assert sorted(set(ONLY_PARSED) - there) == []


@pytest.mark.parametrize("fence", of("sh"), ids=str)
def test_shell_lines_name_commands_and_options_that_exist(fence):
    for line in fence.text.splitlines():
        words = shlex.split(line, comments=True)
        if words:
            assert "copydesk" in words or words[0] in NOT_OURS, line
            parse(line.partition("exec watch ")[2] or line)


SAID = [
    (page.name, span)
    for page in PAGES
    for span in dict.fromkeys(
        re.findall(r"(?<!`)`((?:[A-Z_]+=\S+ )?copydesk [^`]+)`(?!`)", page.read_text(encoding="utf-8"))
    )
    if span not in NO_COMMAND
]


@pytest.mark.parametrize(("page", "span"), SAID)
def test_commands_within_sentences_exist(page, span):
    parse(span)


@pytest.mark.parametrize("what", ["worker", "flower"])
def test_plain_celery_takes_the_application(what, folder):
    """`celery -A worker worker` and `celery -A worker flower` find it, from any folder."""
    done = call(f"celery -A worker {what} --help", folder)
    assert (done.returncode, "Usage: celery" in done.stdout) == (0, True), done.stderr


def examples(page: str) -> str:
    return "\n".join(fence.text for fence in of("pycon", page))


def test_readme_python(folder):
    (folder / "readme.txt").write_text(examples("README.md"))
    done = call("python -m doctest readme.txt", folder)
    assert done.returncode == 0, done.stdout + done.stderr


def test_extending(folder):
    """The files of the page are written and installed as a package of their own; then its examples run."""
    package = folder / "newsroom"
    package.mkdir()
    (package / "__init__.py").touch()
    files = [*of("python", "extending.md"), *of("toml", "extending.md")]
    named = [(fence.text.splitlines()[0].removeprefix("# "), fence.text) for fence in files]
    for name, content in named:
        if name != "pyproject.toml":
            (folder / name).write_text(content)
    projects = [tomllib.loads(content) for name, content in named if name == "pyproject.toml"]
    points = [each["project"]["entry-points"] for each in projects]
    info = folder / "newsroom-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: newsroom\nVersion: 1\n")
    (info / "entry_points.txt").write_text(
        "".join(
            f"[{group}]\n" + "".join(f"{name} = {where}\n" for name, where in each.items())
            for found in points
            for group, each in found.items()
        )
    )
    (folder / "extending.txt").write_text(examples("extending.md"))
    done = call("python -m doctest extending.txt", folder, PYTHONPATH=str(folder))
    assert done.returncode == 0, done.stdout + done.stderr


def unlike(shown: object, real: object, path: str = "record") -> list[str]:
    """Return where `shown` is not a part of `real`: objects may lack fields, lists may lack items."""
    if isinstance(shown, dict) and isinstance(real, dict):
        return [line for key in shown for line in unlike(shown[key], real.get(key), f"{path}.{key}")]
    if isinstance(shown, list) and isinstance(real, list):
        nearest = [
            min((unlike(each, other, f"{path}[]") for other in real), key=len, default=[f"{path} is empty"])
            for each in shown
        ]
        return [line for lines in nearest for line in lines]
    return [] if shown == real else [f"{path}: the page says {shown!r}, the record {real!r}"]


@pytest.mark.parametrize("fence", of("json"), ids=str)
def test_records_on_the_pages_are_real(fence):
    record = enrich(ROOT / SEED).model_dump(mode="json")
    assert unlike(json.loads(fence.text), record) == []


def test_a_wrong_record_is_seen():
    record = {"id": "a", "quotes": [{"cue": "said"}, {"cue": "added"}]}
    assert unlike({"quotes": [{"cue": "added"}]}, record) == []
    assert unlike({"id": "b"}, record) == ["record.id: the page says 'b', the record 'a'"]
    assert unlike({"quotes": [{"cue": "told"}]}, record) != []
    assert missing(["b", "a"], "a\nb\n") == ["a"]
    assert missing(["a...", "...", "c (... s)"], "a b\nx\nc (1.1 s)\n") == []


LINKS = [
    (page, target)
    for page in [*PAGES, *(ROOT / "docs" / name for name in sorted(GENERATED))]
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8"))
    if "://" not in target
]


@pytest.mark.parametrize(("page", "target"), LINKS, ids=[f"{p.name} {t}" for p, t in LINKS])
def test_links_lead_somewhere(page, target):
    name, _, anchor = target.partition("#")
    file = (page.parent / name).resolve() if name else page
    assert file.exists()
    if anchor:
        headings = re.findall(r"^#+ (.+)$", file.read_text(encoding="utf-8"), re.MULTILINE)
        assert anchor in {re.sub(r"[^\w\- ]", "", h.lower()).replace(" ", "-") for h in headings}


def test_reference_of_the_record_is_up_to_date():
    done = call(f"python {ROOT / 'tools' / 'record_page.py'} --check", ROOT)
    assert done.returncode == 0, done.stderr


def test_the_picture_is_one():
    picture = (ROOT / "docs" / "flower.png").read_bytes()
    assert picture.startswith(b"\x89PNG")
    assert len(picture) < 300_000
