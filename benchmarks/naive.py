"""The way one would write it first: one chord an article, the text in every message, results in Redis.

No ledger, no limits, no way back: it is here to be compared with. `celery -A benchmarks.naive worker`.
"""

from __future__ import annotations

from celery import Celery, chord, shared_task

from worker.embedded import broker_url
from worker.settings import current_settings

_url = broker_url(current_settings())
app = Celery("naive", broker=_url, backend=_url)
app.conf.update(
    task_serializer="json",
    accept_content=["json"],
    worker_prefetch_multiplier=1,
    task_acks_late=True,
    broker_connection_retry_on_startup=True,
)


@shared_task(name="naive.read")
def read(text: str) -> str:
    """Pass the text on."""
    return text


@shared_task(name="naive.extract")
def extract(text: str) -> dict[str, int]:
    """Do nothing with the text."""
    return {"characters": len(text)}


@shared_task(name="naive.classify")
def classify(text: str) -> dict[str, int]:
    """Do nothing with the text."""
    return {"words": len(text.split())}


@shared_task(name="naive.publish")
def publish(parts: list[dict[str, int]], key: str) -> None:
    """Count one article as done."""
    app.backend.client.incr(key)
    del parts


@shared_task(name="naive.start")
def start(text: str, key: str) -> None:
    """Fan out and in again for one article."""
    chord([extract.s(text), classify.s(text)])(publish.s(key))
