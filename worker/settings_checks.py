"""Says what is wrong with a setting: key, value, remedy. Secret values are never repeated."""

from __future__ import annotations

import contextlib
import difflib
import json
from typing import TYPE_CHECKING, Any, get_origin

from worker.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import SecretStr, ValidationError
    from pydantic.fields import FieldInfo

    from worker.settings import Settings

ENV_PREFIX = "COPYDESK_"
CONFIG_ENV = "COPYDESK_CONFIG"
BROKER_SCHEMES = ("redis://", "rediss://", "redis+socket://")
DATABASE_SCHEMES = ("sqlite:", "postgresql:", "postgresql+")


def refuse_wrong_variables(environ: Mapping[str, str], fields: Mapping[str, FieldInfo]) -> None:
    """Raise SettingsError for a variable that is no setting, or that has to be JSON and is not."""
    known = {ENV_PREFIX + name.upper() for name in fields} | {CONFIG_ENV}
    for variable in environ:
        if variable.startswith(ENV_PREFIX) and variable not in known:
            names = [name.removeprefix(ENV_PREFIX) for name in known]
            near = difflib.get_close_matches(variable.removeprefix(ENV_PREFIX), names, n=1)
            hint = f" Did you mean {ENV_PREFIX}{near[0]}?" if near else " `copydesk settings` lists them all."
            raise SettingsError(f"{variable}: there is no such setting.{hint}")
    for name, field in fields.items():
        value = environ.get(ENV_PREFIX + name.upper())
        if value is not None and get_origin(field.annotation) in {list, dict}:
            _refuse_broken_json(ENV_PREFIX + name.upper(), value, get_origin(field.annotation))


def _refuse_broken_json(variable: str, value: str, kind: Any) -> None:
    example = '["one", "two"]' if kind is list else '{"name": {}}'
    with contextlib.suppress(ValueError):
        if isinstance(json.loads(value), kind):
            return
    raise SettingsError(f"{variable}={value!r} has to be JSON, for example {variable}='{example}'.")


def refuse_contradictions(settings: Settings) -> None:
    """Raise SettingsError for values that are right one by one and wrong together, and for wrong URLs."""
    article_s = settings.article_time_limit_s + settings.article_kill_after_s
    if settings.batch_time_limit_s < 2 * article_s:
        raise SettingsError(
            f"batch_time_limit_s={settings.batch_time_limit_s:g} is less than twice article_time_limit_s + "
            f"article_kill_after_s ({article_s:g}). Raise it to at least {2 * article_s:g}."
        )
    if settings.lease_s <= settings.batch_time_limit_s:
        raise SettingsError(
            f"lease_s={settings.lease_s:g} has to be over batch_time_limit_s="
            f"{settings.batch_time_limit_s:g}, or living work is taken for dead. Raise lease_s."
        )
    _refuse_wrong_url("broker_url", settings.broker_url, BROKER_SCHEMES)
    _refuse_wrong_url("database_url", settings.database_url, DATABASE_SCHEMES)
    local = {"127.0.0.1", "localhost", "::1"}
    if settings.flower_address not in local and not settings.flower_basic_auth:
        raise SettingsError(
            f"flower_address={settings.flower_address} opens Flower to the network without a password. "
            "Set flower_basic_auth to user:password, or flower_address to 127.0.0.1."
        )


def _refuse_wrong_url(key: str, url: SecretStr | None, schemes: tuple[str, ...]) -> None:
    if url and not url.get_secret_value().startswith(schemes):
        raise SettingsError(f"{key}=(secret) has to begin with one of {', '.join(schemes)}.")


def explain(
    error: ValidationError, fields: Mapping[str, FieldInfo], *, of_collections: Mapping[str, FieldInfo]
) -> str:
    """Say what is wrong in one line a setting: key, value, remedy. Secret values are not repeated."""
    lines = []
    for problem in error.errors():
        key = ".".join(str(step) for step in problem["loc"]) or "settings"
        root = str(problem["loc"][0]) if problem["loc"] else ""
        if problem["type"] == "extra_forbidden":
            known = of_collections if root == "collections" else fields
            near = difflib.get_close_matches(str(problem["loc"][-1]), known, n=1)
            hint = f"Did you mean {near[0]}?" if near else "`copydesk settings` lists them all."
            lines.append(f"{key}: there is no such setting. {hint}")
            continue
        field = fields.get(root)
        secret = field is not None and "SecretStr" in str(field.annotation)
        value = "(secret)" if secret else repr(problem["input"])
        about = f" ({field.description})" if field is not None else ""
        lines.append(f"{key}={value}: {problem['msg']}.{about}")
    return "\n".join(lines)
