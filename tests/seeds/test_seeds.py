"""Every sample article, through all stages, against what a careful editor reads out of it.

`pytest tests/seeds/test_seeds.py -k 000` checks one article and prints what is missing or wrong. What is
known to be so stands in `known_gaps.toml`, a list that only shrinks.
"""

from __future__ import annotations

import tomllib
from itertools import combinations
from pathlib import Path

import pytest
from seed_cases import Case, cases
from seed_checker import findings

from tasks import classify, enrich, read
from worker.settings import load_settings

CASES = cases()
GAPS: dict[str, dict[str, str]] = tomllib.loads(
    (Path(__file__).parent / "known_gaps.toml").read_text(encoding="utf-8")
)


def unlisted(wrong: list[str], gaps: dict[str, str]) -> list[str]:
    """Return the findings that no known gap begins."""
    return [finding for finding in wrong if not finding.startswith(tuple(gaps))]


def mended(wrong: list[str], gaps: dict[str, str]) -> list[str]:
    """Return the known gaps that begin no finding any more."""
    return [gap for gap in gaps if not any(finding.startswith(gap) for finding in wrong)]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_record_is_as_an_editor_reads_it(case: Case) -> None:
    found = findings(enrich(case.data), case.expected)
    wrong = [str(finding) for finding in found if not finding.optional]
    gaps = GAPS.get(case.id, {})
    new = unlisted(wrong, gaps)
    assert not new, f"{case.id}: {len(new)} missing or wrong\n" + "\n".join(sorted(map(str, found)))
    gone = mended(wrong, gaps)
    assert not gone, f"{case.id}: mended, strike from known_gaps.toml:\n" + "\n".join(gone)


def test_known_gaps_are_of_sample_articles_sorted_and_have_reasons() -> None:
    assert set(GAPS) <= {case.id for case in CASES}
    assert list(GAPS) == sorted(GAPS)
    for gaps in GAPS.values():
        assert list(gaps) == sorted(gaps)
        assert all(gaps)
        assert all(gaps.values())


def test_the_list_of_gaps_only_shrinks() -> None:
    wrong, gaps = ["[names] no person 'A'", "[quotes] missing"], {"[names] no person": "why"}
    assert unlisted(wrong, gaps) == ["[quotes] missing"]
    assert unlisted(wrong, {}) == wrong
    assert mended(wrong, gaps) == []
    assert mended(wrong[1:], gaps) == ["[names] no person"]


def test_the_reprint_is_the_nearest_of_all_pairs() -> None:
    settings = load_settings()
    signatures = {
        case.id: set(
            classify.classify(
                read.read(case.data, collection="default", settings=settings), settings=settings
            ).shingles
        )
        for case in CASES
    }
    assert all(signatures.values())

    def likeness(pair: tuple[str, str]) -> int:
        return len(signatures[pair[0]] & signatures[pair[1]])

    nearest = max(combinations(sorted(signatures), 2), key=likeness)
    assert nearest == ("017_ferry_wire", "018_ferry_republished")
