r"""The four tasks and who rings for whom, on one screen.

    intake --> read --> extract --+--> publish --> desk, outbox
                    \-> classify -+

`extract` and `classify` run side by side on queues of their own. Nobody waits for anybody: the transaction
that completes what `publish` needs rings for it. Everything else a task does stands in `tasks.step`.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Any

from celery import shared_task, signals

from tasks import classify, extract, publish, read, warm_up
from tasks.step import ArticlesFailed, ForeignMessage, Step, carry, limit_memory
from worker import bell
from worker.desk import publishing
from worker.errors import RetryLater
from worker.record import Article, Classification, Extraction
from worker.settings import Settings, current_settings
from worker.spool import Spool

if TYPE_CHECKING:
    from collections.abc import Sequence
    from contextlib import AbstractContextManager

    from pydantic import BaseModel
    from sqlalchemy import Connection

    from worker.desk.ledger import Work


def _read(work: Work, settings: Settings) -> bytes:
    try:
        data = Spool(settings).get(work.digest)
    except FileNotFoundError:
        raise
    except OSError as error:  # a store that cannot be reached is no article's fault
        raise RetryLater(f"the spool cannot be read now: {error}") from error
    return pack(read.read(data, collection=work.collection, settings=settings))


def _extract(work: Work, settings: Settings) -> bytes:
    return pack(extract.extract(_article(work), collection=work.collection, settings=settings))


def _classify(work: Work, settings: Settings) -> bytes:
    return pack(classify.classify(_article(work), settings=settings))


def _publish(work: Work, settings: Settings) -> publishing.Prepared:
    classification = Classification.model_validate_json(unpack(work.parts["classify"]))
    record = publish.join(
        _article(work),
        Extraction.model_validate_json(unpack(work.parts["extract"])),
        classification,
        identity=publish.Identity(id=work.id, digest=work.digest, collection=work.collection),
        fingerprints={**work.fingerprints, "publish": publish.fingerprint(settings)},
    )
    return publishing.prepare(record, publish.prints_of(record, classification.shingles))


def _write_records(
    connection: Connection, prepared: Sequence[publishing.Prepared], settings: Settings, now: float
) -> None:
    publishing.write(connection, prepared, sinks=settings.sinks, now=now)


def _extract_zone(settings: Settings) -> AbstractContextManager[Any]:
    return extract.load(settings).memory_zone()


def _classify_zone(settings: Settings) -> AbstractContextManager[Any]:
    return classify.load(settings).memory_zone()


READ = Step("read", _read, read.fingerprint)
EXTRACT = Step("extract", _extract, extract.fingerprint, zone=_extract_zone)
CLASSIFY = Step("classify", _classify, classify.fingerprint, zone=_classify_zone)
PUBLISH = Step("publish", _publish, publish.fingerprint, write=_write_records)


def _task(step: Step) -> Any:
    def body(self: Any, message: dict[str, Any]) -> dict[str, int]:
        label = bell.label_of(self.request.argsrepr)
        return carry(step, message, app=self.app, task_id=self.request.id, label=label)

    body.__doc__ = f"Carry one batch through the stage `{step.stage}`."
    return shared_task(
        body,
        bind=True,
        name=step.stage,
        queue=step.stage,
        ignore_result=True,
        throws=(ArticlesFailed, ForeignMessage),
    )


for _step in (READ, EXTRACT, CLASSIFY, PUBLISH):
    _task(_step)


def pack(part: BaseModel) -> bytes:
    """Return a part as it is kept in the desk: compressed JSON."""
    return zlib.compress(part.model_dump_json().encode(), 1)


def unpack(body: bytes) -> bytes:
    """Return the JSON of a part."""
    return zlib.decompress(body)


def _article(work: Work) -> Article:
    return Article.model_validate_json(unpack(work.parts["read"]))


@signals.worker_init.connect
def _before_the_fork(**_: Any) -> None:
    warm_up.before_the_fork(current_settings())


@signals.worker_process_init.connect
def _in_the_child(**_: Any) -> None:
    limit_memory(current_settings())
