"""Add provider records, dates of contacts, corrections, research notes and deferral."""

import sqlalchemy as sa
from alembic import op

from bg_orchestration.store.schema import tables

revision = "0005"
down_revision = "0004"

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_FALSE = sa.text("false")


def upgrade() -> None:
    """Add the tables and columns."""
    _create_records()
    _create_corrections()
    _create_notes()
    op.create_index("ix_people_linkedin_url", "people", ["linkedin_url"])
    op.create_index("ix_contact_points_value", "contact_points", ["value"])
    op.add_column("contact_points", sa.Column("verified_at", tables.Utc(timezone=True)))
    op.add_column(
        "contact_points",
        sa.Column("do_not_contact", sa.Boolean(), server_default=_FALSE, nullable=False),
    )
    op.add_column("buyer_group_refresh_logs", sa.Column("deferred", sa.Text()))
    op.add_column(
        "refresh_attempts",
        sa.Column("deferred", sa.Boolean(), server_default=_FALSE, nullable=False),
    )


def _create_records() -> None:
    op.create_table(
        "provider_records",
        sa.Column("provider", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("our_id", sa.Text(), nullable=False),
        sa.Column("as_of", tables.Utc(timezone=True), nullable=False),
        sa.Column("read_at", tables.Utc(timezone=True), nullable=True),
        sa.Column("listed_at", tables.Utc(timezone=True), nullable=True),
        sa.Column("listed_for", sa.String(length=64), nullable=True),
        sa.Column("told", sa.Text(), nullable=True),
        sa.CheckConstraint("kind IN ('company', 'person')", name=op.f("ck_provider_records_kind")),
        sa.PrimaryKeyConstraint(
            "provider", "kind", "source_id", "our_id", name=op.f("pk_provider_records")
        ),
    )
    op.create_index("ix_provider_records_our_id", "provider_records", ["kind", "our_id"])


def _create_corrections() -> None:
    op.create_table(
        "contact_corrections",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("value", sa.Text(), nullable=True),
        sa.Column("wrong", sa.Text(), nullable=True),
        sa.Column("corrected_by", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("corrected_at", tables.Utc(timezone=True), nullable=False),
        sa.Column("taken_back_at", tables.Utc(timezone=True), nullable=True),
        sa.Column("taken_back_by", sa.Text(), nullable=True),
        sa.Column("taken_back_why", sa.Text(), nullable=True),
        sa.CheckConstraint("kind IN ('email', 'phone')", name=op.f("ck_contact_corrections_kind")),
        sa.CheckConstraint(
            "value IS NOT NULL OR wrong IS NOT NULL",
            name=op.f("ck_contact_corrections_says_something"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people.person_id"],
            name=op.f("fk_contact_corrections_person_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_corrections")),
    )
    op.create_index(
        "ix_contact_corrections_in_force",
        "contact_corrections",
        ["person_id"],
        sqlite_where=sa.text("taken_back_at IS NULL"),
        postgresql_where=sa.text("taken_back_at IS NULL"),
    )


def _create_notes() -> None:
    op.create_table(
        "research_notes",
        sa.Column("company_id", sa.String(length=128), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("provider", sa.String(length=32), nullable=False),
        sa.Column("researched_at", tables.Utc(timezone=True), nullable=False),
        sa.Column("findings", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id"], ["companies.company_id"], name=op.f("fk_research_notes_company_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people.person_id"],
            name=op.f("fk_research_notes_person_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("company_id", "person_id", name=op.f("pk_research_notes")),
    )
    op.create_index("ix_research_notes_person_id", "research_notes", ["person_id"])
