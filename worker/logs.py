"""Structured logs: readable on a terminal, one JSON object a line elsewhere."""

from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING, Any

import structlog

if TYPE_CHECKING:
    from worker.settings import Settings


def configure_logging(settings: Settings) -> None:
    """Send every log record, ours and the libraries', to standard error in one format."""
    readable = settings.log_format == "text" or (settings.log_format == "auto" and sys.stderr.isatty())
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    final = (
        [structlog.dev.ConsoleRenderer()]
        if readable
        else [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *final],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(settings.log_level.upper())
    for chatty in (
        "alembic",
        "watchfiles",
        "celery.worker.strategy",
        "celery.app.trace",
        "kombu",
        "httpx",
        "trafilatura",
        "htmldate",
        "fsspec",
    ):
        logging.getLogger(chatty).setLevel(max(logging.WARNING, root.level))
