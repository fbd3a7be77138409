"""Articles that crash, hang or exhaust the process that reads them: a plugin for `benchmarks.conservation`.

`COPYDESK_PLUGINS='["benchmarks.poison"]'` registers the component; named in `extract_components` it looks
for the words below and does what they say. Articles without them are left alone.
"""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

from spacy.language import Language

if TYPE_CHECKING:
    from spacy.tokens import Doc

NAME = "benchmarks.poison"
MARK = "poison-for-the-benchmark"
KINDS = ("crash", "hang", "memory")


class Poison:
    """Does to its own process what the article says."""

    version = "1"

    def __call__(self, doc: Doc) -> Doc:
        """Crash, hang or eat memory when the article says so."""
        text = doc.text
        if MARK in text:
            if f"{MARK} crash" in text:
                os.abort()
            if f"{MARK} hang" in text:
                while True:
                    time.sleep(60)
            if f"{MARK} memory" in text:
                hoard = []
                while True:
                    hoard.append(bytearray(64 * 1024 * 1024))
        return doc


@Language.factory(NAME.replace(".", "_"), requires=["doc._.article"])
def _make(nlp: Language, name: str) -> Poison:
    del nlp, name
    return Poison()
