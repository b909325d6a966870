"""Add subscriptions to providers' pushes, and sweeps for changes without a push."""

import sqlalchemy as sa
from alembic import op

from bg_orchestration.store.schema import tables

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Create both tables."""
    op.create_table(
        "provider_subscriptions",
        sa.Column("subscription_id", sa.String(length=32), nullable=False),
        sa.Column("provider", sa.String(length=32), nullable=False),
        sa.Column("company_id", sa.String(length=128), nullable=True),
        sa.Column("people", sa.Integer(), nullable=True),
        sa.Column("provider_id", sa.Text(), nullable=True),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", tables.Utc(timezone=True), nullable=False),
        sa.Column("expires_at", tables.Utc(timezone=True), nullable=True),
        sa.Column("last_push_at", tables.Utc(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["company_id"],
            ["companies.company_id"],
            name=op.f("fk_provider_subscriptions_company_id"),
        ),
        sa.PrimaryKeyConstraint("subscription_id", name=op.f("pk_provider_subscriptions")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_provider_subscriptions_token_hash")),
    )
    op.create_table(
        "provider_sweeps",
        sa.Column("company_id", sa.String(length=128), nullable=False),
        sa.Column("swept_at", tables.Utc(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id"],
            ["companies.company_id"],
            name=op.f("fk_provider_sweeps_company_id"),
        ),
        sa.PrimaryKeyConstraint("company_id", name=op.f("pk_provider_sweeps")),
    )
