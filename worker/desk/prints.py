"""Writes the prints of articles: the index in which relations are found.

Only what an article is by itself is written, never what it is to others: relations are an answer that
`worker.desk.relations` works out of the index when somebody asks. So nothing is written twice, nothing has to
be repaired after a crash, nobody waits for another writer, and no order of arrival can leave a trace.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, delete, insert, select

from worker.desk.likeness import Text
from worker.desk.sql import dialect_insert, insert_pairs
from worker.desk.story import StoryPrints
from worker.desk.tables import prints as table
from worker.desk.tables import story_keys, text_keys, texts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy import Connection, Table


@dataclass(frozen=True, eq=False)
class Prints:
    """What is kept of one article. `digest` is over all that is kept of its text, and over its words."""

    digest: int
    sketch: bytes
    facts: bytes
    keys: tuple[int, ...]
    moment: int | None = None
    address: int | None = None
    corrects: bool = False
    story: StoryPrints | None = None


def write(connection: Connection, made: Mapping[int, Prints | None], *, older: Sequence[int] = ()) -> None:
    """Write the prints of articles, by `articles.seq`; those in `older` may have some, which are replaced."""
    if older:
        forget(connection, older)
    some = {seq: each for seq, each in sorted(made.items()) if each is not None}
    if not some:
        return
    ids = _text_ids(connection, {each.digest: each for each in some.values()})
    connection.execute(
        insert(table),
        [
            {
                "seq": seq,
                "text": ids[each.digest],
                "moment": each.moment,
                "address": each.address,
                "corrects": each.corrects,
                "story": each.story.packed() if each.story else None,
            }
            for seq, each in some.items()
        ],
    )
    pairs = {(key, ids[each.digest]) for each in some.values() if each.story for key in each.story.found_by()}
    insert_pairs(connection, story_keys, sorted(pairs))


def _text_ids(connection: Connection, by_digest: Mapping[int, Prints]) -> dict[int, int]:
    """Return the texts' numbers, making those that are new, in one order for all writers."""
    known = _known(connection, by_digest)
    new = [by_digest[digest] for digest in sorted(by_digest.keys() - known.keys())]
    if not new:
        return known
    statement = dialect_insert(connection, texts).on_conflict_do_nothing(index_elements=["digest"])
    connection.execute(
        statement, [{"digest": each.digest, "sketch": each.sketch, "facts": each.facts} for each in new]
    )
    ids = _known(connection, by_digest)
    pairs = {(key, ids[each.digest]) for each in new for key in each.keys}
    insert_pairs(connection, text_keys, sorted(pairs))  # in one order for all writers
    return ids


def _known(connection: Connection, digests: Iterable[int]) -> dict[int, int]:
    """Return the texts that there are; nobody deletes them before this transaction is over."""
    query = select(texts.c.digest, texts.c.id).where(texts.c.digest.in_(list(digests)))
    return {row.digest: row.id for row in connection.execute(query.with_for_update(read=True))}


def forget(connection: Connection, seqs: Sequence[int]) -> None:
    """Delete the prints of articles, with what no other article of the same text needs."""
    rows = connection.execute(select(table).where(table.c.seq.in_(seqs))).all()
    if not rows:
        return
    touched = {row.text for row in rows}
    packed = connection.execute(select(texts).where(texts.c.id.in_(touched)).with_for_update()).all()
    connection.execute(delete(table).where(table.c.seq.in_(seqs)))
    staying = connection.execute(select(table).where(table.c.text.in_(touched))).all()
    _delete_pairs(connection, story_keys, _story_pairs(rows) - _story_pairs(staying))
    lost = [row for row in packed if row.id not in {each.text for each in staying}]
    pairs = {(key, row.id) for row in lost for key in Text.unpacked(row.sketch, row.facts).found_by()}
    _delete_pairs(connection, text_keys, pairs)
    connection.execute(delete(texts).where(texts.c.id.in_([row.id for row in lost])))


def _story_pairs(rows: Iterable[Any]) -> set[tuple[int, int]]:
    return {
        (key, row.text)
        for row in rows
        if row.story is not None
        for key in StoryPrints.unpacked(row.story, row.moment).found_by()
    }


def _delete_pairs(connection: Connection, keys: Table, pairs: Iterable[tuple[int, int]]) -> None:
    if pairs:
        statement = delete(keys).where(keys.c.key == bindparam("b_key"), keys.c.text == bindparam("b_text"))
        connection.execute(statement, [{"b_key": key, "b_text": text} for key, text in sorted(pairs)])
