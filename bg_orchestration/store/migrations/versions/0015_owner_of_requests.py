"""Add the refresh that sends a provider request: its end frees the request's place."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
phase = "before"


def upgrade() -> None:
    """Add the new column; requests in flight expire as before."""
    op.add_column("provider_requests", sa.Column("refresh_id", sa.String(32)))
