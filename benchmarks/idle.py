"""The whole path with no work in it: the same wrapper, ledger and bell around functions that do nothing.

`celery -A benchmarks.idle worker` serves the same queues as `celery -A worker worker`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tasks.step import Step, carry
from worker import bell
from worker.celery import make_app
from worker.desk import publishing
from worker.record import (
    About,
    Block,
    Coverage,
    Headline,
    Provenance,
    Record,
    ToneByVoice,
    Translation,
)
from worker.settings import Settings, current_settings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from worker.desk.ledger import Work

NO_BODY = b"{}"
TEXT = "Nothing happened."
app = make_app(current_settings())
app.conf.include = []
import worker.witness  # noqa: E402, F401 - the parent buries, as it does for the real tasks


def _nothing(work: Work, settings: Settings) -> bytes:
    del work, settings
    return NO_BODY


def _record(work: Work, settings: Settings) -> publishing.Prepared:
    del settings
    record = Record(
        id=work.id,
        digest=work.digest,
        collection=work.collection,
        media_type="text/plain",
        canonical_url=None,
        title=None,
        headline=Headline(text=TEXT, source="derived"),
        byline=[],
        agency=None,
        text=TEXT,
        language="en",
        language_confidence=1.0,
        blocks=[Block(start=0, end=len(TEXT), kind="paragraph", rule="idle")],
        notes=[],
        published=None,
        modified=None,
        entities=[],
        quotes=[],
        timexes=[],
        places=[],
        events=[],
        about=About(topics=[], tone=ToneByVoice(), keywords=[], summary=[]),
        translation=Translation(score=0, verdict="unlikely", signs=[]),
        coverage={"read": Coverage(characters_read=len(TEXT))},
        abstentions=[],
        warnings=[],
        provenance=Provenance(fingerprints=dict(work.fingerprints), components=[]),
    )
    return publishing.prepare(record)


def _write(
    connection: Connection, prepared: Sequence[publishing.Prepared], settings: Settings, now: float
) -> None:
    publishing.write(connection, prepared, sinks=settings.sinks, now=now)


def _fingerprint(settings: Settings) -> str:
    del settings
    return "idle"


def _task(step: Step) -> None:
    def body(self: Any, message: dict[str, Any]) -> dict[str, int]:
        label = bell.label_of(self.request.argsrepr)
        return carry(step, message, app=self.app, task_id=self.request.id, label=label)

    app.task(body, bind=True, name=step.stage, queue=step.stage, ignore_result=True)


for _stage in ("read", "extract", "classify"):
    _task(Step(_stage, _nothing, _fingerprint))
_task(Step("publish", _record, _fingerprint, write=_write))
