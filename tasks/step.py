"""The wrapper of every task: claim, time limit, memory limit, outcome as data.

What happens to one article never harms its batch-mates. An error in Python is caught and charged to the
article; a hang is interrupted, and killed if it does not react; a crash is witnessed by the worker's
parent (`worker.witness`). In each case the others go on, uncharged.
"""

from __future__ import annotations

import contextlib
import faulthandler
import gc
import logging
import os
import resource
import signal
import sys
import threading
import time
import traceback
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import psutil

from worker import bell, stopping
from worker.current import marking
from worker.desk import ledger
from worker.desk.engine import Desk, open_desk
from worker.errors import LostClaim, RejectArticle, RetryLater
from worker.process import current_worker
from worker.settings import MB, Settings, current_settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from contextlib import AbstractContextManager

    from celery import Celery
    from sqlalchemy import Connection

log = logging.getLogger(__name__)
FINISH_TRIES = 10
STDERR = 2  # the file descriptor: Celery puts other things into sys.stderr


class ArticlesFailed(Exception):  # noqa: N818 - named after what happened, for people who look at Flower
    """Some articles of a message failed. The ledger has it all; this only shows it in Flower."""


class ForeignMessage(ValueError):  # noqa: N818 - as above
    """What came over the queue is none of our messages; it is thrown away."""


class ArticleTimeout(BaseException):
    """The article's time is up. No `except Exception` on the way may swallow it."""


@dataclass(frozen=True)
class Step:
    """What the wrapper has to know of a stage.

    `make` turns claimed work into what the stage leaves behind: the body of its part, or for `publish` a
    prepared record, which `write` then puts into the desk in the transaction that ends the claim.
    """

    stage: str
    make: Callable[[ledger.Work, Settings], Any]
    fingerprint: Callable[[Settings], str]
    write: Callable[[Connection, Sequence[Any], Settings, float], None] | None = None
    zone: Callable[[Settings], AbstractContextManager[Any]] | None = None


def carry(step: Step, message: Any, *, app: Celery, task_id: str, label: str) -> dict[str, int]:
    """Do one message: claim what is ready, make it, write it down, ring for the next stage.

    Returns how many articles were made and handed back: what Flower shows as the result. Raises
    ArticlesFailed when some failed, after everything has been written down.
    """
    ids = _ids_of(message)
    settings = current_settings()
    started = time.monotonic()
    try:
        counts, failed = _carry(step, ids, settings, app=app, task_id=task_id, label=label)
    except RetryLater as error:
        log.warning("handed back", extra={"stage": step.stage, "articles": len(ids), "error": str(error)})
        return {"made": 0, "failed": 0, "handed_back": len(ids)}
    except LostClaim as error:
        log.info("claim lost", extra={"stage": step.stage, "error": str(error)})
        return {"made": 0, "failed": 0, "handed_back": 0}
    except MemoryError:  # celery's parent would die of it
        raise RuntimeError("out of memory outside of any article") from None
    log.info(
        "batch done",
        extra={"stage": step.stage, "batch": task_id, "label": label, **counts}
        | {"duration_s": round(time.monotonic() - started, 3)},
    )
    if failed:
        raise ArticlesFailed(_summary(step.stage, failed, of=sum(counts.values())))
    return counts


def _carry(
    step: Step, ids: list[str], settings: Settings, *, app: Celery, task_id: str, label: str
) -> tuple[dict[str, int], dict[str, ledger.Failure]]:
    desk = _desk()
    with desk.writing() as connection:
        claim = ledger.claim(
            connection,
            step.stage,
            ids,
            task_id=task_id,
            worker=current_worker(),
            now=desk.now(connection),
            lease_s=settings.lease_s,
        )
    if claim is None:
        return {"made": 0, "failed": 0, "handed_back": 0}, {}
    outcome = ledger.Outcome()
    try:
        with marking(settings, claim.token) as marker, _zone(step, settings):
            _work_through(step, claim, outcome, settings, mark=marker.set, desk=desk)
    finally:
        _watchdog.disarm()
    rings = _finish(step, claim, outcome, settings, desk)
    bell.ring(app, rings, batch_size=settings.batch_size, label=label)
    for id_, failure in outcome.failed.items():
        log.warning(
            "article failed",
            extra={"article": id_, "stage": step.stage, "claim": claim.token}
            | {"code": failure.code, "detail": failure.detail},
        )
    counts = {
        "made": len(outcome.made),
        "failed": len(outcome.failed),
        "handed_back": len(outcome.handed_back) + len(outcome.later),
    }
    return counts, outcome.failed


