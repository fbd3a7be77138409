"""The schema.org article that a page describes in JSON-LD, read under limits on size, number and depth."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from worker.config_dir import load_toml

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_MOST_SCRIPTS = 40
_MOST_CHARACTERS = 2_000_000
_MOST_NODES = 5_000
_DEEPEST = 12
_WRAPPERS = re.compile(
    r"^\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/)|(?:-->|//\s*\]\]>|\]\]>)\s*;?\s*$"
)


def article_node(scripts: Sequence[str], *, titles: Sequence[str]) -> tuple[dict[str, Any], bool] | None:
    """Return the node of the page's own article and whether its type is one of articles; None without any.

    Among several, the one whose headline is one of the page's `titles` (folded) wins, then articles over
    pages, then the first. What cannot be parsed is passed over: it is an aid, not the text.
    """
    lexicon = load_toml("read/html_fields.toml")["json_ld"]
    articles, pages = frozenset(lexicon["articles"]), frozenset(lexicon["pages"])
    leads_away = frozenset(lexicon["leads_away"])
    found: list[tuple[int, int, dict[str, Any]]] = []
    for node in _nodes(scripts, leads_away):
        types = _types(node)
        rank = 0 if types & articles else 1 if types & pages else None
        if rank is None:
            continue
        headline = node.get("headline") or node.get("name")
        same = isinstance(headline, str) and _fold(headline) in titles
        found.append((rank, 0 if same else 1, node))
    if not found:
        return None
    best = min(found, key=lambda entry: entry[:2])
    return best[2], best[0] == 0


def _nodes(scripts: Sequence[str], leads_away: frozenset[str]) -> Iterator[dict[str, Any]]:
    """Yield the objects of all scripts in document order, without those that describe other articles."""
    budget = _MOST_NODES
    characters = 0
    for script in scripts[:_MOST_SCRIPTS]:
        characters += len(script)
        if characters > _MOST_CHARACTERS:
            return
        stack: list[tuple[Any, int]] = [(_load(script), 0)]
        while stack and budget > 0:
            value, depth = stack.pop()
            budget -= 1
            if depth > _DEEPEST:
                continue
            if isinstance(value, list):
                stack += [(item, depth + 1) for item in reversed(value)]
            elif isinstance(value, dict):
                yield value
                below = [v for k, v in value.items() if k not in leads_away and isinstance(v, dict | list)]
                stack += [(item, depth + 1) for item in reversed(below)]


def _load(script: str) -> Any:
    try:
        return json.loads(_WRAPPERS.sub("", script), strict=False)
    except (ValueError, RecursionError):
        return None


def _types(node: dict[str, Any]) -> set[str]:
    stated = node.get("@type")
    names = stated if isinstance(stated, list) else [stated]
    return {name.rpartition("/")[2] for name in names if isinstance(name, str)}


def _fold(title: str) -> str:
    return " ".join(title.split()).casefold()
