"""Closed classes of words for the rules: `config/extract/grammar.toml`."""

from __future__ import annotations

import functools

from worker.config_dir import load_toml


@functools.cache
def word_class(name: str) -> frozenset[str]:
    """Return the words of a class, lower case. Raises KeyError when there is no such class."""
    return frozenset(load_toml("extract/grammar.toml")[name].split())
