"""Add users' decisions, the needs and confidence of groups, and changes in words."""

import json
import re
from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from bg_orchestration.store.schema import tables

revision = "0002"
down_revision = "0001"

_ROLES = "'decision', 'champion', 'stakeholder', 'blocker', 'introducer'"
_MISSING_ROLE = re.compile(r"no (decision|champion|stakeholder|blocker|introducer)\b")


def upgrade() -> None:
    """Add the table of decisions and the columns; turn the gaps' sentences into objects."""
    _create_decisions()
    for table, column in (
        (
            "buyer_groups",
            sa.Column("people_known", sa.Integer(), server_default="0", nullable=False),
        ),
        ("buyer_groups", sa.Column("confidence", sa.Float(), server_default="0", nullable=False)),
        ("buyer_groups", sa.Column("covered", sa.Text(), server_default="[]", nullable=False)),
        ("buyer_group_members", sa.Column("started_on", sa.String(length=10), nullable=True)),
        ("buyer_group_members", sa.Column("decided", sa.String(length=16), nullable=True)),
        ("buyer_group_changes", sa.Column("title", sa.Text(), nullable=True)),
        ("buyer_group_changes", sa.Column("since", sa.String(length=10), nullable=True)),
    ):
        op.add_column(table, column)
    _make_objects_of_gaps(op.get_bind())


def _create_decisions() -> None:
    op.create_table(
        "buyer_group_decisions",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("company_id", sa.String(length=128), nullable=False),
        sa.Column("profile_id", sa.String(length=128), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=True),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("decided_at", tables.Utc(timezone=True), nullable=False),
        sa.Column("taken_back_at", tables.Utc(timezone=True), nullable=True),
        sa.Column("taken_back_by", sa.Text(), nullable=True),
        sa.Column("taken_back_why", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('confirmed', 'dismissed', 'assigned')",
            name=op.f("ck_buyer_group_decisions_kind"),
        ),
        sa.CheckConstraint(f"role IN ({_ROLES})", name=op.f("ck_buyer_group_decisions_role")),
        sa.CheckConstraint(
            "(kind = 'dismissed') = (role IS NULL)",
            name=op.f("ck_buyer_group_decisions_dismissed_without_role"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id"],
            ["companies.company_id"],
            name=op.f("fk_buyer_group_decisions_company_id"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people.person_id"],
            name=op.f("fk_buyer_group_decisions_person_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_buyer_group_decisions")),
    )
    for column in ("company_id", "person_id"):
        op.create_index(
            f"ix_buyer_group_decisions_{column}", "buyer_group_decisions", [column], unique=False
        )
    op.create_index(
        "uq_buyer_group_decisions_in_force",
        "buyer_group_decisions",
        ["company_id", "profile_id", "person_id"],
        unique=True,
        sqlite_where=sa.text("taken_back_at IS NULL"),
        postgresql_where=sa.text("taken_back_at IS NULL"),
    )


def _make_objects_of_gaps(connection: sa.Connection) -> None:
    groups = sa.table(
        "buyer_groups", sa.column("company_id"), sa.column("profile_id"), sa.column("gaps")
    )
    rows = connection.execute(sa.select(groups).where(groups.c.gaps != "[]")).all()
    changed = [
        {
            "company": row.company_id,
            "profile": row.profile_id,
            "new": _objects(json.loads(row.gaps)),
        }
        for row in rows
    ]
    if changed:
        connection.execute(
            sa.update(groups)
            .where(groups.c.company_id == sa.bindparam("company"))
            .where(groups.c.profile_id == sa.bindparam("profile"))
            .values(gaps=sa.bindparam("new")),
            changed,
        )


def _objects(sentences: Sequence[str]) -> str:
    """Return the gaps as the next refresh would write them, without the nearest people."""
    return json.dumps(
        [
            {
                "need": found[1] if (found := _MISSING_ROLE.match(sentence)) else "members",
                "look_for": sentence,
                "nearest": [],
            }
            for sentence in sentences
        ]
    )
