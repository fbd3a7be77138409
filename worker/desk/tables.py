"""The tables of the desk. Times are seconds since 1970 by the desk's clock; sizes are bytes.

`sources`, `articles`, `arrivals`, `claims`, `holds`, `parts`, `outbox` and `quarantine` are the ledger.
`records` holds every revision as JSON; `entities`, `quotes`, `timexes`, `places` and `topics` are the
current revision laid flat, and `search` is its full text (FTS5, SQLite only), so that a person with any
SQLite tool can ask questions. `texts`, `text_keys`, `prints` and `story_keys` are the index that relations to
other articles are found in (`worker.desk.prints` writes it, `worker.desk.relations` asks).
"""

from __future__ import annotations

import enum

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
)


class ArticleState(enum.StrEnum):
    """Where an article is. The last three are final."""

    WAITING = "waiting"
    IN_FLIGHT = "in_flight"
    PUBLISHED = "published"
    QUARANTINED = "quarantined"
    DROPPED = "dropped"


FINAL_STATES = (ArticleState.PUBLISHED, ArticleState.QUARANTINED, ArticleState.DROPPED)


class SourceState(enum.StrEnum):
    """Where a source is."""

    SPLITTING = "splitting"  # articles are still being taken out of it
    SPLIT = "split"  # all of its articles are in the ledger
    FAILED = "failed"  # it could not be read to its end; what came before stays
    GONE = "gone"  # it vanished before it could be read to its end


metadata = MetaData()
_Seq = BigInteger().with_variant(Integer, "sqlite")  # only INTEGER PRIMARY KEY counts up on SQLite

