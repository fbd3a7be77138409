# ruff: noqa: RUF001 - dashes and quote marks as newspapers set them
"""A small article, its record as it should be and the editor's reading: what the checker is tried on."""

from __future__ import annotations

from typing import Any

TEXT = (
    "BERN, March 3, 2021 - Swiss minister Ada Roth went to Minsk on Monday.\n\n"
    "“It is late,” the minister said. “We go (home. – Ed.) now. “\n\n"
    "Roth said the Lake Office was closed.\n\n"
    "See also:"
)


def at(words: str, nth: int = 0) -> dict[str, Any]:
    start = -1
    for _ in range(nth + 1):
        start = TEXT.index(words, start + 1)
    return {"start": start, "end": start + len(words), "text": words}


def made(rule: str = "r") -> dict[str, Any]:
    return {"component": "c", "rule": rule, "confidence": 1.0}


def mention(words: str, kind: str = "name", nth: int = 0) -> dict[str, Any]:
    return {**at(words, nth), "kind": kind, "rule": "r"}


def entity(number: int, kind: str, name: str, **more: Any) -> dict[str, Any]:
    return {"id": f"e{number}", "type": kind, "name": name, "mentions": [mention(name)], **made(), **more}


def right() -> dict[str, Any]:
    """Return a record of TEXT as a careful editor reads it."""
    first, second = TEXT.index("Swiss"), TEXT.index("“It")
    third, fourth = TEXT.index("Roth said"), TEXT.index("See also")
    edges = [0, first, second, third, fourth, len(TEXT)]
    kinds = ["dateline", "paragraph", "paragraph", "heading", "related"]
    part = {"characters_read": len(TEXT)}
    stamp = {"value": "2021-03-03", "precision": "day", "evidence": "dateline", **made()}
    turned = TEXT.rindex("“")
    roth = entity(
        1,
        "PERSON",
        "Ada Roth",
        country="CH",
        roles=[{**at("Swiss minister"), **made(), "title": "minister", "country": "CH"}],
        mentions=[mention("Ada Roth"), mention("the minister", "role"), mention("Roth", nth=1)],
    )
    return {
        "id": "0" * 64,
        "digest": "0" * 64,
        "collection": "default",
        "media_type": "text/plain",
        "canonical_url": "https://example.org/a",
        "title": None,
        "headline": {"text": "Swiss minister", "source": "derived"},
        "byline": ["Bo Lind"],
        "agency": "Wire",
        "text": TEXT,
        "language": "en",
        "language_confidence": 1.0,
        "blocks": [
            {"start": a, "end": b, "kind": kind, "rule": "r"}
            for a, b, kind in zip(edges, edges[1:], kinds, strict=False)
        ],
        "notes": [{**at("(home. – Ed.)"), **made(), "kind": "editor"}],
        "published": stamp,
        "modified": None,
        "entities": [
            roth,
            entity(2, "ORG", "Lake Office"),
            entity(3, "NORP", "Swiss"),
            entity(4, "LAW", "Minsk"),
        ],
        "quotes": [
            {
                "id": "q1",
                "kind": "direct",
                "segments": [at("“It is late,”"), at("“We go (home. – Ed.) now. “")],
                "speaker": {**at("the minister"), "entity": "e1", "resolved_by": "role", "confidence": 1.0},
                "cue": at("said"),
                "editor_notes": [at("(home. – Ed.)")],
                "repairs": [{"offset": turned, "found": "“", "meant": "”", "score": 1.0}],
                **made(),
            },
            {
                "id": "q2",
                "kind": "indirect",
                "segments": [at("the Lake Office was closed")],
                "speaker": {**at("Roth", 1), "entity": "e1", "resolved_by": "name", "confidence": 1.0},
                "cue": at("said", 1),
                **made(),
            },
        ],
        "timexes": [{**at("Monday"), **made(), "type": "DATE", "value": "2021-03-01"}],
        "places": [
            {
                **at("BERN"),
                **made(),
                "name": "Bern",
                "kind": "city",
                "country": "CH",
                "lat": 46.95,
                "lon": 7.45,
                "focus": True,
                "status": "resolved",
            }
        ],
        "events": [],
        "about": {
            "topics": [
                {"code": "medtop:11000000", "label": "politics", "probability": 1.0, "evidence": []}
                | {"component": "c", "rule": "r"}
            ],
            "tone": {},
            "keywords": [],
            "summary": [],
        },
        "translation": {"score": 0.9, "verdict": "likely", "signs": [{"kind": "k", **span(at("now. “"))}]},
        "coverage": {"read": part},
        "abstentions": [{"component": "c", "what": "w", "why": "the article's language is en; none"}],
        "warnings": [],
        "provenance": {"fingerprints": {}, "components": []},
    }