def _summary(stage: str, failed: dict[str, ledger.Failure], *, of: int) -> str:
    """Return `2 of 32 articles failed: read:empty, read:not_text`."""
    codes = sorted({f"{stage}:{failure.code}" for failure in failed.values()})
    return f"{len(failed)} of {of} {'article' if of == 1 else 'articles'} failed: {', '.join(codes)}"


def _zone(step: Step, settings: Settings) -> AbstractContextManager[Any]:
    return step.zone(settings) if step.zone else contextlib.nullcontext()


def _work_through(
    step: Step,
    claim: ledger.Claim,
    outcome: ledger.Outcome,
    settings: Settings,
    *,
    mark: Callable[[str], None],
    desk: Desk,
) -> None:
    """Make one article after the other; whatever goes wrong with one is noted and the next is begun."""
    started = time.monotonic()
    renewed = started
    for index, work in enumerate(claim.work):
        elapsed_s = time.monotonic() - started
        if stopping.asked() or elapsed_s > settings.batch_time_limit_s / 2:
            outcome.handed_back = [rest.id for rest in claim.work[index:]]
            return
        if time.monotonic() - renewed > settings.lease_s / 3:
            _watchdog.disarm()  # waiting for the desk is no article's fault
            with desk.writing() as connection:
                ledger.renew(connection, claim.token, now=desk.now(connection), lease_s=settings.lease_s)
            renewed = time.monotonic()
        mark(work.id)
        begun = time.monotonic()
        try:
            with _time_limit(settings):
                outcome.made[work.id] = step.make(work, settings)
        except RetryLater as error:
            log.warning("handed back", extra={"article": work.id, "error": str(error)})
            outcome.later = [rest.id for rest in claim.work[index:]]
            return
        except (Exception, ArticleTimeout, SystemExit) as error:  # noqa: BLE001 - an error is its article's
            outcome.made.pop(work.id, None)  # time may be up on the last step
            outcome.failed[work.id] = _failure(error, settings)
            if isinstance(error, MemoryError):
                gc.collect()
        log.debug(
            "article done",
            extra={
                "article": work.id,
                "stage": step.stage,
                "claim": claim.token,
                "duration_ms": round((time.monotonic() - begun) * 1000, 1),
            },
        )


def _failure(error: BaseException, settings: Settings) -> ledger.Failure:
    if isinstance(error, RejectArticle):
        return ledger.Failure(error.code, error.detail, final=True)
    if isinstance(error, ArticleTimeout):
        detail = f"not done after {settings.article_time_limit_s:g} s (article_time_limit_s)"
        return ledger.Failure("time_limit", detail, final=False, traceback=_traceback(error))
    if isinstance(error, MemoryError):
        detail = f"needs more than {settings.memory_limit_mb} MB (memory_limit_mb)"
        return ledger.Failure("memory", detail, final=False)
    detail = f"{type(error).__name__}: {error}"
    return ledger.Failure("error", detail, final=False, traceback=_traceback(error))


def _traceback(error: BaseException) -> str:
    return "".join(traceback.format_exception(error))[-8000:]


