"""Add the spans of runs, for `bg trace`."""

import sqlalchemy as sa
from alembic import op

from bg_orchestration.store.schema import tables

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "trace_spans",
        sa.Column("run_id", sa.String(length=64), nullable=False),
        sa.Column("span_id", sa.String(length=16), nullable=False),
        sa.Column("trace_id", sa.String(length=32), nullable=False),
        sa.Column("parent_id", sa.String(length=16), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("began_at", tables.Utc(timezone=True), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("attributes", sa.Text(), nullable=False),
        sa.Column("links", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("run_id", "span_id", name=op.f("pk_trace_spans")),
    )
    op.create_index(op.f("ix_trace_spans_trace_id"), "trace_spans", ["trace_id"])
    op.create_index(op.f("ix_trace_spans_began_at"), "trace_spans", ["began_at"])
