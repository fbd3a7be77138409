"""Every setting once: name, default, unit (in the name) and help.

Where a value comes from, later ones win: default < `copydesk.toml` < environment (`COPYDESK_NAME`) < flag.
`config/copydesk.toml` and `docs/settings.md` are generated from this file (`copydesk settings --write`).
A wrong value stops the start with a `SettingsError` that names key, value and remedy.
"""

from __future__ import annotations

import functools
import json
import os
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from worker import components, settings_checks
from worker.errors import SettingsError

ENV_PREFIX = settings_checks.ENV_PREFIX
CONFIG_ENV = settings_checks.CONFIG_ENV
CONFIG_NAME = "copydesk.toml"
MB = 1024 * 1024


class CollectionSettings(BaseModel):
    """What may differ from collection to collection: `[collections.NAME]` in the TOML file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    json_fields: dict[str, list[str]] = Field(
        default={},
        description="Field mapping for JSON and CSV articles, on top of config/json_fields.toml: "
        "our name -> names of theirs, first found wins; a dot steps into an object.",
    )
    day_first: bool | None = Field(
        default=None, description="Read 3/4/2021 as 3 April (true), 4 March (false), or by evidence (unset)."
    )


class Settings(BaseSettings):
    """All settings of all processes."""

    model_config = SettingsConfigDict(
        env_prefix=ENV_PREFIX,
        extra="forbid",
        frozen=True,
        allow_inf_nan=False,  # the system's timers know no "for ever"
    )

    # Where things are
    desk: Path = Field(
        default=Path("desk"), description="Folder of the desk: database, spool, server socket, logs."
    )
    database_url: SecretStr | None = Field(
        default=None, description="SQLAlchemy URL of the desk's database. Unset: SQLite inside the desk."
    )
    spool_url: str | None = Field(
        default=None, description="fsspec URL where raw bytes are kept. Unset: spool/ inside the desk."
    )
    broker_url: SecretStr | None = Field(
        default=None,
        description="Redis URL of the queue (redis://, rediss://, redis+socket://). "
        "Unset: a private server on a unix socket inside the desk.",
    )
    inbox: Path = Field(default=Path("inbox"), description="Folder that `watch` and `up` watch.")

    # Workers
    concurrency: int = Field(
        default_factory=lambda: os.cpu_count() or 1,
        ge=1,
        le=512,
        description="Worker processes. Default: one a core.",
    )
    batch_size: int = Field(default=32, ge=1, le=1000, description="Most articles in one message.")
    max_in_flight: int = Field(
        default=2000, ge=1, le=1_000_000, description="Most articles on the queues at once; others wait."
    )
    article_time_limit_s: float = Field(
        default=50,
        gt=0,
        description="Time one article may take in one stage before it is interrupted. A million characters "
        "took `extract` 27 s of a busy core without instructions for 8-bit products.",
    )
    article_kill_after_s: float = Field(
        default=10,
        gt=0,
        description="Time after the interruption until a process that does not react is killed.",
    )
    batch_time_limit_s: float = Field(
        default=120, gt=0, description="Hard limit of one message; at half of it the rest is handed back."
    )
    lease_s: float = Field(
        default=240, gt=0, description="How long a claim holds without a sign of life. Over the hard limit."
    )
    max_strikes: int = Field(
        default=3, ge=1, description="Deaths or errors charged to an article before it is quarantined."
    )
    max_interrupts: int = Field(
        default=20, ge=1, description="Deaths of whole worker groups around a lone article before quarantine."
    )
    memory_limit_mb: int = Field(
        default=2048, ge=256, description="Memory that a worker process may take on top of its start."
    )
    max_tasks_per_child: int = Field(
        default=1000, ge=1, description="Messages after which a worker process is replaced."
    )
    plugins: list[str] = Field(
        default=[], description="Python modules imported in every worker, to register spaCy components."
    )

    # Keeping house
    reconcile_s: float = Field(
        default=2, gt=0, description="Pause between two rounds of burying, admitting and ringing again."
    )
    ring_again_s: float = Field(
        default=30, gt=0, description="An article nobody has touched for so long is rung again."
    )
    retry_after_s: float = Field(
        default=2, ge=0, description="Pause before a failed article is tried again; doubles each time."
    )

    # Intake
    quiet_s: float = Field(
        default=2,
        ge=0,
        description="A file is whole when size and mtime have rested so long, "
        "where the system does not tell that it was closed.",
    )
    rescan_s: float = Field(default=30, gt=0, description="Pause between two full scans of the inbox.")
    poll: Literal["auto", "always", "never"] = Field(
        default="auto", description="Poll instead of waiting for events: `auto` polls on network mounts."
    )
    poll_s: float = Field(default=1, gt=0, description="Pause between two polls.")
    after: Literal["move", "keep", "delete"] = Field(
        default="move", description="What `watch` does with a finished source file."
    )
    ignore: list[str] = Field(
        default=[
            ".*",
            "*~",
            "*.part",
            "*.partial",
            "*.tmp",
            "*.temp",
            "*.swp",
            "*.crdownload",
            "*.filepart",
            "Thumbs.db",
            "desktop.ini",
        ],
        description="Names (shell patterns) of files and folders that are left alone.",
    )
    max_article_bytes: int = Field(
        default=20 * MB, ge=1, description="A larger article goes to quarantine unread."
    )
    max_article_characters: int = Field(
        default=2_000_000, ge=1, description="An article with a longer text goes to quarantine."
    )
    max_container_bytes: int = Field(
        default=64 * 1024 * MB, ge=1, description="Most bytes that one container may unpack to."
    )
    max_container_members: int = Field(
        default=20_000_000, ge=1, description="Most articles in one container."
    )
    max_container_ratio: int = Field(
        default=200,
        ge=2,
        description="Most bytes out of a container for each byte in (above 100 MB); against bombs.",
    )
    max_container_depth: int = Field(
        default=2, ge=1, le=8, description="How deep containers may lie within containers."
    )
    split_timeout_s: float = Field(
        default=60, gt=0, description="A container that yields nothing for so long has failed."
    )
    split_memory_mb: int = Field(default=512, ge=64, description="Memory of the process that splits.")
    min_free_disk_mb: int = Field(
        default=500, ge=0, description="Below this much free disk, nothing more is taken in."
    )

    # What is done to an article
    languages: list[str] = Field(
        default=["en", "de", "fr", "es", "it", "pt", "nl", "pl", "ru", "uk", "ar", "zh", "ja", "tr"],
        description="Languages (ISO 639-1) that language identification chooses from.",
    )
    learned_lines: Path | None = Field(
        default=None,
        description="Snapshot of lines that recur in a source, as `copydesk learn` writes it: they are "
        "marked as boilerplate. Unset: known phrases alone.",
    )
    extract_components: list[str] = Field(
        default=[*components.EXTRACT], description="spaCy components of `extract`, in order."
    )
    classify_components: list[str] = Field(
        default=[*components.CLASSIFY], description="spaCy components of `classify`, in order."
    )
    taxonomies: list[Path] = Field(
        default=[],
        description="TOML files with topics of your own: a few example phrases for each, nothing is trained.",
    )
    news_model: Path | None = Field(
        default=None,
        description="Folder of another news model, as `python -m training export` writes it. "
        "Unset: the one that ships.",
    )
    encoder_max_pieces: int = Field(
        default=50_000,
        ge=1000,
        description="Word pieces (about 4 characters each) of one article that the news model reads; "
        "what is left is named in the record's coverage.",
    )
    entities_pipeline: str | None = Field(
        default=None,
        description="Installed spaCy pipeline (package or folder) that finds entities in place of the news "
        "model, e.g. `en_core_web_trf`.",
    )
    syntax_pipeline: str | None = Field(
        default=None,
        description="Installed spaCy pipeline (package or folder) that gives tags and dependencies in place "
        "of the news model.",
    )
    collections: dict[str, CollectionSettings] = Field(
        default={}, description="Settings of single collections, by name."
    )

    # Out
    sinks: list[str] = Field(
        default=[], description="Sinks that every published record is delivered to, e.g. `jsonl`."
    )
    jsonl_path: Path | None = Field(
        default=None, description="File of the sink `jsonl`. Unset: out/records.jsonl inside the desk."
    )

    # Monitoring
    log_format: Literal["auto", "text", "json"] = Field(
        default="auto", description="`auto`: readable on a terminal, JSON elsewhere."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="Least severe messages that are logged."
    )
    flower_port: int = Field(default=5555, ge=1, le=65535, description="Port of Flower.")
    flower_address: str = Field(default="127.0.0.1", description="Address that Flower listens on.")
    flower_basic_auth: SecretStr | None = Field(
        default=None,
        description="`user:password` asked for by Flower. Needed when it listens beyond localhost.",
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the signature is pydantic's
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Flags over environment over TOML."""
        path = config_file()
        toml = (TomlConfigSettingsSource(settings_cls, path),) if path else ()
        return (init_settings, env_settings, *toml)

    @property
    def desk_dir(self) -> Path:
        """The desk's folder, absolute."""
        return self.desk.expanduser().absolute()

    def collection(self, name: str) -> CollectionSettings:
        """Return the settings of one collection, the defaults where it has none of its own."""
        return self.collections.get(name, CollectionSettings())


