"""The generated pages are what the code says: `copydesk settings --write` brings them up to date."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import jsonschema
import pytest
from desks import Story

from worker.cli import COMMANDS
from worker.cli.page import JSON_KEYS, cli_page
from worker.monitor import settings_page
from worker.settings import Settings, load_settings

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("config/copydesk.toml", settings_page.toml_text),
        ("docs/settings.md", settings_page.markdown_text),
        ("docs/cli.md", cli_page),
    ],
)
def test_page_is_up_to_date(name, made):
    assert (ROOT / name).read_text(encoding="utf-8") == made(), "run `copydesk settings --write`"


def test_the_settings_file_says_the_defaults(tmp_path, monkeypatch):
    """Every line taken out of its comment gives the defaults again."""
    lines = settings_page.toml_text().splitlines()
    taken = [re.sub(r"^# ?", "", line) for line in lines if re.match(r"# (\w+ = .|  \"|\]|\[)", line)]
    text = "\n".join(line for line in taken if not line.startswith("json_fields"))
    found = tomllib.loads(text)
    found.pop("collections")
    file = tmp_path / "all.toml"
    file.write_text(text.partition("[collections")[0])
    monkeypatch.setenv("COPYDESK_CONFIG", str(file))
    assert load_settings() == load_settings(concurrency=Settings().concurrency)
    assert set(found) == {s.name for s in settings_page.declared() if s.default not in (None, {})}


def test_every_setting_and_every_command_has_its_place():
    page = settings_page.markdown_text()
    assert [name for name in Settings.model_fields if f"| `{name}` |" not in page] == []
    commands = cli_page()
    assert [name for name in COMMANDS if f"\n### copydesk {name}\n" not in commands] == []
    assert "\n#### copydesk quarantine replay\n" in commands


@pytest.mark.parametrize("command", JSON_KEYS)
def test_keys_for_programs_are_those_on_the_page(copydesk, full_house, command):
    (bad,) = full_house.drop("/bad.txt", Story(text="a bad one"))
    full_house.fail(bad)
    arguments = {"search": ["board"], "quarantine show": [bad], "doctor": ["--quick"]}.get(command, [])
    answer = copydesk(*command.split(), *arguments, "--json")
    assert answer.code == 0
    for line in answer.out.splitlines():
        assert list(json.loads(line)) == JSON_KEYS[command].split()


def test_secrets_are_masked(copydesk, monkeypatch):
    monkeypatch.setenv("COPYDESK_BROKER_URL", "redis://:hunter2@queue:6379/0")
    monkeypatch.setenv("COPYDESK_SPOOL_URL", "s3://key:hunter2@bucket/spool")
    for arguments in (["settings"], ["settings", "--json"], ["settings", "--changed"]):
        answer = copydesk(*arguments)
        assert "hunter2" not in answer.out + answer.err
        assert "****" in answer.out
    assert json.loads(copydesk("settings", "--json").out)["spool_url"]["value"] == "s3://****@bucket/spool"


def test_changed_shows_only_what_is_no_default(copydesk, monkeypatch):
    monkeypatch.setenv("COPYDESK_BATCH_SIZE", "8")
    assert list(json.loads(copydesk("settings", "--changed", "--json").out)) == ["batch_size"]


def test_schema_describes_a_record(copydesk, full_house):
    schema = json.loads(copydesk("schema").out)
    record = json.loads(full_house.record(full_house.ids[0]).model_dump_json())
    jsonschema.validate(record, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**record, "text": 1}, schema)
