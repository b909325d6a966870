"""Tables of push subscriptions, and of sweeps for changes without a push."""

from sqlalchemy import Column, ForeignKey, Integer, String, Table, Text

from bg_orchestration.store.schema.columns import Utc, metadata

# A subscription to a provider's pushes. It covers one company or, without one, a list of people
# that only the provider stores. Of its token only the SHA-256 is stored.
provider_subscriptions = Table(
    "provider_subscriptions",
    metadata,
    Column("subscription_id", String(32), primary_key=True),
    Column("provider", String(32), nullable=False),
    Column("company_id", String(128), ForeignKey("companies.company_id")),
    Column("people", Integer),
    # The provider's id of the subscription, once it is known.
    Column("provider_id", Text),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("created_at", Utc, nullable=False),
    Column("expires_at", Utc),
    Column("last_push_at", Utc),
)

# The time of each company's last sweep.
provider_sweeps = Table(
    "provider_sweeps",
    metadata,
    Column("company_id", String(128), ForeignKey("companies.company_id"), primary_key=True),
    Column("swept_at", Utc, nullable=False),
)
