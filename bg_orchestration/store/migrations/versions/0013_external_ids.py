"""Add the external ids of companies and people, and the owner of a company."""

import sqlalchemy as sa
from alembic import op

from bg_orchestration.store.schema import tables
from bg_orchestration.store.schema.columns import Key

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Create the table, its indexes and the column."""
    utc = tables.Utc(timezone=True)
    op.create_table(
        "external_ids",
        sa.Column("id", Key, nullable=False),
        sa.Column("system", sa.String(length=64), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("our_id", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("first_seen", utc, nullable=False),
        sa.Column("last_seen", utc, nullable=False),
        sa.Column("state", sa.String(length=8), server_default="mapped", nullable=False),
        sa.CheckConstraint("kind IN ('company', 'person')", name=op.f("ck_external_ids_kind")),
        sa.CheckConstraint("state IN ('mapped', 'conflict')", name=op.f("ck_external_ids_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_external_ids")),
        sa.UniqueConstraint("system", "external_id", "our_id", name="uq_external_ids_claim"),
    )
    mapped = sa.text("state = 'mapped'")
    op.create_index(
        "uq_external_ids_mapped",
        "external_ids",
        ["system", "external_id"],
        unique=True,
        sqlite_where=mapped,
        postgresql_where=mapped,
    )
    op.create_index("ix_external_ids_our_id", "external_ids", ["kind", "our_id"])
    op.add_column("companies", sa.Column("owner", sa.Text(), nullable=True))
