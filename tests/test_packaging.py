"""What is shipped is what is tested: the wheel, the lock files, the versions, the licences.

The wheel is built, installed in a fresh environment and run from an empty folder.
"""

from __future__ import annotations

import importlib.metadata
import os
import re
import subprocess
import sys
import sysconfig
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PACKAGES = ["copydesk", "tasks", "worker"]
LOCKS = ["requirements.lock", "requirements-dev.lock", "requirements-build.lock"]
RUNTIME = [Requirement(text) for text in PROJECT["project"]["dependencies"]]
DEV = [Requirement(text) for text in PROJECT["project"]["optional-dependencies"]["dev"]]
BUILD = [Requirement(text) for text in PROJECT["build-system"]["requires"]]

ARTICLE = """Harbour reopens after storm

OSTRAVIK, 3 March 2021 - "The harbour is open again," Mayor Lena Brandt said on Wednesday.
"""


def files_of(folder: Path) -> set[str]:
    return {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and not path.name.startswith(".")
    }


def run(*command: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    keep = {key: value for key, value in os.environ.items() if key in {"HOME", "LANG", "PATH", "TMPDIR"}}
    return subprocess.run(
        command, cwd=cwd, env=keep, capture_output=True, text=True, timeout=100, check=False
    )


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    done = run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def names(wheel) -> list[str]:
    with zipfile.ZipFile(wheel) as archive:
        return archive.namelist()


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory) -> Path:
    """`bin/` of a fresh environment with the wheel; the dependencies are those that run this test."""
    folder = tmp_path_factory.mktemp("fresh")
    venv.create(folder, symlinks=True)
    python = folder / "bin/python"
    command = [
        sys.executable,
        "-m",
        "pip",
        "--python",
        python,
        "install",
        "-q",
        "--no-deps",
        "--no-index",
        wheel,
    ]
    done = run(*command, cwd=folder)
    assert done.returncode == 0, done.stderr
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    site = folder / "lib" / version / "site-packages"
    # A path, not a site directory: the .pth of the editable install over there is not followed.
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return folder / "bin"


def test_the_top_level_of_the_wheel(names):
    tops = {name.partition("/")[0] for name in names}
    version = PROJECT["project"]["version"]
    assert tops == {*PACKAGES, f"copydesk-{version}.dist-info"}


@pytest.mark.parametrize("package", PACKAGES)
def test_every_file_of_a_package_travels(names, package):
    missing = {f"{package}/{name}" for name in files_of(ROOT / package)} - set(names)
    assert missing == set()


def test_config_travels_as_data(names):
    inside = {name.removeprefix("copydesk/config/") for name in names if name.startswith("copydesk/config/")}
    assert inside == files_of(ROOT / "config")
    assert not [name for name in inside if name.endswith(".py")]


def test_the_licence_travels(names):
    version = PROJECT["project"]["version"]
    assert f"copydesk-{version}.dist-info/licenses/LICENSE" in names
    assert PROJECT["project"]["license"] == "Apache-2.0"
    assert "Apache License" in (ROOT / "LICENSE").read_text(encoding="utf-8")


