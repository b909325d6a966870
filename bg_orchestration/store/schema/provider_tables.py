"""Tables of providers' ids for companies and people, and of users' corrections."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, String, Table, Text, text

from bg_orchestration.store.schema.columns import (
    Key,
    Utc,
    metadata,
    one_of,
    partial_index,
)

# The same text as in the index below and in the queries of `corrections`: see `tables.IN_FORCE`.
CORRECTION_IN_FORCE = text("taken_back_at IS NULL")

# A provider's record, and our id of its company or person.
provider_records = Table(
    "provider_records",
    metadata,
    Column("provider", String(32), primary_key=True),
    Column("kind", String(16), primary_key=True),
    Column("source_id", Text, primary_key=True),
    Column("our_id", Text, primary_key=True),
    # When the record, or a part of it, was last received.
    Column("as_of", Utc, nullable=False),
    # Of a person: when the whole record was last read, with the current job.
    Column("read_at", Utc),
    # Of a company: when its people were last listed, and a hash of the seller profiles then.
    Column("listed_at", Utc),
    Column("listed_for", String(64)),
    # Of a company: the provider's newest facts, JSON text.
    Column("told", Text),
    one_of("kind", "company", "person"),
)
Index("ix_provider_records_our_id", provider_records.c.kind, provider_records.c.our_id)

# A user's correction of a contact point. It outranks every provider and file, and outlives every
# refresh. A revoked correction stays as history.
contact_corrections = Table(
    "contact_corrections",
    metadata,
    Column("id", Key, primary_key=True),
    Column("person_id", Text, ForeignKey("people.person_id", ondelete="CASCADE"), nullable=False),
    Column("kind", String(8), nullable=False),
    # The right value, the wrong one, or both.
    Column("value", Text),
    Column("wrong", Text),
    Column("corrected_by", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("corrected_at", Utc, nullable=False),
    Column("taken_back_at", Utc),
    Column("taken_back_by", Text),
    Column("taken_back_why", Text),
    one_of("kind", "email", "phone"),
    CheckConstraint("value IS NOT NULL OR wrong IS NOT NULL", name="says_something"),
)
partial_index(
    "ix_contact_corrections_in_force",
    contact_corrections.c.person_id,
    where=CORRECTION_IN_FORCE,
)

# Findings of research about a person, with their sources: for people to read. It changes no role,
# no score and no contact.
research_notes = Table(
    "research_notes",
    metadata,
    Column("company_id", String(128), ForeignKey("companies.company_id"), primary_key=True),
    Column("person_id", Text, ForeignKey("people.person_id", ondelete="CASCADE"), primary_key=True),
    Column("provider", String(32), nullable=False),
    Column("researched_at", Utc, nullable=False),
    # The finding and its source, a typed value as JSON text.
    Column("findings", Text, nullable=False),
)
Index("ix_research_notes_person_id", research_notes.c.person_id)
