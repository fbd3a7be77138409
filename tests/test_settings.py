"""Settings: where values come from, what wrong ones say, and that secrets stay secret."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pydantic import SecretStr

from worker.desk.engine import open_desk
from worker.errors import CopydeskError, SettingsError
from worker.logs import configure_logging
from worker.monitor import doctor
from worker.settings import (
    CONFIG_ENV,
    ENV_PREFIX,
    CollectionSettings,
    Settings,
    load_settings,
    to_environment,
)

SECRET = "geheim-4711"
SECRETS = {
    "database_url": f"postgresql://desk:{SECRET}@nowhere.invalid/desk",
    "broker_url": f"redis://:{SECRET}@nowhere.invalid:6379/0",
    "flower_basic_auth": f"desk:{SECRET}",
}


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch, tmp_path):
    for name in list(os.environ):
        if name.startswith(ENV_PREFIX):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def toml(text):
    Path("copydesk.toml").write_text(text)


def test_flags_win_over_environment_over_toml_over_defaults(monkeypatch):
    assert load_settings().batch_size == 32
    toml("batch_size = 1\nmax_strikes = 1\npoll = 'never'")
    monkeypatch.setenv("COPYDESK_BATCH_SIZE", "2")
    monkeypatch.setenv("COPYDESK_MAX_STRIKES", "2")
    found = load_settings(batch_size=3, poll=None)
    assert (found.batch_size, found.max_strikes, found.poll) == (3, 2, "never")


def test_the_file_is_named_by_the_environment(monkeypatch, tmp_path):
    toml("batch_size = 1")
    other = tmp_path / "other.toml"
    other.write_text("batch_size = 9")
    monkeypatch.setenv(CONFIG_ENV, str(other))
    assert load_settings().batch_size == 9
    monkeypatch.setenv(CONFIG_ENV, "/no/such/file.toml")
    with pytest.raises(SettingsError, match=r"COPYDESK_CONFIG=/no/such/file.toml: there is no such file"):
        load_settings()


def test_collections_have_their_own(monkeypatch):
    toml("[collections.wire]\nday_first = true\n[collections.wire.json_fields]\nbody = ['story.html']")
    wire = load_settings().collection("wire")
    assert (wire.day_first, wire.json_fields) == (True, {"body": ["story.html"]})
    assert load_settings().collection("other") == CollectionSettings()


WRONG_FLAGS = [
    ({"batch_size": 0}, "batch_size", "0", "greater than or equal to 1"),
    ({"batch_size": "many"}, "batch_size", "'many'", "valid integer"),
    ({"concurrency": 10_000}, "concurrency", "10000", "512"),
    ({"poll": "often"}, "poll", "'often'", "'auto', 'always' or 'never'"),
    ({"after": "burn"}, "after", "'burn'", "'move', 'keep' or 'delete'"),
    ({"memory_limit_mb": 1}, "memory_limit_mb", "1", "256"),
    ({"article_time_limit_s": 0}, "article_time_limit_s", "0", "greater than 0"),
    ({"article_time_limit_s": float("inf")}, "article_time_limit_s", "inf", "finite"),
    ({"retry_after_s": float("nan")}, "retry_after_s", "nan", "finite"),
    ({"flower_port": 70_000}, "flower_port", "70000", "65535"),
    ({"sinks": "jsonl"}, "sinks", "'jsonl'", "list"),
    ({"batch_time_limit_s": 50}, "batch_time_limit_s", "50", "at least 120"),
    ({"batch_time_limit_s": 300, "lease_s": 300}, "lease_s", "300", "Raise lease_s"),
    ({"flower_address": "0.0.0.0"}, "flower_address", "0.0.0.0", "flower_basic_auth"),
    ({"broker_url": "amqp://x"}, "broker_url", "(secret)", "redis://"),
    ({"broker_url": "localhost:6379"}, "broker_url", "(secret)", "redis://"),
    ({"database_url": "mysql://x"}, "database_url", "(secret)", "postgresql"),
    ({"database_url": "postgres//x"}, "database_url", "(secret)", "postgresql"),
]


@pytest.mark.parametrize(("flags", "key", "value", "remedy"), WRONG_FLAGS, ids=lambda v: str(v)[:30])
def test_a_wrong_value_names_key_value_and_remedy(flags, key, value, remedy):
    with pytest.raises(SettingsError) as error:
        load_settings(**flags)
    message = str(error.value)
    assert f"{key}={value}" in message
    assert remedy in message


@pytest.mark.parametrize(
    ("variable", "value", "expected"),
    [
        ("COPYDESK_BATCH_SIZES", "3", "there is no such setting. Did you mean COPYDESK_BATCH_SIZE?"),
        ("COPYDESK_XYZZY", "3", "`copydesk settings` lists them all"),
        ("COPYDESK_BATCH_SIZE", "-1", "batch_size='-1'"),
        ("COPYDESK_SINKS", "jsonl", """COPYDESK_SINKS='jsonl' has to be JSON, for example"""),
        ("COPYDESK_SINKS", '{"a": 1}', "has to be JSON"),
        ("COPYDESK_COLLECTIONS", "[]", "has to be JSON"),
        ("COPYDESK_COLLECTIONS", '{"x": {"day_frist": 1}}', "collections.x.day_frist: there is no such"),
        ("COPYDESK_COLLECTIONS", '{"x": {"day_frist": 1}}', "setting. Did you mean day_first?"),
    ],
    ids=lambda value: value[:40],
)  # fmt: skip
def test_a_wrong_variable_is_refused(monkeypatch, variable, value, expected):
    monkeypatch.setenv(variable, value)
    with pytest.raises(SettingsError) as error:
        load_settings()
    assert expected in str(error.value)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("batch_size = \n", "copydesk.toml cannot be read: Invalid value (at line 1"),
        ("batch_sizes = 3", "batch_sizes: there is no such setting. Did you mean batch_size?"),
        ("[worker]\nbatch_size = 3", "worker: there is no such setting."),
        ("batch_size = 0", "batch_size=0"),
    ],
)
def test_a_wrong_file_is_refused(text, expected):
    toml(text)
    with pytest.raises(SettingsError) as error:
        load_settings()
    assert expected in str(error.value)


def test_every_wrong_value_is_named_at_once():
    with pytest.raises(SettingsError) as error:
        load_settings(batch_size=0, flower_port=0)
    assert [line.partition("=")[0] for line in str(error.value).splitlines()] == ["batch_size", "flower_port"]


# secrets


def test_every_url_with_a_password_is_a_secret():
    secret = {n for n, f in Settings.model_fields.items() if "SecretStr" in str(f.annotation)}
    assert secret == set(SECRETS)


def test_secrets_are_not_shown(capsys, caplog):
    found = load_settings(**SECRETS)
    shown = [repr(found), str(found), found.model_dump_json(), str(found.model_dump()), f"{found}"]
    configure_logging(found)
    logging.getLogger("test").warning("these are they: %s", found, extra={"settings": found})
    shown += [capsys.readouterr().err, caplog.text]
    assert not [text for text in shown if SECRET in text]
    assert found.broker_url.get_secret_value() == SECRETS["broker_url"]


@pytest.mark.parametrize("key", SECRETS)
@pytest.mark.parametrize("wrong", [[SECRET], 4711, {"a": SECRET}])
def test_secrets_are_not_in_errors(key, wrong):
    with pytest.raises(SettingsError) as error:
        load_settings(**{key: wrong})
    assert SECRET not in str(error.value)
    assert "4711" not in str(error.value)


@pytest.mark.parametrize("wrong", [f"http://x:{SECRET}@y", f"{SECRET}"])
def test_secrets_are_not_in_errors_about_urls(wrong):
    for key in ("broker_url", "database_url"):
        with pytest.raises(SettingsError) as error:
            load_settings(**{key: wrong})
        assert SECRET not in str(error.value)


def test_secrets_are_not_in_what_the_doctor_says(tmp_path):
    found = load_settings(desk=tmp_path / "desk", broker_url=SECRETS["broker_url"])
    said = list(doctor.examine(found, quick=True, load_models=lambda _: "fine"))
    assert next(check for check in said if check.name == "server").level == "fail"
    assert SECRET not in repr(said)


def test_secrets_are_not_in_errors_of_the_desk(tmp_path):
    url = f"sqlite:///{tmp_path}/no/such/folder/{SECRET}.db"
    found = load_settings(desk=tmp_path, database_url=f"sqlite://desk:{SECRET}@/x")
    with pytest.raises((CopydeskError, Exception)) as error:
        open_desk(found)
    assert SECRET not in str(error.value)
    assert url  # the path of a file is no secret


# other processes

_TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=20)
_S = st.floats(min_value=0.001, max_value=10_000)
_WORD = st.from_regex(r"[a-z][a-z0-9_.]{0,9}", fullmatch=True)
EVERY = {
    "desk": _WORD.map(Path),
    "database_url": st.none() | _TEXT.map(lambda t: f"postgresql://{t}"),
    "spool_url": st.none() | _TEXT,
    "broker_url": st.none() | _TEXT.map(lambda t: f"redis://{t}"),
    "inbox": _WORD.map(Path),
    "concurrency": st.integers(1, 512),
    "batch_size": st.integers(1, 1000),
    "max_in_flight": st.integers(1, 1_000_000),
    "article_time_limit_s": _S,
    "article_kill_after_s": _S,
    "batch_time_limit_s": st.just(50_000.5),
    "lease_s": st.just(60_000.25),
    "plugins": st.lists(_WORD, max_size=3),
    "quiet_s": _S,
    "poll": st.sampled_from(["auto", "always", "never"]),
    "after": st.sampled_from(["move", "keep", "delete"]),
    "ignore": st.lists(_TEXT, max_size=3),
    "max_container_bytes": st.integers(1, 10**15),
    "languages": st.lists(_WORD, max_size=3),
    "collections": st.dictionaries(
        _TEXT,
        st.builds(
            CollectionSettings,
            json_fields=st.dictionaries(_WORD, st.lists(_TEXT, max_size=2), max_size=2),
            day_first=st.sampled_from([True, False, None]),
        ),
        max_size=2,
    ),
    "sinks": st.lists(_WORD, max_size=2),
    "jsonl_path": st.none() | _WORD.map(Path),
    "log_level": st.sampled_from(["debug", "info", "warning", "error"]),
    "flower_basic_auth": st.none() | _TEXT,
}


@hypothesis_settings(
    max_examples=60,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.fixed_dictionaries({}, optional=EVERY))
def test_another_process_loads_the_same(monkeypatch, values):
    here = load_settings(**{"batch_time_limit_s": 50_000.5, "lease_s": 60_000.25, **values})
    with monkeypatch.context() as patched:
        for name, value in to_environment(here).items():
            patched.setenv(name, value)
        there = load_settings()
    absolute = {
        name: getattr(here, name).absolute() if getattr(here, name) else None
        for name in ("desk", "inbox", "jsonl_path")
    }
    assert there == here.model_copy(update=absolute)


def test_every_field_is_in_the_environment_of_another_process():
    full = load_settings(
        **SECRETS,
        spool_url="s3://x",
        jsonl_path=Path("/x"),
        concurrency=3,
        news_model=Path("/y"),
        learned_lines=Path("/z"),
        entities_pipeline="one",
        syntax_pipeline="two",
    )
    assert set(to_environment(full)) == {ENV_PREFIX + name.upper() for name in Settings.model_fields}
    assert to_environment(full)["COPYDESK_BROKER_URL"] == SECRETS["broker_url"]
    assert all(isinstance(value, str) for value in to_environment(full).values())
    assert isinstance(full.broker_url, SecretStr)


def test_another_process_finds_relative_files_too(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    here = to_environment(load_settings(taxonomies=["a.toml"], learned_lines="b.json"))
    assert here["COPYDESK_TAXONOMIES"] == f'["{tmp_path}/a.toml"]'
    assert here["COPYDESK_LEARNED_LINES"] == f"{tmp_path}/b.json"


def test_a_worker_says_what_is_wrong_instead_of_a_traceback():
    done = subprocess.run(
        [sys.executable, "-m", "celery", "-A", "worker", "report"],
        env={**os.environ, "COPYDESK_BATCH_SIZE": "0", "PYTHONPATH": str(Path(__file__).parents[1])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert "copydesk: batch_size='0'" in done.stderr
    assert "Traceback" not in done.stderr
