r"""The tables, as SQLAlchemy Core. Alembic's migrations create them; a test compares the two.

Nothing here is JSON in the database's own type: `jsonb` refuses what valid JSON may hold
(`\u0000`, lone surrogates), and SQLite has none. Raw events are bytes; our own JSON is text.
"""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    func,
    text,
)

from bg_orchestration.store.schema.columns import (
    Key,
    one_of,
    partial_index,
)
from bg_orchestration.store.schema.columns import Utc as Utc
from bg_orchestration.store.schema.columns import metadata as metadata
from bg_orchestration.store.schema.crm_tables import crm_outbox as crm_outbox
from bg_orchestration.store.schema.erasure_tables import erasure_people as erasure_people
from bg_orchestration.store.schema.erasure_tables import erasure_requests as erasure_requests
from bg_orchestration.store.schema.identity_tables import external_ids as external_ids
from bg_orchestration.store.schema.ledger_tables import budget_overrides as budget_overrides
from bg_orchestration.store.schema.ledger_tables import pipeline_operations as pipeline_operations
from bg_orchestration.store.schema.ledger_tables import provider_circuits as provider_circuits
from bg_orchestration.store.schema.ledger_tables import provider_endpoints as provider_endpoints
from bg_orchestration.store.schema.ledger_tables import provider_requests as provider_requests
from bg_orchestration.store.schema.observability_tables import (
    pipeline_counters as pipeline_counters,
)
from bg_orchestration.store.schema.observability_tables import trace_spans as trace_spans
from bg_orchestration.store.schema.provider_tables import contact_corrections as contact_corrections
from bg_orchestration.store.schema.provider_tables import provider_records as provider_records
from bg_orchestration.store.schema.provider_tables import research_notes as research_notes
from bg_orchestration.store.schema.subscription_tables import (
    provider_subscriptions as provider_subscriptions,
)
from bg_orchestration.store.schema.subscription_tables import provider_sweeps as provider_sweeps

companies = Table(
    "companies",
    metadata,
    Column("company_id", String(128), primary_key=True),
    Column("name", Text, nullable=False),
    # The folded name finds the company of an event that states only a name.
    Column("folded_name", Text, nullable=False, index=True),
    Column("domain", Text),
    Column("employee_count", Integer),
    Column("industry", Text),
    Column("country", Text),
    # The seller's employee who owns the account, as the CRM writes it.
    Column("owner", Text),
    # An archived company keeps its partition key: deleting one fails a backfill in progress.
    Column("followed", Boolean, nullable=False, server_default=text("true")),
    Column("source", Text, nullable=False),
    Column("created_at", Utc, nullable=False),
    # The end of the last completed refresh.
    Column("refreshed_at", Utc),
    # The company that this one was merged into: the old key means that one. It is not followed.
    Column("merged_into", String(128)),
)
# SQLite uses a partial index only where a query repeats its exact condition.
FOLLOWED = text("followed")
# The stalest companies, and the newest: each is read from one end of its index.
partial_index(
    "ix_companies_refreshed_at",
    companies.c.refreshed_at,
    companies.c.company_id,
    where=FOLLOWED,
)
partial_index("ix_companies_created_at", companies.c.created_at, where=FOLLOWED)

