"""Counters that only grow; restarts, retention and short-lived workers lose none of them.

A worker lives for one run, and retention deletes old rows, so neither can hold a total. So each
counter is a row. The counted transaction itself adds to it: the counter is exactly what was
committed. Rows have the names of Prometheus samples.
"""

import json
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping

from sqlalchemy import Connection, select

from bg_orchestration.observability.metric_families import Family, Histogram
from bg_orchestration.store.schema.tables import pipeline_counters as counters
from bg_orchestration.store.upserts import upsert

# (sample name, labels as JSON text): value.
Counts = dict[tuple[str, str], float]


def count(
    connection: Connection, family: Family, labels: Mapping[str, str], amount: float = 1
) -> None:
    """Add `amount` to a counter, in the caller's writing transaction."""
    _add(connection, {(f"{family.name}_total", _key(family, labels)): amount})


def observe(
    connection: Connection, family: Histogram, labels: Mapping[str, str], values: Iterable[float]
) -> None:
    """Add `values`, in seconds, to a histogram, in the caller's writing transaction."""
    observations = [max(0.0, value) for value in values]
    if not observations:
        return
    # A row counts the values of its own bucket only; `histogram` adds the buckets up.
    buckets = Counter(_bucket(family, value) for value in observations)
    rows: Counts = {
        (f"{family.name}_bucket", _key(family, labels, le=bound)): many
        for bound, many in buckets.items()
    }
    rows[(f"{family.name}_sum", _key(family, labels))] = sum(observations)
    _add(connection, rows)


def read(connection: Connection) -> Counts:
    """Return every count: one row a series, so the cost does not grow with history."""
    rows = connection.execute(select(counters)).all()
    return {(row.name, row.labels): row.value for row in rows}


def label_sets(counts: Counts, family: Family) -> list[dict[str, str]]:
    """Return the labels of a family's series: listed ones, which start at 0, and counted ones."""
    suffix = "_sum" if isinstance(family, Histogram) else "_total"
    series = {_key(family, labels) for labels in family.label_sets()}
    series |= {labels for name, labels in counts if name == f"{family.name}{suffix}"}
    return [json.loads(labels) for labels in sorted(series)]


def total(counts: Counts, family: Family, labels: Mapping[str, str]) -> float:
    """Return the value of a counter; 0 before its first count."""
    return counts.get((f"{family.name}_total", _key(family, labels)), 0.0)


def histogram(
    counts: Counts, family: Histogram, labels: Mapping[str, str]
) -> tuple[list[tuple[str, float]], float]:
    """Return the cumulative buckets of a histogram, as Prometheus needs them, and the sum."""
    buckets, so_far = [], 0.0
    for bound in (*map(_text, family.bounds), "+Inf"):
        so_far += counts.get((f"{family.name}_bucket", _key(family, labels, le=bound)), 0.0)
        buckets.append((bound, so_far))
    return buckets, counts.get((f"{family.name}_sum", _key(family, labels)), 0.0)


def _bucket(family: Histogram, value: float) -> str:
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
    # Sorted: two transactions that lock the same rows in opposite order would deadlock.
    rows = [
        {"name": name, "labels": labels, "value": value}
        for (name, labels), value in sorted(amounts.items())
    ]
    upsert(connection, counters, rows, add=["value"])
