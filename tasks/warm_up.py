"""What a worker loads before it forks: its children share it, and their first article need not wait."""

from __future__ import annotations

import contextlib
import gc
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from tasks import classify, extract, pipeline, read
from tasks.extract.place import gazetteer
from worker.group import HURRY_ENV

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spacy.language import Language

    from worker.settings import Settings

TURN_S = 0.0005
WARM_UP = (
    "OSLO, Dec. 6 (Agency) - “We will meet again on Monday,” Foreign Minister Anna Berg of Norway said in "
    "Geneva, where talks with the United Nations began last week."
)
"""What is read before the first article, so that word lists and caches are filled once, for all children."""


def before_the_fork(settings: Settings) -> None:
    """Load what every child needs once, so that the children share it.

    The collector never looks at it again: in a child that would copy every page of it.
    """
    in_a_hurry = HURRY_ENV in os.environ
    try:
        with _quick_turns(), ThreadPoolExecutor(max_workers=1) as beside:  # gone again before the fork
            reading = beside.submit(read.preload, settings, everything=not in_a_hurry)
            languages = extract.load(settings), classify.load(settings)
            gazetteer.preload()
            reading.result()
        _warm_up(settings, *languages)
    finally:
        if not in_a_hurry:
            gc.collect()
        gc.freeze()
        gc.enable()  # `worker.parent` lets it sleep until here


@contextlib.contextmanager
def _quick_turns() -> Iterator[None]:
    """Let two threads take turns at short notice.

    Unpacking the language model lets go of the interpreter 700 times, and at Python's own 5 ms a turn waited
    longer for it each time than it unpacked.
    """
    before = sys.getswitchinterval()
    sys.setswitchinterval(TURN_S)
    try:
        yield
    finally:
        sys.setswitchinterval(before)


def _warm_up(settings: Settings, *languages: Language) -> None:
    """Run our own components once; other people's may fail, and do so in a child, where it is counted."""
    with contextlib.suppress(Exception):
        article = read.read(WARM_UP.encode(), collection="default", settings=settings)
        for language in languages:
            foreign = [name for name in language.pipe_names if not name.startswith("copydesk.")]
            with language.select_pipes(disable=foreign):
                pipeline.run(language, article)
