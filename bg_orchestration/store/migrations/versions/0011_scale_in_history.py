"""Add the last refresh of a company, and indexes that skip a long history."""

import sqlalchemy as sa
from alembic import op

from bg_orchestration.store.schema import tables

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Add the column, fill it from the refreshes, and create the indexes."""
    op.add_column("companies", sa.Column("refreshed_at", tables.Utc(timezone=True)))
    op.execute(
        "UPDATE companies SET refreshed_at = (SELECT max(finished_at) "
        "FROM buyer_group_refresh_logs AS refreshes "
        "WHERE refreshes.company_id = companies.company_id AND refreshes.state = 'completed')"
    )
    for table, name, columns, where in (
        ("companies", "refreshed_at", ["refreshed_at", "company_id"], "followed"),
        ("companies", "created_at", ["created_at"], "followed"),
        ("webhook_events", "state", ["state", "id"], None),
        ("webhook_events", "company_id", ["company_id", "id"], None),
        ("webhook_events", "body", ["handled_at"], "body IS NOT NULL"),
        ("webhook_event_companies", "company_id", ["company_id", "event"], None),
        ("webhook_event_companies", "handled", ["received_at"], "state = 'handled'"),
        ("buyer_group_changes", "refresh_id", ["refresh_id"], None),
    ):
        condition = None if where is None else sa.text(where)
        op.create_index(
            f"ix_{table}_{name}",
            table,
            columns,
            sqlite_where=condition,
            postgresql_where=condition,
        )
    for name in ("received", "dead"):
        op.drop_index(f"ix_webhook_events_{name}", "webhook_events")
