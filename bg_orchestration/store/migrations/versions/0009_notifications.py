"""Add notifications, their addresses, and an index of completed refreshes."""

import sqlalchemy as sa
from alembic import op

from bg_orchestration.store.schema import tables
from bg_orchestration.store.schema.columns import Key

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Create the tables and the index."""
    utc = tables.Utc(timezone=True)
    op.create_table(
        "notification_outbox",
        sa.Column("id", Key, nullable=False),
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.Column("type", sa.String(length=32), nullable=False),
        sa.Column("company_id", sa.String(length=128), nullable=False),
        sa.Column("refresh_id", sa.String(length=32), nullable=False),
        sa.Column("created_at", utc, nullable=False),
        sa.Column("state", sa.String(length=16), server_default="pending", nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("due_at", utc, nullable=False),
        sa.Column("ended_at", utc, nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "state IN ('pending', 'sent', 'dead', 'dropped')",
            name=op.f("ck_notification_outbox_state"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notification_outbox")),
        sa.UniqueConstraint("refresh_id", "type", "address", name="uq_notification_outbox_message"),
    )
    for name, columns, where in (
        ("pending", ["address", "id"], tables.PENDING),
        ("pending_company", ["address", "company_id", "id"], tables.PENDING),
        ("dead", ["id"], tables.DEAD),
    ):
        op.create_index(
            f"ix_notification_outbox_{name}",
            "notification_outbox",
            columns,
            sqlite_where=where,
            postgresql_where=where,
        )
    op.create_index("ix_notification_outbox_ended_at", "notification_outbox", ["ended_at"])
    op.create_table(
        "notification_addresses",
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.Column("claimed_by", sa.String(length=32), nullable=True),
        sa.Column("claimed_until", utc, nullable=True),
        sa.Column("failures", sa.Integer(), server_default="0", nullable=False),
        sa.Column("rests_until", utc, nullable=True),
        sa.PrimaryKeyConstraint("address", name=op.f("pk_notification_addresses")),
    )
    op.create_index(
        "ix_buyer_group_refresh_logs_completed",
        "buyer_group_refresh_logs",
        ["finished_at"],
        sqlite_where=tables.COMPLETED,
        postgresql_where=tables.COMPLETED,
    )
