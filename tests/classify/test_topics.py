from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from classify_articles import classified, folded

from tasks.classify.topic_lexicon import topic_lexicon
from worker.config_dir import load_toml

_FILE = tomllib.loads(Path(__file__).with_name("topic_cases.toml").read_text(encoding="utf-8"))
CASES = [(case["code"], folded(case["text"])) for case in _FILE["top"]]
NARROWER = [(case["code"], folded(case["text"])) for case in _FILE["narrower"]]
WHOLE = [
    (f"medtop:{case['code']}", [folded(piece) for piece in case["text"].strip().split("\n\n")])
    for case in _FILE["whole"]
]
LEAST_RIGHT = 17
"""Of the 17 whole articles; a topic that is not told is better than a wrong one."""
NONE = [folded(case["text"]) for case in _FILE["none"]]


@pytest.mark.parametrize(("code", "text"), CASES, ids=[code for code, _ in CASES])
def test_top_level(code: str, text: str) -> None:
    best = classified(text).topics[0]
    assert best.code == f"medtop:{code}"
    assert best.probability > 0.5
    assert all(term in text for term in best.evidence)
    assert best.evidence


@pytest.mark.parametrize(("code", "text"), NARROWER, ids=[code for code, _ in NARROWER])
def test_below_the_top_level(code: str, text: str) -> None:
    topics = {topic.code: topic for topic in classified(text).topics}
    broader = {t["code"]: t.get("broader") for t in load_toml("classify/media_topics.toml")["topic"]}
    found = topics[f"medtop:{code}"]
    assert topics[broader[found.code]].probability >= found.probability


@pytest.mark.parametrize("text", NONE)
def test_abstains(text: str) -> None:
    part = classified(text)
    assert part.topics == []
    assert [a.what for a in part.abstentions if a.component == "copydesk.topics"] == ["topics"]


def test_several_topics_of_one_article() -> None:
    one, two = dict(CASES)["15000000"], dict(CASES)["02000000"]
    codes = [topic.code for topic in classified(one, two).topics]
    assert {"medtop:15000000", "medtop:02000000"} <= set(codes)


def test_boilerplate_is_not_read() -> None:
    assert classified("It was late.", ("boilerplate", dict(CASES)["15000000"])).topics == []


def test_every_top_level_has_terms_and_a_case() -> None:
    tops = {topic.code for topic in topic_lexicon().topics if len(topic.path) == 1}
    assert len(tops) == 17
    assert {f"medtop:{code}" for code, _ in CASES} == tops
    terms = load_toml("classify/topic_terms.toml")
    assert all(sum(map(len, terms[code].values())) for code in terms)


def test_lists_name_known_topics_and_terms() -> None:
    codes = {topic.code for topic in topic_lexicon().topics}
    terms = load_toml("classify/topic_terms.toml")
    assert set(terms) <= codes
    for code, fitted in load_toml("classify/topic_weights.toml").items():
        assert set(fitted) <= {term for group in terms[code].values() for term in group}


def test_whole_articles_of_all_top_levels() -> None:
    assert len({code for code, _ in WHOLE}) == 17
    best = {}
    for code, paragraphs in WHOLE:
        tops = [t.code for t in classified(*paragraphs).topics if t.code.endswith("000000")]
        best[code] = tops[0] if tops else None
    assert {code: found for code, found in best.items() if found not in {code, None}} == {}
    assert sum(code == found for code, found in best.items()) >= LEAST_RIGHT
