# ruff: noqa: RUF001 - typographic marks as they stand in news
"""Names of authors out of a byline. It only reads lists of names; entities are `extract`'s work."""

from __future__ import annotations

import functools
import re

from tasks.read.agencies import known_agency
from worker.config_dir import load_toml

_SPLIT = re.compile(r"\s*(?:,|;|\||/|\s+-\s+|–|—|\bin\b|\band\b|\bund\b|\bet\b|&|\bwith\b)\s*")
_TOKEN = re.compile(r"[^\W\d_][\w.'’-]*\Z")
_MOST_TOKENS = 5
_LONGEST_INITIAL = 4  # `Jr.`, `J.P.`


@functools.cache
def _lexicon() -> tuple[frozenset[str], frozenset[str]]:
    words = load_toml("read/openers.toml")
    return frozenset(words["not_names"]), frozenset(words["particles"])


def people(written: str) -> tuple[list[str], str | None]:
    """Return the people named in a list (`Jane Roe and John Doe, Agency`), and the agency among them.

    Nobody, when the first item is no name: then the line is no byline.
    """
    names: list[str] = []
    agency = None
    for index, piece in enumerate(_SPLIT.split(written.strip().rstrip(".)"))):
        known = known_agency(piece)
        if known:
            agency = agency or known
        elif is_name(piece):
            names.append(piece)
        elif index == 0:
            return [], None
    return names, agency


def is_name(written: str) -> bool:
    """Say whether this is written as a person's name: two to five words with capitals, particles allowed."""
    not_names, particles = _lexicon()
    tokens = written.split()
    if not 2 <= len(tokens) <= _MOST_TOKENS:  # noqa: PLR2004 - forename and surname
        return False
    for token in tokens:
        small = token.lower()
        if (
            not _TOKEN.match(token)
            or small in not_names
            or (len(token) > _LONGEST_INITIAL and token[-1] == ".")
        ):
            return False
        if not token[0].isupper() and small not in particles and not small.startswith(("al-", "el-")):
            return False
    return tokens[0][0].isupper() or tokens[-1][0].isupper()
