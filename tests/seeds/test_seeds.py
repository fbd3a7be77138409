"""Every sample article, through all stages, against what a careful editor reads out of it.

`pytest tests/seeds/test_seeds.py -k 000` checks one article and prints what is missing or wrong.
"""

from __future__ import annotations

from itertools import combinations

import pytest
from seed_cases import Case, cases
from seed_checker import findings

from tasks import classify, enrich, read
from worker.settings import load_settings

CASES = cases()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_record_is_as_an_editor_reads_it(case: Case) -> None:
    found = findings(enrich(case.data), case.expected)
    wrong = [str(finding) for finding in found if not finding.optional]
    assert not wrong, f"{case.id}: {len(wrong)} missing or wrong\n" + "\n".join(sorted(map(str, found)))


def test_the_reprint_is_the_nearest_of_all_pairs() -> None:
    settings = load_settings()
    signatures = {
        case.id: classify.classify(
            read.read(case.data, collection="default", settings=settings), settings=settings
        ).shingles
        for case in CASES
    }
    assert all(signatures.values())

    def likeness(pair: tuple[str, str]) -> int:
        return sum(a == b for a, b in zip(signatures[pair[0]], signatures[pair[1]], strict=True))

    nearest = max(combinations(sorted(signatures), 2), key=likeness)
    assert nearest == ("017_ferry_wire", "018_ferry_republished")
