from __future__ import annotations

import os
import threading
import time

import pytest
from house import House

from worker.embedded import broker_url, serving
from worker.settings import CONFIG_ENV, ENV_PREFIX, current_settings, load_settings


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch):
    """No setting from outside, and none left behind."""
    before = dict(os.environ)
    for name in before:
        if name.startswith(ENV_PREFIX) or name == CONFIG_ENV:
            del os.environ[name]
    yield
    os.environ.clear()
    os.environ.update(before)
    current_settings.cache_clear()


@pytest.fixture(scope="session")
def broker(tmp_path_factory):
    """The URL of a real server that is there for all tests: what lies in its queues is of no importance."""
    settings = load_settings(desk=tmp_path_factory.mktemp("server") / "desk")
    (settings.desk_dir / "run").mkdir(parents=True)
    with serving(settings):
        yield broker_url(settings)


@pytest.fixture
def make_house(tmp_path, broker):
    """Make desks with an inbox beside them; `make_house(setting=value)`."""
    made = []

    def make(**settings):
        options = {"broker_url": broker, "quiet_s": 0.1, "min_free_disk_mb": 0, "retry_after_s": 0.1}
        settings = load_settings(desk=tmp_path / "desk", inbox=tmp_path / "inbox", **{**options, **settings})
        made.append(House(settings))
        return made[-1]

    yield make
    for house in made:
        house.close()


@pytest.fixture
def house(make_house):
    return make_house()


@pytest.fixture
def watching():
    """Run watchers in threads, as the command does; stopped at the end of the test."""
    running = []

    def watch(house):
        watcher = house.watcher()
        stop = threading.Event()
        failure = []

        def run():
            try:
                watcher.run(stop)
            except BaseException as error:
                failure.append(error)
                raise

        thread = threading.Thread(target=run)
        thread.start()

        def end():
            stop.set()
            thread.join(20)
            assert not thread.is_alive()
            assert not failure

        running.append(end)
        return end

    yield watch
    for end in running:
        end()


@pytest.fixture
def until():
    """Wait until something holds, and fail when it takes too long."""

    def wait(holds, *, seconds=10):
        deadline = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < deadline, "it did not come to pass"
            time.sleep(0.02)

    return wait
