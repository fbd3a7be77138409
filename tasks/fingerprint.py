"""What made a part: a digest over code, word lists and settings, so that an upgrade knows what is stale."""

from __future__ import annotations

import functools
import hashlib
import json
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from worker.config_dir import config_dir

if TYPE_CHECKING:
    from worker.settings import Settings

_TASKS = Path(__file__).resolve().parent
_RECORD = _TASKS.parent / "worker" / "record.py"


def stage_fingerprint(
    stage: str,
    settings: Settings,
    *,
    settings_used: tuple[str, ...],
    config_used: tuple[str, ...],
    code_used: tuple[str, ...] = (),
    components: tuple[tuple[str, ...], ...] = (),
    libraries: tuple[str, ...] = (),
) -> str:
    """Return 16 hex digits over the stage's code, the config files it reads and the settings it obeys.

    `config_used` are globs under `config/`; `code_used` modules under `tasks/` outside the stage's folder;
    `settings_used` are names of settings; `components` are names, versions and models, so that somebody
    else's component counts too; `libraries` are packages whose arithmetic or tables the results depend on.
    """
    chosen = settings.model_dump(mode="json", include=set(settings_used))
    made_with = [f"{name} {version(name)}" for name in libraries]
    known = json.dumps([chosen, components, made_with], sort_keys=True)
    return hashlib.sha256((_files_digest(stage, config_used, code_used) + known).encode()).hexdigest()[:16]


@functools.cache
def _files_digest(stage: str, config_used: tuple[str, ...], code_used: tuple[str, ...]) -> str:
    paths = [*sorted((_TASKS / stage).rglob("*.py")), _TASKS / "pipeline.py", _RECORD]
    paths += [_TASKS / name for name in code_used]
    for pattern in config_used:
        paths += sorted(config_dir().glob(pattern))
    state = hashlib.sha256()
    for path in paths:
        state.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return state.hexdigest()
