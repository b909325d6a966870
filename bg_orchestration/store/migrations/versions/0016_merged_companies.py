"""Add the company that a merged company belongs to now."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
phase = "before"


def upgrade() -> None:
    """Add the new column; no company is merged yet."""
    op.add_column("companies", sa.Column("merged_into", sa.String(128)))
