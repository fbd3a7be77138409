"""The first tables."""

from alembic import op

from worker.desk.tables import metadata

revision = "0001"
down_revision = None

SEARCH = (
    "CREATE VIRTUAL TABLE search USING fts5("
    "article_id UNINDEXED, headline, body, names, tokenize = 'unicode61 remove_diacritics 2')"
)


def upgrade() -> None:
    connection = op.get_bind()
    metadata.create_all(connection)
    if connection.dialect.name == "sqlite":
        op.execute(SEARCH)


def downgrade() -> None:
    raise NotImplementedError("The first version has nothing below it; delete the desk instead.")
