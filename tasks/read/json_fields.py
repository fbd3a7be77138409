"""Where the parts of an article stand in a JSON object: config/json_fields.toml, and a collection's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from worker.config_dir import load_toml

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

_DEEPEST_PATH = 8
_T = TypeVar("_T")


def merged(own: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    """Return our name -> their names: those of the collection first, then those everybody has."""
    common = load_toml("json_fields.toml")
    return {name: (*own.get(name, ()), *common.get(name, ())) for name in sorted(set(common) | set(own))}


def lookup(
    article: Mapping[str, Any], names: Sequence[str], usable: Callable[[Any], _T | None]
) -> tuple[str, _T] | None:
    """Return (name, `usable(value)`) of the first name whose value `usable` can make something of, or None.

    A name is tried as a key first, then as a path of keys joined by dots; without regard to case, as
    `folded` has left the keys.
    """
    for name in names:
        for value in (article.get(name.lower()), _walk(article, name.lower())):
            made = None if _is_empty(value) else usable(value)
            if made is not None:
                return name, made
    return None


def folded(article: Mapping[str, Any]) -> dict[str, Any]:
    """Return the object with its keys in lower case; of two that become one, the first stays."""
    result: dict[str, Any] = {}
    for key, value in article.items():
        result.setdefault(key.lower(), value)
    return result


def _is_empty(value: Any) -> bool:
    return value is None or value in ("", [], {}) or (isinstance(value, str) and not value.strip())


def _walk(article: Mapping[str, Any], path: str) -> Any:
    steps = path.split(".")
    if not 1 < len(steps) <= _DEEPEST_PATH:
        return None
    value: Any = article.get(steps[0])
    for step in steps[1:]:
        if isinstance(value, list) and value:
            value = value[0]
        if not isinstance(value, dict):
            return None
        value = folded(value).get(step)
    return value
