"""Two texts by themselves: what makes them copies, near, or another report."""

from __future__ import annotations

import re

import pytest

from tasks.classify.shingles import signature
from tasks.publish.relations import _TOKEN, facts
from worker.desk.likeness import NAME, SKETCH, Text, compare

WIRE = """The harbour of Lindale was closed on Monday after 12 containers fell from a freighter in heavy wind.
Harbour master Ruth Okafor said that divers had found three of them by noon and that none was leaking.
The freighter had left Port Selwyn two days earlier with 412 containers on board, most of them empty.
Fishermen complained that the harbour board had told them nothing before the gates were shut at dawn.
Board member Tom Hale promised a hearing next week and asked the crews for patience in the meantime."""
OTHER = """Voters in the hill district chose a council yesterday, and the old majority lost by some votes.
Turnout was higher than anybody could remember, with long lines at the school in the lower village.
The new council wants to reopen the quarry, which has stood still since the bridge was washed away.
A recount was asked for by the losing side, which spoke of errors without naming a single one of them.
The clerk of the district answered that every paper had been looked at twice and by different people."""


def text_of(words: str) -> Text:
    plain = [word.lower() for word in re.findall(r"\w+", words)]
    return Text.of(signature(plain), facts(_TOKEN.findall(words)))


def without(text: str, *lines: int) -> str:
    return "\n".join(line for number, line in enumerate(text.splitlines()) if number not in lines)


@pytest.mark.parametrize(
    ("one", "two", "rule"),
    [
        (WIRE, WIRE, "copy"),
        (WIRE, "\n".join(reversed(WIRE.splitlines())), "copy"),
        (WIRE, without(WIRE, 3), "copy"),
        (WIRE, without(WIRE, 0, 4), "copy"),
        (WIRE, "Wind has shut a harbour again, our reporter writes.\n" + WIRE, "copy"),
        (WIRE, without(WIRE, 0, 3, 4), "contains"),
        (WIRE, f"{OTHER}\n{WIRE}\n{OTHER.upper()}", "contained"),
        (WIRE, OTHER, None),
        (WIRE, without(OTHER, 1, 2, 3, 4) + without(WIRE, 0, 1, 2, 3), None),
        (WIRE, WIRE.replace("12 containers", "15 containers"), "figures_differ"),
        (WIRE, WIRE.replace("three of them", "four of them"), "figures_differ"),
        (WIRE, WIRE.replace("on Monday", "on Tuesday"), "figures_differ"),
        (WIRE, WIRE.replace("412", "389"), "figures_differ"),
        (WIRE, WIRE.replace("three of them", "3 of them"), "copy"),
        (WIRE, WIRE.replace("master Ruth Okafor", "master Okafor"), "copy"),
        (WIRE, WIRE.replace("Okafor", "Okafar"), "copy"),
        (WIRE, WIRE.replace("Okafor", "Brandt").replace("Hale", "Ito"), "names_differ"),
    ],
)
def test_rules(one, two, rule):
    assert compare(text_of(one), text_of(two)).rule() == rule


@pytest.mark.parametrize("other", [OTHER, without(WIRE, 1), WIRE + OTHER, WIRE.replace("12", "15")])
def test_both_sides_see_the_same(other):
    there, back = compare(text_of(WIRE), text_of(other)), compare(text_of(other), text_of(WIRE))
    assert (there.similarity, there.ours, there.theirs) == (back.similarity, back.theirs, back.ours)
    assert (there.figures, there.names) == (back.figures, back.names)
    mirror = {"contains": "contained", "contained": "contains"}
    assert mirror.get(there.rule() or "", there.rule()) == back.rule()


def test_no_text_is_a_copy_of_two_that_share_nothing():
    """More than half of the longer one: a digest ties no clusters together."""
    digest = text_of(WIRE + "\n" + OTHER)
    rules = [compare(text_of(one), digest).rule() for one in (WIRE, OTHER)]
    assert rules == ["contained", "contained"]


def test_a_frame_with_two_facts_tells_nothing():
    twice = "they found 3 bodies there . they found 4 bodies there . Then they met Ann Lee in town ."
    assert [value & 1 for _, value in facts(twice.split())] == [NAME]


def test_packing_loses_nothing():
    text = text_of(WIRE)
    again = Text.unpacked(*text.packed())
    assert (again.sketch.tolist(), again.frames.tolist(), again.values.tolist()) == (
        text.sketch.tolist(),
        text.frames.tolist(),
        text.values.tolist(),
    )


def test_long_texts_are_estimated_from_what_both_would_hold():
    one = [f"a{n}" for n in range(3000)]
    two = one[:1500] + [f"b{n}" for n in range(1500)]
    found = compare(Text.of(signature(one), ()), Text.of(signature(two), ()))
    assert len(signature(one)) == SKETCH
    assert found.ours == pytest.approx(0.5, abs=0.1)
