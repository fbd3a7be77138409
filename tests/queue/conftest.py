from __future__ import annotations

import os
from pathlib import Path

import pytest
from worker_house import House

from worker.settings import CONFIG_ENV, ENV_PREFIX

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def _environment():
    """No setting from outside; the workers find the plugin of these tests."""
    before = dict(os.environ)
    for name in before:
        if name.startswith(ENV_PREFIX) or name == CONFIG_ENV:
            del os.environ[name]
    os.environ["PYTHONPATH"] = os.pathsep.join([str(Path(__file__).parent), str(ROOT)])
    yield
    os.environ.clear()
    os.environ.update(before)


@pytest.fixture(scope="session")
def house(_environment, tmp_path_factory):
    """One desk, server and worker group for all tests that leave them alive."""
    made = House.open(tmp_path_factory.mktemp("house"))
    made.group()
    yield made
    made.close()


@pytest.fixture
def empty_house(_environment, tmp_path):
    """A desk and a server without workers."""
    made = House.open(tmp_path)
    yield made
    made.close()
