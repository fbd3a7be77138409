"""The plan of the house, held against the code."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
LONGEST = 350
LONGER = {"worker/record.py"}  # the data contract: one page to read
MODULES = sorted(
    path.relative_to(ROOT).as_posix()
    for room in ("worker", "tasks", "copydesk")
    for path in (ROOT / room).rglob("*.py")
)


def imports(path: str) -> set[str]:
    """Top-level names of what a module imports, wherever in it it does."""
    found = set()
    for node in ast.walk(ast.parse((ROOT / path).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            found.add(node.module or "")
    return found


def rooms(path: str) -> set[str]:
    return {name.split(".")[0] for name in imports(path)} & {
        "worker",
        "tasks",
        "copydesk",
        "benchmarks",
        "tests",
    }


def allowed(path: str) -> set[str]:
    if path.startswith("worker/cli/"):
        return {"worker", "tasks"}
    return {"worker": {"worker"}, "tasks": {"worker", "tasks"}, "copydesk": {"worker", "tasks"}}[
        path.split("/", maxsplit=1)[0]
    ]


@pytest.mark.parametrize("path", MODULES)
def test_imports_run_from_tasks_to_worker(path):
    assert rooms(path) <= allowed(path)


@pytest.mark.parametrize("path", [path for path in MODULES if not path.startswith("worker/cli/")])
def test_only_the_command_line_imports_the_command_line(path):
    if path.startswith("copydesk/"):
        return
    assert not [name for name in imports(path) if name.startswith("worker.cli")]


def test_the_rule_is_not_about_nothing():
    assert "tasks" in rooms("worker/cli/show.py") | rooms("worker/cli/run.py") | rooms("copydesk/__init__.py")
    assert "worker" in rooms("tasks/step.py")
    assert len(MODULES) > 100


@pytest.mark.parametrize("stage", ["read", "extract", "classify", "publish"])
def test_a_fingerprint_covers_what_the_stage_imports(stage):
    frame = {"tasks.fingerprint", "tasks.pipeline", "tasks.lean_spacy"}
    folder = f"tasks/{stage}/"
    names = {name for path in MODULES if path.startswith(folder) for name in imports(path)}
    others = {
        name for name in names if name.startswith("tasks.") and not name.startswith(f"tasks.{stage}")
    } - frame
    said = (ROOT / folder / "__init__.py").read_text(encoding="utf-8")
    missing = [name for name in others if f'"{name.removeprefix("tasks.").replace(".", "/")}.py"' not in said]
    assert missing == []


@pytest.mark.parametrize("room", ["config", "seeds"])
def test_data_holds_no_python(room):
    assert [path for path in (ROOT / room).rglob("*.py") if path.is_file()] == []
    assert any((ROOT / room).iterdir())


@pytest.mark.parametrize("path", [path for path in MODULES if path not in LONGER])
def test_no_module_grows_for_ever(path):
    assert len((ROOT / path).read_text(encoding="utf-8").splitlines()) <= LONGEST


@pytest.mark.parametrize("path", MODULES)
def test_every_module_says_what_it_is_for(path):
    assert (
        path.endswith("__init__.py")
        or "migrations/" in path
        or ast.get_docstring(ast.parse((ROOT / path).read_text()))
    )


def test_the_package_of_the_workers_imports_nothing():
    assert imports("worker/__init__.py") == set()


def test_what_the_map_of_the_product_names_is_there():
    for name in re.findall(r"`((?:worker|tasks)[.\w]*)`", (ROOT / "worker" / "__init__.py").read_text()):
        place = ROOT / name.replace(".", "/")
        assert place.is_dir() or place.with_suffix(".py").is_file(), name


def test_the_changelog_has_the_version():
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert re.search(rf"^## \[{re.escape(version)}\]", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
