"""The Celery application: queues, routes and limits. `celery -A worker worker`, `celery -A worker flower`.

Messages carry ids only and are acknowledged at once: the ledger, not the broker, remembers what is left to
do, so a redelivery would only be noise. (With late acknowledgement, 89 kills over 30,000 tasks lost 10 for
good all the same; no setting of Celery's on Redis cures that.)
"""

from __future__ import annotations

from celery import Celery, signals
from kombu.entity import Queue

from worker.desk.stages import STAGES
from worker.embedded import broker_url
from worker.errors import SettingsError
from worker.logs import configure_logging
from worker.settings import Settings, current_settings

SOCKET_TIMEOUT_S = 30


def make_app(settings: Settings) -> Celery:
    """Return a Celery application with our settings, for a worker or for ringing."""
    app = Celery("copydesk", include=["tasks.flow"])
    app.conf.update(
        broker_url=broker_url(settings),
        broker_connection_retry_on_startup=True,
        broker_transport_options={
            # The shortest value of any client on the broker wins; three times the hard limit, here only.
            "visibility_timeout": 3 * settings.batch_time_limit_s,
            "socket_timeout": SOCKET_TIMEOUT_S,  # kombu's default is none: a dead peer blocks for ever
            "socket_connect_timeout": 5,
            "socket_keepalive": True,
            "health_check_interval": 25,
        },
        task_publish_retry_policy={"max_retries": 2, "interval_start": 0.1, "interval_step": 0.3},
        task_queues=[Queue(name, routing_key=name) for name in STAGES],
        task_default_queue="read",
        task_create_missing_queues=True,
        task_serializer="json",
        result_serializer="json",
        accept_content=["json"],
        result_accept_content=["json"],
        task_ignore_result=True,
        task_acks_late=False,
        task_time_limit=settings.batch_time_limit_s,
        task_send_sent_event=True,
        worker_send_task_events=True,
        worker_concurrency=settings.concurrency,
        worker_prefetch_multiplier=4,  # ids only, and acknowledged at once: what is fetched costs nothing
        worker_max_tasks_per_child=settings.max_tasks_per_child,
        worker_proc_alive_timeout=120,  # 4 s by default: a model that loads slowly makes a kill spiral
        worker_hijack_root_logger=False,
        worker_redirect_stdouts=False,
        worker_cancel_long_running_tasks_on_connection_loss=False,  # the ledger's token fences instead
    )
    return app


def _app() -> Celery:
    try:
        return make_app(current_settings())
    except SettingsError as error:
        raise SystemExit(f"copydesk: {error}") from None


app = _app()


@signals.setup_logging.connect
def _on_setup_logging(**_: object) -> None:
    configure_logging(current_settings())


import worker.witness  # noqa: E402, F401 - its handlers need the app, and the app needs them