sources = Table(
    "sources",
    metadata,
    Column("id", _Seq, primary_key=True, autoincrement=True),
    Column("path", Text, nullable=False),
    Column("collection", String(200), nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("mtime_ns", BigInteger, nullable=False),
    Column("digest", String(64)),
    Column("watched", Boolean, nullable=False, default=False),
    Column("run", String(32)),
    Column("state", String(16), nullable=False),
    Column("cursor", Text),
    Column("articles", Integer, nullable=False, default=0),
    Column("pending", Integer, nullable=False, default=0),
    Column("error_code", String(40)),
    Column("error_detail", Text),
    Column("moved_to", Text),
    Column("created_at", Float, nullable=False),
    Column("settled_at", Float),
    Index("sources_path", "path"),
    Index("sources_run", "run"),
    Index("sources_open", "watched", "settled_at", "pending"),
)

articles = Table(
    "articles",
    metadata,
    Column("seq", _Seq, primary_key=True, autoincrement=True),
    Column("id", String(64), nullable=False, unique=True),
    Column("collection", String(200), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("state", String(16), nullable=False),
    Column("mask", Integer, nullable=False, default=0),
    Column("alone", Boolean, nullable=False, default=False),
    Column("strikes", Integer, nullable=False, default=0),
    Column("interrupts", Integer, nullable=False, default=0),
    Column("group_deaths", Integer, nullable=False, default=0),
    Column("due_at", Float, nullable=False),
    Column("revision", Integer),
    Column("created_at", Float, nullable=False),
    Column("finished_at", Float),
    Index("articles_state", "state", "seq"),
    Index("articles_due", "state", "due_at"),
)

arrivals = Table(
    "arrivals",
    metadata,
    Column("id", _Seq, primary_key=True, autoincrement=True),
    Column("article_id", String(64), nullable=False),
    Column("source_id", _Seq, nullable=False),
    Column("member", Text),
    Column("position", Integer, nullable=False),
    Column("settled", Boolean, nullable=False, default=False),
    Column("at", Float, nullable=False),
    Index("arrivals_article", "article_id"),
    Index("arrivals_source", "source_id", "position", unique=True),
)

claims = Table(
    "claims",
    metadata,
    Column("token", _Seq, primary_key=True, autoincrement=True),
    Column("stage", String(16), nullable=False),
    Column("task_id", String(64), nullable=False),
    Column("host", String(100), nullable=False),
    Column("parent", String(40), nullable=False),
    Column("child", String(40), nullable=False),
    Column("held", Integer, nullable=False),
    Column("lease_until", Float, nullable=False),
    Column("started_at", Float, nullable=False),
    Index("claims_task", "task_id"),
    # A token is never given twice, even after the last row is gone: it fences.
    sqlite_autoincrement=True,
)

holds = Table(
    "holds",
    metadata,
    Column("article_id", String(64), primary_key=True),
    Column("stage", String(16), primary_key=True),
    Column("token", _Seq, nullable=False),
    Index("holds_token", "token"),
)

parts = Table(
    "parts",
    metadata,
    Column("article_id", String(64), primary_key=True),
    Column("stage", String(16), primary_key=True),
    Column("fingerprint", String(16), nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("made_at", Float, nullable=False),
)

quarantine = Table(
    "quarantine",
    metadata,
    Column("article_id", String(64), primary_key=True),
    Column("stage", String(16), nullable=False),
    Column("code", String(40), nullable=False),
    Column("detail", Text, nullable=False),
    Column("signature", String(200), nullable=False),
    Column("traceback", Text),
    Column("tries", Integer, nullable=False),
    Column("at", Float, nullable=False),
    Index("quarantine_signature", "signature"),
)

records = Table(
    "records",
    metadata,
    Column("article_id", String(64), primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("digest", String(64), nullable=False),
    Column("schema_version", String(10), nullable=False),
    Column("collection", String(200), nullable=False),
    Column("headline", Text, nullable=False),
    Column("published", String(40)),
    Column("language", String(8)),
    Column("body", Text, nullable=False),
    Column("made_at", Float, nullable=False),
    Index("records_published", "published"),
)

outbox = Table(
    "outbox",
    metadata,
    Column("article_id", String(64), primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("sink", String(40), primary_key=True),
    Column("delivered_at", Float),
    Column("attempts", Integer, nullable=False, default=0),
    Column("due_at", Float, nullable=False),
    Column("error", Text),
    Index("outbox_due", "sink", "delivered_at", "due_at"),
)

sink_cursors = Table(
    "sink_cursors",
    metadata,
    Column("sink", String(40), primary_key=True),
    Column("cursor", Text, nullable=False),
)

leases = Table(
    "leases",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("holder", String(200), nullable=False),
    Column("until", Float, nullable=False),
)


def _flat(name: str, *columns: Column[object], index: str) -> Table:
    return Table(
        name,
        metadata,
        Column("row", _Seq, primary_key=True, autoincrement=True),
        Column("article_id", String(64), nullable=False),
        *columns,
        Index(f"{name}_article", "article_id"),
        Index(f"{name}_{index}", index),
    )


entities = _flat(
    "entities",
    Column("entity_id", String(20), nullable=False),
    Column("type", String(16), nullable=False),
    Column("name", Text, nullable=False),
    Column("country", String(2)),
    Column("role", Text),
    Column("mentions", Integer, nullable=False),
    Column("salience", Float, nullable=False),
    index="name",
)
quotes = _flat(
    "quotes",
    Column("quote_id", String(20), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("speaker", Text),
    Column("speaker_id", String(20)),
    Column("cue", Text),
    Column("text", Text, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("confidence", Float, nullable=False),
    index="speaker",
)
timexes = _flat(
    "timexes",
    Column("type", String(16), nullable=False),
    Column("value", String(40)),
    Column("text", Text, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    index="value",
)
places = _flat(
    "places",
    Column("name", Text, nullable=False),
    Column("country", String(2)),
    Column("lat", Float),
    Column("lon", Float),
    Column("geonames_id", BigInteger),
    Column("status", String(16), nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    index="name",
)
topics = _flat(
    "topics",
    Column("code", String(30), nullable=False),
    Column("label", Text, nullable=False),
    Column("probability", Float, nullable=False),
    index="code",
)
texts = Table(  # the words of one body: articles with the same words share it
    "texts",
    metadata,
    Column("id", _Seq, primary_key=True, autoincrement=True),
    Column("digest", BigInteger, nullable=False),
    Column("sketch", LargeBinary, nullable=False),
    Column("facts", LargeBinary, nullable=False),
    Index("texts_digest", "digest", unique=True),
)
text_keys = Table(
    "text_keys",
    metadata,
    Column("key", BigInteger, primary_key=True, autoincrement=False),
    Column("text", BigInteger, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)
prints = Table(  # of the current revision
    "prints",
    metadata,
    Column("seq", _Seq, primary_key=True, autoincrement=False),
    Column("text", BigInteger, nullable=False),
    Column("moment", BigInteger),
    Column("address", BigInteger),
    Column("corrects", Boolean, nullable=False, default=False),
    Column("story", LargeBinary),
    Index("prints_text", "text"),
    Index("prints_address", "address"),
)
story_keys = Table(
    "story_keys",
    metadata,
    Column("key", BigInteger, primary_key=True, autoincrement=False),
    Column("text", BigInteger, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)
FLAT_TABLES = (entities, quotes, timexes, places, topics)
