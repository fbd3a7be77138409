"""What an article's story is told by: the words of its beginning, names counting more.

Two outlets that report one event share names and matter, hardly a sentence. The vector holds the words of
headline and lead (no stop words), the logarithm of how often each comes, doubled when it is part of a name.
"""

from __future__ import annotations

import functools
import hashlib
import math
import re
from collections import Counter
from typing import TYPE_CHECKING

from tasks.classify.stop_words import stop_words
from worker.desk.story import StoryPrints

if TYPE_CHECKING:
    from worker.record import Record

LEAD_CHARACTERS = 1400
"""About 220 words."""
MOST_WORDS = 96
LEAST_WORDS = 12
_LETTERS = re.compile(r"[^\W\d_]{3,}")
_HEADLINE = 2
_NAMED = 1.5
_LANGUAGES = frozenset({"en"})
"""Languages whose stop words are known."""


def story_prints(record: Record, moment: int | None) -> StoryPrints | None:
    """Return the prints, or None: no date, a language without a list of stop words, too few words."""
    if moment is None or record.language not in _LANGUAGES:
        return None
    counts: Counter[str] = Counter()
    named: Counter[str] = Counter()
    pieces = [(record.body[:LEAD_CHARACTERS], 1)]
    if record.headline.source == "title":
        pieces.append((record.headline.text, _HEADLINE))
    stop = stop_words()
    for piece, times in pieces:
        for word in _LETTERS.findall(piece):
            lower = word.lower()
            if lower not in stop:
                counts[lower] += times
                named[lower] += times if word[0].isupper() else 0
    if len(counts) < LEAST_WORDS:
        return None
    weights = {
        _hash(word): (1 + math.log(count)) * (_NAMED if 2 * named[word] > count else 1.0)
        for word, count in counts.items()
    }
    return StoryPrints.of(weights, moment, most=MOST_WORDS)


@functools.lru_cache(maxsize=50_000)
def _hash(word: str) -> int:
    data = word.encode(errors="surrogatepass")
    return int.from_bytes(hashlib.blake2b(data, digest_size=4).digest(), "big")