def config_file() -> Path | None:
    """Return the TOML file in use: `COPYDESK_CONFIG`, else `copydesk.toml` here, else none."""
    named = os.environ.get(CONFIG_ENV)
    if named:
        path = Path(named).expanduser()
        if not path.is_file():
            raise SettingsError(f"{CONFIG_ENV}={named}: there is no such file. Unset it or name a TOML file.")
        return path
    here = Path(CONFIG_NAME)
    return here if here.is_file() else None


def load_settings(**flags: Any) -> Settings:
    """Load the settings; `flags` are what the command line says (None means not said).

    Raises SettingsError with key, value and remedy on the first wrong value.
    """
    settings_checks.refuse_wrong_variables(os.environ, Settings.model_fields)
    try:
        settings = Settings(**{key: value for key, value in flags.items() if value is not None})
    except ValidationError as error:
        raise SettingsError(_explain(error)) from None
    except (OSError, ValueError) as error:  # not to be read, or broken TOML
        raise SettingsError(f"{config_file()} cannot be read: {error}. Mend it or remove it.") from None
    settings_checks.refuse_contradictions(settings)
    return settings


def _explain(error: ValidationError) -> str:
    return settings_checks.explain(
        error, Settings.model_fields, of_collections=CollectionSettings.model_fields
    )


@functools.cache
def current_settings() -> Settings:
    """Return the settings of this process as its environment says, read once."""
    return load_settings()


def to_environment(settings: Settings) -> dict[str, str]:
    """Return the environment under which another process loads the same settings."""
    environment = {}
    for name in Settings.model_fields:
        value = getattr(settings, name)
        if name == "desk":
            value = settings.desk_dir
        elif isinstance(value, Path):
            value = value.expanduser().absolute()
        if value is None:
            continue
        if isinstance(value, SecretStr):
            value = value.get_secret_value()
        if isinstance(value, (list, dict)):
            dumped = settings.model_dump(mode="json", include={name})[name]
            if name == "taxonomies":
                dumped = [str(path.expanduser().absolute()) for path in value]
            value = json.dumps(dumped)
        environment[ENV_PREFIX + name.upper()] = str(value)
    return environment
