"""The first tables. Frozen: it knows nothing of today's `worker.desk.tables`, a test compares the two."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")  # only INTEGER PRIMARY KEY counts up on SQLite
SEARCH = (
    "CREATE VIRTUAL TABLE search USING fts5("
    "article_id UNINDEXED, headline, body, names, tokenize = 'unicode61 remove_diacritics 2')"
)


def upgrade() -> None:
    op.create_table(
        "arrivals",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("article_id", sa.String(length=64), nullable=False),
        sa.Column("source_id", NUMBER, nullable=False),
        sa.Column("member", sa.Text(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("settled", sa.Boolean(), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("arrivals_article", "arrivals", ["article_id"], unique=False)
    op.create_index("arrivals_source", "arrivals", ["source_id", "position"], unique=True)
    op.create_table(
        "articles",
        sa.Column("seq", NUMBER, autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("collection", sa.String(length=200), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("mask", sa.Integer(), nullable=False),
        sa.Column("alone", sa.Boolean(), nullable=False),
        sa.Column("strikes", sa.Integer(), nullable=False),
        sa.Column("interrupts", sa.Integer(), nullable=False),
        sa.Column("group_deaths", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.Float(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.Float(), nullable=False),
        sa.Column("finished_at", sa.Float(), nullable=True),
        sa.PrimaryKeyConstraint("seq"),
        sa.UniqueConstraint("id"),
    )
    op.create_index("articles_due", "articles", ["state", "due_at"], unique=False)
    op.create_index("articles_state", "articles", ["state", "seq"], unique=False)
    op.create_table(
        "claims",
        sa.Column("token", NUMBER, autoincrement=True, nullable=False),
        sa.Column("stage", sa.String(length=16), nullable=False),
        sa.Column("task_id", sa.String(length=64), nullable=False),
        sa.Column("host", sa.String(length=100), nullable=False),
        sa.Column("parent", sa.String(length=40), nullable=False),
        sa.Column("child", sa.String(length=40), nullable=False),
        sa.Column("held", sa.Integer(), nullable=False),
        sa.Column("lease_until", sa.Float(), nullable=False),
        sa.Column("started_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("token"),
        sqlite_autoincrement=True,
    )
    op.create_index("claims_task", "claims", ["task_id"], unique=False)
    op.create_table(
        "entities",
        sa.Column("row", NUMBER, autoincrement=True, nullable=False),
        sa.Column("article_id", sa.String(length=64), nullable=False),
        sa.Column("entity_id", sa.String(length=20), nullable=False),
        sa.Column("type", sa.String(length=16), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=True),
        sa.Column("role", sa.Text(), nullable=True),
        sa.Column("mentions", sa.Integer(), nullable=False),
        sa.Column("salience", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("row"),
    )
    op.create_index("entities_article", "entities", ["article_id"], unique=False)
    op.create_index("entities_name", "entities", ["name"], unique=False)
    op.create_table(
        "holds",
        sa.Column("article_id", sa.String(length=64), nullable=False),
        sa.Column("stage", sa.String(length=16), nullable=False),
        sa.Column("token", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("article_id", "stage"),
    )
    op.create_index("holds_token", "holds", ["token"], unique=False)
    op.create_table(
        "leases",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("holder", sa.String(length=200), nullable=False),
        sa.Column("until", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "outbox",
        sa.Column("article_id", sa.String(length=64), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("sink", sa.String(length=40), nullable=False),
        sa.Column("delivered_at", sa.Float(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.Float(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("article_id", "revision", "sink"),
    )
    op.create_index("outbox_due", "outbox", ["sink", "delivered_at", "due_at"], unique=False)
    op.create_table(
        "parts",
        sa.Column("article_id", sa.String(length=64), nullable=False),
        sa.Column("stage", sa.String(length=16), nullable=False),
        sa.Column("fingerprint", sa.String(length=16), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("article_id", "stage"),
    )
    op.create_table(
        "places",
        sa.Column("row", NUMBER, autoincrement=True, nullable=False),
        sa.Column("article_id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=True),
        sa.Column("lat", sa.Float(), nullable=True),
        sa.Column("lon", sa.Float(), nullable=True),
        sa.Column("geonames_id", sa.BigInteger(), nullable=True),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("row"),
    )
    op.create_index("places_article", "places", ["article_id"], unique=False)
    op.create_index("places_name", "places", ["name"], unique=False)
    op.create_table(
        "quarantine",
        sa.Column("article_id", sa.String(length=64), nullable=False),
        sa.Column("stage", sa.String(length=16), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("signature", sa.String(length=200), nullable=False),
        sa.Column("traceback", sa.Text(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("article_id"),
    )
    op.create_index("quarantine_signature", "quarantine", ["signature"], unique=False)
    op.create_table(
        "quotes",
        sa.Column("row", NUMBER, autoincrement=True, nullable=False),
        sa.Column("article_id", sa.String(length=64), nullable=False),
        sa.Column("quote_id", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("speaker", sa.Text(), nullable=True),
        sa.Column("speaker_id", sa.String(length=20), nullable=True),
        sa.Column("cue", sa.Text(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("row"),
    )
    op.create_index("quotes_article", "quotes", ["article_id"], unique=False)
    op.create_index("quotes_speaker", "quotes", ["speaker"], unique=False)
    op.create_table(
        "records",
        sa.Column("article_id", sa.String(length=64), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("schema_version", sa.String(length=10), nullable=False),
        sa.Column("collection", sa.String(length=200), nullable=False),
        sa.Column("headline", sa.Text(), nullable=False),
        sa.Column("published", sa.String(length=40), nullable=True),
        sa.Column("language", sa.String(length=8), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("made_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("article_id", "revision"),
    )
    op.create_index("records_published", "records", ["published"], unique=False)
    op.create_table(
        "sink_cursors",
        sa.Column("sink", sa.String(length=40), nullable=False),
        sa.Column("cursor", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("sink"),
    )
    op.create_table(
        "sources",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("collection", sa.String(length=200), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("mtime_ns", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=True),
        sa.Column("watched", sa.Boolean(), nullable=False),
        sa.Column("run", sa.String(length=32), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("cursor", sa.Text(), nullable=True),
        sa.Column("articles", sa.Integer(), nullable=False),
        sa.Column("pending", sa.Integer(), nullable=False),
        sa.Column("error_code", sa.String(length=40), nullable=True),
        sa.Column("error_detail", sa.Text(), nullable=True),
        sa.Column("moved_to", sa.Text(), nullable=True),
        sa.Column("created_at", sa.Float(), nullable=False),
        sa.Column("settled_at", sa.Float(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("sources_open", "sources", ["watched", "settled_at", "pending"], unique=False)
    op.create_index("sources_path", "sources", ["path"], unique=False)
    op.create_index("sources_run", "sources", ["run"], unique=False)
    op.create_table(
        "timexes",
        sa.Column("row", NUMBER, autoincrement=True, nullable=False),
        sa.Column("article_id", sa.String(length=64), nullable=False),
        sa.Column("type", sa.String(length=16), nullable=False),
        sa.Column("value", sa.String(length=40), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("row"),
    )
    op.create_index("timexes_article", "timexes", ["article_id"], unique=False)
    op.create_index("timexes_value", "timexes", ["value"], unique=False)
    op.create_table(
        "topics",
        sa.Column("row", NUMBER, autoincrement=True, nullable=False),
        sa.Column("article_id", sa.String(length=64), nullable=False),
        sa.Column("code", sa.String(length=30), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("probability", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("row"),
    )
    op.create_index("topics_article", "topics", ["article_id"], unique=False)
    op.create_index("topics_code", "topics", ["code"], unique=False)
    if op.get_bind().dialect.name == "sqlite":
        op.execute(SEARCH)


def downgrade() -> None:
    raise NotImplementedError("The first version has nothing below it; delete the desk instead.")
