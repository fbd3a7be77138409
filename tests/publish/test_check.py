from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from publish_parts import TEXT, record
from pydantic import BaseModel

from tasks.publish import InvalidRecord, check
from worker.record import Record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def _places(value: object) -> Iterator[tuple[BaseModel, str]]:
    """Yield (model, field) of every offset within `value` that says what has to stand there."""
    if isinstance(value, BaseModel):
        if getattr(value, "start", None) is not None and isinstance(getattr(value, "text", None), str):
            yield value, "start"
            yield value, "end"
        for name in type(value).model_fields:
            yield from _places(getattr(value, name))
    elif isinstance(value, list):
        for item in value:
            yield from _places(item)


COUNT = sum(1 for name in Record.model_fields for _ in _places(getattr(record(), name)))


def test_a_sound_record_passes() -> None:
    check(record())
    assert COUNT > 15


@settings(deadline=None, derandomize=True)
@given(number=st.integers(0, COUNT - 1), by=st.integers(-30, 30).filter(bool))
def test_every_shifted_offset_is_found(number: int, by: int) -> None:
    made = record()
    model, field = [place for name in Record.model_fields for place in _places(getattr(made, name))][number]
    setattr(model, field, getattr(model, field) + by)
    with pytest.raises(InvalidRecord):
        check(made)


@settings(deadline=None, derandomize=True)
@given(edge=st.integers(0, 7), by=st.integers(-40, 40).filter(bool))
def test_every_shifted_block_is_found(edge: int, by: int) -> None:
    made = record()
    block, field = made.blocks[edge // 2], ("start", "end")[edge % 2]
    setattr(block, field, getattr(block, field) + by)
    with pytest.raises(InvalidRecord) as raised:
        check(made)
    assert raised.value.component == "read"


def _drop_entity(made: Record) -> None:
    made.entities = []


def _double_entity(made: Record) -> None:
    made.entities = made.entities * 2


def _double_quote(made: Record) -> None:
    made.quotes = made.quotes * 2


def _empty_quote(made: Record) -> None:
    made.quotes[0].segments = []


def _unknown_addressee(made: Record) -> None:
    made.quotes[0].addressee = "e9"


def _unknown_quote(made: Record) -> None:
    made.quotes[0].continuation_of = "q9"


def _own_continuation(made: Record) -> None:
    made.quotes[0].continuation_of = "q1"


def _unknown_reporter(made: Record) -> None:
    made.events[0].reported_by = "q9"


def _unknown_actor(made: Record) -> None:
    made.events[0].whom = ["e9"]


def _unknown_voice(made: Record) -> None:
    made.about.tone.speakers["e9"] = made.about.tone.speakers["e1"]


def _lost_block(made: Record) -> None:
    made.blocks.pop()


def _shifted_repair(made: Record) -> None:
    made.quotes[0].repairs[0].offset += 1


def _half_a_headline(made: Record) -> None:
    made.headline.end = None


def _other_summary(made: Record) -> None:
    made.about.summary[0].text = "The harbor"


def _beyond_the_end(made: Record) -> None:
    made.translation.signs = [
        type(made.translation)
        .model_fields["signs"]
        .annotation.__args__[0](kind="x", start=0, end=len(TEXT) + 1)
    ]


FAULTS: list[tuple[Callable[[Record], None], str]] = [
    (_drop_entity, "test.maker"),
    (_double_entity, "test.maker"),
    (_double_quote, "test.maker"),
    (_empty_quote, "test.maker"),
    (_unknown_addressee, "test.maker"),
    (_unknown_quote, "test.maker"),
    (_own_continuation, "test.maker"),
    (_unknown_reporter, "test.maker"),
    (_unknown_actor, "test.maker"),
    (_unknown_voice, "copydesk.publish"),
    (_lost_block, "read"),
    (_shifted_repair, "test.maker"),
    (_half_a_headline, "copydesk.publish"),
    (_other_summary, "copydesk.summary"),
    (_beyond_the_end, "read"),
]


@pytest.mark.parametrize(("spoil", "component"), FAULTS)
def test_faults_name_their_component(spoil: Callable[[Record], Any], component: str) -> None:
    made = record()
    spoil(made)
    with pytest.raises(InvalidRecord) as raised:
        check(made)
    assert raised.value.component == component
