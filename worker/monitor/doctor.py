"""Looks into an installation: versions, desk, server, workers, settings, models, folders.

Every check says `ok`, `warn` or `fail`, and what to do. Nothing is changed, no desk is made, and no secret
is shown.
"""

from __future__ import annotations

import importlib.metadata
import os
import platform
from pathlib import Path
from typing import TYPE_CHECKING, Any

from worker.errors import CopydeskError
from worker.monitor.check import Check
from worker.monitor.doctor_desk import desk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from worker.settings import Settings

PING_TIMEOUT_S = 2.0
NO_EVICTION = "noeviction"


def examine(settings: Settings, *, quick: bool, load_models: Callable[[Settings], str]) -> Iterator[Check]:
    """Yield one check after the other; `quick` is desk and server alone, for health checks.

    `load_models` runs an article through all stages and returns what to say of it.
    """
    if not quick:
        yield from versions()
    yield from desk(settings)
    server_checks = list(server(settings))
    yield from server_checks
    if quick:
        return
    yield from workers(settings, server_runs=any(check.name == "eviction" for check in server_checks))
    yield from settings_lint(settings)
    yield from folders(settings)
    yield models(settings, load_models)


def versions() -> Iterator[Check]:
    """What is installed."""
    yield Check("copydesk", "ok", importlib.metadata.version("copydesk"))
    yield Check("Python", "ok", f"{platform.python_version()} on {platform.system()} {platform.machine()}")
    for name in ("celery", "redis", "spacy"):
        yield Check(name, "ok", importlib.metadata.version(name))


# --- server and workers -------------------------------------------------------------------------------


def server(settings: Settings) -> Iterator[Check]:
    """The queue's server."""
    from redis.exceptions import RedisError  # noqa: PLC0415 - slow to import

    from worker.embedded import client, server_binary  # noqa: PLC0415

    try:
        with client(settings, timeout_s=PING_TIMEOUT_S) as connection:
            info: dict[str, Any] = connection.info()
    except (RedisError, OSError) as error:
        if settings.broker_url:
            why = _without_secret(str(error), settings)
            remedy = "Start it, or correct broker_url (address, password, TLS)."
            yield Check("server", "fail", f"broker_url does not answer: {why}", remedy)
            return
        try:
            yield Check("server", "ok", f"none runs; a command that needs one starts {server_binary()}")
        except CopydeskError as missing:
            yield Check("server", "fail", "there is none to start", str(missing))
        return
    name = "valkey" if "valkey_version" in info else "redis"
    yield Check(
        "server", "ok", f"{name} {info.get(f'{name}_version')}, {info.get('used_memory_human', '?')} used"
    )
    limit, policy = int(info.get("maxmemory") or 0), str(info.get("maxmemory_policy", "unknown"))
    if policy != NO_EVICTION:
        yield Check(
            "eviction",
            "fail" if limit else "warn",
            f"maxmemory-policy is {policy}: a full server drops messages",
            f"`CONFIG SET maxmemory-policy {NO_EVICTION}`, and in its configuration file.",
        )
    else:
        yield Check("eviction", "ok", NO_EVICTION)


def _without_secret(text: str, settings: Settings) -> str:
    from urllib.parse import unquote, urlsplit  # noqa: PLC0415

    if settings.broker_url:
        url = settings.broker_url.get_secret_value()
        password = urlsplit(url).password
        for secret in filter(None, (url, password, unquote(password or ""))):
            text = text.replace(secret, "****")
    return text


