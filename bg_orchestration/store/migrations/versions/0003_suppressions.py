"""Add the suppression list."""

import sqlalchemy as sa
from alembic import op

from bg_orchestration.store.schema import tables

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Create the list."""
    op.create_table(
        "suppressions",
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("created_at", tables.Utc(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("mark", name=op.f("pk_suppressions")),
    )
