"""Rings for articles: one small message with ids on the stage's queue. Losing one loses nothing.

The ledger knows what has to be done; a message that does not arrive is sent again by the reconciler, and
one that arrives twice finds nothing to claim.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from worker.desk.stages import STAGES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from celery import Celery

    from worker.desk.ledger import Ring, Rings

log = logging.getLogger(__name__)
MESSAGE_VERSION = 1


def ring(app: Celery, rings: Rings, *, batch_size: int, label: str) -> bool:
    """Send messages for all of `rings`; return whether the broker took them.

    `label` names source or collection in Flower (`32 articles, wire/today.jsonl`).
    """
    try:
        for stage, waiting in rings.items():
            for batch in _batches(waiting, batch_size):
                collections = {each.collection for each in batch}
                about = label or (collections.pop() if len(collections) == 1 else "")
                _send(app, stage, [each.id for each in batch], about)
    except (OperationalError, RedisError, OSError) as error:
        log.warning(
            "the queue cannot be reached; these articles are rung for again later",
            extra={"error": str(error)},
        )
        return False
    return True


def _send(app: Celery, stage: str, ids: list[str], label: str) -> None:
    count = "1 article" if len(ids) == 1 else f"{len(ids)} articles"
    app.send_task(
        stage,
        args=[{"v": MESSAGE_VERSION, "ids": ids}],
        queue=stage,
        argsrepr=f"{count}, {label}" if label else count,
        ignore_result=True,
    )


def label_of(argsrepr: str | None) -> str:
    """Return the label of a message, to pass it on to the next stage's message."""
    return argsrepr.partition(", ")[2] if argsrepr else ""


def _batches(waiting: Iterable[Ring], batch_size: int) -> Iterator[list[Ring]]:
    """Yield batches; who goes alone comes alone."""
    together = []
    for each in waiting:
        if each.alone:
            yield [each]
        else:
            together.append(each)
    for start in range(0, len(together), batch_size):
        yield together[start : start + batch_size]


def server_identity(app: Celery) -> str | None:
    """Return a name that the queue's server has only until it is restarted; None when it is not there."""
    try:
        with app.connection_for_read() as connection:
            connection.ensure_connection(max_retries=1, timeout=2)
            return str(connection.default_channel.client.info("server")["run_id"])
    except (OperationalError, RedisError, OSError, KeyError):
        return None


def queue_lengths(app: Celery) -> dict[str, int] | None:
    """Return how many messages wait for each stage, or None when the broker cannot be reached."""
    try:
        with app.connection_for_read() as connection:
            connection.ensure_connection(max_retries=1, timeout=2)
            client = connection.default_channel.client
            return {stage: int(client.llen(stage)) for stage in STAGES}
    except (OperationalError, RedisError, OSError):
        return None
