"""The verbs that report speech and thought, in all their forms; from `config/extract/cue_verbs.toml`."""

from __future__ import annotations

import functools
from dataclasses import dataclass

from worker.config_dir import load_toml

_VOWELS = "aeiou"


@dataclass(frozen=True, slots=True)
class Cue:
    """What one form of a verb may do; `particle` is the second word of `point out`, `call on`."""

    base: str
    form: str
    """`base`, `finite`, `participle` or `gerund`."""
    kinds: frozenset[str]
    """Of `speech`, `belief`, `request`, `promise`, `only_direct`."""
    particle: str | None = None


def _forms(base: str, irregular: dict[str, list[str]]) -> dict[str, str]:
    if base in irregular:
        given = irregular[base]
        return {base: "base", **{f: "gerund" if f.endswith("ing") else "finite" for f in given}}
    if base.endswith(("s", "sh", "ch", "x", "z")):
        third = base + "es"
    elif base.endswith("y") and base[-2] not in _VOWELS:
        third = base[:-1] + "ies"
    else:
        third = base + "s"
    if base.endswith("e"):
        past, gerund = base + "d", base[:-1] + "ing"
    elif base.endswith("y") and base[-2] not in _VOWELS:
        past, gerund = base[:-1] + "ied", base + "ing"
    else:
        past, gerund = base + "ed", base + "ing"
    return {base: "base", third: "finite", past: "finite", gerund: "gerund"}


@functools.cache
def cues() -> dict[str, list[Cue]]:
    """Return lower-case first word of a form -> cues, those with a particle first."""
    table = load_toml("extract/cue_verbs.toml")
    kinds: dict[str, set[str]] = {}
    for kind in ("speech", "belief", "request", "promise", "only_direct"):
        for base in table[kind]:
            kinds.setdefault(base, set()).add(kind)
    found: dict[str, list[Cue]] = {}
    for base, what in sorted(kinds.items()):
        verb, _, particle = base.partition(" ")
        for form, sort in _forms(verb, table["irregular"]).items():
            found.setdefault(form, []).append(Cue(base, sort, frozenset(what), particle or None))
    for entry in found.values():
        entry.sort(key=lambda cue: (cue.particle is None, cue.base))
    return found


@functools.cache
def verb_class(name: str) -> frozenset[str]:
    """Return the base forms of a list of `config/extract/cue_verbs.toml`, such as `naming`."""
    return frozenset(load_toml("extract/cue_verbs.toml")[name])


@functools.cache
def speech_forms() -> frozenset[str]:
    """Return the finite forms that may stand beside direct speech: `said`, `says`, ..."""
    return frozenset(
        form
        for form, entry in cues().items()
        for cue in entry
        if cue.form == "finite" and cue.particle is None and "speech" in cue.kinds
    )


def cue_at(lower: list[str], index: int, end: int) -> tuple[Cue, int] | None:
    """Return the cue that starts at word `index` and how many words it has, or None."""
    for cue in cues().get(lower[index], ()):
        if cue.particle is None:
            return cue, 1
        if index + 1 < end and lower[index + 1] == cue.particle:
            return cue, 2
    return None
