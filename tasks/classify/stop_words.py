"""The words that say nothing about what an article is about."""

from __future__ import annotations

import functools

from worker.config_dir import load_lines


@functools.cache
def stop_words() -> frozenset[str]:
    """Return the words that are no keywords, in lower case."""
    return frozenset(word for line in load_lines("classify/stop_words.txt") for word in line.split())
