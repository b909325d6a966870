"""Tables of erasure requests and of the people that they hide."""

from typing import Any

from sqlalchemy import Column, ColumnElement, ForeignKey, String, Table, Text, select, text

from bg_orchestration.store.schema.columns import Key, Utc, metadata, one_of, partial_index

erasure_requests = Table(
    "erasure_requests",
    metadata,
    Column("id", Key, primary_key=True),
    Column("requested_at", Utc, nullable=False),
    # The stage to erase next, and the row after which it goes on.
    Column("stage", String(16), nullable=False, server_default="people"),
    Column("position", Text),
    # JSON: the identifiers of the people. Emptied when the request is done.
    Column("wanted", Text),
    # JSON: how many rows of each table were deleted or emptied.
    Column("erased", Text, nullable=False, server_default="{}"),
    Column("finished_at", Utc),
    one_of("stage", "people", "events", "answers", "values", "done"),
)
partial_index(
    "ix_erasure_requests_open",
    erasure_requests.c.id,
    where=erasure_requests.c.finished_at.is_(None),
)

# Hidden from the moment of the request, because the erasure takes a while.
erasure_people = Table(
    "erasure_people",
    metadata,
    Column("person_id", Text, primary_key=True),
    Column("request", Key, ForeignKey("erasure_requests.id", ondelete="CASCADE"), nullable=False),
)


def visible(person_id: Column[Any]) -> ColumnElement[bool]:
    """Return the condition that a row's person is not under erasure."""
    hidden = select(text("1")).select_from(erasure_people)
    return ~hidden.where(erasure_people.c.person_id == person_id).exists()