def workers(settings: Settings, *, server_runs: bool) -> Iterator[Check]:
    """The application's own limits, and who answers."""
    from worker.celery import make_app  # noqa: PLC0415 - slow to import

    app = make_app(settings)
    timeout_s = app.conf.broker_transport_options["visibility_timeout"]
    least_s = 3 * app.conf.task_time_limit
    if timeout_s < least_s:
        remedy = f"It has to be {least_s:g} s or more; every client of the server counts, Flower too."
        yield Check("visibility timeout", "fail", f"{timeout_s:g} s: work in hand is delivered twice", remedy)
    else:
        yield Check("visibility timeout", "ok", f"{timeout_s:g} s, hard limit {app.conf.task_time_limit:g} s")
    if not server_runs:
        yield Check("workers", "ok", "none is asked, as no server answers; `copydesk up` starts both")
        return
    found = sorted(name for reply in app.control.ping(timeout=PING_TIMEOUT_S) or [] for name in reply)
    if found:
        yield Check("workers", "ok", f"{len(found)} answer: {', '.join(found)}")
    else:
        yield Check("workers", "warn", "none answers", "`copydesk worker` or `copydesk up` starts some.")


# --- settings, folders, models ------------------------------------------------------------------------


def settings_lint(settings: Settings) -> Iterator[Check]:
    """What is allowed, but hardly meant."""
    from worker.settings import config_file  # noqa: PLC0415
    from worker.sinks import load_sinks  # noqa: PLC0415

    path = config_file()
    yield Check("settings", "ok", str(path.absolute()) if path else "no file: defaults and environment")
    cores = os.cpu_count() or 1
    if settings.concurrency > 2 * cores:
        yield Check(
            "concurrency",
            "warn",
            f"{settings.concurrency} processes on {cores} cores",
            "One a core is quickest.",
        )
    if settings.max_in_flight < settings.batch_size * settings.concurrency:
        yield Check(
            "max_in_flight",
            "warn",
            f"{settings.max_in_flight} is less than a batch for each of {settings.concurrency} processes",
            f"Raise it to {2 * settings.batch_size * settings.concurrency} or more.",
        )
    try:
        names = [sink.name for sink in load_sinks(settings)]
    except (CopydeskError, ImportError) as error:
        yield Check("sinks", "fail", str(error), "Correct `sinks`, or install the package that provides it.")
    else:
        yield Check("sinks", "ok", ", ".join(names) or "none")


def folders(settings: Settings) -> Iterator[Check]:
    """Inbox, done and failed."""
    given = settings.inbox.expanduser().absolute()
    inbox = Path(os.path.realpath(given))
    if not inbox.is_dir():
        yield Check("inbox", "ok", f"{inbox} is not there yet; `copydesk watch` makes it")
        return
    if settings.desk_dir.is_relative_to(inbox) or inbox.is_relative_to(settings.desk_dir):
        remedy = "Put inbox and desk beside each other (inbox, desk)."
        yield Check("inbox", "fail", f"{inbox} and the desk lie within one another", remedy)
        return
    if not os.access(inbox, os.R_OK | os.W_OK | os.X_OK):
        yield Check("inbox", "fail", f"{inbox} cannot be read and written by this user", f"chown {inbox}")
        return
    yield Check("inbox", "ok", str(inbox) if inbox == given else f"{given}, a link to {inbox}")
    for name in ("done", "failed"):
        yield _beside(inbox, name)


def _beside(inbox: Path, name: str) -> Check:
    folder = inbox.parent / name
    if folder.is_symlink() and not folder.exists():
        return Check(
            name, "fail", f"{folder} is a link to nowhere", f"Remove it, or make {os.readlink(folder)}."
        )
    nearest = folder if folder.is_dir() else inbox.parent
    if not os.access(nearest, os.W_OK | os.X_OK):
        return Check(name, "fail", f"{nearest} cannot be written by this user", f"chown {nearest}")
    if nearest.stat().st_dev != inbox.stat().st_dev:
        remedy = "Put both on one file system: then moving is a rename, at once and whole."
        return Check(name, "warn", f"{folder} is on another device: files are copied", remedy)
    return Check(name, "ok", str(folder))


def models(settings: Settings, load_models: Callable[[Settings], str]) -> Check:
    """Models and lexicons load, and an article passes through all stages."""
    try:
        return Check("models", "ok", load_models(settings))
    except Exception as error:  # noqa: BLE001 - whatever it is, it is what has to be told
        remedy = "Install copydesk anew; if `plugins` or components were changed, look there."
        return Check("models", "fail", f"{type(error).__name__}: {error}", remedy)
