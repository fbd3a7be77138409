"""MinHash signature over runs of five words: articles that share text have signatures that agree.

The signature is the bottom-k sketch (Broder 1997): the 256 smallest hashes of the set of runs. For up to 256
runs (about 260 words) it is the whole set. From it come the Jaccard similarity (standard error at most 0.03)
and, which 128 separate permutations cannot give, the containment of a short text in a long one; its smallest
values are what the desk finds candidates by. Words are hashed with BLAKE2b, runs by multiply-shift
(Dietzfelbinger et al. 1997); constants come from SplitMix64, so that every platform makes the same signature.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from spacy.language import Language

from tasks.classify.body import STARTS_ALNUM, body_of
from tasks.classify.vocabulary import Column
from worker.record import Abstention

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt
    from spacy.tokens import Doc

    Hashes = npt.NDArray[np.uint64]

NAME = "copydesk.shingles"
RUN_WORDS = 5
SIZE = 256
"""Hashes in a signature, at most."""
MIN_WORDS = 20
MAX_MEAN_WORD = 14
"""Characters a word on average; longer means a script without spaces between words, or no prose."""
_SEED = 0x0C0B_DE5C
_MASK = (1 << 64) - 1
_HIGH = np.uint64(32)


def _splitmix64(seed: int, count: int) -> list[int]:
    """Return the first numbers of SplitMix64 (Steele, Lea, Flood 2014)."""
    numbers = []
    for _ in range(count):
        seed = (seed + 0x9E37_79B9_7F4A_7C15) & _MASK
        mixed = ((seed ^ (seed >> 30)) * 0xBF58_476D_1CE4_E5B9) & _MASK
        mixed = ((mixed ^ (mixed >> 27)) * 0x94D0_49BB_1331_11EB) & _MASK
        numbers.append(mixed ^ (mixed >> 31))
    return numbers


_NUMBERS = _splitmix64(_SEED, RUN_WORDS + 1)
_PLACES = np.array([n | 1 for n in _NUMBERS[:RUN_WORDS]], dtype=np.uint64)
_MIX = np.uint64(_NUMBERS[RUN_WORDS] | 1)


def signature(words: Sequence[str]) -> list[int]:
    """Return the smallest hashes (below 2**32, ascending, each once) of the runs of five words.

    Nothing for fewer words than one run has.
    """
    return _signature(np.array([_hash_word(word) for word in words], dtype=np.uint64))


def _signature(hashes: Hashes) -> list[int]:
    """Return the signature of words whose hashes these are."""
    runs = np.sort(_hash_runs(hashes))
    new = np.ones(runs.size, dtype=np.bool_)
    np.not_equal(runs[1:], runs[:-1], out=new[1:])
    found: list[int] = runs[new][:SIZE].tolist()  # as `np.unique` gives it, in a third of the time
    return found


def _hash_runs(hashes: Hashes) -> Hashes:
    count = max(0, hashes.size - RUN_WORDS + 1)
    runs = np.zeros(count, dtype=np.uint64)
    for place in range(RUN_WORDS):
        runs += hashes[place : place + count] * _PLACES[place]  # wraps at 2**64
    runs ^= runs >> _HIGH
    return runs * _MIX >> _HIGH


def _hash_word(word: str) -> int:
    data = word.encode(errors="surrogatepass")
    return int.from_bytes(hashlib.blake2b(data, digest_size=8).digest(), "big")


_HASH = Column(_hash_word, np.uint64, lower=True)
_LENGTH = Column(len, np.int64, lower=True)


class Shingles:
    """Writes `doc._.shingles`. Works for every language that puts spaces between words."""

    version: ClassVar[str] = "2.0"
    reads_tokens: ClassVar[bool] = False

    def __call__(self, doc: Doc) -> Doc:
        """Set the signature, or abstain from very short texts and from scripts without spaces."""
        body = body_of(doc)
        read = body.column(STARTS_ALNUM) & body.within("heading", "paragraph")
        why = _why_not(body.column(_LENGTH)[read])
        if why:
            doc._.abstentions.append(Abstention(component=NAME, what="the signature", why=why))
        doc._.shingles = [] if why else _signature(body.column(_HASH)[read])
        return doc


def _why_not(lengths: npt.NDArray[np.int64]) -> str | None:
    """Return why words of these lengths give no signature."""
    if lengths.size < MIN_WORDS:
        return f"the body has fewer than {MIN_WORDS} words"
    if lengths.sum() > MAX_MEAN_WORD * lengths.size:
        return "the text does not put spaces between words"
    return None


@Language.factory(NAME.replace(".", "_"), requires=["doc._.article"], assigns=["doc._.shingles"])
def create(nlp: Language, name: str) -> Shingles:  # noqa: ARG001 - the signature is spaCy's
    """Make the component."""
    return Shingles()