people = Table(
    "people",
    metadata,
    Column("person_id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("country", Text),
    Column("linkedin_url", Text),
    Column("source", Text, nullable=False),
    Column("created_at", Utc, nullable=False),
)

employments = Table(
    "employments",
    metadata,
    Column("id", Key, primary_key=True),
    Column("person_id", Text, ForeignKey("people.person_id", ondelete="CASCADE"), nullable=False),
    Column("company_id", String(128), ForeignKey("companies.company_id"), nullable=False),
    Column("title", Text, nullable=False, server_default=""),
    Column("department", Text),
    # With the precision of the source: YYYY, YYYY-MM or YYYY-MM-DD.
    Column("started_on", String(10)),
    Column("current", Boolean, nullable=False, server_default=text("true")),
    # The time of the last applied event; an older event that arrives later changes nothing.
    Column("as_of", Utc),
    Column("source", Text, nullable=False),
    UniqueConstraint("company_id", "person_id", name="uq_employments_company_person"),
)
Index("ix_employments_person_id", employments.c.person_id)
Index("ix_people_linkedin_url", people.c.linkedin_url)

webhook_events = Table(
    "webhook_events",
    metadata,
    Column("id", Key, primary_key=True),
    Column("source", Text, nullable=False),
    Column("event_id", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("company_id", String(128), nullable=False),
    Column("person_id", Text, nullable=False),
    # The provider's time of the event. Work is never ordered or selected by it.
    Column("happened_at", Utc, nullable=False),
    Column("received_at", Utc, nullable=False),
    # The exact signed bytes. Retention and erasure empty them; the row stays.
    Column("body", LargeBinary),
    Column("body_sha256", String(64), nullable=False),
    Column("scheme", Text, nullable=False),
    Column("key_fingerprint", Text, nullable=False),
    Column("webhook_id", Text),
    Column("traceparent", Text),
    # How many other bodies arrived under this id. The first body stays.
    Column("conflicts", Integer, nullable=False, server_default="0"),
    Column("state", String(16), nullable=False, server_default="received"),
    Column("reason", Text),
    Column("handled_at", Utc),
    UniqueConstraint("source", "event_id", name="uq_webhook_events_source_event_id"),
    one_of("state", "received", "pending", "handled", "ignored", "dead"),
)
# The planner finds new events by state: ids of a PostgreSQL sequence commit out of order.
Index("ix_webhook_events_state", webhook_events.c.state, webhook_events.c.id)
Index("ix_webhook_events_company_id", webhook_events.c.company_id, webhook_events.c.id)
# Retention finds bodies to empty and routes to delete by their age.
partial_index(
    "ix_webhook_events_body",
    webhook_events.c.handled_at,
    where=webhook_events.c.body.is_not(None),
)

# An event concerns one company, or two when a person moves between followed companies.
webhook_event_companies = Table(
    "webhook_event_companies",
    metadata,
    Column("event", Key, ForeignKey("webhook_events.id", ondelete="CASCADE"), primary_key=True),
    Column("company_id", String(128), ForeignKey("companies.company_id"), primary_key=True),
    Column("received_at", Utc, nullable=False),
    Column("refresh_id", String(32), ForeignKey("buyer_group_refresh_logs.refresh_id")),
    Column("state", String(16), nullable=False, server_default="pending"),
    one_of("state", "pending", "handled", "dead"),
)
partial_index(
    "ix_webhook_event_companies_pending",
    webhook_event_companies.c.company_id,
    webhook_event_companies.c.received_at,
    where=webhook_event_companies.c.state == text("'pending'"),
)
Index("ix_webhook_event_companies_refresh_id", webhook_event_companies.c.refresh_id)
partial_index(
    "ix_webhook_event_companies_handled",
    webhook_event_companies.c.received_at,
    where=webhook_event_companies.c.state == text("'handled'"),
)
Index(
    "ix_webhook_event_companies_company_id",
    webhook_event_companies.c.company_id,
    webhook_event_companies.c.event,
)

# SQLite uses a partial index only where a query repeats its exact condition. So the indexes below
# and the queries of `refreshes` share these texts.
OPEN = text("state IN ('planned', 'running', 'failed')")
TO_EMIT = text("state IN ('planned', 'failed') AND emitted_at IS NULL")
UNDER_WAY = text("state IN ('planned', 'running', 'failed') AND emitted_at IS NOT NULL")
IN_FORCE = text("taken_back_at IS NULL")
DEAD = text("state = 'dead'")
PENDING = text("state = 'pending'")
COMPLETED = text("state = 'completed'")

buyer_group_refresh_logs = Table(
    "buyer_group_refresh_logs",
    metadata,
    Column("refresh_id", String(32), primary_key=True),
    Column("company_id", String(128), ForeignKey("companies.company_id"), nullable=False),
    Column("reason", String(16), nullable=False),
    Column("state", String(16), nullable=False, server_default="planned"),
    Column("attempt", Integer, nullable=False, server_default="1"),
    Column("planned_at", Utc, nullable=False),
    # Not before this instant: the end of a cool-down or of a backoff.
    Column("due_at", Utc, nullable=False),
    # When this attempt was enqueued in Dagster (or opened by a run), and its run.
    Column("emitted_at", Utc),
    Column("run_id", String(64)),
    Column("started_at", Utc),
    Column("finished_at", Utc),
    # Why the last attempt failed: an error class and a sentence without personal data.
    Column("error", Text),
    Column("traceparent", Text),
    # The result: counts and the size of the diff, JSON text.
    Column("summary", Text),
    # The cost of its requests, including possible charges.
    Column("cost_usd", Float, nullable=False, server_default="0"),
    # Why it waits for another day without a failure: the day's budget is spent.
    Column("deferred", Text),
    one_of("state", "planned", "running", "completed", "failed", "dead"),
    one_of("reason", "event", "manual", "scheduled"),
)
partial_index(
    "uq_buyer_group_refresh_logs_open",
    buyer_group_refresh_logs.c.company_id,
    unique=True,
    where=OPEN,
)
Index(
    "ix_buyer_group_refresh_logs_company_started",
    buyer_group_refresh_logs.c.company_id,
    buyer_group_refresh_logs.c.started_at,
)
partial_index(
    "ix_buyer_group_refresh_logs_to_emit",
    buyer_group_refresh_logs.c.reason,
    buyer_group_refresh_logs.c.due_at,
    where=TO_EMIT,
)
partial_index(
    "ix_buyer_group_refresh_logs_under_way",
    buyer_group_refresh_logs.c.emitted_at,
    where=UNDER_WAY,
)
Index("ix_buyer_group_refresh_logs_run_id", buyer_group_refresh_logs.c.run_id)
partial_index(
    "ix_buyer_group_refresh_logs_dead",
    buyer_group_refresh_logs.c.finished_at,
    where=DEAD,
)
partial_index(
    "ix_buyer_group_refresh_logs_completed",
    buyer_group_refresh_logs.c.finished_at,
    where=COMPLETED,
)

# One row for each start of a refresh, so the rate limit counts retries too.
refresh_attempts = Table(
    "refresh_attempts",
    metadata,
    Column(
        "refresh_id",
        String(32),
        ForeignKey("buyer_group_refresh_logs.refresh_id", ondelete="CASCADE"),
        primary_key=True,
    ),
    Column("attempt", Integer, primary_key=True),
    Column("run_id", String(64), nullable=False),
    Column("started_at", Utc, nullable=False, index=True),
    Column("ended_at", Utc),
    Column("error", Text),
    # The budget ended this attempt; it does not count towards the limit of attempts.
    Column("deferred", Boolean, nullable=False, server_default=text("false")),
)

# The right to publish a company's group. `token` only grows: a writer that holds an older one
# has lost the lease and writes nothing.
company_leases = Table(
    "company_leases",
    metadata,
    Column("company_id", String(128), ForeignKey("companies.company_id"), primary_key=True),
    Column("token", Key, nullable=False),
    Column("refresh_id", String(32), nullable=False),
    Column("run_id", String(64), nullable=False),
    Column("expires_at", Utc, nullable=False),
)

buyer_groups = Table(
    "buyer_groups",
    metadata,
    Column("company_id", String(128), ForeignKey("companies.company_id"), primary_key=True),
    Column("profile_id", String(128), primary_key=True),
    Column("company_size", Integer, nullable=False),
    Column("size_low", Integer, nullable=False),
    Column("size_high", Integer, nullable=False),
    Column("people_known", Integer, nullable=False, server_default="0"),
    Column("completeness", Float, nullable=False),
    Column("confidence", Float, nullable=False, server_default="0"),
    # The covered needs, and the gaps with where to look: JSON text.
    Column("covered", Text, nullable=False, server_default="[]"),
    Column("gaps", Text, nullable=False),
    # The gatekeepers and the member whom each screens: JSON text.
    Column("gatekeepers", Text, nullable=False, server_default="[]"),
    Column("created_at", Utc, nullable=False),
    # When the group last changed, not when it was last refreshed.
    Column("changed_at", Utc, nullable=False),
)

buyer_group_members = Table(
    "buyer_group_members",
    metadata,
    Column("company_id", String(128), primary_key=True),
    Column("profile_id", String(128), primary_key=True),
    Column("person_id", Text, ForeignKey("people.person_id", ondelete="CASCADE"), primary_key=True),
    Column("title", Text, nullable=False),
    Column("seniority", String(16), nullable=False),
    Column("function", String(32), nullable=False),
    Column("role", String(16), nullable=False),
    Column("score", Float, nullable=False),
    Column("reasons", Text, nullable=False),
    # The start of the job, with the precision of the source.
    Column("started_on", String(10)),
    # Set where a user, not the rules, gave the role: confirmed or assigned.
    Column("decided", String(16)),
    # The member's contact points as published, JSON text.
    Column("contacts", Text, nullable=False),
    Column("changed_at", Utc, nullable=False),
    one_of("role", "decision", "champion", "stakeholder", "blocker", "introducer"),
)
Index("ix_buyer_group_members_person_id", buyer_group_members.c.person_id)

# Users' decisions about a person's role in a group, with author and reason. They outlive refreshes,
# imports and retention. A revoked or replaced decision stays as history.
buyer_group_decisions = Table(
    "buyer_group_decisions",
    metadata,
    Column("id", Key, primary_key=True),
    Column("company_id", String(128), ForeignKey("companies.company_id"), nullable=False),
    Column("profile_id", String(128), nullable=False),
    Column("person_id", Text, ForeignKey("people.person_id", ondelete="CASCADE"), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("role", String(16)),
    Column("decided_by", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("decided_at", Utc, nullable=False),
    Column("taken_back_at", Utc),
    Column("taken_back_by", Text),
    Column("taken_back_why", Text),
    one_of("kind", "confirmed", "dismissed", "assigned"),
    one_of("role", "decision", "champion", "stakeholder", "blocker", "introducer"),
    CheckConstraint("(kind = 'dismissed') = (role IS NULL)", name="dismissed_without_role"),
)
partial_index(
    "uq_buyer_group_decisions_in_force",
    buyer_group_decisions.c.company_id,
    buyer_group_decisions.c.profile_id,
    buyer_group_decisions.c.person_id,
    unique=True,
    where=IN_FORCE,
)
Index("ix_buyer_group_decisions_company_id", buyer_group_decisions.c.company_id)
Index("ix_buyer_group_decisions_person_id", buyer_group_decisions.c.person_id)

buyer_group_changes = Table(
    "buyer_group_changes",
    metadata,
    Column("id", Key, primary_key=True),
    Column("company_id", String(128), nullable=False),
    Column("profile_id", String(128), nullable=False),
    Column("person_id", Text, nullable=False),
    Column(
        "refresh_id",
        String(32),
        ForeignKey("buyer_group_refresh_logs.refresh_id"),
        nullable=False,
    ),
    Column("kind", String(16), nullable=False),
    Column("old", Text),
    Column("new", Text),
    # The person's title and the start of the job at that time.
    Column("title", Text),
    Column("since", String(10)),
    Column("changed_at", Utc, nullable=False),
    # Why the person joined, left or was dropped; null in rows of schema 0013 and before.
    Column("cause", String(16)),
    # The other end of a move: its name, and its id if it is followed.
    Column("other_company_id", String(128)),
    Column("other_company", Text),
    # The needs that the change leaves uncovered, and those that it covers: JSON text, or null.
    Column("gaps_opened", Text),
    Column("gaps_closed", Text),
    one_of("kind", "joined", "left", "dropped", "role_changed", "title_changed", "contact_changed"),
)
Index(
    "ix_buyer_group_changes_company_changed",
    buyer_group_changes.c.company_id,
    buyer_group_changes.c.changed_at,
)
Index("ix_buyer_group_changes_changed_at", buyer_group_changes.c.changed_at)
Index("ix_buyer_group_changes_refresh_id", buyer_group_changes.c.refresh_id)

# Keyed hashes of the identifiers of suppressed people, see `privacy.suppression`.
suppressions = Table(
    "suppressions",
    metadata,
    Column("mark", String(64), primary_key=True),
    Column("created_at", Utc, nullable=False),
)

contact_points = Table(
    "contact_points",
    metadata,
    Column("id", Key, primary_key=True),
    Column("person_id", Text, ForeignKey("people.person_id", ondelete="CASCADE"), nullable=False),
    Column("kind", String(8), nullable=False),
    Column("value", Text, nullable=False),
    Column("type", Text),
    Column("status", Text),
    Column("source", Text, nullable=False),
    # When the source last reported it, and when a verifier last checked it; files give neither.
    Column("as_of", Utc),
    Column("verified_at", Utc),
    Column("do_not_contact", Boolean, nullable=False, server_default=text("false")),
    UniqueConstraint("person_id", "kind", "value", name="uq_contact_points_person_kind_value"),
    one_of("kind", "email", "phone"),
)
Index("ix_contact_points_value", contact_points.c.value)
Index("ix_contact_points_lower_value", func.lower(contact_points.c.value))

# Notifications, a row for each address. A row holds ids only; the sender makes the words.
notification_outbox = Table(
    "notification_outbox",
    metadata,
    Column("id", Key, primary_key=True),
    Column("address", String(64), nullable=False),
    Column("type", String(32), nullable=False),
    Column("company_id", String(128), nullable=False),
    Column("refresh_id", String(32), nullable=False),
    # When the group changed or the refresh died.
    Column("created_at", Utc, nullable=False),
    Column("state", String(16), nullable=False, server_default="pending"),
    Column("attempts", Integer, nullable=False, server_default="0"),
    # Not before this instant.
    Column("due_at", Utc, nullable=False),
    Column("ended_at", Utc),
    # The result of the last attempt: a status or the kind of fault, without URL or answer.
    Column("error", Text),
    UniqueConstraint("refresh_id", "type", "address", name="uq_notification_outbox_message"),
    one_of("state", "pending", "sent", "dead", "dropped"),
)
# The oldest pending message of an address, and of a company at an address.
partial_index(
    "ix_notification_outbox_pending",
    notification_outbox.c.address,
    notification_outbox.c.id,
    where=PENDING,
)
partial_index(
    "ix_notification_outbox_pending_company",
    notification_outbox.c.address,
    notification_outbox.c.company_id,
    notification_outbox.c.id,
    where=PENDING,
)
partial_index(
    "ix_notification_outbox_dead",
    notification_outbox.c.id,
    where=DEAD,
)
Index("ix_notification_outbox_ended_at", notification_outbox.c.ended_at)

# The process that sends to an address now, and the end of the address's rest after failures.
notification_addresses = Table(
    "notification_addresses",
    metadata,
    Column("address", String(64), primary_key=True),
    Column("claimed_by", String(32)),
    Column("claimed_until", Utc),
    # Failed attempts in a row.
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("rests_until", Utc),
)
