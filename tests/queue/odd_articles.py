"""A spaCy component that does odd things when the article asks for it: a plugin for tests of the queue."""

from __future__ import annotations

import re
import sys
import time

from spacy.language import Language

NAME = "tests.odd"
_SLOW = re.compile(r"odd-slow (\d+) ms")


class Odd:
    version = "1"

    def __call__(self, doc):
        if match := _SLOW.search(doc.text):
            time.sleep(int(match[1]) / 1000)
        if "odd-exit" in doc.text:
            sys.exit(3)
        if "odd-memory-error" in doc.text:
            raise MemoryError
        if "odd-surrogate" in doc.text:
            raise ValueError("cannot say \ud800")
        return doc


@Language.factory(NAME.replace(".", "_"), requires=["doc._.article"])
def _make(nlp, name):
    return Odd()
