"""The current records of a desk one after the other, as JSON and nothing joined to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from worker.desk.tables import articles, records

if TYPE_CHECKING:
    from collections.abc import Iterator

    from worker.desk.engine import Desk

AT_ONCE = 100


def current_bodies(desk: Desk) -> Iterator[str]:
    """Yield current records in order of arrival; reads in short transactions and bounded memory."""
    last = 0
    query = (
        select(articles.c.seq, records.c.body)
        .join(
            records,
            (records.c.article_id == articles.c.id) & (records.c.revision == articles.c.revision),
        )
        .order_by(articles.c.seq)
        .limit(AT_ONCE)
    )
    while True:
        with desk.reading() as connection:
            rows = connection.execute(query.where(articles.c.seq > last)).all()
        if not rows:
            return
        last = rows[-1].seq
        yield from (row.body for row in rows)
