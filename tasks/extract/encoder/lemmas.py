"""Edit scripts: how a word's form becomes its lemma.

A script says how many letters fall off the end, what is put in their place, and whether the form is
lower-cased first: `lower:3:y` makes `cities` into `city`. The model chooses one of the scripts seen often
enough in training (the method of UDPipe: Straka 2018, https://aclanthology.org/K18-2020/), so a lemma is
never looked up and never free text.
"""

from __future__ import annotations

import functools

CACHED_FORMS = 50_000
KEEP = "keep:0:"
"""The script that changes nothing."""


def _common_start(one: str, other: str) -> int:
    count = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        count += 1
    return count


def script_of(form: str, lemma: str) -> str:
    """The script that turns `form` into `lemma`."""
    lowered = form.lower()
    kept, low = _common_start(form, lemma), _common_start(lowered, lemma)
    case, base, shared = ("lower", lowered, low) if low > kept else ("keep", form, kept)
    if form == lowered:
        case = "lower"
    return f"{case}:{len(base) - shared}:{lemma[shared:]}"


@functools.lru_cache(CACHED_FORMS)
def lemma_of(form: str, script: str) -> str:
    """Apply `script`; a form too short for it stays as it is."""
    case, cut, ending = script.split(":", 2)
    base = form.lower() if case == "lower" else form
    keep = len(base) - int(cut)
    if keep < 0 or not base[:keep] + ending:
        return base
    return base[:keep] + ending
