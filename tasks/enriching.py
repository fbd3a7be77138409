"""The four stages in a row, without a queue: for notebooks, other engines, and benchmarks."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tasks import classify, extract, publish, read
from worker.identity import article_id, digest_of
from worker.settings import Settings, load_settings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from worker.record import Record

DEFAULT_COLLECTION = "default"


def enrich(
    source: str | bytes | Path, *, collection: str = DEFAULT_COLLECTION, settings: Settings | None = None
) -> Record:
    """Return the record of one article: a text (`str`), raw `bytes`, or the `Path` of a file.

    Raises RejectArticle, with a code and a reason, for what the workers would put in quarantine.
    """
    settings = settings or load_settings()
    data = _bytes_of(source)
    article = read.read(data, collection=collection, settings=settings)
    extraction = extract.extract(article, collection=collection, settings=settings)
    classification = classify.classify(article, settings=settings)
    return publish.join(
        article,
        extraction,
        classification,
        identity=publish.Identity(
            id=article_id(collection, data), digest=digest_of(data), collection=collection
        ),
        fingerprints={
            "read": read.fingerprint(settings),
            "extract": extract.fingerprint(settings),
            "classify": classify.fingerprint(settings),
            "publish": publish.fingerprint(settings),
        },
    )


def enrich_many(
    sources: Iterable[str | bytes | Path],
    *,
    collection: str = DEFAULT_COLLECTION,
    settings: Settings | None = None,
) -> Iterator[Record]:
    """Yield the records of many articles, one after the other, in their order; see `enrich`."""
    settings = settings or load_settings()
    for source in sources:
        yield enrich(source, collection=collection, settings=settings)


def _bytes_of(source: str | bytes | Path) -> bytes:
    if isinstance(source, bytes):
        return source
    if isinstance(source, Path):
        return source.read_bytes()
    return source.encode()
