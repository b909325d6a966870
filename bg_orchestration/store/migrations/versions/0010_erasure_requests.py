"""Add erasure requests, hidden people, and an index of addresses in lower case."""

import sqlalchemy as sa
from alembic import op

from bg_orchestration.store.schema import tables
from bg_orchestration.store.schema.columns import Key

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Create the tables and the indexes."""
    utc = tables.Utc(timezone=True)
    op.create_table(
        "erasure_requests",
        sa.Column("id", Key, nullable=False),
        sa.Column("requested_at", utc, nullable=False),
        sa.Column("stage", sa.String(length=16), server_default="people", nullable=False),
        sa.Column("position", sa.Text(), nullable=True),
        sa.Column("wanted", sa.Text(), nullable=True),
        sa.Column("erased", sa.Text(), server_default="{}", nullable=False),
        sa.Column("finished_at", utc, nullable=True),
        sa.CheckConstraint(
            "stage IN ('people', 'events', 'answers', 'values', 'done')",
            name=op.f("ck_erasure_requests_stage"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasure_requests")),
    )
    still_open = sa.text("finished_at IS NULL")
    op.create_index(
        "ix_erasure_requests_open",
        "erasure_requests",
        ["id"],
        sqlite_where=still_open,
        postgresql_where=still_open,
    )
    op.create_table(
        "erasure_people",
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("request", Key, nullable=False),
        sa.ForeignKeyConstraint(
            ["request"],
            ["erasure_requests.id"],
            name=op.f("fk_erasure_people_request"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_erasure_people")),
    )
    op.create_index("ix_contact_points_lower_value", "contact_points", [sa.text("lower(value)")])