def _finish(
    step: Step, claim: ledger.Claim, outcome: ledger.Outcome, settings: Settings, desk: Desk
) -> ledger.Rings:
    """Write the outcome; wait out a full disk or a locked desk for a while before giving up.

    What is given up stays claimed until the lease ends, and is then made again: nothing is lost.
    """
    for attempt in range(FINISH_TRIES):
        try:
            with desk.writing() as connection:
                now = desk.now(connection)
                if step.write:
                    step.write(connection, list(outcome.made.values()), settings, now)
                return ledger.finish(
                    connection,
                    claim,
                    outcome,
                    fingerprint=step.fingerprint(settings),
                    now=now,
                    settings=settings,
                )
        except RetryLater:
            if attempt == FINISH_TRIES - 1:
                raise
            time.sleep(min(0.2 * 2**attempt, 10))
        except LostClaim:
            raise
        except Exception as error:  # noqa: BLE001 - something that one of them left cannot be written down
            return _give_up(claim, outcome, error, settings, desk)
    raise AssertionError("unreachable")


def _give_up(
    claim: ledger.Claim, outcome: ledger.Outcome, error: Exception, settings: Settings, desk: Desk
) -> ledger.Rings:
    """Charge a lone article for an outcome that cannot be written; of several, let each go on alone."""
    failure = _failure(error, settings)
    log.error("an outcome cannot be written", extra={"stage": claim.stage, "error": failure.detail})
    ids = [work.id for work in claim.work]
    alone = ids[0] if len(ids) == 1 else None
    outcome.made, outcome.failed, outcome.later = {}, {}, []
    outcome.handed_back = [] if alone else ids
    if alone:
        outcome.failed = {alone: failure}
    with desk.writing() as connection:
        return ledger.bury(
            connection,
            claim.token,
            "witnessed",
            now=desk.now(connection),
            settings=settings,
            current=alone,
            failure=failure,
        )


@contextlib.contextmanager
def _time_limit(settings: Settings) -> Iterator[None]:
    """Interrupt the article when its time is up; end the process when it does not react to that."""
    if threading.current_thread() is not threading.main_thread():
        yield  # a thread pool cannot be interrupted; the message's hard limit stands behind it
        return
    signal.signal(signal.SIGALRM, _raise_timeout)
    _watchdog.arm(settings.article_time_limit_s + settings.article_kill_after_s)
    signal.setitimer(signal.ITIMER_REAL, settings.article_time_limit_s)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


class _Watchdog:
    """Ends the process some time after it was armed last; it works even while C code holds the interpreter.

    Arming starts a thread (0.05 ms), so within one second after the last time it is left as it is, and the
    time allowed is that second longer.
    """

    def __init__(self) -> None:
        self._armed_at = 0.0

    def arm(self, seconds: float) -> None:
        """End the process `seconds` to `seconds + 1` from now, unless armed again or disarmed."""
        now = time.monotonic()
        if now - self._armed_at > 1:
            self._armed_at = now
            faulthandler.dump_traceback_later(seconds + 1, exit=True, file=STDERR)

    def disarm(self) -> None:
        """Let the process live."""
        self._armed_at = 0.0
        faulthandler.cancel_dump_traceback_later()


_watchdog = _Watchdog()


def _raise_timeout(*_: object) -> None:
    raise ArticleTimeout


def limit_memory(settings: Settings) -> None:
    """Let this worker process grow by `memory_limit_mb` and no further (Linux; macOS ignores the limit)."""
    if sys.platform == "darwin":
        return
    grown = psutil.Process().memory_info().vms + settings.memory_limit_mb * MB
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(
        resource.RLIMIT_AS, (grown if hard == resource.RLIM_INFINITY else min(grown, hard), hard)
    )


_desks: dict[int, Desk] = {}


def _desk() -> Desk:
    """Return this process's own connection to the desk; one made before a fork is never used after it."""
    pid = os.getpid()
    if pid not in _desks:
        _desks.clear()
        _desks[pid] = open_desk(current_settings())
    return _desks[pid]


def _ids_of(message: Any) -> list[str]:
    """Return the ids of a message, refusing anything that is none of ours."""
    if not isinstance(message, dict) or message.get("v") != bell.MESSAGE_VERSION:
        raise ForeignMessage("not a message of this version of copydesk")
    ids = message.get("ids")
    if not isinstance(ids, list) or not all(isinstance(id_, str) and len(id_) == 64 for id_ in ids):  # noqa: PLR2004
        raise ForeignMessage("a message holds a list of article ids and nothing else")
    return ids[:1000]
