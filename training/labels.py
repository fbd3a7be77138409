"""What the heads predict, and what each corpus may teach them.

A corpus that does not annotate a label does not say that there is none: a word it leaves out, or marks with
a wider label, allows every tag it cannot rule out, and the loss is the probability of all that is allowed.
"""

from __future__ import annotations

TYPES = (
    "PERSON", "ORG", "LOC", "FAC", "NORP", "DATE", "MONEY", "PRODUCT", "EVENT", "LAW", "WEAPON", "MISC",
)  # fmt: skip
ENTITY_TAGS = ("O", *(f"{place}-{label}" for label in TYPES for place in "BILU"))
SPAN_TAGS = ("O", "B", "I")
ATTRIBUTION_LAYERS = ("source", "cue", "content")
TONES = ("negative", "neutral", "positive")

EVERYTHING = frozenset({"O", *TYPES})

OUTSIDE: dict[str, frozenset[str]] = {
    "ner/en-worldwide-newswire": frozenset({"O"}),
    "ner/crossner-politics": frozenset({"O", "DATE", "MONEY", "FAC", "PRODUCT", "LAW", "WEAPON"}),
    "ner/wikigold": frozenset({"O", "DATE", "MONEY", "WEAPON"}),
    "ner/wnut17": frozenset({"O", "NORP", "DATE", "MONEY", "EVENT", "LAW", "WEAPON", "FAC"}),
    "ner/btc": EVERYTHING - {"PERSON", "ORG", "LOC"},
    "ner/gmb": frozenset({"O", "MONEY", "PRODUCT", "WEAPON", "LAW"}),
    "ner/re3d": EVERYTHING - {"WEAPON"},
}
"""By corpus: what a word outside every annotated entity may still be."""

INSIDE: dict[tuple[str, str], frozenset[str]] = {
    ("ner/en-worldwide-newswire", "MISC"): frozenset({"MISC", "EVENT", "LAW"}),
    ("ner/en-worldwide-newswire", "PRODUCT"): frozenset({"PRODUCT", "WEAPON"}),
    ("ner/crossner-politics", "MISC"): frozenset({"MISC", "NORP", "LAW", "PRODUCT", "FAC"}),
    ("ner/crossner-politics", "LOC"): frozenset({"LOC", "FAC"}),
    ("ner/wikigold", "MISC"): frozenset({"MISC", "NORP", "EVENT", "PRODUCT", "LAW", "WEAPON"}),
    ("ner/wikigold", "LOC"): frozenset({"LOC", "FAC"}),
    ("ner/wnut17", "LOC"): frozenset({"LOC", "FAC"}),
    ("ner/btc", "LOC"): frozenset({"LOC", "FAC"}),
}
"""By corpus and label: what an entity so marked may be in our terms. Not listed: the label itself."""

PARTIAL = {"ner/re3d": frozenset({"WEAPON"})}
"""Corpora of which only some labels agree with ours: re3d marks common nouns (`the group`) as entities."""
