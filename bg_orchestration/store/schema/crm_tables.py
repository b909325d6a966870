"""The outbox of CRMs: proposals and writes."""

from sqlalchemy import Column, Index, String, Table, Text, text

from bg_orchestration.store.schema.columns import Key, Utc, metadata, one_of, partial_index

# SQLite uses a partial index only where a query repeats its exact condition.
CRM_OPEN = text("state IN ('proposed', 'pending')")

# A row for each value that we propose or write. Erasure deletes the rows of a person.
crm_outbox = Table(
    "crm_outbox",
    metadata,
    Column("id", Key, primary_key=True),
    Column("system", String(32), nullable=False),
    Column("person_id", Text, nullable=False),
    # The place in the CRM: field, contact, and the other record of a link.
    Column("field", String(32), nullable=False),
    Column("record", String(64), nullable=False),
    Column("target", Text, nullable=False, server_default=""),
    # Empty: no value.
    Column("before", Text, nullable=False),
    Column("after", Text, nullable=False),
    # Why, in our words, and the refresh that last changed the person's place in a group.
    Column("reason", Text, nullable=False),
    Column("refresh_id", String(32)),
    # The writes of one apply.
    Column("apply_id", String(32)),
    # The row whose write this one takes back.
    Column("undoes", Key),
    Column("state", String(16), nullable=False, server_default="proposed"),
    Column("created_at", Utc, nullable=False),
    # A pending row belongs to its writer until then; afterwards the CRM is read.
    Column("claimed_until", Utc),
    Column("ended_at", Utc),
    Column("error", Text),
    one_of("state", "proposed", "pending", "done", "failed", "dropped"),
)
Index("ix_crm_outbox_person_id", crm_outbox.c.person_id)
Index("ix_crm_outbox_system_state", crm_outbox.c.system, crm_outbox.c.state)
partial_index(
    "uq_crm_outbox_open",
    crm_outbox.c.system,
    crm_outbox.c.field,
    crm_outbox.c.record,
    crm_outbox.c.target,
    unique=True,
    where=CRM_OPEN,
)
