from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from read_checks import check_invariants

from tasks.read import read
from worker.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from worker.record import Article


@pytest.fixture(scope="session")
def read_article() -> Callable[..., Article]:
    """Read text or bytes, with settings by name, and check what holds for every article."""

    def _read(data: str | bytes, *, collection: str = "default", **overrides: Any) -> Article:
        raw = data.encode() if isinstance(data, str) else data
        article = read(raw, collection=collection, settings=Settings(**overrides))
        check_invariants(article)
        return article

    return _read
