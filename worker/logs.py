"""Structured logs: readable on a terminal, one JSON object a line elsewhere."""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from worker.settings import Settings

_OWN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
"""What every record of `logging` has; anything else is what the caller added."""


class JsonFormatter(logging.Formatter):
    """One object a line: event, level, logger, what was added, timestamp, and the traceback if any."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        added = {name: value for name, value in vars(record).items() if name not in _OWN}
        line: dict[str, Any] = {
            "event": record.getMessage(),
            "level": record.levelname.lower(),
            "logger": record.name,
            **added,
            "timestamp": datetime.fromtimestamp(record.created, UTC).isoformat().replace("+00:00", "Z"),
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, default=repr)


def configure_logging(settings: Settings) -> None:
    """Send every log record, ours and the libraries', to standard error in one format."""
    readable = settings.log_format == "text" or (settings.log_format == "auto" and sys.stderr.isatty())
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_for_people() if readable else JsonFormatter())
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


def _for_people() -> logging.Formatter:
    import structlog  # noqa: PLC0415 - 90 modules with rich and pygments, in every process

    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.dev.ConsoleRenderer(),
        ],
    )
