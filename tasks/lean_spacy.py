"""spaCy without its command line, which it imports with itself and nobody here calls.

That line alone brings weasel, typer, requests, httpx and jinja2: 200 modules and a quarter of a second.
Whoever wants it later gets it: `import spacy.cli` does as ever.
"""

from __future__ import annotations

import importlib
import sys
from types import ModuleType
from typing import Any

__all__ = ["Doc", "English", "create_tokenizer", "load"]

_NAMES = ("spacy.cli", "spacy.cli.info")


def load() -> ModuleType:
    """Import spaCy, with a stand-in for its command line while that lasts, and return it."""
    if "spacy" in sys.modules:
        return sys.modules["spacy"]
    stand_ins = {name: ModuleType(name) for name in _NAMES}
    stand_ins["spacy.cli.info"].__dict__["info"] = _info
    sys.modules.update(stand_ins)
    try:
        return importlib.import_module("spacy")
    finally:
        for name, module in stand_ins.items():
            if sys.modules.get(name) is module:
                del sys.modules[name]


def _info(*arguments: Any, **options: Any) -> Any:
    """Stand for `spacy.info`: import the real one and call it."""
    return importlib.import_module("spacy.cli.info").info(*arguments, **options)


load()

from spacy.lang.en import English  # noqa: E402 - after the stand-in
from spacy.language import create_tokenizer  # noqa: E402
from spacy.tokens import Doc  # noqa: E402
