"""Figures for people and for programs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Figures = dict[str, Any]
"""Nested by corpus and measure; the leaves are numbers (per cent unless they are counts), or None."""

DECIMALS = 2
COLUMNS = ("precision", "recall", "f1", "predicted", "gold")


def rounded(figures: Any) -> Any:
    """Return the same figures with floats of two decimals."""
    if isinstance(figures, dict):
        return {str(key): rounded(value) for key, value in figures.items()}
    return round(figures, DECIMALS) if isinstance(figures, float) else figures


def as_json(figures: Figures) -> str:
    """Return one JSON object on one line."""
    return json.dumps(rounded(figures), ensure_ascii=False)


def as_table(area: str, figures: Figures) -> str:
    """Return a table for people: one line a measure, precision, recall and F1 side by side."""
    rows = list(_rows(figures, ()))
    width = max([len(area), *(len(name) for name, _ in rows)])
    head = f"{area:<{width}}" + "".join(f"{column:>11}" for column in COLUMNS)
    lines = [head, "-" * len(head)]
    for name, cells in rows:
        lines.append(f"{name:<{width}}" + "".join(f"{cell:>11}" for cell in cells))
    return "\n".join(line.rstrip() for line in lines)


def _rows(figures: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[tuple[str, list[str]]]:
    if {"precision", "recall", "f1"} <= figures.keys():
        yield " ".join(path), [_cell(figures[column]) if column in figures else "" for column in COLUMNS]
        figures = {key: value for key, value in figures.items() if key not in COLUMNS}
    for key, value in figures.items():
        if isinstance(value, dict):
            yield from _rows(value, (*path, str(key)))
        else:
            yield " ".join((*path, str(key))), [_cell(value)]


def _cell(value: Any) -> str:
    if value is None:
        return "-"
    return f"{value:.1f}" if isinstance(value, float) else str(value)
