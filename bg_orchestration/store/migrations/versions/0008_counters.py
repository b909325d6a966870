"""Add counters for the metrics, and an index of dead refreshes."""

import sqlalchemy as sa
from alembic import op

from bg_orchestration.store.schema import tables

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Create the table and the index."""
    op.create_table(
        "pipeline_counters",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("labels", sa.String(length=256), nullable=False),
        sa.Column("value", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("name", "labels", name=op.f("pk_pipeline_counters")),
    )
    op.create_index(
        "ix_buyer_group_refresh_logs_dead",
        "buyer_group_refresh_logs",
        ["finished_at"],
        sqlite_where=tables.DEAD,
        postgresql_where=tables.DEAD,
    )
