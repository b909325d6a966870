"""Tables of provider calls: the ledger of paid requests, rate limits, circuits, budget."""

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    text,
)

from bg_orchestration.store.schema.columns import (
    Key,
    Utc,
    metadata,
    one_of,
    partial_index,
)

# The ledger: one row for each attempt of a paid request, written before it is sent. A repeated
# request has several. `key` is a hash, see `ledger.calls`.
pipeline_operations = Table(
    "pipeline_operations",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("attempt", Integer, primary_key=True),
    Column("capability", String(16), nullable=False),
    Column("provider", Text, nullable=False),
    Column("endpoint", Text, nullable=False),
    # The company that caused the request; its answer may serve other companies too.
    Column("company_id", String(128)),
    Column("refresh_id", String(32)),
    Column("state", String(16), nullable=False),
    # The failure as a `ledger.calls.OutcomeKind`, and the provider's code.
    Column("outcome", String(16)),
    Column("why", Text),
    Column("asked_at", Utc, nullable=False),
    # The requesting process settles the row by then, unless it was killed.
    Column("claimed_until", Utc, nullable=False),
    Column("answered_at", Utc),
    # Until when the answer is reused; for an ambiguous request, until when its cost may count.
    Column("fresh_until", Utc),
    # The cost: from the provider's meter, from the price list, or the most that is possible.
    Column("credits", Float, nullable=False),
    Column("cost_usd", Float, nullable=False),
    Column("cost_basis", String(16), nullable=False),
    # The stored headers, JSON text, and the exact bytes of the answer. They may be personal.
    Column("headers", Text),
    Column("answer", LargeBinary),
    one_of("state", "started", "answered", "not_found", "failed", "ambiguous"),
    one_of("cost_basis", "metered", "listed", "possible"),
)
# The day's spending is a sum over this index alone.
Index(
    "ix_pipeline_operations_spending",
    pipeline_operations.c.asked_at,
    pipeline_operations.c.provider,
    pipeline_operations.c.cost_usd,
)
partial_index(
    "ix_pipeline_operations_started",
    pipeline_operations.c.claimed_until,
    where=pipeline_operations.c.state == text("'started'"),
)
Index("ix_pipeline_operations_refresh_id", pipeline_operations.c.refresh_id)
Index("ix_pipeline_operations_company_id", pipeline_operations.c.company_id)

# The rate of each endpoint over all processes, and counts of its requests, which only grow.
provider_endpoints = Table(
    "provider_endpoints",
    metadata,
    Column("provider", String(32), primary_key=True),
    Column("endpoint", String(128), primary_key=True),
    # No request before; `domain.throttle` moves it.
    Column("next_at", Utc),
    Column("calls", Key, nullable=False, server_default="0"),
    Column("errors", Key, nullable=False, server_default="0"),
    Column("ledger_hits", Key, nullable=False, server_default="0"),
)

# Requests in flight. The place of a killed process becomes free when its refresh is found failed,
# or when it expires.
provider_requests = Table(
    "provider_requests",
    metadata,
    Column("request_id", String(32), primary_key=True),
    Column("provider", String(32), nullable=False),
    Column("endpoint", String(128), nullable=False),
    Column("expires_at", Utc, nullable=False),
    Column("refresh_id", String(32)),
)
Index("ix_provider_requests_endpoint", provider_requests.c.provider, provider_requests.c.endpoint)

# Open circuits; the columns are those of `domain.throttle.Circuit`.
provider_circuits = Table(
    "provider_circuits",
    metadata,
    Column("provider", String(32), primary_key=True),
    Column("faults", Integer, nullable=False),
    Column("openings", Integer, nullable=False),
    Column("open_until", Utc),
    Column("trying_until", Utc),
    Column("stopped", Boolean, nullable=False),
    Column("why", Text, nullable=False),
)

# Companies that a user excepts from the day's budget.
budget_overrides = Table(
    "budget_overrides",
    metadata,
    Column("company_id", String(128), ForeignKey("companies.company_id"), primary_key=True),
    Column("granted_at", Utc, nullable=False),
    Column("until", Utc, nullable=False),
)