def span(where: dict[str, Any]) -> dict[str, int]:
    return {"start": where["start"], "end": where["end"]}


EXPECTED: dict[str, Any] = {
    "media_type": "text/plain",
    "language": "en",
    "published": {"value": "2021-03-03", "evidence": ["dateline"]},
    "modified": None,
    "title": None,
    "headline": {"source": "derived"},
    "byline": ["Bo Lind"],
    "agency": "Wire",
    "canonical_url": "https://example.org/a",
    "dateline": "BERN, March 3, 2021",
    "body_starts_with": "Swiss minister",
    "body_ends_with": "was closed.",
    "body_has": ["went to Minsk"],
    "headings": ["Roth said the Lake Office was closed."],
    "outside_body": ["See also:"],
    "text_has": ["– Ed."],
    "notes": [{"text": "(home. – Ed.)", "kind": "editor", "inside_quote": True}],
    "repairs": [{"near": "now. “", "found": "“", "meant": "”"}],
    "people": [
        {
            "name": "Ada Roth",
            "also_called": ["the minister"],
            "mentions_min": 3,
            "roles": [{"title": "Swiss minister"}],
            "country": "CH",
        }
    ],
    "organizations": ["Lake Office"],
    "nationalities": ["Swiss"],
    "other_names": [{"name": "Minsk", "types": ["LAW", "MISC"]}],
    "places": [{"name": "Bern", "country": "CH", "lat": 46.94, "lon": 7.44, "kind": "city"}],
    "focus_country": "CH",
    "dates": [{"text": "Monday", "value": "2021-03-01", "type": "DATE", "at": "on Monday."}],
    "quotes": [
        {
            "speaker": "Ada Roth",
            "speaker_text": "the minister",
            "cue": "said",
            "kind": "direct",
            "parts": [
                {"starts": "It is", "ends": "late,"},
                {"starts": "We go", "ends": "now."},
            ],
            "editor_notes": 1,
        },
        {"speaker": "Ada Roth", "cue": "said", "kind": "indirect", "contains": "the Lake Office"},
    ],
    "topics": [{"code": "medtop:11000000", "label": "politics"}],
    "translation": ["likely"],
    "translation_signs": ["now. “"],
    "abstains_for_language": True,
    "complete": ["people", "direct_quotes", "places", "dates"],
    "must_not": [
        {"quote_speaker": "Lake Office"},
        {"direct_quote": "home"},
        {"place": "Minsk"},
        {"place_country": {"name": "Bern", "country": "US"}},
        {"person": "Bern"},
        {"role_of": {"name": "Ada Roth", "title": "president"}},
        {"date": "2020"},
        {"date_year_other_than": 2021},
        {"date_year_below": 2000},
        {"timex_at": "We go"},
        {"event_with_date": {"kind": "visit", "who": "Ada Roth"}},
        {"event_on": "2021-03-01"},
        {"in_body": "See also"},
        {"text_contains": "\ufffd"},
        {"published": "2019"},
        {"title": "See also:"},
    ],
}
