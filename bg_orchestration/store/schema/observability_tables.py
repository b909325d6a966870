"""Tables for observability: counters for metrics, spans for `bg trace`."""

from sqlalchemy import (
    Column,
    Float,
    String,
    Table,
    Text,
)

from bg_orchestration.store.schema.columns import Utc, metadata

# Totals for the metrics, see `store.counters`. Retention deletes other rows, but not these.
pipeline_counters = Table(
    "pipeline_counters",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("labels", String(256), primary_key=True),
    Column("value", Float, nullable=False),
)

# The duration of each part of a run, for `bg trace`. Kept for days; nothing depends on it.
trace_spans = Table(
    "trace_spans",
    metadata,
    Column("run_id", String(64), primary_key=True),
    Column("span_id", String(16), primary_key=True),
    Column("trace_id", String(32), nullable=False, index=True),
    Column("parent_id", String(16)),
    Column("name", Text, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("began_at", Utc, nullable=False, index=True),
    Column("seconds", Float, nullable=False),
    # The type of the exception that ended the span.
    Column("error", Text),
    # Ids and counts as JSON text, and the trace contexts of other causes.
    Column("attributes", Text, nullable=False),
    Column("links", Text, nullable=False),
)
