"""The first schema."""

import sqlalchemy as sa
from alembic import op

from bg_orchestration.store.schema import tables

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create every table."""
    op.create_table(
        "companies",
        sa.Column("company_id", sa.String(length=128), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("folded_name", sa.Text(), nullable=False),
        sa.Column("domain", sa.Text(), nullable=True),
        sa.Column("employee_count", sa.Integer(), nullable=True),
        sa.Column("industry", sa.Text(), nullable=True),
        sa.Column("country", sa.Text(), nullable=True),
        sa.Column("followed", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("created_at", tables.Utc(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("company_id", name=op.f("pk_companies")),
    )
    op.create_index(op.f("ix_companies_folded_name"), "companies", ["folded_name"], unique=False)
    op.create_table(
        "people",
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=True),
        sa.Column("linkedin_url", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("created_at", tables.Utc(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_people")),
    )
    op.create_table(
        "pipeline_operations",
        sa.Column("key", sa.String(length=128), nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("endpoint", sa.Text(), nullable=False),
        sa.Column("refresh_id", sa.String(length=32), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("asked_at", tables.Utc(timezone=True), nullable=False),
        sa.Column("answered_at", tables.Utc(timezone=True), nullable=True),
        sa.Column("fresh_until", tables.Utc(timezone=True), nullable=True),
        sa.Column("cost_usd", sa.Float(), nullable=True),
        sa.Column("answer", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "state IN ('started', 'answered', 'not_found', 'failed', 'ambiguous')",
            name=op.f("ck_pipeline_operations_state"),
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_pipeline_operations")),
    )
    op.create_table(
        "webhook_events",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("company_id", sa.String(length=128), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("happened_at", tables.Utc(timezone=True), nullable=False),
        sa.Column("received_at", tables.Utc(timezone=True), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("body_sha256", sa.String(length=64), nullable=False),
        sa.Column("scheme", sa.Text(), nullable=False),
        sa.Column("key_fingerprint", sa.Text(), nullable=False),
        sa.Column("webhook_id", sa.Text(), nullable=True),
        sa.Column("traceparent", sa.Text(), nullable=True),
        sa.Column("conflicts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("state", sa.String(length=16), server_default="received", nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("handled_at", tables.Utc(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('received', 'pending', 'handled', 'ignored', 'dead')",
            name=op.f("ck_webhook_events_state"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_events")),
        sa.UniqueConstraint("source", "event_id", name="uq_webhook_events_source_event_id"),
    )
    op.create_index(
        "ix_webhook_events_dead",
        "webhook_events",
        ["id"],
        unique=False,
        sqlite_where=sa.text("state = 'dead'"),
        postgresql_where=sa.text("state = 'dead'"),
    )
    op.create_index(
        "ix_webhook_events_received",
        "webhook_events",
        ["id"],
        unique=False,
        sqlite_where=sa.text("state = 'received'"),
        postgresql_where=sa.text("state = 'received'"),
    )
    op.create_table(
        "buyer_group_members",
        sa.Column("company_id", sa.String(length=128), nullable=False),
        sa.Column("profile_id", sa.String(length=128), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("seniority", sa.String(length=16), nullable=False),
        sa.Column("function", sa.String(length=32), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("contacts", sa.Text(), nullable=False),
        sa.Column("changed_at", tables.Utc(timezone=True), nullable=False),
        sa.CheckConstraint(
            "role IN ('decision', 'champion', 'stakeholder', 'blocker', 'introducer')",
            name=op.f("ck_buyer_group_members_role"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people.person_id"],
            name=op.f("fk_buyer_group_members_person_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "company_id", "profile_id", "person_id", name=op.f("pk_buyer_group_members")
        ),
    )
    op.create_index(
        "ix_buyer_group_members_person_id", "buyer_group_members", ["person_id"], unique=False
    )
    op.create_table(
        "buyer_group_refresh_logs",
        sa.Column("refresh_id", sa.String(length=32), nullable=False),
        sa.Column("company_id", sa.String(length=128), nullable=False),
        sa.Column("reason", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=16), server_default="planned", nullable=False),
        sa.Column("attempt", sa.Integer(), server_default="1", nullable=False),
        sa.Column("planned_at", tables.Utc(timezone=True), nullable=False),
        sa.Column("due_at", tables.Utc(timezone=True), nullable=False),
        sa.Column("emitted_at", tables.Utc(timezone=True), nullable=True),
        sa.Column("run_id", sa.String(length=64), nullable=True),
        sa.Column("started_at", tables.Utc(timezone=True), nullable=True),
        sa.Column("finished_at", tables.Utc(timezone=True), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("traceparent", sa.Text(), nullable=True),
        sa.Column("summary", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "reason IN ('event', 'manual', 'scheduled')",
            name=op.f("ck_buyer_group_refresh_logs_reason"),
        ),
        sa.CheckConstraint(
            "state IN ('planned', 'running', 'completed', 'failed', 'dead')",
            name=op.f("ck_buyer_group_refresh_logs_state"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id"],
            ["companies.company_id"],
            name=op.f("fk_buyer_group_refresh_logs_company_id"),
        ),
        sa.PrimaryKeyConstraint("refresh_id", name=op.f("pk_buyer_group_refresh_logs")),
    )
    op.create_index(
        "ix_buyer_group_refresh_logs_company_started",
        "buyer_group_refresh_logs",
        ["company_id", "started_at"],
        unique=False,
    )
    op.create_index(
        "ix_buyer_group_refresh_logs_run_id", "buyer_group_refresh_logs", ["run_id"], unique=False
    )
    op.create_index(
        "ix_buyer_group_refresh_logs_to_emit",
        "buyer_group_refresh_logs",
        ["reason", "due_at"],
        unique=False,
        sqlite_where=sa.text("state IN ('planned', 'failed') AND emitted_at IS NULL"),
        postgresql_where=sa.text("state IN ('planned', 'failed') AND emitted_at IS NULL"),
    )
    op.create_index(
        "ix_buyer_group_refresh_logs_under_way",
        "buyer_group_refresh_logs",
        ["emitted_at"],
        unique=False,
        sqlite_where=sa.text(
            "state IN ('planned', 'running', 'failed') AND emitted_at IS NOT NULL"
        ),
        postgresql_where=sa.text(
            "state IN ('planned', 'running', 'failed') AND emitted_at IS NOT NULL"
        ),
    )
    op.create_index(
        "uq_buyer_group_refresh_logs_open",
        "buyer_group_refresh_logs",
        ["company_id"],
        unique=True,
        sqlite_where=sa.text("state IN ('planned', 'running', 'failed')"),
        postgresql_where=sa.text("state IN ('planned', 'running', 'failed')"),
    )
    op.create_table(
        "buyer_groups",
        sa.Column("company_id", sa.String(length=128), nullable=False),
        sa.Column("profile_id", sa.String(length=128), nullable=False),
        sa.Column("company_size", sa.Integer(), nullable=False),
        sa.Column("size_low", sa.Integer(), nullable=False),
        sa.Column("size_high", sa.Integer(), nullable=False),
        sa.Column("completeness", sa.Float(), nullable=False),
        sa.Column("cohesion", sa.Float(), nullable=False),
        sa.Column("gaps", sa.Text(), nullable=False),
        sa.Column("created_at", tables.Utc(timezone=True), nullable=False),
        sa.Column("changed_at", tables.Utc(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id"], ["companies.company_id"], name=op.f("fk_buyer_groups_company_id")
        ),
        sa.PrimaryKeyConstraint("company_id", "profile_id", name=op.f("pk_buyer_groups")),
    )
    op.create_table(
        "company_leases",
        sa.Column("company_id", sa.String(length=128), nullable=False),
        sa.Column("token", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("refresh_id", sa.String(length=32), nullable=False),
        sa.Column("run_id", sa.String(length=64), nullable=False),
        sa.Column("expires_at", tables.Utc(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id"], ["companies.company_id"], name=op.f("fk_company_leases_company_id")
        ),
        sa.PrimaryKeyConstraint("company_id", name=op.f("pk_company_leases")),
    )
    op.create_table(
        "contact_points",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("as_of", tables.Utc(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('email', 'phone')", name=op.f("ck_contact_points_kind")),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people.person_id"],
            name=op.f("fk_contact_points_person_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_points")),
        sa.UniqueConstraint(
            "person_id", "kind", "value", name="uq_contact_points_person_kind_value"
        ),
    )
    op.create_table(
        "employments",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("company_id", sa.String(length=128), nullable=False),
        sa.Column("title", sa.Text(), server_default="", nullable=False),
        sa.Column("department", sa.Text(), nullable=True),
        sa.Column("started_on", sa.String(length=10), nullable=True),
        sa.Column("current", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("as_of", tables.Utc(timezone=True), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id"], ["companies.company_id"], name=op.f("fk_employments_company_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people.person_id"],
            name=op.f("fk_employments_person_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_employments")),
        sa.UniqueConstraint("company_id", "person_id", name="uq_employments_company_person"),
    )
    op.create_index("ix_employments_person_id", "employments", ["person_id"], unique=False)
    op.create_table(
        "buyer_group_changes",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("company_id", sa.String(length=128), nullable=False),
        sa.Column("profile_id", sa.String(length=128), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("refresh_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("old", sa.Text(), nullable=True),
        sa.Column("new", sa.Text(), nullable=True),
        sa.Column("changed_at", tables.Utc(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('joined', 'left', 'role_changed', 'title_changed', 'contact_changed')",
            name=op.f("ck_buyer_group_changes_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["refresh_id"],
            ["buyer_group_refresh_logs.refresh_id"],
            name=op.f("fk_buyer_group_changes_refresh_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_buyer_group_changes")),
    )
    op.create_index(
        "ix_buyer_group_changes_changed_at", "buyer_group_changes", ["changed_at"], unique=False
    )
    op.create_index(
        "ix_buyer_group_changes_company_changed",
        "buyer_group_changes",
        ["company_id", "changed_at"],
        unique=False,
    )
    op.create_table(
        "refresh_attempts",
        sa.Column("refresh_id", sa.String(length=32), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.String(length=64), nullable=False),
        sa.Column("started_at", tables.Utc(timezone=True), nullable=False),
        sa.Column("ended_at", tables.Utc(timezone=True), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["refresh_id"],
            ["buyer_group_refresh_logs.refresh_id"],
            name=op.f("fk_refresh_attempts_refresh_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("refresh_id", "attempt", name=op.f("pk_refresh_attempts")),
    )
    op.create_index(
        op.f("ix_refresh_attempts_started_at"), "refresh_attempts", ["started_at"], unique=False
    )
    op.create_table(
        "webhook_event_companies",
        sa.Column("event", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("company_id", sa.String(length=128), nullable=False),
        sa.Column("received_at", tables.Utc(timezone=True), nullable=False),
        sa.Column("refresh_id", sa.String(length=32), nullable=True),
        sa.Column("state", sa.String(length=16), server_default="pending", nullable=False),
        sa.CheckConstraint(
            "state IN ('pending', 'handled', 'dead')", name=op.f("ck_webhook_event_companies_state")
        ),
        sa.ForeignKeyConstraint(
            ["company_id"],
            ["companies.company_id"],
            name=op.f("fk_webhook_event_companies_company_id"),
        ),
        sa.ForeignKeyConstraint(
            ["event"],
            ["webhook_events.id"],
            name=op.f("fk_webhook_event_companies_event"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["refresh_id"],
            ["buyer_group_refresh_logs.refresh_id"],
            name=op.f("fk_webhook_event_companies_refresh_id"),
        ),
        sa.PrimaryKeyConstraint("event", "company_id", name=op.f("pk_webhook_event_companies")),
    )
    op.create_index(
        "ix_webhook_event_companies_pending",
        "webhook_event_companies",
        ["company_id", "received_at"],
        unique=False,
        sqlite_where=sa.text("state = 'pending'"),
        postgresql_where=sa.text("state = 'pending'"),
    )
    op.create_index(
        "ix_webhook_event_companies_refresh_id",
        "webhook_event_companies",
        ["refresh_id"],
        unique=False,
    )
