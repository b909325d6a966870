"""Tables of what providers push to us, and of the sweep that catches what they do not."""

from sqlalchemy import Column, ForeignKey, Integer, String, Table, Text

from bg_orchestration.store.schema.columns import Utc, metadata

# Where providers push to. A subscription is about one company, or, without one, about a list of
# people, which only the provider holds. Of its token there is the SHA-256.
provider_subscriptions = Table(
    "provider_subscriptions",
    metadata,
    Column("subscription_id", String(32), primary_key=True),
    Column("provider", String(32), nullable=False),
    Column("company_id", String(128), ForeignKey("companies.company_id")),
    Column("people", Integer),
    # The provider's id of it, once known.
    Column("provider_id", Text),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("created_at", Utc, nullable=False),
    Column("expires_at", Utc),
    Column("last_push_at", Utc),
)

# When a provider was last asked whether anything changed at a company, beside what it pushes.
provider_sweeps = Table(
    "provider_sweeps",
    metadata,
    Column("company_id", String(128), ForeignKey("companies.company_id"), primary_key=True),
    Column("swept_at", Utc, nullable=False),
)
