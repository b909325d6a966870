"""Add the outbox of CRMs."""

import sqlalchemy as sa
from alembic import op

from bg_orchestration.store.schema import tables
from bg_orchestration.store.schema.columns import Key

revision = "0017"
down_revision = "0016"
phase = "before"

_STATES = "state IN ('proposed', 'pending', 'done', 'failed', 'dropped')"


def upgrade() -> None:
    """Create the table and its indexes."""
    utc = tables.Utc(timezone=True)
    op.create_table(
        "crm_outbox",
        sa.Column("id", Key, nullable=False),
        sa.Column("system", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("field", sa.String(length=32), nullable=False),
        sa.Column("record", sa.String(length=64), nullable=False),
        sa.Column("target", sa.Text(), server_default="", nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("refresh_id", sa.String(length=32), nullable=True),
        sa.Column("apply_id", sa.String(length=32), nullable=True),
        sa.Column("undoes", Key, nullable=True),
        sa.Column("state", sa.String(length=16), server_default="proposed", nullable=False),
        sa.Column("created_at", utc, nullable=False),
        sa.Column("claimed_until", utc, nullable=True),
        sa.Column("ended_at", utc, nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.CheckConstraint(_STATES, name=op.f("ck_crm_outbox_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_crm_outbox")),
    )
    op.create_index("ix_crm_outbox_person_id", "crm_outbox", ["person_id"])
    op.create_index("ix_crm_outbox_system_state", "crm_outbox", ["system", "state"])
    in_work = sa.text("state IN ('proposed', 'pending')")
    op.create_index(
        "uq_crm_outbox_open",
        "crm_outbox",
        ["system", "field", "record", "target"],
        unique=True,
        sqlite_where=in_work,
        postgresql_where=in_work,
    )
