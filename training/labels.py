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
    "ner/crossner-politics": frozenset({"O", "DATE", "MONEY", "PRODUCT", "LAW", "WEAPON"}),
    "ner/wikigold": frozenset({"O", "DATE", "MONEY", "WEAPON"}),
    "ner/wnut17": frozenset({"O", "NORP", "DATE", "MONEY", "EVENT", "LAW", "WEAPON", "FAC"}),
    "ner/btc": EVERYTHING - {"PERSON", "ORG", "LOC"},
    "ner/gmb": frozenset({"O", "MONEY", "PRODUCT", "WEAPON", "LAW"}),
    "ner/re3d": EVERYTHING - {"WEAPON"},
}
"""By corpus: what a word outside every annotated entity may still be."""

INSIDE: dict[tuple[str, str], frozenset[str]] = {
    ("ner/crossner-politics", "MISC"): frozenset({"MISC", "NORP", "PRODUCT"}),
    ("ner/wikigold", "MISC"): frozenset({"MISC", "NORP", "PRODUCT", "WEAPON"}),
    ("ner/wnut17", "LOC"): frozenset({"LOC", "FAC"}),
    ("ner/btc", "LOC"): frozenset({"LOC", "FAC"}),
}
"""By corpus and label: what an entity so marked may be in our terms. Not listed: the label itself."""

PARTIAL = {"ner/re3d": frozenset({"WEAPON"})}
"""Corpora of which only some labels agree with ours: re3d marks common nouns (`the group`) as entities."""

EVENT_WORDS = frozenset(
    {
        *(
            "war",
            "wars",
            "battle",
            "revolution",
            "uprising",
            "festival",
            "cup",
            "games",
            "olympics",
            "olympic",
        ),
        *("championship", "championships", "tournament", "league", "marathon", "election", "elections"),
        *(
            "referendum",
            "summit",
            "conference",
            "congress",
            "forum",
            "expo",
            "fair",
            "day",
            "week",
            "ceremony",
        ),
        *("massacre", "genocide", "holocaust", "crisis", "hurricane", "typhoon", "cyclone", "earthquake"),
        *(
            "tsunami",
            "carnival",
            "prix",
            "open",
            "derby",
            "final",
            "finals",
            "spring",
            "intifada",
            "christmas",
        ),
        *("easter", "ramadan", "eid", "diwali", "ii", "cop26", "cop27"),
    }
)
LAW_WORDS = frozenset(
    {
        *(
            "act",
            "law",
            "laws",
            "bill",
            "treaty",
            "convention",
            "constitution",
            "charter",
            "protocol",
            "code",
        ),
        *("accord", "accords", "agreement", "agreements", "resolution", "amendment", "decree", "declaration"),
        *("statute", "directive", "ordinance", "pact", "covenant", "ordinances", "gdpr"),
    }
)
WEEKDAYS = frozenset({"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"})
LAW_STARTS = frozenset({"article", "section", "resolution", "directive"})


def possible(corpus: str, label: str, words: list[str]) -> frozenset[str]:
    """What an entity may be that a corpus marks with `label`.

    No corpus here marks laws, and most call an event MISC: of those, the words tell which is which.
    """
    if label == "MISC" and corpus.startswith("ner/"):
        lowered = [word.lower() for word in words]
        if lowered[-1] in WEEKDAYS:
            return frozenset({"DATE"})
        if lowered[-1] in LAW_WORDS or (lowered[0] in LAW_STARTS and len(lowered) > 1):
            return frozenset({"LAW"})
        if any(word in EVENT_WORDS for word in lowered):
            return frozenset({"EVENT"})
    return INSIDE.get((corpus, label), frozenset({label}))