def test_the_installed_packages_are_those_of_the_wheel(installed, tmp_path):
    code = "import copydesk, tasks, worker, worker.config_dir as c; print(copydesk.__path__, c.config_dir())"
    done = run(installed / "python", "-c", code, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count(str(installed.parent)) == 2
    assert str(ROOT) not in done.stdout


def test_the_installed_command_says_its_version(installed, tmp_path):
    for command in ([installed / "copydesk"], [installed / "python", "-m", "copydesk"]):
        done = run(*command, "--version", cwd=tmp_path)
        assert (done.returncode, done.stderr) == (0, "")
        assert PROJECT["project"]["version"] in done.stdout


def test_the_installed_package_enriches(installed, tmp_path):
    code = f"from copydesk import enrich; print(enrich({ARTICLE!r}).text.count('harbour'))"
    done = run(installed / "python", "-c", code, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "1\n"


def test_the_installed_command_runs_an_article(installed, tmp_path):
    (tmp_path / "harbour.txt").write_text(ARTICLE, encoding="utf-8")
    done = run(installed / "copydesk", "run", "harbour.txt", cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert (tmp_path / "desk").is_dir()


def test_one_version_everywhere():
    version = PROJECT["project"]["version"]
    newest = re.search(r"^## \[(.+?)\]", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    door = (ROOT / "copydesk/__init__.py").read_text(encoding="utf-8")
    assert f'__version__ = "{version}"' in door
    assert newest.group(1) == version


# ---------------------------------------------------------------------------------------------- the locks


def pins(name: str) -> dict[str, set[str]]:
    """Return the locked versions by package; several where they depend on the Python version."""
    found: dict[str, set[str]] = {}
    text = (ROOT / name).read_text(encoding="utf-8")
    for package, version in re.findall(r"^([A-Za-z0-9._-]+)==(\S+)", text, re.MULTILINE):
        found.setdefault(canonicalize_name(package), set()).add(version)
    return found


@pytest.mark.parametrize(
    ("lock", "requirements"),
    [
        ("requirements.lock", RUNTIME),
        ("requirements-dev.lock", RUNTIME + DEV),
        ("requirements-build.lock", BUILD),
    ],
)
def test_a_lock_keeps_what_the_project_asks_for(lock, requirements):
    locked = pins(lock)
    assert requirements
    for requirement in requirements:
        versions = locked.get(canonicalize_name(requirement.name), set())
        assert versions, f"{requirement.name} is not in {lock}: make lock"
        # Asked for twice where platforms differ: each locked version is what one of the two asks for.
        ranges = [other.specifier for other in requirements if other.name == requirement.name]
        outside = [version for version in versions if not any(version in allowed for allowed in ranges)]
        assert outside == [], f"{lock} has {requirement.name} {outside}, asked for: {requirement}. make lock"


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_package_has_its_hashes(lock):
    text = (ROOT / lock).read_text(encoding="utf-8")
    entries = re.split(r"^(?=[A-Za-z0-9])", text, flags=re.MULTILINE)[1:]
    assert len(entries) >= 5
    assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_index_and_no_place(lock):
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert re.findall(r"^\s*-(?!-hash).*|\S*://\S*|@ file", text, re.MULTILINE) == []


def test_the_locks_agree():
    run_time, dev, build = (pins(lock) for lock in LOCKS)
    assert set(run_time) <= set(dev)
    assert {name: dev[name] for name in run_time} == run_time
    shared = set(build) & set(dev)
    assert {name: build[name] for name in shared} == {name: dev[name] for name in shared}


# ------------------------------------------------------------------------------------------- dependencies


@pytest.mark.parametrize("requirement", [*RUNTIME, *DEV, *BUILD], ids=lambda requirement: requirement.name)
def test_every_dependency_has_its_reason(requirement):
    """Each has a row of its own in docs/dependencies.md."""
    page = (ROOT / "docs/dependencies.md").read_text(encoding="utf-8")
    rows = [line.split("|")[1] for line in page.splitlines() if line.startswith("| ")]
    assert [row for row in rows if f"`{requirement.name}`" in row], f"{requirement.name}: say why it is here"


# Offered under several licences, of which one is taken that asks nothing of those who use copydesk.
CHOSEN = {"tld": "MPL-1.1"}


# Says it in its licence file only; these are the words of the zlib licence.
IN_FILE_ONLY = {"pysqlite3": "Permission is granted to anyone to use this software for any purpose"}


def licence(name: str) -> str:
    """Return what a package says of its licence, without the full texts that some put there."""
    metadata = importlib.metadata.metadata(name)
    said = [metadata.get("License-Expression"), (metadata.get("License") or "").partition("\n")[0]]
    said += [line for line in metadata.get_all("Classifier", []) if line.startswith("License ::")]
    return "; ".join(text for text in said if text)


@pytest.mark.parametrize("name", sorted(pins("requirements.lock")))
def test_no_dependency_brings_a_licence_that_spreads(name):
    try:
        text = licence(name)
    except importlib.metadata.PackageNotFoundError:
        pytest.skip("not for this platform")
    if name in IN_FILE_ONLY:
        (file,) = [path for path in importlib.metadata.files(name) if path.name == "LICENSE"]
        text += " ".join(file.read_text(encoding="utf-8").split())
        assert IN_FILE_ONLY[name] in text
    assert text, f"{name} does not say its licence"
    if name in CHOSEN:
        assert CHOSEN[name] in text
    else:
        assert not re.search(
            r"GPL|General Public|SSPL|Commons Clause|Business Source", text, re.IGNORECASE
        ), text
