"""Counts that only grow, kept where retention, restarts and short-lived workers cannot lose them.

A worker lives for one run and rows are forgotten after a year, so neither can be asked how much
has ever happened. Each count is therefore a row that grows in the transaction in which the thing
happens: it is counted exactly when it is committed. Rows bear the names of Prometheus' samples.
"""

import json
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping

from sqlalchemy import Connection, select
from sqlalchemy.dialects import postgresql, sqlite

from bg_orchestration.observability.metric_families import Family, Timed
from bg_orchestration.store.schema.tables import pipeline_counters as counters

# (sample name, labels as JSON text): value.
Counts = dict[tuple[str, str], float]


def count(
    connection: Connection, family: Family, labels: Mapping[str, str], amount: float = 1
) -> None:
    """Add `amount` to a counter, in the caller's writing transaction."""
    _add(connection, {(f"{family.name}_total", _key(family, labels)): amount})


def observe(
    connection: Connection, family: Timed, labels: Mapping[str, str], values: Iterable[float]
) -> None:
    """Put `values`, in seconds, into a histogram, in the caller's writing transaction."""
    seen = [max(0.0, value) for value in values]
    if not seen:
        return
    # Each value is counted in its own bucket only; whoever reads adds them up.
    buckets = Counter(_bucket(family, value) for value in seen)
    rows: Counts = {
        (f"{family.name}_bucket", _key(family, labels, le=bound)): many
        for bound, many in buckets.items()
    }
    rows[(f"{family.name}_sum", _key(family, labels))] = sum(seen)
    _add(connection, rows)


def read(connection: Connection) -> Counts:
    """Every count: as many rows as there are series, however much has happened."""
    rows = connection.execute(select(counters)).all()
    return {(row.name, row.labels): row.value for row in rows}


def label_sets(counts: Counts, family: Family) -> list[dict[str, str]]:
    """The labels of a family's series: those that are listed, which start at 0, and the counted."""
    suffix = "_sum" if isinstance(family, Timed) else "_total"
    found = {_key(family, labels) for labels in family.label_sets()}
    found |= {labels for name, labels in counts if name == f"{family.name}{suffix}"}
    return [json.loads(labels) for labels in sorted(found)]


def total(counts: Counts, family: Family, labels: Mapping[str, str]) -> float:
    """What a counter stands at; 0 if nothing was ever counted."""
    return counts.get((f"{family.name}_total", _key(family, labels)), 0.0)


def histogram(
    counts: Counts, family: Timed, labels: Mapping[str, str]
) -> tuple[list[tuple[str, float]], float]:
    """The cumulative buckets of a histogram, as Prometheus wants them, and the sum of values."""
    buckets, so_far = [], 0.0
    for bound in (*map(_text, family.bounds), "+Inf"):
        so_far += counts.get((f"{family.name}_bucket", _key(family, labels, le=bound)), 0.0)
        buckets.append((bound, so_far))
    return buckets, counts.get((f"{family.name}_sum", _key(family, labels)), 0.0)


def _bucket(family: Timed, value: float) -> str:
    place = bisect_left(family.bounds, value)
    return _text(family.bounds[place]) if place < len(family.bounds) else "+Inf"


def _text(bound: float) -> str:
    return str(float(bound))


def _key(family: Family, labels: Mapping[str, str], **more: str) -> str:
    allowed = family.labels
    assert labels.keys() == allowed.keys(), f"{family.name} has the labels {list(allowed)}"
    for label, value in labels.items():
        assert not allowed[label] or value in allowed[label], f"{label}={value} is not listed"
    return json.dumps({**labels, **more}, sort_keys=True)


def _add(connection: Connection, amounts: Counts) -> None:
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    statement = insert(counters)
    statement = statement.on_conflict_do_update(
        index_elements=[counters.c.name, counters.c.labels],
        set_={"value": counters.c.value + statement.excluded.value},
    )
    # Sorted: two transactions that count the same in opposite order would wait for each other.
    connection.execute(
        statement,
        [
            {"name": name, "labels": labels, "value": value}
            for (name, labels), value in sorted(amounts.items())
        ],
    )
