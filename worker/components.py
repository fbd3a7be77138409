"""The components of `extract` and `classify` as they run unless the settings name others, in order."""

from __future__ import annotations

EXTRACT = (
    "copydesk.encoder",
    "copydesk.quote_marks",
    "copydesk.sentences",
    "copydesk.entities",
    "copydesk.syntax",
    "copydesk.attribution",
    "copydesk.timexes",
    "copydesk.names",
    "copydesk.places",
    "copydesk.quotes",
    "copydesk.events",
    "copydesk.target_tone",
)
CLASSIFY = (
    "copydesk.topics",
    "copydesk.tone",
    "copydesk.keywords",
    "copydesk.summary",
    "copydesk.shingles",
)
