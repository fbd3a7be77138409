"""`copydesk.quotes` by rules alone, over the table of `quote_cases`."""

from __future__ import annotations

import pytest
from extraction import annotate, check_offsets, speaker
from quote_cases import ALL, Row


@pytest.mark.parametrize(("text", "expected"), ALL)
def test_quotes_of_the_table(text: str, expected: list[Row]) -> None:
    doc = annotate(text)
    check_offsets(doc)
    assert [
        (q.kind, [s.text for s in q.segments], speaker(q, doc._.entities), q.cue.text if q.cue else None)
        for q in doc._.quotes
    ] == expected
