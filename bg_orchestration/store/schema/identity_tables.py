"""The table of external ids: the ids by which other tools know our companies and people."""

from sqlalchemy import Column, Index, String, Table, Text, UniqueConstraint, text

from bg_orchestration.store.schema.columns import Key, Utc, metadata, one_of, partial_index

# SQLite uses a partial index only where a query repeats its exact condition.
MAPPED = text("state = 'mapped'")

external_ids = Table(
    "external_ids",
    metadata,
    Column("id", Key, primary_key=True),
    # The tool and its kind of record, such as `hubspot:contact`.
    Column("system", String(64), nullable=False),
    Column("external_id", Text, nullable=False),
    Column("kind", String(8), nullable=False),
    # A company_id or a person_id.
    Column("our_id", Text, nullable=False),
    # The origin: `file:NAME`, `domain`, `email` or `user`.
    Column("source", Text, nullable=False),
    Column("first_seen", Utc, nullable=False),
    Column("last_seen", Utc, nullable=False),
    # A conflict is a later claim of an id that is mapped to another of ours.
    Column("state", String(8), nullable=False, server_default="mapped"),
    UniqueConstraint("system", "external_id", "our_id", name="uq_external_ids_claim"),
    one_of("kind", "company", "person"),
    one_of("state", "mapped", "conflict"),
)
partial_index(
    "uq_external_ids_mapped",
    external_ids.c.system,
    external_ids.c.external_id,
    unique=True,
    where=MAPPED,
)
Index("ix_external_ids_our_id", external_ids.c.kind, external_ids.c.our_id)
