"""The index that relations are found in. Empty at first: `copydesk reprocess` fills it for what is there."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "texts",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("digest", sa.BigInteger(), nullable=False),
        sa.Column("sketch", sa.LargeBinary(), nullable=False),
        sa.Column("facts", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("texts_digest", "texts", ["digest"], unique=True)
    op.create_table(
        "text_keys",
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("text", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("key", "text"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "prints",
        sa.Column("seq", NUMBER, autoincrement=False, nullable=False),
        sa.Column("text", sa.BigInteger(), nullable=False),
        sa.Column("moment", sa.BigInteger(), nullable=True),
        sa.Column("address", sa.BigInteger(), nullable=True),
        sa.Column("corrects", sa.Boolean(), nullable=False),
        sa.Column("story", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("seq"),
    )
    op.create_index("prints_text", "prints", ["text"], unique=False)
    op.create_index("prints_address", "prints", ["address"], unique=False)
    op.create_table(
        "story_keys",
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("text", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("key", "text"),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    for table in ("story_keys", "prints", "text_keys", "texts"):
        op.drop_table(table)
