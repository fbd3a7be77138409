"""Which language the body is in, by py3langid; it abstains on short and on doubtful text."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from worker.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Sequence

COMPONENT = "copydesk.read.language"
VERSION = "1.0"

SAMPLE_CHARACTERS = 6000
"""Identification reads the body's first characters only; more do not change the answer."""

_LEAST_LETTERS = 20
_LEAST_CONFIDENCE = 0.6
_LEAST_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class Language:
    """ISO 639-1 code and confidence, or None for both and the reason why not."""

    code: str | None
    confidence: float | None
    why_not: str | None = None


@functools.cache
def model_name() -> str:
    """Return name and version of the model, for provenance."""
    return f"py3langid {version('py3langid')}"


@functools.cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # noqa: PLC0415 - its model takes time to load

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def identify(body: str, languages: Sequence[str]) -> Language:
    """Return the most probable of `languages` for the body.

    Confidence is the probability among `languages`; when most of the whole probability lies with a language
    that is not among them, it abstains. Raises SettingsError for a code that the model does not know.
    """
    sample = body[:SAMPLE_CHARACTERS]
    letters = sum(c.isalpha() for c in sample)
    if letters < _LEAST_LETTERS:
        return Language(None, None, f"the body has {letters} letters, fewer than {_LEAST_LETTERS}")
    ranked: list[tuple[str, float]] = _identifier().rank(sample)
    unknown = sorted(set(languages) - {code for code, _ in ranked})
    if unknown:
        raise SettingsError(
            f"languages: {', '.join(unknown)} is not known. Use ISO 639-1 codes such as en, de."
        )
    among = [(code, p) for code, p in ranked if code in languages]
    share = sum(p for _, p in among)
    if share < _LEAST_SHARE:
        return Language(None, None, f"it looks like {ranked[0][0]!r}, which is not among the languages set")
    code, probability = among[0]
    confidence = round(min(1.0, probability / share), 4)
    if confidence < _LEAST_CONFIDENCE:
        return Language(None, None, f"the most probable, {code!r}, has a confidence of only {confidence:.2f}")
    return Language(code, confidence)
