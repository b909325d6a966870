"""Add the ledger of paid calls, rate limits, circuits, and the cost of a refresh."""

import sqlalchemy as sa
from alembic import op

from bg_orchestration.store.schema import tables

revision = "0004"
down_revision = "0003"

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Recreate the ledger, which is still empty, and create the tables beside it."""
    op.drop_table("pipeline_operations")
    _create_ledger()
    _create_pace()
    op.create_table(
        "budget_overrides",
        sa.Column("company_id", sa.String(length=128), nullable=False),
        sa.Column("granted_at", tables.Utc(timezone=True), nullable=False),
        sa.Column("until", tables.Utc(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id"],
            ["companies.company_id"],
            name=op.f("fk_budget_overrides_company_id"),
        ),
        sa.PrimaryKeyConstraint("company_id", name=op.f("pk_budget_overrides")),
    )
    op.add_column(
        "buyer_group_refresh_logs",
        sa.Column("cost_usd", sa.Float(), server_default="0", nullable=False),
    )


def _create_ledger() -> None:
    op.create_table(
        "pipeline_operations",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("capability", sa.String(length=16), nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("endpoint", sa.Text(), nullable=False),
        sa.Column("company_id", sa.String(length=128), nullable=True),
        sa.Column("refresh_id", sa.String(length=32), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=True),
        sa.Column("why", sa.Text(), nullable=True),
        sa.Column("asked_at", tables.Utc(timezone=True), nullable=False),
        sa.Column("claimed_until", tables.Utc(timezone=True), nullable=False),
        sa.Column("answered_at", tables.Utc(timezone=True), nullable=True),
        sa.Column("fresh_until", tables.Utc(timezone=True), nullable=True),
        sa.Column("credits", sa.Float(), nullable=False),
        sa.Column("cost_usd", sa.Float(), nullable=False),
        sa.Column("cost_basis", sa.String(length=16), nullable=False),
        sa.Column("headers", sa.Text(), nullable=True),
        sa.Column("answer", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "state IN ('started', 'answered', 'not_found', 'failed', 'ambiguous')",
            name=op.f("ck_pipeline_operations_state"),
        ),
        sa.CheckConstraint(
            "cost_basis IN ('metered', 'listed', 'possible')",
            name=op.f("ck_pipeline_operations_cost_basis"),
        ),
        sa.PrimaryKeyConstraint("key", "attempt", name=op.f("pk_pipeline_operations")),
    )
    op.create_index(
        "ix_pipeline_operations_spending",
        "pipeline_operations",
        ["asked_at", "provider", "cost_usd"],
    )
    op.create_index(
        "ix_pipeline_operations_started",
        "pipeline_operations",
        ["claimed_until"],
        sqlite_where=sa.text("state = 'started'"),
        postgresql_where=sa.text("state = 'started'"),
    )
    for column in ("refresh_id", "company_id"):
        op.create_index(f"ix_pipeline_operations_{column}", "pipeline_operations", [column])


def _create_pace() -> None:
    op.create_table(
        "provider_endpoints",
        sa.Column("provider", sa.String(length=32), nullable=False),
        sa.Column("endpoint", sa.String(length=128), nullable=False),
        sa.Column("next_at", tables.Utc(timezone=True), nullable=True),
        sa.Column("calls", _KEY, server_default="0", nullable=False),
        sa.Column("errors", _KEY, server_default="0", nullable=False),
        sa.Column("ledger_hits", _KEY, server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("provider", "endpoint", name=op.f("pk_provider_endpoints")),
    )
    op.create_table(
        "provider_requests",
        sa.Column("request_id", sa.String(length=32), nullable=False),
        sa.Column("provider", sa.String(length=32), nullable=False),
        sa.Column("endpoint", sa.String(length=128), nullable=False),
        sa.Column("expires_at", tables.Utc(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("request_id", name=op.f("pk_provider_requests")),
    )
    op.create_index("ix_provider_requests_endpoint", "provider_requests", ["provider", "endpoint"])
    op.create_table(
        "provider_circuits",
        sa.Column("provider", sa.String(length=32), nullable=False),
        sa.Column("faults", sa.Integer(), nullable=False),
        sa.Column("openings", sa.Integer(), nullable=False),
        sa.Column("open_until", tables.Utc(timezone=True), nullable=True),
        sa.Column("trying_until", tables.Utc(timezone=True), nullable=True),
        sa.Column("stopped", sa.Boolean(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("provider", name=op.f("pk_provider_circuits")),
    )
