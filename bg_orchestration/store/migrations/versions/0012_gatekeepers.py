"""Who screens the members of a group; the figure `cohesion` goes, as it separated nothing."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Add the column, and drop the other."""
    op.add_column(
        "buyer_groups", sa.Column("gatekeepers", sa.Text(), nullable=False, server_default="[]")
    )
    op.drop_column("buyer_groups", "cohesion")
