# ruff: noqa: RUF001 - dashes as they stand in notes
from __future__ import annotations

import pytest

from tasks.read.notes import LONGEST, find_notes

CASES = [
    # text, [(kind, text of the note)]
    ("the rest (countries. – Ed.) in the world", [("editor", "(countries. – Ed.)")]),
    ("this (the attack… – Ed.) will", [("editor", "(the attack… – Ed.)")]),
    ("he left (in May - Author)", [("editor", "(in May - Author)")]),
    ("it grew (twofold, ed. note)", [("editor", "(twofold, ed. note)")]),
    ("сказал он (в мае. – Прим. ред.)", [("editor", "(в мае. – Прим. ред.)")]),
    ("[Editor's note: names were changed]", [("editor", "[Editor's note: names were changed]")]),
    ("we was (sic) here, they is [sic] too", [("sic", "(sic)"), ("sic", "[sic]")]),
    ("they [the rebels] crossed", [("insertion", "[the rebels]")]),
    ("they crossed [...] and left […]", [("insertion", "[...]"), ("insertion", "[…]")]),
    ("“[T]he end”", [("insertion", "[T]")]),
    ("a note over\ntwo lines (the first\nof them – Ed.)", [("editor", "(the first\nof them – Ed.)")]),
    ("a plain (bracket) and Ed. alone", []),
    ("(he said to Ed)", []),
    ("as shown before [12] and [3, 4]", []),
    ("a [link](https://example.org)", []),
    ("never closed (as here – Ed. and on", []),
    (f"({'x' * LONGEST} – Ed.)", []),
    ("over a blank line (one\n\ntwo – Ed.)", []),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_notes(text, expected):
    found = find_notes(text)
    assert [(note.kind, note.text) for note in found] == expected
    assert all(text[note.start : note.end] == note.text for note in found)
