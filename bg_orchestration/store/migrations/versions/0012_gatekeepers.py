"""Add the gatekeepers of a group; drop the figure `cohesion`, which separated nothing."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Add the new column and drop the old column."""
    op.add_column(
        "buyer_groups", sa.Column("gatekeepers", sa.Text(), nullable=False, server_default="[]")
    )
    op.drop_column("buyer_groups", "cohesion")
